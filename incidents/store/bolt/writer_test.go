package bolt

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// held makes a store whose first commit waits. It answers once that commit is
// under way; release lets it go on.
func held(t *testing.T, then func(point string)) (db *DB, release func()) {
	t.Helper()
	inside, released := make(chan struct{}), make(chan struct{})
	first := sync.OnceFunc(func() {
		close(inside)
		<-released
	})
	db = open(t, filepath.Join(t.TempDir(), "fireboss.db"), Options{Crash: func(point string) {
		first()
		then(point)
	}})
	begun := make(chan error, 1)
	go func() { begun <- db.Writable(context.Background()) }()
	<-inside
	return db, func() {
		t.Helper()
		close(released)
		must(t, <-begun)
	}
}

// queuedWrites waits until so many writes wait for the writer.
func queuedWrites(db *DB, n int) {
	for waiting := 0; waiting < n; runtime.Gosched() {
		db.queue.mu.Lock()
		waiting = len(db.queue.waiting)
		db.queue.mu.Unlock()
	}
}

// TestGroup has many writes wait while one is being committed, and expects
// them in one transaction, those that fail without harm to the others.
func TestGroup(t *testing.T) {
	var commits atomic.Int64
	db, release := held(t, func(point string) {
		if point == pointAfter {
			commits.Add(1)
		}
	})
	ctx := t.Context()
	var all sync.WaitGroup
	broken := errors.New("changed my mind")
	const each = 30
	for range each {
		all.Go(func() { apply(t, db, 0, incidents.Open{Title: "in a group"}) })
		all.Go(func() {
			if err := db.write(ctx, func(p *plan) error {
				p.put(openings, key{}.number(999), none)
				return broken
			}); !errors.Is(err, broken) {
				t.Errorf("a plan that fails: %v", err)
			}
		})
		all.Go(func() {
			if err := db.write(ctx, func(p *plan) error {
				p.put(openings, key{}.number(999), none)
				panic("a mistake")
			}); err == nil || !strings.Contains(err.Error(), "a mistake") {
				t.Errorf("a plan that panics: %v", err)
			}
		})
		all.Go(func() {
			if err := db.write(ctx, func(p *plan) error {
				p.put(openings, key{}.number(999), none)
				p.put(inbox, make(key, 1<<20), none)
				return nil
			}); err == nil {
				t.Error("a key of a megabyte was written")
			}
		})
		all.Go(func() {
			if err := db.write(ctx, func(p *plan) error {
				p.put(openings, key{}.number(999), none)
				p.putJSON(inbox, key("x"), nil, func() {})
				return nil
			}); err == nil {
				t.Error("what is no JSON was written")
			}
		})
	}
	queuedWrites(db, 5*each)
	release()
	all.Wait()
	if n := commits.Load(); n != 2 {
		t.Errorf("%d commits, want the first alone and all others together", n)
	}
	if a, err := db.Audit(ctx); err != nil || a.Wrong != "" || len(a.Heads) != each {
		t.Errorf("%d incidents, %q, %v", len(a.Heads), a.Wrong, err)
	}
}

// TestNothingToCommit commits nothing for what writes nothing.
func TestNothingToCommit(t *testing.T) {
	commits := 0
	db := open(t, filepath.Join(t.TempDir(), "fireboss.db"), Options{Crash: func(string) { commits++ }})
	ctx := t.Context()
	_, err := db.Apply(ctx, incidents.Command{ID: "1", Actor: alice, Incident: 7, Do: incidents.Acknowledge{}})
	if _, refused := incidents.AsRefusal(err); !refused {
		t.Fatal(err)
	}
	_, _, err = db.Seal(ctx, db.options.Now())
	must(t, err)
	if err := db.Finish(ctx, "nobody knows", nil); !errors.Is(err, store.ErrNotFound) {
		t.Error(err)
	}
	if commits != 0 {
		t.Errorf("%d commits of nothing", commits)
	}
}

// TestNoRandomness refuses to write events whose salts could be guessed.
func TestNoRandomness(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fireboss.db")
	if _, err := Open(path, Options{Rand: strings.NewReader("short")}); err == nil {
		t.Error("a store got a name from 5 bytes")
	}
	db := open(t, path, Options{Rand: strings.NewReader(strings.Repeat("x", 16+32))})
	must(t, db.Close())
	db = open(t, path, Options{Rand: strings.NewReader(strings.Repeat("x", 32))})
	c := incidents.Command{Actor: alice, Do: incidents.Open{Title: "checkout is down"}}
	c.Actor.Kind = incidents.System // no responder, so one event
	_, err := db.Apply(t.Context(), c)
	must(t, err)
	if _, err := db.Apply(t.Context(), c); err == nil {
		t.Error("an event was written without salts")
	}
	if _, err := db.Incident(t.Context(), 2); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("INC-2: %v", err)
	}
}

// TestGivenUpBeforeItsTurn skips a write whose caller has gone.
func TestGivenUpBeforeItsTurn(t *testing.T) {
	db, release := held(t, func(string) {})
	ctx, cancel := context.WithCancel(t.Context())
	given := make(chan error, 1)
	go func() {
		given <- db.write(ctx, func(*plan) error {
			t.Error("it was decided all the same")
			return nil
		})
	}()
	queuedWrites(db, 1)
	cancel()
	if err := <-given; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	release()
	must(t, db.Writable(t.Context()))
}

// TestCloseDrains closes a store while many wait: all of them are served.
func TestCloseDrains(t *testing.T) {
	db, release := held(t, func(string) {})
	var all sync.WaitGroup
	const waiting = 50
	for range waiting {
		all.Go(func() { apply(t, db, 0, incidents.Open{Title: "just in time"}) })
	}
	queuedWrites(db, waiting)
	closed := make(chan error, 1)
	go func() { closed <- db.Close() }()
	for refused := false; !refused; runtime.Gosched() { // until it is closing
		db.queue.mu.Lock()
		refused = db.queue.closed
		db.queue.mu.Unlock()
	}
	release()
	all.Wait()
	must(t, <-closed)
}
