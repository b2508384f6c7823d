//go:build linux || darwin

package bolt

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"fireboss/incidents"
)

// limited is what a child does whose files may not become larger than a
// mebibyte: it says what it is told, twice.
func limited(db *DB) {
	ctx := context.Background()
	limit := syscall.Rlimit{Cur: 1 << 20, Max: 1 << 30}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		fmt.Println("cannot be limited:", err)
		return
	}
	write := func() error {
		_, err := db.Apply(ctx, incidents.Command{Actor: alice, Do: incidents.Open{Title: strings.Repeat("x", 80), Summary: strings.Repeat("y", 2000)}})
		return err
	}
	err := write()
	for err == nil {
		err = write()
	}
	fmt.Println("refused:", err)
	fmt.Println("writable:", db.Writable(ctx))
	limit.Cur = limit.Max
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		fmt.Println("cannot be let go:", err)
	}
	fmt.Println("then:", write(), db.Writable(ctx))
}

// TestFileLimit lets a process reach the size that the system allows its files
// (RLIMIT_FSIZE): that is told, and does not end it by a signal.
func TestFileLimit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fireboss.db")
	p := start(t, "limited", path)
	for _, want := range []string{"open ", "refused: ", "writable: ", "then: <nil> <nil>"} {
		line := p.next()
		told := strings.Contains(line, "raise the limit") && strings.Contains(line, path)
		if !strings.HasPrefix(line, want) || strings.HasSuffix(want, ": ") && !told {
			t.Fatalf("it says %q, want %q and what to do", line, want)
		}
	}
	p.kill()
	if a, err := open(t, path, Options{}).Audit(t.Context()); err != nil || a.Wrong != "" {
		t.Errorf("the audit: %q, %v", a.Wrong, err)
	}
}
