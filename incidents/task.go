package incidents

import (
	"fmt"
	"slices"
	"time"
)

// TaskState is whether a task is still to be done.
type TaskState string

// The states of a task.
const (
	TaskOpen     TaskState = "open"
	TaskFinished TaskState = "done"
	TaskGone     TaskState = "dropped"
)

// Task is something to be done, during the incident or after it.
type Task struct {
	Number   int       `json:"number"` // 1, 2, 3 … within its list
	Text     string    `json:"text"`
	State    TaskState `json:"state"`
	Assignee *Person   `json:"assignee,omitempty"`
	Due      time.Time `json:"due,omitzero"`
	Priority Priority  `json:"priority,omitempty"` // of a follow-up; empty: normal
	Since    time.Time `json:"since,omitzero"`     // of a follow-up: since when it is its owner's, and open
}

// List tells work during the incident from work after it.
type List string

// The two lists.
const (
	Tasks     List = "task"
	Followups List = "followup"
)

// Noun is what one entry is called.
func (l List) Noun() string {
	if l == Followups {
		return "follow-up"
	}
	return "task"
}

func (l List) kind(what string) Kind { return Kind(string(l) + "_" + what) }

// of is the list itself.
func (l List) of(in *Incident) *[]Task {
	if l == Followups {
		return &in.Followups
	}
	return &in.Tasks
}

// Of is the entries of this list.
func (l List) Of(in Incident) []Task { return *l.of(&in) }

// AddTask adds to a list.
type AddTask struct {
	List     List
	Text     string
	Assignee Person    // empty: nobody yet
	Due      time.Time // zero: for a follow-up as the policy says
	Priority Priority  // of a follow-up; empty: normal
}

// Verb is the row in [Lifecycle].
func (a AddTask) Verb() string { return string(a.List) }

func (a AddTask) decide(d *decision) error {
	words, err := d.text("The "+a.List.Noun(), a.Text, string(a.List), "add check the backups @alice due 30m")
	if err != nil {
		return err
	}
	list := a.List.of(&d.in)
	if len(*list) >= maxList {
		return Refused("%s has %d %ss already; that is all it can hold.", d.in.Number, maxList, a.List.Noun())
	}
	if err := d.maySee(a.Assignee, a.List.theirs()); err != nil {
		return err
	}
	t := Task{Number: len(*list) + 1, Text: words, State: TaskOpen, Due: a.Due.UTC().Truncate(time.Second)}
	if a.Due.IsZero() {
		t.Due = time.Time{}
	}
	if a.List == Followups {
		a.prioritize(d, &t)
	}
	if a.Assignee.ID != "" {
		t.Assignee = &a.Assignee
	}
	*list = append(*list, t)
	line := fmt.Sprintf("%s %d: %s", title(a.List.Noun()), t.Number, Tidy(words))
	if t.Assignee != nil {
		line += " (" + a.Assignee.Name + ")"
	}
	d.event(a.List.kind("added"), line, "number", t.Number, "text", words, "assignee", a.Assignee.ID, "assignee_name", a.Assignee.Name, "due", stamp(t.Due), "priority", string(t.Priority))
	return nil
}

// AssignTask gives an entry to somebody.
type AssignTask struct {
	List   List
	Number int
	To     Person
}

// Verb is the row in [Lifecycle].
func (a AssignTask) Verb() string { return string(a.List) }

func (a AssignTask) decide(d *decision) error {
	t, err := d.task(a.List, a.Number)
	if err != nil {
		return err
	}
	if t.Assignee != nil && t.Assignee.ID == a.To.ID {
		return nil
	}
	if t.State != TaskOpen {
		return Refused("%s %d is %s. Open it again first: %s", title(a.List.Noun()), t.Number, t.State, d.say(string(a.List), fmt.Sprint("reopen ", t.Number)))
	}
	if err := d.maySee(a.To, a.List.theirs()); err != nil {
		return err
	}
	t.Assignee = &a.To
	d.event(a.List.kind("assigned"), fmt.Sprintf("%s %d is now %s's: %s", title(a.List.Noun()), t.Number, a.To.Name, Tidy(t.Text)),
		"number", t.Number, "assignee", a.To.ID, "assignee_name", a.To.Name)
	return nil
}

// MoveTask finishes, drops or reopens an entry.
type MoveTask struct {
	List   List
	Number int
	To     TaskState
	Why    string // of a task that is dropped
}

// Verb is the row in [Lifecycle].
func (m MoveTask) Verb() string { return string(m.List) }

func (m MoveTask) decide(d *decision) error {
	t, err := d.task(m.List, m.Number)
	if err != nil || t.State == m.To {
		return err
	}
	if m.To != TaskOpen && t.State != TaskOpen {
		return Refused("%s %d is %s. Open it again first: %s", title(m.List.Noun()), t.Number, t.State, d.say(string(m.List), fmt.Sprint("reopen ", t.Number)))
	}
	why, err := d.reason(m.Why)
	if err != nil {
		return err
	}
	from := t.State
	t.State = m.To
	kind, word := "reopened", "is open again"
	switch m.To {
	case TaskFinished:
		kind, word = "done", "is done"
	case TaskGone:
		kind, word = "dropped", "was dropped"
	}
	line := fmt.Sprintf("%s %d %s: %s", title(m.List.Noun()), t.Number, word, Tidy(t.Text))
	if why != "" {
		line += " (" + why + ")"
	}
	d.event(m.List.kind(kind), line, "number", t.Number, "from", string(from), "to", string(m.To), "why", why)
	return nil
}

// maySee refuses to give work of a private incident to somebody who may not see
// it: they could not know what it is about. so says what cannot be.
func (d *decision) maySee(p Person, so string) error {
	if p.ID == "" || d.in.VisibleTo(p.Actor()) {
		return nil
	}
	if allowed("invite", d.in) != nil { // it is closed; who asks can be let in all the same
		return Refused("%s is private and not open to %s, so %s. They can ask to be let in: /incident access %s", d.in.Number, p.Name, so, d.in.Number)
	}
	return Refused("%s is private and not open to %s, so %s. Bring them in first: %s", d.in.Number, p.Name, so, d.say("invite", "@"+p.Name))
}

// theirs is what cannot be where somebody may not see the incident.
func (l List) theirs() string { return "a " + l.Noun() + " of it cannot be theirs" }

// task finds an entry that may be changed.
func (d *decision) task(l List, number int) (*Task, error) {
	list := *l.of(&d.in)
	i := slices.IndexFunc(list, func(t Task) bool { return t.Number == number })
	if i < 0 {
		return nil, Refused("There is no %s %d. See them all: %s", l.Noun(), number, d.say(string(l), "list"))
	}
	return &list[i], nil
}

func title(s string) string { return string(s[0]-'a'+'A') + s[1:] }
