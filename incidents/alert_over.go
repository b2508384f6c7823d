package incidents

import (
	"fmt"
	"strings"
	"time"
)

// What the rules of alerts say about the end of an incident: once all its alerts are over it goes to monitoring, and when
// they have kept still for a while it is resolved. It is done where every alert came by a rule that says so, and where
// nobody has done anything since by which it might not be over.

// auto reports whether the incident is resolved by itself once its alerts are over.
func (a Alerts) auto() bool { return a.Total > 0 && a.Auto == a.Total && a.Left == "" }

// rulesSaid are the rules by which it is done, in words.
func (a Alerts) rulesSaid() string {
	quoted := make([]string, len(a.Rules))
	for i, name := range a.Rules {
		quoted[i] = fmt.Sprintf("%q", name)
	}
	if len(quoted) == 1 {
		return "the rule " + quoted[0] + " says so"
	}
	return "the rules " + strings.Join(quoted, ", ") + " say so"
}

// alertsFire says that so many alerts of an incident fire.
func alertsFire(n int) string {
	if n == 1 {
		return "1 of its alerts still fires"
	}
	return fmt.Sprintf("%d of its alerts still fire", n)
}

// ResolvesAt is when an incident is resolved by itself because its alerts are over; zero: it is not.
func (r Rules) ResolvesAt(in Incident) time.Time {
	a := in.Alerts
	if r.Quiet <= 0 || !a.Calm || !a.auto() || a.Over.IsZero() || in.Status != Monitoring {
		return time.Time{}
	}
	return a.Over.Add(r.Quiet)
}

// resolveByAlerts is the deadline at which that is done. Nothing is due of anybody.
const resolveByAlerts = ruleResolve + ".alerts"

// calmed moves an incident to monitoring whose last alert is over.
func (d *decision) calmed() {
	a := &d.in.Alerts
	if !a.auto() || a.Over.IsZero() || a.Calm || !d.in.Status.Open() {
		return
	}
	a.Calm = true
	if d.in.Status != Monitoring {
		d.move(Monitoring, d.now, "all its alerts are over, and "+a.rulesSaid())
	}
}

// resolveQuiet resolves an incident whose alerts have kept still.
func (d *decision) resolveQuiet() {
	at := d.rules.ResolvesAt(d.in)
	if at.IsZero() || at.After(d.now) {
		return
	}
	if err := d.complete("resolved", BeforeResolve); err != nil {
		d.upToPeople(err.Error())
		return
	}
	d.finish(Resolved, EndedResolved, d.now, fmt.Sprintf("all its alerts have been over for %s, and %s", Span(d.now.Sub(d.in.Alerts.Over)), d.in.Alerts.rulesSaid()))
}

// upToPeople leaves it to people whether the incident is over.
func (d *decision) upToPeople(why string) {
	a := &d.in.Alerts
	if !a.Calm || a.Left != "" {
		return
	}
	a.Left, a.Calm = why, false
	d.event(AlertsLeft, "It is not resolved by itself, but by people: "+why, "why", why)
}

// contradicted leaves it to people where somebody has done what speaks against the incident being over.
func (d *decision) contradicted(was Incident) {
	if !was.Alerts.Calm || d.cmd.Actor.Kind != User {
		return
	}
	for _, e := range d.out.Events {
		switch e.Kind {
		case StatusChanged:
			if d.in.Status.Open() {
				d.upToPeople(d.cmd.Actor.Name + " changed the status")
			}
		case SeverityChanged:
			if was.Severity != Unset && d.in.Severity.Rank() < was.Severity.Rank() {
				d.upToPeople(d.cmd.Actor.Name + " raised the severity")
			}
		case AlertAttached:
			d.upToPeople(d.cmd.Actor.Name + " attached an alert")
		}
	}
}
