package commands

import "fireboss/incidents"

// welcome answers who said nothing: elsewhere with the form that opens an
// incident, in an incident's channel with its control panel.
func (c *call) welcome() (Reply, error) {
	if c.number == 0 {
		c.verb, _ = find(c.verbs, "open")
		if err := c.possibleNow(); err != nil {
			return Reply{}, err
		}
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
	c.panel(&r, in)
	r.Lines = append(r.Lines, Line{Text: "All of this can be typed as well: /incident help"})
	return r, nil
}

// controls are the buttons of the control panel, in order; those that would
// change nothing now are left out by their condition.
var controls = []struct {
	verb, args, label string
	when              func(*call, incidents.Incident) bool
}{
	{"ack", "", "Acknowledge", func(_ *call, in incidents.Incident) bool { return in.Times.Acknowledged.IsZero() && in.Status.Open() }},
	{"lead", "me", "Take command", func(c *call, in incidents.Incident) bool { p, _ := in.Commander(); return p.ID != c.Actor.ID }},
	{"update", "", "Update", nil},
	{"sev", "", "Severity", nil},
	{"status", "", "Status", nil},
	{"note", "", "Note", nil},
	{"task", "list", "Tasks", nil},
	{"followup", "list", "Follow-ups", func(_ *call, in incidents.Incident) bool { return in.Status.Ended() || len(in.Followups) > 0 }},
	{"postmortem", "", "Postmortem", func(_ *call, in incidents.Incident) bool { return in.Status.Ended() || in.Postmortem.Version > 0 }},
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
	var ended []string
	for _, control := range controls {
		if control.when != nil && !control.when(c, in) {
			continue
		}
		v, _ := find(c.verbs, control.verb)
		if incidents.Allowed(v.row(), in) != nil {
			ended = append(ended, lower(control.label))
			continue
		}
		if refusal, no := incidents.AsRefusal(c.barred(v, in)); no {
			r.Lines = append(r.Lines, Line{Text: "Not for you, " + lower(control.label) + ": " + refusal.Here})
			continue
		}
		primary := control.verb == "ack" || control.verb == "lead" && !led(in)
		r.Choices = append(r.Choices, Choice{Label: control.label, Command: c.command(control.verb, control.args), Primary: primary && len(r.Choices) == 0})
	}
	if len(ended) > 0 {
		r.Lines = append(r.Lines, Line{Text: "Not now: " + enumerate(ended) + ", for it is " + statusWord(in) + ". Open it again first: " + c.say("reopen", "WHY")})
	}
}

// led reports whether somebody commands the incident.
func led(in incidents.Incident) bool {
	_, ok := in.Commander()
	return ok
}
