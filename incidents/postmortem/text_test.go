package postmortem

import (
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
)

// TestWordsOfPeopleAreNothingButWords draws up incidents in which people write what
// Markdown would take for something else, everywhere where they can write.
func TestWordsOfPeopleAreNothingButWords(t *testing.T) {
	for _, text := range hostile {
		p := begin(t, 1)
		shortText := string([]rune(text)[:min(len([]rune(text)), 150)])
		p.does(incidents.Person{ID: "slack:T1/UX", Name: "n " + shortText}, incidents.Open{Title: "x " + shortText, Summary: text, Services: []string{"s" + string([]rune(text)[:min(len([]rune(text)), 60)])}})
		p.later(minute).does(alice, incidents.AssignRole{Role: "commander", To: alice})
		id := p.says(bob, text)
		p.does(bob, incidents.MarkMessage{ID: id})
		why := strings.ReplaceAll(shortText, "\n", " ")
		for _, act := range []incidents.Act{
			incidents.PostUpdate{Text: text}, incidents.AddNote{Text: text}, incidents.MakeDecision{Text: text}, incidents.ChangeSeverity{To: 1, Why: why},
			incidents.AddTask{List: incidents.Tasks, Text: text}, incidents.AddTask{List: incidents.Followups, Text: strings.ReplaceAll(text, "https://", "")}, // an address in one is its ticket
			incidents.SetField{Name: "root_cause", Value: text},
			incidents.AddLink{URL: "https://example.com/a?b=c", Name: string([]rune(why)[:min(len([]rune(why)), 70)])}, incidents.ChangeStatus{To: incidents.Identified, Why: why}, incidents.Resolve{Text: why},
		} {
			if err := p.try(alice.Actor(), act); err != nil {
				t.Fatalf("%q: %#v: %v", shortText, act, err)
			}
		}
		p.says(bob, text, incidents.File{ID: "F1", Name: shortText, Type: shortText, Size: 5})
		for name, tmpl := range Builtin() {
			checkShape(t, name, tmpl, p.record())
		}
	}
}

// checkShape holds that a document has the headings of its template and no other,
// cites only what there is, and leads only where it says.
func checkShape(t *testing.T, name string, tmpl Template, r Record) {
	t.Helper()
	doc := Draft(tmpl, r)
	text := Markdown(doc, Links{Event: func(uint64) string { return "https://fireboss.example.com/e" }})
	var headings int
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "## ") {
			headings++
		}
		if trimmed := strings.TrimLeft(line, " >"); strings.HasPrefix(trimmed, "```") || strings.HasPrefix(trimmed, "~~~") || strings.HasPrefix(line, "# ") && line != strings.Split(text, "\n")[0] {
			t.Errorf("%s: a line %q", name, line)
		}
	}
	if want := len(tmpl.sections) - 1; headings != want { // the header has none
		t.Errorf("%s: %d headings, want %d in\n%s", name, headings, want, text)
	}
	for _, s := range doc.Sections {
		cells := 0
		for line := range strings.SplitSeq(s.Text, "\n") {
			n := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|")
			if !strings.HasPrefix(line, "|") {
				n = 0
			}
			if n > 0 && cells > 0 && n != cells {
				t.Errorf("%s: %s: a row of other cells: %q", name, s.Slot, line)
			}
			cells = n
		}
		for _, x := range Sentences(s.Text) {
			if len(x.Cites) == 0 && !aboutTheDocument(s, x) {
				t.Errorf("%s: %s says without an event: %q", name, s.Slot, x.Text)
			}
		}
	}
	for _, seq := range Cites(text) {
		if seq == 0 || seq > uint64(len(r.Events)) {
			t.Errorf("%s: T%d is cited, and there is no such event", name, seq)
		}
	}
	live := strings.NewReplacer(`\\`, "", `\<`, "", `\[`, "", `\]`, "", `\&`, "", "\\`", "", `\@`, "", `\_`, "", `\*`, "", `\~`, "").Replace(text)
	for _, bad := range []string{"](<https://evil", "](https://evil", "![", "<img", "<script", "</", "<!--", "<@", "<!", "&#", "&lt", "`"} {
		if strings.Contains(live, bad) {
			t.Errorf("%s: %q is alive in\n%s", name, bad, text)
		}
	}
	for _, bad := range []string{" https://evil", "“https://evil", "www.evil", "mailto:", "me@evil", "@here", "@channel"} {
		if strings.Contains(live, bad) {
			t.Errorf("%s: %q is alive", name, bad)
		}
	}
	if strings.ContainsAny(text, "\u202e\u200b\x00\x1b") {
		t.Errorf("%s: something that nobody sees", name)
	}
}

func TestTerm(t *testing.T) {
	for s, want := range map[string]string{
		"checkout": "checkout", "eu-west/api v2.1": "eu-west/api v2.1", "": "(no name)", "GDPR Art. 33": "“GDPR Art. 33”", "a “b”": "“a ‘b’”", "-x": "“-x”",
	} {
		if got := term(s); got != want {
			t.Errorf("term(%q) is %q, want %q", s, got, want)
		}
	}
}

func TestNumbersInWords(t *testing.T) {
	for n, want := range map[int]string{0: "no", 1: "one", 12: "twelve", 13: "13", 1943: "1,943", 1234567: "1,234,567"} {
		if got := number(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int]string{1: "first", 2: "second", 11: "11th", 21: "21st", 22: "22nd", 23: "23rd", 112: "112th"} {
		if got := ordinal(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
	for n, want := range map[string]string{"eighth": "an", "11th": "an", "80th": "an", "second": "a", "12th": "a"} {
		if got := article(n); got != want {
			t.Errorf("%q has %q, want %q", n, got, want)
		}
	}
	if got := precise(4*time.Minute + 12*time.Second); got != "4 minutes twelve seconds" && got != "4 minutes 12 seconds" {
		t.Errorf("precise: %q", got)
	}
}
