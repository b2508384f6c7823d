package commands

import (
	"fmt"

	"fireboss/incidents"
)

var clockVerb = Verb{
	Name: "clock", Group: groupRun, about: true, alone: true,
	Usage:    []string{"clock"},
	Does:     "lists what is due, of whom, by which rule and why",
	Examples: []string{"clock"},
	run: func(c *call) (Reply, error) {
		in, err := c.incident()
		if err != nil {
			return Reply{}, err
		}
		list := in.Shown()
		if len(list) == 0 {
			return Reply{Text: "Nothing is due in " + in.Number.String() + ".", Incident: &in}, nil
		}
		r := Reply{Text: in.Number.String() + " has " + count(len(list), "deadline") + ". To put one off: " + c.say("snooze", "20m "+list[0].Rule), Incident: &in}
		for _, d := range list {
			r.Lines = append(r.Lines, Line{Incident: in.Number, Text: c.deadline(d)})
		}
		return r, nil
	},
}

// reasons say why a rule applies.
var reasons = map[string]string{
	"acknowledge": "nobody has acknowledged it", "commander": "nobody commands it", "severity": "nobody has judged its severity",
	"update": "people expect to hear how it stands", "mitigate": "the target for its mitigation", "resolve": "the target for its resolution",
	"command": "so long in command is enough for one person", "stale": "nothing has happened in it", "close": "it is resolved and not closed",
}

// deadline says what is due of whom, by which rule, why and how soon.
func (c *call) deadline(d incidents.Deadline) string {
	left := "in " + incidents.Span(d.Due.Sub(c.At))
	if late := c.At.Sub(d.Due); late > 0 {
		left = incidents.Span(late) + " ago"
	}
	what := "due"
	if d.Snoozed {
		what = "put off until"
	}
	again := ""
	if d.Occurrence > 0 {
		again = fmt.Sprintf(", reminded %s", times(d.Occurrence))
	}
	return fmt.Sprintf("%s, of the %s: %s %s, %s; %s since %s%s", d.Rule, d.For, what, c.clock(d.Due), left, reasons[d.Rule], c.clock(d.From), again)
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
