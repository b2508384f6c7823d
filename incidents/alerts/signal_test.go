package alerts

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestSeverityWords(t *testing.T) {
	for word, want := range map[string]Severity{"CRITICAL": Critical, "Page": Critical, "P1": Critical, "error": High, "Warning": Medium, "notice": Low, "none": Information, "debug": Information} {
		if got, ok := ParseSeverity(word); !ok || got != want {
			t.Errorf("%q is %q, %v", word, got, ok)
		}
	}
	if _, ok := ParseSeverity("purple"); ok {
		t.Error("purple is a severity")
	}
	var s Severity
	if err := s.UnmarshalText([]byte("purple")); err == nil || !strings.Contains(err.Error(), "critical, high") {
		t.Errorf("purple is refused by %v", err)
	}
}

func TestNumbers(t *testing.T) {
	for s, want := range map[string]Number{"AL-7": 7, "al-12": 12} {
		if got, err := ParseNumber(" " + s + " "); err != nil || got != want || got.String() != strings.ToUpper(s) {
			t.Errorf("%q is %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "7", "AL-", "AL-0", "AL--1", "INC-7", "AL-99999999999999999999"} {
		if n, err := ParseNumber(s); err == nil {
			t.Errorf("%q is %v", s, n)
		}
	}
}

func TestClean(t *testing.T) {
	many := map[string]string{}
	for i := range 500 {
		many[fmt.Sprintf("l%03d", i)] = strings.Repeat("x", 2000)
	}
	s := Signal{
		Fingerprint: strings.Repeat("f", 5000), Group: "g", Title: " \x00\u202e\n ", Description: "a\r\nb\n\n\n\nc\rd" + strings.Repeat("x", 9000), Service: "a\nb", URL: "javascript:alert(1)",
		StartedAt: noon.Add(time.Hour), EndedAt: noon.AddDate(300, 0, 0), Labels: many, Count: -4, Severity: "purple", Expires: time.Unix(0, 0),
	}.Clean(noon)
	switch {
	case len(s.Fingerprint) > MaxKey, s.Title != "an alert without a title", !strings.HasPrefix(s.Description, "a\nb\n\nc\nd"), len([]rune(s.Description)) > MaxDescription, s.Service != "a b", s.URL != "":
		t.Errorf("texts: %.3000q", fmt.Sprintf("%+v", s))
	case !s.StartedAt.IsZero(), !s.EndedAt.IsZero(), !s.Expires.IsZero(), s.Count != 0, s.Severity != Medium:
		t.Errorf("the rest: %+v", s)
	case len(s.Labels) != MaxLabels || s.Labels["l000"] == "" || len([]rune(s.Labels["l063"])) != MaxLabel:
		t.Errorf("%d labels", len(s.Labels))
	}
	if a, b := key(strings.Repeat("f", 5000)+"a"), key(strings.Repeat("f", 5000)+"b"); a == b {
		t.Error("two long fingerprints became one")
	}
	for _, address := range []string{"https://user:pass@example.com/", "http://", "ftp://example.com", "https://example.com/<b>", "https://exam ple.com", "https://example.com/`x`", "https://example.com/\u202e"} {
		if got := opens(address); got != "" {
			t.Errorf("%q is opened as %q", address, got)
		}
	}
	if got := opens("http://vm:19090/graph?g0.expr=up+%3D%3D+0&g0.tab=1"); got == "" {
		t.Error("an address of Prometheus is dropped")
	}
}
