package bolt

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"

	bbolt "go.etcd.io/bbolt"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// view reads in one transaction. It must be short: while it lasts no page can
// be used again, and the file cannot grow beyond what is mapped.
func (db *DB) view(ctx context.Context, f func(rows) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return db.note(closedOr(guarded(db.path, func() error {
		return db.bolt.View(func(tx *bbolt.Tx) error { return f(rows{tx, db.path, &db.silences}) })
	})))
}

// note keeps damage that somebody came upon, so that [DB.Writable] tells those
// who watch the store, and not only the one who asked for that row.
func (db *DB) note(err error) error {
	if d := (*DamageError)(nil); errors.As(err, &d) {
		db.noticed.CompareAndSwap(nil, d)
	}
	return err
}

// page is how many rows a long list reads in one transaction.
const page = 500

// Incident is one incident; see [store.Store].
func (db *DB) Incident(ctx context.Context, n incidents.Number) (in incidents.Incident, err error) {
	err = db.view(ctx, func(r rows) error {
		var ok bool
		in, ok, err = r.incident(n)
		if err == nil && !ok {
			return store.ErrNotFound
		}
		return err
	})
	return in, err
}

// Incidents lists incidents; see [store.Store].
func (db *DB) Incidents(ctx context.Context, q store.Query) ([]incidents.Incident, error) {
	var list []incidents.Incident
	for before := q.Before; ; {
		want := page
		if q.Limit > 0 { // a few more, for some may not match
			want = min(page, q.Limit-len(list)+10)
		}
		some, next, err := db.incidentsBefore(ctx, before, q, want)
		if err != nil {
			return nil, err
		}
		for _, in := range some {
			if !matches(q, in) {
				continue
			}
			list = append(list, in)
			if q.Limit > 0 && len(list) == q.Limit {
				return list, nil
			}
		}
		if next == 0 {
			return list, nil
		}
		before = next
	}
}

func matches(q store.Query, in incidents.Incident) bool {
	return (!q.Open || in.Status.Open()) &&
		(!q.Postmortem || in.Postmortem.Version > 0) &&
		(q.Severity == nil || in.Severity == *q.Severity) &&
		(q.Status == "" || in.Status == q.Status) &&
		(q.Where == nil || q.Where(in))
}

// incidentsBefore is a page of incidents with smaller numbers (0: all),
// largest first, and where the next page goes on (0: nowhere).
func (db *DB) incidentsBefore(ctx context.Context, before incidents.Number, q store.Query, limit int) (list []incidents.Incident, next incidents.Number, err error) {
	in := states
	switch {
	case q.Open:
		in = openings
	case q.Postmortem:
		in = postmortems
	}
	err = db.view(ctx, func(r rows) error {
		c := r.cursor(in)
		for k := lastBefore(c, before); k != nil; k, _ = c.Prev() {
			n, _ := takeNumber(k)
			if n == before {
				continue // another version of the same postmortem
			}
			before = n
			if len(list) == limit {
				next = n + 1
				return nil
			}
			one, ok, err := r.incident(n)
			if err != nil {
				return err
			}
			if ok {
				list = append(list, one)
			}
		}
		return nil
	})
	return list, next, err
}

// lastBefore moves to the last key before a number (0: the last of all).
func lastBefore(c *bbolt.Cursor, n incidents.Number) []byte {
	if n != 0 {
		if k, _ := c.Seek(key{}.number(n)); k != nil {
			k, _ = c.Prev()
			return k
		}
	}
	k, _ := c.Last()
	return k
}

// Events lists the events of an incident; see [store.Store].
func (db *DB) Events(ctx context.Context, n incidents.Number, after uint64, limit int) ([]incidents.Event, error) {
	var list []incidents.Event
	for {
		want := page
		if limit > 0 {
			want = min(want, limit-len(list))
		}
		some, err := db.eventsAfter(ctx, n, after, want)
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
		if len(some) < want || len(list) == limit {
			return list, nil
		}
		after = some[len(some)-1].Seq
	}
}

func (db *DB) eventsAfter(ctx context.Context, n incidents.Number, after uint64, limit int) (list []incidents.Event, err error) {
	err = db.view(ctx, func(r rows) error {
		list, err = r.eventsAfter(n, after, limit)
		return err
	})
	return list, err
}

func (r rows) eventsAfter(n incidents.Number, after uint64, limit int) ([]incidents.Event, error) {
	var list []incidents.Event
	if after == math.MaxUint64 {
		return nil, nil
	}
	c := r.cursor(events)
	for k, v := c.Seek(key{}.event(n, after+1)); k != nil && len(list) < limit; k, v = c.Next() {
		if at, _ := takeNumber(k); at != n {
			break
		}
		var e incidents.Event
		if err := json.Unmarshal(v, &e); err != nil {
			e.Incident, e.Seq = n, binary.BigEndian.Uint64(k[8:])
			return nil, r.unreadable(e.ID(), err)
		}
		list = append(list, e)
	}
	return list, nil
}
