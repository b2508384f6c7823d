package bolt

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// many are commands for three incidents; each knows what became of the one before.
func many(t *testing.T, at *time.Time, wrong int) func(incidents.Outcome) (incidents.Command, bool) {
	i, n := -1, incidents.Number(0)
	acts := []incidents.Act{incidents.Acknowledge{}, incidents.ChangeSeverity{To: 2}, incidents.MakeDecision{Text: "roll back"}, incidents.Resolve{}, incidents.Close{}}
	return func(before incidents.Outcome) (incidents.Command, bool) {
		if i++; i == 3*(len(acts)+1) {
			return incidents.Command{}, false
		}
		*at = at.Add(time.Minute)
		c := incidents.Command{ID: fmt.Sprint("all:", i), Actor: alice, At: *at}
		if step := i % (len(acts) + 1); step == 0 {
			c.Do = incidents.Open{Title: fmt.Sprint("number ", i)}
		} else {
			if step == 1 {
				n = before.Incident.Number
			}
			if before.Incident.Number != n || len(before.Events) == 0 {
				t.Errorf("before command %d stands %s with %d events", i, before.Incident.Number, len(before.Events))
			}
			c.Incident, c.Do = n, acts[step-1]
		}
		if i == wrong {
			c.Do = incidents.Reopen{} // without a reason
		}
		return c, true
	}
}

// What is written all at once is what would be written one by one, in one commit.
func TestAllAtOnce(t *testing.T) {
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	var commits atomic.Int64
	options := func(o Options) Options {
		o.Rand, o.Now = zeros{}, func() time.Time { return at }
		return o
	}
	db := open(t, filepath.Join(t.TempDir(), "all.db"), options(Options{Committed: func([]incidents.Number) { commits.Add(1) }}))
	began := at
	if err := db.ApplyAll(t.Context(), many(t, &at, -1)); err != nil {
		t.Fatal(err)
	}
	at = began
	other := open(t, filepath.Join(t.TempDir(), "single.db"), options(Options{}))
	next, out := many(t, &at, -1), incidents.Outcome{}
	for c, more := next(out); more; c, more = next(out) {
		var err error
		if out, err = other.Apply(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	a, b := headsOf(t, db), headsOf(t, other)
	if !slices.Equal(a, b) || len(a) != 3 || commits.Load() != 1 {
		t.Errorf("all at once, in %d commits: %v; one by one: %v", commits.Load(), a, b)
	}
	if out, err := db.Apply(t.Context(), incidents.Command{ID: "all:0", Actor: alice, Do: incidents.Open{Title: "again"}}); err != nil || !out.Repeated {
		t.Errorf("the same command again: %+v, %v", out, err)
	}
}

// Where one is refused, none is written.
func TestAllOrNothing(t *testing.T) {
	for _, wrong := range []int{0, 1, 9, 17} {
		at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
		db := open(t, filepath.Join(t.TempDir(), "all.db"), Options{Now: func() time.Time { return at }})
		err := db.ApplyAll(t.Context(), many(t, &at, wrong))
		if _, refused := incidents.AsRefusal(err); !refused {
			t.Errorf("%d: %v", wrong, err)
		}
		if list, err := db.Incidents(t.Context(), store.Query{}); err != nil || len(list) > 0 {
			t.Errorf("%d: %d incidents are there (%v)", wrong, len(list), err)
		}
		if out, err := db.Apply(t.Context(), incidents.Command{ID: "after", Actor: alice, Do: incidents.Open{Title: "after"}}); err != nil || out.Incident.Number != 1 {
			t.Errorf("%d: afterwards %s (%v)", wrong, out.Incident.Number, err)
		}
	}
	db := open(t, filepath.Join(t.TempDir(), "none.db"), Options{})
	if err := db.ApplyAll(t.Context(), func(incidents.Outcome) (incidents.Command, bool) { return incidents.Command{}, false }); err != nil {
		t.Error(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	at := time.Now()
	if err := db.ApplyAll(ended, many(t, &at, -1)); !errors.Is(err, context.Canceled) {
		t.Errorf("for nobody: %v", err)
	}
}

// zeros are random bytes that are none.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

func headsOf(t *testing.T, db *DB) (list []string) {
	t.Helper()
	a, err := db.Audit(t.Context())
	if err != nil || a.Wrong != "" {
		t.Fatal(err, a.Wrong)
	}
	for _, h := range a.Heads {
		list = append(list, h.String())
	}
	return list
}
