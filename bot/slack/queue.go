package slack

import "sync"

// queue works jobs in the order in which they came, those of one key one after
// the other and those of different keys side by side, at most so many at once.
type queue struct {
	mu    sync.Mutex
	lines map[string][]func()
	slots chan struct{}
	wg    sync.WaitGroup
}

func newQueue(width int) *queue {
	return &queue{lines: map[string][]func(){}, slots: make(chan struct{}, width)}
}

// add puts a job at the end of its key's line.
func (q *queue) add(key string, job func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	line, busy := q.lines[key]
	q.lines[key] = append(line, job)
	if !busy {
		q.wg.Add(1)
		go q.work(key)
	}
}

func (q *queue) work(key string) {
	defer q.wg.Done()
	for {
		q.mu.Lock()
		line := q.lines[key]
		if len(line) == 0 {
			delete(q.lines, key)
			q.mu.Unlock()
			return
		}
		job := line[0]
		q.lines[key] = line[1:]
		q.mu.Unlock()
		q.slots <- struct{}{}
		job()
		<-q.slots
	}
}

// wait ends when every job is done.
func (q *queue) wait() { q.wg.Wait() }
