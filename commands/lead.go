package commands

import "fireboss/incidents"

var leadVerb = Verb{
	Name: "lead", act: "role", Group: groupPeople, about: true,
	Usage:    []string{"lead @user|me"},
	Does:     "says who commands: the same as role commander @user",
	Examples: []string{"lead me", "lead @alice"},
	run: func(c *call) (Reply, error) {
		if c.args == "" {
			return Reply{}, incidents.Missing("to", "Who leads? Example: %s", c.say("lead", "me"))
		}
		return c.assign(incidents.CommanderRole, c.args)
	},
	form: func(c *call) Form {
		return Form{Title: "Command of " + c.number.String(), Submit: "Assign", Fields: []Field{personField("Who commands")}}
	},
	fill: func(c *call) (Reply, error) { return c.assign(incidents.CommanderRole, c.said("to")) },
}
