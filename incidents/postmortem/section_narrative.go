package postmortem

import (
	"slices"
	"strings"

	"fireboss/incidents"
)

// writeNarrative tells what happened, by phases.
func writeNarrative(p *page) {
	p.ask("All times are UTC.")
	t := &teller{}
	chapters := p.a.chapters()
	if p.a.Incident.Backfilled { // what is known of it is no story
		chapters = []chapter{{list: p.a.told}}
	}
	for _, c := range chapters {
		t.again()
		sentences := p.chapter(t, c)
		if len(sentences) == 0 {
			continue
		}
		if !p.a.Incident.Backfilled {
			p.heading(p.a.title(c))
		}
		for part := range slices.Chunk(sentences, paragraphOf) {
			p.sentence = part
			p.end()
		}
	}
}

// chapter is what is told of one phase: its key events one by one, as far as there
// is room, and what came aside in numbers.
func (p *page) chapter(t *teller, c chapter) []string {
	told, counted := room(c.list)
	list := p.claims(told)
	for _, s := range p.a.silent {
		if s.to.phase == c.phase && s.to.round == c.round {
			list = append(list, s.claim())
		}
	}
	slices.SortStableFunc(list, func(a, b claim) int { return a.at.Compare(b.at) })
	sentences := p.tell(t, list)
	for _, h := range p.a.asides(c.list, counted) {
		if s := p.a.stated(h.text, h.cites); s != "" {
			sentences = append(sentences, s)
		}
	}
	return sentences
}

// room leaves out what is too much to be told one by one: first what weighs least,
// and in the end the middle. What is left out is to be counted.
func room(all []*entry) (told, counted []*entry) {
	for _, e := range all {
		if e.weight > aside {
			told = append(told, e)
		}
	}
	for least := small; least < turning && len(told) > maxTold; least++ {
		told = slices.DeleteFunc(told, func(e *entry) bool {
			if e.weight == least {
				counted = append(counted, e)
			}
			return e.weight == least
		})
	}
	if len(told) > maxTold {
		middle := told[maxTold/2 : len(told)-maxTold/2]
		counted = append(counted, middle...)
		told = slices.Concat(told[:maxTold/2], told[len(told)-maxTold/2:])
	}
	slices.SortStableFunc(counted, func(a, b *entry) int { return a.At.Compare(b.At) })
	return told, counted
}

// hint is a statement about more than one event.
type hint struct {
	text  string
	cites []uint64
}

// asides are what a phase had beside its key events: who came and went, what the
// clock reminded of, and the key events that there is no room for.
func (a *account) asides(all, counted []*entry) []hint {
	var list []hint
	if joined := pick(all, incidents.ResponderJoined); len(joined) > 0 {
		list = append(list, hint{count(len(joined), "person", "people") + " joined in this phase", counting(joined)})
	}
	list = append(list, a.reminded(all)...)
	if len(counted) > 0 {
		list = append(list, tally(counted))
	}
	return list
}

func pick(list []*entry, kinds ...incidents.Kind) []*entry {
	var out []*entry
	for _, e := range list {
		if slices.Contains(kinds, e.Kind) {
			out = append(out, e)
		}
	}
	return out
}

// remindedOf is what the clock reminds of, by its rule.
var remindedOf = map[string]string{
	"acknowledge": "nobody had acknowledged the incident", "commander": "nobody was in command", "severity": "nobody had judged how severe it was",
	"update": "an update was due", "mitigate": "it was to be mitigated", "resolve": "it was to be resolved",
	"command": "whoever commanded had done so for long", "stale": "nothing had happened for long", "close": "it was resolved and not closed",
}

// reminded says what people were reminded of, by rule.
func (a *account) reminded(all []*entry) []hint {
	byRule := map[string][]*entry{}
	var order []string
	for _, e := range pick(all, incidents.ReminderSent) {
		rule, _, _ := strings.Cut(e.field("rule"), ".")
		if e.hidden || remindedOf[rule] == "" {
			continue
		}
		if byRule[rule] == nil {
			order = append(order, rule)
		}
		byRule[rule] = append(byRule[rule], e)
	}
	var list []hint
	for _, rule := range order {
		n := len(byRule[rule])
		how := ""
		if n > 1 {
			how = times(n) + " "
		}
		list = append(list, hint{"Fireboss reminded " + how + "that " + remindedOf[rule], counting(byRule[rule])})
	}
	return list
}

// nouns are what events are called where they are counted.
var nouns = map[incidents.Kind][2]string{
	incidents.TaskAdded: {"task was added", "tasks were added"}, incidents.TaskDone: {"task was finished", "tasks were finished"},
	incidents.TaskAssigned: {"task was given to somebody", "tasks were given to somebody"}, incidents.TaskDropped: {"task was dropped", "tasks were dropped"},
	incidents.TaskReopened: {"task was opened again", "tasks were opened again"}, incidents.UpdatePosted: {"update was posted", "updates were posted"},
	incidents.NoteAdded: {"note was written", "notes were written"}, incidents.ServiceAdded: {"service was named as affected", "services were named as affected"},
	incidents.RoleAssigned: {"role was given", "roles were given"}, incidents.DecisionMade: {"decision was recorded", "decisions were recorded"},
	incidents.MessageMarked: {"message was marked as a key event", "messages were marked as key events"},
	incidents.StatusChanged: {"change of the status was made", "changes of the status were made"}, incidents.SeverityChanged: {"change of the severity was made", "changes of the severity were made"},
	incidents.AlertAttached: {"alert was attached", "alerts were attached"}, incidents.AlertResolved: {"alert was resolved", "alerts were resolved"},
}

// tally says what there is no room to tell one by one.
func tally(list []*entry) hint {
	first, last := list[0], list[len(list)-1]
	return hint{"besides, " + between(first.At, last.At) + ", " + numbers(list), counting(list)}
}

// numbers count events by their kinds.
func numbers(list []*entry) string {
	n := map[incidents.Kind]int{}
	var order []incidents.Kind
	others := 0
	for _, e := range list {
		if _, known := nouns[e.Kind]; !known {
			others++
			continue
		}
		if n[e.Kind]++; n[e.Kind] == 1 {
			order = append(order, e.Kind)
		}
	}
	var parts []string
	for _, k := range order {
		parts = append(parts, count(n[k], nouns[k][0], nouns[k][1]))
	}
	if others > 0 {
		parts = append(parts, count(others, "other thing was changed", "other things were changed"))
	}
	return enumerate(parts)
}
