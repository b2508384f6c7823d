package commands

import (
	"fmt"
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
	var open, past []incidents.Task
	for _, t := range list.Of(in) {
		if t.State == incidents.TaskOpen {
			open = append(open, t)
		} else {
			past = append(past, t)
		}
	}
	all := append(open, past...)
	if len(all) == 0 {
		text := in.Number.String() + " has no " + list.Noun() + "s."
		return Reply{Text: sentence(text, "To add one: "+c.say(string(list), "add check the backups @alice due 30m")), Incident: &in}, nil
	}
	r := Reply{Text: fmt.Sprintf("%s has %s, %d of them open.", in.Number, count(len(all), list.Noun()), len(open)), Incident: &in}
	if len(all) > maxTasks {
		r.Text += fmt.Sprintf(" %d are not shown.", len(all)-maxTasks)
		all = all[:maxTasks]
	}
	for _, t := range all {
		r.Lines = append(r.Lines, Line{Text: fmt.Sprintf("%d. %s%s", t.Number, brief(t.Text, 300), c.duty(t))})
	}
	return r, nil
}

// duty is whose an entry is, by when, and whether it is still to be done, in
// brackets; empty where there is nothing to say.
func (c *call) duty(t incidents.Task) string {
	var parts []string
	if t.State != incidents.TaskOpen {
		parts = append(parts, string(t.State))
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
