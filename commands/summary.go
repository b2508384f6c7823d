package commands

import "fireboss/incidents"

var summaryVerb = Verb{
	Name: "summary", Group: groupRun, about: true,
	Usage:    []string{"summary TEXT"},
	Does:     "sets the summary: what is wrong, for whom, since when",
	Examples: []string{"summary The card processor rejects all payments from Europe."},
	form: func(c *call) Form {
		in, _ := c.incident()
		return Form{Title: "Summary of " + c.number.String(), Submit: "Set", Fields: []Field{
			areaField("text", "Summary").with(in.Summary).hint("What is wrong, for whom, since when."),
		}}
	},
	fill: retyped("text"),
	run: func(c *call) (Reply, error) {
		out, err := c.apply(incidents.SetSummary{Text: c.args})
		if err != nil {
			return Reply{}, err
		}
		if len(out.Events) == 0 {
			return c.done(out, "That is the summary of "+out.Incident.Number.String()+" already.")
		}
		return c.done(out, "The summary of "+out.Incident.Number.String()+" is set.")
	},
}
