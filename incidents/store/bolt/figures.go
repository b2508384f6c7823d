package bolt

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"slices"

	bbolt "go.etcd.io/bbolt"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// Figures lists the figures of incidents; see [store.Figures].
func (db *DB) Figures(ctx context.Context, q store.FiguresQuery) ([]incidents.Figures, error) {
	var list []incidents.Figures
	read := newFigureReader()
	for after, more := incidents.Number(0), true; more; {
		err := db.view(ctx, func(r rows) error {
			c, loads := r.cursor(figures), loadCursor{r: r, c: r.cursor(load)}
			k, v := c.Seek(key{}.number(after + 1))
			for range page {
				if k == nil {
					break
				}
				after, _ = takeNumber(k)
				f := read.figures(after, v)
				if q.Where == nil || q.Where(f) {
					if q.Load {
						f.Load = loads.of(read, after)
					}
					if len(list) == cap(list) {
						list = slices.Grow(list, max(len(list), 16)) // twice as many: they are large to be moved often
					}
					list = append(list, f)
				}
				k, v = c.Next()
			}
			more = k != nil
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// loadCursor goes through the rows of load beside those of figures.
type loadCursor struct {
	r    rows
	c    *bbolt.Cursor
	k, v []byte
	gone bool // over the last row, or not begun
}

// of is the load of an incident, by day. Incidents are asked for in order.
func (l *loadCursor) of(read *figureReader, n incidents.Number) []incidents.Load {
	if at := l.at(); at < n && !l.gone {
		l.k, l.v = l.c.Seek(key{}.number(n))
		l.gone = l.k == nil
	}
	var list []incidents.Load
	for !l.gone && l.at() == n {
		list = append(list, read.load(loadDay(l.k), l.v))
		l.k, l.v = l.c.Next()
		l.gone = l.k == nil
	}
	return list
}

// at is the incident whose row the cursor is at; 0 before the first.
func (l *loadCursor) at() incidents.Number {
	if l.k == nil {
		return 0
	}
	n, _ := takeNumber(l.k)
	return n
}

// putFigures plans an incident's figures. row is its row in incidents.
func (p *plan) putFigures(in incidents.Incident, row []byte) {
	p.put(figures, key{}.number(in.Number), figuresRow(in, row))
}

// figuresRow is the row of an incident's figures. It begins with the SHA-256 of the
// row in incidents, so that an audit finds one that went bad on the disk.
func figuresRow(in incidents.Incident, row []byte) []byte {
	if bytes.Contains(row, replaced) {
		var as incidents.Incident
		if json.Unmarshal(row, &as) == nil {
			in = as
		}
	}
	sum := sha256.Sum256(row)
	return appendFigures(append(make([]byte, 0, 512), sum[:]...), incidents.FiguresOf(in))
}

// replaced is what JSON writes in the place of bytes that are no text: then the
// incident is not read as it was when it was written.
var replaced = []byte(`\ufffd`)

// refigure makes the figures and the load of all incidents anew, out of their states
// and events.
func refigure(tx *bbolt.Tx) error {
	if err := addBuckets(tx); err != nil {
		return err
	}
	for _, b := range []bucket{figures, load} {
		if err := tx.DeleteBucket(b.name); err != nil {
			return err
		}
		if _, err := tx.CreateBucket(b.name); err != nil {
			return err
		}
	}
	r := rows{tx: tx}
	for n := incidents.Number(1); n <= r.lastNumber(); n++ {
		in, ok, err := r.incident(n)
		if err != nil || !ok {
			return r.unreadable(n.String(), err)
		}
		k := key{}.number(n)
		if err := tx.Bucket(figures.name).Put(k, figuresRow(in, r.get(states, k))); err != nil {
			return err
		}
		days, err := r.countLoad(n)
		if err != nil {
			return err
		}
		for day, l := range days {
			if err := tx.Bucket(load.name).Put(loadKey(n, day), loadRow(*l)); err != nil {
				return err
			}
		}
	}
	return nil
}
