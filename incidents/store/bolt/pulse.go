package bolt

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"fireboss/incidents/alerts"
)

// everySource stands for Fireboss itself among the sources of an hour: it ran all through it.
const everySource = ""

func beatKey(source, name string) key { return key{}.name(source).raw(name) }

// ChangeBeat writes what becomes of a heartbeat; see [store.Pulses].
func (db *DB) ChangeBeat(ctx context.Context, source, name string, change func(alerts.Beat) alerts.Beat) (alerts.Beat, error) {
	return writing(ctx, db, func(p *plan) (b alerts.Beat, err error) {
		b = alerts.Beat{Source: source, Name: name}
		if row := p.get(beats, beatKey(source, name)); row != nil {
			if err := json.Unmarshal(row, &b); err != nil {
				return b, p.unreadable("a heartbeat of "+source, err)
			}
		}
		b = change(b)
		b.Source, b.Name = source, name
		if !b.At.IsZero() {
			p.putJSON(beats, beatKey(source, name), nil, b)
		}
		return b, nil
	})
}

// Beats lists the heartbeats; see [store.Pulses].
func (db *DB) Beats(ctx context.Context) (list []alerts.Beat, err error) {
	err = db.view(ctx, func(r rows) (failed error) {
		list = nil
		r.prefix(beats, nil, func(_, row []byte) bool {
			var b alerts.Beat
			if err := json.Unmarshal(row, &b); err != nil {
				failed = r.unreadable("a heartbeat", err)
				return false
			}
			list = append(list, b)
			return true
		})
		return failed
	})
	return list, err
}

// ForgetBeat drops a heartbeat; see [store.Pulses].
func (db *DB) ForgetBeat(ctx context.Context, source, name string) error {
	return db.write(ctx, func(p *plan) error {
		p.remove(beats, beatKey(source, name))
		return nil
	})
}

func hourKey(at time.Time, source string) key {
	return key{}.moment(at.UTC().Truncate(time.Hour)).raw(source)
}

// countAlert plans that an episode is counted that began now.
func (p *plan) countAlert(a alerts.Alert) {
	if a.Source == alerts.Own || a.Source == everySource {
		return
	}
	k, n := hourKey(a.ReceivedAt, a.Source), uint64(0)
	if row := p.get(alertHours, k); row != nil {
		n, _ = takeUint(row)
	}
	p.put(alertHours, k, key{}.uint(n+1))
}

// AlertHours lists hours; see [store.Pulses].
func (db *DB) AlertHours(ctx context.Context, since time.Time) (list []alerts.Hour, err error) {
	err = db.view(ctx, func(r rows) error {
		list = nil
		c := r.cursor(alertHours)
		for k, v := c.Seek(key{}.moment(since)); k != nil; k, v = c.Next() {
			at, source := takeMoment(k)
			if len(list) == 0 || !list[len(list)-1].At.Equal(at) {
				list = append(list, alerts.Hour{At: at, Began: map[string]int{}})
			}
			if hour := &list[len(list)-1]; string(source) == everySource {
				hour.Watched = true
			} else {
				n, _ := takeUint(v)
				hour.Began[string(source)] = int(n)
			}
		}
		return nil
	})
	return list, err
}

// WatchedHour marks an hour; see [store.Pulses].
func (db *DB) WatchedHour(ctx context.Context, hour time.Time) error {
	return db.write(ctx, func(p *plan) error {
		p.put(alertHours, hourKey(hour, everySource), none)
		return nil
	})
}

// ForgetAlertHours drops hours; see [store.Pulses].
func (db *DB) ForgetAlertHours(ctx context.Context, before time.Time) (n int, err error) {
	err = db.write(ctx, func(p *plan) error {
		n = 0
		c, end := p.cursor(alertHours), key{}.moment(before)
		for k, _ := c.First(); k != nil && bytes.Compare(k[:momentSize], end) < 0; k, _ = c.Next() {
			p.removeFound(alertHours, k)
			n++
		}
		return nil
	})
	return n, err
}
