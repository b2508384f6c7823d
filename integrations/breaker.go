package integrations

import (
	"sync"
	"time"
)

// breaker leaves a system in peace that fails again and again: closed, calls pass; after some failures in a row open,
// none do; then half open, one does, and by it the breaker closes or opens again.
type breaker struct {
	failures int           // in a row, that open it
	pause    time.Duration // for which it stays open

	mu     sync.Mutex
	row    int
	until  time.Time // open until then; zero: closed
	trying bool      // half open, and its one call under way
}

// pass says whether a call may be made, and if not, when to ask again. Each call that
// passes has to be told about.
func (b *breaker) pass(now time.Time) (wait time.Duration, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.until.IsZero():
		return 0, true
	case now.Before(b.until):
		return b.until.Sub(now), false
	case b.trying:
		return b.pause, false
	}
	b.trying = true
	return 0, true
}

// tell says how a call went. Calls that say nothing of the other side, because we ended
// them, change nothing.
func (b *breaker) tell(ok, failed bool, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	probe := b.trying
	b.trying = false
	switch {
	case ok:
		b.row, b.until = 0, time.Time{}
	case failed:
		b.row++
		if probe || b.row >= b.failures {
			b.until = now.Add(b.pause)
		}
	}
}
