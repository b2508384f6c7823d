package incidents

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestUpdates(t *testing.T) {
	h := begin(t, Open{Severity: 1}).later(time.Minute)
	h.does(bob, PostUpdate{Text: " we\r\nlook ", Next: 20 * time.Minute})
	if want := (Update{Text: "we\nlook", At: h.at, Next: h.at.Add(20 * time.Minute)}); h.in.Update != want {
		t.Errorf("%+v", h.in.Update)
	}
	if e := h.last(); e.Kind != UpdatePosted || e.Text != "we\nlook" || e.Field("next") != "2026-11-20T12:21:00.000Z" {
		t.Errorf("%+v", e)
	}
	h.later(time.Minute).does(bob, PostUpdate{Text: "more"})
	if !h.in.Update.Next.IsZero() || h.last().Field("next") != "" {
		t.Errorf("a promise outlived its update: %+v", h.in.Update)
	}
	h.does(bob, Resolve{})
	h.does(bob, PostUpdate{Text: "over", Next: time.Hour})
	if !h.in.Update.Next.IsZero() {
		t.Error("something is promised of what is over")
	}
	for _, next := range []time.Duration{-1, MaxNext + 1} {
		h.refuses(bob, PostUpdate{Text: "x", Next: next}, CodeInvalid, "within 30 days")
	}
	h.does(bob, PostUpdate{Text: "x", Next: MaxNext})
}

func TestWhatIsWrittenDown(t *testing.T) {
	h := begin(t, Open{})
	h.does(bob, SetSummary{Text: "cards fail"})
	if h.in.Summary != "cards fail" || h.last().Text != "Summary: cards fail" {
		t.Errorf("%+v", h.last())
	}
	nothing(t, h.does(bob, SetSummary{Text: " cards fail "}))
	if c := h.does(bob, AddNote{Text: "seen\x00 it"}); c.State || h.last().Kind != NoteAdded || h.last().Text != "seen it" || !h.last().At.Equal(noon) {
		t.Errorf("%+v", c)
	}
	early := noon.Add(-time.Hour)
	h.does(bob, AddNote{Text: "first call", At: early})
	if e := h.last(); !e.At.Equal(early) || !e.RecordedAt.Equal(noon) {
		t.Errorf("%+v", e)
	}
	h.does(bob, AddNote{Text: "a clock that is ahead", At: noon.Add(time.Minute)})
	h.refuses(bob, AddNote{Text: "x", At: noon.Add(61 * time.Second)}, CodeInvalid, "A note cannot be about the future (2026-11-20 12:01:01 UTC).")
	if c := h.does(bob, MakeDecision{Text: "roll back"}); c.State || h.last().Kind != DecisionMade || h.last().Text != "roll back" {
		t.Errorf("%+v", c)
	}
}

func TestTextsMustBeThereAndFit(t *testing.T) {
	for what, act := range map[string]func(string) Act{
		"The update":    func(s string) Act { return PostUpdate{Text: s} },
		"The summary":   func(s string) Act { return SetSummary{Text: s} },
		"The note":      func(s string) Act { return AddNote{Text: s} },
		"The decision":  func(s string) Act { return MakeDecision{Text: s} },
		"The task":      func(s string) Act { return AddTask{List: Tasks, Text: s} },
		"The follow-up": func(s string) Act { return AddTask{List: Followups, Text: s} },
	} {
		h := begin(t, Open{})
		for _, empty := range []string{"", " \n\t ", "\x00\x07", "\u200b\ufeff"} {
			h.refuses(bob, act(empty), CodeInvalid, what+" is missing. Example: /incident ")
		}
		h.refuses(bob, act(strings.Repeat("é", MaxText+1)), CodeInvalid, what+" has 8001 characters, at most 8000 fit.")
		h.refuses(bob, act(strings.Repeat("x", 1<<20)), CodeInvalid, what+" has 1048576 characters")
		h.does(bob, act(strings.Repeat("é", MaxText)))
		h.does(bob, act("🔥 @channel <!here> *b* <b> \xff"))
	}
}

func TestLinks(t *testing.T) {
	h := begin(t, Open{})
	h.does(bob, AddLink{URL: " https://example.com/a?b=c ", Name: " status  page "})
	if want := []Link{{URL: "https://example.com/a?b=c", Name: "status page"}}; !reflect.DeepEqual(h.in.Links, want) || h.last().Text != "Link: status page https://example.com/a?b=c" {
		t.Errorf("%+v %s", h.in.Links, h.last().Text)
	}
	nothing(t, h.does(bob, AddLink{URL: "https://example.com/a?b=c", Name: "status page"}))
	h.does(bob, AddLink{URL: "http://example.com"})
	if h.last().Text != "Link: http://example.com" {
		t.Error(h.last().Text)
	}
	for _, bad := range []string{"example.com", "ftp://example.com", "javascript:alert(1)", "https://a b", "https://a|b", "https://a<b", `https://a"b`, "https://" + strings.Repeat("x", 2000)} {
		h.refuses(bob, AddLink{URL: bad}, CodeInvalid, "is not an address that can be opened. Example: /incident link https://")
	}
	h.refuses(bob, AddLink{}, CodeInvalid, "Which address? Example: /incident link https://")
	h.refuses(bob, AddLink{URL: "https://example.com", Name: strings.Repeat("é", MaxName+1)}, CodeInvalid, "at most 80 characters")
}

func TestTasksKeepTheirNumbers(t *testing.T) {
	for list, noun := range map[List]string{Tasks: "Task", Followups: "Follow-up"} {
		h := begin(t, Open{})
		due := noon.Add(time.Hour + 1234567)
		h.does(alice, AddTask{List: list, Text: "one", Assignee: bob, Due: due})
		h.does(alice, AddTask{List: list, Text: "two"})
		got := list.Of(h.in)
		want := []Task{{Number: 1, Text: "one", State: TaskOpen, Assignee: &bob, Due: noon.Add(time.Hour)}, {Number: 2, Text: "two", State: TaskOpen}}
		if list == Followups {
			want[0].Since, want[1].Since, want[1].Due = noon, noon, noon.AddDate(0, 0, 30)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%+v", got)
		}
		if e := h.events[1]; e.Kind != list.kind("added") || e.Text != noun+" 1: one (bob)" || e.Field("due") != "2026-11-20T13:00:00.000Z" || e.Field("number") != "1" {
			t.Errorf("%+v %s", e, e.Data)
		}
		h.does(alice, MoveTask{List: list, Number: 1, To: TaskGone})
		h.does(alice, AddTask{List: list, Text: "three"})
		if n := list.Of(h.in)[2].Number; n != 3 {
			t.Errorf("number %d was given again", n)
		}
		for _, step := range []struct {
			act  Act
			says string
		}{
			{MoveTask{List: list, Number: 1, To: TaskOpen}, noun + " 1 is open again: one"},
			{MoveTask{List: list, Number: 1, To: TaskFinished}, noun + " 1 is done: one"},
			{MoveTask{List: list, Number: 2, To: TaskGone}, noun + " 2 was dropped: two"},
			{AssignTask{List: list, Number: 3, To: carol}, noun + " 3 is now carol's: three"},
		} {
			if h.does(bob, step.act); h.last().Text != step.says {
				t.Errorf("%q, want %q", h.last().Text, step.says)
			}
		}
		nothing(t, h.does(bob, MoveTask{List: list, Number: 1, To: TaskFinished}))
		nothing(t, h.does(bob, AssignTask{List: list, Number: 3, To: carol}))
		nothing(t, h.does(bob, AssignTask{List: list, Number: 1, To: bob})) // done, and bob's
		h.refuses(bob, MoveTask{List: list, Number: 1, To: TaskGone}, CodeRefused, noun+" 1 is done. Open it again first: /incident "+string(list)+" reopen 1")
		h.refuses(bob, AssignTask{List: list, Number: 1, To: carol}, CodeRefused, noun+" 1 is done. Open it again first")
		for _, n := range []int{0, -1, 4} {
			h.refuses(bob, MoveTask{List: list, Number: n, To: TaskFinished}, CodeRefused, "There is no "+list.Noun()+" ")
			h.refuses(bob, AssignTask{List: list, Number: n, To: carol}, CodeRefused, "See them all: /incident "+string(list)+" list")
		}
	}
}

func TestAnIncidentHoldsSoMuch(t *testing.T) {
	for what, act := range map[string]func(i int) Act{
		"tasks":      func(int) Act { return AddTask{List: Tasks, Text: "x"} },
		"follow-ups": func(int) Act { return AddTask{List: Followups, Text: "x"} },
		"links":      func(i int) Act { return AddLink{URL: "https://example.com/" + name(i)} },
		"fields":     func(i int) Act { return SetField{Name: name(i), Value: "x"} },
		"services":   func(i int) Act { return ChangeService{Name: name(i)} },
	} {
		h := begin(t, Open{})
		for i := range maxList {
			change, err := Decide(h.rules, h.in, Facts{}, Command{ID: "c", Actor: bob.Actor(), Incident: 1, Do: act(i)}, noon)
			if err != nil {
				t.Fatal(err)
			}
			h.in = change.Incident
		}
		h.refuses(bob, act(maxList), CodeRefused, "INC-1 has 500 "+what+" already; that is all it can hold.")
	}
}

// name is another word for each number.
func name(i int) string { return "n" + string(rune('a'+i/26)) + string(rune('a'+i%26)) }

func TestMessages(t *testing.T) {
	root, answer := OutsideID{"slack", "C1/1.1"}, OutsideID{"slack", "C1/1.2"}
	h := begin(t, Open{})
	c := h.does(bob, RecordMessage{ID: root, Text: "it is \x00down", At: noon.Add(-time.Minute)})
	if c.State || c.Links[0] != root || h.last().Kind != MessagePosted || h.last().Text != "it is down" || !h.last().At.Equal(noon.Add(-time.Minute)) || h.last().Field("id") != "C1/1.1" {
		t.Errorf("%+v", c)
	}
	nothing(t, h.does(bob, RecordMessage{ID: root, Text: "it is down"})) // by another delivery
	h.does(carol, RecordMessage{ID: answer, Thread: root, Text: "yes", At: noon})
	if e := h.last(); e.Field("thread") != "C1/1.1" || e.Field("thread_seq") != "2" {
		t.Errorf("%s", e.Data)
	}

	c = h.does(bob, RecordEdit{ID: root, Text: "it is slow", At: noon})
	if kinds(c) != "message_edited" || h.last().Field("seq") != "2" || c.Links[0] != root {
		t.Errorf("%+v", c)
	}
	nothing(t, h.does(bob, RecordEdit{ID: root, Text: "it is slow", At: noon.Add(time.Minute)}))
	nothing(t, h.does(bob, RecordEdit{ID: root, Text: "older", At: noon}))

	c = h.does(bob, RecordDeletion{ID: root, At: noon})
	if kinds(c) != "message_deleted" || !reflect.DeepEqual(c.Redact, []uint64{2, 4}) || h.last().Text != "A message was deleted by its author" || h.last().Field("seq") != "2" {
		t.Errorf("%+v", c)
	}
	nothing(t, h.does(bob, RecordDeletion{ID: root, At: noon}))
	nothing(t, h.does(bob, RecordEdit{ID: root, Text: "back", At: noon.Add(time.Hour)})) // a late edit does not bring it back
}

func TestAMessageThatArrivesAfterItsDeletion(t *testing.T) {
	id := OutsideID{"slack", "C1/1.1"}
	h := begin(t, Open{})
	if c := h.does(bob, RecordDeletion{ID: id, At: noon}); len(c.Redact) > 0 || c.Links[0] != id {
		t.Errorf("%+v", c)
	}
	nothing(t, h.does(bob, RecordMessage{ID: id, Text: "gone", At: noon}))
	nothing(t, h.does(bob, RecordEdit{ID: id, Text: "gone", At: noon}))
}

func TestAnEditOfAMessageNobodyKnows(t *testing.T) {
	h := begin(t, Open{})
	h.does(bob, RecordEdit{ID: OutsideID{"slack", "C1/1.1"}, Text: "hello", At: noon})
	if h.last().Field("seq") != "" || h.last().Text != "hello" {
		t.Errorf("%+v", h.last())
	}
}

func TestAnEditOfWhatWasRedacted(t *testing.T) {
	id := OutsideID{"slack", "C1/1.1"}
	h := begin(t, Open{})
	h.does(bob, RecordMessage{ID: id, Text: "secret", At: noon})
	h.behind[id][0].Redacted = true
	nothing(t, h.does(bob, RecordEdit{ID: id, Text: "secret", At: noon}))
}

func TestNeeds(t *testing.T) {
	a, b := OutsideID{"slack", "a"}, OutsideID{"slack", "b"}
	for want, act := range map[int]Act{0: Acknowledge{}, 1: RecordMessage{ID: a}, 2: RecordMessage{ID: a, Thread: b}} {
		if got := Needs(act); len(got) != want {
			t.Errorf("%T: %v", act, got)
		}
	}
	if got := Needs(RecordEdit{ID: a}); len(got) != 1 || got[0] != a {
		t.Error(got)
	}
	if got := Needs(RecordDeletion{ID: b}); len(got) != 1 || got[0] != b {
		t.Error(got)
	}
}

// The text of an event is one line; what a person wrote stands whole in its
// data. Notes, updates, decisions and messages are their text.
func TestEventsAreOneLine(t *testing.T) {
	h := begin(t, Open{})
	h.does(bob, SetSummary{Text: "cards\nfail"})
	h.does(bob, SetField{Name: "region", Value: "eu\nwest"})
	h.does(bob, AddTask{List: Tasks, Text: "look\nat it", Assignee: bob})
	h.does(bob, AssignTask{List: Tasks, Number: 1, To: carol})
	h.does(bob, MoveTask{List: Tasks, Number: 1, To: TaskFinished})
	h.does(bob, HandOff{To: carol, Text: "it\nburns"})
	h.does(carol, AcceptHandoff{})
	h.does(carol, ChangeStatus{To: Identified, Why: "a\ndisk"})
	for _, e := range h.events {
		if strings.ContainsAny(e.Text, "\n\t") {
			t.Errorf("%s: %q", e.Kind, e.Text)
		}
	}
	if h.in.Summary != "cards\nfail" || h.in.Tasks[0].Text != "look\nat it" {
		t.Errorf("%+v", h.in)
	}
}
