package commands

import (
	"slices"
	"strings"

	"fireboss/incidents"
)

var snoozeVerb = Verb{
	Name: "snooze", Group: groupRun, about: true,
	Usage:    []string{"snooze DURATION [RULE]"},
	Does:     "puts reminders off for a while, or those of one rule that /incident clock names",
	Examples: []string{"snooze 20m update"},
	form: func(c *call) Form {
		in, _ := c.incident()
		rules := []Option{{Value: "all", Label: "All of them"}}
		for _, d := range in.Shown() {
			if rules[len(rules)-1].Value != d.Rule {
				rules = append(rules, Option{Value: d.Rule, Label: d.Rule})
			}
		}
		chosen := "all"
		if word, _ := cut(c.args); slices.ContainsFunc(rules, func(o Option) bool { return strings.EqualFold(o.Value, word) }) {
			chosen = strings.ToLower(word)
		}
		return Form{Title: "Put reminders off", Submit: "Put off", Fields: []Field{
			choiceField("length", "For how long", "30m", lengths("")), choiceField("rule", "Which", chosen, rules),
		}}
	},
	fill: func(c *call) (Reply, error) {
		c.args = c.said("length")
		if rule := c.said("rule"); rule != "all" {
			c.args += " " + rule
		}
		return c.verb.run(c)
	},
	run: func(c *call) (Reply, error) {
		length, rule, ok := leadingDuration(c.args)
		if !ok {
			return Reply{}, incidents.Missing("length", "For how long? Example: %s", c.say("snooze", "20m update"))
		}
		out, err := c.apply(incidents.Snooze{For: length, Rule: rule})
		if err != nil {
			return Reply{}, err
		}
		what := "Reminders of " + out.Incident.Number.String()
		if e, now := caused(out, incidents.ReminderSnoozed); now && e.Field("rule") != "" {
			what += " about " + e.Field("rule")
		}
		what += " are put off until " + c.clock(c.At.Add(length))
		if !putsOff(out.Incident, rule) {
			return c.done(out, what+", but none of them would have come before then. What is due: "+c.say("clock", ""))
		}
		return c.done(out, what+".")
	},
}

// putsOff reports whether anything that would have been due is put off, of a rule
// or, for "", of all.
func putsOff(in incidents.Incident, rule string) bool {
	return slices.ContainsFunc(in.Deadlines, func(d incidents.Deadline) bool {
		return d.Snoozed && (rule == "" || strings.EqualFold(d.About(), rule))
	})
}
