package bolt

import (
	"context"
	"encoding/json"

	"fireboss/incidents/store"
)

// Timer is a row of recurring work; see [store.Timers].
func (db *DB) Timer(ctx context.Context, name string) (t store.Timer, err error) {
	err = db.view(ctx, func(r rows) error {
		t = store.Timer{Name: name}
		row := r.get(meta, key(metaTimer).raw(name))
		if row == nil {
			return nil
		}
		if err := json.Unmarshal(row, &t); err != nil {
			return r.unreadable("the timer "+name, err)
		}
		return nil
	})
	return t, err
}

// PutTimer stores a row of recurring work; see [store.Timers].
func (db *DB) PutTimer(ctx context.Context, t store.Timer) error {
	return db.write(ctx, func(p *plan) error {
		p.putJSON(meta, key(metaTimer).raw(t.Name), nil, t)
		return nil
	})
}
