package commands

import (
	"fmt"
	"slices"
	"strings"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
)

// policy are the rules of alerts as they are now.
func (d *Desk) policy() alerts.Policy {
	if d.Alerts == nil {
		return alerts.Policy{}
	}
	return d.Alerts()
}

// triage is how severe an incident for an alert may well be, by what somebody may know of.
func (c *call) triage(a alerts.Alert, sees func(incidents.Incident) bool) alerts.Triage {
	find := func(n incidents.Number) (incidents.Incident, bool) {
		in, err := c.desk.Store.Incident(c.ctx, n)
		return in, err == nil
	}
	return c.desk.policy().Triage(a, a.Before(find, sees), c.At)
}

// madePermanent is what else is to be done for a rule to stay live.
const madePermanent = "To keep it, write shadow: false in the configuration; when the rule is changed there, it is in shadow again."

// listRules lists the rules of alerts in the order in which they are asked.
func (c *call) listRules(string) (Reply, error) {
	rules := c.desk.policy().Rules
	if len(rules) == 0 {
		return Reply{Text: "There are no rules of alerts. They are written under alerts.rules in the configuration."}, nil
	}
	r := Reply{Text: capital(count(len(rules), "rule")) + " of alerts, in the order in which they are asked: the first that holds counts."}
	may := c.desk.rules().SwitchesRules(c.Actor) == nil
	for _, rule := range rules {
		line := Line{Text: fmt.Sprintf("%s: %s when %s", rule.Name, rule.Do, rule.When)}
		switch {
		case rule.Live != nil:
			line.Text += fmt.Sprintf(" (live since %s, by %s; in shadow in the configuration)", c.clock(rule.Live.At), rule.Live.By.Name)
			line.Choice = &Choice{Label: "Back to shadow", Command: "alert shadow " + rule.Name}
		case rule.Shadow:
			line.Text += " (in shadow)"
			line.Choice = &Choice{Label: "Make it live", Command: "alert live " + rule.Name}
		}
		if !may {
			line.Choice = nil
		}
		r.Lines = append(r.Lines, line)
	}
	return r, nil
}

// rule is the rule of alerts that is named, if the caller may say whether it is at work.
func (c *call) rule(name, word string) (alerts.Rule, error) {
	name = strings.Trim(strings.TrimSpace(name), quotes)
	if name == "" {
		return alerts.Rule{}, incidents.Invalid("Which rule? Example: %s. To see which there are: %s", c.sayAlert(word+" critical"), c.sayAlert("rules"))
	}
	rules := c.desk.policy().Rules
	i := slices.IndexFunc(rules, func(r alerts.Rule) bool { return r.Name == name })
	if i < 0 {
		i = slices.IndexFunc(rules, func(r alerts.Rule) bool { return strings.EqualFold(r.Name, name) })
	}
	if i < 0 {
		return alerts.Rule{}, incidents.Invalid("There is no rule %s. To see which there are: %s", quote(name), c.sayAlert("rules"))
	}
	return rules[i], c.desk.rules().SwitchesRules(c.Actor)
}

// ruleLive has a rule act that is in shadow in the configuration.
func (c *call) ruleLive(name string) (Reply, error) {
	rule, err := c.rule(name, "live")
	switch {
	case err != nil:
		return Reply{}, err
	case !rule.Shadow && rule.Live == nil:
		return Reply{Text: fmt.Sprintf("The rule %q is live by the configuration.", rule.Name)}, nil
	case rule.Live == nil:
		live := alerts.LiveRule{Rule: rule.Name, Digest: rule.Digest(), By: c.Actor.Person(), At: c.At.UTC()}
		if err := c.desk.Store.PutLiveAlertRule(c.ctx, c.ID, live); err != nil {
			return Reply{}, err
		}
		rule.Live = &live
	}
	return Reply{Text: fmt.Sprintf("The rule %q is live since %s, by %s. %s", rule.Name, c.clock(rule.Live.At), rule.Live.By.Name, madePermanent)}, nil
}

// ruleShadow takes that back.
func (c *call) ruleShadow(name string) (Reply, error) {
	rule, err := c.rule(name, "shadow")
	switch {
	case err != nil:
		return Reply{}, err
	case !rule.Shadow && rule.Live == nil:
		return Reply{}, incidents.Refused("The rule %q is live by the configuration, so only the configuration takes that back: shadow: true. To see all: %s", rule.Name, c.sayAlert("rules"))
	}
	if err := c.desk.Store.DropLiveAlertRule(c.ctx, c.ID, rule.Name); err != nil {
		return Reply{}, err
	}
	return Reply{Text: fmt.Sprintf("The rule %q is in shadow: it only notes what it would have done.", rule.Name)}, nil
}
