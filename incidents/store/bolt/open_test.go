package bolt

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"fireboss/incidents"
)

func TestFileIsPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fireboss.db")
	db := open(t, path, Options{})
	mode := func(path string) os.FileMode {
		t.Helper()
		st, err := os.Stat(path)
		must(t, err)
		return st.Mode().Perm()
	}
	if m := mode(path); m != 0o600 {
		t.Errorf("a new store has mode %o", m)
	}
	if m := mode(path + ".lock"); m != 0o600 {
		t.Errorf("its lock has mode %o", m)
	}
	must(t, db.Close())
	must(t, os.Chmod(path, 0o644))
	must(t, open(t, path, Options{}).Close())
	if m := mode(path); m != 0o600 {
		t.Errorf("a store that others could read has mode %o after it was opened", m)
	}
}

func TestPathsThatCannotServe(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	must(t, os.WriteFile(file, []byte("x"), 0o600))
	for path, want := range map[string]string{
		filepath.Join(dir, "nowhere", "fireboss.db"): "folder",
		filepath.Join(file, "fireboss.db"):           "folder",
		dir:                                          "is not a file",
	} {
		if db, err := Open(path, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Open %s: %v, %v", path, db, err)
		}
	}
	missing := filepath.Join(dir, "missing.db")
	if _, err := OpenReadOnly(missing); err == nil || !strings.Contains(err.Error(), "there is no store at") {
		t.Errorf("OpenReadOnly of nothing: %v", err)
	}
	if _, err := os.Stat(missing); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("OpenReadOnly made a file: %v", err)
	}
}

func TestInUse(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "fireboss.db")
	link := filepath.Join(dir, "link.db")
	must(t, os.Symlink(path, link))
	p := start(t, "hold", path)
	var pid int
	if _, err := fmt.Sscanf(p.next(), "open %d", &pid); err != nil || pid != p.cmd.Process.Pid {
		t.Fatalf("the process says it is %d, it is %d: %v", pid, p.cmd.Process.Pid, err)
	}
	want := fmt.Sprintf("is in use by pid %d", pid)
	for name, try := range map[string]func() error{
		"Open":           func() error { _, err := Open(path, Options{}); return err },
		"Open by a link": func() error { _, err := Open(link, Options{}); return err },
		"OpenReadOnly":   func() error { _, err := OpenReadOnly(path); return err },
		"Restore":        func() error { _, err := Restore(t.Context(), path, path, true); return err },
		"Compact":        func() error { _, _, err := Compact(path); return err },
	} {
		err := try()
		if used := (*InUseError)(nil); !errors.As(err, &used) || used.PID != pid || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	p.kill()
	db := open(t, path, Options{}) // the pid that was left behind keeps nobody out
	_, err := Open(path, Options{})
	if used := (*InUseError)(nil); !errors.As(err, &used) || used.PID != os.Getpid() {
		t.Errorf("twice in one process: %v", err)
	}
	must(t, db.Close())
	reader, err := OpenReadOnly(path)
	must(t, err)
	if _, err := Open(path, Options{}); err == nil {
		t.Error("it could be opened for writing while somebody read it")
	}
	must(t, reader.Close())
}

// TestHandover opens a store while the one who has it is about to close it.
func TestHandover(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fireboss.db")
	db := open(t, path, Options{})
	got := make(chan error, 1)
	go func() {
		next, err := Open(path, Options{})
		if err == nil {
			err = next.Close()
		}
		got <- err
	}()
	must(t, db.Close())
	if err := <-got; err != nil {
		t.Errorf("the next one did not wait: %v", err)
	}
}

// TestLeftovers opens a store beside which a crash left half-made files.
func TestLeftovers(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "fire[boss].db")
	must(t, open(t, path, Options{}).Close())
	mine := []string{path + ".unfinished-new-123", path + ".unfinished-copy-9"}
	others := []string{filepath.Join(dir, "fireb.db.unfinished-new-1"), path + ".backup-1", path + "-old", path + ".new-1"}
	for _, name := range append(mine, others...) {
		must(t, os.WriteFile(name, []byte("half"), 0o600))
	}
	must(t, open(t, path, Options{}).Close())
	for _, name := range mine {
		if _, err := os.Stat(name); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there", name)
		}
	}
	for _, name := range others {
		if _, err := os.Stat(name); err != nil {
			t.Errorf("%s was removed", name)
		}
	}
}

func TestReadOnly(t *testing.T) {
	path := filled(t)
	before, err := os.ReadFile(path)
	must(t, err)
	db, err := OpenReadOnly(path)
	must(t, err)
	defer db.Close()
	ctx := t.Context()
	if in, err := db.Incident(ctx, 3); err != nil || in.Number != 3 {
		t.Errorf("Incident: %+v, %v", in, err)
	}
	if a, err := db.Audit(ctx); err != nil || a.Wrong != "" || a.Events == 0 {
		t.Errorf("Audit: %+v, %v", a, err)
	}
	if b, err := os.Stat(backup(t, db)); err != nil || b.Size() == 0 {
		t.Errorf("a backup of a stopped store: %v", err)
	}
	_, applied := db.Apply(ctx, incidents.Command{Actor: alice, Do: incidents.Open{Title: "no"}})
	for _, err := range []error{applied, db.Writable(ctx), db.AddMirror(ctx, "slack"), db.Finish(ctx, "slack/1", nil)} {
		if !errors.Is(err, errReadOnly) {
			t.Errorf("a write: %v", err)
		}
	}
	must(t, db.Close())
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, before) {
		t.Errorf("reading changed the file: %v", err)
	}
}

// TestBubble runs a store in a bubble of synctest, as the program's tests do.
func TestBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := open(t, filepath.Join(t.TempDir(), "fireboss.db"), Options{})
		for range 10 {
			go func() {
				_, _ = db.Apply(t.Context(), incidents.Command{Actor: alice, Do: incidents.Open{Title: "in a bubble"}})
			}()
		}
		synctest.Wait()
		if a, err := db.Audit(t.Context()); err != nil || a.Wrong != "" || len(a.Heads) != 10 {
			t.Errorf("%+v, %v", a, err)
		}
		must(t, db.Close())
	})
}

// TestSyncs looks at what no test can see without cutting the power.
func TestSyncs(t *testing.T) {
	b := open(t, filepath.Join(t.TempDir(), "fireboss.db"), Options{}).bolt
	if b.NoSync || b.NoGrowSync || b.NoFreelistSync {
		t.Errorf("bbolt does not sync all it writes: NoSync %v, NoGrowSync %v, NoFreelistSync %v", b.NoSync, b.NoGrowSync, b.NoFreelistSync)
	}
}
