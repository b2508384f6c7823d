package commands

import "fireboss/incidents"

var ackVerb = Verb{
	Name: "ack", Aliases: []string{"acknowledge"}, Group: groupRun, about: true, alone: true,
	Usage:    []string{"ack"},
	Does:     "acknowledges the incident: somebody looks at it",
	Examples: []string{"ack"},
	run: func(c *call) (Reply, error) {
		out, err := c.apply(incidents.Acknowledge{})
		if err != nil {
			return Reply{}, err
		}
		in := out.Incident
		if _, now := caused(out, incidents.Acknowledged); now {
			return c.done(out, "You acknowledged "+in.Number.String()+".", c.calledFor(in))
		}
		by, err := c.acknowledger(in)
		if err != nil {
			return Reply{}, err
		}
		return c.done(out, in.Number.String()+" was acknowledged"+by+" at "+c.clock(in.Times.Acknowledged)+".")
	},
}

// acknowledger is " by" whom it was acknowledged; empty where the moment was
// set by hand only.
func (c *call) acknowledger(in incidents.Incident) (string, error) {
	const page = 200
	for after := uint64(0); after < in.Seq; after += page {
		events, err := c.desk.Store.Events(c.ctx, in.Number, after, page)
		if err != nil {
			return "", err
		}
		for _, e := range events {
			if e.Kind == incidents.Acknowledged || e.Field("acknowledged") == "true" {
				return " by " + c.called(e.Actor.Person()), nil
			}
		}
	}
	return "", nil
}
