package commands

import (
	"slices"
	"strings"

	"fireboss/incidents"
)

var typeVerb = Verb{
	Name: "type", Group: groupCorrect, about: true,
	Usage:    []string{"type TYPE"},
	Does:     "says what sort of incident it is",
	Examples: []string{"type security"},
	form: func(c *call) Form {
		in, _ := c.incident()
		return Form{Title: "Type of " + c.number.String(), Submit: "Change", Fields: []Field{
			choiceField("type", "Type", in.Type, plainOptions(c.typeNames()...)),
		}}
	},
	fill: retyped("type"),
	run: func(c *call) (Reply, error) {
		out, err := c.apply(incidents.ChangeType{Type: c.args})
		if err != nil {
			return Reply{}, err
		}
		n, typ := out.Incident.Number.String(), strings.ToLower(incidents.Tidy(c.args))
		if len(out.Events) == 0 {
			return c.done(out, "The type of "+n+" is "+typ+" already.")
		}
		return c.done(out, "The type of "+n+" is now "+typ+".", c.hush(out.Incident))
	},
}

// hush says, of an incident of a type that is private from the start and has
// come to be of it only now, how to make it so.
func (c *call) hush(in incidents.Incident) string {
	if in.Private || !slices.Contains(c.desk.rules().PrivateTypes, in.Type) {
		return ""
	}
	return "Incidents of this type are private from the start, and this one is not: " + c.say("private", "")
}
