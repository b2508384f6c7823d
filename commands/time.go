package commands

import (
	"strings"
	"time"

	"fireboss/incidents"
)

var timeVerb = Verb{
	Name: "time", Group: groupCorrect, about: true,
	Usage:    []string{"time NAME TIME"},
	Does:     "sets one of the times by hand: " + strings.Join(incidents.TimeNames, ", "),
	Examples: []string{"time detected 14:02"},
	form: func(c *call) Form {
		name, _ := cut(c.args)
		return Form{Title: "Times of " + c.number.String(), Submit: "Set", Fields: []Field{
			choiceField("name", "Which time", name, plainOptions(incidents.TimeNames...)), lineField("at", "When").hint(timeForms),
		}}
	},
	fill: retyped("name", "at"),
	run: func(c *call) (Reply, error) {
		name, rest := cut(c.args)
		if name == "" {
			return Reply{}, incidents.Missing("name", "Which time? There are: %s. Example: %s", strings.Join(incidents.TimeNames, ", "), c.say("time", "detected 14:02"))
		}
		name = strings.ToLower(strings.ReplaceAll(incidents.Tidy(name), "-", "_"))
		act := incidents.SetTime{Name: name}
		if (&incidents.Times{}).Named(name) != nil { // another name is the rules' to refuse
			at, err := c.wholeTime(rest, c.say("time", name+" 14:02"))
			if err != nil {
				return Reply{}, err
			}
			act.At = at
		}
		out, err := c.apply(act)
		if err != nil {
			return Reply{}, err
		}
		return c.done(out, c.timeSet(out, name, act.At))
	},
}

// wholeTime reads a time that is all that stands there.
func (c *call) wholeTime(s, example string) (time.Time, error) {
	at, rest, err := c.needTime(s, example)
	if err == nil && rest != "" {
		return at, incidents.Invalid("I did not understand %s behind the time. Example: %s", quote(rest), example)
	}
	return at, err
}

// timeSet says what the moment is now.
func (c *call) timeSet(out incidents.Outcome, name string, at time.Time) string {
	n := out.Incident.Number.String()
	what := n + " was " + name
	if moment, of := strings.CutPrefix(name, "impact_"); of {
		what = "the impact of " + n + " " + moment
	}
	if len(out.Events) == 0 {
		return "Noted already: " + what + " at " + c.clock(at) + "."
	}
	return "Noted: " + what + " at " + c.clock(at) + "."
}
