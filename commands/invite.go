package commands

import "fireboss/incidents"

var inviteVerb = Verb{
	Name: "invite", Group: groupPeople, about: true,
	Usage:    []string{"invite @user|@group …"},
	Does:     "brings others in",
	Examples: []string{"invite @alice @oncall"},
	form: func(c *call) Form {
		return Form{Title: "Invite to " + c.number.String(), Submit: "Invite", Fields: []Field{{Name: "people", Label: "Whom", Kind: FieldPeople}}}
	},
	fill: func(c *call) (Reply, error) {
		var people []incidents.Person
		for _, word := range c.Values["people"] {
			p, err := c.person(word)
			if err != nil {
				return Reply{}, incidents.About("people", err)
			}
			people = append(people, p)
		}
		return c.invite(people)
	},
	run: func(c *call) (Reply, error) {
		people, err := c.people(c.args)
		if err != nil {
			return Reply{}, err
		}
		return c.invite(people)
	},
}

// invite brings people in.
func (c *call) invite(people []incidents.Person) (Reply, error) {
	out, err := c.apply(incidents.Invite{People: people})
	if err != nil {
		return Reply{}, err
	}
	n := out.Incident.Number.String()
	var fresh []string
	for _, e := range out.Events {
		if e.Kind == incidents.ResponderJoined {
			fresh = append(fresh, c.called(incidents.Person{ID: e.Field("who"), Name: e.Field("name")}))
		}
	}
	if len(fresh) == 0 {
		return c.done(out, "They respond to "+n+" already.")
	}
	return c.done(out, "Invited to "+n+": "+enumerate(fresh)+".")
}
