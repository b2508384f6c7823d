package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// Options are what the suite wants of the store that it is given.
type Options struct {
	Rules     func() incidents.Rules
	Now       func() time.Time
	Committed func([]incidents.Number)
}

// Opened is a store, and the way to the same one again.
type Opened struct {
	Store store.Store
	// Reopen closes the store and opens what it has left behind.
	Reopen func() store.Store
}

// Run holds a backend to the contract. open makes an empty store with these
// options, which ends with the test it is given.
func Run(t *testing.T, open func(t *testing.T, o Options) Opened) {
	for _, c := range promises {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.check(newWorld(t, open))
		})
	}
}

// promise is a part of the contract and how it is tried.
type promise struct {
	name  string
	check func(*world)
}

var promises []promise

// holds adds promises to the suite; each file has its own.
func holds(list ...promise) bool {
	promises = append(promises, list...)
	return true
}

// world is a store with a clock and people.
type world struct {
	*testing.T
	Opened
	ctx context.Context

	clock     atomic.Int64 // nanoseconds since 1970
	ids       atomic.Int64
	mu        sync.Mutex
	rules     incidents.Rules
	committed [][]incidents.Number
}

// noon is when every test begins.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// The people.
var (
	alice = incidents.Actor{Kind: incidents.User, ID: "slack:T1/U1", Name: "Alice"}
	bob   = incidents.Actor{Kind: incidents.User, ID: "slack:T1/U2", Name: "Bob"}
)

func newWorld(t *testing.T, open func(*testing.T, Options) Opened) *world {
	w := &world{T: t, ctx: t.Context(), rules: incidents.Rules{Clock: incidents.DefaultClock()}}
	w.clock.Store(noon.UnixNano())
	w.Opened = open(t, Options{Rules: w.policy, Now: w.now, Committed: w.note})
	return w
}

func (w *world) policy() incidents.Rules {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.rules
}

func (w *world) note(list []incidents.Number) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.committed = append(w.committed, list)
}

func (w *world) now() time.Time { return time.Unix(0, w.clock.Load()).UTC() }

func (w *world) later(d time.Duration) { w.clock.Add(int64(d)) }

// again closes the store and opens it anew.
func (w *world) again() {
	w.Helper()
	w.Store = w.Reopen()
}

func (w *world) id() string { return "command-" + strconv.FormatInt(w.ids.Add(1), 10) }

// command is what Alice says of an incident.
func (w *world) command(n incidents.Number, act incidents.Act) incidents.Command {
	return incidents.Command{ID: w.id(), Actor: alice, At: w.now(), Incident: n, Origin: "slack", Do: act}
}

// apply does what must succeed.
func (w *world) apply(n incidents.Number, act incidents.Act) incidents.Outcome {
	w.Helper()
	out, err := w.Store.Apply(w.ctx, w.command(n, act))
	if err != nil {
		w.Fatalf("Apply %T to %s: %v", act, n, err)
	}
	return out
}

// open opens an incident.
func (w *world) open(title string) incidents.Number {
	w.Helper()
	return w.apply(0, incidents.Open{Title: title, Severity: 1}).Incident.Number
}

// say records a message of the channel.
func (w *world) say(n incidents.Number, id, text string) incidents.Outcome {
	w.Helper()
	return w.apply(n, incidents.RecordMessage{ID: message(id), Text: text, At: w.now()})
}

// many calls f with 0 to n-1, many at once.
func (w *world) many(n int, f func(int)) {
	var all sync.WaitGroup
	var next atomic.Int64
	for range min(n, 64) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	all.Wait()
}

// patience is how long the suite waits for what should happen at once.
const patience = 20 * time.Second

// soon waits for a signal.
func (w *world) soon(what string, signal <-chan struct{}) {
	w.Helper()
	select {
	case <-signal:
	case <-time.After(patience):
		w.Fatalf("never: %s", what)
	}
}

func message(id string) incidents.OutsideID {
	return incidents.OutsideID{Mirror: "slack", ID: "C1/" + id}
}

func (w *world) incident(n incidents.Number) incidents.Incident {
	w.Helper()
	in, err := w.Store.Incident(w.ctx, n)
	if err != nil {
		w.Fatalf("Incident %s: %v", n, err)
	}
	return in
}

func (w *world) events(n incidents.Number) []incidents.Event {
	w.Helper()
	list, err := w.Store.Events(w.ctx, n, 0, 0)
	if err != nil {
		w.Fatalf("Events of %s: %v", n, err)
	}
	return list
}

// audit expects that every chain holds.
func (w *world) audit() store.Audit {
	w.Helper()
	a, err := w.Store.Audit(w.ctx)
	if err != nil || a.Wrong != "" {
		w.Fatalf("Audit: %q, %v", a.Wrong, err)
	}
	return a
}

// refused expects a refusal.
func (w *world) refused(err error) {
	w.Helper()
	if _, ok := incidents.AsRefusal(err); !ok {
		w.Fatalf("got %v, want a refusal", err)
	}
}

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// missing expects that something is not there.
func (w *world) missing(err error) {
	w.Helper()
	if !errors.Is(err, store.ErrNotFound) {
		w.Fatalf("got %v, want ErrNotFound", err)
	}
}

// sameIncident expects two incidents to be equal in every part; an empty list
// is as good as none.
func (w *world) sameIncident(what string, got, want incidents.Incident) {
	w.Helper()
	g, err := json.Marshal(got)
	w.ok(err)
	v, err := json.Marshal(want)
	w.ok(err)
	same(w, what, string(g), string(v))
	same(w, what+": seq", got.Seq, want.Seq)
	same(w, what+": head", got.Head, want.Head)
}

// same expects two values to be equal in every part.
func same[V any](w *world, what string, got, want V) {
	w.Helper()
	if !reflect.DeepEqual(got, want) {
		w.Fatalf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}
