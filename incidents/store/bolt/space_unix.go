//go:build linux || darwin

package bolt

import (
	"os"
	"path/filepath"
	"syscall"
)

// freeSpace is how many bytes this process can still write to a file's disk.
func freeSpace(path string) (free uint64, known bool) {
	var st syscall.Statfs_t
	if syscall.Statfs(filepath.Dir(path), &st) != nil {
		return 0, false
	}
	blocks := st.Bavail
	if os.Geteuid() == 0 { // for whom some are kept
		blocks = st.Bfree
	}
	return blocks * uint64(st.Bsize), true
}
