package bolt

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"fireboss/incidents/store"
)

// A delivery is a small row under its id and, until it is finished, its raw
// bytes, as they came, in order of arrival. So what is not finished is found without looking
// at what is, and finishing rewrites no raw bytes.

// deliver plans a delivery's row.
func (p *plan) deliver(order uint64, d store.Delivery) {
	d.Raw = nil
	p.putJSON(inbox, key(d.ID), key{}.uint(order), d)
}

// delivery reads a delivery with its order; false where the id is not known.
func (r rows) delivery(id string) (d store.Delivery, order uint64, ok bool, err error) {
	row := r.get(inbox, []byte(id))
	if row == nil {
		return d, 0, false, nil
	}
	order, row = takeUint(row)
	if err := json.Unmarshal(row, &d); err != nil {
		return d, 0, false, r.unreadable("delivery "+id, err)
	}
	return d, order, true, nil
}

func (r rows) raw(order uint64) []byte {
	_, raw := takeArrived(r.get(unfinished, key{}.uint(order)))
	return raw
}

// takeArrived reads a row of unfinished.
func takeArrived(row []byte) (id string, raw []byte) {
	if row == nil {
		return "", nil
	}
	id, raw = takeName(row)
	if len(raw) == 0 {
		return id, nil
	}
	return id, bytes.Clone(raw)
}

// received is the answer of Receive.
type received struct {
	row   store.Delivery
	fresh bool
}

// Receive makes a delivery durable; see [store.Inbox].
func (db *DB) Receive(ctx context.Context, d store.Delivery) (store.Delivery, bool, error) {
	if d.ID == "" {
		return store.Delivery{}, false, fmt.Errorf("a delivery without an id cannot be recognised when it comes again, so it is not taken")
	}
	d.Done, d.Result, d.Attempts = false, nil, 0
	arrived := make([]byte, 0, 4+len(d.ID)+len(d.Raw))
	arrived = append(key(arrived).name(d.ID), d.Raw...)
	beside := d
	beside.Raw = nil
	about, err := json.Marshal(beside)
	if err != nil {
		return store.Delivery{}, false, fmt.Errorf("this cannot be stored: %w", err)
	}
	got, err := writing(ctx, db, func(p *plan) (received, error) {
		row, order, known, err := p.delivery(d.ID)
		if err != nil {
			return received{}, err
		}
		if known {
			row.Raw = p.raw(order)
			return received{row, false}, nil
		}
		order = db.nextOrder()
		p.put(inbox, key(d.ID), append(key{}.uint(order), about...))
		p.put(unfinished, key{}.uint(order), arrived)
		return received{d, true}, nil
	})
	return got.row, got.fresh, err
}

// Finish stores the answer to a delivery; see [store.Inbox].
func (db *DB) Finish(ctx context.Context, id string, result []byte) error {
	result = bytes.Clone(result)
	return db.write(ctx, func(p *plan) error {
		known, err := p.finish(id, result)
		if err == nil && !known {
			err = fmt.Errorf("delivery %q: %w", id, store.ErrNotFound)
		}
		return err
	})
}

// finish plans that a delivery is finished; false where it is not known.
func (p *plan) finish(id string, result []byte) (known bool, err error) {
	d, order, ok, err := p.delivery(id)
	if err != nil || !ok || d.Done {
		return ok, err
	}
	p.remove(unfinished, key{}.uint(order))
	if d.Once {
		p.remove(inbox, key(id))
		return true, nil
	}
	d.Done, d.Result = true, result
	p.deliver(order, d)
	p.put(finished, key{}.moment(d.At).raw(id), none)
	return true, nil
}

// Attempted counts an attempt; see [store.Inbox].
func (db *DB) Attempted(ctx context.Context, id string) (int, error) {
	return writing(ctx, db, func(p *plan) (int, error) {
		d, order, ok, err := p.delivery(id)
		if err != nil {
			return 0, err
		}
		if !ok {
			return 0, fmt.Errorf("delivery %q: %w", id, store.ErrNotFound)
		}
		d.Attempts++
		p.deliver(order, d)
		return d.Attempts, nil
	})
}

// AttemptedAll counts an attempt of each; see [store.Inbox].
func (db *DB) AttemptedAll(ctx context.Context, ids []string) error {
	_, err := writing(ctx, db, func(p *plan) (struct{}, error) {
		for _, id := range ids {
			d, order, ok, err := p.delivery(id)
			if err != nil {
				return struct{}{}, err
			}
			if ok {
				d.Attempts++
				p.deliver(order, d)
			}
		}
		return struct{}{}, nil
	})
	return err
}

// Unfinished lists deliveries that wait to be worked; see [store.Inbox].
func (db *DB) Unfinished(ctx context.Context) (list []store.Delivery, err error) {
	err = db.view(ctx, func(r rows) error {
		c := r.cursor(unfinished)
		for k, v := c.First(); k != nil; k, v = c.Next() {
			id, raw := takeArrived(v)
			d, _, ok, err := r.delivery(id)
			if err != nil {
				return err
			}
			if !ok {
				return r.unreadable("delivery "+id, nil)
			}
			d.Raw = raw
			list = append(list, d)
		}
		return nil
	})
	return list, err
}

// forgetful is how many ids are dropped in one transaction.
const forgetful = 1000

// Forget drops old ids; see [store.Inbox].
func (db *DB) Forget(ctx context.Context, before time.Time) (int, error) {
	total := 0
	for {
		n, err := writing(ctx, db, func(p *plan) (int, error) {
			return p.forget(finished, inbox, before) + p.forget(decided, commands, before), nil
		})
		total += n
		if err != nil || n == 0 {
			return total, err
		}
	}
}

// forget plans that some of the rows go that an index has before a moment.
func (p *plan) forget(index, of bucket, before time.Time) (n int) {
	c, end := p.cursor(index), key{}.moment(before)
	for k, _ := c.First(); k != nil && n < forgetful && bytes.Compare(k[:momentSize], end) < 0; k, _ = c.Next() {
		p.removeFound(index, k)
		p.removeFound(of, k[momentSize:])
		n++
	}
	return n
}
