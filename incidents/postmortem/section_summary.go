package postmortem

import (
	"fmt"

	"fireboss/incidents"
)

// now is a seq behind all events: in the roles that people hold now.
const now = ^uint64(0)

// writeSummary says in one paragraph what it was, how long it lasted and how it ended.
func writeSummary(p *page) {
	a := p.a
	p.hint(a.whatItWas(p.voice))
	p.hint(a.saying(p.voice))
	if a.Incident.Status != incidents.Canceled {
		p.hint(a.howLong())
	}
	p.hint(a.cause(p.voice))
	p.hint(a.ending(p.voice))
	p.hint(a.turns())
	p.hint(a.followupsSum())
	p.end()
}

// hint adds a statement to the paragraph; an empty one is none.
func (p *page) hint(h hint) { p.fact(h.text, h.cites...) }

func (a *account) whatItWas(v *voice) hint {
	in, worst := a.Incident, a.worst()
	what := "incident"
	if worst != incidents.Unset {
		what = worst.String() + " incident"
	}
	if in.Private {
		what = "private " + what
	}
	if in.Drill {
		what = "PRACTICE " + what
	}
	was := " was "
	switch {
	case in.Status == incidents.Canceled:
		was = " was declared as "
	case in.Status.Open():
		was = " is "
	}
	text := in.Number.String() + was + article(what) + " " + what
	if in.Type != incidents.DefaultType {
		text += " of the type " + term(in.Type)
	}
	cites := append(a.sourceOf(factTitle, factType), a.severityCites()...)
	if len(in.Services) > 0 {
		text += map[bool]string{false: " that affected ", true: " for "}[in.Status == incidents.Canceled] + enumerate(terms(in.Services))
		cites = append(cites, a.serviceCites()...)
	}
	if in.Title != incidents.RemovedText {
		text += ": " + v.say(in.Title, incidents.MaxTitle, now)
	}
	return hint{text, cites}
}

// saying is the summary that people wrote.
func (a *account) saying(v *voice) hint {
	if in := a.Incident; in.Summary != "" && in.Summary != incidents.RemovedText {
		return hint{"its summary says: " + v.say(in.Summary, 2*quoteRoom, now), a.sourceOf(factSummary)}
	}
	return hint{}
}

// howLong says when it was: the impact, as far as it is known, or else from the
// declaration to the end.
func (a *account) howLong() hint {
	t := a.Incident.Times
	began, ended := t.ImpactStarted, t.ImpactEnded
	switch {
	case !began.IsZero() && !ended.IsZero():
		return hint{"the impact lasted " + incidents.Span(ended.Sub(began)) + ", " + stretch(began, ended), a.sourceOf("impact_started", "impact_ended")}
	case !began.IsZero() && !t.Resolved.IsZero() && !t.Resolved.Before(began):
		return hint{fmt.Sprintf("the impact began at %s, and %s later the incident was resolved", moment(began), incidents.Span(t.Resolved.Sub(began))), a.sourceOf("impact_started", "resolved")}
	case !began.IsZero():
		return hint{"the impact began at " + moment(began), a.sourceOf("impact_started")}
	case !t.Resolved.IsZero() && t.Resolved.After(t.Declared):
		return hint{fmt.Sprintf("it was declared at %s and resolved %s later", moment(t.Declared), incidents.Span(t.Resolved.Sub(t.Declared))), a.sourceOf("declared", "resolved")}
	case a.Incident.Backfilled:
		return hint{"it was recorded afterwards, at " + moment(a.Incident.DeclaredAt), a.sourceOf("declared")}
	}
	return hint{"it was declared at " + moment(t.Declared), a.sourceOf("declared")}
}

// cause is what the record says caused it: a field that is meant for that, or why
// the status was moved to identified.
func (a *account) cause(v *voice) hint {
	if name, e := a.causeField(); e != nil {
		return hint{"as its cause the record gives, in the field " + term(name) + ": " + v.say(e.field("to"), quoteRoom, e.Seq), []uint64{e.Seq}}
	}
	if e := a.identifiedBy(); e != nil {
		return hint{"as its cause the record gives: " + v.say(e.field("why"), quoteRoom, e.Seq), []uint64{e.Seq}}
	}
	return hint{}
}

// causeFields are the names of fields that say what caused an incident.
var causeFields = []string{"root_cause", "root-cause", "cause", "trigger"}

// causeField is the first of those fields that is set, and the event that set it.
func (a *account) causeField() (string, *entry) {
	for _, name := range causeFields {
		if a.Incident.Fields[name] == "" {
			continue
		}
		for _, e := range backwards(a.of(incidents.FieldChanged)) {
			if e.field("name") == name && !e.hidden {
				return name, e
			}
		}
	}
	return "", nil
}

// identifiedBy is the last event by which somebody said that the cause was known,
// and what it was.
func (a *account) identifiedBy() *entry {
	for _, e := range backwards(a.of(incidents.StatusChanged)) {
		if e.field("to") == string(incidents.Identified) && e.field("why") != "" && !e.hidden {
			return e
		}
	}
	return nil
}

func backwards(list []*entry) []*entry {
	out := make([]*entry, 0, len(list))
	for i := len(list) - 1; i >= 0; i-- {
		out = append(out, list[i])
	}
	return out
}

// ending says how it ended, or that it did not yet.
func (a *account) ending(v *voice) hint {
	in := a.Incident
	cites := a.sourceOf(factStatus)
	switch {
	case in.Status.Open():
		return hint{"it was still open when this was drafted, and its status was " + string(in.Status), cites}
	case in.Status == incidents.Canceled:
		text := "it was declared at " + moment(in.Times.Declared)
		return hint{text + " and " + a.calledOff(v), append(cites, a.sourceOf("declared")...)}
	}
	return a.endedWell(v)
}

// calledOff is how long after the declaration, as what and with which words it was
// called off.
func (a *account) calledOff(v *voice) string {
	in := a.Incident
	later, why := "later", ""
	for _, e := range backwards(a.of(incidents.StatusChanged, incidents.Merged)) {
		if e.field("to") == string(incidents.Canceled) {
			later, why = incidents.Span(e.At.Sub(in.Times.Declared))+" later", v.reason(e)
			break
		}
	}
	switch {
	case in.MergedInto != 0:
		return "merged " + later + " into " + in.MergedInto.String() + ", where the work went on" + why
	case in.EndedAs == incidents.EndedFalsePositive:
		return "called off " + later + " as a false positive" + why
	}
	return "called off " + later + why
}

// endedWell says with which words it was mitigated and resolved.
func (a *account) endedWell(v *voice) hint {
	t := a.Incident.Times
	var last *entry
	for _, e := range a.of(incidents.StatusChanged) {
		if e.field("to") == string(incidents.Resolved) {
			last = e
		}
	}
	text := "it was resolved at " + clockOn(t.Resolved, t.Declared)
	cites := a.sourceOf("resolved")
	if m := t.Mitigated; !m.IsZero() && m.Before(t.Resolved) {
		first := ""
		if a.Incident.Reopened > 0 {
			first = "first "
		}
		text = "it was " + first + "mitigated at " + clockOn(m, t.Declared) + " and resolved at " + clockOn(t.Resolved, m)
		cites = append(cites, a.sourceOf("mitigated")...)
	}
	why := ""
	if last != nil && !a.Incident.Backfilled {
		why = v.reason(last)
		cites = append(cites, last.Seq)
	}
	if why == "" && t.Mitigated.Equal(t.Resolved) && t.ImpactEnded.IsZero() {
		return hint{} // it was said how long it lasted
	}
	return hint{text + why, cites}
}

// turns says how often it went back: a severity raised, a reopening.
func (a *account) turns() hint {
	var parts []string
	var cites []uint64
	var up, again []*entry
	for _, e := range a.told {
		if raised(e) {
			up = append(up, e)
		}
		if e.reopens() {
			again = append(again, e)
		}
	}
	if len(up) > 0 {
		said := "its severity was raised " + times(len(up))
		if len(up) == 1 {
			said += ", from " + up[0].field("from") + " to " + up[0].field("to")
		}
		parts, cites = append(parts, said), append(cites, counting(up)...)
	}
	if len(again) > 0 {
		said := "it was reopened " + times(len(again))
		if len(parts) == 0 && a.Incident.Status.Ended() {
			said = "it was reopened " + times(len(again)) + " before it ended"
		}
		parts, cites = append(parts, said), append(cites, counting(again)...)
	}
	return hint{enumerate(parts), cites}
}

// followupsSum says how many follow-ups there are, and how many are done.
func (a *account) followupsSum() hint {
	list := a.Incident.Followups
	done, gone := 0, 0
	for _, t := range list {
		switch t.State {
		case incidents.TaskFinished:
			done++
		case incidents.TaskGone:
			gone++
		}
	}
	added := a.of(incidents.FollowupAdded)
	if len(list) == 0 {
		return hint{}
	}
	text := count(len(list), "follow-up was", "follow-ups were") + " written down"
	switch open := len(list) - done - gone; {
	case open == 0:
		text += ", and none is open"
	case open == len(list) && open == 1:
		text += ", and it is open"
	case open == len(list):
		text += ", and all of them are open"
	default:
		text += ", of which " + number(open) + map[bool]string{true: " is open", false: " are open"}[open == 1]
	}
	return hint{text, counting(append(added, a.of(incidents.FollowupDone, incidents.FollowupDropped, incidents.FollowupReopened)...))}
}
