//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package bolt

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// A program that was being started while the lock was held has its open file too; the lock goes all the same.
func TestALockIsReleasedWhoeverElseHasItsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fireboss.db")
	held, err := acquire(path, false)
	if err != nil {
		t.Fatal(err)
	}
	heir := exec.Command("sleep", "60")
	heir.ExtraFiles = []*os.File{held.file}
	if err := heir.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = heir.Process.Kill()
		_ = heir.Wait()
	}()
	if err := held.release(); err != nil {
		t.Fatal(err)
	}
	again, err := acquire(path, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.release(); err != nil {
		t.Error(err)
	}
}
