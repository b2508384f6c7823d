package bolt

import (
	"context"
	"time"
)

func nextKey(name string) key { return key(metaNext + name) }

// NextRun is when recurring work is done next; see [store.Store].
func (db *DB) NextRun(ctx context.Context, name string) (at time.Time, err error) {
	err = db.view(ctx, func(r rows) error {
		if row := r.get(meta, nextKey(name)); row != nil {
			at, _ = takeMoment(row)
		}
		return nil
	})
	return at, err
}

// PutNextRun says when; see [store.Store].
func (db *DB) PutNextRun(ctx context.Context, name string, at time.Time) error {
	return db.write(ctx, func(p *plan) error {
		p.put(meta, nextKey(name), key{}.moment(at))
		return nil
	})
}
