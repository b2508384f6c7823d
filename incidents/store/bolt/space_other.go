//go:build !linux && !darwin

package bolt

// freeSpace is not known here; a full disk shows when a write fails.
func freeSpace(string) (free uint64, known bool) { return 0, false }
