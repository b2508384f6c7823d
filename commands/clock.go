package commands

import (
	"fmt"
	"slices"

	"fireboss/incidents"
)

var clockVerb = Verb{
	Name: "clock", Group: groupRun, about: true,
	Usage:    []string{"clock", "clock start NAME [at TIME]", "clock mark NAME MOMENT [at TIME]", "clock submitted NAME STAGE [at TIME]", "clock stop NAME [why]"},
	Does:     "lists what is due, of whom, by which rule and why; keeps the times that laws set",
	Examples: []string{"clock", "clock start gdpr at 14:02", "clock submitted gdpr notification", "clock stop gdpr no personal data was touched"},
	form:     lawForm,
	fill:     fillLaw,
	run: func(c *call) (Reply, error) {
		if c.args != "" {
			return c.law()
		}
		in, err := c.incident()
		if err != nil {
			return Reply{}, err
		}
		list := in.Shown()
		if len(list) == 0 && len(in.Clocks) == 0 {
			return Reply{Text: "Nothing is due in " + in.Number.String() + ".", Incident: &in}, nil
		}
		r := Reply{Text: in.Number.String() + " has " + count(len(list), "deadline") + ".", Incident: &in}
		if i := slices.IndexFunc(list, func(d incidents.Deadline) bool { return !d.Legal() }); i >= 0 && incidents.Allowed(snoozeVerb.row(), in) == nil {
			r.Text += " To put one off: " + c.say("snooze", "20m "+list[i].Rule)
		}
		for _, d := range list {
			r.Lines = append(r.Lines, Line{Incident: in.Number, Text: c.deadline(d)})
		}
		r.Lines = append(r.Lines, c.laws(in)...)
		return r, nil
	},
}

// reasons say why a rule applies.
var reasons = map[string]string{
	"acknowledge": "nobody has acknowledged it", "commander": "nobody commands it", "severity": "nobody has judged its severity",
	"update": "people expect to hear how it stands", "mitigate": "the target for its mitigation", "resolve": "the target for its resolution",
	"command": "so long in command is enough for one person", "stale": "nothing has happened in it", "close": "it is resolved and not closed",
	"postmortem": "its postmortem is a draft that nobody reviews, and it is resolved", "followup": "work for after the incident is open",
}

// deadline says what is due of whom, by which rule, why and how soon.
func (c *call) deadline(d incidents.Deadline) string {
	left := "in " + incidents.Span(d.By().Sub(c.At))
	if late := c.At.Sub(d.By()); late > 0 {
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
	why := reasons[d.Rule]
	switch {
	case d.Legal():
		why = d.Why + " at " + c.clock(d.From)
	case !d.From.IsZero():
		why += " since " + c.clock(d.From)
	}
	return fmt.Sprintf("%s, of the %s: %s %s, %s; %s%s", d.Rule, d.For, what, c.clock(d.By()), left, why, again)
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
