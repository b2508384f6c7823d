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
		return c.judge(word, why)
	},
	form: func(c *call) Form {
		in, _ := c.incident()
		return Form{Title: "Severity of " + c.number.String(), Submit: "Change", Fields: []Field{
			choiceField("severity", "Severity", in.Severity.String(), c.severityOptions()), areaField("why", "Why").optional(),
		}}
	},
	fill: func(c *call) (Reply, error) { return c.judge(c.said("severity"), c.said("why")) },
}

// judge changes the severity.
func (c *call) judge(word, why string) (Reply, error) {
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
}

// whichSeverity refuses what is none, and shows them all.
func (c *call) whichSeverity(word string) (Reply, error) {
	r := Reply{Lines: c.severities()}
	const all = "There are sev1 (the worst) to sev5, and unset. Example: %s"
	if word == "" {
		return r, incidents.Missing("severity", "Which severity? "+all, c.say("sev", "2 wider than thought"))
	}
	return r, incidents.About("severity", incidents.Invalid("%s is not a severity. "+all, quote(word), c.say("sev", "2 wider than thought")))
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
