package bolt

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	bbolterrors "go.etcd.io/bbolt/errors"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// TestAGroupThatFailsIsNobodysAnswer lets a group's commit fail. A refusal in it
// rests on what others in the group wrote before, and that is not there; so who
// was refused hears of the disk, too, and may say it again.
func TestAGroupThatFailsIsNobodysAnswer(t *testing.T) {
	inside, released := make(chan struct{}), make(chan struct{})
	first := sync.OnceFunc(func() {
		close(inside)
		<-released
	})
	var mu sync.Mutex
	var told [][]incidents.Number
	db := open(t, filepath.Join(t.TempDir(), "fireboss.db"), Options{maxSize: 1 << 20, Crash: func(string) { first() }, Committed: func(list []incidents.Number) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, list)
	}})
	go func() { _ = db.Writable(context.Background()) }()
	<-inside
	var all sync.WaitGroup
	var errs [3]error
	for i, write := range []func() error{
		func() error {
			_, err := db.Apply(t.Context(), incidents.Command{Actor: alice, Do: incidents.Open{Title: "checkout is down"}})
			return err
		},
		func() error { // INC-1 is open, says the one before
			_, err := db.Apply(t.Context(), incidents.Command{Actor: alice, Incident: 1, Do: incidents.Reopen{Why: "it is back"}})
			return err
		},
		func() error {
			_, _, err := db.Receive(t.Context(), store.Delivery{ID: "big", Raw: make([]byte, 4<<20)})
			return err
		},
	} {
		all.Go(func() { errs[i] = write() })
		queuedWrites(db, i+1)
	}
	close(released)
	all.Wait()
	for i, err := range errs {
		if !errors.Is(err, bbolterrors.ErrMaxSizeReached) {
			t.Errorf("write %d of the group: %v", i, err)
		}
	}
	if _, err := db.Incident(t.Context(), 1); !errors.Is(err, store.ErrNotFound) || len(told) > 0 {
		t.Errorf("INC-1: %v; told were %v", err, told)
	}
}

// TestToldIsWhatCanBeRead holds Committed to coming after the commit: whoever is
// told reads what was written.
func TestToldIsWhatCanBeRead(t *testing.T) {
	var db *DB
	var titles []string
	db = open(t, filepath.Join(t.TempDir(), "fireboss.db"), Options{Committed: func(list []incidents.Number) {
		for _, n := range list {
			in, err := db.Incident(context.Background(), n)
			if err != nil {
				t.Error(err) // Fatal would end the one who writes
			}
			titles = append(titles, in.Title)
		}
	}})
	apply(t, db, 0, incidents.Open{Title: "checkout is down"})
	apply(t, db, 1, incidents.Rename{Title: "checkout is slow"})
	if got := strings.Join(titles, ", "); got != "checkout is down, checkout is slow" {
		t.Errorf("told were %s", got)
	}
}

// TestAWriteThatFailsHalfWayLeavesNothing lets the file refuse the second row of
// a plan: the first must not be there, whatever else is in its group.
func TestAWriteThatFailsHalfWayLeavesNothing(t *testing.T) {
	db, release := held(t, func(string) {})
	var all sync.WaitGroup
	all.Go(func() {
		err := db.write(context.Background(), func(p *plan) error {
			p.put(openings, key{}.number(999), none)
			p.put(inbox, key{}, none) // a row without a key
			return nil
		})
		if err == nil {
			t.Error("a row without a key was written")
		}
	})
	all.Go(func() { _, _, _ = db.Receive(context.Background(), store.Delivery{ID: "slack/1"}) }) // it may fail, too
	queuedWrites(db, 2)
	release()
	all.Wait()
	must(t, db.view(t.Context(), func(r rows) error {
		if r.get(openings, key{}.number(999)) != nil {
			t.Error("half of a plan was written")
		}
		return nil
	}))
	must(t, db.Writable(t.Context()))
}

// TestADeliveryWithoutAnIDSpoilsNobodysWrite: bbolt refuses an empty key, and
// with it a whole transaction.
func TestADeliveryWithoutAnIDSpoilsNobodysWrite(t *testing.T) {
	db, release := held(t, func(string) {})
	refused := make(chan error, 1)
	go func() {
		_, _, err := db.Receive(context.Background(), store.Delivery{Raw: []byte("x")})
		refused <- err
	}()
	for waits := false; !waits && len(refused) == 0; runtime.Gosched() {
		db.queue.mu.Lock()
		waits = len(db.queue.waiting) > 0
		db.queue.mu.Unlock()
	}
	var all sync.WaitGroup
	all.Go(func() {
		if _, _, err := db.Receive(context.Background(), store.Delivery{ID: "slack/1"}); err != nil {
			t.Errorf("beside it: %v", err)
		}
	})
	queuedWrites(db, 1)
	release()
	all.Wait()
	if err := <-refused; err == nil {
		t.Error("it was taken")
	}
}
