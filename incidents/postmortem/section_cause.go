package postmortem

import (
	"time"

	"fireboss/incidents"
)

// after is how long after something else something was.
func after(d time.Duration, what string) string {
	if d < time.Minute/2 {
		return "at once, when " + what
	}
	return incidents.Span(d) + " after " + what
}

// writeTrigger says what set it off, as far as the record does; otherwise it asks.
func writeTrigger(p *page) {
	a := p.a
	var said bool
	for _, name := range causeFields {
		for _, e := range backwards(a.of(incidents.FieldChanged)) {
			if e.field("name") == name && a.Incident.Fields[name] != "" && !e.hidden {
				p.fact("in the field "+term(name)+" the record says: "+p.say(e.field("to"), quoteRoom, e.Seq), e.Seq)
				said = true
				break
			}
		}
	}
	if e := a.identifiedBy(); e != nil {
		p.fact("when the status was moved to identified, at "+moment(e.At)+", the cause given was: "+p.say(e.field("why"), quoteRoom, e.Seq), e.Seq)
		said = true
	}
	p.end()
	if !said {
		p.judge()
	}
}

// judge asks people for what takes judgement, with the facts that bear on it.
func (p *page) judge() {
	lines := []string{p.prompt}
	if p.prompt == "" {
		lines = nil
	}
	items := p.bearing()
	if len(items) > 0 {
		lines = append(lines, "What the record holds that bears on it:")
	} else {
		lines = append(lines, "The record holds nothing that bears on it.")
	}
	p.ask(lines...)
	p.items(items)
}

// bearing are the facts that bear on the section, as entries of a list.
func (p *page) bearing() []string {
	var items []string
	add := func(h hint) {
		if s := p.a.stated(h.text, h.cites); s != "" {
			items = append(items, s)
		}
	}
	if p.slot.hints != nil {
		for _, h := range p.slot.hints(p.a) {
			add(h)
		}
	}
	if p.slot.bears == nil {
		return items
	}
	var list []*entry
	for _, e := range p.a.told {
		if e.weight > aside && p.slot.bears(p.a, e) {
			list = append(list, e)
		}
	}
	told, counted := list, []*entry(nil)
	if len(list) > maxListed {
		told, counted = room(list)
		if len(told) > maxListed {
			middle := told[maxListed/2 : len(told)-maxListed/2]
			counted = append(counted, middle...)
			told = append(told[:maxListed/2:maxListed/2], told[len(told)-maxListed/2:]...)
		}
	}
	items = append(items, p.tell(&teller{}, p.claims(told))...)
	if len(counted) > 0 {
		add(tally(byTime(counted)))
	}
	return items
}
