package bot

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"fireboss/incidents/store"
)

// lane is what waits to be worked of some sources, in the order in which it came. What all lanes hold is bounded by
// [alertIntake.busy].
type lane struct {
	mu   sync.Mutex
	rows []store.Delivery
	some chan struct{} // there may be some
}

func newLane() *lane { return &lane{some: make(chan struct{}, 1)} }

func (l *lane) add(row store.Delivery) {
	l.mu.Lock()
	l.rows = append(l.rows, row)
	l.mu.Unlock()
	select {
	case l.some <- struct{}{}:
	default:
	}
}

// take takes the next of them, as many as there are up to some; none where the context ends first.
func (l *lane) take(ctx context.Context, most int) []store.Delivery {
	for {
		l.mu.Lock()
		n := min(most, len(l.rows))
		rows := append([]store.Delivery(nil), l.rows[:n]...)
		clear(l.rows[:n]) // what was sent is not held any longer
		if l.rows = l.rows[n:]; len(l.rows) == 0 {
			l.rows = nil
		}
		l.mu.Unlock()
		if n > 0 && ctx.Err() == nil {
			return rows
		}
		select {
		case <-ctx.Done():
			return nil
		case <-l.some:
		}
	}
}

// How the work behind the door makes way for it. Both want the same processors and the same disk, and a sender waits for
// the door alone.
const (
	crowded    = 8                      // so many deliveries being kept at once are a crowd
	crowdLasts = 20 * time.Millisecond  // after it was last seen
	crowdShare = 20                     // the part of the time that work takes then: one in so many
	crowdRest  = 250 * time.Millisecond // the longest that work rests then, so that it never stands still
	crowdLook  = 2 * time.Millisecond   // how often is looked meanwhile whether the crowd is gone
	crowdBatch = 32                     // signals in one transaction then, for whoever is to be answered waits for its end
	usualBatch = 256                    // and else
	rowsAtOnce = 256                    // deliveries that are taken from a lane at once
)

// crowd is how many deliveries are being kept, and whose turn it is to work behind them.
type crowd struct {
	keeping atomic.Int64
	began   time.Time
	seen    atomic.Int64 // when there were many last, in nanoseconds since it began: no clock that is set changes that; 0: never
	turn    chan struct{}
}

func newCrowd() crowd { return crowd{began: time.Now(), turn: make(chan struct{}, 1)} }

// comes says that a delivery is being kept; what it returns, that it is.
func (c *crowd) comes() (goes func()) {
	if c.keeping.Add(1) >= crowded {
		c.seen.Store(max(1, int64(time.Since(c.began))))
	}
	return c.goes
}

func (c *crowd) goes() { c.keeping.Add(-1) }

func (c *crowd) there() bool {
	seen := c.seen.Load()
	return c.keeping.Load() >= crowded || seen > 0 && time.Since(c.began)-time.Duration(seen) < crowdLasts
}

// behind works something. Where there is a crowd one lane works at a time, and rests afterwards, so that all of them
// together take one part in [crowdShare] of the time.
func (c *crowd) behind(ctx context.Context, work func()) {
	if !c.there() {
		work()
		return
	}
	select {
	case c.turn <- struct{}{}:
	case <-ctx.Done():
		return
	}
	defer func() { <-c.turn }()
	began := time.Now()
	work()
	rest := min((crowdShare-1)*time.Since(began), crowdRest)
	for until := time.Now().Add(rest); c.there() && time.Now().Before(until); {
		select {
		case <-time.After(crowdLook):
		case <-ctx.Done():
			return
		}
	}
}
