package commands

import "fireboss/incidents"

var resolveVerb = Verb{
	Name: "resolve", Group: groupEnd, about: true,
	Usage:    []string{"resolve [TEXT]"},
	Does:     "says that the impact is over",
	Examples: []string{"resolve", "resolve rolled back, errors are gone since 14:20"},
	run:      func(c *call) (Reply, error) { return c.move(incidents.Resolve{Text: c.args}, c.args) },
}
