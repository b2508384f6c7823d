package bolt

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// settledAlert is what became of an alert, and of the commands that followed.
type settledAlert struct {
	alert    alerts.Alert
	outcomes []incidents.Outcome
}

// HearAlert decides what follows from a signal; see [store.Alerts].
func (db *DB) HearAlert(ctx context.Context, h alerts.Heard, decide func(alerts.Facts) alerts.Change) (alerts.Alert, []incidents.Outcome, error) {
	s, err := writing(ctx, db, func(p *plan) (settledAlert, error) { return p.hearing(h, decide) })
	return s.alert, s.outcomes, err
}

// ChangeAlert decides what follows from an act on an alert; see [store.Alerts].
func (db *DB) ChangeAlert(ctx context.Context, n alerts.Number, decide func(alerts.Facts) (alerts.Change, error)) (alerts.Alert, []incidents.Outcome, error) {
	s, err := writing(ctx, db, func(p *plan) (settledAlert, error) {
		a, there, err := p.alert(n)
		if err != nil {
			return settledAlert{}, err
		}
		if !there {
			return settledAlert{}, store.ErrNotFound
		}
		return p.settleAlert(&a, a.Source, a.Group, decide)
	})
	return s.alert, s.outcomes, err
}

// settleAlert asks what follows, and plans it.
func (p *plan) settleAlert(known *alerts.Alert, source, group string, decide func(alerts.Facts) (alerts.Change, error)) (s settledAlert, err error) {
	var failed error
	f := alerts.Facts{
		Known: known, Next: p.lastAlert() + 1,
		Open: func() []incidents.Incident {
			list, err := p.openIncidents()
			failed = firstOf(failed, err)
			return list
		},
		Group: func() []alerts.Alert {
			list, err := p.attachedInGroup(source, group)
			failed = firstOf(failed, err)
			return list
		},
		Incident: func(n incidents.Number) (incidents.Incident, bool) {
			in, there, err := p.incident(n)
			failed = firstOf(failed, err)
			return in, there && err == nil
		},
		Silences: func(at time.Time) []alerts.Silence {
			list, err := p.silencesInForce(at)
			failed = firstOf(failed, err)
			return list
		},
	}
	change, err := p.askAlert(decide, f)
	if err = firstOf(failed, err); err != nil || change.Alert == nil {
		return s, err
	}
	if said, again, err := p.repeated(change.ID); again || err != nil {
		if said.Incident.Number != 0 {
			s.outcomes = append(s.outcomes, said)
		}
		s.alert = *known
		return s, err
	}
	if !slices.ContainsFunc(change.Do, func(c incidents.Command) bool { return c.ID == change.ID }) {
		p.remember(change.ID, became{At: p.db.options.Now()})
	}
	a := *change.Alert
	for _, c := range change.Do {
		out, err := p.apply(c)
		if err != nil {
			return s, err
		}
		if _, opening := c.Do.(incidents.Open); opening {
			a.Incident = out.Incident.Number
			a.Decision.Reason = fmt.Sprintf("%s It is %s.", a.Decision.Reason, a.Incident)
		}
		s.outcomes = append(s.outcomes, out)
	}
	if known != nil && known.Number == a.Number {
		p.removeAlertIndexes(*known)
	} else {
		p.put(meta, metaAlert, key{}.uint(uint64(a.Number)))
		p.countAlert(a)
	}
	p.putAlert(a)
	s.alert = a
	return s, p.tell(a)
}

// askAlert asks what follows; one that panics has changed nothing.
func (p *plan) askAlert(decide func(alerts.Facts) (alerts.Change, error), f alerts.Facts) (c alerts.Change, err error) {
	defer func() {
		if v := recover(); v != nil {
			c, err = alerts.Change{}, &store.PanicError{Command: "about an alert", Value: v, Stack: debug.Stack()}
		}
	}()
	return decide(f)
}

func firstOf(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func alertKey(source, fingerprint string) key { return key{}.name(source).raw(fingerprint) }

func (p *plan) putAlert(a alerts.Alert) {
	n := uint64(a.Number)
	p.putJSON(alertRows, key{}.uint(n), nil, a)
	newest := uint64(0)
	if row := p.get(alertKeys, alertKey(a.Source, a.Fingerprint)); row != nil {
		newest, _ = takeUint(row)
	}
	if n > newest {
		p.put(alertKeys, alertKey(a.Source, a.Fingerprint), key{}.uint(n))
	}
	if a.Group != "" && (a.Open() || a.Incident != 0) {
		p.put(alertGroups, key{}.name(a.Source).name(a.Group).uint(n), none)
	}
	if a.Incident != 0 {
		p.put(alertsOf, key{}.number(a.Incident).uint(n), none)
	}
	if !a.LapsesAt.IsZero() {
		p.put(alertLapses, key{}.moment(a.LapsesAt).uint(n), none)
	}
	if at := a.AskAt(); !at.IsZero() {
		p.put(alertQuiet, key{}.moment(at).uint(n), none)
	}
}

// removeAlertIndexes removes by what an alert was found as it was; its number and key stay.
func (p *plan) removeAlertIndexes(a alerts.Alert) {
	n := uint64(a.Number)
	if a.Group != "" {
		p.remove(alertGroups, key{}.name(a.Source).name(a.Group).uint(n))
	}
	if a.Incident != 0 {
		p.remove(alertsOf, key{}.number(a.Incident).uint(n))
	}
	if !a.LapsesAt.IsZero() {
		p.remove(alertLapses, key{}.moment(a.LapsesAt).uint(n))
	}
	if at := a.AskAt(); !at.IsZero() {
		p.remove(alertQuiet, key{}.moment(at).uint(n))
	}
}

// alert reads an alert; false where there is none.
func (r rows) alert(n alerts.Number) (a alerts.Alert, ok bool, err error) {
	row := r.get(alertRows, key{}.uint(uint64(n)))
	if row == nil {
		return a, false, nil
	}
	if err := json.Unmarshal(row, &a); err != nil {
		return a, false, r.unreadable(n.String(), err)
	}
	return a, true, nil
}

// openIncidents are those that are open, newest first.
func (r rows) openIncidents() (list []incidents.Incident, err error) {
	r.prefix(openings, nil, func(k, _ []byte) bool {
		n, _ := takeNumber(k)
		var in incidents.Incident
		if in, _, err = r.incident(n); err == nil {
			list = append(list, in)
		}
		return err == nil
	})
	slices.Reverse(list)
	return list, err
}

// inGroup calls f with the alerts of a group, newest first, until f answers false.
func (r rows) inGroup(source, group string, f func(alerts.Alert) bool) (err error) {
	if group == "" {
		return nil
	}
	r.backwards(alertGroups, key{}.name(source).name(group), 0, func(n uint64) bool {
		var a alerts.Alert
		var there bool
		a, there, err = r.alert(alerts.Number(n))
		return err == nil && (!there || f(a))
	})
	return err
}

// newestOfGroup is how many alerts of a group are looked at for an incident to attach another one to.
const newestOfGroup = 20

func (r rows) attachedInGroup(source, group string) (list []alerts.Alert, err error) {
	looked := 0
	err = r.inGroup(source, group, func(a alerts.Alert) bool {
		if a.Incident != 0 {
			list = append(list, a)
		}
		looked++
		return looked < newestOfGroup
	})
	return list, err
}

// OpenInGroup lists the alerts of a group that are not over; see [store.Alerts].
func (db *DB) OpenInGroup(ctx context.Context, source, group string) (list []alerts.Alert, err error) {
	err = db.view(ctx, func(r rows) error {
		return r.inGroup(source, group, func(a alerts.Alert) bool {
			if a.Open() {
				list = append(list, a)
			}
			return true
		})
	})
	return list, err
}

// Alert is one alert; see [store.Alerts].
func (db *DB) Alert(ctx context.Context, n alerts.Number) (a alerts.Alert, err error) {
	err = db.view(ctx, func(r rows) error {
		var there bool
		if a, there, err = r.alert(n); err == nil && !there {
			err = store.ErrNotFound
		}
		return err
	})
	return a, err
}

// Alerts lists alerts; see [store.Alerts].
func (db *DB) Alerts(ctx context.Context, q store.AlertQuery) (list []alerts.Alert, err error) {
	in, prefix := alertRows, key(nil)
	if q.Incident != 0 {
		in, prefix = alertsOf, key{}.number(q.Incident)
	}
	err = db.view(ctx, func(r rows) (failed error) {
		list = nil
		r.backwards(in, prefix, uint64(q.Before), func(n uint64) bool {
			var a alerts.Alert
			var there bool
			if a, there, failed = r.alert(alerts.Number(n)); failed == nil && there && (q.Where == nil || q.Where(a)) {
				list = append(list, a)
			}
			return failed == nil && (q.Limit == 0 || len(list) < q.Limit)
		})
		return failed
	})
	return list, err
}

// backwards calls f with the numbers behind a prefix, the largest first, those before one (0: all), until f answers false.
func (r rows) backwards(in bucket, prefix key, before uint64, f func(n uint64) bool) {
	if before == 0 {
		before = 1<<64 - 1
	}
	c := r.cursor(in)
	k, _ := c.Seek(slices.Clone(prefix).uint(before))
	if k == nil {
		k, _ = c.Last()
	} else {
		k, _ = c.Prev()
	}
	for ; k != nil && bytes.HasPrefix(k, prefix); k, _ = c.Prev() {
		if n, _ := takeUint(k[len(prefix):]); !f(n) {
			return
		}
	}
}

// LapsedAlerts lists those of which nothing was heard for too long; see [store.Alerts].
func (db *DB) LapsedAlerts(ctx context.Context, now time.Time, limit int) (due []alerts.Number, next time.Time, err error) {
	return db.alertsDue(ctx, alertLapses, now, limit)
}

// QuietAlerts lists those that are silenced no longer; see [store.Alerts].
func (db *DB) QuietAlerts(ctx context.Context, now time.Time, limit int) (due []alerts.Number, next time.Time, err error) {
	return db.alertsDue(ctx, alertQuiet, now, limit)
}

// alertsDue lists those whose moment in a bucket has come, and the moment of the next.
func (db *DB) alertsDue(ctx context.Context, in bucket, now time.Time, limit int) (due []alerts.Number, next time.Time, err error) {
	err = db.view(ctx, func(r rows) (err error) {
		due = nil
		next, err = r.due(in, now, limit, func(n uint64) error {
			due = append(due, alerts.Number(n))
			return nil
		})
		return err
	})
	return due, next, err
}

// due calls f with the numbers in a bucket whose moment has come, the earliest first, up to a limit, until f fails. next is
// the moment of the one after them; zero: there is none.
func (r rows) due(in bucket, now time.Time, limit int, f func(n uint64) error) (next time.Time, err error) {
	called := 0
	r.prefix(in, nil, func(k, _ []byte) bool {
		at, rest := takeMoment(k)
		if at.After(now) || called == limit {
			next = at
			return false
		}
		called++
		n, _ := takeUint(rest)
		err = f(n)
		return err == nil
	})
	return next, err
}

// ForgetAlerts drops alerts; see [store.Alerts].
func (db *DB) ForgetAlerts(ctx context.Context, before time.Time) (int, error) {
	old := func(a alerts.Alert) bool { return !a.Open() && a.Incident == 0 && a.HeardAt.Before(before) }
	list, err := db.Alerts(ctx, store.AlertQuery{Where: old})
	if err != nil {
		return 0, err
	}
	for part := range slices.Chunk(list, forgottenAtOnce) {
		err := db.write(ctx, func(p *plan) error {
			for _, was := range part {
				a, there, err := p.alert(was.Number)
				if err != nil {
					return err
				}
				if !there || !old(a) {
					continue
				}
				if err := p.forgetAlert(a); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return 0, err
		}
	}
	return len(list), nil
}

// forgottenAtOnce is how many alerts are dropped in one transaction: who waits to write waits no longer for it.
const forgottenAtOnce = 500

func (p *plan) forgetAlert(a alerts.Alert) error {
	p.removeAlertIndexes(a)
	p.remove(alertRows, key{}.uint(uint64(a.Number)))
	k := alertKey(a.Source, a.Fingerprint)
	if row := p.get(alertKeys, k); row != nil {
		if newest, _ := takeUint(row); alerts.Number(newest) == a.Number {
			p.remove(alertKeys, k)
		}
	}
	return p.forgetAlertNotice(a.Number)
}

// lastAlert is the last number that was given to an alert.
func (r rows) lastAlert() alerts.Number {
	row := r.get(meta, metaAlert)
	if row == nil {
		return 0
	}
	n, _ := takeUint(row)
	return alerts.Number(n)
}
