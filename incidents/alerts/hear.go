package alerts

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"fireboss/incidents"
)

// Heard is a signal as it came.
type Heard struct {
	Source   string
	Signal   Signal // cleaned
	Delivery string // the id of the delivery that it came in
	Place    int    // its place in there
	At       time.Time
}

// Facts are what is known when a signal is heard or somebody acts on an alert.
type Facts struct {
	// Known is the alert that the signal or the act is about: the newest episode; nil: there is none.
	Known *Alert
	// Next is the number that a new one gets.
	Next Number
	// Open are the incidents that are open, newest first. It is asked only where something has to be decided.
	Open func() []incidents.Incident
	// Group are the newest alerts of the same source and group that are attached to an incident.
	Group func() []Alert
	// Incident is any incident as it stands; false where there is none. Nil: none is known.
	Incident func(incidents.Number) (incidents.Incident, bool)
	// Silences are those in force at a moment; nil: none are.
	Silences func(at time.Time) []Silence
}

// find is an incident as it stands; false where there is none.
func (f Facts) find(n incidents.Number) (incidents.Incident, bool) {
	if f.Incident == nil {
		return incidents.Incident{}, false
	}
	return f.Incident(n)
}

// Change is what follows.
type Change struct {
	// Alert is the alert as it is now; nil: nothing changes.
	Alert *Alert
	// Do are commands for incidents, each for another one, which are decided with it or not at all. The number of an
	// incident that one of them opens becomes the alert's.
	Do []incidents.Command
	// ID is that of what somebody said, and may be that of one of the commands. What is worked again after somebody else
	// has said something changes nothing. Empty: nobody said it.
	ID string
}

// Flapping is when an alert that fires and ceases to again and again is damped: it stays one episode, and nobody is told
// of each turn.
type Flapping struct {
	Turns  int           // more than so many changes between firing and over …
	Within time.Duration // … within so long
}

// Hear is what follows from a signal, by these rules.
func (p Policy) Hear(h Heard, f Facts) Change {
	c := p.hear(h, f)
	if c.Alert != nil {
		c.Alert.LapsesAt = p.lapsesAt(*c.Alert)
	}
	return c
}

// lapsesAt is when an alert is over of which nothing more is heard: when its source said, or its source may say nothing
// for no longer.
func (p Policy) lapsesAt(a Alert) time.Time {
	if !a.Open() {
		return time.Time{}
	}
	at := a.Expires
	if quiet := p.Quiet[a.Source]; quiet > 0 && (at.IsZero() || a.HeardAt.Add(quiet).Before(at)) {
		at = a.HeardAt.Add(quiet)
	}
	return at
}

func (p Policy) hear(h Heard, f Facts) Change {
	known := f.Known
	if known != nil && h.Delivery != "" && known.Delivery == h.Delivery && h.Place <= known.Place {
		return Change{} // it was heard before we died
	}
	switch {
	case known == nil && h.Signal.Status == Update:
		return Change{}
	case known == nil, !known.Open() && p.again(*known, h):
		return p.begin(h, f)
	case known.Open() && h.Signal.Status.Over():
		return p.end(known.said(h), h.endedAt(), "")
	case !known.Open() && known.Flapping && !h.Signal.Status.Over() && h.Signal.Status != Update:
		return p.turn(known.said(h), h.At)
	}
	a := known.said(h)
	if worse(a.Severity, known.Severity) && a.Open() && a.Incident == 0 && a.Decision.By == "" {
		return p.settle(a, f, h.At)
	}
	return Change{Alert: &a}
}

// lateFor is how long after an episode ended what is said of it, without when, may be what came late: senders try again for
// minutes. What is said after that is so.
const lateFor = 15 * time.Minute

// again says whether what is heard of an alert that is over begins another episode: not what came late of the one that
// is over, and not while it flaps. Of one that was only taken to be over, everything does: it never was.
func (p Policy) again(a Alert, h Heard) bool {
	s := h.Signal
	if s.Status.Over() || s.Status == Update || a.Flapping && !p.calm(a, h.At) {
		return false
	}
	switch {
	case a.Lapsed, s.StartedAt.IsZero(), !s.StartedAt.Equal(a.StartedAt), s.StartedAt.After(a.EndedAt):
		return true
	case !s.SaidAt.IsZero():
		return s.SaidAt.After(a.EndedAt)
	}
	return h.At.Sub(a.EndedAt) > lateFor
}

// calm says whether an alert has kept still for so long that it does not flap any more.
func (p Policy) calm(a Alert, now time.Time) bool {
	return len(a.Turns) == 0 || now.Sub(a.Turns[len(a.Turns)-1]) > p.Flapping.Within
}

// begin makes a new episode. What is over when it is first heard of is written down, and nothing else.
func (p Policy) begin(h Heard, f Facts) Change {
	a := Alert{Number: f.Next, Source: h.Source, ReceivedAt: h.At}
	if f.Known != nil {
		a.Turns = recent(f.Known.Turns, h.At.Add(-p.Flapping.Within))
		a.Was, a.Past = f.Known.Was, f.Known.past()
	}
	a = a.said(h)
	a.Count = max(1, h.Signal.Count)
	if a.Status.Over() {
		a.EndedAt = h.endedAt()
		a.Decision = Decision{Rule: overRule, Action: Ignore, Reason: "It was over before anything was heard of it.", At: h.At}
		return Change{Alert: &a}
	}
	a.EndedAt = time.Time{}
	a.Turns = append(a.Turns, h.At)
	if f.Known != nil && f.Known.IgnoredUntil.After(h.At) {
		a.IgnoredUntil, a.Decision = f.Known.IgnoredUntil, f.Known.Decision
		return Change{Alert: &a}
	}
	if p.Flapping.Turns > 0 && len(a.Turns) > p.Flapping.Turns && f.Known != nil {
		return p.damp(a, f, h.At)
	}
	return p.settle(a, f, h.At)
}

// damp begins an episode of an alert that flaps. It stays with the incident of the one before, so that this knows whether
// it fires; else people are told once that it flaps, where they were told of the one before, and the rules are asked once it
// keeps still and fires. One that is silenced is asked about once it is not.
func (p Policy) damp(a Alert, f Facts, now time.Time) Change {
	a.Flapping, a.CalmAt = true, now.Add(p.Flapping.Within).UTC()
	a.Decision = Decision{Rule: flappingRule, Action: Ignore, At: now,
		Reason: fmt.Sprintf("It flaps: %d changes within %s.", len(a.Turns), incidents.Span(p.Flapping.Within))}
	if f.Known.Number != a.Number { // else it was silenced until now
		a.Decision.Reason += " " + f.Known.Number.String() + " was the one before."
	}
	n := p.around(a, f)
	if c, _, quiet := p.silenced(a, f, n, p.env(a, n, now), now); quiet {
		return c
	}
	in := n.fingerprint
	if in == nil {
		if f.Known.Notifies() {
			a.Channel, a.Decision.Action = f.Known.Channel, Notify
		}
		return Change{Alert: &a}
	}
	a.Auto = f.Known.Auto
	a.Decision.Action = Attach
	a.Decision.Reason += " It stays with " + in.Number.String() + "."
	return a.attach(*in, "it flaps, and was attached to it before", now)
}

// said is the alert after another signal. What the signal leaves out stays as it was.
func (a Alert) said(h Heard) Alert {
	a = a.clone()
	s, was := h.Signal, a.Signal
	s.StartedAt = cmp.Or(was.StartedAt, s.StartedAt)
	s.EndedAt = was.EndedAt
	s.Count = max(was.Count+1, s.Count)
	s.Group, s.Description, s.Service, s.URL = cmp.Or(s.Group, was.Group), cmp.Or(s.Description, was.Description), cmp.Or(s.Service, was.Service), cmp.Or(s.URL, was.URL)
	if s.Labels == nil {
		s.Labels = was.Labels
	}
	switch {
	case was.Status == "":
	case s.Status == Update, s.Status.Over() && was.Status.Over():
		s.Status, s.Count = was.Status, was.Count
		if worse(was.Severity, s.Severity) {
			s.Severity = was.Severity // most updates do not say it
		}
	case was.Status.Over():
		s.Status = was.Status // it came late; whoever knows better says so
	case s.Status.Over(): // ends often say no more than that
		s.Count, s.Title, s.Severity = was.Count, was.Title, was.Severity
	}
	a.Signal, a.HeardAt, a.Delivery, a.Place = s, h.At, h.Delivery, h.Place
	if a.Blotted {
		return a.withoutTexts()
	}
	return a
}

// endedAt is when what is over has ended.
func (h Heard) endedAt() time.Time {
	if h.Signal.EndedAt.IsZero() {
		return h.At
	}
	return h.Signal.EndedAt
}

// end ends an episode. why is for people, where its source did not say so.
func (p Policy) end(a Alert, at time.Time, why string) Change {
	a.Status, a.EndedAt, a.Expires, a.LapsesAt = Resolved, at.UTC().Truncate(time.Millisecond), time.Time{}, time.Time{}
	a.Turns = append(recent(a.Turns, a.HeardAt.Add(-p.Flapping.Within)), a.HeardAt)
	if why != "" {
		a.Decision.Reason += " " + why
	}
	c := Change{Alert: &a}
	if a.Incident != 0 {
		c.Do = []incidents.Command{a.command("over "+a.last(), a.Incident, a.HeardAt, incidents.EndAlert{Alert: a.For(), At: a.EndedAt})}
	}
	return c
}

// turn lets an alert that flaps fire again, in the same episode. Its incident is told, and nobody else.
func (p Policy) turn(a Alert, at time.Time) Change {
	a.Status, a.EndedAt, a.Lapsed, a.CalmAt = Firing, time.Time{}, false, at.Add(p.Flapping.Within).UTC()
	a.Turns = append(recent(a.Turns, at.Add(-p.Flapping.Within)), at)
	c := Change{Alert: &a}
	if a.Incident != 0 {
		c.Do = []incidents.Command{a.command("again "+a.last(), a.Incident, at, incidents.RefireAlert{Alert: a.For(), At: at})}
	}
	return c
}

// Lapse is what follows where nothing was heard of an alert for too long. What was not heard before since, when listening
// began, says nothing: until then it is given as long again.
func (p Policy) Lapse(a Alert, since, now time.Time) Change {
	a = a.clone()
	if patience := p.lapsesAt(a).Sub(a.HeardAt); now.Before(since.Add(patience)) && a.HeardAt.Before(since) {
		a.LapsesAt = since.Add(patience).UTC()
		return Change{Alert: &a}
	}
	why := "Nothing was heard of it for " + incidents.Span(now.Sub(a.HeardAt)) + ", so it is taken to be over."
	a.HeardAt, a.Lapsed = now, true
	return p.end(a, now, why)
}

// last names what was said of it last: its incident may hear of many turns within one episode, and of each once.
func (a Alert) last() string { return fmt.Sprintf("%s %d", a.Delivery, a.Place) }

func (a Alert) command(what string, n incidents.Number, at time.Time, do incidents.Act) incidents.Command {
	return incidents.Command{
		ID: fmt.Sprintf("alert %s %s %d", a.Number, what, len(a.Was)), Actor: a.Actor(), At: at, Incident: n, Origin: "alerts", Do: do,
	}
}

// mostTurns is how many changes of an alert are kept: a flood of them is one long before.
const mostTurns = 100

// recent are the moments after one, the newest of many.
func recent(list []time.Time, after time.Time) []time.Time {
	list = slices.DeleteFunc(slices.Clone(list), func(t time.Time) bool { return !t.After(after) })
	return list[max(0, len(list)-mostTurns):]
}

// worse says whether a severity is worse than another.
func worse(a, b Severity) bool { return slices.Index(Severities, a) < slices.Index(Severities, b) }
