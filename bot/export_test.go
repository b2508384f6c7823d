package bot

import (
	"bytes"
	"encoding/json"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"fireboss/bot/web"
	"fireboss/incidents"
)

// nasty are texts of people who wish the reader of an export ill.
var nasty = []string{
	"<script>alert(1)</script>", "</td></tr><img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "![x](https://evil.example/pixel)", "<https://evil.example>", "a | b || c", `a \| b \\| c \`,
	"*bold* _it_ ~~no~~ `code` ```", "one\n| forged | row |\n\n# heading", "&lt;b&gt; &amp; &#60;", "# heading", "[ref]: https://evil.example", "$x$ $$y$$", "{{.}}", "=cmd|'/c calc'!A1",
	"\x1b[31mred \x1b]0;title\x07 \u009b2J", "\u202ereversed\u202c", "\xff\xfe", strings.Repeat("|", 10000), "two  spaces  ", "\ttab\r\nreturn",
}

var (
	escaped = regexp.MustCompile(`\\([\\|*_~\[\]#$` + "`" + `])`)
	open    = regexp.MustCompile(`[<>|*_~\[\]#$` + "`" + `]`)
)

// TestCellsAreText: what stands in a cell is what was written, and nothing in it
// is a mark of Markdown, a tag or another cell.
func TestCellsAreText(t *testing.T) {
	for _, s := range nasty {
		got := cell(s)
		if bad := open.FindString(escaped.ReplaceAllString(got, "")); bad != "" || strings.ContainsAny(got, "\n\r\x1b\u009b\u202e") {
			t.Errorf("%.60q is written %.80q: %q is not escaped", s, got, bad)
		}
		if back := html.UnescapeString(escaped.ReplaceAllString(got, "$1")); back != incidents.Tidy(s) {
			t.Errorf("%.60q is read as %.60q", s, back)
		}
	}
}

// exported is an incident of which every text is this one, in a format.
func exported(t *testing.T, s, format string) string {
	t.Helper()
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	in := incidents.Incident{
		Number: 1, Title: s, Summary: s, Type: s, Services: []string{s}, DeclaredBy: incidents.Person{Name: s}, Times: incidents.Times{Declared: now},
		Roles:  map[string]incidents.Person{incidents.CommanderRole: {ID: "x", Name: s}},
		Fields: map[string]string{"root_cause": s},
	}
	event := incidents.Event{Incident: 1, Seq: 1, Kind: incidents.NoteAdded, At: now, Actor: incidents.Actor{Name: s}, Text: s}
	var b bytes.Buffer
	if err := writeIncident(&b, web.IncidentJSON(in, "C1", s, now), []web.Event{web.EventJSON(event)}, format); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestExportsHoldNoMore lines and cells for what somebody wrote, in any format.
func TestExportsHoldNoMore(t *testing.T) {
	cells := func(s string) int { return strings.Count(escaped.ReplaceAllString(s, ""), "|") }
	for _, s := range nasty {
		text, plain := exported(t, s, "text"), exported(t, "harmless", "text")
		if strings.Count(text, "\n") != strings.Count(plain, "\n") || strings.ContainsAny(text, "\x1b\u009b\u202e\x07") {
			t.Errorf("%.60q in text: %.600q", s, text)
		}
		text, plain = exported(t, s, "markdown"), exported(t, "harmless", "markdown")
		if strings.Count(text, "\n") != strings.Count(plain, "\n") || cells(text) != cells(plain) {
			t.Errorf("%.60q in Markdown: %.600q", s, text)
		}
		if got := exported(t, s, "json"); !json.Valid([]byte(got)) {
			t.Errorf("%.60q in JSON: %.600q", s, got)
		}
	}
}

func TestExportsSayWhatItIs(t *testing.T) {
	in := web.Incident{ID: "INC-4", Title: "search is slow", Status: "canceled", MergedInto: "INC-3", Drill: true, Fields: map[string]string{"root_cause": "a full disk"}, Merged: []string{"INC-1", "INC-2"}}
	for format, want := range map[string][]string{
		"text":     {"INC-4  PRACTICE search is slow\n", "status       merged into INC-3\n", "root_cause   a full disk\n", "merged       INC-1, INC-2\n"},
		"markdown": {"# INC-4: PRACTICE search is slow\n", "- **status**: merged into INC-3\n"},
	} {
		var one bytes.Buffer
		if err := writeIncident(&one, in, nil, format); err != nil {
			t.Fatal(err)
		}
		for _, line := range want {
			if !strings.Contains(one.String(), line) {
				t.Errorf("%s: %q is not in %s", format, line, one.String())
			}
		}
	}
}
