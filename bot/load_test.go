package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"fireboss/bot/settings"
	"fireboss/bot/slacksim"
	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/store"
	"fireboss/incidents/store/bolt"
)

// size is how many of something a benchmark takes: all of them where
// FIREBOSS_BENCH=full asks for it, and a few in CI, which runs each once.
func size(full, short int) int {
	if os.Getenv("FIREBOSS_BENCH") == "full" {
		return full
	}
	return short
}

func median[T float64 | time.Duration](list []T) T {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

func milliseconds(since time.Time) float64 { return float64(time.Since(since).Microseconds()) / 1000 }

// laden is a program with a store that somebody has filled, and a workspace. It
// is called directly, and does nothing by itself: what is measured is not
// disturbed by what it would do beside.
type laden struct {
	*program
	sim   *bubble
	alice incidents.Actor
	n     int // for ids and texts that are told apart

	user    string
	newest  incidents.Number // of those that were opened here
	channel string           // its channel
}

// load makes a program with a store in a folder that fill has filled; no folder is one
// in memory, where there is such: what a disk adds changes from moment to moment.
func load(b *testing.B, folder string, fill func(*bolt.DB)) *laden {
	b.Helper()
	sim, err := newBubble(slacksim.Options{})
	if err != nil {
		b.Fatal(err)
	}
	s := sim.settings()
	if folder != "" {
		s.Store = settings.NewStore(filepath.Join(folder, "fireboss.db"))
	}
	s.APITokens = []settings.APIToken{{Name: "ops", Token: settings.NewSecret(storyToken), Scope: settings.ScopeAdmin}}
	policy := rules(s)
	db, err := bolt.Open(s.Store.Reveal(), bolt.Options{Rules: func() incidents.Rules { return policy }})
	if err != nil {
		b.Fatal(err)
	}
	if err := db.AddMirror(b.Context(), "slack"); err != nil {
		b.Fatal(err)
	}
	fill(db)
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	p, err := newProgram(s, newMemoryNet(), sim.slack.dial, zerolog.Nop())
	if err != nil {
		b.Fatal(err)
	}
	if err := p.client.Connect(b.Context()); err != nil {
		b.Fatal(err)
	}
	l := &laden{program: p, sim: sim}
	who, err := p.people.Person(b.Context(), "alice")
	if err != nil {
		b.Fatal(err)
	}
	l.alice = who.Actor()
	_, l.user, _ = strings.Cut(who.ID, "/")
	p.intake.Placed = func(context.Context, incidents.Number) {} // it would wait for what is not done
	b.Cleanup(func() {
		p.intake.Close(context.Background())
		p.client.Close()
		if err := p.store.Close(); err != nil {
			b.Error(err)
		}
		if err := sim.end(); err != nil {
			b.Error(err)
		}
	})
	return l
}

// says has somebody type a command in a channel, and waits for the answer on its
// acknowledgement.
func (l *laden) says(b *testing.B, text, channel string) string {
	l.n++
	payload, err := json.Marshal(map[string]string{
		"user_id": l.user, "user_name": "alice", "channel_id": channel, "command": "/incident", "text": text, "trigger_id": fmt.Sprint("T", l.n), "team_id": l.client.TeamID,
	})
	if err != nil {
		b.Fatal(err)
	}
	raw := fmt.Appendf(nil, `{"envelope_id":"E%d","type":"slash_commands","payload":%s}`, l.n, payload)
	acked := make(chan string, 1)
	l.intake.Frame(raw, func(ack []byte) error { acked <- string(ack); return nil })
	return <-acked
}

// opens opens an incident and gives it a channel.
func (l *laden) opens(b *testing.B) {
	l.n++
	r := l.intake.Desk.Handle(b.Context(), commands.Request{ID: fmt.Sprint("opens/", l.n), Actor: l.alice, At: time.Now(), Text: fmt.Sprint("open sev3 number ", l.n), Origin: "slack"})
	if r.Incident == nil {
		b.Fatal(r.Text, r.Fault)
	}
	l.newest, l.channel = r.Incident.Number, fmt.Sprintf("C%08d", r.Incident.Number)
	if err := l.store.PutRecord(b.Context(), store.Record{Mirror: "slack", Incident: l.newest, Place: l.channel}); err != nil {
		b.Fatal(err)
	}
}

// rest waits until all that was taken in is done with.
func (l *laden) rest(b *testing.B) {
	for {
		if rows, err := l.store.Unfinished(b.Context()); err != nil {
			b.Fatal(err)
		} else if len(rows) == 0 {
			return
		}
		runtime.Gosched()
	}
}

// get asks for a page or calls the API, and fails where it is refused.
func (l *laden) get(b *testing.B, path string) {
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080"+path, nil)
	r.RemoteAddr = "127.0.0.1:50000"
	r.Header.Set("Authorization", "Bearer "+storyToken)
	w := httptest.NewRecorder()
	l.site.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		b.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	_, _ = io.Copy(io.Discard, w.Body)
}

// mirrored brings an incident's channel up to date, as the mirror's worker does.
func (l *laden) mirrored(n incidents.Number) {
	l.mirror.ctx = context.Background() // without one it does not work by itself
	defer func() { l.mirror.ctx = nil }()
	for again := true; again; {
		again, _ = l.mirror.once(n)
	}
}

// filler writes into a store by many hands, for they share commits.
type filler struct {
	b  *testing.B
	db *bolt.DB
}

// each calls f for 0 to n-1, a hundred at a time.
func (f filler) each(n int, do func(i int)) {
	var all sync.WaitGroup
	for w := range 100 {
		all.Go(func() {
			for i := w; i < n; i += 100 {
				do(i)
			}
		})
	}
	all.Wait()
}

func (f filler) apply(id string, n incidents.Number, at time.Time, do incidents.Act) incidents.Incident {
	who := incidents.Actor{Kind: incidents.User, ID: "slack:T0SIM/U0FILLER", Name: "dave"}
	out, err := f.db.Apply(context.Background(), incidents.Command{ID: id, Actor: who, At: at, Incident: n, Origin: "slack", Do: do})
	if err != nil {
		f.b.Error(err)
	}
	return out.Incident
}

// shown says that Slack shows all of an incident, in a channel of this name.
func (f filler) shown(in incidents.Incident) {
	name := fmt.Sprint("inc-", int(in.Number))
	rec := store.Record{Mirror: "slack", Incident: in.Number, SyncedVersion: in.Version, CursorSeq: in.Seq, Place: fmt.Sprintf("C%08d", in.Number), PlaceName: name}
	if err := f.db.PutRecord(context.Background(), rec); err != nil {
		f.b.Error(err)
	}
}

// incident is one of those in the store: of a fifth of the severities, and with
// what people say in one.
func (f filler) incident(i int, closed bool) {
	at := time.Now().Add(-time.Duration(i) * time.Minute)
	id := fmt.Sprint("fill/", i)
	title := fmt.Sprintf("checkout is slow in region %d", i%97)
	if i < 10 {
		title = fmt.Sprintf("a certificate expired on host %d", i)
	}
	in := f.apply(id, 0, at, incidents.Open{Title: title, Severity: incidents.Severity(1 + i%5), Services: []string{"checkout"}})
	steps := []incidents.Act{
		incidents.Acknowledge{}, incidents.AddNote{Text: fmt.Sprintf("the queue of shard %d is full", i)},
		incidents.PostUpdate{Text: fmt.Sprintf("we look into it, shard %d", i)}, incidents.ChangeStatus{To: incidents.Identified, Why: "a bad deploy"},
	}
	if closed {
		steps = append(steps, incidents.Resolve{Text: "rolled back"}, incidents.Close{})
	}
	for j, do := range steps {
		in = f.apply(fmt.Sprint(id, "/", j), in.Number, at.Add(time.Duration(j+1)*time.Minute), do)
	}
	f.shown(in)
}
