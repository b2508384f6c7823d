package commands

import (
	"strings"

	"fireboss/incidents"
)

var impactVerb = Verb{
	Name: "impact", Group: groupCorrect, about: true,
	Usage:    []string{"impact start TIME", "impact end TIME"},
	Does:     "says when the impact began or ended",
	Examples: []string{"impact start 14:02", "impact end 2026-11-20 15:30"},
	form: func(c *call) Form {
		word, _ := cut(c.args)
		ends := []Option{{Value: "start", Label: "It began"}, {Value: "end", Label: "It ended"}}
		return Form{Title: "Impact of " + c.number.String(), Submit: "Set", Fields: []Field{
			choiceField("end", "What", strings.TrimSuffix(strings.ToLower(word), "ed"), ends), lineField("at", "When").hint(timeForms),
		}}
	},
	fill: retyped("end", "at"),
	run: func(c *call) (Reply, error) {
		word, rest := cut(c.args)
		act, name := incidents.SetImpact{}, "impact_started"
		switch strings.ToLower(word) {
		case "start", "started":
		case "end", "ended":
			act.End, name = true, "impact_ended"
		default:
			return Reply{}, incidents.Missing("at", "Say impact start TIME or impact end TIME. Example: %s", c.say("impact", "start 14:02"))
		}
		at, err := c.wholeTime(rest, c.say("impact", strings.ToLower(word)+" 14:02"))
		if err != nil {
			return Reply{}, err
		}
		act.At = at
		out, err := c.apply(act)
		if err != nil {
			return Reply{}, err
		}
		return c.done(out, c.timeSet(out, name, at))
	},
}
