package bolt

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime/debug"
	"strings"
	"syscall"

	bbolterrors "go.etcd.io/bbolt/errors"

	"fireboss/incidents/store"
)

// DamageError says that a file is not what was once written.
type DamageError struct {
	Path  string // the file
	What  string // what is wrong with it
	Err   error  // what was behind it; may be nil
	Stack []byte // where it was noticed, for the log; may be nil
}

func (e *DamageError) Error() string {
	return fmt.Sprintf("%s seems to be damaged, or is not a store of Fireboss (%s). Stop Fireboss and check it with fireboss audit verify; if it is damaged, put the last backup in its place: fireboss restore BACKUP --force", e.Path, e.what())
}

func (e *DamageError) what() string {
	if e.Err == nil {
		return e.What
	}
	return e.What + ": " + e.Err.Error()
}

func (e *DamageError) Unwrap() error { return e.Err }

// guarded calls f and makes an error of what panics in it. bbolt trusts its
// file: garbage in a page panics, and a page behind the end of a cut file is a
// fault of memory, which is made a panic here too.
func guarded(path string, f func() error) (err error) {
	old := debug.SetPanicOnFault(true)
	defer debug.SetPanicOnFault(old)
	defer func() {
		if v := recover(); v != nil {
			err = damage(path, v)
		}
	}()
	return f()
}

// damage is what a panic while reading or writing the file says.
func damage(path string, v any) error {
	what := fmt.Sprint(v)
	if _, fault := v.(interface{ Addr() uintptr }); fault {
		what = "part of it cannot be read"
	}
	return &DamageError{Path: path, What: what, Stack: debug.Stack()}
}

// diskError says what a failed commit means to those who run the program.
// certain is false where the disk did not say whether it kept what it was
// given: then nothing more may be written, for a later write could succeed
// upon pages that were lost.
func diskError(path string, err error) (explained error, certain bool) {
	var file *fs.PathError
	certain = errors.As(err, &file) && file.Op == "write" ||
		errors.Is(err, bbolterrors.ErrMaxSizeReached) || strings.HasPrefix(err.Error(), "file resize error")
	switch {
	case !certain:
		return fmt.Errorf("the disk did not confirm a write to %s, what was asked for since may be missing; look at the disk, then restart Fireboss: %w", path, err), false
	case full(err):
		return fmt.Errorf("the disk with %s is full, so this was not stored; free some space and try again: %w", path, err), true
	case says(err, syscall.EFBIG):
		return fmt.Errorf("%s is as large as this process may make a file, so this was not stored; raise the limit (ulimit -f, LimitFSIZE) and restart Fireboss: %w", path, err), true
	}
	return fmt.Errorf("%s could not be written, so this was not stored; look at its disk and try again: %w", path, err), true
}

// full reports whether an error says that there is no room.
func full(err error) bool {
	return says(err, syscall.ENOSPC) || says(err, syscall.EDQUOT) || errors.Is(err, bbolterrors.ErrMaxSizeReached)
}

// says reports whether an error is one of the system's. Of a file that cannot
// grow bbolt keeps only the words.
func says(err error, number syscall.Errno) bool {
	return errors.Is(err, number) || strings.HasSuffix(err.Error(), number.Error())
}

// cannotWrite says that something beside the store could not be written, and
// what to do about it.
func cannotWrite(what string, err error) error {
	advice := "make its folder writable"
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s, it was interrupted: %w", what, err)
	case full(err):
		advice = "free some space on its disk"
	case says(err, syscall.EROFS):
		advice = "mount its disk for writing"
	case says(err, syscall.EFBIG):
		advice = "raise the limit of a file's size (ulimit -f)"
	}
	return fmt.Errorf("%s; %s: %w", what, advice, err)
}

// closedOr makes the contract's error of bbolt's for a store that was closed.
func closedOr(err error) error {
	if errors.Is(err, bbolterrors.ErrDatabaseNotOpen) {
		return store.ErrClosed
	}
	return err
}
