package commands

import (
	"fmt"
	"strings"

	"fireboss/incidents"
)

var privateVerb = Verb{
	Name: "private", Group: groupPeople, about: true,
	Usage:    []string{"private [WHY]"},
	Does:     "keeps the incident to those who are in it: a private channel instead of the public one",
	Examples: []string{"private customer data is in the logs"},
	run: func(c *call) (Reply, error) {
		out, err := c.apply(incidents.MakePrivate{Why: c.args})
		if err != nil {
			return Reply{}, err
		}
		n := out.Incident.Number.String()
		if _, now := caused(out, incidents.VisibilityChanged); !now {
			return c.done(out, n+" is private already.", c.unkept(c.args))
		}
		return c.done(out, n+" is private now. A private channel is made for "+count(len(out.Incident.Responders), "responder")+" to go on in.", incidents.StaysReadable)
	},
}

var publicVerb = Verb{
	Name: "public", Group: groupPeople, about: true,
	Usage:    []string{"public [WHY]", "public confirm [WHY]"},
	Does:     "opens a private incident to everybody, after saying who will see what",
	Examples: []string{"public", "public confirm the customers were told"},
	run: func(c *call) (Reply, error) {
		word, why := cut(c.args)
		if !strings.EqualFold(word, "confirm") {
			return c.beforePublic()
		}
		out, err := c.apply(incidents.MakePublic{Why: why})
		if err != nil {
			return Reply{}, err
		}
		n := out.Incident.Number.String()
		if len(out.Events) == 0 {
			return c.done(out, n+" is public already.", c.unkept(why))
		}
		return c.done(out, n+" is public now, and is announced. It goes on in a public channel; the private one is archived, and what was written there stays with those who are in it.")
	},
}

// beforePublic says who will see what, and asks.
func (c *call) beforePublic() (Reply, error) {
	in, err := c.incident()
	if err != nil {
		return Reply{}, err
	}
	if err := c.desk.rules().May(in, c.Actor, incidents.MakePublic{}.Verb()); err != nil {
		return Reply{}, err
	}
	n := in.Number.String()
	if !in.Private {
		return Reply{Text: n + " is public already.", Incident: &in}, nil
	}
	written, err := c.written(in)
	if err != nil {
		return Reply{}, err
	}
	r := Reply{
		Text: "Nothing is done yet: it cannot be taken back once somebody has seen it. To open " + n + " to everybody: " + c.say("public", "confirm"),
		Lines: []Line{
			{Text: "Everybody in this workspace, guests aside, and every API token will see it in lists, searches, figures and on the dashboard, and can join its channel."},
			{Text: fmt.Sprintf("They will see its title (%s), its summary, who did what, %sand its timeline of %s, among them %s written in the private channel.", quote(in.Title), textsOf(in), count(int(in.Seq), "event"), count(written, "message"))},
			{Text: "A public channel is made, announced, and everybody who is in it now is invited there. The private channel is archived; in Slack only those who are in it can read what stands there."},
		},
		Incident: &in,
	}
	for _, choice := range choose(nil, "", c.command("public", strings.TrimSpace("confirm "+c.args)), false) {
		choice.Label = "Make it public"
		r.Choices = append(r.Choices, choice)
	}
	return r, nil
}

// textsOf names the postmortem, if there is one.
func textsOf(in incidents.Incident) string {
	if in.Postmortem.Version == 0 {
		return ""
	}
	return "every version of its postmortem, "
}

// written is how many messages of people stand on the timeline.
func (c *call) written(in incidents.Incident) (n int, err error) {
	const page = 500
	for after := uint64(0); after < in.Seq; after += page {
		events, err := c.desk.Store.Events(c.ctx, in.Number, after, page)
		if err != nil {
			return 0, err
		}
		for _, e := range events {
			if e.Kind == incidents.MessagePosted && !e.Redacted {
				n++
			}
		}
	}
	return n, nil
}
