package bolt

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// BenchmarkStart opens a store and asks it what the program asks at its start:
// what is behind, unfinished, outgoing, open and due. The reference is reading
// the file from front to end. The goals: with 100,000 incidents at most three
// times as long; with a file of a gigabyte that is in no cache, twice.
func BenchmarkStart(b *testing.B) {
	for _, c := range []struct {
		name      string
		incidents int
		files     int // bytes
		cold      bool
	}{
		{"warm", sized(2000, 100_000), 0, false},
		{"cold", sized(2000, 100_000), sized(4<<20, 700<<20), true},
	} {
		b.Run(c.name, func(b *testing.B) {
			path := manyIncidents(b, c.incidents, c.files)
			bytes, err := size(path)
			must(b, err)
			prepare := func() {}
			if c.cold {
				prepare = func() { chill(b, path) }
			}
			got := turns(5,
				way{"start", func() float64 { prepare(); return micros(1, func() { startUp(b, path) }) }},
				way{"read", func() float64 { prepare(); return micros(1, func() { must(b, warm(path)) }) }},
			)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(bytes)/1e6, "MB")
			b.ReportMetric(got["start"]/1000, "ms-start")
			b.ReportMetric(got["read"]/1000, "ms-read")
			ratio(b, got, "start", "read")
		})
	}
}

// startUp is what the store does at a start of the program.
func startUp(b *testing.B, path string) {
	ctx := context.Background()
	db, err := Open(path, Options{})
	must(b, err)
	must(b, db.AddMirror(ctx, "slack"))
	_, err = db.BehindMirror(ctx, "slack")
	must(b, err)
	_, err = db.Unfinished(ctx)
	must(b, err)
	_, err = db.Outgoing(ctx)
	must(b, err)
	list, err := db.Incidents(ctx, store.Query{Open: true})
	must(b, err)
	if len(list) != 50 {
		b.Fatalf("%d incidents are open", len(list))
	}
	_, err = db.NextDue(ctx)
	must(b, err)
	must(b, db.Close())
}

// manyIncidents makes a store with so many incidents, all but fifty closed and
// all in the mirror, and with so many bytes of files.
func manyIncidents(b *testing.B, n, files int) (path string) {
	path = filepath.Join(b.TempDir(), "fireboss.db")
	db := open(b, path, Options{})
	must(b, db.AddMirror(context.Background(), "slack"))
	atOnce(n, func(i int) {
		id := apply(b, db, 0, incidents.Open{Title: fmt.Sprint("checkout is down, for the ", i, ". time"), Severity: 1}).Incident.Number
		if i >= 50 {
			apply(b, db, id, incidents.Close{Why: "a bad deployment, rolled back"})
		}
		rec, err := db.Record(context.Background(), "slack", id)
		must(b, err)
		in, err := db.Incident(context.Background(), id)
		must(b, err)
		rec.SyncedVersion, rec.CursorSeq = in.Version, in.Seq
		must(b, db.PutRecord(context.Background(), rec))
	})
	piece, random := make([]byte, 1<<20), rand.NewChaCha8([32]byte{})
	for i := range files / len(piece) {
		_, _ = random.Read(piece) // never fails
		must(b, db.write(context.Background(), func(p *plan) error {
			p.put(bucketNamed("files"), key{}.uint(uint64(i)), piece)
			return nil
		}))
	}
	must(b, db.Close())
	return path
}

// chill takes a file out of the system's cache.
func chill(b *testing.B, path string) {
	f, err := os.Open(path)
	must(b, err)
	must(b, f.Sync()) // what is not on the disk cannot be taken out
	if err := forget(f); err != nil {
		b.Skip("the system cannot be told to forget a file: ", err)
	}
	must(b, f.Close())
}
