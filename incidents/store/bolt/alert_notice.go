package bolt

import (
	"bytes"
	"context"
	"encoding/json"

	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// UnshownAlerts lists alerts that people are to be told of; see [store.Alerts].
func (db *DB) UnshownAlerts(ctx context.Context, limit int) (list []alerts.Number, err error) {
	err = db.view(ctx, func(r rows) error {
		list = nil
		r.prefix(unshown, nil, func(k, _ []byte) bool {
			n, _ := takeUint(k)
			list = append(list, alerts.Number(n))
			return len(list) < limit
		})
		return nil
	})
	return list, err
}

// AlertNotice is how far telling people of an alert has come; see [store.Alerts].
func (db *DB) AlertNotice(ctx context.Context, n alerts.Number) (notice store.AlertNotice, err error) {
	err = db.view(ctx, func(r rows) error {
		notice = store.AlertNotice{Alert: n}
		row := r.get(notices, key{}.uint(uint64(n)))
		if row == nil {
			return nil
		}
		if err := json.Unmarshal(row, &notice); err != nil {
			return r.unreadable("the notice of "+n.String(), err)
		}
		return nil
	})
	return notice, err
}

// PutAlertNotice stores that; see [store.Alerts].
func (db *DB) PutAlertNotice(ctx context.Context, notice store.AlertNotice, shown *alerts.Alert) error {
	return db.write(ctx, func(p *plan) error {
		k := key{}.uint(uint64(notice.Alert))
		row := p.get(alertRows, k)
		if row == nil {
			return store.ErrNotFound
		}
		p.putJSON(notices, k, nil, notice)
		if shown == nil {
			return nil
		}
		was, err := json.Marshal(shown)
		if err != nil {
			return err
		}
		if bytes.Equal(was, row) {
			p.remove(unshown, k)
		}
		return nil
	})
}
