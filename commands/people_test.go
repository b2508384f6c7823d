package commands

import (
	"testing"

	"fireboss/incidents"
)

// A door recognises people whom no directory knows by that name.
var recognised = map[string]incidents.Person{
	"@Alice Smith": {ID: "slack:T1/U1", Name: "Alice Smith"},
	"@Alice":       {ID: "slack:T1/U2", Name: "Alice"},
	"@Smith,.Jo":   {ID: "slack:T1/U3", Name: "Smith, Jo"},
	"erin":         {ID: "slack:T1/U4", Name: "erin"}, // without its @
	"@car":         {ID: "slack:T1/U6", Name: "car"},
	"@bob":         {ID: "slack:T1/U5", Name: "another bob"},
}

func TestMentions(t *testing.T) {
	for _, c := range []struct {
		said string
		who  string // the commander afterwards; empty: refused
	}{
		{"lead @Alice Smith", "slack:T1/U1"},
		{"lead @Alice", "slack:T1/U2"},
		{"lead @Alice,", "slack:T1/U2"},
		{"lead @Smith,.Jo", "slack:T1/U3"},
		{"lead @erin", "slack:T1/U4"},
		{"lead erin", "slack:T1/U4"},
		{"lead @bob", "slack:T1/U5"},
		{"lead @carol", inhabitants["carol"].ID},
		{"lead @car", "slack:T1/U6"},
		{"lead carol", inhabitants["carol"].ID},
		{"lead @ME", inhabitants["dave"].ID},
		{"lead @Alice Jones", ""},
		{"lead @zed", ""},
		{"lead @", ""},
	} {
		w := play(t, nil)
		req := w.request("dave", c.said)
		req.Mentions = recognised
		r := w.desk.Handle(t.Context(), req)
		if p, _ := w.incident(1).Commander(); p.ID != c.who || (c.who == "") != (r.Refused != "") {
			t.Errorf("%q: %q is %s", c.said, r.Text, p.ID)
		}
	}
}

func TestMentionsAtTheEnd(t *testing.T) {
	for _, c := range []struct{ said, text, who string }{
		{"call @Alice Smith", "call", "slack:T1/U1"},
		{"call the press @Alice Smith due 20m", "call the press", "slack:T1/U1"},
		{"ask @Alice about it", "ask @Alice about it", ""},
		{"ask @Alice or @Alice Smith", "ask @Alice or", "slack:T1/U1"},
		{"call @carol @dave", "call @carol", inhabitants["dave"].ID},
		{"mail root@bob", "mail root@bob", ""},
		{"mail us @ noon", "mail us @ noon", ""},
		{"meet @", "meet @", ""},
		{"write @Smith,.Jo", "write", "slack:T1/U3"},
	} {
		w := play(t, nil)
		req := w.request("dave", "task add "+c.said)
		req.Mentions = recognised
		r := w.desk.Handle(t.Context(), req)
		if r.Refused != "" {
			t.Errorf("%q: %s", c.said, r.Text)
			continue
		}
		task := r.Incident.Tasks[0]
		who := ""
		if task.Assignee != nil {
			who = task.Assignee.ID
		}
		if task.Text != c.text || who != c.who {
			t.Errorf("%q: %q for %s", c.said, task.Text, who)
		}
	}
}

func TestInviteReadsLists(t *testing.T) {
	w := play(t, nil)
	req := w.request("alice", "invite @Alice Smith, @Smith,.Jo ; @oncall,carol,me")
	req.Mentions = recognised
	r := w.desk.Handle(t.Context(), req)
	if r.Text != "Invited to INC-1: Alice Smith, Smith, Jo, bob and carol." {
		t.Error(r.Text)
	}
}

func TestEnumerate(t *testing.T) {
	for want, list := range map[string][]string{
		"": nil, "a": {"a"}, "a and b": {"a", "b"}, "a, b and c": {"a", "b", "c"},
		"a, b, c, d, e, f, g, h, i, j and 2 more": {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"},
	} {
		if got := enumerate(list); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestTitlesInSentences(t *testing.T) {
	for s, want := range map[string]string{"": "", "Scribe": "scribe", "SRE lead": "SRE lead", "Élu": "élu", "X": "x"} {
		if got := lower(s); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if capital("") != "" || capital("élu") != "Élu" {
		t.Error(capital("élu"))
	}
}
