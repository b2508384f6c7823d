package bolt

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	bbolt "go.etcd.io/bbolt"
)

// BenchmarkCommit compares the writer's group commit with bbolt's own db.Update
// and db.Batch: equally durable, with the same options and the same rows, in
// the order of their keys as deliveries arrive. The goal is db.Update's rate
// with one writer, and 15 times db.Batch's with 64. It shows how quick the disk
// is, because db.Batch waits for up to 10 ms in any case: the slower the disk,
// the less does that matter.
func BenchmarkCommit(b *testing.B) {
	for _, writers := range []int{1, 8, 64, 256} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) { compareCommits(b, writers) })
	}
}

func compareCommits(b *testing.B, writers int) {
	row := make([]byte, 200)
	group, update, batch := benchStore(b), benchStore(b).bolt, benchStore(b).bolt
	put := func(k key) func(*bbolt.Tx) error {
		return func(tx *bbolt.Tx) error { return tx.Bucket(outbox.name).Put(k, row) }
	}
	round := sized(50*time.Millisecond, 200*time.Millisecond)
	by := func(name string, put func(key) error) way {
		return way{name, func() float64 { return rate(b, writers, round, put) }}
	}
	sync := syncing(b)
	got := turns(sized(5, 7),
		by("group", func(k key) error {
			return group.write(context.Background(), func(p *plan) error { p.put(outbox, k, row); return nil })
		}),
		by("update", func(k key) error { return update.Update(put(k)) }),
		by("batch", func(k key) error { return batch.Batch(put(k)) }),
		way{"fdatasync", func() float64 { return micros(20, sync) }},
	)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(got["fdatasync"], "µs-fdatasync")
	b.ReportMetric(got["group"], "group/s")
	ratio(b, got, "group", "update")
	ratio(b, got, "group", "batch")
}

// rate is how many rows a second so many writers put, each waiting for its own.
func rate(b *testing.B, writers int, round time.Duration, put func(key) error) float64 {
	var all sync.WaitGroup
	var next, done atomic.Uint64
	begin := time.Now()
	for range writers {
		all.Go(func() {
			for time.Since(begin) < round {
				if err := put(key{}.uint(next.Add(1) % 50_000)); err != nil {
					b.Error(err)
					return
				}
				done.Add(1)
			}
		})
	}
	all.Wait()
	return float64(done.Load()) / time.Since(begin).Seconds()
}
