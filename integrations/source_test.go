package integrations

import (
	"testing"

	"fireboss/incidents/alerts"
)

// A configured word comes before a usual one, and an unknown one is told apart from one that means medium.
func TestWordsForSeverity(t *testing.T) {
	in := Inbound{Severity: map[string]alerts.Severity{"SEV-1": alerts.Critical, "error": alerts.Low}}
	for _, c := range []struct {
		word  string
		want  alerts.Severity
		known bool
	}{
		{"sev-1", alerts.Critical, true},
		{" Sev-1 ", alerts.Critical, true},
		{"ERROR", alerts.Low, true},
		{"warning", alerts.Medium, true},
		{"P2", alerts.High, true},
		{"sev-2", alerts.Medium, false},
		{"", alerts.Medium, false},
	} {
		if got := in.Rank(c.word); got != c.want {
			t.Errorf("%q is ranked %s, not %s", c.word, got, c.want)
		}
		if _, known := in.Known(c.word); known != c.known {
			t.Errorf("%q is known: %v", c.word, known)
		}
	}
}
