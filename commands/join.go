package commands

import "fireboss/incidents"

var joinVerb = Verb{
	Name: "join", Group: groupPeople, about: true, alone: true,
	Usage:    []string{"join"},
	Does:     "makes you a responder",
	Examples: []string{"join"},
	run: func(c *call) (Reply, error) {
		out, err := c.apply(incidents.Join{})
		if err != nil {
			return Reply{}, err
		}
		in := out.Incident
		if len(out.Events) == 0 {
			return c.done(out, "You are a responder of "+in.Number.String()+" already.")
		}
		return c.done(out, "You are now a responder of "+in.Number.String()+".", c.calledFor(in))
	},
}
