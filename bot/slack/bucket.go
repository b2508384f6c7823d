package slack

import (
	"context"
	"sync"
	"time"
)

// urgency says who goes first when calls have to wait.
type urgency int

const (
	urgent   urgency = iota // a person waits for it
	cosmetic                // it may come later: it is put off rather than waited for
)

// bucket is a token bucket with a waiting room in which the urgent go first.
type bucket struct {
	mu      sync.Mutex
	rate    rate
	tokens  float64
	filled  time.Time
	blocked time.Time // Slack said: not before
	urgent  int       // how many urgent calls wait
}

func newBucket(r rate) *bucket { return &bucket{rate: r, tokens: r.burst, filled: time.Now()} }

// take waits for a token. A cosmetic call that would wait longer than
// cosmeticWait gets a *Later instead.
func (b *bucket) take(ctx context.Context, u urgency) error {
	if u == urgent {
		b.count(1)
		defer b.count(-1)
	}
	for {
		wait := b.try(u)
		if wait <= 0 {
			return nil
		}
		if u == cosmetic && wait > cosmeticWait {
			return &Later{After: wait, Err: errBusy}
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

func (b *bucket) count(n int) {
	b.mu.Lock()
	b.urgent += n
	b.mu.Unlock()
}

// try takes a token and answers 0, or says how long to wait.
func (b *bucket) try(u urgency) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	b.tokens = min(b.rate.burst, b.tokens+now.Sub(b.filled).Minutes()*b.rate.perMinute)
	b.filled = now
	if wait := b.blocked.Sub(now); wait > 0 {
		return wait
	}
	if b.tokens >= 1 && (u == urgent || b.urgent == 0) {
		b.tokens--
		return 0
	}
	need := max(1-b.tokens, 0)
	if u == cosmetic {
		need += float64(b.urgent)
	}
	return max(time.Duration(need/b.rate.perMinute*float64(time.Minute)), 10*time.Millisecond)
}

// block holds every call of the method back until Slack takes them again.
func (b *bucket) block(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tokens = 0
	if until := time.Now().Add(d); until.After(b.blocked) {
		b.blocked = until
	}
}

// sleep waits, or ends with the context.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
