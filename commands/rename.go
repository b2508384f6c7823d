package commands

import "fireboss/incidents"

var renameVerb = Verb{
	Name: "rename", Group: groupCorrect, about: true,
	Usage:    []string{"rename TITLE"},
	Does:     "gives another title",
	Examples: []string{"rename checkout rejects all cards"},
	run: func(c *call) (Reply, error) {
		out, err := c.apply(incidents.Rename{Title: c.args})
		if err != nil {
			return Reply{}, err
		}
		in := out.Incident
		if len(out.Events) == 0 {
			return c.done(out, in.Number.String()+" is called that already: "+in.Title)
		}
		return c.done(out, in.Number.String()+" is now called: "+in.Title)
	},
}
