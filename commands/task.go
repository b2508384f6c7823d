package commands

import (
	"strconv"
	"strings"
	"time"

	"fireboss/incidents"
)

var (
	taskVerb     = listVerbOf(incidents.Tasks, nil, "tasks during the incident", "TEXT [@user] [due WHEN]", "check the backups @alice due 30m")
	followupVerb = listVerbOf(incidents.Followups, []string{"follow-up"}, "work for after the incident", "TEXT [@user] [due WHEN] [priority high]", "write an alert for full disks @bob due 2026-12-01")
)

// listVerbOf is the verb of one of the two lists of tasks.
func listVerbOf(list incidents.List, aliases []string, does, usage, example string) Verb {
	name := string(list)
	return Verb{
		Name: name, Aliases: aliases, Group: groupWork, about: true,
		Usage:    []string{name + " add " + usage, name + " take|done|reopen N", name + " drop N [why]", name + " assign N @user", name + " list"},
		Does:     does,
		Examples: []string{name + " add " + example, name + " done 3"},
		run:      func(c *call) (Reply, error) { return c.tasks(list) },
		form:     func(c *call) Form { return c.taskForm(list) },
		fill:     func(c *call) (Reply, error) { return c.fillTask(list) },
	}
}

// taskWords are what can be done with a list.
var taskWords = []string{"add", "take", "done", "reopen", "drop", "assign", "list"}

func (c *call) tasks(list incidents.List) (Reply, error) {
	word, rest := cut(c.args)
	switch strings.ToLower(word) {
	case "", "list":
		return c.listTasks(list)
	case "add":
		return c.addTask(list, rest)
	case "take":
		number, err := c.onlyNumber(list, "take", rest)
		if err != nil {
			return Reply{}, err
		}
		return c.assignTask(list, number, c.Actor.Person())
	case "assign":
		return c.assignTaskTo(list, rest)
	case "done":
		return c.moveTask(list, "done", rest, incidents.TaskFinished)
	case "reopen":
		return c.moveTask(list, "reopen", rest, incidents.TaskOpen)
	case "drop":
		return c.moveTask(list, "drop", rest, incidents.TaskGone)
	}
	return c.whichTaskWord(list, word, rest)
}

// whichTaskWord refuses what cannot be done with a list, and offers what was
// probably meant: a word with a slip in it, a number before the word, or a
// task to be added.
func (c *call) whichTaskWord(list incidents.List, word, rest string) (Reply, error) {
	meant := "add " + c.args
	second, behind := cut(rest)
	if _, err := strconv.Atoi(word); err == nil {
		if near, ok := nearest(second, taskWords); ok {
			meant = strings.TrimSpace(near + " " + word + " " + behind)
		}
	} else if near, ok := nearest(word, taskWords); ok {
		meant = strings.TrimSpace(near + " " + rest)
	}
	r := Reply{Choices: choose(nil, "", c.command(string(list), meant), true)}
	return r, incidents.Invalid("%s is nothing that can be done with a %s; there are %s. Did you mean %s?",
		quote(word), list.Noun(), enumerate(taskWords), c.say(string(list), brief(meant, 80)))
}

func (c *call) addTask(list incidents.List, s string) (Reply, error) {
	s, priority := ofPriority(list, s)
	text, who, due, err := c.ending(s)
	if err != nil {
		return Reply{}, err
	}
	if priority == "" { // it may stand before the rest of the ending as well
		text, priority = ofPriority(list, text)
	}
	return c.newTask(list, text, who, due, priority)
}

// newTask adds to a list.
func (c *call) newTask(list incidents.List, text string, who incidents.Person, due time.Time, priority incidents.Priority) (Reply, error) {
	out, err := c.apply(incidents.AddTask{List: list, Text: text, Assignee: who, Due: due, Priority: priority})
	if err != nil {
		return Reply{}, err
	}
	number := added(out, list)
	t := entry(out, list, incidents.Task{Text: text, State: incidents.TaskOpen, Due: due}, number)
	answer := capital(list.Noun()) + " " + number + " is added to " + out.Incident.Number.String() + ": " + brief(text, 80)
	if who.ID == "" {
		return c.done(out, answer+c.duty(t)+".", "To take it: "+c.say(string(list), "take "+number))
	}
	t.Assignee = &who
	return c.done(out, answer+c.duty(t)+".")
}

// added is the number that the new entry was given.
func added(out incidents.Outcome, list incidents.List) string {
	kind := incidents.TaskAdded
	if list == incidents.Followups {
		kind = incidents.FollowupAdded
	}
	e, _ := caused(out, kind)
	return e.Field("number")
}

// ending takes @user and "due WHEN" off the end of a text, in either order.
func (c *call) ending(s string) (text string, who incidents.Person, due time.Time, err error) {
	for {
		before, name := c.cutLastPerson(s)
		if name != "" && who.ID == "" {
			if who, err = c.person(name); err != nil {
				return "", who, due, err
			}
			s = before
			continue
		}
		before, when, ok := behindDue(s)
		if !ok || !due.IsZero() {
			return s, who, due, nil
		}
		t, found, err := c.dueAt(when)
		if err != nil {
			return "", who, due, err
		}
		if !found {
			if _, named := c.cutLastPerson(before); named != "" { // nobody ends a text so
				return "", who, due, incidents.Invalid("%s is no time that something can be due. Example: due 30m, due tomorrow, due 14:02 or due 2026-12-01", quote(when))
			}
			return s, who, due, nil
		}
		s, due = before, t
	}
}

// behindDue finds one or two words behind "due" at the end of a text.
func behindDue(s string) (before, when string, ok bool) {
	rest, last := cutLast(s)
	if before, due := cutLast(rest); strings.EqualFold(due, "due") {
		return before, last, true
	}
	rest, day := cutLast(rest)
	if before, due := cutLast(rest); strings.EqualFold(due, "due") {
		return before, day + " " + last, true
	}
	return s, "", false
}

// dueAt reads when something is due: in so long, at the next such time, or by
// the end of a day. found is false for words that are no such thing.
func (c *call) dueAt(s string) (t time.Time, found bool, err error) {
	if d, ok := duration(strings.ReplaceAll(s, " ", "")); ok && d > 0 {
		return c.At.Add(d), true, nil
	}
	today := c.At.In(c.Zone)
	switch strings.ToLower(s) {
	case "today":
		s = today.Format(time.DateOnly)
	case "tomorrow":
		s = today.AddDate(0, 0, 1).Format(time.DateOnly)
	}
	t, rest, found, err := c.timeAt(s, next)
	if err != nil || !found || rest != "" {
		return t, false, err
	}
	if t.Before(c.At) {
		return t, false, incidents.Invalid("%s is past; it cannot be due then. Example: due 30m, due 14:02 or due 2026-12-01", c.clock(t))
	}
	return t, true, nil
}

func (c *call) moveTask(list incidents.List, word, s string, to incidents.TaskState) (Reply, error) {
	var why string
	if to == incidents.TaskGone {
		s, why = cut(s)
	}
	number, err := c.onlyNumber(list, word, s)
	if err != nil {
		return Reply{}, err
	}
	out, err := c.apply(incidents.MoveTask{List: list, Number: number, To: to, Why: why})
	if err != nil {
		return Reply{}, err
	}
	answer := capital(list.Noun()) + " " + strconv.Itoa(number) + " of " + out.Incident.Number.String() + " is " + string(to)
	if len(out.Events) == 0 {
		return c.done(out, answer+" already.", c.unkept(why))
	}
	if to == incidents.TaskOpen {
		answer += " again"
	}
	left := 0
	for _, t := range list.Of(out.Incident) {
		if t.State == incidents.TaskOpen {
			left++
		}
	}
	are := " are open."
	switch left {
	case 0:
		return c.done(out, answer+"; none is open any more.")
	case 1:
		are = " is open."
	}
	return c.done(out, answer+"; "+count(left, list.Noun())+are)
}

func (c *call) assignTaskTo(list incidents.List, s string) (Reply, error) {
	first, rest := cut(s)
	word, behind := c.cutPerson(rest)
	example := c.say(string(list), "assign 3 @alice")
	if word == "" {
		return Reply{}, incidents.Missing("to", "Which %s, and to whom? Example: %s", list.Noun(), example)
	}
	number, err := c.taskNumber(list, first)
	if err != nil {
		return Reply{}, err
	}
	to, err := c.person(word)
	if err != nil {
		return Reply{}, err
	}
	if behind != "" {
		return Reply{}, incidents.Invalid("A %s goes to one person; I did not understand %s. Example: %s", list.Noun(), quote(behind), example)
	}
	return c.assignTask(list, number, to)
}

func (c *call) assignTask(list incidents.List, number int, to incidents.Person) (Reply, error) {
	out, err := c.apply(incidents.AssignTask{List: list, Number: number, To: to})
	if err != nil {
		return Reply{}, err
	}
	whose := to.Name + "'s"
	if to.ID == c.Actor.ID {
		whose = "yours"
	}
	word := "now "
	if len(out.Events) == 0 {
		word = "already "
	}
	return c.done(out, capital(list.Noun())+" "+strconv.Itoa(number)+" of "+out.Incident.Number.String()+" is "+word+whose+".")
}

// onlyNumber reads a number behind which nothing stands. More would be lost:
// of "done 1 2" the second task, of "done 1 see the wiki" the remark.
func (c *call) onlyNumber(list incidents.List, verb, s string) (int, error) {
	word, rest := cut(s)
	number, err := c.taskNumber(list, word)
	if err == nil && rest != "" {
		return 0, incidents.Invalid("I did not understand %s behind the number; name one %s at a time. Example: %s", quote(rest), list.Noun(), c.say(string(list), verb+" "+word))
	}
	return number, err
}

// taskNumber reads 3 or #3.
func (c *call) taskNumber(list incidents.List, word string) (int, error) {
	n, err := strconv.Atoi(strings.TrimPrefix(word, "#"))
	if err != nil || n < 1 {
		if word == "" {
			return 0, incidents.Missing("number", "Which %s? See them all: %s", list.Noun(), c.say(string(list), "list"))
		}
		return 0, incidents.Invalid("%s is not the number of a %s. See them all: %s", quote(word), list.Noun(), c.say(string(list), "list"))
	}
	return n, nil
}
