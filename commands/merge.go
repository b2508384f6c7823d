package commands

import (
	"fireboss/incidents"
	"fireboss/incidents/store"
)

var mergeVerb = Verb{
	Name: "merge", Group: groupEnd, about: true,
	Usage:    []string{"merge INC-n [why]"},
	Does:     "merges this incident into another, where the work goes on; its people are invited there",
	Examples: []string{"merge INC-7 they have one cause"},
	form:     mergeForm,
	fill:     retyped("into", "why"),
	run: func(c *call) (Reply, error) {
		into, why, err := c.mergeInto()
		if err != nil {
			return Reply{}, err
		}
		out, err := c.apply(incidents.Merge{Into: into, Why: why})
		if err != nil {
			return Reply{}, err
		}
		in := out.Incident
		r, err := c.done(out, in.Number.String()+" is now merged into "+into.String()+"; whoever responded is invited there.", c.leftBehind(in, into))
		r.Lines = []Line{{Incident: into, Text: "Go on in " + into.String()}}
		return r, err
	},
}

// mergeForm asks into which of the open incidents that the caller may see.
func mergeForm(c *call) Form {
	open, _ := c.desk.Store.Incidents(c.ctx, store.Query{Open: true, Limit: maxOptions, Where: func(in incidents.Incident) bool {
		return in.Number != c.number && in.VisibleTo(c.Actor)
	}})
	var options []Option
	for _, in := range open {
		options = append(options, Option{Value: in.Number.String(), Label: in.Number.String() + " " + in.Title, Detail: in.Severity.String() + ", " + string(in.Status)})
	}
	into := choiceField("into", "Into which incident", "", options)
	if len(options) == 0 { // a choice needs something to choose from
		into = lineField("into", "Into which incident").hint("No other incident is open.")
	}
	return Form{Title: "Merge " + c.number.String(), Submit: "Merge", Fields: []Field{into, areaField("why", "Why").optional()}}
}

// mergeInto finds out which incident ends and which goes on. In an incident's
// channel one number is enough: it is the one that goes on.
func (c *call) mergeInto() (into incidents.Number, why string, err error) {
	word, rest := cut(c.args)
	if n, named := numbered(word); named {
		return n, rest, nil
	}
	if c.Here == 0 || c.number == c.Here {
		number := c.Here
		if number == 0 {
			number = c.number
		}
		return 0, "", incidents.Missing("into", "Into which incident? Name the one in which the work goes on. Example: %s", incidents.Say{Of: number, Verb: "merge", Args: "INC-12"})
	}
	into, c.number = c.number, c.Here
	return into, c.args, nil
}

// leftBehind says what becomes of tasks that nobody has done.
func (c *call) leftBehind(in incidents.Incident, into incidents.Number) string {
	open := 0
	for _, t := range in.Tasks {
		if t.State == incidents.TaskOpen {
			open++
		}
	}
	if open == 0 {
		return ""
	}
	stay := " stay"
	if open == 1 {
		stay = " stays"
	}
	return count(open, "open task") + stay + " behind; what is still to be done goes there: " + incidents.Say{Of: into, Verb: "task", Args: "add TEXT"}.String()
}
