package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// content is all that a store answers about its incidents.
func content(t *testing.T, db *DB) string {
	t.Helper()
	var b strings.Builder
	list, err := db.Incidents(context.Background(), store.Query{})
	must(t, err)
	for _, in := range list {
		said, err := db.Events(context.Background(), in.Number, 0, 0)
		must(t, err)
		fmt.Fprintln(&b, in, said)
	}
	fmt.Fprintln(&b, db.Identity())
	return b.String()
}

func backup(t *testing.T, db *DB) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "backup.db")
	f, err := os.Create(path)
	must(t, err)
	must(t, db.Backup(context.Background(), f))
	must(t, f.Close())
	return path
}

// alone expects that nothing lies beside a store but its lock.
func alone(t *testing.T, path string) {
	t.Helper()
	list, err := filepath.Glob(path + "*")
	must(t, err)
	for _, name := range list {
		if name != path && name != path+".lock" {
			t.Errorf("%s was left behind", name)
		}
	}
}

func TestBackupAndRestore(t *testing.T) {
	path := filled(t)
	db := open(t, path, Options{})
	want := content(t, db)
	copied := backup(t, db)
	alone(t, path)
	apply(t, db, 1, incidents.AddNote{Text: "after the backup"})
	must(t, db.Close())

	if _, err := Restore(t.Context(), copied, path, false); err == nil || !strings.Contains(err.Error(), "--force") {
		t.Errorf("over a store that is there: %v", err)
	}
	again := open(t, path, Options{})
	if content(t, again) == want {
		t.Error("a restore that was refused changed the store")
	}
	must(t, again.Close())
	fresh := filepath.Join(t.TempDir(), "fresh.db")
	for _, to := range []struct {
		path  string
		force bool
	}{{path, true}, {fresh, false}, {fresh, true}} {
		a, err := Restore(t.Context(), copied, to.path, to.force)
		if err != nil || a.Wrong != "" || len(a.Heads) != 20 {
			t.Fatalf("Restore: %+v, %v", a, err)
		}
		alone(t, to.path)
		back := open(t, to.path, Options{})
		if got := content(t, back); got != want {
			t.Errorf("restored:\n%s\nwant\n%s", got, want)
		}
		must(t, back.Close())
		if st, err := os.Stat(to.path); err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("the restored store: %v, %v", st.Mode(), err)
		}
	}
}

func TestRestoreRefuses(t *testing.T) {
	path := filled(t)
	db := open(t, path, Options{})
	good, err := os.ReadFile(backup(t, db))
	must(t, err)
	want := content(t, db)
	must(t, db.Close())
	forged := bytes.Replace(bytes.Clone(good), []byte("message 7 of INC-9"), []byte("message 7 of INC-8"), 1)
	dir := t.TempDir()
	for name, b := range map[string][]byte{"empty": {}, "text": []byte("backup"), "cut": good[:len(good)/2], "forged": forged} {
		bad := filepath.Join(dir, name)
		must(t, os.WriteFile(bad, b, 0o600))
		if _, err := Restore(t.Context(), bad, path, true); err == nil || !strings.Contains(err.Error(), bad) || !strings.Contains(err.Error(), "was not touched") || strings.Contains(err.Error(), "unfinished") {
			t.Errorf("a backup that is %s: %v", name, err)
		}
		alone(t, path)
	}
	for _, none := range []string{filepath.Join(dir, "nowhere"), dir, os.DevNull} {
		if _, err := Restore(t.Context(), none, path, true); err == nil || !strings.Contains(err.Error(), "fireboss backup has written") {
			t.Errorf("%s was restored: %v", none, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	must(t, os.WriteFile(filepath.Join(dir, "good"), good, 0o600))
	if _, err := Restore(ctx, filepath.Join(dir, "good"), path, true); !errors.Is(err, context.Canceled) {
		t.Errorf("a restore that is given up: %v", err)
	}
	if got := content(t, open(t, path, Options{})); got != want {
		t.Error("a restore that failed changed the store")
	}
}

// TestNothingRemovedIsCopied looks for a redacted text in the bytes of a backup
// and of a compacted store.
func TestNothingRemovedIsCopied(t *testing.T) {
	path := filled(t)
	db := open(t, path, Options{})
	const secret = "correct-horse-battery-staple"
	id := incidents.OutsideID{Mirror: "slack", ID: "secret"}
	_, _, err := db.Receive(t.Context(), store.Delivery{ID: "slack/secret", Raw: []byte(secret)})
	must(t, err)
	apply(t, db, 1, incidents.RecordMessage{ID: id, Text: secret})
	must(t, db.Finish(t.Context(), "slack/secret", nil))
	apply(t, db, 1, incidents.RecordDeletion{ID: id})
	for name, file := range map[string]string{"the backup": backup(t, db), "the compacted store": path} {
		if file == path {
			must(t, db.Close())
			_, _, err := Compact(path)
			must(t, err)
		}
		b, err := os.ReadFile(file)
		must(t, err)
		if bytes.Contains(b, []byte(secret)) || bytes.Contains(b, []byte("staple")) {
			t.Errorf("%s still holds what was removed", name)
		}
	}
}

func TestCompact(t *testing.T) {
	path := filled(t)
	db := open(t, path, Options{})
	for i := range 50 {
		id := fmt.Sprint("big/", i)
		_, _, err := db.Receive(t.Context(), store.Delivery{ID: id, Raw: make([]byte, 500_000)})
		must(t, err)
		must(t, db.Finish(t.Context(), id, nil))
	}
	want := content(t, db)
	must(t, db.Close())
	before, after, err := Compact(path)
	must(t, err)
	st, err := os.Stat(path)
	must(t, err)
	if after >= before || st.Size() != after || st.Mode().Perm() != 0o600 {
		t.Errorf("compacted from %d to %d bytes, the file has %d and mode %v", before, after, st.Size(), st.Mode())
	}
	alone(t, path)
	db = open(t, path, Options{})
	if got := content(t, db); got != want {
		t.Error("compacting changed the store")
	}
	apply(t, db, 1, incidents.AddNote{Text: "on it goes"})
	if _, _, err := Compact(filepath.Join(t.TempDir(), "nowhere.db")); err == nil {
		t.Error("nothing was compacted")
	}
}

// TestBackupOfDamage holds a backup to noticing what cannot be read: one that
// cannot be restored is none.
func TestBackupOfDamage(t *testing.T) {
	path := filled(t)
	_, _, err := Compact(path)
	must(t, err)
	whole, err := os.ReadFile(path)
	must(t, err)
	at := bytes.Index(whole, []byte("message 7 of INC-9")) / pageSize * pageSize
	clear(whole[at : at+pageSize])
	must(t, os.WriteFile(path, whole, 0o600))
	db, err := Open(path, Options{})
	must(t, err)
	defer db.Close()
	damaged(t, "a backup of a damaged store", db.Backup(t.Context(), io.Discard))
	alone(t, path)
}

// TestCopyTo copies a stopped store without a trace beside it, so that it may be
// on a disk that is full or cannot be written.
func TestCopyTo(t *testing.T) {
	path := filled(t)
	db, err := OpenReadOnly(path)
	must(t, err)
	defer db.Close()
	copied := filepath.Join(t.TempDir(), "backup.db")
	must(t, os.WriteFile(copied, nil, 0o600))
	must(t, db.CopyTo(copied))
	alone(t, path)
	if got, want := content(t, open(t, copied, Options{})), content(t, db); got != want {
		t.Errorf("the copy holds\n%s\nwant\n%s", got, want)
	}
	if err := open(t, filled(t), Options{}).CopyTo(copied); err == nil {
		t.Error("a store that may be written meanwhile was copied as if it were not")
	}
}
