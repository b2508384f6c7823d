package slacksim

import (
	"slices"
	"sync"
	"time"
)

// keptCalls is how many of the last calls /sim/calls remembers.
const keptCalls = 20000

// callRecord is one call of the Web API as /sim/calls tells it.
type callRecord struct {
	N      int64     `json:"n"`
	At     time.Time `json:"at"` // when it came
	Method string    `json:"method"`
	Args   object    `json:"args"`
	Status int       `json:"status"` // HTTP; 0 where the connection was cut
	Error  string    `json:"error"`
	MS     float64   `json:"ms"` // how long it took
}

// callLog remembers calls in the order in which they were answered.
type callLog struct {
	mu    sync.Mutex
	calls []callRecord
	last  int64
}

func (l *callLog) add(c callRecord) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	c.N = l.last
	l.calls = append(l.calls, c)
	if len(l.calls) > keptCalls {
		l.calls = slices.Clone(l.calls[len(l.calls)-keptCalls/2:])
	}
}

// since returns the calls with a greater number than n.
func (l *callLog) since(n int64) []callRecord {
	l.mu.Lock()
	defer l.mu.Unlock()
	i, _ := slices.BinarySearchFunc(l.calls, n, func(c callRecord, n int64) int {
		if c.N <= n {
			return -1
		}
		return 1
	})
	return slices.Clone(list(l.calls[i:]))
}
