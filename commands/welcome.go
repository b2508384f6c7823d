package commands

import "fireboss/incidents"

// welcome answers who said nothing: elsewhere with the form that opens an
// incident, in an incident's channel with its control panel.
func (c *call) welcome() (Reply, error) {
	if c.number == 0 {
		c.verb, _ = find(c.verbs, "open")
		return Reply{
			Text: "Type what is wrong, and I open a room for it. Example: /incident open sev1 checkout is down",
			Lines: []Line{
				{Text: "/incident open [sevN] TITLE opens an incident"},
				{Text: "/incident list shows those that are open"},
				{Text: "/incident help tells all that can be said"},
			},
			Form: c.asks(),
		}, nil
	}
	in, err := c.incident()
	if err != nil {
		return Reply{}, err
	}
	r := Reply{Text: c.headline(in), Incident: &in, Card: true}
	for _, line := range c.possible(in) {
		r.Lines = append(r.Lines, Line{Text: line})
	}
	c.panel(&r, in)
	return r, nil
}

// controls are the buttons of the control panel, in order; those that would
// change nothing now are left out by their condition.
var controls = []struct {
	verb, args, label string
	when              func(*call, incidents.Incident) bool
}{
	{"ack", "", "Acknowledge", func(_ *call, in incidents.Incident) bool { return in.Times.Acknowledged.IsZero() }},
	{"lead", "me", "Take command", func(c *call, in incidents.Incident) bool { p, _ := in.Commander(); return p.ID != c.Actor.ID }},
	{"update", "", "Update", nil},
	{"sev", "", "Severity", nil},
	{"status", "", "Status", nil},
	{"note", "", "Note", nil},
	{"task", "list", "Tasks", nil},
	{"followup", "list", "Follow-ups", func(_ *call, in incidents.Incident) bool { return in.Status.Ended() || len(in.Followups) > 0 }},
	{"handoff", "", "Hand over", func(c *call, in incidents.Incident) bool { p, led := in.Commander(); return led && p.ID == c.Actor.ID }},
	{"invite", "", "Invite", nil},
	{"snooze", "", "Put reminders off", func(_ *call, in incidents.Incident) bool { return len(in.Shown()) > 0 }},
	{"clock", "", "Deadlines", nil},
	{"resolve", "", "Resolve", func(_ *call, in incidents.Incident) bool { return in.Status.Open() }},
	{"close", "", "Close", func(_ *call, in incidents.Incident) bool { return in.Status == incidents.Resolved }},
	{"reopen", "", "Reopen", func(_ *call, in incidents.Incident) bool { return in.Status.Ended() }},
}

// panel adds what the caller may do now as buttons, and what they may not, with
// the reason.
func (c *call) panel(r *Reply, in incidents.Incident) {
	refused := map[string]bool{}
	for _, control := range controls {
		if control.when != nil && !control.when(c, in) {
			continue
		}
		v, _ := find(c.verbs, control.verb)
		refusal, no := incidents.AsRefusal(incidents.Allowed(v.row(), in))
		if !no {
			r.Choices = append(r.Choices, Choice{Label: control.label, Command: c.command(control.verb, control.args), Primary: len(r.Choices) == 0})
			continue
		}
		if !refused[v.row()] {
			r.Lines = append(r.Lines, Line{Text: "Not now, " + lower(control.label) + ": " + refusal.Here})
		}
		refused[v.row()] = true
	}
}

// possible is what is mostly said next in this status.
func (c *call) possible(in incidents.Incident) []string {
	help := "/incident help tells all that can be said"
	switch {
	case in.Status == incidents.Resolved:
		return []string{"/incident followup add TEXT @user for the work after it", "/incident close when that is agreed", "/incident reopen WHY if it is back", help}
	case in.Status.Ended():
		return []string{"/incident reopen WHY if it is back", "/incident timeline shows what happened", help}
	}
	return []string{"/incident update TEXT next 30m tells everybody how it stands", "/incident note TEXT keeps what was seen or done", "/incident resolve when the impact is over", help}
}
