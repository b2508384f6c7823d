package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// Desk answers what is said; [commands.Desk] is the one there is. The same
// request id must be answered as the first time.
type Desk interface {
	Handle(ctx context.Context, r commands.Request) commands.Reply
}

// Options are what the pages and the API stand on.
type Options struct {
	Store  store.Store
	Desk   Desk
	People People                 // who is who in the workspace; nil: nobody is asked
	Rules  func() incidents.Rules // for names of roles and runbooks of services; nil: none
	Tokens []Token                // who may use the API, besides those that are made here; one without a secret is nobody's
	// PublicURL is where people reach this, as the configuration has it.
	PublicURL string
	// BehindProxy says that a proxy stands in front. A connection then comes
	// from the proxy, not from a person at this machine, and pages stay shut.
	BehindProxy bool
	Metrics     http.Handler                    // answers /metrics; nil: nothing there
	Ready       func(ctx context.Context) error // nil: ready while the store can be written
	Log         zerolog.Logger
	Now         func() time.Time // nil: the clock
	// SignIn is where people sign in; nil: nowhere, and then a browser on this
	// machine sees what any member does.
	SignIn *SignIn
	// Demo are the names of people as whom a browser on this machine signs in with
	// one click. It belongs to a demo: no configuration has it.
	Demo []string
	// Sessions say how long somebody stays signed in; what is zero is 12 hours without
	// a look, and a week in all.
	Sessions Sessions
	// Roster are the people who are known without asking anybody, for texts and forms
	// that name somebody; nil: none.
	Roster func() []incidents.Person
	// LoadByPerson says that the insights tell the load of each person.
	LoadByPerson bool
	// Heartbeats are the alerts that fire as long as all is well, and how they stand at a moment; nil: there are none.
	Heartbeats func(ctx context.Context, now time.Time) ([]alerts.Pulse, error)
	// Hooks takes what outside systems send to /hooks/; nil: nothing is there.
	Hooks http.Handler
	// Alerts are the rules of alerts as they are now. Nil: nothing is said of them.
	Alerts func() alerts.Policy
	// Changed is told of a change of a service that was kept; nil: nobody is.
	Changed func(ctx context.Context, c incidents.ServiceChange)
}

// Site answers every request of the listener but those of other doors. It is
// safe for use by many goroutines.
type Site struct {
	store   store.Store
	desk    Desk
	people  People
	rules   func() incidents.Rules
	keys    keyring
	public  *url.URL
	proxy   bool
	ready   func(ctx context.Context) error
	log     zerolog.Logger
	now     func() time.Time
	changed func(ctx context.Context, c incidents.ServiceChange)

	sessions   Sessions
	known      acquaintances
	provider   *provider
	tries      *limiter // to sign in
	wrong      *limiter // tokens that nobody has
	calls      *limiter // of the API
	demo       []string
	sameOrigin *http.CrossOriginProtection

	mux     *http.ServeMux
	hooks   http.Handler // nil: nothing is there
	flights flights
	live    *live
	album   album
	answers answers
	roster  func() []incidents.Person

	loadByPerson bool
	alertPolicy  func() alerts.Policy
	heartbeats   func(ctx context.Context, now time.Time) ([]alerts.Pulse, error)
}

// New makes the site.
func New(o Options) *Site {
	s := &Site{
		store: o.Store, desk: o.Desk, people: o.People, sessions: o.Sessions, demo: o.Demo, rules: o.Rules, keys: newKeyring(o.Tokens), proxy: o.BehindProxy,
		ready: o.Ready, log: o.Log, now: o.Now, changed: o.Changed, flights: flights{busy: map[string]chan struct{}{}}, live: newLive(), roster: o.Roster,
		loadByPerson: o.LoadByPerson, alertPolicy: o.Alerts, heartbeats: o.Heartbeats,
	}
	if s.heartbeats == nil {
		s.heartbeats = func(context.Context, time.Time) ([]alerts.Pulse, error) { return nil, nil }
	}
	if s.rules == nil {
		s.rules = func() incidents.Rules { return incidents.Rules{} }
	}
	if s.roster == nil {
		s.roster = func() []incidents.Person { return nil }
	}
	if s.ready == nil {
		s.ready = s.store.Writable
	}
	if s.changed == nil {
		s.changed = func(context.Context, incidents.ServiceChange) {}
	}
	if s.now == nil {
		s.now = time.Now
	}
	public, err := url.Parse(strings.TrimRight(o.PublicURL, "/"))
	if err != nil { // the configuration was checked; an address nobody can read stands for none
		public = &url.URL{}
	}
	s.public, s.sameOrigin = public, newOriginCheck(public)
	s.sessions.Idle, s.sessions.Max = cmp.Or(s.sessions.Idle, 12*time.Hour), cmp.Or(s.sessions.Max, 7*24*time.Hour)
	s.provider = newProvider(o.SignIn, public, s.now)
	s.tries, s.wrong, s.calls = newLimiter(tryLimit), newLimiter(wrongOnes), newLimiter(callLimit)
	s.mux, s.hooks = s.routes(o.Metrics), o.Hooks
	return s
}

// hooksPath is below which [Options.Hooks] answers.
const hooksPath = "/hooks/"

// ServeHTTP answers one request. What outside systems send goes past what pages need: there may be very much of it, and
// its answers are no pages.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	out := &tracked{ResponseWriter: w}
	defer s.recovered(out, r)
	if s.hooks != nil && strings.HasPrefix(r.URL.Path, hooksPath) {
		r.Pattern = hooksPath // a key may be in the path
		s.hooks.ServeHTTP(out, r)
		return
	}
	s.headers(w.Header())
	s.mux.ServeHTTP(out, r)
}
