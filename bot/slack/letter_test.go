package slack

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/bot/slacksim/blockkit"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// fits checks a message against Slack's limits.
func fits(t *testing.T, what string, m *message) {
	t.Helper()
	raw, err := json.Marshal(m.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Blocks) > 0 {
		for _, p := range blockkit.Message(raw) {
			t.Errorf("%s: %s", what, p)
		}
	}
	if n := len([]rune(m.Text)); n == 0 || n > maxText {
		t.Errorf("the text of %s has %d characters", what, n)
	}
}

func TestLettersFitSlacksLimits(t *testing.T) {
	in := extreme()
	for i := range 500 {
		in.Tasks = append(in.Tasks, incidents.Task{Number: i + 1, Text: in.Summary, State: incidents.TaskOpen, Assignee: &in.DeclaredBy, Due: in.DeclaredAt})
	}
	data, err := json.Marshal(map[string]any{"text": in.Summary, "why": in.Summary, "title": in.Title, "from": in.Title})
	if err != nil {
		t.Fatal(err)
	}
	e := incidents.Event{Text: in.Summary, Data: data, At: in.DeclaredAt, Actor: incidents.Actor{Kind: incidents.User, ID: "slack:T/U1", Name: in.Title}}
	b := background{role: incidents.Role{Title: in.Title, Instructions: in.Summary}, place: "C1"}
	for range mostQuestions {
		b.questions = append(b.questions, e)
	}
	for _, kind := range []string{incidents.HandoffOffer, incidents.HandoffRefused, incidents.RoleInstructions, incidents.MergedHere, incidents.FollowedUpdate, incidents.AccessRequest, incidents.Reminder, "other"} {
		fits(t, kind, letter(store.Message{Kind: kind}, in, e, b))
	}
	for i := range in.Tasks {
		in.Tasks[i].Text, in.Tasks[i].Assignee = "call the bank", nil
	}
	if lines := openTasks(in); len(lines) != mostTasks+1 || lines[mostTasks] != "… and 492 more: /incident task INC-123456 list" {
		t.Errorf("%q", lines)
	}
}

func TestALetterLeavesOutWhatThereIsNot(t *testing.T) {
	in := incidents.Incident{Number: 3, Title: "search is slow", Severity: 2, Status: incidents.Triage, Times: incidents.Times{Declared: time.Unix(1, 0)}}
	m := letter(store.Message{Kind: incidents.HandoffOffer}, in, incidents.Event{Actor: incidents.Actor{Name: "bob"}}, background{})
	if got := len(m.Blocks); got != 3 || strings.Contains(m.Text, "*Open tasks*") || strings.Contains(m.Text, "<#") {
		t.Errorf("%d blocks: %s", got, m.Text)
	}
	if m := letter(store.Message{Kind: incidents.RoleInstructions}, in, incidents.Event{}, background{role: incidents.Role{Title: "Scribe"}}); m.Text != "You are now Scribe of *INC-3  search is slow*." {
		t.Error(m.Text)
	}
}

// What somebody is told, word for word: of what is private, of a guest, of what was
// removed since.
func TestWhatALetterSays(t *testing.T) {
	in := incidents.Incident{Number: 3, Title: "search is slow"}
	secret := in
	secret.Private = true
	who := incidents.Actor{Kind: incidents.User, ID: "slack:T1/UB", Name: "bob"}
	for name, c := range map[string]struct {
		kind    string
		in      incidents.Incident
		e       incidents.Event
		want    string
		buttons int
	}{
		"a request":                  {incidents.AccessRequest, secret, incidents.Event{Actor: who}, "bob asks to be let into *INC-3  search is slow*, which is private. If you deny it, they hear nothing.", 2},
		"a guest's":                  {incidents.AccessRequest, in, incidents.Event{Actor: who}, "bob is a guest and asks to be let into *INC-3  search is slow*. If you deny it, they hear nothing.", 2},
		"of nobody who can be named": {incidents.AccessRequest, secret, incidents.Event{Actor: incidents.Actor{ID: "token", Name: "ops"}}, "ops asks to be let into *INC-3  search is slow*, which is private.", 0},
		"a no":                       {incidents.HandoffRefused, in, incidents.Event{Actor: who}, "bob does not take command of *INC-3  search is slow*.\nTo offer it to somebody else: /incident handoff INC-3 @somebody", 0},
		"a no, and why":              {incidents.HandoffRefused, in, incidents.Event{Actor: who, Data: json.RawMessage(`{"why":"on a train"}`)}, "bob does not take command of *INC-3  search is slow*.\n>on a train\nTo offer it to somebody else: /incident handoff INC-3 @somebody", 0},
		"what was removed":           {incidents.FollowupReminder, in, incidents.Event{Kind: incidents.ReminderSent, Redacted: true}, "_This was removed._\n*INC-3  search is slow*", 0},
	} {
		m := letter(store.Message{Kind: c.kind}, c.in, c.e, background{})
		if got := len(buttonsOf(m)); m.Text != c.want || got != c.buttons {
			t.Errorf("%s: %d buttons, %s", name, got, m.Text)
		}
	}
}

// buttonsOf are the buttons of a message.
func buttonsOf(m *message) (list []slackgo.BlockElement) {
	for _, b := range m.Blocks {
		if a, ok := b.(*slackgo.ActionBlock); ok {
			list = append(list, a.Elements.ElementSet...)
		}
	}
	return list
}

func TestOnward(t *testing.T) {
	places := map[incidents.Number]string{7: "C7"}
	card := Card{Rules: func() incidents.Rules { return incidents.Rules{} }, Place: func(_ incidents.Incident, n incidents.Number) string { return places[n] }}
	for _, c := range []struct {
		in   incidents.Incident
		want string
	}{
		{incidents.Incident{Number: 1}, ""},
		{incidents.Incident{Number: 1, MergedInto: 7}, ":link: *Merged into INC-7.* Go on in <#C7>."},
		{incidents.Incident{Number: 1, MergedInto: 8}, ":link: *Merged into INC-8.* Go on there: /incident show INC-8"},
		{incidents.Incident{Number: 1, Merged: []incidents.Number{7, 8}}, ":link: Merged into this: INC-7 <#C7>, INC-8"},
	} {
		if got := card.onward(c.in); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	many := incidents.Incident{Number: 1, Title: "x", Status: incidents.Triage}
	for i := range 2000 {
		many.Merged = append(many.Merged, incidents.Number(i+2))
	}
	fits(t, "a card with many merged", card.message(many, nil))
}

func TestADrillsMessagesAreMarked(t *testing.T) {
	drill := incidents.Incident{Number: 1, Title: "x", Drill: true}
	for _, e := range []incidents.Event{
		{Kind: incidents.NoteAdded, Text: "looked at it"},
		{Kind: incidents.ReminderSent, Text: "Nobody has acknowledged INC-1", Data: json.RawMessage(`{"rule":"acknowledge","to":"channel"}`)},
		{Kind: incidents.Merged, Text: "Merged into INC-7", Data: json.RawMessage(`{"into":"INC-7"}`)},
	} {
		m := (Card{}).say(drill, e, func(string) string { return "" })
		raw, err := json.Marshal(m.Blocks)
		if err != nil || !strings.HasPrefix(m.Text, "*PRACTICE* ") || len(m.Blocks) > 0 && !strings.Contains(string(raw), "*PRACTICE*") {
			t.Errorf("%s: %s %s", e.Kind, m.Text, raw)
		}
		fits(t, string(e.Kind), m)
		if m := (Card{}).say(incidents.Incident{Number: 1}, e, func(string) string { return "" }); strings.Contains(m.Text, "PRACTICE") {
			t.Errorf("%s: %s", e.Kind, m.Text)
		}
	}
}
