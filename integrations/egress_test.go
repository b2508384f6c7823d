package integrations

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fireboss/incidents"
)

func TestAdmitIncident(t *testing.T) {
	for _, c := range []struct {
		travel      Travel
		tlp         string
		private, ok bool
	}{
		{DefaultTravel(), "CLEAR", false, true},
		{DefaultTravel(), "GREEN", false, true},
		{DefaultTravel(), "AMBER", false, true},
		{DefaultTravel(), "AMBER+STRICT", false, false},
		{DefaultTravel(), "RED", false, false},
		{DefaultTravel(), "GREEN", true, false},
		{Travel{TLP: "CLEAR"}, "CLEAR", false, true},
		{Travel{TLP: "CLEAR"}, "GREEN", false, false},
		{Travel{TLP: "RED"}, "RED", false, true},
		{Travel{TLP: "RED"}, "RED", true, false},
		{Travel{TLP: "RED", Private: true}, "RED", true, true},
		{Travel{TLP: "AMBER+STRICT", Private: true}, "AMBER+STRICT", true, true},
		{Travel{TLP: "AMBER+STRICT", Private: true}, "RED", true, false},
		{Travel{TLP: "RED", Private: true}, "PURPLE", false, false},
		{Travel{TLP: "RED", Private: true}, "", false, false},
		{Travel{}, "CLEAR", false, false},
		{Travel{TLP: "PURPLE"}, "CLEAR", false, false},
	} {
		in := incidents.Incident{Number: 7, TLP: c.tlp, Private: c.private, Drill: true}
		e := NewEgress(c.travel)
		err := e.Admit(in)
		_, textErr := e.Clear(in, "x")
		_, eventsErr := e.Events(in, nil)
		_, inErr := e.Incident(in)
		var held *HeldError
		if (err == nil) != c.ok || (textErr == nil) != c.ok || (eventsErr == nil) != c.ok || (inErr == nil) != c.ok || err != nil && !errors.As(err, &held) {
			t.Errorf("%+v %s private %t: %v", c.travel, c.tlp, c.private, err)
		}
	}
}

const pasted = "AKIA" + "QYLPMN5HHHFPZ3XB"

// Of whatever people wrote, secrets are taken out; what was given stays as it is.
func TestEgressRemoves(t *testing.T) {
	e := NewEgress(DefaultTravel(), "configured-secret")
	at := time.Date(2026, 11, 20, 14, 2, 0, 123e6, time.UTC)
	in := incidents.Incident{
		Number: 7, Seq: 41, Head: "abc", TLP: "AMBER", Title: "key " + pasted + " leaked", Summary: "see password=hunter2", Fields: map[string]string{"root_cause": pasted},
		Tasks: []incidents.Task{{Number: 1, Text: "rotate " + pasted}}, Links: []incidents.Link{{URL: "https://u:s3cret@example.com"}}, DeclaredAt: at,
		Update: incidents.Update{Text: "configured-secret"},
	}
	events := []incidents.Event{
		{Seq: 1, Text: "declared: " + pasted, Data: json.RawMessage(`{"title":"` + pasted + `","n":12345678901234567890,"list":["password=hunter2"]}`)},
		{Seq: 2, Text: "nothing", Data: json.RawMessage(`{ "a" : 1 }`)},
		{Seq: 3, Redacted: true},
	}
	before := fmt.Sprintf("%+v %s", in, mustJSON(t, events))
	clean, err := e.Incident(in)
	if err != nil {
		t.Fatal(err)
	}
	list, err := e.Events(in, events)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{pasted, "hunter2", "s3cret", "configured-secret"} {
		if text := mustJSON(t, clean) + mustJSON(t, list); strings.Contains(text, secret) {
			t.Errorf("%s is in %s", secret, text)
		}
	}
	if clean.Seq != 41 || clean.Head != "abc" || !clean.DeclaredAt.Equal(at) || clean.Tasks[0].Number != 1 {
		t.Errorf("%+v", clean)
	}
	if want := `"n":12345678901234567890`; !strings.Contains(string(list[0].Data), want) || string(list[1].Data) != `{ "a" : 1 }` {
		t.Errorf("%s %s", list[0].Data, list[1].Data)
	}
	if after := fmt.Sprintf("%+v %s", in, mustJSON(t, events)); after != before {
		t.Error("what was given has changed: " + cmp.Diff(before, after))
	}
	if _, err := e.Events(in, []incidents.Event{{Data: json.RawMessage(`{`)}}); err == nil {
		t.Error("what cannot be read leaves")
	}
}

func mustJSON(t *testing.T, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestReasonsHaveWords(t *testing.T) {
	for _, r := range []Reason{Slow, Busy, Failing, Denied, Unfit, Declined, Empty, Cut, Garbled, Spent, Held, Ungrounded} {
		if reasons[r] == "" {
			t.Errorf("%s has none", r)
		}
	}
	if got := Slow.Note(); got != "The model was slow, so this section is from the record alone." {
		t.Error(got)
	}
	if ReasonOf(fmt.Errorf("x: %w", &Unwritten{Reason: Cut})) != Cut || ReasonOf(errors.New("x")) != Failing {
		t.Error("the reason of an error is not found")
	}
}

func TestSecretHidesItself(t *testing.T) {
	var s Secret
	if s.Reveal() != "" || s.Source() != "" {
		t.Error("an unset one says something")
	}
	s.SetSecret("hunter2", "${X}")
	for _, said := range []string{
		fmt.Sprint(s), fmt.Sprintf("%v %+v %#v %s %q %x %d", s, s, s, s, s, s, s), fmt.Sprintf("%+v", struct{ s Secret }{s}), fmt.Sprintf("%#v", &struct{ S *Secret }{&s}), mustJSON(t, s),
	} {
		if strings.Contains(said, "hunter2") || strings.Contains(said, "68756e74657232") {
			t.Error(said)
		}
	}
	if s.Reveal() != "hunter2" || s.Source() != "${X}" {
		t.Error("it has forgotten itself")
	}
}
