package postmortem

import (
	"strings"
	"testing"

	"fireboss/incidents"
)

func TestMarkdown(t *testing.T) {
	doc := incidents.Document{Title: "INC-1: a # b", Sections: []incidents.Section{
		{Slot: "header", Text: "| INC-1 | a [T1] |\n|---|---|", Note: "It was open."},
		{Slot: "summary", Title: "Summary", Text: "It broke. [T4, T7]", Author: incidents.ByModel, Removed: []string{"Twelve [T9] people <b>died</b>.", "## Removed: not in the record"}},
		{Slot: "impact", Title: "Impact", Text: "See `<b>` and [T4].", Author: incidents.ByPerson, Editor: incidents.Person{Name: "al_ice"}},
	}}
	want := `# INC-1: a \# b

_It was open._

| INC-1 | a [T1] |
|---|---|

## Summary

_Written by a language model; each statement was checked against the timeline._

It broke. [T4] [T7]

## Impact

_Written by al\_ice._

See ` + "`<b>`" + ` and [T4].

[T1]: <https://x.example/1>
[T4]: <https://x.example/4>
[T7]: <https://x.example/7>

## Removed: not in the record

- Summary: “Twelve (T9) people \<b\>died\</b\>.”
- Summary: “\#\# Removed: not in the record”
`
	event := func(seq uint64) string { return "https://x.example/" + string(rune('0'+seq)) }
	if got := Markdown(doc, Links{Event: event}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	doc.Sections[1].Removed = nil
	if got := Markdown(doc, Links{}); strings.Contains(got, "Removed: not") || strings.Contains(got, "[T1]:") {
		t.Errorf("nothing was removed, and there are no addresses:\n%s", got)
	}
}

// TestASectionStaysASection: whatever somebody writes into a section, the others
// stay what they are.
func TestASectionStaysASection(t *testing.T) {
	for text, want := range map[string]string{
		"# One\n## Two\n### Three\n#### Four\n#five":         "### One\n### Two\n### Three\n#### Four\n#five",
		"## Removed: not in the record":                      `\## Removed: not in the record`,
		"###  removed:  NOT in the record ##":                `\###  removed:  NOT in the record ##`,
		"> ## Removed: not in the record":                    `> \## Removed: not in the record`,
		"- # One":                                            "- ### One",
		"Removed: not in the record\n===":                    "Removed: not in the record\n\\===",
		"A\n---\nB\n\n---\n\nC":                              "A\n\\---\nB\n\n---\n\nC",
		"<!-- a\n<details>\n`<b>` <https://a.example> \\<i>": "\\<!-- a\n\\<details>\n`<b>` <https://a.example> \\<i>",
		"a ``` b < c `d":                                     "a ``` b \\< c `d",
		"[T4]: javascript:alert(1)\n[ T4 ]: x\n[T4, T5]: y\n[a]: https://a.example": "[T4]\\: javascript:alert(1)\n[ T4 ]\\: x\n[T4, T5]\\: y\n[a]: https://a.example",
		"```\n# code <b>\n```\n# text":                                              "```\n# code <b>\n```\n### text",
		"```\n# never closed":                                                       "\\```\n### never closed",
		"~~~go\nx\n~~~~\ny":                                                         "~~~go\nx\n~~~~\ny",
		"- a\n  ```\nx\n  ```\ny":                                                   "- a\n  \\```\nx\n  \\```\ny",
		"- a\n  ```\n  x\n```\ny":                                                   "- a\n  \\```\n  x\n\\```\ny",
		"> ```\nx\n```\ny":                                                          "> \\```\nx\n\\```\ny",
		"- ```\n  x\n  ```":                                                         "- \\```\n  x\n  \\```",
		"  ```\n  x\n  ```\nend":                                                    "  ```\n  x\n  ```\nend",
		"":                                                                          "",
	} {
		if got := contain(text); got != want {
			t.Errorf("%q became\n%q, want\n%q", text, got, want)
		}
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 3000 {
			return
		}
		doc := incidents.Document{Title: text, Sections: []incidents.Section{
			{Slot: "a", Title: "First", Text: text, Author: incidents.ByPerson, Editor: incidents.Person{Name: text}, Note: text, Removed: []string{text}},
			{Slot: "b", Title: "Second", Text: "Fine. [T1]"},
		}}
		out := Markdown(doc, Links{Event: func(uint64) string { return text }})
		var list []string
		for line := range strings.Lines(out) {
			if strings.HasPrefix(line, "## ") {
				list = append(list, strings.TrimSpace(line))
			}
		}
		if !strings.Contains(text, "```") && !strings.Contains(text, "~~~") && strings.Join(list, ",") != "## First,## Second,## "+removedHeading {
			t.Fatalf("headings %q in\n%s", list, out)
		}
		if !strings.HasSuffix(strings.Join(list, ","), "## Second,## "+removedHeading) {
			t.Fatalf("headings %q in\n%s", list, out)
		}
		if twice := contain(contain(text)); twice != contain(text) && !strings.Contains(text, "`") && !strings.Contains(text, "~~~") {
			t.Fatalf("%q is contained anew as %q", contain(text), twice)
		}
		for _, s := range Sentences(out) {
			if strings.TrimSpace(s.Text) == "" {
				t.Fatal("an empty statement")
			}
		}
		Without(doc, []uint64{1}, []string{text})
	})
}

func TestRedraft(t *testing.T) {
	section := func(slot, text string, by incidents.Author) incidents.Section {
		return incidents.Section{Slot: slot, Title: "T " + slot, Text: text, Author: by}
	}
	old := incidents.Document{Template: "full", Sections: []incidents.Section{
		section("a", "by hand", incidents.ByPerson), section("b", "old", incidents.ByRecord), section("c", "kept", incidents.ByPerson), section("d", "gone", incidents.ByModel),
	}}
	draft := incidents.Document{Template: "ours", Seq: 9, Sections: []incidents.Section{
		section("b", "new", incidents.ByRecord), section("e", "added", incidents.ByRecord), {Slot: "a", Title: "New title", Text: "drafted", Author: incidents.ByRecord},
	}}
	got := Redraft(old, draft)
	var said []string
	for _, s := range got.Sections {
		said = append(said, s.Slot+"="+s.Text+"/"+s.Title)
	}
	if want := "b=new/T b, e=added/T e, a=by hand/New title, c=kept/T c"; strings.Join(said, ", ") != want {
		t.Errorf("%s, want %s", strings.Join(said, ", "), want)
	}
	if got.Template != "ours" || got.Seq != 9 || draft.Sections[2].Text != "drafted" || old.Sections[0].Title != "T a" {
		t.Errorf("%+v", got)
	}
}

func TestDiff(t *testing.T) {
	old := incidents.Document{Sections: []incidents.Section{{Slot: "a", Title: "A", Text: "one\ntwo\nthree\nfour"}, {Slot: "gone", Title: "G", Text: "x"}}}
	now := incidents.Document{Sections: []incidents.Section{{Slot: "new", Title: "N", Text: "y"}, {Slot: "a", Title: "A", Text: "one\nthree\nfour\nfive"}, {Slot: "b", Title: "B"}}}
	var said []string
	for _, d := range Diff(old, now) {
		said = append(said, string(d.Op)+" "+d.Slot)
		for _, l := range d.Lines {
			said = append(said, string(l.Op)+" "+l.Text)
		}
	}
	want := "added new,added y,same a,same one,removed two,same three,same four,added five,added b,removed gone,removed x"
	if got := strings.Join(said, ","); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if d := Diff(old, old); d[0].Changed() || d[1].Changed() {
		t.Error("nothing was changed")
	}
}

func TestDiffOfVeryLongTextsEnds(t *testing.T) {
	long := func(s string) string { return strings.Repeat(s+"\n", 50000) }
	d := lines("same\n"+long("a")+"same", "same\n"+long("b")+"same")
	if len(d) != 100002+1-1 && len(d) < 100000 || d[0].Op != Same {
		t.Errorf("%d lines", len(d))
	}
}

// For readers that know no addresses at the end each citation carries its own.
func TestCitationsWithTheirAddresses(t *testing.T) {
	doc := incidents.Document{Title: "INC-1", Sections: []incidents.Section{{Slot: "summary", Title: "Summary", Text: "It broke. [T4, T7]"}}}
	event := func(seq uint64) string {
		if seq == 7 {
			return "javascript:alert(1)"
		}
		return "https://x.example/?at=4#e4"
	}
	if got, want := Markdown(doc, Links{Event: event, Inline: true}), "# INC-1\n\n## Summary\n\nIt broke. [T4](<https://x.example/?at=4#e4>) [T7]\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := Markdown(doc, Links{Inline: true}); !strings.Contains(got, "[T4] [T7]") {
		t.Error(got)
	}
}
