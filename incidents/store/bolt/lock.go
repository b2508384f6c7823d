package bolt

import (
	"fmt"
	"time"
)

// InUseError says that another process has the store.
type InUseError struct {
	Path string
	PID  int // of that process; 0 where it could not be found out
}

func (e *InUseError) Error() string {
	if e.PID == 0 {
		return e.Path + " is in use by another process"
	}
	return fmt.Sprintf("%s is in use by pid %d", e.Path, e.PID)
}

// How long Open waits for another process to let the file go (one that is
// being stopped, say), and how often it looks.
const (
	lockWait = 500 * time.Millisecond
	lockLook = 20 * time.Millisecond
)
