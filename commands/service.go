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
	form: func(c *call) Form {
		word, _ := cut(c.args)
		ways := []Option{{Value: "add", Label: "It is affected"}, {Value: "remove", Label: "It is not"}}
		name := lineField("name", "Service")
		if f := c.servicesField(); f.Kind == FieldMany {
			name = choiceField("name", "Service", "", f.Options)
		}
		if word = strings.ToLower(word); word == "" {
			word = "add"
		}
		return Form{Title: "Services of " + c.number.String(), Submit: "Save", Fields: []Field{name, choiceField("way", "How", word, ways)}}
	},
	fill: retyped("way", "name"),
	run: func(c *call) (Reply, error) {
		word, name := cut(c.args)
		act := incidents.ChangeService{Name: c.desk.rules().ServiceName(name)}
		switch strings.ToLower(word) {
		case "add":
		case "remove":
			act.Remove = true
		default:
			return c.addOrRemove(word, name)
		}
		out, err := c.apply(act)
		if err != nil {
			return Reply{}, err
		}
		worse, button := "", []Choice(nil)
		if !act.Remove {
			worse, button = c.suggested(out.Incident)
		}
		r, err := c.done(out, serviceAnswer(out, act.Name), worse)
		r.Choices = button
		return r, err
	},
}

// addOrRemove refuses what says neither, and offers what was probably meant: a
// word with a slip in it, or a service to be added.
func (c *call) addOrRemove(word, name string) (Reply, error) {
	if c.args == "" {
		return Reply{}, incidents.Missing("name", "Add or remove? Example: %s", c.say("service", "add checkout"))
	}
	meant := "add " + c.args
	if near, ok := nearest(word, []string{"add", "remove"}); ok && name != "" {
		meant = near + " " + name
	}
	r := Reply{Choices: choose(nil, "", c.command("service", meant), true)}
	return r, incidents.Invalid("Add or remove? Did you mean %s?", c.say("service", brief(meant, 80)))
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
