package bolt

import (
	"context"
	"testing"
	"time"

	bbolt "go.etcd.io/bbolt"

	"fireboss/incidents"
)

// BenchmarkDue asks for what is due among a million deadlines. The goals: a
// hundred are found in 50 µs, that nothing is due in 2 µs, and a hundred are
// put in the place of a hundred that were due, durably, in 5 times fdatasync.
// The reference for reading is bbolt's own cursor over as many rows.
func BenchmarkDue(b *testing.B) {
	db := benchStore(b)
	all := sized(100_000, 1_000_000)
	fillDue(b, db, all)
	ctx, sync := context.Background(), syncing(b)
	ask := func(until, want int) func() {
		return func() {
			list, err := db.Due(ctx, deadline(until).Due, 0)
			if err != nil || len(list) != want {
				b.Fatalf("%d are due, want %d: %v", len(list), want, err)
			}
		}
	}
	got := turns(sized(5, 9),
		way{"none", func() float64 { return micros(5000, ask(-1, 0)) }},
		way{"found100", func() float64 { return micros(500, ask(99, 100)) }},
		way{"next", func() float64 { return micros(5000, func() { _, err := db.NextDue(ctx); must(b, err) }) }},
		way{"cursor100", func() float64 { return micros(500, func() { must(b, db.bolt.View(hundred)) }) }},
		way{"fired100", func() float64 {
			return micros(5, func() { moveDue(b, db, 0, all); moveDue(b, db, all, 0) }) / 2
		}},
		way{"fdatasync", func() float64 { return micros(20, sync) }},
	)
	must(b, db.Writable(ctx))
	b.ReportMetric(0, "ns/op")
	for _, name := range []string{"none", "found100", "next", "fdatasync"} {
		b.ReportMetric(got[name], "µs-"+name)
	}
	ratio(b, got, "found100", "cursor100")
	ratio(b, got, "fired100", "fdatasync")
}

func first(c *bbolt.Cursor) []byte {
	k, _ := c.First()
	return k
}

// hundred reads the first hundred deadlines as rows.
func hundred(tx *bbolt.Tx) error {
	c := tx.Bucket(due.name).Cursor()
	for k, n := first(c), 0; k != nil && n < 100; n++ {
		k, _ = c.Next()
	}
	return nil
}

// deadline is one of many, a second after the one before, by the rules that there are.
func deadline(i int) incidents.Deadline {
	noon := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	d := incidents.Deadline{Rule: dueRules[max(i, 0)%len(dueRules)], Due: noon.Add(time.Duration(i) * time.Second), For: "commander"}
	if d.Legal() {
		d.AtRisk = d.Due.Add(-time.Hour)
	}
	return d
}

// dueRules are what the deadlines of incidents are called.
var dueRules = []string{
	"acknowledge", "commander", "update.before", "update", "mitigate.at_risk", "mitigate", "resolve.at_risk", "resolve", "command", "stale", "close",
	"gdpr.notification.at_risk", "gdpr.notification", "dora.initial", "followup",
}

// fillDue gives a store so many deadlines.
func fillDue(b *testing.B, db *DB, all int) {
	const piece = 50_000
	for from := 0; from < all; from += piece {
		must(b, db.bolt.Update(func(tx *bbolt.Tx) error {
			for i := from; i < from+piece; i++ {
				d := deadline(i)
				if err := tx.Bucket(due.name).Put(dueKey(incidents.Number(i%100_000+1), d), dueRow(d)); err != nil {
					return err
				}
			}
			return nil
		}))
	}
}

// moveDue puts a hundred deadlines from one moment on to another, durably.
func moveDue(b *testing.B, db *DB, from, to int) {
	must(b, db.write(context.Background(), func(p *plan) error {
		for i := range 100 {
			n := incidents.Number(i%100_000 + 1)
			was, is := deadline(from+i), deadline(to+i)
			p.remove(due, dueKey(n, was))
			p.put(due, dueKey(n, is), dueRow(is))
		}
		return nil
	}))
}
