package bot

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"fireboss/bot/web"
	"fireboss/incidents"
	"fireboss/incidents/store"
	"fireboss/incidents/store/bolt"
)

// BenchmarkInsights asks for the figures of ten thousand incidents of three years,
// with forty people, their messages and follow-ups: the page of all of them and that of
// twelve weeks, the page of follow-ups, and the API. Beside it stands what it would
// take to read the incidents, or all their events, without computing anything of them.
// The ways take turns; each figure is a median. FIREBOSS_BENCH=full takes the ten
// thousand; else there are fewer.
func BenchmarkInsights(b *testing.B) {
	y := newYears(b, size(10_000, 400))
	rounds := size(15, 3)
	took := map[string][]float64{}
	ways := []struct {
		name string
		do   func()
	}{
		{"ms-all", func() { y.get(b, "/insights?period=all") }}, {"ms-12-weeks", func() { y.get(b, "/insights") }}, {"ms-api", func() { y.get(b, "/api/v1/insights?period=all") }},
		{"ms-followups", func() { y.get(b, "/followups") }}, {"ms-reading-incidents", func() { y.incidents(b) }}, {"ms-reading-events", func() { y.events(b) }},
	}
	for range rounds {
		for _, w := range ways {
			begin := time.Now()
			w.do()
			took[w.name] = append(took[w.name], milliseconds(begin))
		}
	}
	b.ReportMetric(0, "ns/op")
	for _, w := range ways {
		b.ReportMetric(median(took[w.name]), w.name)
	}
	b.ReportMetric(median(took["ms-all"])/median(took["ms-reading-incidents"]), "×incidents")
	b.ReportMetric(median(took["ms-all"])/median(took["ms-reading-events"]), "×events")
}

// years are a site over the incidents of some years.
type years struct {
	filler
	site  http.Handler
	clock atomic.Int64 // nanoseconds since 1970
	n     int
}

// together is how many incidents happen at the same time: then they share commits, and
// the store is filled sooner.
const together = 50

func newYears(b *testing.B, n int) *years {
	y := &years{n: n}
	policy := incidents.Rules{Clock: incidents.DefaultClock()}
	rules := func() incidents.Rules { return policy }
	now := func() time.Time { return time.Unix(0, y.clock.Load()).UTC() }
	db, err := bolt.Open(filepath.Join(b.TempDir(), "fireboss.db"), bolt.Options{Rules: rules, Now: now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	y.filler = filler{b, db}
	end := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	const span = 3 * 365 * 24 * time.Hour
	for first := 0; first < n; first += together {
		y.clock.Store(end.Add(-span + span/time.Duration(n)*time.Duration(first)).UnixNano())
		y.block(first, min(together, n-first))
	}
	y.clock.Store(end.UnixNano())
	y.site = web.New(web.Options{
		Store: db, Rules: rules, Now: now, Log: zerolog.Nop(), Tokens: []web.Token{{Name: "ops", Secret: storyToken, Scope: web.Read}}, LoadByPerson: true,
	})
	return y
}

// block lets some incidents happen, step by step.
func (y *years) block(first, n int) {
	numbers := make([]incidents.Number, n)
	for step := range 16 {
		y.clock.Add(int64(4 * time.Minute))
		y.each(n, func(j int) {
			random := rand.New(rand.NewPCG(uint64(first+j), uint64(step)))
			if act := y.act(first+j, step, random); act != nil {
				if out, ok := y.does(fmt.Sprint(first+j, "/", step), numbers[j], random.IntN(40), act); ok {
					numbers[j] = out
				}
			}
		})
	}
}

// act is what is done about an incident in a step; nil: nothing.
func (y *years) act(i, step int, random *rand.Rand) incidents.Act {
	switch {
	case step == 0:
		return incidents.Open{
			Title: fmt.Sprint("checkout is slow in region ", i%97), Severity: incidents.Severity(random.IntN(6)), Type: []string{"availability", "security", "third-party"}[random.IntN(3)],
			Services: []string{fmt.Sprint("service-", random.IntN(30))}, Drill: i%20 == 0,
		}
	case step == 1+random.IntN(3):
		return incidents.Acknowledge{}
	case step == 5:
		return incidents.AddTask{List: incidents.Followups, Text: fmt.Sprint("look into shard ", i), Assignee: incidents.Person{ID: fmt.Sprint("slack:T0SIM/U", random.IntN(40)), Name: "somebody"}}
	case step == 12:
		return incidents.ChangeStatus{To: incidents.Monitoring}
	case step == 13 && i%50 != 0:
		return incidents.Resolve{Text: "rolled back"}
	case step == 14 && i%3 > 0:
		return incidents.MoveTask{List: incidents.Followups, Number: 1, To: incidents.TaskFinished}
	case step == 15 && i%50 != 0:
		return incidents.Close{}
	case random.IntN(3) == 0:
		return incidents.PostUpdate{Text: "we look into it"}
	case step < 12:
		return incidents.RecordMessage{ID: incidents.OutsideID{Mirror: "slack", ID: fmt.Sprint(i, "/", step)}, Text: "the queue of this shard is full", At: time.Unix(0, y.clock.Load())}
	}
	return nil
}

func (y *years) does(id string, n incidents.Number, who int, act incidents.Act) (incidents.Number, bool) {
	c := incidents.Command{ID: id, Actor: incidents.Actor{Kind: incidents.User, ID: fmt.Sprint("slack:T0SIM/U", who), Name: fmt.Sprint("person ", who)}, Incident: n, Origin: "slack", Do: act}
	out, err := y.db.Apply(y.b.Context(), c)
	if _, refused := incidents.AsRefusal(err); err != nil && !refused {
		y.b.Error(err)
	}
	return out.Incident.Number, err == nil
}

func (y *years) get(b *testing.B, path string) {
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080"+path, nil)
	r.RemoteAddr = "127.0.0.1:50000"
	r.Header.Set("Authorization", "Bearer "+storyToken)
	w := httptest.NewRecorder()
	y.site.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		b.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
}

// incidents reads every incident as it stands.
func (y *years) incidents(b *testing.B) {
	list, err := y.db.Incidents(b.Context(), store.Query{})
	if err != nil || len(list) != y.n {
		b.Fatal(len(list), err)
	}
}

// events reads every event.
func (y *years) events(b *testing.B) {
	for n := range incidents.Number(y.n) {
		if _, err := y.db.Events(b.Context(), n+1, 0, 0); err != nil {
			b.Fatal(err)
		}
	}
}
