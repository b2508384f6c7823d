package bolt

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"fireboss/incidents"
)

// TestNothingIsWrittenAfterAnUncertainCommit lets fdatasync fail, as a disk does
// that is dying. Nobody knows what of the commit is on the disk, and a later one
// could succeed upon pages that are not; so there is none, until the next start
// has looked.
func TestNothingIsWrittenAfterAnUncertainCommit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fireboss.db")
	db, err := Open(path, Options{})
	must(t, err)
	apply(t, db, 0, incidents.Open{Title: "checkout is down"})
	mend := swallow(t, path)
	note := incidents.Command{Actor: alice, Incident: 1, Do: incidents.AddNote{Text: "was it kept?"}}
	_, err = db.Apply(t.Context(), note)
	if err == nil || !strings.Contains(err.Error(), "did not confirm") {
		t.Errorf("a commit that was not confirmed: %v", err)
	}
	mend() // the disk is well again, and yet
	if _, err := db.Apply(t.Context(), note); err == nil || !strings.Contains(err.Error(), "did not confirm") {
		t.Errorf("the next one: %v", err)
	}
	if err := db.Writable(t.Context()); err == nil {
		t.Error("it says that it can be written")
	}
	if _, err := db.Incident(t.Context(), 1); err != nil {
		t.Errorf("reading: %v", err)
	}
	must(t, db.Close())
	db = open(t, path, Options{})
	apply(t, db, 1, incidents.AddNote{Text: "on it goes"})
	if a, err := db.Audit(t.Context()); err != nil || a.Wrong != "" {
		t.Errorf("after the next start: %q, %v", a.Wrong, err)
	}
}

// swallow puts /dev/null in the place of an open file: it takes every write and
// confirms none. mend gives the file back.
func swallow(t *testing.T, path string) (mend func()) {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	must(t, err)
	for _, entry := range list {
		if to, err := os.Readlink("/proc/self/fd/" + entry.Name()); err != nil || to != path {
			continue
		}
		var fd int
		_, err := fmt.Sscan(entry.Name(), &fd)
		must(t, err)
		kept, err := syscall.Dup(fd)
		must(t, err)
		null, err := os.OpenFile("/dev/null", os.O_RDWR, 0)
		must(t, err)
		must(t, syscall.Dup3(int(null.Fd()), fd, 0))
		must(t, null.Close())
		return func() {
			t.Helper()
			must(t, syscall.Dup3(kept, fd, 0))
			must(t, syscall.Close(kept))
		}
	}
	t.Fatal("the file is not open")
	return nil
}

// TestInUseByAStranger opens a store that a program has which knows bbolt's lock
// and not ours: it says so, and does not wait for ever.
func TestInUseByAStranger(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fireboss.db")
	must(t, open(t, path, Options{}).Close())
	f, err := os.Open(path)
	must(t, err)
	defer f.Close()
	must(t, syscall.Flock(int(f.Fd()), syscall.LOCK_EX))
	got := make(chan error, 1)
	go func() {
		_, err := Open(path, Options{})
		got <- err
	}()
	select {
	case err := <-got:
		if used := (*InUseError)(nil); !errors.As(err, &used) || used.PID != 0 {
			t.Errorf("got %v", err)
		}
	case <-time.After(time.Minute):
		t.Fatal("it waits")
	}
}
