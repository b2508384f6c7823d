package postmortem

import (
	"fmt"
	"slices"

	"fireboss/incidents"
)

// writeHeader is the table with which a document begins: what it is about, how it
// stands, when and who. The names of people stand here, and in the timeline.
func writeHeader(p *page) {
	in := p.a.Incident
	p.row(link(in.Number.String(), p.a.Page), p.cell(tidy(in.Title), p.a.sourceOf(factTitle)...))
	if in.Drill {
		p.row("PRACTICE", p.cell("This was a drill, not a real incident", p.a.sourceOf(factDrill)...))
	}
	p.row("Severity", p.cell(p.a.severityLine(), p.a.severityCites()...))
	p.row("Status", p.cell(p.a.statusLine(), p.a.sourceOf(factStatus)...))
	p.row("Type", p.cell(in.Type, p.a.sourceOf(factType)...))
	if len(in.Services) > 0 {
		p.row("Services", p.cell(enumerate(terms(in.Services)), p.a.serviceCites()...))
	}
	if in.Private {
		p.row("Private", p.cell("Only those who are in it may know of it", p.a.sourceOf(factPrivate)...))
	}
	if in.TLP != "" {
		p.row("TLP", p.cell(in.TLP+": it may travel "+incidents.TLPMeaning(in.TLP), p.a.sourceOf(factTLP)...))
	}
	p.times()
	p.roles()
	p.authors()
}

func terms(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = term(s)
	}
	return out
}

func (a *account) serviceCites() []uint64 {
	var list []uint64
	for _, s := range a.Incident.Services {
		list = append(list, a.sourceOf(serviceFact(s))...)
	}
	return list
}

// severities are the judgements of how severe it was, in the order of events.
func (a *account) severities() (list []incidents.Severity, cites []uint64) {
	for _, e := range a.list {
		field := "to"
		if e.Kind == incidents.Declared {
			field = "severity"
		} else if e.Kind != incidents.SeverityChanged {
			continue
		}
		cites = append(cites, e.Seq)
		if s, ok := incidents.ParseSeverity(e.field(field)); ok {
			list = append(list, s)
		}
	}
	return list, cites
}

// worst is the most severe that it was ever judged to be.
func (a *account) worst() incidents.Severity {
	worst := a.Incident.Severity
	list, _ := a.severities()
	for _, s := range list {
		if s != incidents.Unset && (worst == incidents.Unset || s < worst) {
			worst = s
		}
	}
	return worst
}

func (a *account) severityLine() string {
	now, worst := a.Incident.Severity, a.worst()
	line := now.String()
	if now == incidents.Unset {
		line = "not judged yet"
	}
	if worst != now {
		line += ", at its worst " + worst.String()
	}
	return line
}

// severityCites are the events on which the present severity stands, and the worst.
func (a *account) severityCites() []uint64 {
	cites := a.sourceOf(factSeverity)
	if worst := a.worst(); worst != a.Incident.Severity {
		for _, e := range a.list {
			if e.Kind == incidents.Declared && e.field("severity") == worst.String() || e.Kind == incidents.SeverityChanged && e.field("to") == worst.String() {
				return append(cites, e.Seq)
			}
		}
	}
	return cites
}

// statusLine is how it stands, or how it ended.
func (a *account) statusLine() string {
	in := a.Incident
	switch {
	case in.EndedAs == incidents.EndedFalsePositive:
		return "called off: a false positive"
	case in.MergedInto != 0:
		return "merged into " + in.MergedInto.String()
	case in.Status == incidents.Canceled:
		return "called off"
	case in.Status.Open():
		return string(in.Status) + ", still open when this was drafted"
	case in.Reopened > 0:
		return string(in.Status) + ", reopened " + times(in.Reopened)
	}
	return string(in.Status)
}

var timeTitles = map[string]string{
	"impact_started": "Impact began", "impact_ended": "Impact ended", "detected": "Detected", "declared": "Declared", "acknowledged": "Acknowledged",
	"identified": "Cause known", "mitigated": "Mitigated", "resolved": "Resolved", "closed": "Closed",
}

func (p *page) times() {
	for _, name := range incidents.TimeNames {
		at := p.a.Incident.Times.Named(name)
		if cites := p.a.sourceOf(name); !at.IsZero() && len(cites) > 0 {
			p.row(timeTitles[name], p.cell(exact(*at)+" UTC", cites...))
		}
	}
}

// roles are who held which role last, and before.
func (p *page) roles() {
	c := p.a.cast
	for _, role := range c.order {
		var names []string
		var cites []uint64
		for _, t := range slices.Backward(c.held[role]) {
			if t.who != "" && !slices.Contains(names, c.names[t.who]) {
				names = append(names, c.names[t.who])
			}
			cites = append(cites, t.seq)
		}
		if len(names) == 0 {
			continue
		}
		line := tidy(names[0])
		if len(names) > 1 {
			line += "; before that " + enumerate(terms(names[1:]))
		}
		p.row(escape(capital(c.titles[role])), p.cell(line, cites...))
	}
	joined := p.a.of(incidents.ResponderJoined, incidents.ResponderLeft)
	if n := len(p.a.Incident.Responders); n > 0 {
		cites := counting(joined)
		if e := p.a.declaration(); e != nil && e.Actor.Kind == incidents.User {
			cites = append(cites, e.Seq)
		}
		p.row("Responders", p.cell(count(n, "person", "people"), cites...))
	}
}

// The kinds of events by which a postmortem gets its owner and its reviewers.
const (
	ownerSet    incidents.Kind = "postmortem_assigned"
	reviewerSet incidents.Kind = "postmortem_reviewed"
	approvedBy  incidents.Kind = "postmortem_approved"
)

// authors are who drafted it, to whom it belongs and who reviews it.
func (p *page) authors() {
	if n := len(p.a.list); n > 0 {
		last := p.a.list[n-1].Seq
		p.row("Drafted", p.cell(fmt.Sprintf("from the timeline, by %s, at %s UTC; it knows what had happened up to", term(p.a.by().Name), exact(p.a.At)), last))
	}
	pm := p.a.Incident.Postmortem
	if pm.Owner != nil {
		p.row("Owner", p.cell(tidy(pm.Owner.Name), last(p.a.of(ownerSet))...))
	}
	var names []string
	for _, r := range pm.Reviewers {
		said := term(r.Person.Name)
		if r.Approved.IsZero() {
			said += " (not yet)"
		} else {
			said += " (approved on " + date(r.Approved) + ")"
		}
		names = append(names, said)
	}
	if len(names) > 0 {
		p.row("Reviewers", p.cell(enumerate(names), counting(p.a.of(reviewerSet, approvedBy))...))
	}
}

// last is the seq of the last of some entries, if there is one.
func last(list []*entry) []uint64 {
	if len(list) == 0 {
		return nil
	}
	return []uint64{list[len(list)-1].Seq}
}
