package bolt

import (
	"context"
	"runtime"
	"sync"

	"fireboss/incidents/store"
)

// request is a write that wants to be made.
type request struct {
	ctx    context.Context
	decide func(*plan) error
	// more says whether there is a further plan to be made, by decide, that belongs
	// together with those before it: all of them are written, or none. Nil: one.
	more  func() bool
	begun bool // one of several plans was carried out
	err   error
	done  chan struct{} // closed once err is the answer
}

// maxGroup bounds how many writes share a transaction, so that nobody waits
// for others without end.
const maxGroup = 4096

// queue is what waits to be written, and whose turn it is to write. There are
// as many waiting as there are callers, so it needs no bound of its own.
type queue struct {
	mu      sync.Mutex
	waiting []*request
	busy    bool // somebody writes: a caller, or the writer
	closed  bool
	// hand is how a caller who has written hands over to the writer when others
	// have come meanwhile. It is closed when the queue is closed and nobody writes.
	hand chan struct{}
}

func newQueue() *queue { return &queue{hand: make(chan struct{}, 1)} }

// add queues a request. lead says that nobody writes and the caller is to do so
// now; ok is false when the queue is closed.
func (q *queue) add(r *request) (lead, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false, false
	}
	q.waiting = append(q.waiting, r)
	lead, q.busy = !q.busy, true
	return lead, true
}

// take takes all that waits, up to [maxGroup].
func (q *queue) take() []*request {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := min(len(q.waiting), maxGroup)
	group := q.waiting[:n:n]
	if q.waiting = q.waiting[n:]; len(q.waiting) == 0 {
		q.waiting = nil
	}
	return group
}

// rest ends the turn of who writes, unless somebody waits: then it answers
// false, and it is still its turn.
func (q *queue) rest() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) > 0 {
		return false
	}
	q.busy = false
	if q.closed {
		close(q.hand)
	}
	return true
}

// close lets nobody in any more.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.closed && !q.busy {
		close(q.hand)
	}
	q.closed = true
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

// write has decide's plan carried out and answers when it is durable. Waiting
// for others ends with ctx, and then it is not known what becomes of the plan;
// a caller who writes in the writer's place finishes first.
func (db *DB) write(ctx context.Context, decide func(*plan) error) error {
	return db.enter(&request{ctx: ctx, decide: decide})
}

// enter is [DB.write] for a request.
func (db *DB) enter(r *request) error {
	ctx := r.ctx
	if err := ctx.Err(); err != nil {
		return err
	}
	if db.queue == nil {
		return errReadOnly
	}
	r.done = make(chan struct{})
	lead, ok := db.queue.add(r)
	switch {
	case !ok:
		return store.ErrClosed
	case lead:
		db.lead()
		return r.err
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
	result := new(T) // it may still be set when the caller has gone
	err := db.write(ctx, func(p *plan) (err error) {
		*result, err = decide(p)
		return err
	})
	if err != nil {
		return zero, err
	}
	return *result, nil
}
