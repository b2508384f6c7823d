package bot

import (
	"context"
	"errors"
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
}

// outbox sends what is said once to one person. Each message is a row whose
// state is stored before and after the attempt, so that after a crash it is
// looked for before it is sent again.
type outbox struct {
	store   store.Store
	carrier Carrier
	log     zerolog.Logger
	wake    chan struct{}
}

// maxDeliveries bounds the attempts to tell somebody something.
const maxDeliveries = 20

func newOutbox(s store.Store, c Carrier, log zerolog.Logger) *outbox {
	return &outbox{store: s, carrier: c, log: log, wake: make(chan struct{}, 1)}
}

// changed says that there may be something to send; it does not block.
func (o *outbox) changed() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// run sends until the context ends.
func (o *outbox) run(ctx context.Context) {
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
	rows, err := o.store.Outgoing(ctx)
	if err != nil {
		o.log.Error().Err(err).Msg("the outbox cannot be read")
		return time.Minute
	}
	next := time.Hour
	for _, m := range rows {
		if wait := m.NextTry.Sub(now); wait > 0 {
			next = min(next, wait)
			continue
		}
		if wait := o.send(ctx, m); wait > 0 {
			next = min(next, wait)
		}
	}
	return next
}

// send tries one message; it answers how long to wait before the next try.
func (o *outbox) send(ctx context.Context, m store.Message) time.Duration {
	in, err := o.store.Incident(ctx, m.Incident)
	if err != nil {
		return time.Minute
	}
	events, err := o.store.Events(ctx, m.Incident, m.Seq-1, 1)
	if err != nil || len(events) == 0 {
		return time.Minute
	}
	tried := m.State == store.Started || m.State == store.Unknown
	m.State, m.Attempts = store.Started, m.Attempts+1
	if !o.carrier.Carries(m.To) {
		m.State, m.Error = store.Failed, "no door reaches "+m.To.ID
		return o.put(ctx, m, 0)
	}
	if wait := o.put(ctx, m, 0); wait > 0 {
		return wait
	}
	id, err := o.carrier.Deliver(ctx, m, in, events[0], tried)
	if err == nil {
		m.State, m.OutsideID, m.Error, m.NextTry = store.Sent, id, "", time.Time{}
		return o.put(ctx, m, 0)
	}
	wait := min(time.Second<<min(m.Attempts, 9), 5*time.Minute)
	var later interface{ RetryAfter() time.Duration }
	if errors.As(err, &later) {
		wait = later.RetryAfter()
	}
	m.State, m.Error, m.NextTry = store.Unknown, err.Error(), time.Now().Add(wait)
	if m.Attempts >= maxDeliveries {
		m.State = store.Failed
	}
	o.log.Warn().Err(err).Str("message", m.Key).Int("attempt", m.Attempts).Msg("somebody could not be told")
	return o.put(ctx, m, wait)
}

// put stores how far it came and answers wait, or a minute where it could not.
func (o *outbox) put(ctx context.Context, m store.Message, wait time.Duration) time.Duration {
	if err := o.store.PutMessage(context.WithoutCancel(ctx), m); err != nil {
		o.log.Error().Err(err).Str("message", m.Key).Msg("the outbox cannot be written")
		return time.Minute
	}
	return wait
}
