package incidents

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestLinesCannotBeTurnedAround: what people write stands on one line with
// words of ours, and in terminals.
func TestLinesCannotBeTurnedAround(t *testing.T) {
	for in, want := range map[string]string{
		"paid \u202etxt.exe\u202c now":    "paid txt.exe now",
		"\u2066isolated\u2069 \u2067text": "isolated text",
		"red \x1b[31m, also \u009b31m":    "red [31m, also 31m",
		"one\u2028two\u2029three":         "one\ntwo\nthree",
		"a\r\nb\tc\x7f\u0085":             "a\nb\tc",
		"\u05e9\u05dc\u05d5\u05dd \u200f": "\u05e9\u05dc\u05d5\u05dd \u200f", // Hebrew, and a mark that reaches no further than itself
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestOpenRefusesWhatNoEditWouldTake(t *testing.T) {
	many := make([]string, maxList+1)
	for i := range many {
		many[i] = fmt.Sprint("service ", i)
	}
	for says, o := range map[string]Open{
		"at most 80 characters":         {Services: []string{strings.Repeat("é", MaxName+1)}},
		"at most 500 services":          {Services: many},
		"is not a type":                 {Type: "<!channel> security"},
		"so long ago (before 1970)":     {Started: time.Date(0, 1, 1, 0, 0, 0, 0, time.FixedZone("", 23*3600))},
		"hardly have been so long ago ": {Resolved: time.Date(1969, 12, 31, 0, 0, 0, 0, time.UTC)},
	} {
		o.Title = "checkout is down"
		_, err := Decide(policy(), Incident{}, Facts{}, Command{ID: "c", Actor: alice.Actor(), At: noon, Do: o}, noon)
		if r, ok := AsRefusal(err); !ok || r.Code != CodeInvalid || !strings.Contains(r.Text, says) {
			t.Errorf("%s: %v", says, err)
		}
	}
	begin(t, Open{Services: many[:maxList]})
}

// TestMomentsThatNoCalendarHas: they could not be written as RFC 3339, and so
// not be stored either.
func TestMomentsThatNoCalendarHas(t *testing.T) {
	h := begin(t, Open{})
	old := time.Date(0, 1, 1, 0, 0, 0, 0, time.FixedZone("", 23*3600))
	h.refuses(bob, AddNote{Text: "x", At: old}, CodeInvalid, "before 1970")
	h.refuses(bob, SetImpact{At: old}, CodeInvalid, "before 1970")
	h.refuses(bob, SetTime{Name: "detected", At: old}, CodeInvalid, "before 1970")
	for i, at := range []time.Time{{}, old, time.Unix(1<<60, 0)} {
		h.does(bob, RecordMessage{ID: OutsideID{"slack", fmt.Sprint("C/", i)}, Text: "x", At: at})
		if e := h.last(); !e.At.Equal(h.at) {
			t.Errorf("a message of %v happened at %v", at, e.At)
		}
	}
}

// TestALinkShowsWhereItLeads: its name could claim anything.
func TestALinkShowsWhereItLeads(t *testing.T) {
	h := begin(t, Open{})
	for _, bad := range []string{"https://", "https:///x", "https://bank.example@evil.example/", "https://user:pass@x.example", "https://x\u0085y", "https://[::1", "HTTPS:x"} {
		h.refuses(bob, AddLink{URL: bad}, CodeInvalid, "is not an address that can be opened")
	}
	h.does(bob, AddLink{URL: "https://evil.example:8443/https://bank.example/", Name: "https://bank.example"})
	if got := h.in.Links[0].Host(); got != "evil.example:8443" {
		t.Errorf("it leads to %q", got)
	}
	if got := (Link{URL: "::"}).Host(); got != "::" {
		t.Errorf("an address of before is shown as %q", got)
	}
}
