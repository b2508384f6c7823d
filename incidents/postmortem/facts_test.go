package postmortem

import (
	"strings"
	"testing"

	"fireboss/incidents"
)

func TestFacts(t *testing.T) {
	r := outage(t).record()
	for _, slot := range Slots() {
		list := Facts(slot, r)
		if len(list) == 0 && slot != "reporting" {
			t.Errorf("%s has no facts", slot)
		}
		for _, f := range list {
			if f.Seq == 0 || strings.Contains(f.Text, "bob") || strings.Contains(f.Text, "Checkout just threw") || f.Phase == "" || f.Kind != Computed && f.Who == "" {
				t.Errorf("%s: %+v", slot, f)
			}
		}
	}
	list := Facts("detection", r)
	if f := list[1]; f.Seq != 1 || f.Who != "the integration prometheus" || f.Text != "The integration prometheus declared a sev2 incident: “checkout answers with errors”." || f.Kind != incidents.Declared || f.Phase != "detection" {
		t.Errorf("%+v", f)
	}
	if got := len(Facts("a slot of their own", r)); got < 15 {
		t.Errorf("a slot of an organisation's own has %d facts", got)
	}
}

func TestProse(t *testing.T) {
	var list []string
	for _, name := range append(Slots(), "their_own") {
		if Prose(name) {
			list = append(list, name)
		}
	}
	if got := strings.Join(list, " "); got != "summary impact detection trigger narrative recovery resolution" {
		t.Errorf("prose: %s", got)
	}
}

// TestFactsOfALongTimeline: the oldest and the newest stay, and what lies between is
// counted.
func TestFactsOfALongTimeline(t *testing.T) {
	p := begin(t, 1)
	p.does(alice, incidents.Open{Title: "x"})
	for range 150 {
		p.later(minute).does(alice, incidents.AddNote{Text: "a note"})
	}
	p.does(alice, incidents.Acknowledge{})
	for range 50 {
		p.later(minute).does(alice, incidents.AddNote{Text: "a later note"})
	}
	list := Facts("narrative", p.record())
	var counts []string
	for _, f := range list {
		if f.Seq == 0 {
			counts = append(counts, f.Text)
		}
	}
	if len(list) != maxFacts+len(counts) || list[0].Kind != incidents.Declared || list[len(list)-1].Seq != uint64(len(p.events)) {
		t.Errorf("%d facts, the last %+v", len(list), list[len(list)-1])
	}
	if strings.Join(counts, "") != "In the phase detection, 121 notes were written and one other thing was changed; they are left out here." {
		t.Errorf("counted: %q", counts)
	}
}

// TestFactsSayNothingThatWasRemoved and nothing of a message nobody marked.
func TestFactsSayNothingThatWasRemoved(t *testing.T) {
	p := begin(t, 1)
	p.rules.Record.KeepDeleted = true
	p.does(alice, incidents.Open{Title: "x"})
	p.does(alice, incidents.AddNote{Text: "a secret of ours"})
	p.does(alice, incidents.Redact{Seq: uint64(len(p.events))})
	p.says(bob, "chatter of the channel")
	id := p.says(bob, "a message that is taken back")
	p.does(alice, incidents.MarkMessage{ID: id})
	p.does(alice, incidents.TaskFrom{List: incidents.Tasks, ID: id})
	p.does(alice, incidents.TaskFrom{List: incidents.Followups, ID: id})
	p.does(bob, incidents.RecordDeletion{ID: id, At: p.now})
	marked := p.says(bob, "a message with a mark, for a while")
	p.does(alice, incidents.MarkMessage{ID: marked})
	p.does(alice, incidents.UnmarkMessage{ID: marked})
	r := p.record()
	var all strings.Builder
	for _, slot := range Slots() {
		for _, f := range Facts(slot, r) {
			all.WriteString(f.Text)
		}
	}
	for _, tmpl := range Builtin() {
		all.WriteString(Markdown(Draft(tmpl, r), Links{}))
	}
	all.WriteString(Catchup(r) + Update(r))
	for _, gone := range []string{"secret", "chatter", "taken back", "for a while"} {
		if strings.Contains(all.String(), gone) {
			t.Errorf("%q is repeated", gone)
		}
	}
}
