package alerts

import (
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
		do = append(do, incidents.Command{ID: id + " detach", Actor: by, At: now, Incident: a.Incident, Do: incidents.DetachAlert{Alert: a.For(), Over: !a.Open(), Why: "it belongs to " + n.String()}})
	}
	do = append(do, incidents.Command{ID: id, Actor: by, At: now, Incident: n, Do: incidents.AttachAlert{Alert: a.For(), Over: !a.Open()}})
	a.Incident = n
	a.Decision = Decision{Action: Attach, Reason: by.Name + " attached it to " + n.String() + ".", By: by.Name, At: now, Rule: a.Decision.Rule, Shadow: a.Decision.Shadow}
	return Change{Alert: &a, Do: do}
}

// Detach takes an alert off its incident; it is not attached to it by itself again.
func (a Alert) Detach(by incidents.Actor, id string, now time.Time) Change {
	if a.Incident == 0 {
		return Change{}
	}
	a = a.clone()
	n := a.Incident
	a.Incident, a.Was = 0, append(a.Was, n)
	a.Decision = Decision{Action: Ignore, Reason: by.Name + " detached it from " + n.String() + ".", By: by.Name, At: now, Rule: a.Decision.Rule, Shadow: a.Decision.Shadow}
	return Change{Alert: &a, Do: []incidents.Command{{ID: id, Actor: by, At: now, Incident: n, Do: incidents.DetachAlert{Alert: a.For(), Over: !a.Open()}}}}
}
