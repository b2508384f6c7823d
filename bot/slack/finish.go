package slack

import (
	"encoding/json"
	"sync"
	"time"
)

// finishSoon is how long a delivery that was worked and answered may wait to be
// marked as done together with others. Each mark alone would be a commit of its
// own that the next envelope has to wait for. Where the process ends meanwhile
// the delivery is worked again, which changes nothing and repeats the answer, as
// it would where it ended just before the mark.
const finishSoon = 5 * time.Millisecond

// mark says that a delivery is done, and what was answered.
type mark struct {
	id     string
	result []byte
}

// doneMarks are those that wait to be stored.
type doneMarks struct {
	mu      sync.Mutex
	list    []mark
	storing sync.WaitGroup // those that wait, too
}

// finish marks a delivery as done, soon.
func (in *Intake) finish(id string, answer any) {
	m := mark{id: id}
	if answer != nil {
		m.result, _ = json.Marshal(remembered(answer))
	}
	in.done.mu.Lock()
	defer in.done.mu.Unlock()
	in.done.storing.Add(1)
	if in.done.list = append(in.done.list, m); len(in.done.list) == 1 {
		time.AfterFunc(finishSoon, in.storeMarks)
	}
}

// storeMarks stores the marks that wait. They share a commit because they come
// at once.
func (in *Intake) storeMarks() {
	in.done.mu.Lock()
	list := in.done.list
	in.done.list = nil
	in.done.mu.Unlock()
	for _, m := range list {
		go func() {
			defer in.done.storing.Done()
			if err := in.Store.Finish(in.ctx, m.id, m.result); err != nil {
				in.Log.Error().Err(err).Str("delivery", m.id).Msg("a delivery could not be marked as done; it will be worked again, and change nothing")
			}
		}()
	}
}
