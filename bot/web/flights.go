package web

import (
	"context"
	"sync"
)

// flights let one at a time work the same delivery: the second waits, and then
// finds the answer of the first.
type flights struct {
	mu   sync.Mutex
	busy map[string]chan struct{}
}

// enter waits until nobody works this id, and answers how to leave.
func (f *flights) enter(ctx context.Context, id string) (leave func(), err error) {
	for {
		f.mu.Lock()
		ahead, taken := f.busy[id]
		if !taken {
			done := make(chan struct{})
			f.busy[id] = done
			f.mu.Unlock()
			return func() {
				f.mu.Lock()
				delete(f.busy, id)
				f.mu.Unlock()
				close(done)
			}, nil
		}
		f.mu.Unlock()
		select {
		case <-ahead:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
