package bolt

import (
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	bbolt "go.etcd.io/bbolt"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// rewrite makes a store's file as another version would have left it.
func rewrite(t *testing.T, path string, change func(*bbolt.Tx) error) {
	t.Helper()
	b, err := bbolt.Open(path, 0o600, nil)
	must(t, err)
	must(t, b.Update(change))
	must(t, b.Close())
}

func TestNewerSchema(t *testing.T) {
	path := filled(t)
	rewrite(t, path, func(tx *bbolt.Tx) error { return setSchema(tx, schemaVersion+1) })
	_, err := Open(path, Options{})
	_, readErr := OpenReadOnly(path)
	for _, err := range []error{err, readErr} {
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("newer Fireboss (schema %d, this one knows %d)", schemaVersion+1, schemaVersion)) || !strings.Contains(err.Error(), "fireboss restore BACKUP") {
			t.Errorf("a newer schema: %v", err)
		}
	}
}

// TestRestoreSchema restores a backup of a version that is to come.
func TestRestoreSchema(t *testing.T) {
	path, newer := filled(t), filled(t)
	rewrite(t, newer, func(tx *bbolt.Tx) error { return setSchema(tx, schemaVersion+1) })
	_, err := Restore(t.Context(), newer, path, true)
	if err == nil || !strings.Contains(err.Error(), newer) || !strings.Contains(err.Error(), fmt.Sprintf("a newer Fireboss wrote it (schema %d", schemaVersion+1)) {
		t.Errorf("a backup with a newer schema: %v", err)
	}
}

func TestOlderSchema(t *testing.T) {
	path := filled(t)
	rewrite(t, path, func(tx *bbolt.Tx) error { return setSchema(tx, 0) })
	if _, err := Open(path, Options{}); err == nil || !strings.Contains(err.Error(), "so old (schema 0)") {
		t.Errorf("a schema that nothing leads from: %v", err)
	}
	if _, err := OpenReadOnly(path); err == nil || !strings.Contains(err.Error(), "older Fireboss") {
		t.Errorf("an old schema for reading: %v", err)
	}
}

// TestEarlierSchemas opens files of versions that had fewer kinds of rows.
func TestEarlierSchemas(t *testing.T) {
	for version, without := range map[uint64][]bucket{1: {changes, postmortems, sections, traits}, 2: {postmortems, sections, traits}, 4: {postmortems, sections, traits}, 6: {traits, beats, alertHours, silences, silenceEnds, silencesDue, silenceRequests, alertQuiet}, 7: {traits}} {
		path := filled(t)
		rewrite(t, path, func(tx *bbolt.Tx) error {
			for _, b := range without {
				must(t, tx.DeleteBucket(b.name))
			}
			return setSchema(tx, version)
		})
		db, err := Open(path, Options{})
		must(t, err)
		must(t, db.PutServiceChange(t.Context(), incidents.ServiceChange{ID: "a", Service: "checkout", Title: "x", At: time.Now()}))
		apply(t, db, 1, incidents.DraftPostmortem{Document: draft(1, "It began.")})
		must(t, db.WatchedHour(t.Context(), time.Now()))
		must(t, db.ForgetBeat(t.Context(), "alertmanager", "watchdog"))
		a, err := db.Audit(t.Context())
		if err != nil || a.Wrong != "" || a.Events == 0 {
			t.Errorf("from version %d: the audit says %+v %v", version, a, err)
		}
		list, err := db.Incidents(t.Context(), store.Query{Words: []string{"checkout"}})
		if err != nil || len(list) != 20 {
			t.Errorf("from version %d: a list by a word has %d, %v", version, len(list), err)
		}
		check(t, db)
		must(t, db.Close())
	}
}

// TestEarlierTraits opens a file of version 7 with an incident that cannot be read: it is not found, and all else is.
func TestEarlierTraits(t *testing.T) {
	path := filled(t)
	db, err := Open(path, Options{})
	must(t, err)
	over, err := db.Incidents(t.Context(), store.Query{Status: incidents.Closed, Before: 20, Limit: 1}) // for those that are open the start looks
	must(t, err)
	must(t, db.Close())
	rewrite(t, path, func(tx *bbolt.Tx) error {
		return errors.Join(tx.DeleteBucket(traits.name), tx.Bucket(states.name).Put(key{}.number(over[0].Number), []byte("{")), setSchema(tx, 7))
	})
	db, err = Open(path, Options{})
	must(t, err)
	list, err := db.Incidents(t.Context(), store.Query{Words: []string{"checkout"}})
	if err != nil || len(list) != 19 {
		t.Errorf("%d are found, %v", len(list), err)
	}
	if a, err := db.Audit(t.Context()); err != nil || a.Wrong != over[0].Number.String()+" is missing or cannot be read" {
		t.Errorf("the audit says %+v, %v", a.Wrong, err)
	}
	must(t, db.Close())
}

// TestEarlierFigures opens a file of version 3, whose figures were JSON, and which knew
// no load.
func TestEarlierFigures(t *testing.T) {
	path := filled(t)
	db, err := Open(path, Options{})
	must(t, err)
	want, err := db.Figures(t.Context(), store.FiguresQuery{Load: true})
	must(t, err)
	must(t, db.Close())
	rewrite(t, path, func(tx *bbolt.Tx) error {
		for n := range incidents.Number(20) {
			if err := tx.Bucket(figures.name).Put(key{}.number(n+1), []byte(`{"number":1}`)); err != nil {
				return err
			}
		}
		return errors.Join(tx.DeleteBucket(load.name), setSchema(tx, 3))
	})
	db, err = Open(path, Options{})
	must(t, err)
	got, err := db.Figures(t.Context(), store.FiguresQuery{Load: true})
	must(t, err)
	if len(got) != 20 || len(got[0].Load) == 0 || !reflect.DeepEqual(got, want) {
		t.Errorf("after the migration the figures are\n%+v\nwant\n%+v", got, want)
	}
	a, err := db.Audit(t.Context())
	if err != nil || a.Wrong != "" {
		t.Errorf("after the migration the audit says %+v %v", a, err)
	}
	check(t, db)
	must(t, db.Close())
}

// TestMigrate brings a fabricated file of version 1 to version 3.
func TestMigrate(t *testing.T) {
	b, err := bbolt.Open(filepath.Join(t.TempDir(), "old.db"), 0o600, nil)
	must(t, err)
	defer b.Close()
	must(t, b.Update(func(tx *bbolt.Tx) error {
		m, err := tx.CreateBucket(meta.name)
		if err != nil {
			return err
		}
		return errors.Join(setSchema(tx, 1), m.Put([]byte("old"), []byte("row")))
	}))
	value := func(name string) (v string) {
		must(t, b.View(func(tx *bbolt.Tx) error {
			v = string(tx.Bucket(meta.name).Get([]byte(name)))
			return nil
		}))
		return v
	}
	step := func(from, to string) migration {
		return func(tx *bbolt.Tx) error {
			m := tx.Bucket(meta.name)
			if err := m.Put([]byte(to), m.Get([]byte(from))); err != nil {
				return err
			}
			return m.Delete([]byte(from))
		}
	}
	broken := errors.New("no such row")
	fails := func(tx *bbolt.Tx) error { return broken }

	err = migrate(b, "old.db", map[uint64]migration{1: step("old", "new"), 2: fails}, 3)
	if !errors.Is(err, broken) || value("old") != "row" || value("new") != "" {
		t.Errorf("a step that fails: %v, and the rows are %q and %q", err, value("old"), value("new"))
	}
	must(t, migrate(b, "old.db", map[uint64]migration{1: step("old", "new"), 2: step("new", "newest")}, 3))
	if value("newest") != "row" || value("old") != "" {
		t.Errorf("after two steps: %q", value("newest"))
	}
	must(t, migrate(b, "old.db", nil, 3)) // is up to date
	if err := migrate(b, "old.db", nil, 2); err == nil {
		t.Error("a newer file was taken")
	}
}

// TestSecondSchema opens a file of version 2, which knew nobody who signs in.
func TestThirdSchema(t *testing.T) {
	path := filled(t)
	rewrite(t, path, func(tx *bbolt.Tx) error {
		return errors.Join(tx.DeleteBucket(sessions.name), tx.DeleteBucket(links.name), tx.DeleteBucket(tokens.name), tx.DeleteBucket(tokenIDs.name), setSchema(tx, 2))
	})
	db, err := Open(path, Options{})
	must(t, err)
	must(t, db.PutAPIToken(t.Context(), store.APIToken{Name: "ci", ID: "1f"}))
	must(t, db.Close())
}
