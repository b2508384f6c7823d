package alerts

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"fireboss/incidents"
)

// SilenceNumber is a silence's number: 1, 2, 3 …, given once and never again. Zero is none.
type SilenceNumber uint64

// String is how people write it: SI-3.
func (n SilenceNumber) String() string { return "SI-" + strconv.FormatUint(uint64(n), 10) }

// ParseSilenceNumber reads "SI-3", in any case.
func ParseSilenceNumber(s string) (SilenceNumber, error) {
	if rest, ok := strings.CutPrefix(strings.ToUpper(strings.TrimSpace(s)), "SI-"); ok {
		if n, err := strconv.ParseUint(rest, 10, 63); err == nil && n > 0 {
			return SilenceNumber(n), nil
		}
	}
	return 0, fmt.Errorf("%q is not a silence; write it like SI-3", s)
}

// Silence is that somebody wants to hear nothing of some alerts for a while. They are kept all the same.
type Silence struct {
	Number SilenceNumber `json:"number"`
	// Request is the id of what somebody said, so that the same said again makes no second one.
	Request string  `json:"request"`
	Matcher Matcher `json:"matcher"`
	// Alert is the alert that was named instead of a matcher; zero: none was.
	Alert Number           `json:"alert,omitempty"`
	From  time.Time        `json:"from"`
	Until time.Time        `json:"until"`
	By    incidents.Person `json:"by"`
	Why   string           `json:"why,omitempty"`
	// EndedAt is when somebody ended it before its time, and EndedBy who; zero: nobody has.
	EndedAt time.Time         `json:"ended_at,omitzero"`
	EndedBy *incidents.Person `json:"ended_by,omitempty"`
	// Places are the outside systems that know of it, or were to.
	Places []SilencePlace `json:"places,omitempty"`
}

// The bounds of a silence.
const (
	MinSilence = time.Minute
	MaxSilence = 31 * 24 * time.Hour
	MaxWhy     = 300 // characters
	// MostSilences is how many may be in force: each is asked about every alert.
	MostSilences = 200
)

// SilenceState is how far a silence has come in an outside system.
type SilenceState string

// The states.
const (
	SilenceWanted SilenceState = "wanted" // it is to be set there
	SilenceSet    SilenceState = "set"
	SilenceEnding SilenceState = "ending" // it is to be ended there
	SilenceEnded  SilenceState = "ended"
	SilenceFailed SilenceState = "failed" // it was over before it could be set
	SilenceLeft   SilenceState = "left"   // it cannot be said there
)

// SilencePlace is an outside system that a silence is set in as well.
type SilencePlace struct {
	System string       `json:"system"` // the integration's name
	Title  string       `json:"title"`  // as people call it
	State  SilenceState `json:"state"`
	// Service is the label that says the services of the matcher there; empty: it names none, or that is not known.
	Service string `json:"service,omitempty"`
	ID      string `json:"id,omitempty"`  // there
	Why     string `json:"why,omitempty"` // of what failed, last or for good, or was left; without its dot
	// Attempts are those in a row that failed, and NextTry is when it is tried again; zero: there is nothing to do.
	Attempts int       `json:"attempts,omitempty"`
	NextTry  time.Time `json:"next_try,omitzero"`
}

// Lingers says whether a silence may still hold in a system though it was ended: it could not be ended there yet.
func (p SilencePlace) Lingers() bool { return p.State == SilenceEnding && p.Attempts > 0 }

// Silencer is an outside system in which silences can be set.
type Silencer struct{ Name, Title string }

// End is when it is over: at its time, or when somebody ended it.
func (s Silence) End() time.Time {
	if !s.EndedAt.IsZero() && s.EndedAt.Before(s.Until) {
		return s.EndedAt
	}
	return s.Until
}

// InForce says whether it holds at a moment.
func (s Silence) InForce(now time.Time) bool { return !now.Before(s.From) && now.Before(s.End()) }

// Lingers says whether it is ended here, and may still hold in an outside system.
func (s Silence) Lingers() bool { return slices.ContainsFunc(s.Places, SilencePlace.Lingers) }

// What is what it silences, in words.
func (s Silence) What() string {
	if s.Alert != 0 {
		return s.Alert.String()
	}
	return incidents.Tidy(s.Matcher.String())
}

// EndBy is the silence ended before its time; what is over stays as it is.
func (s Silence) EndBy(by incidents.Person, now time.Time) Silence {
	if !s.InForce(now) {
		return s
	}
	s.EndedAt, s.EndedBy = now.UTC().Truncate(time.Millisecond), &by
	s.Places = slices.Clone(s.Places)
	for i, p := range s.Places {
		if p.State == SilenceWanted || p.State == SilenceSet { // what is wanted may be there, for all we know
			s.Places[i] = SilencePlace{System: p.System, Title: p.Title, ID: p.ID, State: SilenceEnding, NextTry: s.EndedAt}
		}
	}
	return s
}

// Place says in which of these systems it is to be set as well, and why not in the others. An alert of one system means
// nothing to another. seen are alerts that show what the systems call what Fireboss knows as a service.
func (s Silence) Place(systems []Silencer, seen []Alert) Silence {
	s.Places = nil
	for _, system := range systems {
		service := s.Matcher.serviceIn(system.Name, seen)
		terms, why, concerned := s.Matcher.In(system.Name, service)
		p := SilencePlace{System: system.Name, Title: system.Title, State: SilenceWanted, Service: service, NextTry: s.From}
		switch {
		case !concerned:
			continue
		case why != "":
			p.State, p.Why, p.NextTry = SilenceLeft, why, time.Time{}
		case !slices.ContainsFunc(terms, func(t Term) bool { return !t.takes("") }):
			p.State, p.Why, p.NextTry = SilenceLeft, "there a matcher has to say what a label is, not only what it is not", time.Time{}
		}
		s.Places = append(s.Places, p)
	}
	return s
}

// Placed is the silence once something was done in a system, from how it stood there to how it stands there now. Where it
// was ended meanwhile it is to be ended there too.
func (s Silence) Placed(was, is SilencePlace) Silence {
	s.Places = slices.Clone(s.Places)
	for i, p := range s.Places {
		switch {
		case p.System != was.System:
		case p.State == was.State:
			s.Places[i] = is
		case p.State == SilenceEnding:
			s.Places[i].ID = is.ID
		}
	}
	return s
}

// In are the terms by which an outside system knows what is meant, by its integration's name and the label that says services
// there, if that is known; why says what keeps it from knowing. It is not concerned where only alerts of other sources are
// meant.
func (m Matcher) In(system, service string) (terms []Term, why string, concerned bool) {
	for _, t := range m.terms {
		name, label := t.Label()
		switch {
		case t.Name == "source" && !t.takes(system):
			return nil, "", false
		case t.Name == "source":
		case label:
			t.Name = name
			terms = append(terms, t)
		case t.namesServices() && service != "":
			t.Name = service
			if t.Op == "=" { // capitals make no difference here
				t.Op, t.Value = "=~", "(?i:"+regexp.QuoteMeta(t.Value)+")"
				t.pattern, _ = compiled(t.Value)
			}
			terms = append(terms, t)
		case why == "":
			why = t.unsaid()
		}
	}
	return terms, why, true
}

// unsaid is why a term about what Fireboss works out cannot be said to an outside system.
func (t Term) unsaid() string {
	switch {
	case t.Name == "severity":
		return "a severity is what Fireboss makes of the word that stands there; name the label for that, like labels.severity=page"
	case t.Name == "service" && !t.namesServices():
		return fmt.Sprintf("an alert may have a service there without a label that says so, so %s would silence more; name the label, like labels.app!=checkout", incidents.Tidy(t.String()))
	case t.Name == "service":
		return "none of its latest alerts shows which label says the service; name it, like labels.app=checkout"
	}
	return "a " + t.Name + " is no label"
}

// ServiceLabels are the labels in which people write which service an alert is about, the plainest first.
var ServiceLabels = []string{"service", "service_name", "app", "application", "app_kubernetes_io_name", "component", "job"}

// namesServices says whether a term says which service an alert has.
func (t Term) namesServices() bool { return t.Name == "service" && !t.Negative() && !t.takes("") }

// NamesServiceOf says whether a matcher says which service an alert has, and this one has it.
func (m Matcher) NamesServiceOf(a Alert) bool {
	return slices.ContainsFunc(m.terms, func(t Term) bool { return t.namesServices() && t.takes(a.Service) })
}

// serviceIn is the label that says the services of a matcher in a system: in all alerts of it that are seen and have one of
// them. Empty: it names none, or that is not sure.
func (m Matcher) serviceIn(system string, seen []Alert) (found string) {
	for _, t := range m.terms {
		for _, a := range seen {
			if !t.namesServices() || a.Source != system || !t.takes(a.Service) {
				continue
			}
			i := slices.IndexFunc(ServiceLabels, func(name string) bool { return a.Labels[name] != "" })
			if i < 0 || a.Labels[ServiceLabels[i]] != a.Service || found != "" && found != ServiceLabels[i] {
				return ""
			}
			found = ServiceLabels[i]
		}
	}
	return found
}

// Quiet is what keeps people from hearing of an alert.
type Quiet struct {
	Silence SilenceNumber `json:"silence,omitempty"`
	Window  string        `json:"window,omitempty"` // the name of one of the configuration
	Until   time.Time     `json:"until"`
	// Before is the incident that the episode before belongs to, which the rules are asked with in the end.
	Before incidents.Number `json:"before,omitempty"`
}

// By is its name for people.
func (q Quiet) By() string {
	if q.Silence != 0 {
		return q.Silence.String()
	}
	return fmt.Sprintf("the window %q", incidents.Tidy(q.Window))
}

// QuietUntil is when the rules are asked about an alert that is silenced; zero where it is not, or that is not up to them:
// it is over, or somebody has decided about it.
func (a Alert) QuietUntil() time.Time {
	if a.Quiet == nil || !a.Open() || a.Incident != 0 || a.Decision.By != "" || a.Decision.Rule != SilencedRule {
		return time.Time{}
	}
	return a.Quiet.Until
}

// Unquiet is the alert once what silences it has ended before its time: the rules are asked about it at once. Where it is
// another silence that does, nothing changes.
func (a Alert) Unquiet(s Silence) (Alert, bool) {
	until := a.QuietUntil()
	if until.IsZero() || a.Quiet.Silence != s.Number || !until.After(s.End()) {
		return a, false
	}
	a = a.clone()
	a.Quiet.Until = s.End()
	return a, true
}

// Ask is what follows once an alert is silenced no longer, or flaps no longer, and still is not over: the rules are asked, as
// if it began.
func (p Policy) Ask(a Alert, f Facts, now time.Time) Change {
	if at := a.AskAt(); at.IsZero() || at.After(now) {
		return Change{}
	}
	a = a.clone()
	was := a.Quiet
	if now.Before(a.CalmAt) { // it flaps still: as it would have been had nothing silenced it
		return p.stillFlaps(a, f, was, now)
	}
	a.Flapping, a.CalmAt = false, time.Time{}
	c := p.settle(a, f, now)
	switch {
	case c.Alert.Quiet != nil:
	case was != nil:
		c.Alert.Decision.Reason += " It was silenced by " + was.By() + " before."
	default:
		c.Alert.Decision.Reason += " It flapped before."
	}
	return c
}

// stillFlaps is what follows where an alert is silenced no longer and flaps: it is damped until it is calm.
func (p Policy) stillFlaps(a Alert, f Facts, was *Quiet, now time.Time) Change {
	calm := a.CalmAt
	a.Quiet, a.Silenced = nil, cmp.Or(was.Silence, a.Silenced)
	c := p.damp(a, f, now)
	c.Alert.CalmAt = calm
	if c.Alert.Quiet == nil {
		c.Alert.AskedAt = now
		c.Alert.Decision.Reason += " It was silenced by " + was.By() + " before."
	}
	return c
}

// hush is what follows where an alert is silenced at a moment; false where it is not. Of several silences the one that
// lasts longest counts.
func (p Policy) hush(a Alert, f Facts, n near, now time.Time) (Change, bool) {
	var found *Silence
	if f.Silences != nil {
		for _, s := range f.Silences(now) {
			if s.InForce(now) && s.Matcher.Matches(a) && (found == nil || s.End().After(found.End())) {
				found = &s
			}
		}
	}
	if found == nil {
		return Change{}, false
	}
	reason := fmt.Sprintf("Silenced by %s until %s by %s", found.Number, minute(found.End()), found.By.Name)
	if found.Why != "" {
		reason += ": " + strings.TrimRight(found.Why, ".")
	}
	return a.hushed(Quiet{Silence: found.Number, Until: found.End()}, n, reason+".", now), true
}

// silenced is what follows where an alert is silenced by somebody, or by a window of the configuration; false where it is
// not. troubles are what could not be asked.
func (p Policy) silenced(a Alert, f Facts, n near, env Env, now time.Time) (c Change, troubles []string, quiet bool) {
	if c, quiet = p.hush(a, f, n, now); quiet {
		return c, nil, true
	}
	return p.between(a, n, env, now)
}

// hushed is an alert that leads to nothing for now.
func (a Alert) hushed(q Quiet, n near, reason string, now time.Time) Change {
	if n.fingerprint != nil {
		q.Before = n.fingerprint.Number
	}
	a.Quiet = &q
	a.Decision = Decision{Rule: SilencedRule, Action: Ignore, Reason: reason, At: now}
	return Change{Alert: &a}
}

// minute is a moment for people who may be anywhere.
func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// SeenBy is the silence as somebody is told of it: what names an incident that they may not know of is left out.
func (s Silence) SeenBy(sees func(incidents.Number) bool) Silence {
	if tells(s.Why, sees) {
		s.Why = ""
	}
	return s
}
