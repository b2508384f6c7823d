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
		return Form{Title: "Type of " + c.number.String(), Submit: "Change", Fields: []Field{choiceField("type", "Type", in.Type, c.typeOptions())}}
	},
	fill: retyped("type"),
	more: (*call).types,
	run: func(c *call) (Reply, error) {
		typ, known := c.desk.rules().Type(c.args)
		if !known {
			if r, err := c.whichType(); err != nil {
				return r, err
			}
			typ.Name = strings.ToLower(incidents.Tidy(c.args))
		}
		out, err := c.apply(incidents.ChangeType{Type: c.args})
		if err != nil {
			return Reply{}, err
		}
		n := out.Incident.Number.String()
		if len(out.Events) == 0 {
			return c.done(out, "The type of "+n+" is "+typ.Name+" already.")
		}
		return c.done(out, "The type of "+n+" is now "+typ.Name+".", c.hush(out.Incident), c.checklistOf(out), c.stillMissing(out.Incident))
	},
}

// hush says, of an incident of a type that is private from the start and has
// come to be of it only now, how to make it so.
func (c *call) hush(in incidents.Incident) string {
	if in.Private || !slices.Contains(c.desk.rules().PrivateTypes, in.Type) {
		return ""
	}
	return "Incidents of this type are private from the start, and this one is not; to make it so, say " + c.say("private", "") + "."
}

// whichType refuses what is empty, and what is probably a slip of the finger in
// the name of a type that the policy knows: a leak of a type with a typing error
// would lack all that is done for security.
func (c *call) whichType() (Reply, error) {
	r := Reply{Lines: c.types()}
	var names []string
	for _, t := range c.desk.rules().Types {
		names = append(names, t.Name)
	}
	if len(names) == 0 {
		return r, nil
	}
	if incidents.Tidy(c.args) == "" {
		return r, incidents.Missing("type", "Which type? There are %s. Example: %s", enumerate(names), c.say("type", names[0]))
	}
	if near, ok := nearest(c.args, names); ok {
		r.Choices = choose(nil, "", c.command("type", near), true)
		return r, incidents.Invalid("%s is not a type. Did you mean %s? There are %s. Example: %s", quote(c.args), near, enumerate(names), c.say("type", near))
	}
	return r, nil
}

// types are those that the policy knows, with what each means and wants.
func (c *call) types() (lines []Line) {
	for _, t := range c.desk.rules().Types {
		text := t.Name + ": " + t.Meaning
		if len(t.Checklist) > 0 {
			text += ". Checklist: " + strings.Join(t.Checklist, "; ")
		}
		for _, f := range t.Fields {
			text = ended(text) + " " + explainField(f)
		}
		lines = append(lines, Line{Text: text})
	}
	return lines
}

// checklistOf says that there are tasks now.
func (c *call) checklistOf(out incidents.Outcome) string {
	if e, ok := caused(out, incidents.TaskAdded); !ok || e.Field("checklist") == "" {
		return ""
	}
	return "Its checklist is among the tasks."
}

// stillMissing says which fields have to be set before it can be ended.
func (c *call) stillMissing(in incidents.Incident) string {
	var names []string
	rules := c.desk.rules()
	before, list := "resolved", rules.Missing(in, incidents.BeforeResolve)
	if len(list) == 0 {
		before, list = "closed", rules.Missing(in, incidents.BeforeClose)
	}
	for _, f := range list {
		names = append(names, f.Name)
	}
	if len(names) == 0 || in.Status == incidents.Closed || in.Status == incidents.Canceled {
		return ""
	}
	return "To be set before it is " + before + ": " + enumerate(names) + ", for example: " + c.say("field", names[0]+" TEXT")
}

// ended puts a full stop behind what has no end yet.
func ended(s string) string {
	if strings.HasSuffix(s, "?") || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

// explainField says what a field of a type is for.
func explainField(f incidents.Field) string {
	text := "Field " + f.Name
	if f.Required != "" {
		text += ", before it is " + string(f.Required) + "d"
	}
	if f.Ask != "" {
		text += ": " + strings.TrimRight(f.Ask, ".")
	}
	if len(f.Values) > 0 {
		text += " (" + strings.Join(f.Values, ", ") + ")"
	}
	return text
}
