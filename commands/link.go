package commands

import "fireboss/incidents"

var linkVerb = Verb{
	Name: "link", Group: groupRecord, about: true,
	Usage:    []string{"link URL [NAME]"},
	Does:     "adds an address that belongs to the incident",
	Examples: []string{"link https://status.example.com status page"},
	run: func(c *call) (Reply, error) {
		address, name := cut(c.args)
		out, err := c.apply(incidents.AddLink{URL: address, Name: name})
		if err != nil {
			return Reply{}, err
		}
		if len(out.Events) == 0 {
			return c.done(out, out.Incident.Number.String()+" has that link already.")
		}
		return c.done(out, "The link is added to "+out.Incident.Number.String()+".")
	},
}
