package alerts

import (
	"cmp"
	"fmt"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts/condition"
)

// matter is what a decision is about, and what is known of it.
type matter struct {
	alert Alert
	near  near
	facts Facts
	env   Env
	meter *condition.Meter
	now   time.Time
}

// action is what a rule has done: one that declares may have attached, in a storm.
func (c Change) action(wanted Action) Action {
	if len(c.Do) == 1 && wanted == Declare {
		if _, attached := c.Do[0].Do.(incidents.AttachAlert); attached {
			return Attach
		}
	}
	return wanted
}

// follow is what a rule makes of an alert, and why; false where it cannot.
func (p Policy) follow(r rule, m matter) (c Change, reason string, fits bool) {
	if r.Resolves {
		m.alert.Auto = r.Name
	}
	switch r.Do {
	case Attach:
		in, why := m.near.best(m.alert)
		if in == nil {
			return c, "", false
		}
		return m.alert.attach(*in, why, m.now), "Attached to " + in.Number.String() + ": " + why + ".", true
	case Declare:
		if in := p.storm(m.near, p.private(r), m.now); in != nil && !r.Shadow {
			return m.alert.attach(*in, "too many alerts for an incident each", m.now), "Attached to " + in.Number.String() + ": too many alerts at once for an incident each.", true
		}
		c, trouble := p.declare(r, m, nil)
		return c, fmt.Sprintf("Declared an incident: the rule %q holds.", r.Name) + trouble, true
	case Page:
		return p.page(r, m)
	case Notify:
		if !r.Shadow {
			m.alert.Channel = cmp.Or(r.Channel, p.Channel)
		}
		return Change{Alert: &m.alert}, cmp.Or(r.Reason, fmt.Sprintf("People are notified: the rule %q holds.", r.Name)), true
	}
	return Change{Alert: &m.alert}, cmp.Or(r.Reason, fmt.Sprintf("Ignored: the rule %q holds.", r.Name)), true
}

// page wakes somebody about the incident that an alert fits, or about one that is declared for it.
func (p Policy) page(r rule, m matter) (c Change, reason string, fits bool) {
	wake := &incidents.Wake{Who: r.Page, Text: m.alert.Title}
	whom := cmp.Or(r.Page, "whoever is on call")
	woken := fmt.Sprintf("To be woken is %s: the rule %q holds.", whom, r.Name)
	in, why := m.near.best(m.alert)
	if in != nil && in.Storm && !in.Private && p.private(r) {
		in = nil // it would be told to everybody
	}
	if in == nil && !r.Shadow {
		if in = p.storm(m.near, p.private(r), m.now); in != nil {
			why = "too many alerts at once for an incident each"
		}
	}
	if in == nil {
		c, trouble := p.declare(r, m, wake)
		return c, "Declared an incident. " + woken + trouble, true
	}
	c = m.alert.attach(*in, why, m.now)
	act := c.Do[0].Do.(incidents.AttachAlert)
	act.Wake = wake
	c.Do[0].Do = act
	return c, "Attached to " + in.Number.String() + ": " + why + ". " + woken, true
}

// attach attaches an alert to an incident.
func (a Alert) attach(in incidents.Incident, why string, now time.Time) Change {
	a.Incident = in.Number
	return Change{Alert: &a, Do: []incidents.Command{a.command("attach", in.Number, now, incidents.AttachAlert{Alert: a.For(), Why: why})}}
}

// declare opens an incident because of an alert: in a storm one for all that are to come. wake is who is woken; nil: nobody.
// trouble is what could not be done as the rule says, behind a space.
func (p Policy) declare(r rule, m matter, wake *incidents.Wake) (c Change, trouble string) {
	a := m.alert
	title, err := r.title.Fill(m.env, m.meter)
	if title = cut(incidents.Tidy(title), MaxTitle); title == "" {
		title = a.Title
	}
	if err != nil {
		title, trouble = a.Title, fmt.Sprintf(" Its title is the alert's, for the rule's could not be made: %s", err)
	}
	open := incidents.Open{
		Title: title, Severity: r.Severity, Type: r.Type, Triage: true, Alerts: []incidents.Alert{a.For()}, Why: fmt.Sprintf("the rule %q", r.Name), Roles: r.Roles, Wake: wake,
		Suggestion: p.Triage(a, a.Before(m.facts.find, everybody), m.now).Suggestion(),
	}
	if r.Suggested {
		open.Severity = open.Suggestion.Severity
	}
	if p.private(r) {
		private := true
		open.Private = &private
	}
	if a.Service != "" {
		open.Services = []string{a.Service}
	}
	if p.stormy(m.near, m.now) {
		open.Title, open.Services, open.Storm = StormTitle, nil, true
	}
	return Change{Alert: &a, Do: []incidents.Command{a.command("declare", 0, m.now, open)}}, trouble
}
