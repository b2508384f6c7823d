package slack

import (
	"context"
	"sync"
	"time"
)

// queue works jobs in the order in which they came, those of one key one after
// the other and those of different keys side by side, at most so many at once.
type queue struct {
	ctx   context.Context // ends the waiting between two tries of a job
	slots chan struct{}

	mu     sync.Mutex
	lines  map[string][]job
	closed bool
	idle   chan struct{} // closed when the queue is closed and nothing is in line
}

// job is a piece of work. One that answers a time is worked again after it, and
// holds up only its own line meanwhile.
type job func() (again time.Duration)

func newQueue(ctx context.Context, width int) *queue {
	return &queue{ctx: ctx, lines: map[string][]job{}, slots: make(chan struct{}, width), idle: make(chan struct{})}
}

// add puts a job at the end of its key's line. A closed queue takes none, and
// says so.
func (q *queue) add(key string, j job) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	line, busy := q.lines[key]
	q.lines[key] = append(line, j)
	if !busy {
		go q.work(key)
	}
	return true
}

// do works a job in its turn, and waits for it until the context ends, which the
// job is told. A closed queue answers [context.Canceled].
func (q *queue) do(ctx context.Context, key string, work func(context.Context) error) error {
	done := make(chan error, 1)
	if !q.add(key, func() time.Duration { done <- work(ctx); return 0 }) {
		return context.Canceled
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (q *queue) work(key string) {
	for {
		j, ok := q.next(key)
		if !ok {
			return
		}
		for again := q.once(j); again > 0 && sleep(q.ctx, again) == nil; {
			again = q.once(j)
		}
	}
}

func (q *queue) once(j job) (again time.Duration) {
	q.slots <- struct{}{}
	defer func() { <-q.slots }()
	return j()
}

// next takes the first job of a line; a line without any is gone.
func (q *queue) next(key string) (job, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	line := q.lines[key]
	if len(line) == 0 {
		delete(q.lines, key)
		if q.closed && len(q.lines) == 0 {
			close(q.idle)
		}
		return nil, false
	}
	q.lines[key] = line[1:]
	return line[0], true
}

// close takes no more jobs; the channel it answers is closed when all that were
// taken are done.
func (q *queue) close() <-chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.closed {
		q.closed = true
		if len(q.lines) == 0 {
			close(q.idle)
		}
	}
	return q.idle
}
