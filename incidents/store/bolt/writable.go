package bolt

import (
	"context"

	"fireboss/incidents/store"
)

// Writable makes a real write; see [store.Store]. Only a write that reached
// the disk tells that the next one will.
func (db *DB) Writable(ctx context.Context) error {
	return db.write(ctx, func(p *plan) error {
		p.put(meta, metaProbe, key{}.moment(db.options.Now()))
		return nil
	})
}

var _ store.Store = (*DB)(nil)
