package commands

import "fireboss/incidents"

var leadVerb = Verb{
	Name: "lead", Group: groupPeople, about: true,
	Usage:    []string{"lead @user|me"},
	Does:     "says who commands: the same as role commander @user",
	Examples: []string{"lead me", "lead @alice"},
	run: func(c *call) (Reply, error) {
		if c.args == "" {
			return Reply{}, incidents.Invalid("Who leads? Example: %s", c.say("lead", "me"))
		}
		return c.assign(incidents.CommanderRole, c.args)
	},
}
