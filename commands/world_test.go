package commands

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
	"fireboss/incidents/store/bolt"
)

// shaky is a store that can be made to fail.
type shaky struct {
	store.Store
	fail error // what every call of a command fails with; nil: none
	// before is an alert as it is read once more, before others changed it; nil: as it is.
	before *alerts.Alert
}

func (s *shaky) Apply(ctx context.Context, c incidents.Command) (incidents.Outcome, error) {
	if s.fail != nil {
		return incidents.Outcome{}, s.fail
	}
	return s.Store.Apply(ctx, c)
}

func (s *shaky) Incident(ctx context.Context, n incidents.Number) (incidents.Incident, error) {
	if s.fail != nil {
		return incidents.Incident{}, s.fail
	}
	return s.Store.Incident(ctx, n)
}

func (s *shaky) Incidents(ctx context.Context, q store.Query) ([]incidents.Incident, error) {
	if s.fail != nil {
		return nil, s.fail
	}
	return s.Store.Incidents(ctx, q)
}

func (s *shaky) Events(ctx context.Context, n incidents.Number, after uint64, limit int) ([]incidents.Event, error) {
	if s.fail != nil {
		return nil, s.fail
	}
	return s.Store.Events(ctx, n, after, limit)
}

func (s *shaky) Search(ctx context.Context, words []string, limit int) ([]incidents.Number, error) {
	if s.fail != nil {
		return nil, s.fail
	}
	return s.Store.Search(ctx, words, limit)
}

func (s *shaky) Alert(ctx context.Context, n alerts.Number) (alerts.Alert, error) {
	if s.fail != nil {
		return alerts.Alert{}, s.fail
	}
	if was := s.before; was != nil {
		s.before = nil
		return *was, nil
	}
	return s.Store.Alert(ctx, n)
}

func (s *shaky) AddSilence(ctx context.Context, made alerts.Silence) (alerts.Silence, bool, error) {
	if s.fail != nil {
		return made, false, s.fail
	}
	return s.Store.AddSilence(ctx, made)
}

func (s *shaky) PutSignInLink(ctx context.Context, l store.SignInLink) error {
	if s.fail != nil {
		return s.fail
	}
	return s.Store.PutSignInLink(ctx, l)
}

func (s *shaky) Writable(ctx context.Context) error {
	if s.fail != nil {
		return s.fail
	}
	return s.Store.Writable(ctx)
}

// town is a directory of people who do not change.
type town struct{ fail error }

var inhabitants = map[string]incidents.Person{
	"alice": {ID: "slack:T1/UA", Name: "alice"}, "bob": {ID: "slack:T1/UB", Name: "bob"},
	"carol": {ID: "slack:T1/UC", Name: "carol"}, "dave": {ID: "slack:T1/UD", Name: "dave"},
}

func (t town) Person(_ context.Context, name string) (incidents.Person, error) {
	if t.fail != nil {
		return incidents.Person{}, t.fail
	}
	if p, ok := inhabitants[strings.ToLower(name)]; ok {
		return p, nil
	}
	return incidents.Person{}, ErrUnknown
}

func (t town) Group(_ context.Context, handle string) ([]incidents.Person, error) {
	switch {
	case t.fail != nil:
		return nil, t.fail
	case handle == "oncall":
		return []incidents.Person{inhabitants["alice"], inhabitants["bob"]}, nil
	case handle == "empty":
		return nil, nil
	}
	return nil, ErrUnknown
}

// world is a desk with a store behind it, and a clock that a test moves.
type world struct {
	t     testing.TB
	desk  *Desk
	store *shaky
	at    time.Time
	here  incidents.Number
	said  int
	rules incidents.Rules
}

// noon is when every test begins.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, at: noon}
	w.rules = incidents.Rules{
		PrivateTypes: []string{"security"}, Clock: incidents.DefaultClock(),
		Services: map[string]incidents.Service{"checkout": {Tier: 1, Owner: "@oncall"}},
	}
	rules := func() incidents.Rules { return w.rules }
	db, err := bolt.Open(filepath.Join(t.TempDir(), "fireboss.db"), bolt.Options{Rules: rules, Now: func() time.Time { return w.at }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	w.store = &shaky{Store: db}
	w.desk = &Desk{Store: w.store, Rules: rules, People: town{}, Dashboard: "http://127.0.0.1:8080"}
	return w
}

// request is what somebody says now, where the world is.
func (w *world) request(who, text string) Request {
	w.said++
	return Request{ID: fmt.Sprintf("slack:%d", w.said), Actor: inhabitants[who].Actor(), At: w.at, Text: text, Here: w.here, Origin: "slack"}
}

// says lets somebody say something; whatever the answer, it has to be one.
func (w *world) says(who, text string) Reply {
	w.t.Helper()
	r := w.desk.Handle(w.t.Context(), w.request(who, text))
	if r.Text == "" {
		w.t.Errorf("%s said %q and got no answer", who, text)
	}
	return r
}

// does is says where nothing may be refused.
func (w *world) does(who, text string) Reply {
	w.t.Helper()
	r := w.says(who, text)
	if r.Refused != "" || r.Fault != nil {
		w.t.Fatalf("%s said %q: %s (%v)", who, text, r.Text, r.Fault)
	}
	return r
}

// incident is an incident as it stands.
func (w *world) incident(n incidents.Number) incidents.Incident {
	w.t.Helper()
	in, err := w.store.Incident(w.t.Context(), n)
	if err != nil {
		w.t.Fatal(err)
	}
	return in
}

// events are all of an incident's.
func (w *world) events(n incidents.Number) []incidents.Event {
	w.t.Helper()
	list, err := w.store.Events(w.t.Context(), n, 0, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}
