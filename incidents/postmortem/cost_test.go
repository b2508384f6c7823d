package postmortem

import (
	"runtime"
	"testing"
	"time"
)

// What a draft of 2,000 events may cost. CI looks at the memory, which is the same
// everywhere; the time is a benchmark's, on a machine that does nothing else.
const maxBytes = 20 << 20

func TestDraftOfManyEventsTakesLittleMemory(t *testing.T) {
	r := falseAlarm(t).record()
	for name, tmpl := range Builtin() {
		Draft(tmpl, r) // what is made once is not counted
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		doc := Draft(tmpl, r)
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > maxBytes {
			t.Errorf("a draft by %s of %d events takes %d bytes, at most %d are right", name, len(r.Events), got, maxBytes)
		}
		if len(doc.Sections) == 0 {
			t.Error("nothing was drafted")
		}
	}
}

func BenchmarkDraft(b *testing.B) {
	r := falseAlarm(b).record()
	for name, tmpl := range Builtin() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			began := time.Now()
			for b.Loop() {
				Draft(tmpl, r)
			}
			b.ReportMetric(time.Since(began).Seconds()*1e3/float64(b.N), "ms-draft")
		})
	}
}

func BenchmarkFacts(b *testing.B) {
	r := falseAlarm(b).record()
	b.ReportAllocs()
	for b.Loop() {
		Facts("narrative", r)
	}
}
