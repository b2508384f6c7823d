package commands

import (
	"strings"

	"fireboss/incidents"
	"fireboss/incidents/postmortem"
)

var catchupVerb = Verb{
	Name: "catchup", Aliases: []string{"catch-up"}, Group: groupPeople, about: true, alone: true,
	Usage:    []string{"catchup"},
	Does:     "tells you what a newcomer needs to know: what, since when, who, how it stands, what is open",
	Examples: []string{"catchup"},
	run:      (*call).catchUp,
}

// catchUp tells how an incident stands, by the author that postmortems have: each line says on which events it stands.
func (c *call) catchUp() (Reply, error) {
	in, err := c.incident()
	if err != nil {
		return Reply{}, err
	}
	record, err := c.desk.Record(c.ctx, in, c.Actor, c.At)
	if err != nil {
		return Reply{}, err
	}
	r := Reply{Text: c.headline(in), Incident: &in}
	for line := range strings.SplitSeq(postmortem.Catchup(record), "\n") {
		r.Lines = append(r.Lines, Line{Text: line})
	}
	if more := openTasks(in) - postmortem.MaxUndone; more > 0 {
		r.Lines = append(r.Lines, Line{Text: "… and " + count(more, "more open task") + ": " + c.say("task", "list")})
	}
	r.Lines = append(r.Lines, Line{Text: "Times are in UTC; [T14] is number 14 of " + c.say("timeline", "") + "."})
	if in.Status.Open() {
		r.Choices = []Choice{{Label: "Timeline", Command: c.command("timeline", "")}, {Label: "Tasks", Command: c.command("task", "list")}}
	}
	return r, nil
}

func openTasks(in incidents.Incident) (n int) {
	for _, t := range in.Tasks {
		if t.State == incidents.TaskOpen {
			n++
		}
	}
	return n
}
