package commands

import "fireboss/incidents"

var inviteVerb = Verb{
	Name: "invite", Group: groupPeople, about: true,
	Usage:    []string{"invite @user|@group …"},
	Does:     "brings others in",
	Examples: []string{"invite @alice @oncall"},
	run: func(c *call) (Reply, error) {
		people, err := c.people(c.args)
		if err != nil {
			return Reply{}, err
		}
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
	},
}
