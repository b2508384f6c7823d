package bolt

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	bbolt "go.etcd.io/bbolt"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// fill receives deliveries until one is refused.
func fill(t *testing.T, db *DB) {
	t.Helper()
	for n := range 1000 {
		_, _, err := db.Receive(t.Context(), store.Delivery{ID: fmt.Sprint("slack/", n), Door: "slack", Raw: make([]byte, 30_000)})
		if err != nil {
			return
		}
	}
	t.Fatal("the disk does not get full")
}

// TestNoRoom fills the disk until writes of the ordinary size are refused. A
// small one may still fit into pages that are free; whether the store is
// writable must not be told by that.
func TestNoRoom(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fireboss.db")
	must(t, open(t, path, Options{}).Close())
	db := open(t, path, Options{maxSize: 1 << 20})
	must(t, db.Writable(t.Context()))
	fill(t, db)
	for range 3 {
		if err := db.Writable(t.Context()); err == nil || !strings.Contains(err.Error(), "is full") || !strings.Contains(err.Error(), path) {
			t.Errorf("nothing fits any more, and Writable says %v", err)
		}
	}
	if a, err := db.Audit(t.Context()); err != nil || a.Wrong != "" {
		t.Errorf("the audit: %q, %v", a.Wrong, err)
	}
	db.bolt.MaxSize = 1 << 30 // somebody has made room
	must(t, db.Writable(t.Context()))
	must(t, db.Writable(t.Context()))
	apply(t, db, 0, incidents.Open{Title: "the disk was full"})
}

// TestNoticedDamage has somebody come upon a row that cannot be read: those who
// watch the store are told as well.
func TestNoticedDamage(t *testing.T) {
	db := open(t, filled(t), Options{})
	must(t, db.Writable(t.Context()))
	row := []byte{}
	change := func(f func(*bbolt.Bucket) error) {
		must(t, db.bolt.Update(func(tx *bbolt.Tx) error { return f(tx.Bucket(states.name)) }))
	}
	change(func(b *bbolt.Bucket) error {
		row = append(row, b.Get(key{}.number(3))...)
		return b.Put(key{}.number(3), []byte("{"))
	})
	_, err := db.Incident(t.Context(), 3)
	damaged(t, "reading it", err)
	damaged(t, "Writable", db.Writable(t.Context()))
	apply(t, db, 4, incidents.AddNote{Text: "the others go on"})
	change(func(b *bbolt.Bucket) error { return b.Put(key{}.number(3), row) })
}

// TestInWork breaks what people work on: a start refuses it, and whoever only
// reads sees what is left. Damage of what is over is found by the audit.
func TestInWork(t *testing.T) {
	// filled closes the first of every three incidents that it opens, which get
	// their numbers in any order.
	first := func(open bool) func(rows) incidents.Number {
		return func(r rows) incidents.Number {
			for n := incidents.Number(1); ; n++ {
				if in, _, err := r.incident(n); err != nil || in.Status.Open() == open {
					return n
				}
			}
		}
	}
	newest := func(r rows) incidents.Number { return r.lastNumber() }
	for name, c := range map[string]struct {
		which   func(rows) incidents.Number
		in      bucket
		refused bool
	}{
		"the newest incident":            {newest, states, true},
		"the last event of the newest":   {newest, events, true},
		"an open incident":               {first(true), states, true},
		"the last event of an open one":  {first(true), events, true},
		"an incident that is over":       {first(false), states, false},
		"the last event of one that was": {first(false), events, false},
	} {
		path := filled(t)
		rewrite(t, path, func(tx *bbolt.Tx) error {
			r := rows{tx, path, nil}
			n := c.which(r)
			in, _, err := r.incident(n)
			must(t, err)
			k := key{}.number(n)
			if bytes.Equal(c.in.name, events.name) {
				k = key{}.event(n, in.Seq)
			}
			return tx.Bucket(c.in.name).Put(k, []byte(strings.Replace(string(r.get(c.in, k)), `"`, "\x00", 1)))
		})
		switch db, err := Open(path, Options{}); {
		case c.refused:
			damaged(t, name, err)
		default:
			must(t, err)
			if a, err := db.Audit(t.Context()); err != nil || a.Wrong == "" {
				t.Errorf("%s: the audit says %q, %v", name, a.Wrong, err)
			}
			must(t, db.Close())
		}
		reader, err := OpenReadOnly(path)
		must(t, err)
		must(t, reader.Close())
	}
}
