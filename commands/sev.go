package commands

import (
	"fmt"
	"strconv"

	"fireboss/incidents"
)

var sevVerb = Verb{
	Name: "sev", Aliases: []string{"severity"}, Group: groupRun, about: true,
	Usage:    []string{"sev N [why]"},
	Does:     "changes the severity: sev1 is the worst, sev5 the least, unset means nobody has judged it",
	Examples: []string{"sev 2 wider than thought", "sev unset"},
	more:     (*call).severities,
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
	r := Reply{Lines: c.severities()}
	what := "Which severity?"
	if word != "" {
		what = quote(word) + " is not a severity."
	}
	return r, incidents.Invalid("%s There are sev1 (the worst) to sev5, and unset. Example: %s", what, c.say("sev", "2 wider than thought"))
}

// severities are all there are, with what each means.
func (c *call) severities() (lines []Line) {
	rules := c.desk.rules()
	for _, s := range incidents.Severities {
		lines = append(lines, Line{Text: s.String() + " " + rules.Meaning(s)})
	}
	return lines
}

// suggested says how severe the services of an incident make it, where that is
// more than it is said to be, with a button that says so.
func (c *call) suggested(in incidents.Incident) (string, []Choice) {
	sev, why := c.desk.rules().Suggested(in)
	if sev == incidents.Unset || in.Status.Ended() {
		return "", nil
	}
	named := *c
	named.number = in.Number
	command := named.command("sev", fmt.Sprintf("%d %s", int(sev), why))
	return "It may well be " + sev.String() + ", for " + why + ": /incident " + named.command("sev", strconv.Itoa(int(sev))),
		[]Choice{{Label: "Set " + sev.String(), Command: command, Primary: true}}
}
