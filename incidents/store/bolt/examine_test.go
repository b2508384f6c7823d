package bolt

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bbolt "go.etcd.io/bbolt"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// TestOpenNoticesWhatIsMissing holds the quick look at the start to what only it
// would notice before somebody writes upon it.
func TestOpenNoticesWhatIsMissing(t *testing.T) {
	last := key{}.number(20)
	drop := func(b bucket, k []byte) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			t.Helper()
			raw, err := bbolt.Open(path, 0o600, nil)
			must(t, err)
			must(t, raw.Update(func(tx *bbolt.Tx) error {
				in := tx.Bucket(b.name)
				for c, k := in.Cursor(), append([]byte{}, k...); ; {
					found, _ := c.Seek(k)
					if !bytes.HasPrefix(found, k) {
						return nil
					}
					if err := in.Delete(found); err != nil {
						return err
					}
				}
			}))
			must(t, raw.Close())
		}
	}
	for name, tt := range map[string]struct {
		damage func(t *testing.T, path string)
		says   string
	}{
		"the last state":           {drop(states, last), "INC-20 is not whole"},
		"where the last one ends":  {drop(heads, last), "INC-20 is not whole"},
		"the events of the last":   {drop(events, last), "INC-20 is not whole"},
		"a page without any rows":  {cutFree, "should have at least"},
		"the first page of events": {clearFirstEvents, "damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filled(t)
			tt.damage(t, path)
			_, err := Open(path, Options{})
			if damaged(t, name, err); !strings.Contains(err.Error(), tt.says) {
				t.Errorf("it says %v", err)
			}
		})
	}
}

// cutFree cuts pages off that were used and are free: every row is there, and the
// file is shorter than it says.
func cutFree(t *testing.T, path string) {
	t.Helper()
	db, err := Open(path, Options{})
	must(t, err)
	_, _, err = db.Receive(t.Context(), store.Delivery{ID: "big", Raw: make([]byte, 1<<20)})
	must(t, err)
	must(t, db.Finish(t.Context(), "big", nil))
	for range 3 { // the rows that are there move into pages before it
		apply(t, db, 1, incidents.AddNote{Text: "look"})
	}
	var size int64
	must(t, db.view(t.Context(), func(r rows) error {
		size = r.tx.Size()
		return nil
	}))
	must(t, db.Close())
	must(t, os.Truncate(path, size-int64(pageSize)))
}

// clearFirstEvents takes the page with the first event away. It is only read by
// who asks for INC-1.
func clearFirstEvents(t *testing.T, path string) {
	t.Helper()
	_, _, err := Compact(path)
	must(t, err)
	b, err := os.ReadFile(path)
	must(t, err)
	at := bytes.Index(b, []byte("message 1 of INC-1\"")) / pageSize * pageSize
	if at <= 0 {
		t.Fatal("there is no such event")
	}
	clear(b[at : at+pageSize])
	must(t, os.WriteFile(path, b, 0o600))
}

// TestRestoreRemovesLeftovers makes room before it copies: a crash may have left
// as much as a store.
func TestRestoreRemovesLeftovers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fireboss.db")
	db := open(t, path, Options{})
	copied := backup(t, db)
	must(t, db.Close())
	must(t, os.WriteFile(path+".unfinished-copy-9", []byte("half"), 0o600))
	_, err := Restore(t.Context(), copied, path, true)
	must(t, err)
	alone(t, path)
}
