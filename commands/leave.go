package commands

import "fireboss/incidents"

var leaveVerb = Verb{
	Name: "leave", Group: groupPeople, about: true, alone: true,
	Usage:    []string{"leave"},
	Does:     "ends your being a responder",
	Examples: []string{"leave"},
	run: func(c *call) (Reply, error) {
		out, err := c.apply(incidents.Leave{})
		if err != nil {
			return Reply{}, err
		}
		n := out.Incident.Number.String()
		if len(out.Events) == 0 {
			return c.done(out, "You are no responder of "+n+". To become one: "+c.say("join", ""))
		}
		return c.done(out, "You are no longer a responder of "+n+".")
	},
}
