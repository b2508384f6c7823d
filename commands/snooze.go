package commands

import "fireboss/incidents"

var snoozeVerb = Verb{
	Name: "snooze", Group: groupRun, about: true,
	Usage:    []string{"snooze DURATION [RULE]"},
	Does:     "puts reminders off for a while, or those of one rule that /incident clock names",
	Examples: []string{"snooze 20m update"},
	run: func(c *call) (Reply, error) {
		length, rule, ok := leadingDuration(c.args)
		if !ok {
			return Reply{}, incidents.Invalid("For how long? Example: %s", c.say("snooze", "20m update"))
		}
		out, err := c.apply(incidents.Snooze{For: length, Rule: rule})
		if err != nil {
			return Reply{}, err
		}
		what := "Reminders of " + out.Incident.Number.String()
		if e, now := caused(out, incidents.ReminderSnoozed); now && e.Field("rule") != "" {
			what += " about " + e.Field("rule")
		}
		return c.done(out, what+" are put off until "+c.clock(c.At.Add(length))+".")
	},
}
