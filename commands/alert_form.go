package commands

import (
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// attachForm asks to which of the open incidents that the caller may see an alert belongs.
func attachForm(c *call) Form {
	_, rest := cut(c.args)
	alert, _ := cut(rest)
	open, _ := c.desk.Store.Incidents(c.ctx, store.Query{Open: true, Limit: maxOptions, Where: func(in incidents.Incident) bool { return in.VisibleTo(c.Actor) }})
	var options []Option
	for _, in := range open {
		options = append(options, Option{Value: in.Number.String(), Label: in.Number.String() + " " + in.Title, Detail: in.Severity.String() + ", " + string(in.Status)})
	}
	to := choiceField("incident", "To which incident", "", options)
	if len(options) == 0 { // a choice needs something to choose from
		to = lineField("incident", "To which incident").hint("No incident is open that you can see.")
	}
	return Form{Command: "alert attach " + alert, Title: "Attach " + brief(alert, 15), Submit: "Attach", Fields: []Field{to}}
}
