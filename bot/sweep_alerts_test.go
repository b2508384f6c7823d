package bot

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
	"fireboss/incidents/store/bolt"
)

// TestAlertsThatAreNobodysAreSweptAway: what is over and belongs to no incident goes after alerts.keep, and 0 keeps all.
func TestAlertsThatAreNobodysAreSweptAway(t *testing.T) {
	begin := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	for _, keep := range []time.Duration{0, 90 * 24 * time.Hour} {
		db, err := bolt.Open(filepath.Join(t.TempDir(), "fireboss.db"), bolt.Options{Rules: func() incidents.Rules { return incidents.Rules{} }})
		if err != nil {
			t.Fatal(err)
		}
		for i, status := range []alerts.Status{alerts.Firing, alerts.Resolved} {
			h := alerts.Heard{Source: "falco", Delivery: "d", Place: i + 1, At: begin, Signal: alerts.Signal{Fingerprint: "f", Status: status, Severity: alerts.High, Title: "a shell in a container"}}
			if _, _, err := db.HearAlert(t.Context(), h, func(f alerts.Facts) alerts.Change { return alerts.Policy{}.Hear(h, f) }); err != nil {
				t.Fatal(err)
			}
		}
		s := &sweeper{store: db, rules: func() incidents.Rules { return incidents.Rules{} }, alerts: keep, log: zerolog.Nop()}
		for _, day := range []int{0, 89, 91} {
			if wait := s.once(t.Context(), begin.AddDate(0, 0, day)); wait != sweepEvery {
				t.Errorf("after %d days it waits for %s", day, wait)
			}
			list, err := db.Alerts(t.Context(), store.AlertQuery{})
			want := 1
			if keep > 0 && day == 91 {
				want = 0
			}
			if err != nil || len(list) != want {
				t.Errorf("kept for %s, after %d days there are %d, want %d: %v", keep, day, len(list), want, err)
			}
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}
