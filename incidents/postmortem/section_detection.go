package postmortem

import (
	"fmt"

	"fireboss/incidents"
)

// writeDetection says how it was noticed, and how long that took.
func writeDetection(p *page) {
	a := p.a
	for _, h := range a.detected(p.voice) {
		p.hint(h)
	}
	p.end()
	if len(a.of(incidents.AlertAttached)) == 0 && !a.byProgram() {
		p.ask("The record holds no alert; it does not say whether one fired.")
	}
	if p.prompt != "" {
		p.ask(p.prompt)
	}
}

// declaration is the event by which it was declared, nil where there is none.
func (a *account) declaration() *entry {
	for _, e := range a.list {
		if e.Kind == incidents.Declared {
			return e
		}
	}
	return nil
}

// byProgram reports whether a program declared it.
func (a *account) byProgram() bool {
	e := a.declaration()
	return e != nil && e.Actor.Kind != incidents.User
}

func (a *account) detected(v *voice) []hint {
	var list []hint
	t := a.Incident.Times
	if alerts := a.of(incidents.AlertAttached); len(alerts) > 0 {
		c, _ := v.claim(alerts[0])
		list = append(list, hint{"the first alert on the record came at " + moment(alerts[0].At) + ": " + c.text(), c.cites})
		if n := len(alerts); n > 1 {
			list = append(list, hint{count(n, "alert was", "alerts were") + " attached in all", counting(alerts)})
		}
	}
	for _, e := range a.told {
		if e.Kind == incidents.MessagePosted && e.weight > aside {
			list = append(list, hint{"it was opened from a message that " + v.actor(e) + " had written at " + moment(e.At), []uint64{e.Seq}})
		}
	}
	if e := a.declaration(); e != nil {
		how := "declared it"
		if a.Incident.Backfilled {
			how = "recorded it when it was over"
		}
		list = append(list, hint{fmt.Sprintf("%s %s, at %s", v.actor(e), how, moment(e.At)), []uint64{e.Seq}})
	}
	if d := t.Durations(); d.Detect != nil && *d.Detect > 0 {
		list = append(list, hint{"from the beginning of the impact to the detection it took " + incidents.Span(*d.Detect), a.sourceOf("impact_started", "detected")})
	} else if d.Detect != nil {
		list = append(list, hint{"it was detected when the impact began", a.sourceOf("impact_started", "detected")})
	}
	if d := t.Durations(); d.Acknowledge != nil {
		list = append(list, hint{"somebody acknowledged it " + after(*d.Acknowledge, "it was detected"), a.sourceOf("detected", "acknowledged")})
	}
	return list
}
