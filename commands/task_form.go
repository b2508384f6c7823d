package commands

import (
	"fmt"
	"strconv"
	"strings"

	"fireboss/incidents"
)

// taskForm asks for an entry to be added or, where the command was to give one
// to somebody or to change one, which of them.
func (c *call) taskForm(list incidents.List) Form {
	noun := list.Noun()
	command := string(list) + " " + c.number.String()
	word, rest := cut(c.args)
	switch word = strings.ToLower(word); word {
	case "assign":
		return Form{Command: command + " assign", Title: "Assign a " + noun, Submit: "Assign",
			Fields: []Field{c.entryField(list, incidents.TaskOpen), personField("To whom").with(c.guess(rest))}}
	case "take", "done", "drop":
		return Form{Command: command + " " + word, Title: capital(word) + ": which?", Submit: capital(word), Fields: []Field{c.entryField(list, incidents.TaskOpen)}}
	case "reopen":
		return Form{Command: command + " reopen", Title: "Reopen a " + noun, Submit: "Reopen", Fields: []Field{c.entryField(list, "")}}
	}
	rest, priority := ofPriority(list, rest)
	text, who, due, _ := c.ending(rest)
	when := ""
	if !due.IsZero() {
		when = due.In(c.Zone).Format("2006-01-02 15:04")
	}
	if priority == "" {
		priority = incidents.NormalPriority
	}
	f := Form{Command: command + " add", Title: "Add a " + noun, Submit: "Add", Fields: []Field{
		areaField("text", "What is to be done?").with(text), personField("Who").with(who.ID).optional(),
		lineField("due", "Due").with(when).optional().hint("30m, 14:02, tomorrow or 2026-12-01"),
	}}
	if list == incidents.Followups {
		f.Fields = append(f.Fields, choiceField("priority", "Priority", string(priority), plainOptions(string(incidents.NormalPriority), string(incidents.HighPriority))).optional())
	}
	return f
}

// entryField chooses among the entries that are open, or those that are over.
func (c *call) entryField(list incidents.List, state incidents.TaskState) Field {
	in, _ := c.incident()
	var options []Option
	for _, t := range list.Of(in) {
		if (t.State == incidents.TaskOpen) == (state == incidents.TaskOpen) && len(options) < maxOptions {
			options = append(options, Option{Value: strconv.Itoa(t.Number), Label: fmt.Sprintf("%d. %s", t.Number, t.Text)})
		}
	}
	if len(options) == 0 { // a choice needs something to choose from
		return lineField("number", "Number").hint("There is none to choose from now.")
	}
	return choiceField("number", capital(list.Noun()), "", options)
}

// fillTask carries out what its form was for.
func (c *call) fillTask(list incidents.List) (Reply, error) {
	word, _ := cut(c.args)
	if word = strings.ToLower(word); word != "add" && word != "assign" {
		c.args = word + " " + c.said("number")
		return c.tasks(list)
	}
	to, err := c.saidPerson("to")
	if err != nil {
		return Reply{}, err
	}
	if word == "assign" {
		number, err := c.taskNumber(list, c.said("number"))
		if err != nil {
			return Reply{}, incidents.About("number", err)
		}
		return c.assignTask(list, number, to)
	}
	due, err := c.saidTime("due", next)
	if err != nil {
		return Reply{}, err
	}
	return c.newTask(list, c.said("text"), to, due, incidents.Priority(c.said("priority")))
}
