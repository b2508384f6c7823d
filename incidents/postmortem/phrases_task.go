package postmortem

import (
	"fmt"

	"fireboss/incidents"
)

func sayTaskAdded(v *voice, e *entry, c *claim) {
	if numbers, ok := e.value("numbers").([]any); ok {
		c.subject = "the checklist for the type " + term(e.field("checklist"))
		c.verb = "added " + count(len(numbers), "task", "tasks")
		return
	}
	verb := fmt.Sprintf("added task %d", e.number())
	if e.field("assignee") != "" {
		verb += " for " + v.other(e, "assignee")
	}
	v.wrote(c, e, verb, e.field("text"))
}

func sayFollowup(v *voice, e *entry, c *claim) {
	verb := fmt.Sprintf("added follow-up %d", e.number())
	if e.field("assignee") != "" {
		verb += " for " + v.other(e, "assignee")
	}
	if due := e.moment("due"); !due.IsZero() {
		verb += ", due on " + date(due)
	}
	v.wrote(c, e, verb, e.field("text"))
}

// task says what became of a task, with its text as it is now.
func (v *voice) task(verb string, e *entry) string {
	said := fmt.Sprintf("%s task %d", verb, e.number())
	if t := v.a.taskText(incidents.Tasks, e.number()); t != "" {
		said += " (" + v.say(t, briefRoom, e.Seq) + ")"
	}
	if why := v.say(e.field("why"), briefRoom, e.Seq); why != "" {
		said += ", saying why: " + why
	}
	return said
}

// taskText is what a task says; empty where it had to go.
func (a *account) taskText(list incidents.List, number int) string {
	for _, t := range list.Of(a.Incident) {
		if t.Number == number && t.Text != incidents.RemovedText && !a.madeOfDeleted(list, number) {
			return t.Text
		}
	}
	return ""
}

// madeOfDeleted reports whether a task was made of a message that its author took
// back since.
func (a *account) madeOfDeleted(list incidents.List, number int) bool {
	if len(a.deleted) == 0 {
		return false
	}
	for _, e := range a.list {
		if (e.Kind == incidents.TaskAdded && list == incidents.Tasks || e.Kind == incidents.FollowupAdded && list == incidents.Followups) && e.hidden && !e.Redacted && e.number() == number {
			return true
		}
	}
	return false
}
