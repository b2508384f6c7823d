package commands

import "fireboss/incidents"

var closeVerb = Verb{
	Name: "close", Group: groupEnd, about: true,
	Usage:    []string{"close [WHY]"},
	Does:     "shuts the incident, resolving it first where that was not done",
	Examples: []string{"close"},
	run:      func(c *call) (Reply, error) { return c.move(incidents.Close{Why: c.args}, c.args) },
}
