package incidents

import (
	"strings"
	"testing"
	"time"
)

func TestWhatAChangeRefuses(t *testing.T) {
	long := func(n int) string { return strings.Repeat("x", n) }
	for _, c := range []struct {
		change ServiceChange
		want   string // of the refusal; empty: it is taken
	}{
		{ServiceChange{Service: " Checkout ", Title: "deployed\nv123", URL: "https://ci.example.com/1"}, ""},
		{ServiceChange{Service: long(MaxName), Title: long(MaxTitle)}, ""},
		{ServiceChange{Service: "x", Title: "y", At: noon.Add(-ServiceChangesKept)}, ""},
		{ServiceChange{Service: " \u200b", Title: "y"}, "Which service was changed?"},
		{ServiceChange{Service: long(MaxName + 1), Title: "y"}, "The name of a service has at most 80 characters."},
		{ServiceChange{Service: "x"}, "What was changed?"},
		{ServiceChange{Service: "x", Title: long(MaxTitle + 1)}, "The title has at most 200 characters."},
		{ServiceChange{Service: "x", Title: "y", URL: "javascript:alert(1)"}, "is not an address that can be opened."},
		{ServiceChange{Service: "x", Title: "y", At: noon.Add(time.Hour)}, "The change cannot be in the future"},
		{ServiceChange{Service: "x", Title: "y", At: noon.Add(-ServiceChangesKept - time.Second)}, "Changes are kept for 31 days;"},
	} {
		got, err := c.change.Check(policy(), noon)
		switch r, refused := AsRefusal(err); {
		case c.want == "" && (err != nil || got.At.IsZero() || strings.ContainsAny(got.Title, "\n")):
			t.Errorf("%+v: %v", got, err)
		case c.want != "" && (!refused || !strings.Contains(r.Text, c.want)):
			t.Errorf("%.60q: %v, want %s", c.change.Title, err, c.want)
		}
	}
}

// What was changed is suspected by when the impact began or, where nobody knows
// that, by when it was noticed.
func TestWhenAChangeIsSuspected(t *testing.T) {
	h := begin(t, Open{})
	if from, to := h.in.Suspects(); !to.Equal(noon) || !from.Equal(noon.Add(-2*time.Hour)) {
		t.Errorf("%s to %s", from, to)
	}
	h.in.Times.ImpactStarted = noon.Add(-time.Hour)
	if from, to := h.in.Suspects(); !to.Equal(noon.Add(-time.Hour)) || !from.Equal(noon.Add(-3*time.Hour)) {
		t.Errorf("%s to %s", from, to)
	}
	if c := (ServiceChange{Service: "Checkout"}); !c.Affects([]string{"search", "checkout"}) || c.Affects([]string{"search"}) || c.Affects(nil) {
		t.Error("which services it affects")
	}
}
