package postmortem

import (
	"fmt"
	"slices"
	"strings"

	"fireboss/incidents"
)

// question is what the record cannot answer, and who may know.
type question struct {
	to    string // the incident commander
	text  string
	cites []uint64 // what gives rise to it
}

// writeQuestions asks what the record cannot answer.
func writeQuestions(p *page) {
	q := &asker{page: p}
	q.moments()
	q.people()
	q.causes()
	q.gaps()
	q.loose()
	var items []string
	for _, x := range q.list {
		text := escape(capital(x.to) + ": " + x.text)
		if cites := p.a.known(x.cites); len(cites) > 0 {
			text += " " + cite(cites...)
		}
		items = append(items, text)
	}
	if len(items) == 0 {
		p.ask("The record leaves no question open that a program could find.")
	}
	p.items(items)
	if p.prompt != "" {
		p.ask(p.prompt)
	}
}

type asker struct {
	*page
	list []question
}

func (q *asker) ask(to, text string, cites ...uint64) {
	q.list = append(q.list, question{to, text, cites})
}

// lead is who leads now or did so last; whoever declared it where nobody did.
func (q *asker) lead() string {
	held := q.a.cast.held[incidents.CommanderRole]
	for i := len(held) - 1; i >= 0; i-- {
		if held[i].who != "" {
			if q.a.Names {
				return "to " + term(q.a.cast.names[held[i].who])
			}
			return "to the " + q.a.cast.titles[incidents.CommanderRole]
		}
	}
	return q.declarer()
}

func (q *asker) declarer() string {
	if e := q.a.declaration(); q.a.Names && e != nil {
		return "to " + term(e.Actor.Name)
	}
	return "to whoever declared it"
}

// moments asks for the times that nobody has set.
func (q *asker) moments() {
	in := q.a.Incident
	declared := q.a.sourceOf("declared")
	if in.Times.ImpactStarted.IsZero() && in.Status != incidents.Canceled && !in.Drill {
		q.ask(q.lead(), "When did the impact begin?", declared...)
	}
	if in.Times.ImpactEnded.IsZero() && in.Status.Ended() && in.EndedAs == incidents.EndedResolved && !in.Drill {
		q.ask(q.lead(), "When did the impact end?", q.a.sourceOf("resolved")...)
	}
	if in.Times.Detected.IsZero() {
		q.ask(q.declarer(), "When was it detected, and how?", declared...)
	}
	for _, name := range [][2]string{{"detected", "impact_started"}, {"acknowledged", "detected"}, {"mitigated", "detected"}, {"resolved", "detected"}} {
		later, sooner := in.Times.Named(name[0]), in.Times.Named(name[1])
		if !later.IsZero() && !sooner.IsZero() && later.Before(*sooner) {
			q.ask(q.lead(), fmt.Sprintf("Which is right: %s is %s, before %s at %s?", momentNames[name[0]], exact(*later)+" UTC", momentNames[name[1]], exact(*sooner)+" UTC"), q.a.sourceOf(name[0], name[1])...)
		}
	}
}

// people asks who led and who looked at it, where that is not known.
func (q *asker) people() {
	in := q.a.Incident
	if len(q.a.cast.held[incidents.CommanderRole]) == 0 && !in.Backfilled && in.EndedAs != incidents.EndedCanceled {
		q.ask(q.declarer(), "Who led the response? Nobody had the role of "+q.title(incidents.CommanderRole)+".", q.a.sourceOf("declared")...)
	}
	if in.Severity == incidents.Unset {
		q.ask(q.lead(), "How severe was it? Nobody has judged that.", q.a.sourceOf(factSeverity)...)
	}
}

// causes asks for the cause, what made the severity change, and why it came again.
func (q *asker) causes() {
	a, in := q.a, q.a.Incident
	if _, e := a.causeField(); e == nil && a.identifiedBy() == nil && !in.Drill && (in.EndedAs == incidents.EndedResolved || in.EndedAs == incidents.EndedFalsePositive) {
		q.ask(q.lead(), "What caused it?", a.sourceOf(factStatus)...)
	}
	for _, f := range a.Rules.Missing(in, incidents.BeforeResolve, incidents.BeforeClose) {
		text := f.Ask
		if text == "" {
			text = "What is the field " + term(f.Name) + "?"
		}
		q.ask(q.lead(), tidy(text), a.sourceOf(factType)...)
	}
	var up []*entry
	for _, e := range a.told {
		if raised(e) {
			up = append(up, e)
		}
		if e.reopens() && len(q.list) < maxListed {
			q.ask(q.lead(), "What did the resolution before the reopening at "+moment(e.At)+" miss?", e.Seq)
		}
	}
	if len(up) > 1 {
		q.ask(q.lead(), "What would have shown sooner how severe it was? The severity was raised "+times(len(up))+".", counting(up)...)
	}
}

// gaps asks what happened while the record was silent, and what people asked in the
// channel without an answer.
func (q *asker) gaps() {
	for _, s := range longest(q.a.silent, 3) {
		q.ask(q.lead(), "What was done "+stretch(s.from.At, s.to.At)+"? The record holds nothing of it.", s.from.Seq, s.to.Seq)
	}
	var cites []uint64
	for _, e := range incidents.Unanswered(q.a.exchanges(), maxListed) {
		if x := q.a.bySeq[e.Seq]; x != nil && !x.hidden {
			cites = append(cites, e.Seq)
		}
	}
	if len(cites) > 0 {
		q.ask("to those who were in the channel", "Were these questions answered? "+capital(count(len(cites), "message asks something and has no reply in its thread", "messages ask something and have no reply in their threads"))+".", cites...)
	}
}

// exchanges are the messages that may ask or answer something: all others need not
// be looked into.
func (a *account) exchanges() []incidents.Event {
	var list []incidents.Event
	for _, e := range a.list {
		switch e.Kind {
		case incidents.MessageEdited, incidents.MessageDeleted:
			list = append(list, *e.Event)
		case incidents.MessagePosted:
			if strings.Contains(e.Text, "?") || e.has("thread_seq") {
				list = append(list, *e.Event)
			}
		}
	}
	return list
}

// loose asks for what was left open, and for owners.
func (q *asker) loose() {
	in := q.a.Incident
	if in.Status.Ended() {
		q.each(in.Tasks, incidents.Tasks, func(t incidents.Task) string { return q.holder(t) }, func(n int, which string) string {
			if n == 1 {
				return "Was task " + which + " done? It was still open when the incident ended."
			}
			return "Were tasks " + which + " done? They were still open when the incident ended."
		})
	}
	free := slices.DeleteFunc(slices.Clone(in.Followups), func(t incidents.Task) bool { return t.Assignee != nil })
	q.each(free, incidents.Followups, func(incidents.Task) string { return q.lead() }, func(n int, which string) string {
		return "Who takes " + plural(n, "follow-up ", "follow-ups ") + which + "?"
	})
}

// each asks about open tasks, those of one person in one question.
func (q *asker) each(tasks []incidents.Task, list incidents.List, to func(incidents.Task) string, text func(n int, which string) string) {
	var order []string
	numbers, cites := map[string][]string{}, map[string][]uint64{}
	for _, t := range tasks {
		if t.State != incidents.TaskOpen {
			continue
		}
		who := to(t)
		if numbers[who] == nil {
			order = append(order, who)
		}
		numbers[who] = append(numbers[who], fmt.Sprint(t.Number))
		cites[who] = append(cites[who], q.a.taskEvents(list, t.Number)...)
	}
	for _, who := range order {
		which := numbers[who]
		if len(which) > maxListed {
			which = append(which[:maxListed:maxListed], "others")
		}
		q.ask(who, text(len(numbers[who]), enumerate(which)), bounded(cites[who])...)
	}
}

// holder is who has a task.
func (q *asker) holder(t incidents.Task) string {
	if t.Assignee == nil {
		return q.lead()
	}
	return "to " + q.the(t.Assignee.ID)
}
