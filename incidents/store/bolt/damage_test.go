package bolt

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	bbolterrors "go.etcd.io/bbolt/errors"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// pageSize is that of the files in these tests.
var pageSize = os.Getpagesize()

// damaged expects a DamageError that names the way out.
func damaged(t *testing.T, what string, err error) {
	t.Helper()
	if d := (*DamageError)(nil); !errors.As(err, &d) || !strings.Contains(err.Error(), "fireboss restore BACKUP") || !strings.Contains(err.Error(), "fireboss.db") {
		t.Errorf("%s: got %v, want a damaged file and how to restore it", what, err)
	}
}

func TestDamagedAsAWhole(t *testing.T) {
	whole, err := os.ReadFile(filled(t))
	must(t, err)
	cut := func(n int) func([]byte) []byte { return func(b []byte) []byte { return b[:n] } }
	for name, damage := range map[string]func([]byte) []byte{
		"empty":             cut(0),
		"one byte":          cut(1),
		"half a meta page":  cut(pageSize / 2),
		"one meta page":     cut(pageSize),
		"two meta pages":    cut(2 * pageSize),
		"three pages":       cut(3 * pageSize),
		"cut in the middle": cut(40 * pageSize),
		"text":              func([]byte) []byte { return []byte(strings.Repeat("store: fireboss.db\n", 1000)) },
		"zeros":             func(b []byte) []byte { return make([]byte, len(b)) },
		"both meta pages gone": func(b []byte) []byte {
			clear(b[:2*pageSize])
			return b
		},
		"another bbolt version": func(b []byte) []byte {
			for _, meta := range []int{0, pageSize} {
				binary.NativeEndian.PutUint32(b[meta+16+4:], 99)
			}
			return b
		},
		"every page but the meta pages gone": func(b []byte) []byte {
			clear(b[2*pageSize:])
			return b
		},
	} {
		path := filepath.Join(t.TempDir(), "fireboss.db")
		must(t, os.WriteFile(path, damage(append([]byte{}, whole...)), 0o600))
		for range 2 { // the first try leaves no lock behind
			_, err := Open(path, Options{})
			damaged(t, "Open, "+name, err)
		}
		_, err := OpenReadOnly(path)
		damaged(t, "OpenReadOnly, "+name, err)
		must(t, os.WriteFile(path, whole, 0o600))
		must(t, open(t, path, Options{}).Close())
	}
}

// TestTornMeta tears the meta page that was being written when the power went:
// the one before it counts, and all that was acknowledged is there.
func TestTornMeta(t *testing.T) {
	path := filled(t)
	whole, err := os.ReadFile(path)
	must(t, err)
	for _, meta := range []int{0, pageSize} {
		b := append([]byte{}, whole...)
		clear(b[meta+40 : meta+pageSize])
		must(t, os.WriteFile(path, b, 0o600))
		db, err := Open(path, Options{})
		must(t, err)
		if a, err := db.Audit(t.Context()); err != nil || a.Wrong != "" || len(a.Heads) != 20 {
			t.Errorf("one meta page is torn: %q, %d incidents, %v", a.Wrong, len(a.Heads), err)
		}
		must(t, db.Close())
	}
}

// TestGarbage overwrites pages at random and does everything with what can
// still be opened. Errors are fine; a panic or a fault would end the test, and
// a wrong answer is found by the audit.
func TestGarbage(t *testing.T) {
	path := filled(t)
	_, _, err := Compact(path) // so that every page counts
	must(t, err)
	whole, err := os.ReadFile(path)
	must(t, err)
	rounds := 60
	if testing.Short() {
		rounds = 20
	}
	const seed = 7
	random := rand.New(rand.NewPCG(seed, 0))
	refused, noticed := 0, 0
	for round := range rounds {
		b := append([]byte{}, whole...)
		pages := len(b) / pageSize
		for range 1 + round%4 {
			at := (2 + random.IntN(pages-2)) * pageSize
			for i := range b[at : at+pageSize] {
				b[at+i] = byte(random.Uint32())
			}
		}
		must(t, os.WriteFile(path, b, 0o600))
		db, err := Open(path, Options{})
		if err != nil {
			damaged(t, "Open", err)
			refused++
			continue
		}
		if errs := everything(db); len(errs) > 0 {
			noticed++
		}
		_ = db.Close() // of a damaged file: whatever it says
	}
	if refused == 0 || noticed == 0 {
		t.Errorf("of %d damaged files %d were refused and %d noticed later: this tries nothing", rounds, refused, noticed)
	}
}

// everything uses all of a store and collects the errors.
func everything(db *DB) (errs []error) {
	ctx := context.Background()
	note := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	_, err := db.Incidents(ctx, store.Query{})
	note(err)
	for n := incidents.Number(1); n <= 20; n++ {
		_, err := db.Events(ctx, n, 0, 0)
		note(err)
		_, err = db.Record(ctx, "slack", n)
		note(err)
	}
	_, err = db.Search(ctx, []string{"message"}, 0)
	note(err)
	_, err = db.Due(ctx, time.Now().Add(time.Hour), 0)
	note(err)
	_, err = db.Unfinished(ctx)
	note(err)
	_, err = db.BehindMirror(ctx, "slack")
	note(err)
	_, err = db.Audit(ctx)
	note(err)
	note(db.Backup(ctx, io.Discard))
	for n := incidents.Number(1); n <= 20; n++ {
		_, err := db.Apply(ctx, incidents.Command{Actor: alice, Incident: n, Do: incidents.AddNote{Text: "look"}})
		note(err)
	}
	_, err = db.Apply(ctx, incidents.Command{Actor: alice, Do: incidents.Open{Title: "one more"}})
	note(err)
	note(db.Finish(ctx, "slack/3", nil))
	_, err = db.Forget(ctx, time.Now().Add(time.Hour))
	note(err)
	note(db.Writable(ctx))
	return errs
}

// TestCutWhileOpen takes pages away under a running store, as a disk that
// fails does: an error each time, and never a crash.
func TestCutWhileOpen(t *testing.T) {
	path := filled(t)
	db, err := Open(path, Options{})
	must(t, err)
	must(t, os.Truncate(path, int64(4*pageSize)))
	errs := everything(db)
	if len(errs) == 0 {
		t.Error("most of the file is gone and nothing failed")
	}
	_ = db.Close() // as above
}

// TestFullDisk fills the disk: what does not fit is refused in words, what was
// there stays, and once there is room it goes on.
func TestFullDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fireboss.db")
	must(t, open(t, path, Options{}).Close())
	db := open(t, path, Options{maxSize: 1 << 20})
	apply(t, db, 0, incidents.Open{Title: "checkout is down"})
	_, _, err := db.Receive(t.Context(), store.Delivery{ID: "big", Raw: make([]byte, 4<<20)})
	if !errors.Is(err, bbolterrors.ErrMaxSizeReached) || !strings.Contains(err.Error(), "is full") {
		t.Fatalf("a full disk: %v", err)
	}
	apply(t, db, 1, incidents.AddNote{Text: "this still fits"})
	must(t, db.Writable(t.Context()))
	if a, err := db.Audit(t.Context()); err != nil || a.Wrong != "" {
		t.Errorf("after a full disk: %q, %v", a.Wrong, err)
	}
}

// TestDiskErrors tells errors after which the store may go on from those after
// which nobody knows what is on the disk.
func TestDiskErrors(t *testing.T) {
	write := func(err error) error { return &os.PathError{Op: "write", Path: "x", Err: err} }
	for _, c := range []struct {
		err     error
		certain bool
		says    string
	}{
		{write(syscall.ENOSPC), true, "is full"},
		{write(syscall.EDQUOT), true, "is full"},
		{write(syscall.EROFS), true, "could not be written"},
		{errors.New("file resize error: " + syscall.EFBIG.Error()), true, "raise the limit"}, // as bbolt says it
		{errors.New("file resize error: " + syscall.ENOSPC.Error()), true, "is full"},
		{bbolterrors.ErrMaxSizeReached, true, "is full"},
		{syscall.EIO, false, "did not confirm"}, // from fdatasync
		{syscall.ENOSPC, false, "did not confirm"},
		{&os.PathError{Op: "sync", Path: "x", Err: syscall.EIO}, false, "did not confirm"},
		{fmt.Errorf("file sync error: %w", syscall.EIO), false, "did not confirm"},
	} {
		err, certain := diskError("fireboss.db", c.err)
		if certain != c.certain || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "fireboss.db") {
			t.Errorf("%v: certain %v, %q", c.err, certain, err)
		}
	}
}

// TestBroken holds a store to refusing all writes once it cannot know what is
// on the disk, while what can be read is read.
func TestBroken(t *testing.T) {
	path := filled(t)
	armed := false
	db, err := Open(path, Options{Crash: func(point string) {
		if armed && point == pointBefore {
			panic("the disk went away")
		}
	}})
	must(t, err)
	armed = true
	_, err = db.Apply(t.Context(), incidents.Command{Actor: alice, Do: incidents.Open{Title: "no"}})
	damaged(t, "a commit that panics", err)
	armed = false
	_, err = db.Apply(t.Context(), incidents.Command{Actor: alice, Do: incidents.Open{Title: "no"}})
	damaged(t, "the next commit", err)
	damaged(t, "Writable", db.Writable(t.Context()))
	if _, err := db.Incident(t.Context(), 1); err != nil {
		t.Errorf("reading: %v", err)
	}
	must(t, db.Close())
	must(t, open(t, path, Options{}).Writable(t.Context()))
}
