package bot

import (
	"path/filepath"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store/bolt"
)

// TestOpenPagesAreToldOfAlerts: whoever has an alert heard or changed, by whatever door, the pages hear of it.
func TestOpenPagesAreToldOfAlerts(t *testing.T) {
	db, err := bolt.Open(filepath.Join(t.TempDir(), "fireboss.db"), bolt.Options{Rules: func() incidents.Rules { return incidents.Rules{} }})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	told := 0
	s := &timedStore{Store: db, metrics: newMetrics(), alerted: func() { told++ }}
	hear := func(status alerts.Status, place int) alerts.Alert {
		t.Helper()
		h := alerts.Heard{Source: "falco", Delivery: "d", Place: place, At: time.Now(), Signal: alerts.Signal{Fingerprint: "f", Status: status, Severity: alerts.High, Title: "a shell"}}
		a, _, err := s.HearAlert(t.Context(), h, func(f alerts.Facts) alerts.Change { return alerts.Policy{}.Hear(h, f) })
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	a := hear(alerts.Firing, 1)
	hear(alerts.Firing, 1) // the same once more changes nothing
	if _, _, err := s.ChangeAlert(t.Context(), a.Number, func(f alerts.Facts) (alerts.Change, error) {
		return alerts.Policy{}.Lapse(*f.Known, time.Time{}, time.Now()), nil
	}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.ChangeAlert(t.Context(), 99, func(alerts.Facts) (alerts.Change, error) { return alerts.Change{}, nil }); err == nil {
		t.Error("AL-99 was changed")
	}
	if told != 2 {
		t.Errorf("the pages were told %d times, want 2", told)
	}
}
