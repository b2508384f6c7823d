package bolt

import (
	"context"
	"encoding/json"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

func noticeDueKey(n store.AlertNotice) key { return key{}.moment(n.NextTry).uint(uint64(n.Alert)) }

// alertNotice reads a notice; false where there is none.
func (r rows) alertNotice(n alerts.Number) (notice store.AlertNotice, ok bool, err error) {
	row := r.get(alertNotices, key{}.uint(uint64(n)))
	if row == nil {
		return notice, false, nil
	}
	if err := json.Unmarshal(row, &notice); err != nil {
		return notice, false, r.unreadable("the notice of "+n.String(), err)
	}
	return notice, true, nil
}

// putAlertNotice plans a notice in the place of the one before.
func (p *plan) putAlertNotice(was, n store.AlertNotice) {
	if !was.NextTry.IsZero() {
		p.remove(alertNoticesDue, noticeDueKey(was))
	}
	p.putJSON(alertNotices, key{}.uint(uint64(n.Alert)), nil, n)
	if !n.NextTry.IsZero() {
		p.put(alertNoticesDue, noticeDueKey(n), none)
	}
}

// tell plans that people are told how an alert stands now, if they are told of it at all.
func (p *plan) tell(a alerts.Alert) error {
	was, there, err := p.alertNotice(a.Number)
	if err != nil || !there && !a.Notifies() {
		return err
	}
	n := was
	n.Alert, n.Turn, n.NextTry = a.Number, was.Turn+1, p.db.options.Now().UTC()
	p.putAlertNotice(was, n)
	return nil
}

// tellAnew plans that people are told anew of the alerts of an incident, because others may know of it than before.
func (p *plan) tellAnew(n incidents.Number) (err error) {
	prefix := key{}.number(n)
	p.prefix(alertsOf, prefix, func(k, _ []byte) bool {
		number, _ := takeUint(k[len(prefix):])
		var a alerts.Alert
		var there bool
		if a, there, err = p.alert(alerts.Number(number)); err == nil && there {
			err = p.tell(a)
		}
		return err == nil
	})
	return err
}

// forgetAlertNotice plans that a notice goes.
func (p *plan) forgetAlertNotice(n alerts.Number) error {
	was, there, err := p.alertNotice(n)
	if err != nil || !there {
		return err
	}
	p.remove(alertNotices, key{}.uint(uint64(n)))
	if !was.NextTry.IsZero() {
		p.remove(alertNoticesDue, noticeDueKey(was))
	}
	return nil
}

// AlertNotice is the notice of an alert; see [store.AlertNotices].
func (db *DB) AlertNotice(ctx context.Context, n alerts.Number) (notice store.AlertNotice, err error) {
	err = db.view(ctx, func(r rows) error {
		var there bool
		if notice, there, err = r.alertNotice(n); err == nil && !there {
			err = store.ErrNotFound
		}
		return err
	})
	return notice, err
}

// PutAlertNotice stores a notice; see [store.AlertNotices].
func (db *DB) PutAlertNotice(ctx context.Context, n store.AlertNotice) error {
	return db.write(ctx, func(p *plan) error {
		was, there, err := p.alertNotice(n.Alert)
		switch {
		case err != nil:
			return err
		case !there:
			return store.ErrNotFound
		}
		if was.Turn != n.Turn {
			n.Turn, n.NextTry = was.Turn, was.NextTry
		}
		p.putAlertNotice(was, n)
		return nil
	})
}

// DueAlertNotices lists those that are due; see [store.AlertNotices].
func (db *DB) DueAlertNotices(ctx context.Context, now time.Time, limit int) (due []store.AlertNotice, next time.Time, err error) {
	err = db.view(ctx, func(r rows) (err error) {
		due = nil
		next, err = r.due(alertNoticesDue, now, limit, func(n uint64) error {
			notice, there, err := r.alertNotice(alerts.Number(n))
			if err == nil && there {
				due = append(due, notice)
			}
			return err
		})
		return err
	})
	return due, next, err
}
