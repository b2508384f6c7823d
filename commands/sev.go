package commands

import "fireboss/incidents"

var sevVerb = Verb{
	Name: "sev", Aliases: []string{"severity"}, Group: groupRun, about: true,
	Usage:    []string{"sev N [why]"},
	Does:     "changes the severity: sev1 is the worst, sev5 the least, unset means nobody has judged it",
	Examples: []string{"sev 2 wider than thought", "sev unset"},
	run: func(c *call) (Reply, error) {
		word, why := cut(c.args)
		sev, ok := incidents.ParseSeverityAlone(word)
		if !ok {
			return c.whichSeverity(word)
		}
		out, err := c.apply(incidents.ChangeSeverity{To: sev, Why: why})
		if err != nil {
			return Reply{}, err
		}
		in := out.Incident
		if len(out.Events) == 0 {
			return c.done(out, in.Number.String()+" is "+judged(sev)+" already.", c.unkept(why))
		}
		return c.done(out, in.Number.String()+" is now "+judged(sev)+".", c.calledFor(in))
	},
}

// whichSeverity refuses what is none, and shows them all.
func (c *call) whichSeverity(word string) (Reply, error) {
	var r Reply
	for _, s := range incidents.Severities {
		r.Lines = append(r.Lines, Line{Text: s.String() + " " + s.Meaning()})
	}
	what := "Which severity?"
	if word != "" {
		what = quote(word) + " is not a severity."
	}
	return r, incidents.Invalid("%s There are sev1 (the worst) to sev5, and unset. Example: %s", what, c.say("sev", "2 wider than thought"))
}
