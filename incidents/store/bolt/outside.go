package bolt

import (
	"context"
	"fmt"

	"fireboss/incidents"
)

func outsideKey(id incidents.OutsideID) key { return key{}.name(id.Mirror).name(id.ID) }

// link plans that an outside thing stands for an event, both ways.
func (p *plan) link(id incidents.OutsideID, n incidents.Number, seq uint64, origin string) {
	p.put(outside, outsideKey(id).event(n, seq), []byte(origin))
	p.put(inside, key{}.event(n, seq).name(id.Mirror).name(id.ID), none)
}

// standsFor are the events that an outside thing stands for, of one incident
// (0: of all), by number and seq.
func (r rows) standsFor(id incidents.OutsideID, of incidents.Number) ([]incidents.Event, error) {
	var list []incidents.Event
	var failed error
	prefix := outsideKey(id)
	if of != 0 {
		prefix = prefix.number(of)
	}
	r.prefix(outside, prefix, func(k, _ []byte) bool {
		n, rest := takeNumber(k[len(k)-16:])
		seq, _ := takeUint(rest)
		e, ok, err := r.event(n, seq)
		if err == nil && !ok {
			err = r.unreadable(fmt.Sprintf("%s:%d", n, seq), nil)
		}
		if err != nil {
			failed = err
			return false
		}
		list = append(list, e)
		return true
	})
	return list, failed
}

// Behind lists the events behind an outside thing; see [store.Store].
func (db *DB) Behind(ctx context.Context, id incidents.OutsideID) (list []incidents.Event, err error) {
	err = db.view(ctx, func(r rows) error {
		list, err = r.standsFor(id, 0)
		return err
	})
	return list, err
}

// Outside lists the outside things that stand for an event; see [store.Store].
func (db *DB) Outside(ctx context.Context, n incidents.Number, seq uint64) (list []incidents.OutsideID, err error) {
	err = db.view(ctx, func(r rows) error {
		prefix := key{}.event(n, seq)
		r.prefix(inside, prefix, func(k, _ []byte) bool {
			mirror, rest := takeName(k[len(prefix):])
			id, _ := takeName(rest)
			list = append(list, incidents.OutsideID{Mirror: mirror, ID: id})
			return true
		})
		return nil
	})
	return list, err
}
