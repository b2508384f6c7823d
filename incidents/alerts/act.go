package alerts

import (
	"fmt"
	"time"

	"fireboss/incidents"
)

// AttachTo attaches an alert to an incident because somebody says so; from another one it is detached.
func (a Alert) AttachTo(n incidents.Number, by incidents.Actor, id string, now time.Time) Change {
	if a.Incident == n {
		return Change{}
	}
	a = a.clone()
	var do []incidents.Command
	if a.Incident != 0 {
		do = append(do, incidents.Command{ID: id + " detach", Actor: by, At: now, Incident: a.Incident, Do: incidents.DetachAlert{Alert: a.For(), Why: "it belongs to " + n.String()}})
	}
	a.Auto = "" // who attaches it by hand says by hand that it is over
	do = append(do, incidents.Command{ID: id, Actor: by, At: now, Incident: n, Do: incidents.AttachAlert{Alert: a.For()}})
	a.Incident = n
	a.Decision = Decision{Action: Attach, Reason: by.Name + " attached it to " + n.String() + ".", By: by.Name, At: now, Rule: a.Decision.Rule, Shadow: a.Decision.Shadow}
	return Change{Alert: &a, Do: do, ID: id}
}

// Detach takes an alert off its incident; it is not attached to it by itself again.
func (a Alert) Detach(by incidents.Actor, id string, now time.Time) Change {
	if a.Incident == 0 {
		return Change{}
	}
	a = a.clone()
	n, was := a.Incident, a.For()
	a.Incident, a.Auto, a.Was = 0, "", append(a.Was, n)
	a.Decision = Decision{Action: Ignore, Reason: by.Name + " detached it from " + n.String() + ".", By: by.Name, At: now, Rule: a.Decision.Rule, Shadow: a.Decision.Shadow}
	return Change{Alert: &a, Do: []incidents.Command{{ID: id, Actor: by, At: now, Incident: n, Do: incidents.DetachAlert{Alert: was}}}, ID: id}
}

// Carried is the alert once its incident was merged into another.
func (a Alert) Carried(into incidents.Number) Alert {
	a = a.clone()
	a.Decision.Reason += fmt.Sprintf(" %s was merged into %s, and it goes on there.", a.Incident, into)
	a.Incident = into
	return a
}

// DeclareBy opens an incident because of an alert, as somebody says who sees to which one it belongs. One that belongs to an
// incident is refused: else that one would count it on.
func (a Alert) DeclareBy(by incidents.Actor, open incidents.Open, id string, now time.Time) (Change, error) {
	if a.Incident != 0 {
		return Change{}, incidents.Refused("%s belongs to %s already, so nothing was opened. To open one for it all the same, take it off first: /incident alert detach %s", a.Number, a.Incident, a.Number)
	}
	a = a.clone()
	if open.Title == "" {
		open.Title = a.Title
	}
	if len(open.Services) == 0 && a.Service != "" {
		open.Services = []string{a.Service}
	}
	a.Auto = ""
	open.Alerts = []incidents.Alert{a.For()}
	a.Decision = Decision{Action: Declare, Reason: by.Name + " declared an incident.", By: by.Name, At: now, Rule: a.Decision.Rule, Shadow: a.Decision.Shadow}
	return Change{Alert: &a, Do: []incidents.Command{{ID: id, Actor: by, At: now, Do: open}}, ID: id}, nil
}

// IgnoreUntil keeps an alert from leading to anything until a moment, whatever it is called then: its next episode
// inherits that. why may be empty.
func (a Alert) IgnoreUntil(until time.Time, by incidents.Actor, why, id string, now time.Time) Change {
	a = a.clone()
	a.IgnoredUntil = until.UTC().Truncate(time.Millisecond)
	reason := by.Name + " ignores it until " + a.IgnoredUntil.Format("2006-01-02 15:04 UTC")
	if why != "" {
		reason += ": " + why
	}
	a.Decision = Decision{Action: Ignore, Reason: reason + ".", By: by.Name, At: now, Rule: a.Decision.Rule, Shadow: a.Decision.Shadow}
	return Change{Alert: &a, ID: id}
}
