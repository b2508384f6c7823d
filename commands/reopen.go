package commands

import "fireboss/incidents"

var reopenVerb = Verb{
	Name: "reopen", Group: groupEnd, about: true,
	Usage:    []string{"reopen WHY"},
	Does:     "takes up an incident that had ended",
	Examples: []string{"reopen errors are back in eu-west"},
	form: func(c *call) Form {
		return Form{Title: "Reopen " + c.number.String(), Submit: "Reopen", Fields: []Field{areaField("text", "Why is it open again?")}}
	},
	fill: retyped("text"),
	run: func(c *call) (Reply, error) {
		out, err := c.apply(incidents.Reopen{Why: c.args})
		if err != nil {
			return Reply{}, err
		}
		in := movedTo(out)
		return c.done(out, in.Number.String()+" is open again and "+statusWord(in)+".", c.calledFor(in))
	},
}
