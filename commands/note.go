package commands

import (
	"strings"
	"time"

	"fireboss/incidents"
)

var noteVerb = Verb{
	Name: "note", Group: groupRecord, about: true,
	Usage:    []string{"note [at TIME] TEXT"},
	Does:     "writes to the timeline, if need be back-dated",
	Examples: []string{"note traffic moved to eu-west", "note at 14:02 the first customer called"},
	form: func(c *call) Form {
		text, at, _ := c.backDated(c.args)
		when := ""
		if !at.IsZero() {
			when = at.In(c.Zone).Format("2006-01-02 15:04")
		} else if text == c.args {
			text = ""
		}
		return Form{Title: "Note in " + c.number.String(), Submit: "Write down", Fields: []Field{
			areaField("text", "What was seen or done?").with(text), lineField("at", "When").with(when).optional().hint("14:02, or 20m for twenty minutes ago. Empty: now."),
		}}
	},
	fill: func(c *call) (Reply, error) {
		at, err := c.saidTime("at", last)
		if err != nil {
			return Reply{}, err
		}
		return c.note(c.said("text"), at)
	},
	run: func(c *call) (Reply, error) {
		text, at, err := c.backDated(c.args)
		if err != nil {
			return Reply{}, err
		}
		return c.note(text, at)
	},
}

// note writes to the timeline.
func (c *call) note(text string, at time.Time) (Reply, error) {
	out, err := c.apply(incidents.AddNote{Text: text, At: at})
	if err != nil {
		return Reply{}, err
	}
	where := "the timeline of " + out.Incident.Number.String()
	if e, ok := caused(out, incidents.NoteAdded); ok && !at.IsZero() {
		return c.done(out, "The note stands in "+where+" at "+c.clock(e.At)+".")
	}
	return c.done(out, "The note stands in "+where+".")
}

// backDated takes "at TIME" off the head of a text. "at" with no time behind
// it is text: "at the moment nothing works".
func (c *call) backDated(s string) (text string, at time.Time, err error) {
	word, rest := cut(s)
	if !strings.EqualFold(word, "at") {
		return s, time.Time{}, nil
	}
	if rest == "" {
		return "", time.Time{}, incidents.Missing("text", "At what time, and what was it? %s Example: %s", timeForms, c.say("note", "at 14:02 traffic moved to eu-west"))
	}
	t, behind, found, err := c.timeAt(rest, last)
	if err != nil || !found {
		return s, time.Time{}, err
	}
	return behind, t, nil
}
