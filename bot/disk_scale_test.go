package bot

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/store"
	"fireboss/incidents/store/bolt"
)

// desk is what people speak to, over a store of its own.
type desk struct {
	t     testing.TB
	store *bolt.DB
	commands.Desk
	said atomic.Int64
}

// nobody is a workspace without people.
type nobody struct{}

func (nobody) Person(context.Context, string) (incidents.Person, error) {
	return incidents.Person{}, commands.ErrUnknown
}

func (nobody) Group(context.Context, string) ([]incidents.Person, error) {
	return nil, commands.ErrUnknown
}

func newDesk(t testing.TB) *desk {
	rules := func() incidents.Rules { return incidents.Rules{Clock: incidents.DefaultClock()} }
	db, err := bolt.Open(filepath.Join(t.TempDir(), "fireboss.db"), bolt.Options{Rules: rules})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := db.AddMirror(context.Background(), "slack"); err != nil {
		t.Fatal(err)
	}
	return &desk{t: t, store: db, Desk: commands.Desk{Store: db, Rules: rules, People: nobody{}}}
}

// says has alice say something, where here is the incident of the channel.
func (d *desk) says(here incidents.Number, text string) commands.Reply {
	reply := d.Handle(context.Background(), commands.Request{
		ID: fmt.Sprint("said/", d.said.Add(1)), Actor: incidents.Actor{Kind: incidents.User, ID: "slack:T1/U1", Name: "Alice"},
		At: time.Now(), Text: text, Here: here, Origin: "slack",
	})
	if reply.Refused != "" || reply.Fault != nil {
		d.t.Errorf("%s: %s %v", text, reply.Text, reply.Fault)
	}
	return reply
}

// records has a message of the channel recorded.
func (d *desk) records(here incidents.Number, text string) {
	id := incidents.OutsideID{Mirror: "slack", ID: fmt.Sprint("C1/", d.said.Add(1))}
	_, err := d.store.Apply(context.Background(), incidents.Command{
		ID: id.ID, Actor: incidents.Actor{Kind: incidents.User, ID: "slack:T1/U2", Name: "Bob"}, At: time.Now(),
		Incident: here, Do: incidents.RecordMessage{ID: id, Text: text},
	})
	if err != nil {
		d.t.Error(err)
	}
}

// atOnce does f n times, a hundred at once, so that they share their commits.
func atOnce(n int, f func(i int)) {
	var all sync.WaitGroup
	var next atomic.Int64
	for range 100 {
		all.Go(func() {
			for i := int(next.Add(1)); i <= n; i = int(next.Add(1)) {
				f(i)
			}
		})
	}
	all.Wait()
}

// grown is a store with so many closed incidents, each of other words, which
// Slack shows as they are, and whose commands are so old that they are forgotten.
func grown(t testing.TB, n int) *desk {
	d := newDesk(t)
	atOnce(n, func(i int) {
		in := d.says(0, fmt.Sprintf("open sev3 service%d answers slowly in region%d", i, i%97)).Incident.Number
		d.says(in, fmt.Sprintf("note host%d was restarted", i))
		d.says(in, "close")
		d.shown(in)
	})
	if _, err := d.store.Forget(context.Background(), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	return d
}

// shown says that Slack shows an incident as it is.
func (d *desk) shown(n incidents.Number) {
	in, err := d.store.Incident(context.Background(), n)
	if err == nil {
		err = d.store.PutRecord(context.Background(), store.Record{
			Mirror: "slack", Incident: n, SyncedVersion: in.Version, CursorSeq: in.Seq, Place: fmt.Sprint("C", n), PlaceName: fmt.Sprint("inc-", n),
		})
	}
	if err != nil {
		d.t.Error(err)
	}
}

// deeds are what a person does in an incident, from open to closed.
var deeds = []string{
	"ack", "sev 1 wider than thought", "role commander me", "status identified", "note the cache is cold", "update we roll back next 30m",
	"task add look at the cache", "task done 1", "summary a bad deployment", "link https://example.com/1 graph", "service add checkout",
	"show", "timeline", "list", "list sev1", "search coldcache", "resolve rolled back", "close",
}

// measured is what f costs each deed of one incident's life, by what was said.
func (d *desk) measured(f func(deed func()) float64) map[string]float64 {
	cost := map[string]float64{}
	var in incidents.Number
	cost["open"] = f(func() { in = d.says(0, "open sev2 coldcache makes the checkout slow").Incident.Number })
	cost["a message"] = f(func() { d.records(in, "I see errors in the payments service") })
	for _, text := range deeds {
		cost[text] = f(func() { d.says(in, text) })
	}
	return cost
}

// compared lets two desks take turns, and answers for each deed how many times
// the median of the second is that of the first.
func compared(rounds int, first, second *desk, f func(deed func()) float64) map[string]float64 {
	costs := [2]map[string][]float64{{}, {}}
	for range rounds {
		for i, d := range []*desk{first, second} {
			for deed, cost := range d.measured(f) {
				costs[i][deed] = append(costs[i][deed], cost)
			}
		}
	}
	return timesOf(costs)
}

// timesOf is for each deed how many times the second median is the first.
func timesOf(costs [2]map[string][]float64) map[string]float64 {
	times := map[string]float64{}
	for deed := range costs[0] {
		times[deed] = middle(costs[1][deed]) / middle(costs[0][deed])
	}
	return times
}

func middle(list []float64) float64 { return slices.Sorted(slices.Values(list))[len(list)/2] }

// fullSize is set where benchmarks run at the size of their goals.
var fullSize = os.Getenv("FIREBOSS_BENCH") == "full"

// BenchmarkHistory has people act while 10,000 closed incidents are in the
// store, and while none are. The goal: nothing takes more than 1.2 times as
// long.
func BenchmarkHistory(b *testing.B) {
	n, rounds := 1000, 5
	if fullSize {
		n, rounds = 10_000, 101
	}
	few, many := newDesk(b), grown(b, n)
	took := compared(rounds, few, many, func(deed func()) float64 {
		begin := time.Now()
		deed()
		return float64(time.Since(begin))
	})
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(n), "closed")
	reportWorst(b, took)
}

func reportWorst(b *testing.B, times map[string]float64) {
	worst, all := "", []float64{}
	for deed, x := range times {
		b.Logf("%-28s %.2f", deed, x)
		all = append(all, x)
		if worst == "" || x > times[worst] {
			worst = deed
		}
	}
	b.ReportMetric(middle(all), "×median")
	b.ReportMetric(times[worst], "×worst")
}

// BenchmarkLongChannel has people act in an incident of 20,000 messages, and in
// one of none. The goals: recording the next message costs what the first did,
// and nothing else takes more than 1.2 times as long.
func BenchmarkLongChannel(b *testing.B) {
	n, rounds := 2000, 5
	if fullSize {
		n, rounds = 20_000, 101
	}
	d := newDesk(b)
	took := inChannels(d, n, rounds, func(deed func()) float64 {
		begin := time.Now()
		deed()
		return float64(time.Since(begin))
	})
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(n), "messages")
	b.ReportMetric(took["a message"], "×message")
	reportWorst(b, took)
}

// talk is what can be said in an incident again and again.
var talk = []string{"note the cache is cold", "update we roll back next 30m", "summary a bad deployment", "show", "timeline", "list", "search slowish"}

// inChannels compares an incident of a few messages, as many as a timeline
// shows, with one of so many.
func inChannels(d *desk, messages, rounds int, f func(deed func()) float64) map[string]float64 {
	with := func(messages int) incidents.Number {
		in := d.says(0, "open sev2 the checkout is slowish").Incident.Number
		atOnce(messages, func(i int) { d.records(in, fmt.Sprintf("look%d: errors in the payments service", i)) })
		return in
	}
	long := with(messages)
	costs := [2]map[string][]float64{{}, {}}
	for range rounds {
		for i, in := range []incidents.Number{with(40), long} {
			note := func(name string, deed func()) { costs[i][name] = append(costs[i][name], f(deed)) }
			note("a message", func() { d.records(in, "I see errors in the payments service") })
			for _, text := range talk {
				note(text, func() { d.says(in, text) })
			}
		}
	}
	return timesOf(costs)
}

// TestCostStays counts what people's acts allocate, which is the same on any
// machine, and grows with every row that is looked at: with hundreds of closed
// incidents, and in an incident of hundreds of messages, by no more than that
// the trees of the store are a level deeper.
func TestCostStays(t *testing.T) {
	const n = 400
	mallocs := func(deed func()) float64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		deed()
		runtime.ReadMemStats(&after)
		return float64(after.Mallocs - before.Mallocs)
	}
	const atMost = 1.5
	for what, times := range map[string]map[string]float64{
		"closed incidents": compared(5, newDesk(t), grown(t, n), mallocs),
		"messages":         inChannels(newDesk(t), n, 5, mallocs),
	} {
		for deed, x := range times {
			if x > atMost {
				t.Errorf("with %d %s %q costs %.2f times what it did without", n, what, deed, x)
			}
		}
	}
}
