package bolt

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	bbolt "go.etcd.io/bbolt"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// BenchmarkDue asks for what is due among a million deadlines: nothing, and a
// hundred; and makes a hundred new ones in place of a hundred that are due.
func BenchmarkDue(b *testing.B) {
	db := benchStore(b)
	noon := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	const all = 1_000_000
	at := func(i int) incidents.Deadline {
		return incidents.Deadline{Rule: "update", Due: noon.Add(time.Duration(i) * time.Second), For: "commander"}
	}
	for from := 0; from < all; from += 50_000 {
		must(b, db.bolt.Update(func(tx *bbolt.Tx) error {
			for i := from; i < from+50_000; i++ {
				if err := tx.Bucket(due.name).Put(dueKey(incidents.Number(i%100_000+1), at(i)), dueRow(at(i))); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	ctx := context.Background()
	for _, c := range []struct{ name, until, want int }{{0, -1, 0}, {100, 99, 100}} {
		b.Run(fmt.Sprintf("due=%d", c.name), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				list, err := db.Due(ctx, noon.Add(time.Duration(c.until)*time.Second), 0)
				if err != nil || len(list) != c.want {
					b.Fatalf("%d are due, want %d: %v", len(list), c.want, err)
				}
			}
		})
	}
	b.Run("next", func(b *testing.B) {
		for b.Loop() {
			if _, err := db.NextDue(ctx); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("fired=100", func(b *testing.B) {
		shift := 0
		for b.Loop() {
			must(b, db.write(ctx, func(p *plan) error {
				for i := range 100 {
					n := incidents.Number((shift+i)%100_000 + 1)
					d := at(shift + i)
					p.remove(due, dueKey(n, d))
					d.Due = d.Due.Add(all * time.Second)
					p.put(due, dueKey(n, d), dueRow(d))
				}
				return nil
			}))
			shift += 100
		}
		must(b, db.Writable(ctx))
	})
}

// BenchmarkMessage compares what it costs to record a message of an incident
// that has none with one that has twenty thousand.
func BenchmarkMessage(b *testing.B) {
	db := benchStore(b)
	ctx := context.Background()
	must(b, db.AddMirror(ctx, "slack"))
	long := apply(b, db, 0, incidents.Open{Title: "a long one"}).Incident.Number
	say := func(n incidents.Number, i int) {
		id := incidents.OutsideID{Mirror: "slack", ID: fmt.Sprintf("C%d/%d", n, i)}
		text := fmt.Sprintf("message %d of the people who look into why the checkout is down", i)
		if _, err := db.Apply(ctx, incidents.Command{ID: fmt.Sprint(n, "/", i), Actor: alice, Incident: n, Do: incidents.RecordMessage{ID: id, Text: text}}); err != nil {
			b.Error(err)
		}
	}
	const many, rounds, each = 20_000, 7, 100
	var all sync.WaitGroup
	for w := range 100 {
		all.Go(func() {
			for i := range many / 100 {
				say(long, w*many/100+i)
			}
		})
	}
	all.Wait()
	took := map[string][]float64{}
	for round := range rounds {
		short := apply(b, db, 0, incidents.Open{Title: "a new one"}).Incident.Number
		for name, n := range map[string]incidents.Number{"first": short, "20000th": long} {
			begin := time.Now()
			for i := range each {
				say(n, many+round*each+i)
			}
			took[name] = append(took[name], float64(time.Since(begin).Microseconds())/each)
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(took["first"]), "µs-first")
	b.ReportMetric(median(took["20000th"]), "µs-20000th")
	b.ReportMetric(median(took["20000th"])/median(took["first"]), "×first")
}

// BenchmarkDoors measures what the doors do, 64 at once: a delivery, and a
// message with all that belongs to it.
func BenchmarkDoors(b *testing.B) {
	for name, do := range map[string]func(*DB, uint64) error{
		"receive": func(db *DB, i uint64) error {
			_, _, err := db.Receive(context.Background(), store.Delivery{ID: fmt.Sprint("slack/", i*2654435761%1e9, "/", i), Door: "slack", Key: "C1", At: time.Now(), Raw: make([]byte, 2000)})
			return err
		},
		"message": func(db *DB, i uint64) error {
			id := incidents.OutsideID{Mirror: "slack", ID: fmt.Sprint(i)}
			_, err := db.Apply(context.Background(), incidents.Command{ID: id.ID, Actor: alice, Incident: 1, Do: incidents.RecordMessage{ID: id, Text: "I see errors in the payments service"}})
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			db := benchStore(b)
			apply(b, db, 0, incidents.Open{Title: "checkout is down"})
			var mu sync.Mutex
			var next uint64
			b.SetParallelism(32) // times 2 processors
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					mu.Lock()
					next++
					i := next
					mu.Unlock()
					if err := do(db, i); err != nil {
						b.Error(err)
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "each/s")
		})
	}
}
