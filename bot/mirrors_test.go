package bot

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"fireboss/incidents"
	"fireboss/incidents/store"
	"fireboss/incidents/store/bolt"
)

// glass is a mirror that shows what the test lets it show, and counts.
type glass struct {
	*testing.T
	db     *bolt.DB
	worker *mirrorWorker
	stop   context.CancelFunc
	// show is one pass; n counts those of the incident from 1. Nil: it shows all.
	show func(ctx context.Context, n int, rec *store.Record) error

	mu     sync.Mutex
	passes map[incidents.Number][]time.Time
	under  map[incidents.Number]int // passes under way
	most   map[incidents.Number]int // at once
}

// inGlass runs a test with a worker that has not been started, in virtual time.
func inGlass(t *testing.T, test func(g *glass)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		g := &glass{T: t, passes: map[incidents.Number][]time.Time{}, under: map[incidents.Number]int{}, most: map[incidents.Number]int{}}
		var err error
		g.db, err = bolt.Open(filepath.Join(t.TempDir(), "fireboss.db"), bolt.Options{Committed: func(list []incidents.Number) {
			for _, n := range list {
				if g.worker != nil {
					g.worker.changed(n)
				}
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		test(g)
		g.halt()
		if err := g.db.Close(); err != nil {
			t.Error(err)
		}
	})
}

// begin starts a worker, as a start of the program does.
func (g *glass) begin() {
	ctx, cancel := context.WithCancel(context.Background())
	g.stop = cancel
	g.worker = newMirrorWorker("slack", g.db, g.sync, func(time.Duration) {}, zerolog.Nop())
	if err := g.worker.start(ctx); err != nil {
		g.Fatal(err)
	}
}

// halt ends it.
func (g *glass) halt() {
	if g.stop != nil {
		g.stop()
		g.worker.wait()
		g.stop, g.worker = nil, nil
	}
}

func (g *glass) sync(ctx context.Context, in incidents.Incident, rec store.Record, events []incidents.Event, _ func(store.Record, ...store.Link) error) (store.Record, []store.Link, error) {
	g.mu.Lock()
	g.passes[in.Number] = append(g.passes[in.Number], time.Now())
	n := len(g.passes[in.Number])
	g.under[in.Number]++
	g.most[in.Number] = max(g.most[in.Number], g.under[in.Number])
	g.mu.Unlock()
	defer func() {
		g.mu.Lock()
		g.under[in.Number]--
		g.mu.Unlock()
	}()
	if g.show != nil {
		if err := g.show(ctx, n, &rec); err != nil {
			return rec, nil, err
		}
	}
	rec.Place, rec.SyncedVersion = "C1", in.Version
	if len(events) > 0 {
		rec.CursorSeq = events[len(events)-1].Seq
	}
	return rec, nil, nil
}

func (g *glass) apply(n incidents.Number, act incidents.Act) incidents.Number {
	g.Helper()
	alice := incidents.Actor{Kind: incidents.User, ID: "slack:T/UALICE", Name: "alice"}
	out, err := g.db.Apply(g.Context(), incidents.Command{Actor: alice, Incident: n, Do: act})
	if err != nil {
		g.Fatal(err)
	}
	return out.Incident.Number
}

func (g *glass) behind() int {
	list, err := g.db.BehindMirror(context.Background(), "slack")
	if err != nil {
		g.Fatal(err)
	}
	return len(list)
}

func (g *glass) read(of map[incidents.Number]int, n incidents.Number) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return of[n]
}

func (g *glass) count(n incidents.Number) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.passes[n])
}

func TestWhatWasNotShownIsShownAfterTheStart(t *testing.T) {
	inGlass(t, func(g *glass) {
		g.begin()
		g.halt()
		g.apply(0, incidents.Open{Title: "while nobody looks"})
		g.begin()
		time.Sleep(time.Second)
		if g.count(1) != 1 || g.behind() != 0 {
			g.Errorf("%d passes, %d behind", g.count(1), g.behind())
		}
	})
}

// One pass at a time for an incident, many incidents side by side; what changes
// meanwhile is shown by the next pass, however much it was.
func TestAnIncidentHasOnePassAtATime(t *testing.T) {
	inGlass(t, func(g *glass) {
		g.show = func(context.Context, int, *store.Record) error { time.Sleep(time.Second); return nil }
		g.begin()
		for range 3 {
			n := g.apply(0, incidents.Open{Title: "checkout is down"})
			for i := range 10 {
				g.apply(n, incidents.AddNote{Text: fmt.Sprint("looked ", i)})
			}
		}
		time.Sleep(500 * time.Millisecond)
		for n := range incidents.Number(3) {
			if under := g.read(g.under, n+1); under != 1 {
				g.Errorf("%s: %d passes under way", n+1, under)
			}
		}
		time.Sleep(time.Minute)
		for n := range incidents.Number(3) {
			if most := g.read(g.most, n+1); most != 1 || g.count(n+1) != 2 {
				g.Errorf("%s: %d passes at once, %d in all; want 1 and 2", n+1, most, g.count(n+1))
			}
		}
		if g.behind() > 0 {
			g.Error("what changed meanwhile is not shown")
		}
	})
}

// What a pass has done is kept, also where it then failed or was cut off by the stop.
func TestHowFarAPassCameIsKept(t *testing.T) {
	for name, cut := range map[string]bool{"it fails": false, "it is cut off": true} {
		t.Run(name, func(t *testing.T) {
			inGlass(t, func(g *glass) {
				g.show = func(ctx context.Context, n int, rec *store.Record) error {
					if n > 1 {
						return nil
					}
					rec.Place, rec.IDs = "C1", map[string]string{"card": "1.0"}
					if cut {
						<-ctx.Done()
						return ctx.Err()
					}
					return errors.New("internal_error")
				}
				g.begin()
				g.apply(0, incidents.Open{Title: "checkout is down"})
				time.Sleep(100 * time.Millisecond)
				g.halt()
				rec, err := g.db.Record(context.Background(), "slack", 1)
				if err != nil || rec.IDs["card"] != "1.0" || g.behind() != 1 {
					g.Errorf("kept is %+v (%v), %d behind", rec, err, g.behind())
				}
			})
		})
	}
}

// later is in outbox_test.go: an error that says when to try again.
func TestWhenAPassIsTriedAgain(t *testing.T) {
	const hour = time.Hour
	for _, tt := range []struct {
		name     string
		place    string
		fails    func() error
		min, max int           // passes within an hour
		longest  time.Duration // between two of them
	}{
		{"it fails", "C1", func() error { return errors.New("internal_error") }, 15, 40, lastRetry * 3 / 2},
		{"it fails, and people wait for a channel", "", func() error { return errors.New("internal_error") }, 100, 240, unplacedRetry},
		{"Slack says when", "C1", func() error { return later(10 * time.Minute) }, 6, 7, 10 * time.Minute},
		{"it panics, and nothing is known of it", "", func() error { panic("a fault of the program") }, 100, 240, unplacedRetry},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inGlass(t, func(g *glass) {
				var mended atomic.Bool
				g.show = func(_ context.Context, _ int, rec *store.Record) error {
					if mended.Load() {
						return nil
					}
					rec.Place = tt.place
					return tt.fails()
				}
				g.begin()
				g.apply(0, incidents.Open{Title: "checkout is down"})
				time.Sleep(hour)
				g.mu.Lock()
				list := slices.Clone(g.passes[1])
				g.mu.Unlock()
				if n := len(list); n < tt.min || n > tt.max {
					g.Errorf("%d passes in an hour, want %d to %d", n, tt.min, tt.max)
				}
				for i := 1; i < len(list); i++ {
					if d := list[i].Sub(list[i-1]); d > tt.longest {
						g.Errorf("%s between two passes", d)
					}
				}
				mended.Store(true)
				time.Sleep(tt.longest + time.Second)
				if g.behind() > 0 {
					g.Error("it is behind though nothing fails any more")
				}
			})
		})
	}
}

// A pass sees some events at once; the rest is shown by the next ones, at once.
func TestManyEventsAreShownPageByPage(t *testing.T) {
	inGlass(t, func(g *glass) {
		n := g.apply(0, incidents.Open{Title: "checkout is down"})
		for i := range 2*mirrorEvents + 50 {
			g.apply(n, incidents.AddNote{Text: fmt.Sprint("looked ", i)})
		}
		g.begin()
		time.Sleep(time.Second)
		if g.count(n) != 3 || g.behind() > 0 {
			g.Errorf("%d passes, %d behind", g.count(n), g.behind())
		}
	})
}

// changing is a store in which something happens to an incident right after it was
// read for the first time.
type changing struct {
	store.Store
	change func()
}

func (c *changing) Incident(ctx context.Context, n incidents.Number) (incidents.Incident, error) {
	in, err := c.Store.Incident(ctx, n)
	if change := c.change; change != nil {
		c.change = nil
		change()
	}
	return in, err
}

// What happens after an incident was read for a pass is not shown by that pass: it
// may have become private since.
func TestAPassKnowsNothingOfWhatCameAfter(t *testing.T) {
	inGlass(t, func(g *glass) {
		n := g.apply(0, incidents.Open{Title: "checkout is down"})
		var early []incidents.Kind
		sync := func(ctx context.Context, in incidents.Incident, rec store.Record, events []incidents.Event, save func(store.Record, ...store.Link) error) (store.Record, []store.Link, error) {
			for _, e := range events {
				if e.Kind == incidents.VisibilityChanged && !in.Private {
					early = append(early, e.Kind)
				}
			}
			return g.sync(ctx, in, rec, events, save)
		}
		ctx, cancel := context.WithCancel(context.Background())
		g.stop = cancel
		g.worker = newMirrorWorker("slack", &changing{Store: g.db, change: func() { g.apply(n, incidents.MakePrivate{Why: "keys"}) }}, sync, func(time.Duration) {}, zerolog.Nop())
		if err := g.worker.start(ctx); err != nil {
			t.Fatal(err)
		}
		elapse(time.Minute)
		if len(early) > 0 || g.behind() != 0 || g.count(n) < 2 {
			t.Errorf("shown too early: %v; %d behind after %d passes", early, g.behind(), g.count(n))
		}
	})
}
