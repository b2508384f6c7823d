package bolt

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"fireboss/incidents/alerts"
)

// Silences are asked about every alert, in its transaction: their expressions are not read anew for each.
func TestSilencesAreReadOnce(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "fireboss.db"), Options{})
	m, err := alerts.ParseMatcher("a=~b.*,c!~d|e")
	if err != nil {
		t.Fatal(err)
	}
	ctx, now := context.Background(), time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	for i := range 20 {
		if _, _, err := db.AddSilence(ctx, alerts.Silence{Request: fmt.Sprint(i), Matcher: m, From: now, Until: now.Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
	}
	if n := testing.AllocsPerRun(10, func() {
		if list, err := db.SilencesInForce(ctx, now); err != nil || len(list) != 20 {
			t.Fatalf("%d silences, %v", len(list), err)
		}
	}); n > 20*10 { // one that is read anew takes more than 100
		t.Errorf("to read 20 silences again takes %v allocations", n)
	}
}
