package commands

import "fireboss/incidents"

var linkVerb = Verb{
	Name: "link", Group: groupRecord, about: true,
	Usage:    []string{"link URL [NAME]"},
	Does:     "adds an address that belongs to the incident",
	Examples: []string{"link https://status.example.com status page"},
	form: func(c *call) Form {
		return Form{Title: "Link to " + c.number.String(), Submit: "Add", Fields: []Field{
			lineField("url", "Address").hint("For example https://status.example.com"), lineField("name", "Name").optional(),
		}}
	},
	fill: retyped("url", "name"),
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
