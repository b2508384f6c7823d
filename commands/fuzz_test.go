package commands

import (
	"strings"
	"testing"

	"fireboss/incidents"
)

func TestAMegabyteOfAnything(t *testing.T) {
	w := play(t, nil)
	for _, text := range []string{strings.Repeat("x", 1<<20), strings.Repeat("@bob \xff 1 due ", 1<<16)} {
		for _, v := range verbs {
			w.here = 1
			if r := w.says("bob", v.Name+" "+text); r.Fault != nil || len(r.Text) > 4000 {
				t.Errorf("%s: %d bytes, %v", v.Name, len(r.Text), r.Fault)
			}
		}
		w.here = 0
		if r := w.says("bob", text); r.Fault != nil || len(r.Text) > 4000 {
			t.Errorf("%.100s, %v", r.Text, r.Fault)
		}
	}
}

// FuzzHandle lets people say anything, here and elsewhere.
func FuzzHandle(f *testing.F) {
	for _, v := range verbs {
		for _, example := range v.Examples {
			f.Add(example, true)
		}
		f.Add(v.Name, false)
		f.Add(v.Name+" INC-1 x", false)
	}
	for _, s := range []string{"", "open @channel <!here>", "open 3 nodes", "note at 25:61 x", "task add @bob due 9999999999d", "update x next -5m", "\x00", "\u202eopen", "INC-1", "INC-99999999999999999999 ack", "sev1"} {
		f.Add(s, true)
	}
	w := newWorld(f) // one store for all texts, and an incident for each, is quicker than a store for each
	w.does("alice", "open private x")
	f.Fuzz(func(t *testing.T, text string, inChannel bool) {
		w.t, w.here = t, 0
		n := w.does("alice", "open sev1 checkout is down").Incident.Number
		if inChannel {
			w.here = n
		}
		secret := len(w.events(1))
		req := w.request("bob", text)
		r := w.desk.Handle(t.Context(), req)
		switch {
		case strings.TrimSpace(r.Text) == "":
			t.Error("no answer")
		case r.Fault != nil:
			t.Error(r.Fault)
		case r.Incident != nil && r.Incident.Number == 1:
			t.Error("bob sees INC-1")
		case r.Refused != "" && (r.Incident != nil || len(r.Events) > 0):
			t.Errorf("a refusal carries %+v", r)
		}
		for _, c := range r.Choices {
			if c.Label == "" || c.Command == "" || len([]rune(c.Label)) > maxLabel || len(c.Command) > maxCommand {
				t.Errorf("a button that no door can show: %+v", c)
			}
		}
		if r.Refused == "" && len(r.Events) > 0 {
			if again := w.desk.Handle(t.Context(), req); again.Text != r.Text {
				t.Errorf("first %q, then %q", r.Text, again.Text)
			}
		}
		for _, e := range w.events(1)[secret:] {
			if e.Kind != incidents.AccessRequested { // the one thing that somebody outside can cause
				t.Errorf("bob did this to INC-1: %+v", e)
			}
		}
	})
}
