package commands

import "fireboss/incidents"

var renameVerb = Verb{
	Name: "rename", Group: groupCorrect, about: true,
	Usage:    []string{"rename TITLE"},
	Does:     "gives another title",
	Examples: []string{"rename checkout rejects all cards"},
	form: func(c *call) Form {
		in, _ := c.incident()
		return Form{Title: "Rename " + c.number.String(), Submit: "Rename", Fields: []Field{lineField("title", "Title").with(in.Title)}}
	},
	fill: retyped("title"),
	run: func(c *call) (Reply, error) {
		out, err := c.apply(incidents.Rename{Title: c.args})
		if err != nil {
			return Reply{}, err
		}
		n, title := out.Incident.Number.String(), incidents.Tidy(c.args)
		if len(out.Events) == 0 {
			return c.done(out, n+" is called that already: "+title)
		}
		return c.done(out, n+" is now called: "+title)
	},
}
