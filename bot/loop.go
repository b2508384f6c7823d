package bot

import (
	"context"
	"time"
)

// bell wakes a loop that waits.
type bell chan struct{}

func newBell() bell { return make(bell, 1) }

// ring says that there may be something to do; it does not block.
func (b bell) ring() {
	select {
	case b <- struct{}{}:
	default:
	}
}

// rounds has what is due done until the context ends: once does it, and answers how long there is nothing more to do unless
// the bell rings. A nil bell never does.
func rounds(ctx context.Context, b bell, once func(ctx context.Context, now time.Time) time.Duration) {
	for ctx.Err() == nil {
		timer := time.NewTimer(once(ctx, time.Now()))
		select {
		case <-ctx.Done():
		case <-b:
		case <-timer.C:
		}
		timer.Stop()
	}
}
