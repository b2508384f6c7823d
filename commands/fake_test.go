package commands

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// memory is the part of the store's contract that commands need, in memory.
type memory struct {
	store.Store // what commands have no business with is nil, and calling it a mistake

	mu       sync.Mutex
	now      func() time.Time
	rules    incidents.Rules
	state    map[incidents.Number][]byte
	seq      map[incidents.Number]uint64
	events   map[incidents.Number][]incidents.Event
	outcomes map[string]incidents.Outcome
	messages []incidents.Message
	fail     error // what every call fails with
	applied  int
}

func newMemory(rules incidents.Rules, now func() time.Time) *memory {
	return &memory{now: now, rules: rules, state: map[incidents.Number][]byte{}, seq: map[incidents.Number]uint64{},
		events: map[incidents.Number][]incidents.Event{}, outcomes: map[string]incidents.Outcome{}}
}

func (m *memory) Apply(ctx context.Context, c incidents.Command) (incidents.Outcome, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := errors.Join(ctx.Err(), m.fail); err != nil {
		return incidents.Outcome{}, err
	}
	m.applied++
	if out, ok := m.outcomes[c.ID]; ok {
		out.Repeated = true
		return out, nil
	}
	in, _ := m.load(c.Incident)
	if _, opening := c.Do.(incidents.Open); opening {
		in = incidents.Incident{Number: incidents.Number(len(m.state) + 1)}
	}
	change, err := incidents.Decide(m.rules, in, incidents.Facts{}, c, m.now())
	if err != nil {
		return incidents.Outcome{}, err
	}
	n := change.Incident.Number
	for i := range change.Events {
		m.seq[n]++
		change.Events[i].Seq = m.seq[n]
	}
	change.Incident.Seq = m.seq[n]
	m.events[n] = append(m.events[n], change.Events...)
	m.messages = append(m.messages, change.Messages...)
	m.state[n], err = json.Marshal(change.Incident)
	if err != nil {
		return incidents.Outcome{}, err
	}
	out := incidents.Outcome{Incident: change.Incident, Events: change.Events}
	m.outcomes[c.ID] = out
	return out, nil
}

func (m *memory) load(n incidents.Number) (incidents.Incident, error) {
	var in incidents.Incident
	raw, ok := m.state[n]
	if !ok {
		return in, store.ErrNotFound
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return in, err
	}
	in.Seq = m.seq[n]
	return in, nil
}

func (m *memory) Incident(ctx context.Context, n incidents.Number) (incidents.Incident, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := errors.Join(ctx.Err(), m.fail); err != nil {
		return incidents.Incident{}, err
	}
	return m.load(n)
}

func (m *memory) Incidents(ctx context.Context, q store.Query) ([]incidents.Incident, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := errors.Join(ctx.Err(), m.fail); err != nil {
		return nil, err
	}
	var list []incidents.Incident
	for n := incidents.Number(len(m.state)); n > 0 && (q.Limit == 0 || len(list) < q.Limit); n-- {
		in, err := m.load(n)
		if err != nil {
			return nil, err
		}
		if q.Open && in.Status.Ended() || q.Severity != nil && in.Severity != *q.Severity || q.Where != nil && !q.Where(in) {
			continue
		}
		list = append(list, in)
	}
	return list, nil
}

func (m *memory) Events(ctx context.Context, n incidents.Number, after uint64, limit int) ([]incidents.Event, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := errors.Join(ctx.Err(), m.fail); err != nil {
		return nil, err
	}
	list := m.events[n][min(after, uint64(len(m.events[n]))):]
	if limit > 0 && len(list) > limit {
		list = list[:limit]
	}
	return list, nil
}

func (m *memory) Search(ctx context.Context, words []string, limit int) ([]incidents.Number, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := errors.Join(ctx.Err(), m.fail); err != nil {
		return nil, err
	}
	var list []incidents.Number
	for n := incidents.Number(len(m.state)); n > 0 && len(list) < limit; n-- {
		all := true
		for _, w := range words {
			all = all && strings.Contains(strings.ToLower(string(m.state[n])), w)
		}
		if all {
			list = append(list, n)
		}
	}
	return list, nil
}

func (m *memory) Writable(context.Context) error { return m.fail }

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
	t     *testing.T
	desk  *Desk
	store *memory
	at    time.Time
	here  incidents.Number
	said  int
}

// noon is when every test begins.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, at: noon}
	rules := incidents.Rules{
		PrivateTypes: []string{"security"}, Clock: incidents.DefaultClock(),
		Services: map[string]incidents.Service{"checkout": {Tier: 1, Owner: "@oncall"}},
	}
	w.store = newMemory(rules, func() time.Time { return w.at })
	w.desk = &Desk{Store: w.store, Rules: func() incidents.Rules { return rules }, People: town{}, Dashboard: "http://127.0.0.1:8080"}
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
