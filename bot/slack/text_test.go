package slack

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNothingPeopleWriteMentionsAnybody(t *testing.T) {
	for _, s := range []string{"<!channel>", "<!here>", "<@U0ALICE>", "<!subteam^S1>", "<https://x|y>", "a & <b>", "<!date^1^{time}|x>"} {
		if got := plain(s); strings.ContainsAny(got, "<>") {
			t.Errorf("plain(%q) = %q still has a token", s, got)
		}
	}
}

func TestCut(t *testing.T) {
	for _, tt := range []struct {
		in   string
		n    int
		want string
	}{
		{"short", 10, "short"},
		{"exactly ten", 11, "exactly ten"},
		{"checkout is down in Europe", 20, "checkout is down in…"},
		{"supercalifragilistic", 10, "supercali…"},
		{"ääääääääää", 5, "ääää…"},
		{"", 5, ""},
	} {
		if got := cut(tt.in, tt.n); got != tt.want || utf8.RuneCountInString(got) > tt.n {
			t.Errorf("cut(%q, %d) = %q, want %q", tt.in, tt.n, got, tt.want)
		}
	}
}

func TestCutEscapedFits(t *testing.T) {
	s := strings.Repeat("&<*>", 2000)
	got := cutEscaped(s, maxSection)
	if n := utf8.RuneCountInString(got); n > maxSection || n < maxSection/3 {
		t.Errorf("got %d characters, want at most %d and not much less", n, maxSection)
	}
	if i := strings.LastIndexByte(got, '&'); i >= 0 && !strings.Contains(got[i:], ";") {
		t.Errorf("an entity was cut in two: …%q", got[i:])
	}
}

func TestUnwrap(t *testing.T) {
	name := func(tok token) string { return tok.kind + "(" + tok.id + "," + tok.label + ")" }
	for in, want := range map[string]string{
		"plain":                             "plain",
		"a &lt;b&gt; &amp;amp;":             "a <b> &amp;",
		"hi <@U1|alice>!":                   "hi user(U1,alice)!",
		"<#C1|general>":                     "channel(C1,general)",
		"<!subteam^S1|@oncall>":             "group(S1,@oncall)",
		"<!here>":                           "special(here,)",
		"<https://example.com|example.com>": "link(https://example.com,example.com)",
		"open <":                            "open <",
		"2 > 1":                             "2 > 1",
	} {
		if got := unwrap(in, name); got != want {
			t.Errorf("unwrap(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzUnwrap(f *testing.F) {
	f.Add("a <@U1|alice> b")
	f.Add("<<>><")
	f.Fuzz(func(t *testing.T, s string) {
		out := unwrap(s, func(tok token) string { return "" })
		if len(out) > len(s) {
			t.Errorf("unwrap made %q longer: %q", s, out)
		}
	})
}
