package commands

import "fireboss/incidents"

var followVerb = Verb{
	Name: "follow", Group: groupPeople, about: true, alone: true,
	Usage:    []string{"follow"},
	Does:     "tells you each update, and the end, as a direct message",
	Examples: []string{"follow"},
	run: func(c *call) (Reply, error) {
		out, err := c.apply(incidents.Follow{})
		if err != nil {
			return Reply{}, err
		}
		n := out.Incident.Number.String()
		if len(out.Events) == 0 {
			return c.done(out, "You follow "+n+" already. To stop: "+c.say("unfollow", ""))
		}
		return c.done(out, "You follow "+n+" now: each update comes to you as a direct message, and so does its end. To stop: "+c.say("unfollow", ""))
	},
}

var unfollowVerb = Verb{
	Name: "unfollow", Group: groupPeople, about: true, alone: true, act: "follow",
	Usage:    []string{"unfollow"},
	Does:     "ends that you are told",
	Examples: []string{"unfollow"},
	run: func(c *call) (Reply, error) {
		out, err := c.apply(incidents.Unfollow{})
		if err != nil {
			return Reply{}, err
		}
		n := out.Incident.Number.String()
		if len(out.Events) == 0 {
			return c.done(out, "You do not follow "+n+".")
		}
		return c.done(out, "You follow "+n+" no more.")
	},
}
