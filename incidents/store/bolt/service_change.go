package bolt

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"time"

	"fireboss/incidents"
)

// PutServiceChange keeps a change; see [store.ServiceChanges].
func (db *DB) PutServiceChange(ctx context.Context, c incidents.ServiceChange) error {
	return db.write(ctx, func(p *plan) error {
		p.putJSON(changes, key{}.moment(c.At).raw(c.ID), nil, c)
		return nil
	})
}

// ServiceChanges lists changes, the newest first; see [store.ServiceChanges].
func (db *DB) ServiceChanges(ctx context.Context, from, to time.Time, limit int, where func(incidents.ServiceChange) bool) (list []incidents.ServiceChange, err error) {
	err = db.view(ctx, func(r rows) error {
		c, end := r.cursor(changes), key{}.moment(to)
		for k, v := c.Seek(key{}.moment(from)); k != nil && bytes.Compare(k[:momentSize], end) <= 0; k, v = c.Next() {
			var one incidents.ServiceChange
			if err := json.Unmarshal(v, &one); err != nil {
				return r.unreadable("a change of a service", err)
			}
			if where == nil || where(one) {
				list = append(list, one)
			}
		}
		return nil
	})
	slices.Reverse(list)
	if limit > 0 && len(list) > limit {
		list = list[:limit]
	}
	return list, err
}

// ForgetServiceChanges drops changes; see [store.ServiceChanges].
func (db *DB) ForgetServiceChanges(ctx context.Context, before time.Time) (n int, err error) {
	err = db.write(ctx, func(p *plan) error {
		n = 0
		c, end := p.cursor(changes), key{}.moment(before)
		for k, _ := c.First(); k != nil && bytes.Compare(k[:momentSize], end) < 0; k, _ = c.Next() {
			p.removeFound(changes, k)
			n++
		}
		return nil
	})
	return n, err
}
