package postmortem

import (
	"time"

	"fireboss/incidents"
)

// figure is a span between two moments.
type figure struct {
	title, formula string
	from, to       string // names of moments
	value          *time.Duration
}

// writeFigures lists how long everything took, with the formulas and both moments,
// and how much there was of what.
func writeFigures(p *page) {
	in := p.a.Incident
	p.row("Figure", "Value", "Formula", "From (UTC)", "To (UTC)")
	d := in.Times.Durations()
	for _, f := range []figure{
		{"Time to detect", "detected − impact started", "impact_started", "detected", d.Detect},
		{"Time to acknowledge", "acknowledged − detected", "detected", "acknowledged", d.Acknowledge},
		{"Time to mitigate", "mitigated − " + spoken(d.Basis), d.Basis, "mitigated", d.Mitigate},
		{"Time to resolve", "resolved − " + spoken(d.Basis), d.Basis, "resolved", d.Resolve},
		{"Impact", "impact ended − impact started", "impact_started", "impact_ended", lasted(in.Times)},
	} {
		p.figure(f)
	}
	p.counts()
	if in.Drill {
		p.ask("This was a PRACTICE: it counts in no figure of the organisation.")
	}
}

func spoken(name string) string {
	if name == "impact_started" {
		return "impact started"
	}
	return name
}

func lasted(t incidents.Times) *time.Duration {
	if t.ImpactStarted.IsZero() || t.ImpactEnded.IsZero() {
		return nil
	}
	d := t.ImpactEnded.Sub(t.ImpactStarted)
	return &d
}

// figure is the row of one. One whose moments stand on no event has no value.
func (p *page) figure(f figure) {
	if f.value == nil && p.a.Incident.Status == incidents.Canceled {
		return // nothing came of it that could have been measured
	}
	value := "unknown"
	if cites := p.a.sourceOf(f.from, f.to); f.value != nil && len(cites) > 0 {
		value = p.cell(precise(*f.value), cites...)
	}
	p.row(f.title, value, f.formula, p.at(f.from), p.at(f.to))
}

// precise is a span with its seconds, where it has any and is not long.
func precise(d time.Duration) string {
	d = d.Round(time.Second)
	if d%time.Minute == 0 || d >= 24*time.Hour {
		return incidents.Span(d)
	}
	seconds := count(int(d%time.Minute/time.Second), "second", "seconds")
	if d < time.Minute {
		return seconds
	}
	return incidents.Span(d.Truncate(time.Minute)) + " " + seconds
}

func (p *page) at(name string) string {
	t := p.a.Incident.Times
	at := t.Named(name)
	if cites := p.a.sourceOf(name); !at.IsZero() && len(cites) > 0 {
		return p.cell(exact(*at), cites...)
	}
	return "not on the record"
}

// counts are how much there was, of what there was any.
func (p *page) counts() {
	a := p.a
	p.rows = 0
	for _, c := range []struct {
		title string
		kinds []incidents.Kind
	}{
		{"Updates", []incidents.Kind{incidents.UpdatePosted}}, {"Changes of the severity", []incidents.Kind{incidents.SeverityChanged}},
		{"Changes of the status", []incidents.Kind{incidents.StatusChanged}}, {"Decisions", []incidents.Kind{incidents.DecisionMade}},
		{"Alerts attached", []incidents.Kind{incidents.AlertAttached}}, {"People who joined", []incidents.Kind{incidents.ResponderJoined}},
		{"Messages in the channel", []incidents.Kind{incidents.MessagePosted}}, {"Reminders", []incidents.Kind{incidents.ReminderSent}},
	} {
		list := a.of(c.kinds...)
		if len(list) == 0 {
			continue
		}
		if p.rows == 0 {
			p.row("Count", "Value", "From (UTC)", "To (UTC)")
		}
		p.row(c.title, p.cell(thousands(len(list)), ends(list)...), exact(list[0].At), exact(list[len(list)-1].At))
	}
}
