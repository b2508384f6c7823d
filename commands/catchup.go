package commands

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"fireboss/incidents"
)

var catchupVerb = Verb{
	Name: "catchup", Aliases: []string{"catch-up"}, Group: groupPeople, about: true, alone: true,
	Usage:    []string{"catchup"},
	Does:     "tells you what a newcomer needs to know: what, since when, who, how it stands, what is open",
	Examples: []string{"catchup"},
	run: func(c *call) (Reply, error) {
		in, err := c.incident()
		if err != nil {
			return Reply{}, err
		}
		r := Reply{Text: c.headline(in), Incident: &in}
		for _, line := range c.catchUp(in) {
			r.Lines = append(r.Lines, Line{Text: line})
		}
		if in.Status.Open() {
			r.Choices = []Choice{{Label: "Timeline", Command: c.command("timeline", "")}, {Label: "Tasks", Command: c.command("task", "list")}}
		}
		return r, nil
	},
}

// maxOpenTasks is how many open tasks a catch-up names.
const maxOpenTasks = 5

// catchUp is how an incident stands, a line for each thing to know.
func (c *call) catchUp(in incidents.Incident) []string {
	lines := []string{"Since " + c.since(in)}
	if in.Summary != "" {
		lines = append(lines, "What: "+brief(in.Summary, 500))
	}
	if len(in.Services) > 0 {
		lines = append(lines, "Services: "+enumerate(in.Services))
	}
	lines = append(lines, c.whoDoes(in))
	if in.Update.Text != "" {
		lines = append(lines, "Last update, "+c.clock(in.Update.At)+": "+brief(in.Update.Text, 500))
	} else {
		lines = append(lines, "There was no update yet.")
	}
	if d, ok := in.Next(); ok {
		lines = append(lines, "Next: "+d.Duty()+" by "+c.clock(d.By()))
	}
	open := 0
	for _, t := range in.Tasks {
		if t.State != incidents.TaskOpen {
			continue
		}
		if open++; open <= maxOpenTasks {
			lines = append(lines, fmt.Sprintf("Task %d: %s%s", t.Number, brief(t.Text, 200), c.duty(t)))
		}
	}
	switch {
	case open == 0:
		lines = append(lines, "No task is open.")
	case open > maxOpenTasks:
		lines = append(lines, fmt.Sprintf("… and %s more: %s", count(open-maxOpenTasks, "open task"), c.say("task", "list")))
	}
	return lines
}

// since says from when on, and who declared it.
func (c *call) since(in incidents.Incident) string {
	if t := in.Times.ImpactStarted; !t.IsZero() {
		return c.clock(t) + " (impact); declared at " + c.clock(in.Times.Declared) + " by " + in.DeclaredBy.Name
	}
	return c.clock(in.Times.Declared) + ", declared by " + in.DeclaredBy.Name
}

// whoDoes names those with a role and counts the others.
func (c *call) whoDoes(in incidents.Incident) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(in.Roles)) {
		title := name
		if role, ok := c.desk.rules().Role(name); ok {
			title = lower(role.Title)
		}
		list = append(list, in.Roles[name].Name+" is "+title)
	}
	if len(list) == 0 {
		list = append(list, "nobody has a role")
	}
	return capital(strings.Join(list, ", ")) + "; " + count(len(in.Responders), "responder") + "."
}
