package bolt

import (
	"context"
	"encoding/json"
	"fmt"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// messageKey names what is said once to one person.
func messageKey(e incidents.Event, m incidents.Message) string {
	return fmt.Sprintf("%s/%s/%s", e.ID(), m.Kind, m.To.ID)
}

// intend plans the messages that a change wants.
func (p *plan) intend(n incidents.Number, list []incidents.Event, messages []incidents.Message) error {
	for _, m := range messages {
		if m.Event < 0 || m.Event >= len(list) {
			return fmt.Errorf("a %s message for %s is about no event of its change", m.Kind, m.To.ID)
		}
		e := list[m.Event]
		p.message(p.db.nextOrder(), store.Message{
			Key: messageKey(e, m), Kind: m.Kind, Incident: n, Seq: e.Seq, To: m.To, State: store.Intended,
		})
	}
	return nil
}

// message plans a message's row and whether it still has to be sent.
func (p *plan) message(order uint64, m store.Message) {
	p.putJSON(outbox, key(m.Key), key{}.uint(order), m)
	if m.State == store.Intended || m.State == store.Started {
		p.put(outgoing, key{}.uint(order), []byte(m.Key))
	} else {
		p.remove(outgoing, key{}.uint(order))
	}
}

// PutMessage stores how far a message has come; see [store.Outbox].
func (db *DB) PutMessage(ctx context.Context, m store.Message) error {
	return db.write(ctx, func(p *plan) error {
		row := p.get(outbox, []byte(m.Key))
		if row == nil {
			return fmt.Errorf("message %q: %w", m.Key, store.ErrNotFound)
		}
		order, _ := takeUint(row)
		p.message(order, m)
		return nil
	})
}

// Told lists the messages about an event; see [store.Outbox].
func (db *DB) Told(ctx context.Context, n incidents.Number, seq uint64) (list []store.Message, err error) {
	err = db.view(ctx, func(r rows) (failed error) {
		prefix := incidents.Event{Incident: n, Seq: seq}.ID() + "/"
		r.prefix(outbox, []byte(prefix), func(k, row []byte) bool {
			_, row = takeUint(row)
			var m store.Message
			if err := json.Unmarshal(row, &m); err != nil {
				failed = r.unreadable("message "+string(k), err)
				return false
			}
			list = append(list, m)
			return true
		})
		return failed
	})
	return list, err
}

// Outgoing lists messages that have to be sent; see [store.Outbox].
func (db *DB) Outgoing(ctx context.Context) (list []store.Message, err error) {
	err = db.view(ctx, func(r rows) error {
		c := r.cursor(outgoing)
		for k, id := c.First(); k != nil; k, id = c.Next() {
			_, row := takeUint(r.get(outbox, id))
			var m store.Message
			if err := json.Unmarshal(row, &m); err != nil {
				return r.unreadable("message "+string(id), err)
			}
			list = append(list, m)
		}
		return nil
	})
	return list, err
}
