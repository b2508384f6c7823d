package slack

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMarkdownOfACanvas(t *testing.T) {
	for from, want := range map[string]string{
		"# A\n\n### B\n#### C\n###### D":                                            "# A\n\n### B\n### C\n### D",
		"> - a\n> 1. b\n> ### c\n> > d\n> e":                                        "> \\- a\n> 1\\. b\n> \\### c\n> d\n> e",
		"- a\n  - b\n    1. c\n- # d\n- > e\n- - f":                                 "- a\n  - b\n    1. c\n- \\# d\n- \\> e\n- \\- f",
		"- a\n  > b\n  ## c":                                                        "- a\n> b\n  \\## c",
		"- [ ] to do\n- [x] done":                                                   "- [ ] to do\n- [x] done",
		"by ![](@U123) in ![](#C1), `![](@U1)`":                                     "by !\\[](@U123) in !\\[](#C1), `![](@U1)`",
		"`one tick ![](@U1)":                                                        "`one tick !\\[](@U1)",
		"```\n> - ![](@U1)\n#### x\n```\n#### y":                                    "```\n> - ![](@U1)\n#### x\n```\n### y",
		"It broke. [T4](<https://x.example/1?a=b#e1>) [x](<https://x.example/(1)>)": "It broke. [T4](https://x.example/1?a=b#e1) [x](<https://x.example/(1)>)",
		"| a | b |\n|---|---|\n| ![](@U1) | c \\| d |\n\nend":                       "| a | b |\n|---|---|\n| !\\[](@U1) | c \\| d |\n\nend",
		"": "",
	} {
		if got := canvasText(from); got != want {
			t.Errorf("%q became\n%q, want\n%q", from, got, want)
		}
	}
}

func TestALongTableOfACanvasIsCut(t *testing.T) {
	table := func(rows int) string {
		return "| a | b |\n|---|---|\n" + strings.Repeat("| c | d |\n", rows)
	}
	if got := canvasText(table(149) + "\nend"); got != table(149)+"\nend" {
		t.Errorf("%s", got)
	}
	if got := canvasText(table(160) + "\nend"); got != table(149)+"\n_11 more in this table, on the incident's page._\n\nend" {
		t.Errorf("%s", got)
	}
}

func TestALongTextOfACanvasIsCut(t *testing.T) {
	for _, long := range []string{strings.Repeat("ä ", maxCanvas/2), strings.Repeat("word\n\n", maxCanvas/5), "```\n" + strings.Repeat("ö\n\n", maxCanvas/3) + "```"} {
		got := canvasText(long)
		if len(got) > 1<<20 || !utf8.ValidString(got) || !strings.HasSuffix(got, "\n\n_The rest is on the incident's page._") || strings.Count(got, "```")%2 != 0 {
			t.Errorf("%d bytes, %q", len(got), got[len(got)-60:])
		}
	}
}

func FuzzCanvasText(f *testing.F) {
	for _, s := range []string{"> - a", "| a |\n|---|\n| b |", "```\nx", "![](@U1)", "- > a\n\n  # b", "1. 2. 3."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := canvasText(text)
		for line := range strings.Lines(got) {
			if strings.Contains(line, "![") && !strings.ContainsAny(text, "`~") {
				t.Fatalf("a mention: %q", line)
			}
			if strings.HasPrefix(line, "> - ") && !strings.ContainsAny(text, "`~") {
				t.Fatalf("a list in a quotation: %q", line)
			}
		}
	})
}
