//go:build linux && (amd64 || arm64)

package bolt

import (
	"os"
	"syscall"
)

func datasync(f *os.File) error { return syscall.Fdatasync(int(f.Fd())) }

// forget takes a file out of the system's cache: posix_fadvise(2) with
// POSIX_FADV_DONTNEED, which is 4.
func forget(f *os.File) error {
	if _, _, number := syscall.Syscall6(syscall.SYS_FADVISE64, f.Fd(), 0, 0, 4, 0, 0); number != 0 {
		return number
	}
	return nil
}
