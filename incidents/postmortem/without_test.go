package postmortem

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"fireboss/incidents"
)

func TestWithout(t *testing.T) {
	doc := incidents.Document{Title: "INC-1: the key is hunter2000", Sections: []incidents.Section{
		{Slot: "a", Text: "It broke. [T4] The key was leaked: “the key is hunter2000”. [T5] It was mended. [T6]\n\n- One. [T4]\n- Two\n  lines. [T5, T6]\n\n### A part\n\n| Time | What |\n|---|---|\n| 10:04 | a \\| b [T5] |\n| 10:05 | c [T6] |", Removed: []string{"Some claim."}},
		{Slot: "b", Author: incidents.ByPerson, Text: "We saw `the key is hunter2000` and\nthe key is hunter2000x.\n", Note: "the key is hunter2000"},
		{Slot: "c", Text: "Ok. Nothing here. [T7]"},
	}}
	was := Markdown(doc, Links{})
	got := Without(doc, []uint64{5}, []string{"the key is hunter2000", "ok", "mended"})
	want := []string{
		"It broke. [T4] (removed). [T5] It was mended. [T6]\n\n- One. [T4]\n- (removed). [T5, T6]\n\n### A part\n\n| Time | What |\n|---|---|\n| (removed) | (removed) [T5] |\n| 10:05 | c [T6] |",
		"We saw `(removed)` and\nthe key is hunter2000x.\n",
		"Ok. Nothing here. [T7]",
	}
	for i, s := range got.Sections {
		if s.Text != want[i] {
			t.Errorf("section %s is\n%q, want\n%q", s.Slot, s.Text, want[i])
		}
	}
	if got.Title != "INC-1: (removed)" || got.Sections[1].Note != "(removed)" || got.Sections[0].Removed[0] != "(removed)" {
		t.Errorf("%+v", got)
	}
	if again := Without(got, []uint64{5}, []string{"the key is hunter2000"}); !reflect.DeepEqual(again, got) {
		t.Errorf("a second time something else goes: %+v", again)
	}
	if Markdown(doc, Links{}) != was || doc.Sections[0].Removed[0] != "Some claim." {
		t.Error("the document itself was changed")
	}
	if same := Without(doc, nil, nil); !reflect.DeepEqual(same, doc) {
		t.Error("nothing was to go, and something went")
	}
}

// TestWithoutFindsWhatWasEscaped: what people wrote stands in a draft in the form of
// Markdown, and cut short.
func TestWithoutFindsWhatWasEscaped(t *testing.T) {
	for _, secret := range []string{"the *key* is [x] <y> & `z`", "user_name@example.com", "two\n\nlines of it", "a “quoted” word or two", "https://x.example/a_b?c=d"} {
		p := begin(t, 1)
		p.does(alice, incidents.Open{Title: "x"})
		p.does(alice, incidents.AddNote{Text: secret + " and so on"})
		doc := Draft(Builtin()[FullTemplate], p.record())
		doc.Sections = append(doc.Sections, incidents.Section{Slot: "own", Author: incidents.ByPerson, Text: "They wrote: " + secret})
		clean := Without(doc, nil, []string{secret})
		text := Markdown(clean, Links{})
		for _, form := range []string{secret, escape(tidy(secret)), escape(inner.Replace(tidy(secret)))} {
			if strings.Contains(text, form) {
				t.Errorf("%q is still there:\n%s", form, text)
			}
		}
	}
}

// TestWithoutLeavesNothingOfAnEvent: over random histories, a draft without an event
// is one in which no statement cites it but to say that it was removed.
func TestWithoutLeavesNothingOfAnEvent(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := anyPlay(t, rt)
		doc := Draft(Builtin()[FullTemplate], p.record())
		seq := uint64(rapid.IntRange(1, len(p.events)).Draw(rt, "seq"))
		out := Without(doc, []uint64{seq}, nil)
		for i, s := range out.Sections {
			before, after := Sentences(doc.Sections[i].Text), Sentences(s.Text)
			if len(before) != len(after) && s.Slot != "open_questions" {
				rt.Fatalf("%s had %d statements and has %d:\n%s", s.Slot, len(before), len(after), s.Text)
			}
			for _, x := range after {
				if strings.Contains(cite(x.Cites...)+",", cite(seq)) && !strings.Contains(x.Text, incidents.RemovedText) {
					rt.Fatalf("%s: %q", s.Slot, x.Text)
				}
			}
		}
	})
}
