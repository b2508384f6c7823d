package bolt

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// What the benchmarks here share. Each compares ways of doing something with a
// reference: they take turns within one run, for at least five rounds, because
// what a disk and its neighbours give changes from minute to minute; what
// counts are the ratios of the medians. -benchtime plays no part.

// fullSize is set where a benchmark runs at the size of its goal and not at one
// that is quick: FIREBOSS_BENCH=full go test -run '^$' -bench . ./incidents/store/bolt
var fullSize = os.Getenv("FIREBOSS_BENCH") == "full"

// sized is small, or full where [fullSize] says so.
func sized[T any](small, full T) T {
	if fullSize {
		return full
	}
	return small
}

// way is one way of doing something; once does it, and answers a figure.
type way struct {
	name string
	once func() float64
}

// turns lets ways take turns, and answers each one's median.
func turns(rounds int, ways ...way) map[string]float64 {
	all := map[string][]float64{}
	for range rounds {
		for _, w := range ways {
			all[w.name] = append(all[w.name], w.once())
		}
	}
	medians := map[string]float64{}
	for name, list := range all {
		medians[name] = median(list)
	}
	return medians
}

func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

// micros is how many microseconds one of n calls takes.
func micros(n int, f func()) float64 {
	begin := time.Now()
	for range n {
		f()
	}
	return float64(time.Since(begin).Nanoseconds()) / 1000 / float64(n)
}

// syncing is a page that is written again and again, each time with fdatasync:
// what no durable write can be quicker than.
func syncing(b *testing.B) (once func()) {
	f, err := os.Create(filepath.Join(b.TempDir(), "page"))
	must(b, err)
	b.Cleanup(func() { must(b, f.Close()) })
	row := make([]byte, pageSize)
	return func() {
		_, err := f.WriteAt(row, 0)
		must(b, err)
		must(b, datasync(f))
	}
}

// ratio reports how many times one median is another.
func ratio(b *testing.B, of map[string]float64, name, reference string) {
	b.ReportMetric(of[name]/of[reference], name+"×"+reference)
}

func benchStore(b *testing.B) *DB {
	return open(b, filepath.Join(b.TempDir(), "fireboss.db"), Options{})
}
