package commands

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fireboss/incidents"
)

// maxTimeline is how many events the timeline shows.
const maxTimeline = 30

var timelineVerb = Verb{
	Name: "timeline", Group: groupRecord, about: true, alone: true,
	Usage:    []string{"timeline"},
	Does:     "shows what happened last, to you alone",
	Examples: []string{"timeline"},
	run: func(c *call) (Reply, error) {
		in, err := c.incident()
		if err != nil {
			return Reply{}, err
		}
		var after uint64
		if in.Seq > maxTimeline {
			after = in.Seq - maxTimeline
		}
		events, err := c.desk.Store.Events(c.ctx, in.Number, after, maxTimeline)
		if err != nil {
			return Reply{}, err
		}
		events = in.Known(events)
		text := in.Number.String() + " has " + count(int(in.Seq), "event") + "."
		if after > 0 {
			text = fmt.Sprintf("%s has %d events; these are the last %d.", in.Number, in.Seq, maxTimeline)
			if c.desk.Dashboard != "" {
				text += " All of them: " + c.desk.Dashboard + "/incidents/" + in.Number.String()
			}
		}
		r := Reply{Text: text, Incident: &in}
		slices.SortStableFunc(events, func(a, b incidents.Event) int { return a.At.Compare(b.At) })
		for _, e := range events {
			r.Lines = append(r.Lines, Line{Seq: e.Seq, At: e.At, Text: said(e) + c.writtenLater(e)})
		}
		return r, nil
	},
}

// lately is how much later than it happened something is written down as a matter
// of course.
const lately = time.Minute

// writtenLater says of what was back-dated, or found out afterwards, when it was
// written down.
func (c *call) writtenLater(e incidents.Event) string {
	if e.RecordedAt.Sub(e.At) <= lately {
		return ""
	}
	return " (written down at " + c.clock(e.RecordedAt) + ")"
}

// said is an event as one line, with whom it came from.
func said(e incidents.Event) string {
	text := brief(e.Text, 300)
	if e.Redacted {
		text = "(removed: " + string(e.Kind) + ")"
	}
	if strings.HasPrefix(text, e.Actor.Name+" ") || strings.HasSuffix(text, " by "+e.Actor.Name) {
		return text // it says so itself
	}
	return e.Actor.Name + ": " + text
}
