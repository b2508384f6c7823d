//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package bolt

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// lock is the right to use a file: flock(2) on the file NAME.lock beside it,
// which holds the pid of who has it. The system lets the lock go with the
// process, however it ends; the pid that is left behind says nothing, because
// it is read only by those who find the lock taken. bbolt's own lock on the
// file itself says nothing about who has it.
type lock struct{ file *os.File }

// acquire takes the lock, or says who has it. Where the folder cannot be
// written nobody else can have the file for writing, so a reader needs none;
// nor does it have to say who it is where the disk is full.
func acquire(path string, reader bool) (*lock, error) {
	// A file that outgrows the process's limit (setrlimit(2), RLIMIT_FSIZE) is
	// an error like a full disk, and no reason to end the process.
	signal.Ignore(syscall.SIGXFSZ)
	f, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	switch {
	case err != nil && reader && (errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)):
		return &lock{}, nil
	case err != nil:
		return nil, cannotWrite("the store cannot be locked", err)
	}
	for end := time.Now().Add(lockWait); ; time.Sleep(lockLook) {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			if err := writePID(f); err != nil && !reader {
				return nil, errors.Join(cannotWrite("the store cannot be locked", err), f.Close())
			}
			return &lock{f}, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			return nil, errors.Join(fmt.Errorf("the store cannot be locked: %w", err), f.Close())
		}
		if time.Now().After(end) {
			return nil, errors.Join(&InUseError{Path: path, PID: readPID(f)}, f.Close())
		}
	}
}

func (l *lock) release() error {
	if l.file == nil {
		return nil
	}
	// The lock belongs to the open file, which a process that is being started at this moment has too, until it becomes
	// another program: to close ours is not enough.
	err := errors.Join(syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN), l.file.Close())
	l.file = nil
	return err
}

// unlock lets bbolt's own lock go where bbolt itself has failed to. Closing the
// file is not enough while it is mapped.
func unlock(f *os.File) { _ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN) } // it may be closed

func writePID(f *os.File) error {
	line := strconv.Itoa(os.Getpid()) + "\n"
	if _, err := f.WriteAt([]byte(line), 0); err != nil {
		return err
	}
	return f.Truncate(int64(len(line)))
}

// readPID is the pid in a lock file; 0 where there is none that is alive. It
// may be dead for a moment: its successor has the lock and has not yet said so.
func readPID(f *os.File) int {
	for range 5 {
		line, _ := io.ReadAll(io.NewSectionReader(f, 0, 32))
		pid, err := strconv.Atoi(strings.TrimSpace(string(line)))
		if err == nil && pid > 0 && !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			return pid
		}
		time.Sleep(lockLook)
	}
	return 0
}
