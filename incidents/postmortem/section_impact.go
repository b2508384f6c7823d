package postmortem

import (
	"maps"
	"slices"

	"fireboss/incidents"
)

// writeImpact says who and what was affected, how badly and for how long.
func writeImpact(p *page) {
	a, in := p.a, p.a.Incident
	if len(in.Services) > 0 {
		p.fact(enumerate(terms(in.Services))+plural(len(in.Services), " was", " were")+" affected", a.serviceCites()...)
	}
	p.hint(a.judgements())
	if !in.Times.ImpactStarted.IsZero() {
		p.hint(a.howLong())
	}
	p.end()
	p.fields()
	p.missing(in)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// judgements say how severe it was taken to be, from first to last.
func (a *account) judgements() hint {
	list, cites := a.severities()
	if len(list) == 0 || len(list) == 1 && list[0] == incidents.Unset {
		return hint{}
	}
	list = slices.Compact(list)
	text := "it was declared as " + severityWord(list[0])
	var then []string
	for _, s := range list[1:] {
		then = append(then, severityWord(s))
	}
	switch {
	case len(then) > maxListed:
		return hint{text + " and judged anew " + times(len(then)) + ", in the end as " + then[len(then)-1], []uint64{cites[0], cites[len(cites)-1]}}
	case len(then) == 1:
		text += " and later judged to be " + then[0]
	case len(then) > 1:
		text += " and later judged to be, one after the other, " + enumerate(then)
	}
	return hint{text, cites}
}

func severityWord(s incidents.Severity) string {
	if s == incidents.Unset {
		return "an incident of unknown severity"
	}
	return "a " + s.String()
}

// fields are what the organisation wants to know of its incidents, as far as it
// was said.
func (p *page) fields() {
	var items []string
	set := map[string]*entry{}
	for _, e := range p.a.of(incidents.FieldChanged) {
		set[e.field("name")] = e
	}
	for _, name := range slices.Sorted(maps.Keys(p.a.Incident.Fields)) {
		if e := set[name]; e != nil && !e.hidden && !slices.Contains(causeFields, name) {
			items = append(items, p.a.stated("the field "+term(name)+" says: "+p.say(p.a.Incident.Fields[name], quoteRoom, now), []uint64{e.Seq}))
		}
	}
	p.items(items)
}

// missing asks for what nobody has said of the impact.
func (p *page) missing(in incidents.Incident) {
	var lines []string
	if len(in.Services) == 0 {
		lines = append(lines, "The record names no affected service.")
	}
	if in.Times.ImpactStarted.IsZero() {
		lines = append(lines, "The record does not say when the impact began.")
	}
	if in.Times.ImpactEnded.IsZero() && in.Status.Ended() {
		lines = append(lines, "The record does not say when the impact ended.")
	}
	if p.prompt != "" {
		lines = append(lines, p.prompt)
	}
	if len(lines) > 0 {
		p.ask(lines...)
	}
}
