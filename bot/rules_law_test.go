package bot

import (
	"os"
	"strings"
	"testing"
	"time"

	"fireboss/bot/settings"
	"fireboss/incidents"
)

// What docs/regulations.md shows as an example is read, and counts as it says.
func TestARegulationOfTheConfiguration(t *testing.T) {
	doc, err := os.ReadFile("../docs/regulations.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(doc), "```yaml\n")
	example, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("docs/regulations.md has no example")
	}
	s, err := settings.Parse("c.yaml", []byte("store: x.db\n"+example), settings.Options{Env: func(string) (string, bool) { return "", false }})
	if err != nil {
		t.Fatal(err)
	}
	r := rules(s)
	law, known := r.Regulation("big_customer")
	if !known || law.Title != "The contract with Big Customer" || law.Days != incidents.OfficeDays {
		t.Fatalf("%+v", law)
	}
	friday := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	clock := incidents.LegalClock{
		Regulation: law, Started: friday, Marked: map[string]time.Time{"found": friday.Add(time.Hour)},
		Submitted: []incidents.Submission{{Stage: "call", At: friday.Add(2 * time.Hour)}},
	}
	for i, want := range []string{
		"big_customer.call 2026-11-20 14:00 2 hours from the outage",
		"big_customer.report 2026-11-26 13:00 4 business days from the cause being known",
	} {
		st := r.Stages(clock)[i]
		if got := st.Rule + " " + st.Due.Format("2006-01-02 15:04") + " " + st.Why; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
