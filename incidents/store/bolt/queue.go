package bolt

import (
	"context"
	"runtime"
	"sync"

	"fireboss/incidents/store"
)

// request is a write that waits for the writer.
type request struct {
	ctx    context.Context
	decide func(*plan) error
	err    error
	done   chan struct{} // closed once err is the answer
}

// maxGroup bounds how many writes share a transaction, so that nobody waits
// for others without end.
const maxGroup = 4096

// queue is what waits for the writer. There are as many waiting as there are
// callers, so it needs no bound of its own.
type queue struct {
	mu      sync.Mutex
	waiting []*request
	closed  bool
	wake    chan struct{} // holds one: something waits, or the queue was closed
}

func newQueue() *queue { return &queue{wake: make(chan struct{}, 1)} }

// add answers false when the queue is closed.
func (q *queue) add(r *request) bool {
	q.mu.Lock()
	if q.closed {
		q.mu.Unlock()
		return false
	}
	q.waiting = append(q.waiting, r)
	q.mu.Unlock()
	q.signal()
	return true
}

func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.signal()
}

func (q *queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// next waits for work and takes all there is, up to [maxGroup]; nil when the
// queue is closed and empty.
func (q *queue) next() []*request {
	for {
		q.gather()
		if group, closed := q.take(); len(group) > 0 || closed {
			return group
		}
		<-q.wake
	}
}

// gather lets others run as long as that makes the queue grow: those who were
// just answered and want to write again come along, instead of waiting for a
// group of a few. Where nobody else wants to run it costs nothing.
func (q *queue) gather() {
	for seen := -1; ; {
		runtime.Gosched()
		q.mu.Lock()
		n := len(q.waiting)
		q.mu.Unlock()
		if n <= seen || n >= maxGroup {
			return
		}
		seen = n
	}
}

func (q *queue) take() (group []*request, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	group = q.waiting
	if len(group) > maxGroup {
		q.waiting, group = group[maxGroup:], group[:maxGroup:maxGroup]
	} else {
		q.waiting = nil
	}
	return group, q.closed
}

// write has decide's plan carried out and answers when it is durable. The
// waiting ends with ctx; then it is not known what becomes of the plan.
func (db *DB) write(ctx context.Context, decide func(*plan) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if db.queue == nil {
		return errReadOnly
	}
	r := &request{ctx: ctx, decide: decide, done: make(chan struct{})}
	if !db.queue.add(r) {
		return store.ErrClosed
	}
	select {
	case <-r.done:
		return r.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// writing is [DB.write] for a plan with a result.
func writing[T any](ctx context.Context, db *DB, decide func(*plan) (T, error)) (T, error) {
	var zero T
	result := new(T) // the writer may still set it when the caller has gone
	err := db.write(ctx, func(p *plan) (err error) {
		*result, err = decide(p)
		return err
	})
	if err != nil {
		return zero, err
	}
	return *result, nil
}
