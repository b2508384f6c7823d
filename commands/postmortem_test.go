package commands

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/postmortem"
)

const page = "To read it: http://127.0.0.1:8080/incidents/INC-1/postmortem"

func TestPostmortemVerbs(t *testing.T) {
	w := play(t, []line{
		{"bob", "postmortem", "The postmortem of INC-1 is not drafted yet, which is done once the incident is resolved; nobody owns it."},
		{"bob", "pm owner me", "You own the postmortem of INC-1 now. How far it is: /incident postmortem"},
		{"bob", "postmortem owner @bob", "You own the postmortem of INC-1 already. How far it is: /incident postmortem"},
		{"bob", "postmortem draft", "The postmortem of INC-1 is drafted from its timeline. " + page},
		{"bob", "postmortem draft", "A new draft of the postmortem of INC-1 would say the same as version 1. " + page},
		{"bob", "postmortem", "The postmortem of INC-1 is a draft, and nobody was asked to review it (version 1); you own it. " + page},
		{"carol", "post-mortem Edit Summary A disk was full.", "Your text stands in the postmortem of INC-1 (version 2), and no draft writes over it. " + page},
		{"carol", "postmortem edit summary A disk was full.", "That section of the postmortem of INC-1 says so already."},
		{"bob", "note the alarm was late", "The note stands in the timeline of INC-1."},
		{"bob", "postmortem draft", "The postmortem of INC-1 is drafted (version 3); what people wrote in it stays. " + page},
		{"bob", "postmortem review @carol @dave", "Carol and dave are asked to review the postmortem of INC-1. The postmortem of INC-1 is in review by carol and dave (version 3); you own it."},
		{"bob", "postmortem review @carol", "Carol is asked to review the postmortem of INC-1. The postmortem of INC-1 is in review by carol and dave (version 3); you own it."},
		{"carol", "postmortem approve 3", "You have approved the postmortem of INC-1 (version 3). The postmortem of INC-1 is in review by dave (version 3); bob owns it."},
		{"carol", "postmortem approve", "You have already approved the postmortem of INC-1 (version 3). The postmortem of INC-1 is in review by dave (version 3); bob owns it."},
		{"dave", "postmortem", "The postmortem of INC-1 is in review by you (version 3); bob owns it. " + page},
		{"bob", "postmortem review drop @dave", "Dave need not review the postmortem of INC-1 any more. The postmortem of INC-1 is approved, and can be published (version 3); you own it."},
		{"bob", "postmortem publish", "The postmortem of INC-1 is published. " + page},
		{"bob", "postmortem publish", "The postmortem of INC-1 is published already. " + page},
		{"dave", "postmortem edit summary A disk was full, again.", "Your text stands in the postmortem of INC-1 (version 4), and no draft writes over it. It is in review, for carol to approve. " + page},
		{"bob", "postmortem owner none", "Nobody owns the postmortem of INC-1."},
		{"bob", "postmortem owner @carol", "carol owns the postmortem of INC-1 now."},
		{"alice", "postmortem review me", "You are asked to review the postmortem of INC-1. The postmortem of INC-1 is in review by carol and you (version 4); carol owns it."},
	})
	if r := w.does("bob", "postmortem"); len(r.Choices) == 0 || r.Choices[0].Label != "Ask for review" {
		t.Errorf("%+v", r.Choices)
	}
}

// The buttons are those for what can be done now, and pressing one does it.
func TestWhatComesNextOfAPostmortem(t *testing.T) {
	w := play(t, nil)
	next := func(who, want string) {
		t.Helper()
		r := w.does(who, "postmortem")
		var labels []string
		for i, c := range r.Choices {
			labels = append(labels, c.Label)
			if c.Primary != (i == 0) {
				t.Errorf("%s: %+v", who, c)
			}
		}
		if got := strings.Join(labels, ", "); got != want {
			t.Errorf("%s is offered %s, want %s", who, got, want)
			return
		}
		if word := r.Choices[0].Command; word != "postmortem review" { // which asks whom
			w.does(who, word)
		}
	}
	next("bob", "Draft it, I own it")
	w.does("bob", "postmortem owner me")
	next("bob", "Ask for review, Show, Edit")
	w.does("bob", "postmortem review @carol")
	next("dave", "Ask for review, Show, Edit, I own it")
	next("carol", "Approve, Ask for review, Show, Edit, I own it")
	next("dave", "Publish, Show, Edit, I own it")
	next("bob", "Show, Edit")
	if r := w.does("bob", "postmortem"); strings.Contains(fmt.Sprint(r.Choices), "INC-1") {
		t.Errorf("within its channel: %+v", r.Choices)
	}
	w.here = 0
	if r := w.does("bob", "postmortem INC-1"); r.Choices[0].Command != "postmortem INC-1 show" {
		t.Errorf("elsewhere: %+v", r.Choices)
	}
}

func TestWhatOfAPostmortemIsRefused(t *testing.T) {
	const drafted = "postmortem draft"
	for _, c := range []struct{ before, said, says string }{
		{"", "postmortem show", "INC-1 has no postmortem yet. To have it drafted from the timeline: /incident postmortem draft"},
		{"", "postmortem edit", "INC-1 has no postmortem yet."},
		{"", "postmortem edit summary x", "INC-1 has no postmortem yet."},
		{"", "postmortem approve", "INC-1 has no postmortem yet."},
		{"", "postmortem publish", "INC-1 has no postmortem yet."},
		{"", "postmortem review @carol", "INC-1 has no postmortem yet."},
		{"", "postmortem drft", `"drft" is nothing that can be done with a postmortem; there are draft, show, owner, review, approve, publish and edit. Did you mean /incident postmortem draft?`},
		{"", "postmortem xyzzy", "Did you mean /incident postmortem show?"},
		{"", "postmortem draft now", `I did not understand "now" behind draft, so nothing was done. Say just: /incident postmortem draft`},
		{"", "postmortem owner", "Who is to own the postmortem? Example: /incident postmortem owner @alice"},
		{"", "postmortem owner @bob @carol", `A postmortem has one owner; I did not understand "@carol".`},
		{"", "postmortem owner @zed", "I know nobody called @zed here."},
		{drafted, "postmortem review", "Who is to review it?"},
		{drafted, "postmortem review @zed", "I know nobody called @zed here."},
		{drafted, "postmortem review drop", "Who is to review it?"},
		{drafted, "postmortem approve soon", `"soon" is no version of a postmortem. To approve the newest, say just: /incident postmortem approve`},
		{drafted, "postmortem approve v7", "You have read version 7 of the postmortem of INC-1, and the newest is 1."},
		{drafted, "postmortem edit sumary x", `"sumary" is no section of this postmortem; there are`},
		{drafted, "postmortem edit sumary x", "Did you mean summary?"},
		{drafted, "postmortem edit", "Which section, and what is it to say? There are:"},
		{drafted, "postmortem edit summary", "Which section, and what is it to say?"},
	} {
		w := play(t, nil)
		if c.before != "" {
			w.does("bob", c.before)
		}
		was := len(w.events(1))
		if r := w.says("bob", c.said); r.Refused == "" || !strings.Contains(r.Text, c.says) || len(w.events(1)) != was {
			t.Errorf("%s: %q %s", c.said, r.Refused, r.Text)
		}
	}
}

// The form shows the section that is chosen, and saving it goes on top of what was
// seen: what somebody else wrote meanwhile is not written over.
func TestASectionIsEditedInAForm(t *testing.T) {
	w := play(t, nil)
	w.does("bob", "postmortem draft")
	r := w.says("bob", "postmortem edit summary")
	if r.Form == nil || r.Form.Title != "Edit the postmortem" || !strings.HasPrefix(r.Form.Command, "postmortem INC-1 edit 1/") || !r.Form.Fields[0].Redraw || r.Form.Fields[0].Value[0] != "summary" || r.Form.Fields[1].Name != "text_summary" || r.Form.Fields[1].Value[0] == "" || r.Form.Fields[1].Optional {
		t.Fatalf("%s %+v", r.Text, r.Form)
	}
	w.here = 0
	command, other := r.Form.Command, r.Form.Fields[0].Options[1].Value
	again := w.request("bob", command)
	again.Values, again.Redraw = map[string][]string{"section": {other}, "text_summary": {"half of it"}}, true
	if f := w.desk.Handle(t.Context(), again).Form; f == nil || f.Fields[1].Name != "text_"+other || f.Fields[0].Value[0] != other {
		t.Fatalf("%+v", f)
	}
	save := func(who, text string) Reply {
		t.Helper()
		return w.fills(who, command, map[string][]string{"section": {"summary"}, "text_summary": {text}})
	}
	if r := save("bob", "A disk was full.\n\nIt was old."); !strings.Contains(r.Text, "Your text stands in the postmortem of INC-1 (version 2)") {
		t.Error(r.Text)
	}
	r = save("carol", "A cable was loose.")
	if r.Refused != incidents.CodeConflict || !strings.Contains(r.Text, "You wrote on top of version 1, and bob has changed the section Summary since.") || r.Form == nil || r.Form.Command != command || r.Form.Fields[1].Value[0] != "A cable was loose." {
		t.Errorf("%s %+v", r.Text, r.Form)
	}
	if r = save("carol", "A cable was loose."); r.Refused != incidents.CodeConflict { // the form remembers what was seen
		t.Error(r.Text)
	}
	for _, values := range []map[string][]string{{"section": {"moon"}, "text_moon": {"x"}}, {"section": {"summary"}}, {}} {
		if r := w.fills("bob", command, values); r.Refused == "" {
			t.Errorf("%v: %s", values, r.Text)
		}
	}
	if r := w.fills("bob", "postmortem INC-1 edit", map[string][]string{"section": {"summary"}, "text_summary": {"x"}}); r.Refused == "" {
		t.Error(r.Text)
	}
	w.here = 1
	f := w.says("bob", "postmortem edit").Form
	if f == nil || !f.Fields[1].Optional || f.Fields[1].Value[0] != "A disk was full.\n\nIt was old." {
		t.Fatalf("%+v", f)
	}
	if r := w.fills("bob", f.Command, map[string][]string{"section": {"summary"}, "text_summary": {}}); !strings.Contains(r.Text, "The record writes that section of the postmortem of INC-1 again, with the next draft.") {
		t.Error(r.Text)
	}
	w.does("bob", "postmortem draft")
	w.does("bob", "postmortem edit summary "+strings.Repeat("long ", 700))
	if f = w.says("bob", "postmortem edit").Form; len(f.Fields) != 1 || !strings.Contains(f.Notes[0].Text, "has 3499 characters, and 3000 fit here. Edit it on its page: http://127.0.0.1:8080/incidents/INC-1/postmortem") {
		t.Errorf("%+v", f)
	}
}

func TestThePostmortemsOtherForms(t *testing.T) {
	w := play(t, nil)
	w.does("bob", "postmortem draft")
	if f := w.says("bob", "postmortem review").Form; f == nil || f.Command != "postmortem INC-1 review" || f.Fields[0].Kind != FieldPeople {
		t.Errorf("%+v", f)
	}
	if f := w.says("bob", "postmortem owner").Form; f == nil || f.Command != "postmortem INC-1 owner" || f.Fields[0].Kind != FieldPerson {
		t.Errorf("%+v", f)
	}
	if r := w.fills("alice", "postmortem INC-1 review", map[string][]string{"to": {"@UB", "@UC"}}); !strings.Contains(r.Text, "Bob and carol are asked to review the postmortem of INC-1.") {
		t.Error(r.Text)
	}
	if r := w.fills("alice", "postmortem INC-1 owner", map[string][]string{"to": {"@UB"}}); r.Text != "bob owns the postmortem of INC-1 now." {
		t.Error(r.Text)
	}
	if r := w.fills("alice", "postmortem INC-1 owner", map[string][]string{"to": {}}); r.Refused == "" || r.Field != "to" {
		t.Errorf("%s %s", r.Text, r.Field)
	}
	if r := w.fills("alice", "postmortem INC-1 review", map[string][]string{"to": {"@UX"}}); r.Refused == "" || r.Field != "to" {
		t.Errorf("%s %s", r.Text, r.Field)
	}
}

// The text is shown in pieces that fit, to whoever asks; of a long one only so much
// as one answer bears.
func TestAPostmortemIsShown(t *testing.T) {
	w := play(t, nil)
	w.does("bob", "note a disk was full")
	w.does("bob", "postmortem draft")
	w.does("carol", "postmortem edit summary The disk.")
	r := w.does("bob", "postmortem show")
	if !strings.HasSuffix(r.Text, "nobody owns it. All of it, with what it stands on: http://127.0.0.1:8080/incidents/INC-1/postmortem") || len(r.Choices) == 0 ||
		!slices.ContainsFunc(r.Lines, func(l Line) bool { return l.Text == "SUMMARY (WRITTEN BY CAROL)\nThe disk." }) {
		t.Errorf("%s %+v", r.Text, r.Lines)
	}
	w.does("carol", "postmortem edit summary "+strings.Repeat("word ", 7900))
	r = w.does("bob", "postmortem show")
	if len(r.Lines) != maxPieces || !strings.Contains(r.Text, "This is its beginning. All of it") {
		t.Errorf("%d pieces: %s", len(r.Lines), r.Text)
	}
	for _, l := range r.Lines {
		if n := len([]rune(l.Text)); n > 1000 {
			t.Errorf("a piece of %d characters", n)
		}
	}
	w.desk.Dashboard = ""
	if r := w.does("bob", "postmortem"); !strings.Contains(r.Text, "To read it: /incident postmortem show") {
		t.Error(r.Text)
	}
	if r := w.does("bob", "postmortem show"); strings.Contains(r.Text, "http") {
		t.Error(r.Text)
	}
}

func TestPieces(t *testing.T) {
	long := strings.Repeat("ä", maxPiece)
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"one\ntwo\n", []string{"one\ntwo"}},
		{long + "\nnext", []string{long, "next"}},
		{long + "bcd", []string{long, "bcd"}},
		{strings.Repeat("x", 600) + " " + strings.Repeat("y", 600), []string{strings.Repeat("x", 600), strings.Repeat("y", 600)}},
		{"first\n" + long + "\nlast", []string{"first", long, "last"}},
	} {
		if got := pieces(c.text); !slices.Equal(got, c.want) {
			t.Errorf("%.20q: %d pieces of %d: %.30q", c.text, len(got), len(c.want), got)
		}
	}
}

// A draft is begun again where something was changed while it was written, and is
// given up where that does not end.
func TestADraftThatIsOvertaken(t *testing.T) {
	w := play(t, nil)
	w.does("bob", "note a disk was full")
	times := 0
	w.desk.Drafting.Template = func(incidents.Incident) postmortem.Template {
		if times++; times <= 2 { // between what was read and what is written
			act := incidents.Act(incidents.Redact{Seq: 2})
			if times == 2 {
				act = incidents.DraftPostmortem{Document: incidents.Document{Sections: []incidents.Section{{Slot: "summary", Text: "x"}}, Seq: 9}}
			}
			if _, err := w.store.Store.Apply(t.Context(), incidents.Command{ID: fmt.Sprint("between ", times), Actor: inhabitants["bob"].Actor(), At: w.at, Incident: 1, Do: act}); err != nil {
				t.Error(err)
			}
		}
		return builtin()["full"]
	}
	w.does("bob", "postmortem draft")
	doc, err := w.store.Postmortem(t.Context(), 1, 0)
	if err != nil || times != 3 || doc.Version != 2 || strings.Contains(fmt.Sprint(doc), "a disk was full") {
		t.Errorf("after %d times it is %+v, %v", times, doc, err)
	}
	w.does("bob", "note it goes on")
	w.desk.Drafting.Template = func(incidents.Incident) postmortem.Template {
		w.does("carol", fmt.Sprintf("postmortem edit summary %d", len(w.events(1))))
		return builtin()["full"]
	}
	if r := w.says("bob", "postmortem draft"); r.Refused != incidents.CodeConflict || !strings.Contains(r.Text, "So much is changed in INC-1 just now that its postmortem could not be drafted.") {
		t.Error(r.Text)
	}
}

func TestADraftByNobodyWhoMaySee(t *testing.T) {
	w := newWorld(t)
	w.does("alice", "open private x")
	for _, n := range []incidents.Number{1, 99} {
		_, err := w.desk.Draft(t.Context(), incidents.Command{ID: "d", Actor: inhabitants["bob"].Actor(), Incident: n})
		if r, no := incidents.AsRefusal(err); !no || r.Code != incidents.CodeNotFound {
			t.Errorf("%s: %v", n, err)
		}
	}
	w.store.fail = errors.New("disk on fire")
	if _, err := w.desk.Draft(t.Context(), incidents.Command{ID: "d", Actor: incidents.Fireboss, Incident: 1}); !errors.Is(err, w.store.fail) {
		t.Error(err)
	}
}

// What is said of messages leads to them, where somebody knows where they are.
func TestADraftLinksMessages(t *testing.T) {
	w := play(t, nil)
	id := incidents.OutsideID{Mirror: "slack", ID: "C1/17.5"}
	for i, act := range []incidents.Act{incidents.RecordMessage{ID: id, Text: "look at the disk", At: w.at}, incidents.RecordMessage{ID: incidents.OutsideID{Mirror: "slack", ID: "C1/18"}, Text: "or not", At: w.at}} {
		if _, err := w.store.Apply(t.Context(), incidents.Command{ID: fmt.Sprint(i), Actor: inhabitants["bob"].Actor(), At: w.at, Incident: 1, Do: act}); err != nil {
			t.Fatal(err)
		}
	}
	w.desk.Drafting.Message = func(id string) string {
		if id == "C1/18" {
			return ""
		}
		return "https://slack.example.com/" + id
	}
	r, err := w.desk.Record(t.Context(), w.incident(1), inhabitants["bob"].Actor(), noon.Add(time.Hour))
	if err != nil || len(r.Messages) != 1 || r.Messages[2] != "https://slack.example.com/C1/17.5" || r.Page != "http://127.0.0.1:8080/incidents/INC-1" || !r.At.Equal(noon.Add(time.Hour)) {
		t.Errorf("%+v %v", r, err)
	}
}

// Whoever has something to do with a postmortem finds it at home.
func TestAPostmortemAtHome(t *testing.T) {
	w := play(t, nil)
	work := func(who string) (list []string) {
		t.Helper()
		home, err := w.desk.Home(t.Context(), w.request(who, ""))
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range home.Sections[1].Lines {
			list = append(list, l.Text+": "+l.Choice.Command)
		}
		return list
	}
	w.does("bob", "postmortem owner me")
	w.does("bob", "resolve")
	w.does("bob", "postmortem draft")
	w.does("bob", "close")
	if got := work("bob"); !slices.Equal(got, []string{"INC-1 postmortem: a draft that is yours (due 2026-11-25 12:00 UTC): postmortem INC-1 show"}) {
		t.Errorf("%q", got)
	}
	w.does("bob", "reopen it is back")
	w.does("bob", "postmortem review @carol")
	if got := work("carol"); !slices.Equal(got, []string{"INC-1 postmortem: to review: postmortem INC-1 show"}) || len(work("bob")) != 0 {
		t.Errorf("%q", got)
	}
}
