package bolt

import (
	"context"
	"fmt"

	"fireboss/incidents/store"
)

const (
	// leastRoom is how many bytes have to be free on the disk. With less a
	// write may still succeed, in pages that the file has already, and the next
	// one fail.
	leastRoom = 1 << 20
	// ordinary is more bytes than the pages have that an ordinary change writes,
	// all in one row: also a change that wants its pages side by side fits then.
	ordinary = 256 << 10
)

// Writable makes a real write; see [store.Store]. Only a write that reached
// the disk tells that the next one will; but a small one may fit where others
// did not, so after a refusal it takes one of ordinary size.
func (db *DB) Writable(ctx context.Context) error {
	if free, known := freeSpace(db.path); known && free < leastRoom {
		return fmt.Errorf("the disk with %s is full but for %d bytes; free some space", db.path, free)
	}
	if err := db.noticed.Load(); err != nil {
		return err
	}
	return db.write(ctx, func(p *plan) error {
		probe := key{}.moment(db.options.Now())
		if db.refused {
			probe = append(probe, make([]byte, ordinary)...)
		}
		p.put(meta, metaProbe, probe)
		return nil
	})
}

var _ store.Store = (*DB)(nil)
