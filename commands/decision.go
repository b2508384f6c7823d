package commands

import "fireboss/incidents"

var decisionVerb = Verb{
	Name: "decision", Group: groupRecord, about: true,
	Usage:    []string{"decision TEXT"},
	Does:     "writes down what was decided, as a key event",
	Examples: []string{"decision we roll back to Tuesday's release"},
	form: func(c *call) Form {
		return Form{Title: "Decision in " + c.number.String(), Submit: "Write down", Fields: []Field{
			areaField("text", "What was decided, and by whom?"),
		}}
	},
	fill: retyped("text"),
	run: func(c *call) (Reply, error) {
		out, err := c.apply(incidents.MakeDecision{Text: c.args})
		if err != nil {
			return Reply{}, err
		}
		return c.done(out, "The decision stands in the timeline of "+out.Incident.Number.String()+".")
	},
}
