package slacksim

import (
	"slices"
	"sync"
	"time"
)

// The kinds of fault.
const (
	faultError      = "error"       // answered with the error named
	faultRateLimit  = "ratelimit"   // answered 429 with Retry-After
	faultLatency    = "latency"     // answered so many milliseconds later
	faultHTTP500    = "http500"     // answered 500
	faultDropBefore = "drop_before" // connection cut, nothing done
	faultDropAfter  = "drop_after"  // done, then the connection cut
)

var faultKinds = []string{faultError, faultRateLimit, faultLatency, faultHTTP500, faultDropBefore, faultDropAfter}

// fault is trouble for the next calls of a method, or of all where Method is "*".
type fault struct {
	Method     string `json:"method"`
	Kind       string `json:"kind"`
	Times      int    `json:"times"`
	Error      string `json:"error,omitempty"`
	RetryAfter int    `json:"retry_after,omitempty"` // seconds
	MS         int    `json:"ms,omitempty"`          // milliseconds
	Left       int    `json:"left"`
}

func (f fault) delay() time.Duration { return time.Duration(f.MS) * time.Millisecond }

// faults are those ordered and not yet used up.
type faults struct {
	mu   sync.Mutex
	list []*fault
}

func (fs *faults) add(f fault) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	f.Left = f.Times
	fs.list = append(fs.list, &f)
}

func (fs *faults) clear() {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.list = nil
}

// pending are the faults that still have calls left.
func (fs *faults) pending() []fault {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	left := []fault{}
	for _, f := range fs.list {
		left = append(left, *f)
	}
	return left
}

// take uses up one time of the first fault that is meant for method, if there is one.
func (fs *faults) take(method string) fault {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	i := slices.IndexFunc(fs.list, func(f *fault) bool { return f.Method == method || f.Method == "*" })
	if i < 0 {
		return fault{}
	}
	f := fs.list[i]
	if f.Left--; f.Left <= 0 {
		fs.list = slices.Delete(fs.list, i, i+1)
	}
	return *f
}
