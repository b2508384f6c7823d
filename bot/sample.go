package bot

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"fireboss/incidents"
)

//go:embed sample/history.txt
var sampleText string

// sampleMark ends the title of every sample, so that nobody takes one for real.
const sampleMark = " (sample)"

// past is one sample incident.
type past struct {
	label string // by which another one can name it; may be empty
	at    time.Time
	who   string
	open  incidents.Open
	said  []said
}

// said is one line: who said what, and when. It becomes an act when it is said, for
// an act may need to know what came before.
type said struct {
	at   time.Time
	who  string
	do   func(c cast, in incidents.Incident, at time.Time) (incidents.Act, error)
	line int
}

// cast are the people of the samples by name, and the incidents by label.
type cast struct {
	people map[string]incidents.Actor
	called map[string]incidents.Number
}

func (c cast) person(name string) (incidents.Person, error) {
	a, ok := c.people[name]
	if !ok {
		return incidents.Person{}, fmt.Errorf("nobody is called %q", name)
	}
	return a.Person(), nil
}

// readSamples reads the demo's past as it was by a moment. Days begin at midnight UTC,
// so that what happened at night did.
func readSamples(text string, now time.Time) (list []past, err error) {
	today := now.UTC().Truncate(24 * time.Hour)
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
			continue
		case strings.HasPrefix(line, "== "):
			var p past
			if p, err = readHead(strings.TrimPrefix(line, "== "), today); err == nil {
				list = append(list, p)
			}
		case len(list) == 0:
			err = errors.New("somebody speaks before there is an incident")
		default:
			p := &list[len(list)-1]
			var s said
			if s, err = readSaid(line, p.at); err == nil {
				s.line = i + 1
				p.said = append(p.said, s)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("the sample history, line %d: %w", i+1, err)
		}
	}
	slices.SortStableFunc(list, func(a, b past) int { return a.at.Compare(b.at) })
	for _, p := range list {
		slices.SortStableFunc(p.said, func(a, b said) int { return a.at.Compare(b.at) })
	}
	return list, nil
}

// readHead reads what was opened: [#LABEL] DAYS HH:MM WHO SEVERITY TYPE SERVICES
// [drill] [private] [public][, started DURATION]: TITLE.
func readHead(s string, today time.Time) (p past, err error) {
	head, title, ok := strings.Cut(s, ": ")
	if !ok {
		return p, errors.New("there is no title")
	}
	head, started, early := strings.Cut(head, ", started ")
	words := strings.Fields(strings.ReplaceAll(head, ", ", ","))
	if strings.HasPrefix(words[0], "#") {
		p.label, words = words[0], words[1:]
	}
	if len(words) < 6 {
		return p, errors.New("it must be: DAYS HH:MM WHO SEVERITY TYPE SERVICES")
	}
	days, err := strconv.Atoi(words[0])
	clock, err2 := time.Parse("15:04", words[1])
	sev, known := incidents.ParseSeverity(words[3])
	if err = errors.Join(err, err2); err != nil || !known {
		return p, errors.Join(err, fmt.Errorf("%q is not a severity", words[3]))
	}
	p.at = today.AddDate(0, 0, -days).Add(time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute)
	p.who = words[2]
	p.open = incidents.Open{Title: title + sampleMark, Severity: sev, Type: words[4], Services: strings.Split(words[5], ",")}
	for _, flag := range words[6:] {
		switch flag {
		case "drill":
			p.open.Drill = true
		case "private", "public":
			p.open.Private = new(flag == "private")
		default:
			return p, fmt.Errorf("%q is not known", flag)
		}
	}
	if early {
		before, err := length(started)
		p.open.Started = p.at.Add(-before)
		return p, err
	}
	return p, nil
}

// length is a duration such as 1d2h or 90m.
func length(s string) (time.Duration, error) {
	days, rest, hasDays := strings.Cut(s, "d")
	if !hasDays {
		return time.ParseDuration(s)
	}
	n, err := strconv.Atoi(days)
	d := time.Duration(n) * 24 * time.Hour
	if err == nil && rest != "" {
		var more time.Duration
		more, err = time.ParseDuration(rest)
		d += more
	}
	return d, err
}

// readSaid reads a line: +DURATION WHO VERB [ARGUMENTS][: TEXT].
func readSaid(s string, began time.Time) (out said, err error) {
	head, text, _ := strings.Cut(s, ": ")
	words := strings.Fields(head)
	if len(words) < 3 || !strings.HasPrefix(words[0], "+") {
		return out, errors.New("it must be: +DURATION WHO VERB")
	}
	after, err := length(words[0][1:])
	if err != nil {
		return out, err
	}
	out.at, out.who = began.Add(after), words[1]
	out.do, err = readAct(words[2], words[3:], text)
	return out, err
}

// scripted makes an act at the moment at which it is said.
type scripted = func(c cast, in incidents.Incident, at time.Time) (incidents.Act, error)

// plain is an act that needs to know nothing.
func plain(a incidents.Act) (scripted, error) {
	return func(cast, incidents.Incident, time.Time) (incidents.Act, error) { return a, nil }, nil
}

// toPerson is an act that concerns somebody.
func toPerson(name string, act func(incidents.Person) incidents.Act) (scripted, error) {
	return func(c cast, _ incidents.Incident, _ time.Time) (incidents.Act, error) {
		p, err := c.person(name)
		return act(p), err
	}, nil
}

// readAct reads a verb with its arguments, and the text behind the colon.
func readAct(verb string, args []string, text string) (scripted, error) {
	arg := func(i int) string {
		if i < len(args) {
			return args[i]
		}
		return ""
	}
	switch verb {
	case "ack":
		return plain(incidents.Acknowledge{})
	case "sev":
		sev, ok := incidents.ParseSeverityAlone(arg(0))
		if !ok {
			return nil, fmt.Errorf("%q is not a severity", arg(0))
		}
		return plain(incidents.ChangeSeverity{To: sev, Why: text})
	case "status":
		to, ok := incidents.ParseStatus(arg(0))
		if !ok {
			return nil, fmt.Errorf("%q is not a status", arg(0))
		}
		return plain(incidents.ChangeStatus{To: to, Why: text})
	case "update":
		next, err := time.Duration(0), error(nil)
		if arg(0) == "next" {
			next, err = length(arg(1))
		}
		do, _ := plain(incidents.PostUpdate{Text: text, Next: next})
		return do, err
	case "note":
		return plain(incidents.AddNote{Text: text})
	case "decide":
		return plain(incidents.MakeDecision{Text: text})
	case "resolve":
		return plain(incidents.Resolve{Text: text})
	case "close":
		return plain(incidents.Close{})
	case "reopen":
		return plain(incidents.Reopen{Why: text})
	case "cancel":
		return plain(incidents.Cancel{Why: text})
	case "false":
		return plain(incidents.Cancel{FalsePositive: true, Why: text})
	case "accept":
		return plain(incidents.AcceptHandoff{})
	case "field":
		return plain(incidents.SetField{Name: arg(0), Value: text})
	case "link":
		return plain(incidents.AddLink{URL: arg(0), Name: strings.Join(args[1:], " ")})
	}
	return readActOf(verb, args, text, arg)
}

// readActOf reads a verb that names people or other incidents.
func readActOf(verb string, args []string, text string, arg func(int) string) (scripted, error) {
	switch verb {
	case "lead":
		return toPerson(arg(0), func(p incidents.Person) incidents.Act {
			return incidents.AssignRole{Role: incidents.CommanderRole, To: p}
		})
	case "role":
		return toPerson(arg(1), func(p incidents.Person) incidents.Act { return incidents.AssignRole{Role: arg(0), To: p} })
	case "invite":
		return toPerson(arg(0), func(p incidents.Person) incidents.Act { return incidents.Invite{People: []incidents.Person{p}} })
	case "handoff":
		return toPerson(arg(0), func(p incidents.Person) incidents.Act { return incidents.HandOff{To: p, Text: text} })
	case "task":
		return toPerson(arg(0), func(p incidents.Person) incidents.Act {
			return incidents.AddTask{List: incidents.Tasks, Text: text, Assignee: p}
		})
	case "done":
		return done(arg(0))
	case "followup":
		return readFollowup(args, text)
	case "merge":
		return func(c cast, _ incidents.Incident, _ time.Time) (incidents.Act, error) {
			return incidents.Merge{Into: c.called[arg(0)], Why: text}, nil
		}, nil
	case "clock":
		switch arg(0) {
		case "start":
			return plain(incidents.StartClock{Name: arg(1)})
		case "stop":
			return plain(incidents.StopClock{Name: arg(1), Why: text})
		}
		return plain(incidents.SubmitStage{Name: arg(1), Stage: arg(2)})
	case "say":
		return func(_ cast, in incidents.Incident, at time.Time) (incidents.Act, error) {
			id := incidents.OutsideID{Mirror: "sample", ID: fmt.Sprintf("%s/%d", in.Number, in.Seq)}
			return incidents.RecordMessage{ID: id, Text: text, At: at}, nil
		}, nil
	}
	return nil, fmt.Errorf("%q is no verb here", verb)
}

// done is a task that is done: the one of that number, or the last there is.
func done(number string) (scripted, error) {
	if number != "last" {
		return moved(incidents.Tasks, number, incidents.TaskFinished, "")
	}
	return func(_ cast, in incidents.Incident, _ time.Time) (incidents.Act, error) {
		return incidents.MoveTask{List: incidents.Tasks, Number: len(in.Tasks), To: incidents.TaskFinished}, nil
	}, nil
}

func moved(list incidents.List, number string, to incidents.TaskState, why string) (scripted, error) {
	n, err := strconv.Atoi(number)
	do, _ := plain(incidents.MoveTask{List: list, Number: n, To: to, Why: why})
	return do, err
}

// readFollowup reads followup [high] WHO due LENGTH: TEXT, followup done N and
// followup drop N: WHY.
func readFollowup(args []string, text string) (scripted, error) {
	if len(args) == 2 && args[0] == "done" {
		return moved(incidents.Followups, args[1], incidents.TaskFinished, "")
	}
	if len(args) == 2 && args[0] == "drop" {
		return moved(incidents.Followups, args[1], incidents.TaskGone, text)
	}
	priority := incidents.NormalPriority
	if len(args) > 0 && args[0] == "high" {
		priority, args = incidents.HighPriority, args[1:]
	}
	if len(args) != 3 || args[1] != "due" {
		return nil, errors.New("it must be: followup [high] WHO due LENGTH: TEXT")
	}
	due, err := length(args[2])
	return func(c cast, _ incidents.Incident, at time.Time) (incidents.Act, error) {
		p, err := c.person(args[0])
		return incidents.AddTask{List: incidents.Followups, Text: text, Assignee: p, Due: at.Add(due), Priority: priority}, err
	}, err
}
