package incidents

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestOpenSetsWhatItSays(t *testing.T) {
	h := begin(t, Open{Title: " checkout \n is  down ", Summary: "cards\r\nfail", Severity: 1, Services: []string{"checkout", " checkout ", "", "mail"}, Started: noon.Add(-time.Hour)})
	in := h.in
	if in.Title != "checkout is down" || in.Summary != "cards\nfail" || in.Severity != 1 || in.Status != Investigating || in.EndedAs != "" || in.Type != DefaultType || in.Private || in.Drill || in.TLP != "AMBER" {
		t.Errorf("%+v", in)
	}
	if !reflect.DeepEqual(in.Services, []string{"checkout", "mail"}) || in.DeclaredBy != alice || !in.IsResponder(alice.ID) || in.Version != 1 {
		t.Errorf("%+v", in)
	}
	want := Times{ImpactStarted: noon.Add(-time.Hour), Declared: noon, Detected: noon}
	if in.Times != want || !in.DeclaredAt.Equal(noon) {
		t.Errorf("%+v", in.Times)
	}
	e := h.events[0]
	if len(h.events) != 1 || e.Kind != Declared || e.Incident != 1 || !e.At.Equal(noon) || !e.RecordedAt.Equal(noon) || e.Actor.ID != alice.ID || e.Origin != "slack" || e.Command != "c1" {
		t.Errorf("%+v", h.events)
	}
	if e.Text != "Declared sev1 incident: checkout is down" || e.Field("severity") != "sev1" || e.Field("impact_started") != "2026-11-20T11:00:00.000Z" || e.Field("private") != "" {
		t.Errorf("%s %s", e.Text, e.Data)
	}
}

func TestOpenWords(t *testing.T) {
	yes := true
	for want, o := range map[string]Open{
		"Declared incident: checkout is down":                       {},
		"Declared sev5 incident: checkout is down":                  {Severity: 5},
		"Declared practice sev2 incident: checkout is down":         {Severity: 2, Drill: true},
		"Declared private practice sev2 incident: checkout is down": {Severity: 2, Drill: true, Private: &yes},
	} {
		if got := begin(t, o).last().Text; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestOpenPrivacyFollowsTheTypeUnlessSaid(t *testing.T) {
	yes, no := true, false
	for _, c := range []struct {
		typ     string
		private *bool
		want    bool
	}{{"", nil, false}, {"Security", nil, true}, {"security", &no, false}, {"network", &yes, true}} {
		if in := begin(t, Open{Type: c.typ, Private: c.private}).in; in.Private != c.want {
			t.Errorf("%+v: %v", c, in.Private)
		}
	}
}

func TestOpenCallsWhomThePolicyWants(t *testing.T) {
	yes := true
	for _, c := range []struct {
		open Open
		want string
	}{
		{Open{}, ""},
		{Open{Severity: 1}, "@oncall @dave"},
		{Open{Severity: 1, Services: []string{"checkout", "search", "mail"}}, "@oncall @dave @sre @shop"},
		{Open{Type: "network", Services: []string{"search"}}, "@net @oncall"},
		{Open{Severity: 1, Private: &yes, Services: []string{"checkout"}}, "@ciso"},
		{Open{Severity: 1, Resolved: noon.Add(-time.Minute)}, ""},
	} {
		if got := strings.Join(begin(t, c.open).in.Calls, " "); got != c.want {
			t.Errorf("%+v: %q, want %q", c.open, got, c.want)
		}
	}
}

func TestOpenWhatIsOver(t *testing.T) {
	h := begin(t, Open{Started: noon.Add(-2 * time.Hour), Resolved: noon.Add(-time.Hour)})
	in := h.in
	if in.Status != Resolved || in.EndedAs != EndedResolved || !in.Times.Resolved.Equal(noon.Add(-time.Hour)) || !in.Times.Mitigated.Equal(noon.Add(-time.Hour)) {
		t.Errorf("%+v", in)
	}
	if len(h.events) != 2 || h.events[1].Kind != StatusChanged || !h.events[1].At.Equal(noon.Add(-time.Hour)) || !h.events[1].RecordedAt.Equal(noon) {
		t.Errorf("%+v", h.events)
	}
	if d := in.Times.Durations(); *d.Resolve != time.Hour || d.Basis != "impact_started" {
		t.Errorf("%+v", d)
	}
}

func TestOpenByAProgramHasNoResponder(t *testing.T) {
	h := &history{t: t, rules: policy(), in: Incident{Number: 1}, at: noon}
	if _, err := h.try(Actor{Kind: Integration, ID: "token:ops", Name: "ops"}, Open{Title: "x"}); err != nil {
		t.Fatal(err)
	}
	if len(h.in.Responders) != 0 || h.in.DeclaredBy.ID != "token:ops" {
		t.Errorf("%+v", h.in)
	}
}

func TestOpenKeepsMilliseconds(t *testing.T) {
	odd := noon.Add(-time.Hour + 1234567)
	in := begin(t, Open{Started: odd}).in
	if want := noon.Add(-time.Hour + time.Millisecond); !in.Times.ImpactStarted.Equal(want) {
		t.Errorf("%v is not what its event says: %v", in.Times.ImpactStarted, want)
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, c := range []struct {
		open  Open
		words string
	}{
		{Open{}, "What is wrong? A few words are enough. Example: /incident open sev1 checkout is down"},
		{Open{Title: " \n\t\x00 "}, "What is wrong?"},
		{Open{Title: "\u200b\u2060\ufeff"}, "What is wrong?"}, // nothing that can be seen
		{Open{Title: strings.Repeat("é", MaxTitle+1)}, "The title has 201 characters, at most 200 fit."},
		{Open{Title: strings.Repeat("x", 10_000)}, "The title has 10000 characters"},
		{Open{Title: "x", Summary: strings.Repeat("é", MaxText+1)}, "The summary has 8001 characters, at most 8000 fit."},
		{Open{Title: "x", Started: noon.Add(2 * time.Minute)}, "The impact cannot have started in the future (2026-11-20 12:02 UTC)."},
		{Open{Title: "x", Type: "two words"}, `"two words" is not a type`},
		{Open{Title: "x", Type: strings.Repeat("x", 10_000)}, "is not a type: that is one word of letters, digits and hyphens, at most 40 characters. Example: /incident type security"},
		{Open{Title: "x", Services: []string{"mail", strings.Repeat("é", MaxName+1)}}, "Which service? Its name has at most 80 characters."},
		{Open{Title: "x", Services: []string{"\u200b"}}, "Which service?"},
		{Open{Title: "x", Services: many(maxList + 1)}, "An incident has at most 500 services; these are more."},
		{Open{Title: "x", Severity: 6}, "6 is not a severity; there are sev1"},
		{Open{Title: "x", Resolved: noon.Add(2 * time.Minute)}, "It cannot have been resolved in the future"},
		{Open{Title: "x", Started: noon.Add(-time.Hour), Resolved: noon.Add(-2 * time.Hour)}, "before it started"},
	} {
		h := &history{t: t, rules: policy(), in: Incident{Number: 1}, at: noon}
		h.refuses(alice, c.open, CodeInvalid, c.words)
	}
}

// many are so many names.
func many(n int) []string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprint("service ", i))
	}
	return list
}

func TestServicesAreWrittenAsThePolicyDoes(t *testing.T) {
	h := begin(t, Open{Services: []string{" CHECKOUT ", "checkout", "Mail", "mail", " "}})
	if !reflect.DeepEqual(h.in.Services, []string{"checkout", "Mail"}) || !reflect.DeepEqual(h.in.Calls, []string{"@sre", "@shop"}) {
		t.Errorf("%q calls %q", h.in.Services, h.in.Calls)
	}
	h.does(alice, ChangeService{Name: "Search"})
	if h.in.Services[2] != "search" || h.last().Field("service") != "search" || h.in.Calls[2] != "@oncall" {
		t.Errorf("%q calls %q", h.in.Services, h.in.Calls)
	}
	begin(t, Open{Services: many(maxList)})
}

func TestTitlesThatAreFine(t *testing.T) {
	for title, want := range map[string]string{
		"x":                                 "x",
		strings.Repeat("é", MaxTitle):       strings.Repeat("é", MaxTitle),
		"🔥 👩🏽\u200d🚒 checkout":              "🔥 👩🏽\u200d🚒 checkout",
		"קופה מושבתת":                       "קופה מושבתת",
		"@channel <!here> *b* <b>&amp;":     "@channel <!here> *b* <b>&amp;",
		"a\x00b\x1b[31mc\u0085d\u2028e\xff": "a b [31mc d e\ufffd",
		"3 nodes lost power":                "3 nodes lost power",
		"evil \u202egnp.exe\u2066 x":        "evil gnp.exe x", // it cannot turn around what stands behind it
	} {
		if got := begin(t, Open{Title: title}).in.Title; got != want {
			t.Errorf("%q became %q, want %q", title, got, want)
		}
	}
}
