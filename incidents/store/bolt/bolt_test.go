package bolt

import (
	"path/filepath"
	"testing"

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
		if err := db.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return db
}
