package bot

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store/bolt"
)

// BenchmarkLongChannel compares an incident in whose channel twenty thousand
// messages were written with one in which hardly any were: recording the next
// message, from the event to the store; the incident's page, against one with a
// page full of messages; and bringing its card up to date after a change.
// Each figure is the median of ratios of two that were timed one after the other.
// FIREBOSS_BENCH=full takes the twenty thousand; else there are fewer.
func BenchmarkLongChannel(b *testing.B) {
	many, rounds := size(20_000, 1_500), size(101, 11)
	l := load(b, "", func(db *bolt.DB) {
		f := filler{b, db}
		for n, messages := range []int{many, 600, 1} {
			in := f.apply(fmt.Sprint("long/", n), 0, time.Now(), incidents.Open{Title: "checkout is down", Severity: 2})
			f.each(messages, func(i int) {
				f.apply(fmt.Sprint("long/", n, "/", i), in.Number, time.Now(), incidents.RecordMessage{
					ID: incidents.OutsideID{Mirror: "slack", ID: fmt.Sprintf("C%d/%d", n, i)}, Text: fmt.Sprintf("message %d of those who look into why the checkout is down", i),
				})
			})
		}
	})
	const long, page, short = incidents.Number(1), incidents.Number(2), incidents.Number(3)
	for n := long; n <= short; n++ {
		l.mirrored(n)
	}
	for _, c := range []struct {
		name    string
		rounds  int
		against incidents.Number
		do      func(n incidents.Number) time.Duration
	}{
		{"record", rounds, short, func(n incidents.Number) time.Duration { return l.hears(b, n) }},
		{"page", rounds, page, func(n incidents.Number) time.Duration {
			begin := time.Now()
			l.get(b, "/incidents/"+n.String())
			return time.Since(begin)
		}},
		// No more than Slack's limits let through at once: fifty updates (tier 3).
		{"card", 21, short, func(n incidents.Number) time.Duration {
			l.n++
			summary := incidents.SetSummary{Text: fmt.Sprint("as we know it now, ", l.n)}
			if _, err := l.store.Apply(b.Context(), incidents.Command{ID: fmt.Sprint("summary/", l.n), Actor: l.alice, At: time.Now(), Incident: n, Do: summary}); err != nil {
				b.Fatal(err)
			}
			begin := time.Now()
			l.mirrored(n)
			return time.Since(begin)
		}},
	} {
		var ratios, took []float64
		for range c.rounds {
			with, without := c.do(long), c.do(c.against)
			ratios, took = append(ratios, float64(with)/float64(without)), append(took, float64(with.Microseconds()))
		}
		b.ReportMetric(median(ratios), "×"+c.name)
		b.ReportMetric(median(took), "µs-"+c.name)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(many), "messages")
}

// hears has somebody write in an incident's channel and answers how long it took
// until that was recorded.
func (l *laden) hears(b *testing.B, n incidents.Number) time.Duration {
	l.rest(b)
	l.n++
	rec, err := l.store.Record(b.Context(), "slack", n)
	if err != nil || rec.Place == "" {
		b.Fatal("the incident has no channel", err)
	}
	ts := fmt.Sprintf("%d.%06d", time.Now().Unix(), l.n)
	raw := fmt.Appendf(nil, `{"envelope_id":"H%d","type":"events_api","payload":{"type":"event_callback","event_id":"Ev%d","event":{"type":"message","channel":%q,"user":%q,"text":"I see errors in the payments service","ts":%q,"event_ts":%q}}}`,
		l.n, l.n, rec.Place, l.user, ts, ts)
	before := l.seq(b, n)
	begin := time.Now()
	l.intake.Frame(raw, func([]byte) error { return nil })
	for l.seq(b, n) == before {
		runtime.Gosched()
	}
	return time.Since(begin)
}

func (l *laden) seq(b *testing.B, n incidents.Number) uint64 {
	in, err := l.store.Incident(b.Context(), n)
	if err != nil {
		b.Fatal(err)
	}
	return in.Seq
}
