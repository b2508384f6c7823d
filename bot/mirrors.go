package bot

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// A Syncer makes its outside things match an incident: what a mirror is. It
// answers the record as far as it came, also with an error.
type Syncer func(ctx context.Context, in incidents.Incident, rec store.Record, events []incidents.Event, save func(store.Record, ...store.Link) error) (store.Record, []store.Link, error)

// mirrorWorker calls a mirror for every incident that is behind, one call at a
// time for each incident and many side by side. Ten changes in a second end as
// one or two calls. An incident that fails is tried again with backoff and
// blocks no other.
type mirrorWorker struct {
	name  string
	sync  Syncer
	store store.Store
	log   zerolog.Logger
	// lagged is told how long after a change the mirror showed it.
	lagged func(time.Duration)
	// showed is told when the mirror has come further with an incident, or not; it
	// must not block. Nil: nobody is.
	showed func(incidents.Number)

	ctx   context.Context
	mu    sync.Mutex
	work  map[incidents.Number]*mirrorTask
	slots chan struct{}
	busy  int                                // incidents that are being synced
	idle  chan struct{}                      // closed when none is any more, then made anew
	await map[incidents.Number]chan struct{} // closed when the incident has a place
}

// mirrorTask is an incident that is being synced or waits to be.
type mirrorTask struct {
	running bool
	again   bool // something changed meanwhile
	timer   *time.Timer
	since   time.Time // when the first change came that is not shown yet
}

// Bounds of a mirror's work.
const (
	mirrorWidth   = 64
	mirrorEvents  = 200 // a call sees so many events at once
	mirrorTimeout = 5 * time.Minute
	firstRetry    = time.Second
	lastRetry     = 5 * time.Minute
	unplacedRetry = 30 * time.Second // at most, while people wait for a channel
)

func newMirrorWorker(name string, s store.Store, sync Syncer, lagged func(time.Duration), log zerolog.Logger) *mirrorWorker {
	return &mirrorWorker{name: name, sync: sync, store: s, lagged: lagged, log: log.With().Str("mirror", name).Logger(),
		work: map[incidents.Number]*mirrorTask{}, await: map[incidents.Number]chan struct{}{}, slots: make(chan struct{}, mirrorWidth), idle: make(chan struct{})}
}

// start begins with what is behind; ctx ends all of it.
func (w *mirrorWorker) start(ctx context.Context) error {
	w.ctx = ctx
	if err := w.store.AddMirror(ctx, w.name); err != nil {
		return err
	}
	behind, err := w.store.BehindMirror(ctx, w.name)
	if err != nil {
		return err
	}
	for _, n := range behind {
		w.changed(n)
	}
	return nil
}

// changed says that an incident may be behind; it does not block.
func (w *mirrorWorker) changed(n incidents.Number) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ctx == nil || w.ctx.Err() != nil {
		return
	}
	t := w.work[n]
	if t == nil {
		t = &mirrorTask{}
		w.work[n] = t
	}
	if t.timer != nil {
		t.timer.Stop()
		t.timer = nil
	}
	if t.since.IsZero() {
		t.since = time.Now()
	}
	if t.running {
		t.again = true
		return
	}
	t.running = true
	w.busy++
	go w.run(n, t)
}

func (w *mirrorWorker) run(n incidents.Number, t *mirrorTask) {
	defer w.rest()
	for {
		select {
		case w.slots <- struct{}{}:
		case <-w.ctx.Done():
			return
		}
		w.mu.Lock()
		since := t.since
		t.since = time.Time{}
		w.mu.Unlock()
		again, after := w.once(n)
		<-w.slots
		w.mu.Lock()
		if !again && after == 0 {
			w.lagged(time.Since(since))
		} else {
			t.since = since
		}
		switch {
		case w.ctx.Err() != nil:
			w.mu.Unlock()
			return
		case t.again || again:
			t.again = false
			w.mu.Unlock()
			continue
		case after > 0:
			t.running = false
			t.timer = time.AfterFunc(after, func() { w.changed(n) })
		default:
			delete(w.work, n)
		}
		w.mu.Unlock()
		return
	}
}

// once syncs an incident once. It answers whether there is more to do now, or
// after how long.
func (w *mirrorWorker) once(n incidents.Number) (again bool, after time.Duration) {
	ctx, cancel := context.WithTimeout(w.ctx, mirrorTimeout)
	defer cancel()
	rec, err := w.store.Record(ctx, w.name, n)
	if err != nil {
		return false, w.failed(n, 1, err)
	}
	in, events, err := w.load(ctx, n, rec.CursorSeq)
	if err != nil {
		return false, w.failed(n, rec.Attempts+1, err)
	}
	rec, links, err := w.call(ctx, in, rec, events)
	if w.ctx.Err() != nil && err != nil {
		err = nil // we are stopping; what was done is stored
	}
	var later interface{ RetryAfter() time.Duration }
	switch {
	case err == nil:
		rec.Attempts, rec.LastError, rec.NextTry = 0, "", time.Time{}
		again = w.ctx.Err() == nil && len(events) == mirrorEvents
	case errors.As(err, &later):
		after = later.RetryAfter()
		rec.LastError, rec.NextTry = err.Error(), time.Now().Add(after)
	default:
		rec.Attempts++
		after = w.failed(n, rec.Attempts, err)
		if rec.Place == "" {
			after = min(after, unplacedRetry)
		}
		rec.LastError, rec.NextTry = err.Error(), time.Now().Add(after)
	}
	// The context of the work may have ended; what is known must still be kept.
	if err := w.store.PutRecord(context.WithoutCancel(ctx), rec, links...); err != nil {
		return false, w.failed(n, rec.Attempts+1, err)
	}
	if w.showed != nil {
		w.showed(n)
	}
	if rec.Place == "" {
		w.placed(n) // there is none for now: nobody need wait for it
	}
	return again, after
}

func (w *mirrorWorker) load(ctx context.Context, n incidents.Number, cursor uint64) (incidents.Incident, []incidents.Event, error) {
	in, err := w.store.Incident(ctx, n)
	if err != nil {
		return in, nil, err
	}
	events, err := w.store.Events(ctx, n, cursor, mirrorEvents)
	// What has happened since is for the next pass: with an incident that was public
	// a moment ago, what is private now would be said where everybody reads it.
	return in, in.Known(events), err
}

// call is Sync with a panic made an error.
func (w *mirrorWorker) call(ctx context.Context, in incidents.Incident, rec store.Record, events []incidents.Event) (out store.Record, links []store.Link, err error) {
	defer func() {
		if p := recover(); p != nil {
			w.log.Error().Interface("panic", p).Bytes("stack", debug.Stack()).Str("incident", in.Number.String()).Msg("a mirror panicked")
			out, err = rec, errors.New("the mirror panicked; see the log")
		}
	}()
	save := func(r store.Record, links ...store.Link) error {
		err := w.store.PutRecord(context.WithoutCancel(ctx), r, links...)
		if err == nil && r.Place != "" {
			w.placed(r.Incident)
		}
		return err
	}
	return w.sync(ctx, in, rec, events, save)
}

// placed tells those who wait that the incident has a place, or has none for now.
func (w *mirrorWorker) placed(n incidents.Number) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c, ok := w.await[n]; ok {
		close(c)
		delete(w.await, n)
	}
}

// untilPlaced waits until the incident has a place, the first try to make one
// has failed, or the context ends.
func (w *mirrorWorker) untilPlaced(ctx context.Context, n incidents.Number) {
	w.mu.Lock()
	c, ok := w.await[n]
	if !ok {
		c = make(chan struct{})
		w.await[n] = c
	}
	w.mu.Unlock()
	// It may have come between the change and our asking.
	if rec, err := w.store.Record(ctx, w.name, n); err == nil && rec.Place != "" {
		w.placed(n)
		return
	}
	select {
	case <-c:
	case <-ctx.Done():
	}
}

// failed logs a failure and answers how long to wait: doubling from a second to
// five minutes, with jitter.
func (w *mirrorWorker) failed(n incidents.Number, attempts int, err error) time.Duration {
	wait := lastRetry
	if attempts < 10 {
		wait = min(firstRetry<<(max(attempts, 1)-1), lastRetry)
	}
	wait = wait/2 + rand.N(wait)
	w.log.Warn().Err(err).Str("incident", n.String()).Int("attempt", attempts).Dur("again_in", wait).Msg("a mirror is behind")
	return wait
}

// rest notes that an incident is not being synced any more.
func (w *mirrorWorker) rest() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.busy--; w.busy == 0 {
		close(w.idle)
		w.idle = make(chan struct{})
	}
}

// settle ends when no call is under way, those that wait for their time aside,
// or with the context.
func (w *mirrorWorker) settle(ctx context.Context) {
	for {
		w.mu.Lock()
		busy, idle := w.busy, w.idle
		w.mu.Unlock()
		if busy == 0 {
			return
		}
		select {
		case <-idle:
		case <-ctx.Done():
			return
		}
	}
}

// wait ends when no call is under way any more. The work's context has ended.
func (w *mirrorWorker) wait() {
	w.mu.Lock()
	for _, t := range w.work {
		if t.timer != nil {
			t.timer.Stop()
		}
	}
	w.mu.Unlock()
	w.settle(context.Background())
}
