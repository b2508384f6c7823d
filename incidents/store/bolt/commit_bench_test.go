package bolt

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	bbolt "go.etcd.io/bbolt"
)

// BenchmarkCommit compares the writer's group commit with bbolt's own db.Update
// and db.Batch: equally durable, with the same options and the same rows, in
// the order of their keys as deliveries arrive. The three take turns within
// one run, because what a disk gives changes from minute to minute; what counts
// are the ratios of the medians. -benchtime plays no part.
func BenchmarkCommit(b *testing.B) {
	for _, writers := range []int{1, 8, 64, 256} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) { compareCommits(b, writers) })
	}
}

const (
	benchRounds = 7
	benchRound  = 200 * time.Millisecond
)

func compareCommits(b *testing.B, writers int) {
	row := make([]byte, 200)
	group, update, batch := benchStore(b), benchStore(b).bolt, benchStore(b).bolt
	put := func(k key) func(*bbolt.Tx) error {
		return func(tx *bbolt.Tx) error { return tx.Bucket(outbox.name).Put(k, row) }
	}
	ways := []struct {
		name string
		put  func(key) error
	}{
		{"group", func(k key) error {
			return group.write(context.Background(), func(p *plan) error { p.put(outbox, k, row); return nil })
		}},
		{"update", func(k key) error { return update.Update(put(k)) }},
		{"batch", func(k key) error { return batch.Batch(put(k)) }},
	}
	rates := map[string][]float64{}
	for range benchRounds {
		for _, way := range ways {
			rates[way.name] = append(rates[way.name], rate(b, writers, way.put))
		}
	}
	b.ReportMetric(0, "ns/op")
	for _, way := range ways {
		b.ReportMetric(median(rates[way.name]), way.name+"/s")
	}
	b.ReportMetric(median(rates["group"])/median(rates["update"]), "×update")
	b.ReportMetric(median(rates["group"])/median(rates["batch"]), "×batch")
}

func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

// rate is how many rows a second so many writers put, each waiting for its own.
func rate(b *testing.B, writers int, put func(key) error) float64 {
	var all sync.WaitGroup
	var next, done atomic.Uint64
	begin := time.Now()
	for range writers {
		all.Go(func() {
			for time.Since(begin) < benchRound {
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

func benchStore(b *testing.B) *DB {
	return open(b, filepath.Join(b.TempDir(), "fireboss.db"), Options{})
}
