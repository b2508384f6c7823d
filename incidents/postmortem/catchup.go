package postmortem

import (
	"fmt"
	"strings"

	"fireboss/incidents"
)

// Catchup is what a newcomer to an incident needs to know, in plain text, a line for
// each thing: what it is, since when, who leads, how it stands, what was decided and
// said last, what is to be done. Each line that states a fact ends with its citations.
func Catchup(r Record) string {
	r.Names = true // who comes in has to know whom to ask
	a := survey(r)
	v := a.voice()
	var lines []string
	add := func(h hint) {
		if s := a.line(h); s != "" {
			lines = append(lines, s)
		}
	}
	add(a.whatItWas(v))
	add(a.saying(v))
	if a.Incident.Status != incidents.Canceled {
		add(a.howLong())
	}
	add(a.standing(v))
	add(a.leads())
	if c := a.cause(v); a.Incident.Status.Open() {
		add(c)
	}
	for _, e := range newest(a.of(incidents.DecisionMade), 3) {
		add(v.dated(e))
	}
	for _, e := range newest(a.of(incidents.UpdatePosted), 1) {
		add(v.dated(e))
	}
	for _, e := range a.undone() {
		add(v.dated(e))
	}
	if d, ok := a.Incident.Next(); ok {
		lines = append(lines, "Next: "+d.Duty()+" by "+moment(d.By())+".")
	}
	return strings.Join(lines, "\n")
}

// line is a statement in plain text with its citations; empty where it has none.
func (a *account) line(h hint) string {
	cites := a.known(h.cites)
	if h.text == "" || len(cites) == 0 {
		return ""
	}
	return plain(full(capital(h.text))) + " " + cite(cites...)
}

// dated is what is said of an event, with its time.
func (v *voice) dated(e *entry) hint {
	c, ok := v.claim(e)
	if !ok {
		return hint{}
	}
	return hint{"at " + clockOn(e.At, v.a.At) + ", " + c.text(), c.cites}
}

func newest(list []*entry, n int) []*entry { return list[max(0, len(list)-n):] }

// standing is the present status, and since when.
func (a *account) standing(v *voice) hint {
	if !a.Incident.Status.Open() {
		return a.ending(v)
	}
	text := "its status is " + string(a.Incident.Status)
	for _, e := range newest(a.of(incidents.StatusChanged), 1) {
		return hint{text + " since " + clockOn(e.At, a.At) + v.reason(e), []uint64{e.Seq}}
	}
	return hint{text, a.sourceOf(factStatus)}
}

// leads says who holds which role now.
func (a *account) leads() hint {
	var who []string
	var cites []uint64
	for _, role := range a.cast.order {
		held := a.cast.held[role]
		if len(held) == 0 || held[len(held)-1].who == "" {
			continue
		}
		last := held[len(held)-1]
		who = append(who, term(a.cast.names[last.who])+" is "+a.cast.titles[role])
		cites = append(cites, last.seq)
	}
	if len(who) == 0 && a.Incident.Status.Ended() {
		return hint{}
	}
	if len(who) == 0 {
		return hint{"nobody has a role yet", a.sourceOf("declared")}
	}
	return hint{enumerate(who), cites}
}

// MaxUndone is how many open tasks a catch-up names, the oldest.
const MaxUndone = 5

// undone are the events by which the oldest open tasks were added.
func (a *account) undone() []*entry {
	if !a.Incident.Status.Open() {
		return nil
	}
	list := a.openTasks()
	return list[:min(len(list), MaxUndone)]
}

// Update is a proposal for an update to people outside: what is affected, how it
// stands, what comes next and when they hear more. It is plain text without
// citations and without names, ready for somebody to read, change and send. It says
// nothing that the record does not.
func Update(r Record) string {
	r.Names = false
	a := survey(r)
	v := a.voice()
	var said []string
	add := func(s string) {
		if s != "" {
			said = append(said, plain(full(capital(s))))
		}
	}
	add(a.affected(v))
	if in := a.Incident; in.Summary != "" && in.Summary != incidents.RemovedText {
		add(a.unquoted(v, in.Summary))
	}
	add(a.sinceWhen())
	add(a.state())
	add(a.promise())
	text := strings.Join(said, " ")
	if a.Incident.Drill {
		return "PRACTICE: " + text
	}
	return text
}

// unquoted is what people wrote, as the sentences of somebody else.
func (a *account) unquoted(v *voice, s string) string {
	return strings.Trim(v.say(s, quoteRoom, now), "“”")
}

func (a *account) affected(v *voice) string {
	in := a.Incident
	title := a.unquoted(v, in.Title)
	if title == incidents.RemovedText {
		title = "an incident"
	}
	if len(in.Services) == 0 {
		return title
	}
	return title + " (affected: " + enumerate(terms(in.Services)) + ")"
}

func (a *account) sinceWhen() string {
	in := a.Incident
	switch t := in.Times; {
	case !t.ImpactStarted.IsZero() && !t.ImpactEnded.IsZero():
		return "this lasted " + stretch(t.ImpactStarted, t.ImpactEnded)
	case in.Status.Ended():
		return ""
	case !t.ImpactStarted.IsZero():
		return "it has lasted since " + moment(t.ImpactStarted)
	}
	return "we know of it since " + moment(in.Times.Declared)
}

// states say how it stands and what comes next, for people outside.
var states = map[incidents.Status]string{
	incidents.Triage:        "we are finding out whether this is an incident, and how severe it is",
	incidents.Investigating: "we are looking for the cause",
	incidents.Identified:    "the cause is known, and we are working on it",
	incidents.Monitoring:    "it looks as if it were over; we are watching whether it stays so",
	incidents.Resolved:      "it is resolved",
	incidents.Closed:        "it is resolved",
}

func (a *account) state() string {
	in := a.Incident
	switch {
	case in.MergedInto != 0:
		return "it is part of " + in.MergedInto.String() + ", where the next updates come"
	case in.EndedAs == incidents.EndedFalsePositive:
		return "it was a false alarm"
	case in.Status == incidents.Canceled:
		return "it was called off"
	}
	return states[in.Status]
}

// promise is when the next update comes: as was promised, or as the policy wants it.
func (a *account) promise() string {
	in := a.Incident
	next := in.Update.Next
	if !next.After(a.At) {
		if every := a.Rules.Clock.Update[in.Severity]; every > 0 {
			next = a.At.Add(every)
		}
	}
	if in.Status.Ended() || !next.After(a.At) {
		return ""
	}
	return fmt.Sprintf("the next update comes by %s UTC", clockOn(next, a.At))
}
