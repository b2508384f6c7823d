package postmortem

import (
	"fmt"

	"fireboss/incidents"
)

// writeResolution says how it was brought to an end: when the impact was under
// control, what was decided and done for it, and the end itself.
func writeResolution(p *page) {
	a := p.a
	t := &teller{}
	var list []*entry
	for _, e := range a.told {
		if resolves(a, e) {
			list = append(list, e)
		}
	}
	told, counted := list, []*entry(nil)
	if len(list) > maxTold {
		told, counted = room(list)
	}
	p.sentence = p.tell(t, p.claims(told))
	if len(counted) > 0 {
		p.hint(tally(counted))
	}
	if len(p.sentence) == 0 && !a.Incident.Status.Ended() {
		p.ask("The incident was still open when this was drafted.")
		return
	}
	p.end()
	if p.prompt != "" {
		p.ask(p.prompt)
	}
}

// resolves reports whether an event is about how it was ended: what was decided,
// where the status went, and what was done once the cause was known.
func resolves(_ *account, e *entry) bool {
	switch e.Kind {
	case incidents.StatusChanged:
		return e.field("to") != string(incidents.Closed)
	case incidents.DecisionMade, incidents.Merged:
		return true
	case incidents.TaskDone:
		return e.phase == mitigation || e.phase == recovery || e.phase == diagnosis
	}
	return false
}

// sets are the kinds by which something was written down about the whole.
var sets = map[incidents.Kind]bool{incidents.FieldChanged: true, incidents.TimeChanged: true, incidents.ImpactChanged: true, incidents.SummaryChanged: true, incidents.Renamed: true}

// writeRecovery says what happened from the mitigation to the end.
func writeRecovery(p *page) {
	var list []*entry
	for _, e := range p.a.told {
		if e.weight > aside && !sets[e.Kind] && (e.phase == recovery || e.Kind == incidents.StatusChanged && incidents.Status(e.field("to")) != incidents.Identified && e.phase != afterwards) {
			list = append(list, e)
		}
	}
	told, counted := list, []*entry(nil)
	if len(list) > maxTold {
		told, counted = room(list)
	}
	p.sentence = p.tell(&teller{}, p.claims(told))
	if len(counted) > 0 {
		p.hint(tally(counted))
	}
	p.end()
	if p.prompt != "" {
		p.ask(p.prompt)
	}
}

// writeCommunications lists what was told to others, and where it took long.
func writeCommunications(p *page) {
	a := p.a
	updates := a.of(incidents.UpdatePosted, incidents.ClockSubmitted)
	if len(updates) == 0 {
		p.ask("The record holds no update to others.")
	} else {
		p.fact(count(len(updates), "message was", "messages were")+" sent", counting(updates)...)
		p.hint(a.longestWait())
		p.end()
		told, counted := updates, []*entry(nil)
		if len(updates) > maxTold {
			counted = updates[maxTold/2 : len(updates)-maxTold/2]
			told = append(append([]*entry(nil), updates[:maxTold/2]...), updates[len(updates)-maxTold/2:]...)
		}
		items := p.tell(&teller{}, p.claims(told))
		if len(counted) > 0 {
			items = append(items, a.stated(tally(counted).text, tally(counted).cites))
		}
		p.items(items)
	}
	if p.prompt != "" {
		p.ask(p.prompt)
	}
}

// longestWait is the longest time without an update while it was open.
func (a *account) longestWait() hint {
	var from, to, last *entry
	over := false
	for _, e := range a.told {
		ended, again := e.Kind == incidents.StatusChanged && incidents.Status(e.field("to")).Ended(), e.reopens()
		if e.Kind != incidents.UpdatePosted && e.Kind != incidents.Declared && !ended && !again {
			continue
		}
		if last != nil && !over && (from == nil || e.At.Sub(last.At) > to.At.Sub(from.At)) {
			from, to = last, e
		}
		last, over = e, ended || over && !again
	}
	if from == nil || a.Incident.Backfilled {
		return hint{}
	}
	if from.Kind == incidents.Declared {
		return hint{"the longest time without one was " + incidents.Span(to.At.Sub(from.At)) + ", from the declaration on", []uint64{from.Seq, to.Seq}}
	}
	return hint{"the longest time without one was " + incidents.Span(to.At.Sub(from.At)) + ", " + between(from.At, to.At), []uint64{from.Seq, to.Seq}}
}

// writeReporting says which laws wanted what, by when, and when they got it.
func writeReporting(p *page) {
	a := p.a
	var items []string
	for _, c := range a.Incident.Clocks {
		for _, st := range a.Rules.Stages(c) {
			items = append(items, a.stage(c, st))
		}
	}
	for _, e := range a.of(incidents.ClockStopped) {
		if c, ok := p.claim(e); ok {
			items = append(items, a.stated("at "+moment(e.At)+", "+c.text(), c.cites))
		}
	}
	if len(items) == 0 {
		p.ask("The record holds no clock of a law or a contract.")
	}
	p.items(items)
	if p.prompt != "" {
		p.ask(p.prompt)
	}
}

// stage says how one stage of a regulation stands.
func (a *account) stage(c incidents.LegalClock, st incidents.StageState) string {
	var cites, blank []uint64
	for _, e := range a.of(incidents.ClockStarted, incidents.ClockMarked, incidents.ClockSubmitted) {
		switch {
		case e.Redacted:
			blank = append(blank, e.Seq)
		case e.field("name") == c.Regulation.Name && (e.Kind != incidents.ClockSubmitted || e.field("stage") == st.Stage.Name):
			cites = append(cites, e.Seq)
		}
	}
	if len(cites) == 0 {
		cites = bounded(blank)
	}
	text := term(st.Title)
	switch {
	case st.Due.IsZero():
		text += " has no date yet (" + term(st.Why) + ")"
	default:
		text += fmt.Sprintf(" was due at %s (%s)", moment(st.Due), term(st.Why))
	}
	switch done := st.Submitted; {
	case done == nil:
		text += " and, as far as the record goes, was not submitted"
	case !st.Due.IsZero() && done.At.After(st.Due):
		text += " and was submitted at " + moment(done.At) + ", " + incidents.Span(done.At.Sub(st.Due)) + " late"
	default:
		text += " and was submitted at " + moment(done.At)
	}
	return a.stated(text, cites)
}
