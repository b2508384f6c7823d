package bolt

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// watchFlush notes, at each fsync of what, which of the names in its folder is there.
func watchFlush(t *testing.T, note func(path string)) {
	t.Helper()
	was := flush
	t.Cleanup(func() { flush = was })
	flush = func(f *os.File) error {
		note(f.Name())
		return was(f)
	}
}

// TestInstallIsDurable holds install to its order: the bytes are on the disk
// before they get the name, and the name is when it answers. Another order
// could leave, after a loss of power, a name with half of the bytes, or the
// file of before although somebody was told that it was replaced.
func TestInstallIsDurable(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "from"), filepath.Join(dir, "to")
	must(t, os.WriteFile(from, []byte("whole"), 0o600))
	var got []string
	watchFlush(t, func(path string) {
		_, err := os.Stat(to)
		got = append(got, fmt.Sprintf("%s, named: %v", filepath.Base(path), err == nil))
	})
	must(t, install(from, to))
	if want := []string{"from, named: false", filepath.Base(dir) + ", named: true"}; !slices.Equal(got, want) {
		t.Errorf("fsync was called for %q, want %q", got, want)
	}
}

// TestInstallOfWhatIsNotDurable leaves what has the name where the disk does
// not take the new file.
func TestInstallOfWhatIsNotDurable(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "from"), filepath.Join(dir, "to")
	must(t, os.WriteFile(from, []byte("new"), 0o600))
	must(t, os.WriteFile(to, []byte("old"), 0o600))
	was, broken := flush, errors.New("input/output error")
	t.Cleanup(func() { flush = was })
	flush = func(*os.File) error { return broken }
	if err := install(from, to); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if b, err := os.ReadFile(to); err != nil || string(b) != "old" {
		t.Errorf("it says %q (%v)", b, err)
	}
}

// TestWhatIsMadeIsInstalled holds every way in which a store gets its file to
// install, and so to its order.
func TestWhatIsMadeIsInstalled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fireboss.db")
	flushed := func(what string, f func()) {
		t.Helper()
		var got []string
		watchFlush(t, func(path string) { got = append(got, path) })
		f()
		if !slices.Contains(got, filepath.Dir(path)) {
			t.Errorf("%s: fsync was called for %q", what, got)
		}
	}
	flushed("a new store", func() { must(t, open(t, path, Options{}).Close()) })
	db := open(t, path, Options{})
	copied := backup(t, db)
	must(t, db.Close())
	flushed("restore", func() { _, err := Restore(t.Context(), copied, path, true); must(t, err) })
	flushed("compact", func() { _, _, err := Compact(path); must(t, err) })
}
