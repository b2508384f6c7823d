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
	behind := q.Before
	switch {
	case q.Oldest:
		behind = q.After
	case behind == 0:
		behind = math.MaxUint64
	}
	for more := true; more; {
		want := page
		if q.Limit > 0 { // a few more, for some may not match
			want = min(page, q.Limit-len(list)+10)
		}
		var some []incidents.Incident
		var err error
		some, behind, more, err = db.incidentsBehind(ctx, behind, q, want)
		if err != nil {
			return nil, err
		}
		for _, in := range some {
			if !q.Matches(in) {
				continue
			}
			list = append(list, in)
			if q.Limit > 0 && len(list) == q.Limit {
				return list, nil
			}
		}
	}
	return list, nil
}

// incidentsBehind is a page of those that a query may choose, behind a number in its
// order, and behind which there may be more.
func (db *DB) incidentsBehind(ctx context.Context, n incidents.Number, q store.Query, limit int) (list []incidents.Incident, last incidents.Number, more bool, err error) {
	err = db.view(ctx, func(r rows) error {
		l := r.candidates(q)
		for last = n; len(list) < limit; {
			n, more = l.next(last)
			if n == 0 || n <= q.After || q.Before != 0 && n >= q.Before {
				return nil
			}
			if last = n; more {
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
		more = true
		return nil
	})
	return list, last, more, err
}

// candidates are those that an index knows; all that match are among them.
func (r rows) candidates(q store.Query) leaps {
	in, begins := states, [][]key{{nil}} // all there are
	switch asked := r.asked(q); {
	case q.Postmortem:
		in = postmortems
	case len(asked) > 0:
		in, begins = traits, asked
	case q.Open:
		in = openings
	}
	return leaps{rows: r, in: in, lists: begins, oldest: q.Oldest, left: leapsAtOnce}
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
