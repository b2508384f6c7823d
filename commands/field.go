package commands

import (
	"strings"

	"fireboss/incidents"
)

var fieldVerb = Verb{
	Name: "field", Group: groupCorrect, about: true,
	Usage:    []string{"field NAME VALUE", "field NAME none"},
	Does:     "sets or clears a field of your own",
	Examples: []string{"field region eu-west"},
	form: func(c *call) Form {
		name, _ := cut(c.args)
		return Form{Title: "Field of " + c.number.String(), Submit: "Set", Fields: []Field{
			lineField("name", "Name").with(name).hint("One word, for example region."), areaField("value", "Value").hint("To clear it: none"),
		}}
	},
	fill: retyped("name", "value"),
	more: (*call).fields,
	run: func(c *call) (Reply, error) {
		name, value := cut(c.args)
		name = strings.ToLower(incidents.Tidy(name))
		if value == "" {
			return Reply{}, incidents.Missing("value", "Which field, and what shall it be? Example: %s. To clear it: %s", c.say("field", "region eu-west"), c.say("field", "region none"))
		}
		if strings.EqualFold(value, "none") {
			value = ""
		}
		out, err := c.apply(incidents.SetField{Name: name, Value: value})
		if err != nil {
			return Reply{}, err
		}
		answer := fieldAnswer(out, name, value)
		if more := c.stillMissing(out.Incident); more != "" {
			answer = ended(answer) + " " + more
		}
		return c.done(out, answer)
	},
}

func fieldAnswer(out incidents.Outcome, name, value string) string {
	text := "Field " + name + " of " + out.Incident.Number.String()
	switch {
	case len(out.Events) == 0 && value != "":
		return text + " is that already: " + brief(value, 80)
	case len(out.Events) == 0:
		return text + " is not set."
	case value != "":
		return text + " is now: " + brief(value, 80)
	}
	return text + " is cleared."
}

// fields are those of the incident's type, with what is known so far.
func (c *call) fields() (lines []Line) {
	in, err := c.incident()
	if c.number == 0 || err != nil {
		return nil
	}
	typ, _ := c.desk.rules().Type(in.Type)
	for _, f := range typ.Fields {
		text := explainField(f)
		if value := in.Fields[f.Name]; value != "" {
			text += "; it is " + brief(value, 80)
		}
		lines = append(lines, Line{Text: text})
	}
	return lines
}
