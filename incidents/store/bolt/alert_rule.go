package bolt

import (
	"context"
	"encoding/json"

	"fireboss/incidents/alerts"
)

// LiveAlertRules lists rules that somebody has made live; see [store.AlertRules].
func (db *DB) LiveAlertRules(ctx context.Context) (list []alerts.LiveRule, err error) {
	err = db.view(ctx, func(r rows) (failed error) {
		list = nil
		r.prefix(alertRules, nil, func(k, v []byte) bool {
			var l alerts.LiveRule
			if err := json.Unmarshal(v, &l); err != nil {
				failed = r.unreadable("the rule "+string(k), err)
				return false
			}
			list = append(list, l)
			return true
		})
		return failed
	})
	return list, err
}

// PutLiveAlertRule stores that a rule is live; see [store.AlertRules].
func (db *DB) PutLiveAlertRule(ctx context.Context, id string, l alerts.LiveRule) error {
	return db.once(ctx, id, func(p *plan) error {
		p.putJSON(alertRules, key{}.raw(l.Rule), nil, l)
		return nil
	})
}

// DropLiveAlertRule forgets that a rule is live; see [store.AlertRules].
func (db *DB) DropLiveAlertRule(ctx context.Context, id, name string) error {
	return db.once(ctx, id, func(p *plan) error {
		p.remove(alertRules, key{}.raw(name))
		return nil
	})
}

// once does what somebody said unless it was done before.
func (db *DB) once(ctx context.Context, id string, do func(*plan) error) error {
	return db.write(ctx, func(p *plan) error {
		if _, again, err := p.repeated(id); again || err != nil {
			return err
		}
		p.remember(id, became{At: db.options.Now()})
		return do(p)
	})
}
