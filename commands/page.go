package commands

import "fireboss/incidents"

var pageVerb = Verb{
	Name: "page", Group: groupPeople, about: true, act: "invite",
	Usage:    []string{"page WHO [TEXT]"},
	Does:     "wakes somebody through the paging integration",
	Examples: []string{"page checkout it has been down for ten minutes"},
	form: func(c *call) Form {
		return Form{Title: "Wake somebody", Submit: "Page", Fields: []Field{
			lineField("who", "Whom").hint("A service, an escalation policy or a person"), areaField("text", "What they should know").optional(),
		}}
	},
	fill: retyped("who", "text"),
	run: func(c *call) (Reply, error) {
		in, err := c.incident()
		if err != nil {
			return Reply{}, err
		}
		if c.args == "" {
			return Reply{}, incidents.Missing("who", "Whom? Example: %s", c.say("page", "checkout it has been down for ten minutes"))
		}
		return Reply{Text: "Nobody was woken: no paging integration is configured. To call somebody in Slack: " + c.say("invite", "@alice @oncall"), Incident: &in}, nil
	},
}
