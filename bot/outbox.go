package bot

import (
	"context"
	"errors"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// A Carrier tells single people something: what a door has to offer for the
// outbox. tried says that an attempt before this one ended without an answer.
type Carrier interface {
	Carries(to incidents.Person) bool
	Deliver(ctx context.Context, m store.Message, in incidents.Incident, e incidents.Event, tried bool) (outsideID string, err error)
	// DeliverTogether sends several messages to one person as one, which is found
	// by the key of the first.
	DeliverTogether(ctx context.Context, letters []store.Letter, tried bool) (outsideID string, err error)
}

// outbox sends what is said once to one person. Each message is a row whose
// state is stored before and after the attempt, so that after a crash it is
// looked for before it is sent again.
type outbox struct {
	store   store.Store
	carrier Carrier
	errands map[string]errand // by the kind of the row
	// alone are the kinds of rows that this outbox works and no other does, for they take
	// long; none: all kinds but those of others.
	alone  []string
	others []string
	wide   bool          // rows are worked side by side
	limit  time.Duration // of one errand
	tries  int           // at most, of one row
	log    zerolog.Logger
	wake   bell

	mu     sync.Mutex
	busy   map[string]bool // keys of rows that are worked beside
	beside sync.WaitGroup
}

// An errand is what a change wants done once by the program itself. It may be done
// again after a crash, and has to find out by itself what it has done.
type errand func(ctx context.Context, m store.Message) error

// Bounds of telling somebody something: how often it is tried, and how long one
// attempt may take.
const (
	maxDeliveries  = 20
	deliverTimeout = time.Minute
)

func newOutbox(s store.Store, c Carrier, log zerolog.Logger) *outbox {
	return &outbox{store: s, carrier: c, log: log, wake: newBell(), limit: deliverTimeout, tries: maxDeliveries, busy: map[string]bool{}}
}

// changed says that there may be something to send; it does not block.
func (o *outbox) changed() {
	o.wake.ring()
}

// run sends until the context ends.
func (o *outbox) run(ctx context.Context) {
	defer o.beside.Wait()
	for {
		next := o.once(ctx, time.Now())
		timer := time.NewTimer(next)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-o.wake:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// once sends what is due and answers how long until something is.
func (o *outbox) once(ctx context.Context, now time.Time) time.Duration {
	busy := o.underWay() // asked first: what ends meanwhile is read as it was before
	rows, err := o.store.Outgoing(ctx)
	if err != nil {
		o.log.Error().Err(err).Msg("the outbox cannot be read")
		return time.Minute
	}
	next := time.Hour
	var together []store.Message
	for _, m := range rows {
		if len(o.alone) > 0 && !slices.Contains(o.alone, m.Kind) || slices.Contains(o.others, m.Kind) || busy[m.Key] {
			continue
		}
		if bundled(m.Kind) {
			together = append(together, m)
			continue
		}
		if wait := m.NextTry.Sub(now); wait > 0 {
			next = min(next, wait)
			continue
		}
		if o.wide {
			o.sendBeside(ctx, m)
			continue
		}
		if wait := o.send(ctx, m); wait > 0 {
			next = min(next, wait)
		}
	}
	return min(next, o.sendBundles(ctx, together, now))
}

// sendBeside works a row and waits for nothing; once it is done it is looked what is due next.
func (o *outbox) sendBeside(ctx context.Context, m store.Message) {
	o.mu.Lock()
	o.busy[m.Key] = true
	o.mu.Unlock()
	o.beside.Go(func() {
		o.send(ctx, m)
		o.mu.Lock()
		delete(o.busy, m.Key)
		o.mu.Unlock()
		o.changed()
	})
}

// underWay are the rows that are worked beside now.
func (o *outbox) underWay() map[string]bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return maps.Clone(o.busy)
}

// send tries one message; it answers how long to wait before the next try.
func (o *outbox) send(ctx context.Context, m store.Message) time.Duration {
	if do, ours := o.errands[m.Kind]; ours {
		return o.work(ctx, m, do)
	}
	l, err := o.letter(ctx, m)
	if err != nil {
		return o.unread(m, err)
	}
	if !may(l) {
		return o.hidden(ctx, m)
	}
	if !o.carrier.Carries(m.To) {
		m.State, m.Error = store.Failed, "no door reaches "+m.To.ID
		return o.put(ctx, m, 0)
	}
	tried := m.State == store.Started
	m.State, m.Attempts = store.Started, m.Attempts+1
	if wait := o.put(ctx, m, 0); wait > 0 {
		return wait
	}
	id, err := o.deliver(ctx, m, l.Incident, l.Event, tried)
	if err == nil {
		m.State, m.OutsideID, m.Error, m.NextTry = store.Sent, id, "", time.Time{}
		return o.put(ctx, m, 0)
	}
	return o.failed(ctx, m, err)
}

// may reports whether somebody may be told what a letter tells: they may see its
// incident and, where that is why they are told, still follow it.
func may(l store.Letter) bool {
	to := l.Message.To
	return l.Incident.VisibleTo(to.Actor()) && (l.Message.Kind != incidents.FollowedUpdate || l.Incident.Follows(to.ID))
}

// work does an errand, in bounded time and with a panic made an error.
func (o *outbox) work(ctx context.Context, m store.Message, do errand) time.Duration {
	m.State, m.Attempts = store.Started, m.Attempts+1
	if wait := o.put(ctx, m, 0); wait > 0 {
		return wait
	}
	err := o.safely(m, func() error {
		ctx, cancel := context.WithTimeout(ctx, o.limit)
		defer cancel()
		return do(ctx, m)
	})
	if err != nil {
		return o.failed(ctx, m, err)
	}
	m.State, m.Error, m.NextTry = store.Sent, "", time.Time{}
	return o.put(ctx, m, 0)
}

// hidden gives up a message about an incident that whom it is to may not see any
// more, or that they follow no more.
func (o *outbox) hidden(ctx context.Context, m store.Message) time.Duration {
	m.State, m.Error = store.Failed, m.To.ID+" may not see, or follow no more, "+m.Incident.String()
	return o.put(ctx, m, 0)
}

// deliver is the carrier's, in bounded time and with a panic made an error.
func (o *outbox) deliver(ctx context.Context, m store.Message, in incidents.Incident, e incidents.Event, tried bool) (id string, err error) {
	ctx, cancel := context.WithTimeout(ctx, deliverTimeout)
	defer cancel()
	err = o.safely(m, func() error {
		id, err = o.carrier.Deliver(ctx, m, in, e, tried)
		return err
	})
	return id, err
}

// safely makes an error of a panic.
func (o *outbox) safely(m store.Message, do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			o.log.Error().Interface("panic", p).Bytes("stack", debug.Stack()).Str("message", m.Key).Msg("telling somebody panicked")
			err = errors.New("it panicked; see the log")
		}
	}()
	return do()
}

// failed keeps a message that did not arrive for another try. It stays started:
// it may have arrived for all we know, so the next try looks first.
func (o *outbox) failed(ctx context.Context, m store.Message, err error) time.Duration {
	if ctx.Err() != nil {
		return 0 // we are stopping: the next start tries again
	}
	wait := min(time.Second<<min(m.Attempts, 9), 5*time.Minute)
	var later interface{ RetryAfter() time.Duration }
	if errors.As(err, &later) {
		wait = later.RetryAfter()
	}
	m.Error, m.NextTry = err.Error(), time.Now().Add(wait)
	if m.Attempts < o.tries {
		o.log.Warn().Err(err).Str("message", m.Key).Int("attempt", m.Attempts).Dur("again_in", wait).Msg("somebody could not be told")
		return o.put(ctx, m, wait)
	}
	m.State = store.Failed
	o.log.Error().Err(err).Str("message", m.Key).Int("attempt", m.Attempts).Msg("somebody could not be told; it was given up")
	return o.put(ctx, m, 0)
}

// unread says that what a message is about cannot be read now.
func (o *outbox) unread(m store.Message, err error) time.Duration {
	o.log.Error().Err(err).Str("message", m.Key).Msg("what somebody is to be told cannot be read")
	return time.Minute
}

// put stores how far it came and answers wait, or a minute where it could not.
func (o *outbox) put(ctx context.Context, m store.Message, wait time.Duration) time.Duration {
	if err := o.store.PutMessage(context.WithoutCancel(ctx), m); err != nil {
		o.log.Error().Err(err).Str("message", m.Key).Msg("the outbox cannot be written")
		return time.Minute
	}
	return wait
}
