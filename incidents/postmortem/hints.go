package postmortem

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"fireboss/incidents"
)

func byTime(list []*entry) []*entry {
	slices.SortStableFunc(list, func(a, b *entry) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Seq, b.Seq)) })
	return list
}

// aim is a time that the policy sets, and how long it took.
type aim struct {
	text  string // it was acknowledged %s after it was detected
	took  time.Duration
	limit time.Duration
	cites []uint64
}

// aims are the times that the policy sets for an incident of this severity, as far
// as it is known how long they took.
func (a *account) aims() []aim {
	in := a.Incident
	d, clock, sev := in.Times.Durations(), a.Rules.Clock, in.Severity
	var list []aim
	add := func(took *time.Duration, limit time.Duration, text string, facts ...string) {
		if took != nil && limit > 0 && !in.Backfilled {
			list = append(list, aim{text, *took, limit, a.sourceOf(facts...)})
		}
	}
	add(d.Acknowledge, clock.Acknowledge.After[sev], "it was acknowledged %s after it was detected", "detected", "acknowledged")
	if took, cites := a.led(); took != nil {
		list = append(list, aim{"somebody took command %s after the declaration", *took, clock.Commander.After[sev], cites})
	}
	began := map[string]string{"impact_started": "the impact began", "detected": "it was detected"}[d.Basis]
	add(d.Mitigate, clock.Mitigate[sev], "it was mitigated %s after "+began, d.Basis, "mitigated")
	add(d.Resolve, clock.Resolve[sev], "it was resolved %s after "+began, d.Basis, "resolved")
	return slices.DeleteFunc(list, func(a aim) bool { return a.limit <= 0 })
}

// led is how long it took until somebody was in command.
func (a *account) led() (*time.Duration, []uint64) {
	declared := a.declaration()
	if declared == nil || a.Incident.Backfilled {
		return nil, nil
	}
	for _, e := range a.list {
		if (e.Kind == incidents.RoleAssigned && e.field("role") == incidents.CommanderRole) || e.Kind == incidents.HandoffAccepted {
			d := e.At.Sub(declared.At)
			return &d, []uint64{declared.Seq, e.Seq}
		}
	}
	return nil, nil
}

func (m aim) hint() hint {
	return hint{fmt.Sprintf(m.text, incidents.Span(m.took)) + "; the policy allows " + incidents.Span(m.limit), m.cites}
}

// wentWell are facts that speak for how it was handled.
func wentWell(a *account) []hint {
	var list []hint
	for _, m := range a.aims() {
		if m.took <= m.limit {
			list = append(list, m.hint())
		}
	}
	kept, missed := a.promises()
	if len(kept) > 0 && len(missed) == 0 {
		var cites []uint64
		for _, h := range kept {
			cites = append(cites, h.cites...)
		}
		text := "every update came when it had been promised"
		if len(kept) == 1 {
			text = "the update that was promised came in time"
		}
		list = append(list, hint{text, bounded(cites)})
	}
	if done := a.of(incidents.TaskDone); len(done) > 0 && openIn(a.Incident.Tasks) == 0 {
		list = append(list, hint{count(len(done), "task was", "tasks were") + " finished, and none was left open", counting(done)})
	}
	if accepted := a.of(incidents.HandoffAccepted); len(accepted) > 0 {
		list = append(list, hint{"command was offered and accepted " + times(len(accepted)), counting(accepted)})
	}
	return list
}

// bounded are the events of a statement; of very many the first and the last.
func bounded(cites []uint64) []uint64 {
	cites = slices.Compact(slices.Sorted(slices.Values(cites)))
	if len(cites) > maxCited {
		return []uint64{cites[0], cites[len(cites)-1]}
	}
	return cites
}

// wentBadly are facts that speak against it.
func wentBadly(a *account) []hint {
	var list []hint
	for _, m := range a.aims() {
		if m.took > m.limit {
			list = append(list, m.hint())
		}
	}
	list = append(list, a.turnsBack()...)
	for _, s := range longest(a.silent, 3) {
		c := s.claim()
		list = append(list, hint{c.text(), c.cites})
	}
	_, missed := a.promises()
	list = append(list, missed[:min(len(missed), 5)]...)
	list = append(list, a.reminded(a.told)...)
	if n := openIn(a.Incident.Tasks); n > 0 && a.Incident.Status.Ended() {
		list = append(list, hint{count(n, "task was", "tasks were") + " still open when the incident ended", counting(a.openTasks())})
	}
	return list
}

// longest are the longest of some silences, in their order.
func longest(list []silence, most int) []silence {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b silence) int { return cmp.Compare(b.length(), a.length()) })
	list = list[:min(len(list), most)]
	slices.SortStableFunc(list, func(a, b silence) int { return a.from.At.Compare(b.from.At) })
	return list
}

// turnsBack are the reversals: a severity raised, a status that went back, a
// reopening, command that was declined.
func (a *account) turnsBack() []hint {
	var up, again, backward, declined []*entry
	for _, e := range a.told {
		switch {
		case raised(e):
			up = append(up, e)
		case e.reopens():
			again = append(again, e)
		case back(e):
			backward = append(backward, e)
		case e.Kind == incidents.HandoffDeclined:
			declined = append(declined, e)
		}
	}
	var list []hint
	for _, x := range []struct {
		list []*entry
		text string
	}{
		{up, "the severity was raised %s"}, {again, "the incident was reopened %s after it had ended"},
		{backward, "the status went back %s"}, {declined, "command was offered and declined %s"},
	} {
		if len(x.list) > 0 {
			list = append(list, hint{fmt.Sprintf(x.text, times(len(x.list))), counting(x.list)})
		}
	}
	return list
}

// lucky are facts in which luck may have had a part.
func lucky(a *account) []hint {
	var list []hint
	in := a.Incident
	if office := a.Rules.Clock.Office; len(office.Hours) > 0 && !in.Backfilled && !in.Times.Declared.IsZero() {
		when := "outside office hours"
		if office.Next(in.Times.Declared).Equal(in.Times.Declared) {
			when = "within office hours"
		}
		list = append(list, hint{"it was declared " + when + ", on a " + in.Times.Declared.UTC().Weekday().String() + " at " + clock(in.Times.Declared) + " UTC", a.sourceOf("declared")})
	}
	if e := a.declaration(); e != nil && e.Actor.Kind == incidents.User && len(a.of(incidents.AlertAttached)) == 0 {
		list = append(list, hint{"a person noticed it, and no alert is on the record", []uint64{e.Seq}})
	}
	var down []*entry
	for _, e := range a.of(incidents.SeverityChanged) {
		from, _ := incidents.ParseSeverity(e.field("from"))
		to, _ := incidents.ParseSeverity(e.field("to"))
		if from != incidents.Unset && to > from {
			down = append(down, e)
		}
	}
	if len(down) > 0 {
		list = append(list, hint{"the severity was lowered " + times(len(down)), counting(down)})
	}
	if in.EndedAs == incidents.EndedFalsePositive {
		list = append(list, hint{"it turned out to be a false positive", a.sourceOf(factStatus)})
	}
	return list
}

// grace is how much later than promised an update can come and still be in time.
const grace = 5 * time.Minute

// promises are the updates that were promised: those that came in time, and those
// that did not. One that was promised for a time when the incident had ended counts
// for neither.
func (a *account) promises() (kept, missed []hint) {
	var due time.Time
	var by *entry
	for _, e := range a.told {
		ended := e.Kind == incidents.StatusChanged && incidents.Status(e.field("to")).Ended() || e.Kind == incidents.Merged && e.field("into") != ""
		if e.Kind != incidents.UpdatePosted && !ended {
			continue
		}
		if by != nil && (!ended || e.At.Sub(due) > grace) {
			h := hint{"the update that was promised for " + clockOn(due, by.At) + " came at " + clockOn(e.At, due), []uint64{by.Seq, e.Seq}}
			if ended {
				h.text = "the update that was promised for " + clockOn(due, by.At) + " did not come before the end at " + clockOn(e.At, due)
			}
			if e.At.Sub(due) > grace {
				missed = append(missed, h)
			} else {
				kept = append(kept, h)
			}
		}
		due, by = time.Time{}, nil
		if next := e.moment("next"); !next.IsZero() {
			due, by = next, e
		}
	}
	return kept, missed
}

// openIn is how many of some tasks are open.
func openIn(list []incidents.Task) (n int) {
	for _, t := range list {
		if t.State == incidents.TaskOpen {
			n++
		}
	}
	return n
}

// openTasks are the events by which tasks were added that are open now.
func (a *account) openTasks() []*entry {
	open := map[int]bool{}
	for _, t := range a.Incident.Tasks {
		open[t.Number] = t.State == incidents.TaskOpen
	}
	var list []*entry
	for _, e := range a.of(incidents.TaskAdded) {
		if numbers, ok := e.value("numbers").([]any); ok {
			if slices.ContainsFunc(numbers, func(n any) bool { f, _ := n.(float64); return open[int(f)] }) {
				list = append(list, e)
			}
		} else if open[e.number()] {
			list = append(list, e)
		}
	}
	return list
}
