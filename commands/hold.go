package commands

import (
	"strings"

	"fireboss/incidents"
)

var holdVerb = Verb{
	Name: "hold", Group: groupRecord, about: true,
	Usage:    []string{"hold on|off [why]"},
	Does:     "places or lifts a legal hold: nothing of the incident is deleted meanwhile",
	Examples: []string{"hold on the regulator asks", "hold off"},
	form: func(c *call) Form {
		ways := []Option{{Value: "on", Label: "Place it: nothing is deleted"}, {Value: "off", Label: "Lift it"}}
		return Form{Title: "Legal hold", Submit: "Save", Fields: []Field{choiceField("way", "Legal hold", "on", ways), areaField("why", "Why").optional()}}
	},
	fill: retyped("way", "why"),
	run: func(c *call) (Reply, error) {
		word, why := cut(c.args)
		on := strings.EqualFold(word, "on")
		if word == "" {
			return Reply{}, incidents.Missing("way", "Place a legal hold or lift it? Example: %s", c.say("hold", "on the regulator asks"))
		}
		if !on && !strings.EqualFold(word, "off") {
			return Reply{}, incidents.Invalid("Place a legal hold or lift it? Example: %s", c.say("hold", "on the regulator asks"))
		}
		out, err := c.apply(incidents.SetHold{On: on, Why: why})
		if err != nil {
			return Reply{}, err
		}
		n := out.Incident.Number.String()
		_, changed := caused(out, incidents.HoldChanged)
		switch {
		case on && changed:
			return c.done(out, n+" is under a legal hold: nothing of it is deleted until somebody lifts it with "+c.say("hold", "off")+".")
		case on:
			h := out.Incident.Hold
			return c.done(out, n+" is under a legal hold already, since "+c.clock(h.Since)+" by "+h.By.Name+".")
		case changed:
			return c.done(out, "The legal hold on "+n+" is lifted. What authors deleted meanwhile stays until retention removes it or somebody redacts it: "+c.say("redact", "7")+".")
		}
		return c.done(out, n+" is under no legal hold.")
	},
}
