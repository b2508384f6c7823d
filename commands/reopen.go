package commands

import "fireboss/incidents"

var reopenVerb = Verb{
	Name: "reopen", Group: groupEnd, about: true,
	Usage:    []string{"reopen WHY"},
	Does:     "takes up an incident that had ended",
	Examples: []string{"reopen errors are back in eu-west"},
	run: func(c *call) (Reply, error) {
		out, err := c.apply(incidents.Reopen{Why: c.args})
		if err != nil {
			return Reply{}, err
		}
		in := movedTo(out)
		return c.done(out, in.Number.String()+" is open again and "+statusWord(in)+".", c.calledFor(in))
	},
}
