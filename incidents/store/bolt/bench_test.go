package bolt

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// BenchmarkMessage compares what it costs to record a message of an incident
// that has none with one that has twenty thousand.
func BenchmarkMessage(b *testing.B) {
	db := benchStore(b)
	must(b, db.AddMirror(context.Background(), "slack"))
	long := apply(b, db, 0, incidents.Open{Title: "a long one"}).Incident.Number
	many := sized(4000, 20_000)
	atOnce(many, func(i int) { say(b, db, long, i) })
	each, next := sized(20, 100), many
	record := func(n incidents.Number) float64 {
		return micros(each, func() { next++; say(b, db, n, next) })
	}
	got := turns(sized(5, 9),
		way{"first", func() float64 { return record(apply(b, db, 0, incidents.Open{Title: "a new one"}).Incident.Number) }},
		way{"last", func() float64 { return record(long) }},
	)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(many), "messages")
	b.ReportMetric(got["last"], "µs-last")
	ratio(b, got, "last", "first")
}

// say records a message of an incident.
func say(t testing.TB, db *DB, n incidents.Number, i int) {
	id := incidents.OutsideID{Mirror: "slack", ID: fmt.Sprintf("C%d/%d", n, i)}
	text := fmt.Sprintf("message %d of the people who look into why the checkout is down", i)
	_, err := db.Apply(context.Background(), incidents.Command{ID: fmt.Sprint(n, "/", i), Actor: alice, Incident: n, Do: incidents.RecordMessage{ID: id, Text: text}})
	if err != nil {
		t.Error(err)
	}
}

// atOnce does f for the numbers from 0 to n-1, a hundred at once, so that they
// share their commits.
func atOnce(n int, f func(int)) {
	var all sync.WaitGroup
	var next atomic.Int64
	for range 100 {
		all.Go(func() {
			for i := int(next.Add(1) - 1); i < n; i = int(next.Add(1) - 1) {
				f(i)
			}
		})
	}
	all.Wait()
}

// BenchmarkDoors measures what the doors do, 64 at once: a delivery, and a
// message with all that belongs to it. The reference is fdatasync, once for
// each.
func BenchmarkDoors(b *testing.B) {
	db := benchStore(b)
	apply(b, db, 0, incidents.Open{Title: "checkout is down"})
	round := sized(50*time.Millisecond, 200*time.Millisecond)
	raw := make([]byte, 2000)
	sync := syncing(b)
	var next atomic.Int64
	got := turns(sized(5, 9),
		way{"receive", func() float64 {
			return rate(b, 64, round, func(key) error {
				i := next.Add(1)
				_, _, err := db.Receive(context.Background(), store.Delivery{ID: fmt.Sprint("slack/", i*2654435761%1e9, "/", i), Door: "slack", Key: "C1", At: time.Now(), Raw: raw})
				return err
			})
		}},
		way{"message", func() float64 {
			return rate(b, 64, round, func(key) error { say(b, db, 1, int(next.Add(1))); return nil })
		}},
		way{"fdatasync", func() float64 { return 1e6 / micros(20, sync) }},
	)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(got["receive"], "receive/s")
	b.ReportMetric(got["message"], "message/s")
	ratio(b, got, "receive", "fdatasync")
	ratio(b, got, "message", "fdatasync")
}
