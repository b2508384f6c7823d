package incidents

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

const clockVerb = "clock"

// maxClocks bounds how many regulations run in one incident.
const maxClocks = 20

// StartClock starts the clock of a regulation from a moment, or says that the one
// that runs began at another.
type StartClock struct {
	Name string
	At   time.Time // zero: now
}

// Verb is the row in [Lifecycle].
func (StartClock) Verb() string { return clockVerb }

func (s StartClock) decide(d *decision) error {
	name, err := d.choose("clock", s.Name, d.rules.RegulationNames(), "start gdpr at 14:02")
	if err != nil {
		return err
	}
	at, err := d.past(s.At, "start "+name+" at 14:02")
	if err != nil {
		return err
	}
	law, _ := d.rules.Regulation(name)
	i := d.clock(name)
	switch {
	case i < 0 && len(d.in.Clocks) >= maxClocks:
		return Refused("%s has %d clocks already; that is all it can hold. To stop one: %s", d.in.Number, maxClocks, d.say(clockVerb, "stop "+d.in.Clocks[0].Regulation.Name+" it does not apply"))
	case i < 0:
		d.in.Clocks = append(d.in.Clocks, LegalClock{Regulation: law})
		i = len(d.in.Clocks) - 1
	case s.At.IsZero() || d.in.Clocks[i].Started.Equal(at):
		return nil // it runs
	}
	c := &d.in.Clocks[i]
	for _, marked := range c.Marked {
		if marked.Before(at) {
			return Invalid("The clock %s cannot start at %s: what was marked on it lies before that. Example: %s", name, instant(at), d.say(clockVerb, "start "+name+" at "+stamp(marked)))
		}
	}
	for _, s := range c.Submitted {
		if s.At.Before(at) {
			return Invalid("The clock %s cannot start at %s: its %s was submitted before that. Example: %s", name, instant(at), s.Stage, d.say(clockVerb, "start "+name+" at "+stamp(s.At)))
		}
	}
	was := c.Started
	c.Started, c.Told = at, d.now
	d.eventAt(at, ClockStarted, fmt.Sprintf("Clock %s (%s) counts from %s: %s", name, law.Title, law.Start, told(at)),
		"name", name, "title", law.Title, "source", law.Source, "as_of", law.AsOf, "at", stamp(at), "was", stamp(was))
	return nil
}

// MarkClock says when a moment came that a regulation counts from.
type MarkClock struct {
	Name, Moment string
	At           time.Time // zero: now
}

// Verb is the row in [Lifecycle].
func (MarkClock) Verb() string { return clockVerb }

func (m MarkClock) decide(d *decision) error {
	c, law, err := d.running(m.Name, "mark dora classified at 14:02")
	if err != nil {
		return err
	}
	if len(law.Moments) == 0 {
		return Refused("The clock %s counts from its start alone; there is nothing to mark. To correct its start: %s", law.Name, d.say(clockVerb, "start "+law.Name+" at 14:02"))
	}
	var names []string
	for _, moment := range law.Moments {
		names = append(names, moment.Name)
	}
	name, err := d.choose("moment", m.Moment, names, "mark "+law.Name+" "+names[0]+" at 14:02")
	if err != nil {
		return err
	}
	example := "mark " + law.Name + " " + name + " at 14:02"
	at, err := d.past(m.At, example)
	if err != nil {
		return err
	}
	if at.Before(c.Started) {
		return Invalid("The clock %s was started at %s, so this cannot have been at %s. To correct its start: %s", law.Name, instant(c.Started), instant(at), d.say(clockVerb, "start "+law.Name+" at 14:02"))
	}
	was, marked := c.Marked[name]
	if marked && (m.At.IsZero() || was.Equal(at)) {
		return nil
	}
	if c.Marked == nil {
		c.Marked = map[string]time.Time{}
	}
	c.Marked[name], c.Told = at, d.now
	i := slices.Index(names, name)
	d.eventAt(at, ClockMarked, fmt.Sprintf("Clock %s: %s at %s", law.Name, law.Moments[i].Title, told(at)), "name", law.Name, "moment", name, "at", stamp(at), "was", stamp(was))
	return nil
}

// SubmitStage says that a stage of a regulation was submitted.
type SubmitStage struct {
	Name, Stage string
	At          time.Time // zero: now
}

// Verb is the row in [Lifecycle].
func (SubmitStage) Verb() string { return clockVerb }

func (s SubmitStage) decide(d *decision) error {
	c, law, err := d.running(s.Name, "submitted gdpr notification at 14:02")
	if err != nil {
		return err
	}
	var names []string
	for _, st := range law.Stages {
		names = append(names, st.Name)
	}
	name, err := d.choose("stage", s.Stage, names, "submitted "+law.Name+" "+names[0]+" at 14:02")
	if err != nil {
		return err
	}
	at, err := d.past(s.At, "submitted "+law.Name+" "+name+" at 14:02")
	if err != nil {
		return err
	}
	if at.Before(c.Started) {
		return Invalid("The clock %s was started at %s, so nothing can have been submitted at %s. To correct its start: %s", law.Name, instant(c.Started), instant(at), d.say(clockVerb, "start "+law.Name+" at 14:02"))
	}
	st := law.Stages[slices.Index(names, name)]
	if before, waits := c.waitsFor(st); waits {
		return Refused("The %s counts from the submission of the %s, of which nothing is noted. Note that first: %s", st.Title, before, d.say(clockVerb, "submitted "+law.Name+" "+before+" at 14:02"))
	}
	was, done := c.submission(name)
	if done && (was.At.Equal(at) || s.At.IsZero() && !st.Repeats) {
		return nil
	}
	c.Submitted = slices.DeleteFunc(c.Submitted, func(s Submission) bool { return s.Stage == name })
	c.Submitted = append(c.Submitted, Submission{name, at, d.cmd.Actor.Person()})
	c.Told = d.now
	d.eventAt(at, ClockSubmitted, fmt.Sprintf("Clock %s: the %s was submitted at %s", law.Name, st.Title, told(at)), "name", law.Name, "stage", name, "at", stamp(at), "was", stamp(was.At))
	return nil
}

// StopClock ends a regulation's clock: it does not apply, or all is done.
type StopClock struct{ Name, Why string }

// Verb is the row in [Lifecycle].
func (StopClock) Verb() string { return clockVerb }

func (s StopClock) decide(d *decision) error {
	c, law, err := d.running(s.Name, "stop gdpr no personal data was touched")
	if err != nil {
		return err
	}
	why, err := d.reason(s.Why)
	if err != nil {
		return err
	}
	name := c.Regulation.Name
	d.in.Clocks = slices.DeleteFunc(d.in.Clocks, func(c LegalClock) bool { return c.Regulation.Name == name })
	d.event(ClockStopped, because(fmt.Sprintf("Clock %s (%s) was stopped", name, law.Title), why), "name", name, "why", why)
	return nil
}

// clock is the place of a clock among those that run; -1 where it does not.
func (d *decision) clock(name string) int {
	return slices.IndexFunc(d.in.Clocks, func(c LegalClock) bool { return c.Regulation.Name == name })
}

// running finds a clock that runs, with its regulation as it stands today.
func (d *decision) running(said, example string) (*LegalClock, Regulation, error) {
	var names []string
	for _, c := range d.in.Clocks {
		names = append(names, c.Regulation.Name)
	}
	if len(names) == 0 {
		start := "start gdpr at 14:02"
		if name, ok := match(said, d.rules.RegulationNames()); ok {
			start = "start " + name + " at 14:02"
		}
		return nil, Regulation{}, Refused("No clock of a regulation runs in %s. To start one: %s", d.in.Number, d.say(clockVerb, start))
	}
	name, err := d.choose("clock that runs", said, names, example)
	if err != nil {
		return nil, Regulation{}, err
	}
	c := &d.in.Clocks[d.clock(name)]
	return c, d.rules.law(*c), nil
}

// choose is the one of some names that is meant; see [match].
func (d *decision) choose(what, said string, names []string, example string) (string, error) {
	if name, ok := match(said, names); ok {
		return name, nil
	}
	if Tidy(said) == "" {
		return "", Missing("of", "Which %s? There are: %s. Example: %s", what, strings.Join(names, ", "), d.say(clockVerb, example))
	}
	return "", Invalid("%q is no %s. There are: %s. Example: %s", shorten(Tidy(said), 40), what, strings.Join(names, ", "), d.say(clockVerb, example))
}

// match finds a name as people write it: in any case, with a hyphen or a space
// for a _, and cut short where only one begins like that.
func match(said string, names []string) (string, bool) {
	said = strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToLower(Tidy(said)))
	if slices.Contains(names, said) {
		return said, true
	}
	found := ""
	for _, name := range names {
		if said != "" && strings.HasPrefix(name, said) {
			if found != "" {
				return "", false
			}
			found = name
		}
	}
	return found, found != ""
}

// past is a moment that is not in the future; now where none was said.
func (d *decision) past(at time.Time, example string) (time.Time, error) {
	switch {
	case at.IsZero():
		return d.now, nil
	case longAgo(at):
		return at, Invalid("That is hardly meant: it was before %d. Example: %s", firstYear, d.say(clockVerb, example))
	case inFuture(at, d.now):
		return at, Invalid("That is still to come (%s); say it once it was so. Example: %s", instant(at), d.say(clockVerb, example))
	}
	return at.UTC().Truncate(time.Millisecond), nil
}
