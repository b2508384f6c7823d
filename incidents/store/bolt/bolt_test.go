package bolt

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
	"fireboss/incidents/store/storetest"
)

func TestContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T, o storetest.Options) storetest.Opened {
		path := filepath.Join(t.TempDir(), "fireboss.db")
		options := Options{Rules: o.Rules, Now: o.Now, Committed: o.Committed}
		db := open(t, path, options)
		return storetest.Opened{Store: db, Reopen: func() store.Store {
			t.Helper()
			if alive(db) {
				check(t, db)
			}
			if err := db.Close(); err != nil {
				t.Fatalf("Close: %v", err)
			}
			db = open(t, path, options)
			return db
		}}
	})
}

// open opens a store that ends with the test.
func open(t testing.TB, path string, o Options) *DB {
	t.Helper()
	db, err := Open(path, o)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() {
		if _, benchmark := t.(*testing.B); !benchmark && alive(db) {
			check(t, db)
		}
		if err := db.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return db
}

// alive reports whether a store has not been closed.
func alive(db *DB) bool {
	return db.view(context.Background(), func(rows) error { return nil }) == nil
}

// alice says what a test needs said.
var alice = incidents.Actor{Kind: incidents.User, ID: "slack:T1/U1", Name: "Alice"}

// apply does what must succeed.
func apply(t testing.TB, db *DB, n incidents.Number, act incidents.Act) incidents.Outcome {
	t.Helper()
	out, err := db.Apply(context.Background(), incidents.Command{Actor: alice, Incident: n, Origin: "slack", Do: act})
	if err != nil {
		t.Errorf("%T: %v", act, err)
	}
	return out
}

// filled makes a store with some of everything in it and closes it.
func filled(t testing.TB) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "fireboss.db")
	db := open(t, path, Options{Rules: func() incidents.Rules { return incidents.Rules{Clock: incidents.DefaultClock()} }})
	ctx := context.Background()
	must(t, db.AddMirror(ctx, "slack"))
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			n := apply(t, db, 0, incidents.Open{Title: "checkout is down", Severity: incidents.Severity(i % 5)}).Incident.Number
			for j := range 20 {
				apply(t, db, n, incidents.RecordMessage{ID: incidents.OutsideID{Mirror: "slack", ID: fmt.Sprint(j)}, Text: fmt.Sprint("message ", j, " of ", n)})
			}
			if i%3 == 0 {
				apply(t, db, n, incidents.Close{})
			}
			_, _, err := db.Receive(ctx, store.Delivery{ID: fmt.Sprint("slack/", i), Door: "slack", At: time.Now(), Raw: make([]byte, 3000)})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	must(t, db.Close())
	return path
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
