package bolt

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// What is being made beside a store has its name and one of these, so that the
// next start can remove what a crash has left. Nobody would name a backup so.
const (
	leftoverNew    = ".unfinished-new-*"
	leftoverBackup = ".unfinished-copy-*"
)

// removeLeftovers removes what a crash left beside a store. Whoever calls it
// has the lock.
func removeLeftovers(path string) error {
	for _, pattern := range []string{leftoverNew, leftoverBackup} {
		list, err := os.ReadDir(filepath.Dir(path))
		if err != nil {
			return err
		}
		for _, entry := range list {
			if ok, _ := filepath.Match(escape(filepath.Base(path))+pattern, entry.Name()); !ok || !entry.Type().IsRegular() {
				continue
			}
			if err := os.Remove(filepath.Join(filepath.Dir(path), entry.Name())); err != nil {
				return fmt.Errorf("what is left of an interrupted copy cannot be removed: %w", err)
			}
		}
	}
	return nil
}

// escape makes a name match itself alone.
func escape(name string) string {
	var b []byte
	for _, c := range []byte(name) {
		if c == '*' || c == '?' || c == '[' || c == '\\' {
			b = append(b, '\\')
		}
		b = append(b, c)
	}
	return string(b)
}

// install gives a file that is complete its name, in place of what had it. It
// is durable when install returns.
func install(from, to string) error {
	if err := syncFile(from); err != nil {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return syncFile(filepath.Dir(to))
}

// syncFile makes a file's bytes, or a folder's names, durable.
func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(flush(f), f.Close())
}

// flush is fsync; a test watches it, for without a loss of power nobody else can.
var flush = (*os.File).Sync

// warm reads a file from front to end, so that reading its pages in any order
// afterwards finds them in memory.
func warm(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, f)
	return errors.Join(err, f.Close())
}
