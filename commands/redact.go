package commands

import (
	"fmt"
	"strconv"
	"strings"

	"fireboss/incidents"
)

var redactVerb = Verb{
	Name: "redact", Group: groupRecord, about: true,
	Usage:    []string{"redact N [why]"},
	Does:     "blots out the text of event N of the timeline everywhere, and all that repeats it",
	Examples: []string{"redact 7 a password slipped out"},
	form: func(c *call) Form {
		return Form{Title: "Blot out a text", Submit: "Blot out", Fields: []Field{
			lineField("number", "Which event").hint("Its number stands on the timeline: " + c.say("timeline", "")), areaField("why", "Why").optional(),
		}}
	},
	fill: retyped("number", "why"),
	run: func(c *call) (Reply, error) {
		word, why := cut(c.args)
		const which = "Which event? Its number stands on the timeline (%s). Example: %s"
		if word == "" {
			return Reply{}, incidents.Missing("number", which, c.say("timeline", ""), c.say("redact", "7 a password slipped out"))
		}
		seq, err := strconv.ParseUint(strings.TrimPrefix(word, "#"), 10, 64)
		if err != nil || seq == 0 {
			return Reply{}, incidents.Invalid(which, c.say("timeline", ""), c.say("redact", "7 a password slipped out"))
		}
		was, err := c.event(seq)
		if err != nil {
			return Reply{}, err
		}
		out, err := c.apply(incidents.Redact{Seq: seq, Why: why})
		if err != nil {
			return Reply{}, err
		}
		e, removed := caused(out, incidents.Redacted)
		if !removed {
			return c.done(out, fmt.Sprintf("The text of event %d of %s is gone already.", seq, out.Incident.Number))
		}
		said := fmt.Sprintf("The text of event %d of %s is gone.", seq, out.Incident.Number)
		if n := len(strings.Fields(e.Field("seqs"))); n > 1 {
			said = fmt.Sprintf("The text of event %d of %s is gone, and of %s that repeated it.", seq, out.Incident.Number, count(n-1, "other event"))
		}
		return c.done(out, said, c.remains(was))
	},
}

// event is one event of the incident, as the caller may see it; the zero one where
// there is none such.
func (c *call) event(seq uint64) (incidents.Event, error) {
	if _, err := c.incident(); err != nil {
		return incidents.Event{}, err
	}
	list, err := c.desk.Store.Events(c.ctx, c.number, seq-1, 1)
	if err != nil || len(list) == 0 || list[0].Seq != seq {
		return incidents.Event{}, err
	}
	return list[0], nil
}

// remains says what no program can take back.
func (c *call) remains(e incidents.Event) string {
	who := e.Actor.Name
	switch e.Kind {
	case incidents.MessageMarked:
		who = e.Field("author_name")
	case incidents.MessagePosted, incidents.MessageEdited:
	default:
		return ""
	}
	if e.Actor.ID == c.Actor.ID && e.Kind != incidents.MessageMarked {
		return "Your message in the channel is still there: only you can delete it."
	}
	return "The message in the channel is still there: only " + who + " or an admin of the workspace can delete it."
}
