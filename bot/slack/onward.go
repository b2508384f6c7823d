package slack

import (
	"strings"

	"fireboss/incidents"
)

// onward says where the work on a merged incident goes on, and what was merged
// into one that goes on; empty where it is neither.
func (c Card) onward(in incidents.Incident) string {
	var lines []string
	if in.MergedInto != 0 {
		lines = append(lines, ":link: *Merged into "+in.MergedInto.String()+".* Go on "+c.there(in, in.MergedInto))
	}
	if len(in.Merged) > 0 {
		var list []string
		for _, n := range in.Merged {
			list = append(list, c.named(in, n))
		}
		lines = append(lines, ":link: Merged into this: "+strings.Join(list, ", "))
	}
	return clipLines(lines)
}

// there is where another incident is worked on.
func (c Card) there(in incidents.Incident, n incidents.Number) string {
	if place := c.place(in, n); place != "" {
		return "in <#" + place + ">."
	}
	return "there: /incident show " + n.String()
}

// named is another incident with its channel, if it has one.
func (c Card) named(in incidents.Incident, n incidents.Number) string {
	if place := c.place(in, n); place != "" {
		return n.String() + " <#" + place + ">"
	}
	return n.String()
}

func (c Card) place(in incidents.Incident, n incidents.Number) string {
	if c.Place == nil {
		return ""
	}
	return c.Place(in, n)
}

// meaning is what a severity means here.
func (c Card) meaning(s incidents.Severity) string {
	if c.Rules == nil {
		return s.Meaning()
	}
	return c.Rules().Meaning(s)
}

// say is an event in words for its incident's channel: marked where it is a
// drill, and with the way where people have to go elsewhere.
func (c Card) say(in incidents.Incident, e incidents.Event, mention func(id string) string) *message {
	m := say(e, mention)
	text := m.Text
	if into, err := incidents.ParseNumber(e.Field("into")); err == nil && e.Kind == incidents.Merged {
		text += "\nGo on " + c.there(in, into)
	}
	if in.Drill {
		text = "*PRACTICE* " + text
	}
	if text == m.Text {
		return m
	}
	if len(m.Blocks) > 0 {
		m.Blocks[0] = section(text)
	}
	m.Text = text
	return m
}
