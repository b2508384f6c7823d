package incidents

import "time"

// Deadline is when something is due of somebody, by a rule of the policy.
type Deadline struct {
	Rule string    `json:"rule"` // the key under clock: acknowledge, commander, …
	Due  time.Time `json:"due"`
	For  string    `json:"for"` // whose duty it is: commander, responders
	// AtRisk is when a target begins to be at risk; zero where there is no such moment.
	AtRisk time.Time `json:"at_risk,omitzero"`
	// Occurrence is how often this rule has reminded already.
	Occurrence int `json:"occurrence,omitempty"`
}

// State is pending, or at_risk from the moment when a target is in danger.
func (d Deadline) State(now time.Time) string {
	if !d.AtRisk.IsZero() && !now.Before(d.AtRisk) {
		return "at_risk"
	}
	return "pending"
}

// Next is the deadline that is due first, if there is one.
func (in Incident) Next() (Deadline, bool) {
	var next Deadline
	for _, d := range in.Deadlines {
		if next.Rule == "" || d.Due.Before(next.Due) {
			next = d
		}
	}
	return next, next.Rule != ""
}

// Deadlines are all that follow from the incident as it is.
func (r Rules) Deadlines(in Incident) []Deadline {
	var list []Deadline
	add := func(rule, whose string, from time.Time, after time.Duration, risk float64) {
		if after <= 0 || from.IsZero() {
			return
		}
		d := Deadline{Rule: rule, Due: from.Add(after), For: whose}
		if risk > 0 && risk < 1 {
			d.AtRisk = from.Add(time.Duration(float64(after) * risk))
		}
		list = append(list, d)
	}
	c, t, sev := r.Clock, in.Times, in.Severity
	if in.Status == Resolved {
		add("close", CommanderRole, t.Resolved, c.Close, 0)
	}
	if in.Status.Ended() {
		return list
	}
	_, led := in.Commander()
	if t.Acknowledged.IsZero() {
		add("acknowledge", "responders", in.DeclaredAt, c.Acknowledge[sev], 0)
	}
	if !led {
		add("commander", "responders", in.DeclaredAt, c.Commander[sev], 0)
	} else {
		add("command", CommanderRole, in.InCommand, c.Command[sev], 0)
	}
	if sev == Unset {
		add("severity", CommanderRole, in.DeclaredAt, c.Severity, 0)
	}
	list = append(list, r.updateDeadline(in)...)
	basis := t.ImpactStarted
	if basis.IsZero() {
		basis = t.Detected
	}
	if t.Mitigated.IsZero() {
		add("mitigate", CommanderRole, basis, c.Mitigate[sev], c.MitigateAtRisk)
	}
	add("resolve", CommanderRole, basis, c.Resolve[sev], c.ResolveAtRisk)
	return list
}

// updateDeadline is when people expect to hear again: when it was promised, or
// else by the policy from the last update or the declaration.
func (r Rules) updateDeadline(in Incident) []Deadline {
	due := in.Update.Next
	if due.IsZero() {
		every := r.Clock.Update[in.Severity]
		if every <= 0 {
			return nil
		}
		from := in.Update.At
		if from.IsZero() {
			from = in.DeclaredAt
		}
		due = from.Add(every)
	}
	return []Deadline{{Rule: "update", Due: due, For: CommanderRole}}
}
