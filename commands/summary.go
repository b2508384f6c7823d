package commands

import "fireboss/incidents"

var summaryVerb = Verb{
	Name: "summary", Group: groupRun, about: true,
	Usage:    []string{"summary TEXT"},
	Does:     "sets the summary: what is wrong, for whom, since when",
	Examples: []string{"summary The card processor rejects all payments from Europe."},
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
