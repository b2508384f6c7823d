package web

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"fireboss/commands"
	"fireboss/incidents"
)

// ask is one of the desk's forms, as a page draws it.
type ask struct {
	Action      string // where it is sent
	Say         string
	Title       string
	Submit      string
	Notes       []askNote
	Fields      []askField
	Redraws     bool // a choice in it changes the rest of it
	Wrong       string
	WrongField  string // the field that Wrong is about; empty: none of them
	Suggestions []string
}

// askNote is a line above the fields.
type askNote struct {
	Text   string
	Choice *button
}

// askField is one field.
type askField struct {
	Name, Label, Hint string
	Kind              string // line, text, choice, radio, many, tick, person or people
	Options           []askOption
	Value             string
	Optional          bool
	Redraw            bool
	Max               int
}

// askOption is one of those to choose from.
type askOption struct {
	Value, Label, Detail string
	Chosen               bool
}

// fewOptions is up to how many options that need a word of explanation are shown all
// at once.
const fewOptions = 8

// mostSuggested is how many people a field suggests; more are found by typing.
const mostSuggested = 300

// incidentPath is the page of an incident, where its forms go too.
func incidentPath(n incidents.Number) string {
	if n == 0 {
		return "/incidents/new"
	}
	return "/incidents/" + n.String()
}

// place is a page that people act from.
type place struct {
	n    incidents.Number // the incident that is meant there; 0: none
	path string           // where its forms are sent
}

// onPage is the page of an incident (0: that of a new one).
func onPage(n incidents.Number) place { return place{n, incidentPath(n)} }

// drawForm draws a form for a page.
func (s *Site) drawForm(f commands.Form, here place) ask {
	a := ask{Action: here.path, Say: f.Command, Title: f.Title, Submit: f.Submit}
	for _, n := range f.Notes {
		note := askNote{Text: n.Text}
		if n.Choice != nil {
			b := s.button(*n.Choice, here)
			note.Choice = &b
		}
		a.Notes = append(a.Notes, note)
	}
	mentions := s.mentions()
	for _, field := range f.Fields {
		one := drawField(field)
		if field.Kind == commands.FieldPerson || field.Kind == commands.FieldPeople {
			one.Value = namesOf(field.Value, mentions)
			a.Suggestions = suggested(mentions)
		}
		a.Redraws = a.Redraws || field.Redraw
		a.Fields = append(a.Fields, one)
	}
	return a
}

func drawField(f commands.Field) askField {
	out := askField{Name: f.Name, Label: f.Label, Hint: f.Hint, Optional: f.Optional || f.Kind == commands.FieldTick, Redraw: f.Redraw, Max: f.Max}
	explained := false
	for _, o := range f.Options {
		out.Options = append(out.Options, askOption{o.Value, o.Label, o.Detail, slices.Contains(f.Value, o.Value)})
		explained = explained || o.Detail != ""
	}
	if len(f.Value) > 0 {
		out.Value = f.Value[0]
	}
	switch f.Kind {
	case commands.FieldText:
		out.Kind = "text"
	case commands.FieldChoice:
		if out.Kind = "choice"; explained && len(f.Options) <= fewOptions {
			out.Kind = "radio"
		}
	case commands.FieldMany:
		out.Kind = "many"
	case commands.FieldTick:
		out.Kind = "tick"
	case commands.FieldPerson:
		out.Kind = "person"
	case commands.FieldPeople:
		out.Kind = "people"
	default:
		out.Kind = "line"
	}
	return out
}

// namesOf are people as one writes them; values are their ids, or what was written.
func namesOf(values []string, mentions map[string]incidents.Person) string {
	var names []string
	for _, v := range values {
		name := v
		for _, written := range slices.Sorted(maps.Keys(mentions)) {
			if mentions[written].ID == v {
				name = written
			}
		}
		names = append(names, name)
	}
	return strings.Join(names, " ")
}

func suggested(mentions map[string]incidents.Person) []string {
	list := slices.Sorted(maps.Keys(mentions))
	return list[:min(len(list), mostSuggested)]
}

// asked are the verbs whose form a page opens when nothing stands behind them, and
// the first words behind a verb that have a form of their own.
var asked = map[string]bool{
	"update": true, "sev": true, "status": true, "note": true, "decision": true, "summary": true, "role": true, "handoff": true, "invite": true, "link": true, "reopen": true,
	"impact": true, "task add": true, "followup add": true, "rename": true, "service": true, "snooze": true, "field": true, "type": true, "time": true, "tlp": true, "merge": true,
	"clock start": true, "postmortem review": true, "postmortem owner": true, "redact": true, "hold": true,
}

// spoken are verbs that carry out at once what a slip of the hand must not; a page
// asks for a word to them first.
var spoken = map[string]string{
	"resolve": "How it was resolved", "close": "", "cancel": "Why it is called off", "cancel false-positive": "Why there was no fire",
}

// button is a choice of the desk on a page.
func (s *Site) button(c commands.Choice, here place) button {
	b := button{Label: c.Label, Say: c.Command, Primary: c.Primary, ID: elementID(c.Command)}
	if asked[c.Command] && here.n != 0 {
		b.Ask = here.path + "?ask=" + strings.ReplaceAll(c.Command, " ", "+") + "#act"
	}
	if more, ok := spoken[c.Command]; ok {
		b.More = cmp.Or(more, "Are you sure?")
	}
	return b
}

// elementID is an id made of words.
func elementID(words string) string {
	return "do-" + strings.Join(strings.FieldsFunc(strings.ToLower(words), func(r rune) bool { return r < 'a' || r > 'z' }), "-")
}

// further are what can be done beyond the desk's control panel, by heading.
var further = []struct {
	Heading string
	Buttons []commands.Choice
}{
	{"Write it down", []commands.Choice{{Label: "Draft an update", Command: "update --draft"}, {Label: "Decision", Command: "decision"}, {Label: "Summary", Command: "summary"}, {Label: "Link", Command: "link"}, {Label: "Impact", Command: "impact"}, {Label: "A time", Command: "time"}, {Label: "Blot out a text", Command: "redact"}}},
	{"People", []commands.Choice{{Label: "Give a role", Command: "role"}, {Label: "Join", Command: "join"}, {Label: "Leave", Command: "leave"}, {Label: "Catch up", Command: "catchup"}}},
	{"Work", []commands.Choice{{Label: "Add a task", Command: "task add"}, {Label: "Add a follow-up", Command: "followup add"}}},
	{"Correct it", []commands.Choice{{Label: "Rename", Command: "rename"}, {Label: "Type", Command: "type"}, {Label: "Service", Command: "service"}, {Label: "Field", Command: "field"}, {Label: "TLP", Command: "tlp"}}},
	{"End it otherwise", []commands.Choice{{Label: "Cancel", Command: "cancel"}, {Label: "False positive", Command: "cancel false-positive"}, {Label: "Merge", Command: "merge"}}},
	{"Law", []commands.Choice{{Label: "Start a legal clock", Command: "clock start"}, {Label: "Legal hold", Command: "hold"}}},
}
