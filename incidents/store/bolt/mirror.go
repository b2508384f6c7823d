package bolt

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

func mirrorKey(mirror string, n incidents.Number) key { return key{}.name(mirror).number(n) }

// AddMirror makes a mirror known; see [store.Mirrors].
func (db *DB) AddMirror(ctx context.Context, mirror string) error {
	return db.write(ctx, func(p *plan) error {
		if p.knows(mirror) {
			return nil // what was behind then was put down, and all that changed since
		}
		p.put(meta, key(metaMirror).raw(mirror), none)
		list := map[incidents.Number]bool{}
		p.prefix(openings, nil, func(k, _ []byte) bool {
			n, _ := takeNumber(k)
			list[n] = true
			return true
		})
		p.prefix(records, key{}.name(mirror), func(k, _ []byte) bool {
			n, _ := takeNumber(k[len(k)-8:])
			list[n] = true
			return true
		})
		for _, n := range slices.Sorted(maps.Keys(list)) {
			in, _, err := p.incident(n)
			if err != nil {
				return err
			}
			rec, _, err := p.mirrorRecord(mirror, n)
			if err != nil {
				return err
			}
			if lags(in, rec) {
				p.fallBehind(mirror, n, db.options.Now())
			}
		}
		return nil
	})
}

func (r rows) knows(mirror string) bool { return r.get(meta, key(metaMirror).raw(mirror)) != nil }

// lags reports whether something of an incident is not outside yet.
func lags(in incidents.Incident, rec store.Record) bool {
	return rec.SyncedVersion < in.Version || rec.CursorSeq < in.Seq
}

// fallBehind plans that an incident waits for a mirror since now, unless it
// does already.
func (p *plan) fallBehind(mirror string, n incidents.Number, now time.Time) {
	if p.get(queued, mirrorKey(mirror, n)) == nil {
		p.enqueue(mirror, n, now)
	}
}

func (p *plan) enqueue(mirror string, n incidents.Number, since time.Time) {
	order := p.db.nextOrder()
	p.put(queued, mirrorKey(mirror, n), key{}.uint(order))
	p.put(behind, key{}.name(mirror).uint(order), key{}.number(n).moment(since))
}

// catchUp plans that an incident waits for a mirror no more.
func (p *plan) catchUp(mirror string, n incidents.Number) {
	k := mirrorKey(mirror, n)
	if row := p.get(queued, k); row != nil {
		order, _ := takeUint(row)
		p.remove(behind, key{}.name(mirror).uint(order))
		p.remove(queued, k)
	}
}

// mirrorRecord reads a mirror's record; false where there is none.
func (r rows) mirrorRecord(mirror string, n incidents.Number) (rec store.Record, ok bool, err error) {
	rec = store.Record{Mirror: mirror, Incident: n}
	k := mirrorKey(mirror, n)
	if row := r.get(records, k); row != nil {
		if err := json.Unmarshal(row, &rec); err != nil {
			return rec, false, r.unreadable(fmt.Sprintf("the record of %s for %s", mirror, n), err)
		}
		ok = true
	}
	rec.BehindSince = time.Time{}
	if row := r.get(queued, k); row != nil {
		order, _ := takeUint(row)
		_, since := takeNumber(r.get(behind, key{}.name(mirror).uint(order)))
		rec.BehindSince, _ = takeMoment(since)
	}
	return rec, ok, nil
}

// lastOrder is the last order in which an incident waits for a mirror.
func (r rows) lastOrder(mirror string) uint64 {
	c, prefix := r.cursor(behind), key{}.name(mirror)
	k, _ := c.Seek(append(bytes.Clone(prefix), bytes.Repeat([]byte{0xff}, 8)...))
	if k == nil {
		k, _ = c.Last()
	} else {
		k, _ = c.Prev()
	}
	if !bytes.HasPrefix(k, prefix) {
		return 0
	}
	order, _ := takeUint(k[len(prefix):])
	return order
}

// Record is a mirror's record; see [store.Mirrors].
func (db *DB) Record(ctx context.Context, mirror string, n incidents.Number) (rec store.Record, err error) {
	err = db.view(ctx, func(r rows) error {
		rec, _, err = r.mirrorRecord(mirror, n)
		return err
	})
	return rec, err
}

// PutRecord stores a record; see [store.Mirrors].
func (db *DB) PutRecord(ctx context.Context, rec store.Record, links ...store.Link) error {
	return db.write(ctx, func(p *plan) error {
		in, ok, err := p.incident(rec.Incident)
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("%s: %w", rec.Incident, store.ErrNotFound)
		}
		was, _, err := p.mirrorRecord(rec.Mirror, rec.Incident)
		if err != nil {
			return err
		}
		rec.BehindSince = time.Time{}
		p.putJSON(records, mirrorKey(rec.Mirror, rec.Incident), nil, rec)
		if rec.Place != "" {
			p.put(places, key{}.name(rec.Mirror).name(rec.Place), key{}.number(rec.Incident))
		}
		p.follow(in, was, rec)
		return p.linkAll(in, links)
	})
}

// follow plans the place of a record among those that are behind.
func (p *plan) follow(in incidents.Incident, was, rec store.Record) {
	if !p.knows(rec.Mirror) {
		return
	}
	waits := p.get(queued, mirrorKey(rec.Mirror, rec.Incident)) != nil
	forward := rec.SyncedVersion > was.SyncedVersion || rec.CursorSeq > was.CursorSeq
	switch {
	case !lags(in, rec):
		p.catchUp(rec.Mirror, rec.Incident)
	case !waits:
		p.enqueue(rec.Mirror, rec.Incident, p.db.options.Now())
	case forward:
		// What is missing now is newer than what was missing before, and an
		// incident that changes all the time must not keep others waiting.
		p.catchUp(rec.Mirror, rec.Incident)
		p.enqueue(rec.Mirror, rec.Incident, p.db.options.Now())
	}
}

func (p *plan) linkAll(in incidents.Incident, links []store.Link) error {
	for _, l := range links {
		e, ok, err := p.event(in.Number, l.Seq)
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("%s:%d: %w", in.Number, l.Seq, store.ErrNotFound)
		}
		p.link(l.Outside, in.Number, l.Seq, e.Origin)
	}
	return nil
}

// BehindMirror lists what is behind a mirror; see [store.Mirrors].
func (db *DB) BehindMirror(ctx context.Context, mirror string) (list []incidents.Number, err error) {
	err = db.view(ctx, func(r rows) error {
		r.prefix(behind, key{}.name(mirror), func(_, v []byte) bool {
			n, _ := takeNumber(v)
			list = append(list, n)
			return true
		})
		return nil
	})
	return list, err
}

// AtPlace is the incident of a place; see [store.Mirrors].
func (db *DB) AtPlace(ctx context.Context, mirror, place string) (n incidents.Number, err error) {
	err = db.view(ctx, func(r rows) error {
		row := r.get(places, key{}.name(mirror).name(place))
		if row == nil {
			return store.ErrNotFound
		}
		n, _ = takeNumber(row)
		return nil
	})
	return n, err
}
