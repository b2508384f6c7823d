package storetest

import (
	"context"
	"errors"
	"sync"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

var _ = holds(
	promise{"closing finishes what was begun", closed},
	promise{"a slow backup keeps nobody from writing", backedUp},
)

func closed(w *world) {
	w.open("checkout is down")
	var all sync.WaitGroup
	var mu sync.Mutex
	var acknowledged []incidents.Number
	started := make(chan struct{}, 50)
	for range 50 {
		all.Go(func() {
			started <- struct{}{}
			out, err := w.Store.Apply(w.ctx, w.command(0, incidents.Open{Title: "just before"}))
			switch {
			case err == nil:
				mu.Lock()
				acknowledged = append(acknowledged, out.Incident.Number)
				mu.Unlock()
			case !errors.Is(err, store.ErrClosed):
				w.Errorf("while it closes: %v", err)
			}
		})
	}
	<-started
	old := w.Store
	w.ok(old.Close())
	all.Wait()
	_, err := old.Apply(w.ctx, w.command(1, incidents.AddNote{Text: "too late"}))
	_, err2 := old.Incident(w.ctx, 1)
	_, err3 := old.Unfinished(w.ctx)
	for _, err := range []error{err, err2, err3, old.Writable(w.ctx)} {
		if !errors.Is(err, store.ErrClosed) {
			w.Errorf("after it was closed: %v", err)
		}
	}
	w.ok(old.Close())
	w.again()
	for _, n := range acknowledged {
		w.incident(n)
	}
	w.audit()
}

// slowReader writes to the store it is given a backup of.
type slowReader struct {
	w    *world
	size int
}

func (r *slowReader) Write(p []byte) (int, error) {
	if r.size == 0 {
		r.w.apply(1, incidents.AddNote{Text: "meanwhile"})
	}
	r.size += len(p)
	return len(p), nil
}

func backedUp(w *world) {
	w.open("checkout is down")
	r := &slowReader{w: w}
	w.ok(w.Store.Backup(w.ctx, r))
	if r.size == 0 {
		w.Error("the backup is empty")
	}
	broken := errors.New("the reader went away")
	if err := w.Store.Backup(w.ctx, failing{broken}); !errors.Is(err, broken) {
		w.Errorf("a reader that fails: %v", err)
	}
	ctx, cancel := context.WithCancel(w.ctx)
	cancel()
	if err := w.Store.Backup(ctx, r); !errors.Is(err, context.Canceled) {
		w.Errorf("a backup that is given up: %v", err)
	}
	w.apply(1, incidents.AddNote{Text: "afterwards"})
	w.audit()
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
