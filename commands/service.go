package commands

import (
	"strings"

	"fireboss/incidents"
)

var serviceVerb = Verb{
	Name: "service", Group: groupCorrect, about: true,
	Usage:    []string{"service add NAME", "service remove NAME"},
	Does:     "says which services are affected",
	Examples: []string{"service add checkout", "service remove search"},
	run: func(c *call) (Reply, error) {
		word, name := cut(c.args)
		act := incidents.ChangeService{Name: c.serviceName(name)}
		switch strings.ToLower(word) {
		case "add":
		case "remove":
			act.Remove = true
		default:
			return c.addOrRemove()
		}
		out, err := c.apply(act)
		if err != nil {
			return Reply{}, err
		}
		return c.done(out, serviceAnswer(out, act.Name))
	},
}

// serviceName is the service as the configuration writes it, where it knows it.
func (c *call) serviceName(said string) string {
	said = incidents.Tidy(said)
	for name := range c.desk.rules().Services {
		if strings.EqualFold(name, said) {
			return name
		}
	}
	return said
}

// addOrRemove refuses what says neither, and offers to add it.
func (c *call) addOrRemove() (Reply, error) {
	var r Reply
	if c.args != "" {
		r.Choices = choose(nil, "", c.command("service", "add "+c.args), true)
	}
	return r, incidents.Invalid("Add or remove? Example: %s", c.say("service", "add checkout"))
}

func serviceAnswer(out incidents.Outcome, name string) string {
	n := out.Incident.Number.String()
	switch {
	case len(out.Events) == 0:
		return name + " is among the services of " + n + " already."
	case out.Events[0].Kind == incidents.ServiceRemoved:
		return out.Events[0].Field("service") + " is no longer among the services of " + n + "."
	}
	return out.Events[0].Field("service") + " is now among the services of " + n + "."
}
