package commands

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"fireboss/incidents"
)

// strict is a world with a policy that wants something.
func strict(t *testing.T) *world {
	w := newWorld(t)
	w.rules.Types = []incidents.Type{
		{Name: "security", Meaning: "somebody got in", Checklist: []string{"keep the evidence"}, Fields: []incidents.Field{
			{Name: "root_cause", Ask: "What caused it?", Required: incidents.BeforeClose},
			{Name: "law", Values: []string{"yes", "no"}, Required: incidents.BeforeResolve},
		}},
		{Name: "third-party", Meaning: "it is a supplier's"},
	}
	w.rules.Meanings = map[incidents.Severity]string{1: "the shop is shut"}
	w.rules.Suggest = map[int]incidents.Severity{1: 2}
	w.rules.Roles = []incidents.Role{
		{Name: incidents.CommanderRole, Title: "Incident commander", Duty: "leads", Instructions: "Decide.", Aliases: []string{"ic"}},
		{Name: "doctor", Title: "Doctor"},
	}
	w.does("alice", "open sev3 search is slow")
	w.here = 1
	return w
}

func TestTypesOfThePolicy(t *testing.T) {
	w := strict(t)
	for _, c := range []struct{ said, answer string }{
		{"type", "Which type? There are security and third-party. Example: /incident type security"},
		{"type secuirty", `"secuirty" is not a type. Did you mean security? There are security and third-party. Example: /incident type security`},
		{"type weather", "The type of INC-1 is now weather."},
		{"type Third Party", "The type of INC-1 is now third-party."},
		{"type security", "The type of INC-1 is now security. Incidents of this type are private from the start, and this one is not; to make it so, say /incident private. Its checklist is among the tasks. To be set before it is resolved: law, for example: /incident field law TEXT"},
		{"field root_cause an old key", "Field root_cause of INC-1 is now: an old key. To be set before it is resolved: law, for example: /incident field law TEXT"},
		{"resolve", "INC-1 is of the type security and cannot be resolved before law is set. Set it, and say it again: /incident field law yes"},
		{"field law perhaps", `law can be yes, no, not "perhaps". Example: /incident field law yes`},
		{"field law No", "Field law of INC-1 is now: No"},
		{"close", "INC-1 is now closed. Should it come back: /incident reopen WHY"},
	} {
		if got := w.says("bob", c.said).Text; got != c.answer {
			t.Errorf("%s:\n got  %s\n want %s", c.said, got, c.answer)
		}
	}
}

func TestARefusalSaysWhatAFormAsksFor(t *testing.T) {
	w := strict(t)
	w.does("bob", "type security")
	r := w.says("bob", "close")
	want := &incidents.Want{Of: 1, Gate: incidents.BeforeClose, Fields: w.rules.Types[0].Fields}
	if !reflect.DeepEqual(r.Want, want) {
		t.Errorf("%+v", r.Want)
	}
	if r := w.says("bob", "type secuirty"); len(r.Choices) != 1 || r.Choices[0].Command != "type security" || len(r.Lines) != 2 {
		t.Errorf("%+v", r)
	}
}

func TestServicesSuggestASeverity(t *testing.T) {
	w := strict(t)
	r := w.does("bob", "service add checkout")
	if r.Text != "checkout is now among the services of INC-1. It may well be sev2, for checkout is a tier-1 service: /incident sev 2" {
		t.Error(r.Text)
	}
	if want := []Choice{{Label: "Set sev2", Command: "sev 2 checkout is a tier-1 service", Primary: true}}; !reflect.DeepEqual(r.Choices, want) {
		t.Fatalf("%+v", r.Choices)
	}
	w.does("bob", r.Choices[0].Command)
	if in := w.incident(1); in.Severity != 2 || w.events(1)[in.Seq-1].Field("why") != "checkout is a tier-1 service" {
		t.Errorf("%+v", in)
	}
	for _, said := range []string{"service add checkout", "service remove checkout"} {
		if r := w.does("bob", said); len(r.Choices) > 0 || strings.Contains(r.Text, "may well") {
			t.Errorf("%s: %+v", said, r)
		}
	}
	c := &call{Request: w.request("bob", ""), ctx: t.Context(), desk: w.desk, verbs: verbs}
	opened, err := c.open(incidents.Open{Title: "cards are rejected", Services: []string{"checkout"}})
	if err != nil || len(opened.Choices) != 1 || opened.Choices[0].Command != "sev INC-2 2 checkout is a tier-1 service" ||
		opened.Text != "Opened INC-2. It may well be sev2, for checkout is a tier-1 service: /incident sev INC-2 2" {
		t.Errorf("%+v %v", opened, err)
	}
}

func TestHelpTellsThePolicy(t *testing.T) {
	w := strict(t)
	w.does("bob", "type security")
	for said, want := range map[string][]string{
		"sev help":   {"sev1 the shop is shut", "sev2 " + incidents.Severity(2).Meaning()},
		"sev":        {"sev1 the shop is shut"},
		"role help":  {"commander (also ic): the incident commander leads. Decide.", "doctor: the doctor"},
		"roles help": {"doctor: the doctor"},
		"roles":      {"Incident commander: nobody (commander: leads)", "Doctor: nobody (doctor)"},
		"type help": {
			"security: somebody got in. Checklist: keep the evidence. Field root_cause, before it is closed: What caused it? Field law, before it is resolved (yes, no)",
			"third-party: it is a supplier's",
		},
		"help type":  {"third-party: it is a supplier's"},
		"field help": {"Field root_cause, before it is closed: What caused it?"},
	} {
		var lines []string
		for _, l := range w.says("bob", said).Lines {
			lines = append(lines, l.Text)
		}
		for _, line := range want {
			if !slices.Contains(lines, line) {
				t.Errorf("%s: %q is not among %q", said, line, lines)
			}
		}
	}
	w.does("bob", "field root_cause an old key")
	if lines := w.does("bob", "field help").Lines; !strings.HasSuffix(lines[len(lines)-2].Text, "; it is an old key") {
		t.Errorf("%+v", lines)
	}
}

func TestMergeIsAskedAndRefused(t *testing.T) {
	w := strict(t)
	w.does("alice", "open private secrets")
	for _, c := range []struct {
		here       incidents.Number
		said, want string
	}{
		{1, "merge", "Into which incident? Name the one in which the work goes on. Example: /incident merge INC-12"},
		{1, "merge INC-1", "Into which incident?"},
		{1, "merge INC-1 INC-1", "INC-1 cannot be merged into itself. Name the incident in which the work goes on: /incident merge INC-7"},
		{0, "merge INC-1", "Into which incident? Name the one in which the work goes on. Example: /incident merge INC-1 INC-12"},
		{1, "merge INC-2", "INC-2 does not exist or is not open to you."},
		{1, "merge INC-9", "INC-9 does not exist or is not open to you."},
		{1, "merge INC-2 INC-1", "INC-2 does not exist or is not open to you."},
		{0, "merge INC-2 INC-9", "INC-2 does not exist or is not open to you."},
	} {
		w.here = c.here
		if r := w.says("bob", c.said); r.Refused == "" || !strings.HasPrefix(r.Text, c.want) {
			t.Errorf("%s: %s", c.said, r.Text)
		}
	}
}

func TestBackfillRefuses(t *testing.T) {
	w := newWorld(t)
	for said, want := range map[string]string{
		`open --started "yesterday" x`:            `"yesterday" is not a time.`,
		`open --started "2026-11-19 14:00 x`:      `""2026-11-19" is not a time.`,
		`open --started "11:00 or so" x`:          `"11:00 or so" is not a time.`,
		`open --started "" x`:                     "When?",
		`open --resolved "2026-11-21 14:00" x`:    "It cannot have been resolved in the future",
		`open --resolved "2026-11-19 14:00"`:      "What is wrong?",
		`open --resolved 09:00 --started 10:00 x`: "It cannot have been resolved",
	} {
		if r := w.says("bob", said); r.Refused != incidents.CodeInvalid || !strings.HasPrefix(r.Text, want) {
			t.Errorf("%s: %s", said, r.Text)
		}
	}
}

func TestADrillIsMarkedInEveryAnswer(t *testing.T) {
	w := newWorld(t)
	w.does("bob", "drill sev2 the database is gone")
	w.here = 1
	for _, said := range []string{"ack", "sev 3", "status identified", "task add look", "roles", "clock", "", "note x", "merge help", "resolve"} {
		if r := w.does("bob", said); r.Incident != nil && !strings.Contains(strings.ToLower(r.Text), "drill") {
			t.Errorf("%s: %s", said, r.Text)
		}
	}
}
