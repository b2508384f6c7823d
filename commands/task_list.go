package commands

import (
	"fmt"
	"slices"
	"strings"

	"fireboss/incidents"
)

// maxTasks is how many entries a list shows.
const maxTasks = 50

// listTasks shows what is to be done, what is open first.
func (c *call) listTasks(list incidents.List) (Reply, error) {
	in, err := c.incident()
	if err != nil {
		return Reply{}, err
	}
	all := slices.Clone(list.Of(in))
	slices.SortStableFunc(all, func(a, b incidents.Task) int { return over(a) - over(b) })
	open := 0
	for _, t := range all {
		open += 1 - over(t)
	}
	if len(all) == 0 {
		text := in.Number.String() + " has no " + list.Noun() + "s."
		return Reply{Text: sentence(text, "To add one: "+c.say(string(list), "add check the backups @alice due 30m")), Incident: &in, Choices: c.addsTo(list, in)}, nil
	}
	r := Reply{Text: fmt.Sprintf("%s has %s, %s open.", in.Number, count(len(all), list.Noun()), share(open, len(all))), Incident: &in}
	if len(all) > maxTasks {
		r.Text += fmt.Sprintf(" %d are not shown.", len(all)-maxTasks)
		all = all[:maxTasks]
	}
	possible := c.barred(c.verb, in) == nil
	for i, t := range all {
		line := Line{Text: fmt.Sprintf("%d. %s%s", t.Number, brief(t.Text, 300), c.duty(t))}
		if i < maxTaskButtons && t.State == incidents.TaskOpen && possible {
			line.Choice = c.nextStep(list, t)
		}
		r.Lines = append(r.Lines, line)
	}
	r.Choices = c.addsTo(list, in)
	return r, nil
}

// maxTaskButtons is how many entries have a button: each takes a block of its own.
const maxTaskButtons = 20

// nextStep is what is mostly done with an open entry: somebody takes it, or it is
// done.
func (c *call) nextStep(list incidents.List, t incidents.Task) *Choice {
	if t.Assignee == nil {
		return &Choice{Label: "Take it", Command: c.command(string(list), fmt.Sprintf("take %d", t.Number))}
	}
	return &Choice{Label: "Done", Command: c.command(string(list), fmt.Sprintf("done %d", t.Number))}
}

// addsTo is the button that adds to a list, where that is possible.
func (c *call) addsTo(list incidents.List, in incidents.Incident) []Choice {
	if c.barred(c.verb, in) != nil {
		return nil
	}
	return []Choice{{Label: "Add a " + list.Noun(), Command: c.command(string(list), "add")}}
}

// share is how many of all.
func share(some, all int) string {
	switch {
	case some == 0:
		return "none"
	case some < all:
		return fmt.Sprintf("%d of them", some)
	case all == 1:
		return "still"
	}
	return "all"
}

// over is 1 for what is done or dropped, and 0 for what is open.
func over(t incidents.Task) int {
	if t.State == incidents.TaskOpen {
		return 0
	}
	return 1
}

// duty is whose an entry is, by when, and whether it is still to be done, in
// brackets; empty where there is nothing to say.
func (c *call) duty(t incidents.Task) string {
	var parts []string
	if t.State != incidents.TaskOpen {
		parts = append(parts, string(t.State))
	}
	if t.Priority == incidents.HighPriority {
		parts = append(parts, "high priority")
	}
	if t.Assignee != nil {
		parts = append(parts, t.Assignee.Name)
	}
	if !t.Due.IsZero() && t.State == incidents.TaskOpen {
		parts = append(parts, "due "+c.clock(t.Due))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}
