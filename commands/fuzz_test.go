package commands

import (
	"strings"
	"testing"

	"fireboss/incidents"
)

func TestAMegabyteOfAnything(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("x", 1<<20), strings.Repeat("x ", 1<<19), strings.Repeat(" ", 1<<20), strings.Repeat("@", 1<<20), strings.Repeat("@bob ", 1<<18),
		strings.Repeat("\xff", 1<<20), strings.Repeat("🔥", 1<<18), strings.Repeat("due ", 1<<18), strings.Repeat("1", 1<<20),
	} {
		w := play(t, nil)
		for _, v := range verbs {
			r := w.says("bob", v.Name+" "+text)
			if r.Fault != nil {
				t.Errorf("%s: %v", v.Name, r.Fault)
			}
			if len(r.Text) > 4000 {
				t.Errorf("%s: an answer of %d bytes", v.Name, len(r.Text))
			}
		}
		w.here = 0
		if r := w.says("bob", text); r.Fault != nil || len(r.Text) > 4000 {
			t.Errorf("%.100s", r.Text)
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
		f.Add(v.Name+" INC-1 ", false)
	}
	for _, s := range []string{"", "open @channel <!here>", "open 3 nodes", "note at 25:61 x", "task add @bob due 9999999999d", "update x next -5m", "\x00", "\u202eopen", "INC-1", "INC-99999999999999999999 ack", "sev1"} {
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, text string, inChannel bool) {
		w := newWorld(t)
		w.does("alice", "open sev1 checkout is down")
		w.does("alice", "open private x")
		if inChannel {
			w.here = 1
		}
		req := w.request("bob", text)
		r := w.desk.Handle(t.Context(), req)
		switch {
		case strings.TrimSpace(r.Text) == "":
			t.Error("no answer")
		case r.Fault != nil:
			t.Error(r.Fault)
		case r.Incident != nil && r.Incident.Number == 2:
			t.Error("bob sees INC-2")
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
		if in := w.incident(2); in.Version != 1 && !isAccess(in, w) {
			t.Error("bob changed INC-2")
		}
	})
}

// isAccess allows what somebody outside may cause: a request to be let in.
func isAccess(in incidents.Incident, w *world) bool {
	events := w.store.events[in.Number]
	return events[len(events)-1].Kind == incidents.AccessRequested
}
