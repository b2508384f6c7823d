package bot

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// A Roster knows who can be reminded now: what a door has to offer for the clock.
type Roster interface {
	// Away are those of these who do not want to be disturbed now, as far as it
	// can be known soon.
	Away(ctx context.Context, ids []string) []string
	// Called are the people of these groups and names as they are today.
	Called(ctx context.Context, refs []string) []incidents.Person
}

// reminders asks the store what is due and says so to the incidents it is due
// in. What is due is decided and written like any other command, so that each
// reminder happens once, whoever saw it and however often we were killed.
type reminders struct {
	store  store.Store
	roster Roster
	rules  func() incidents.Rules
	log    zerolog.Logger
	wake   bell
}

// Bounds of the clock.
const (
	dueAtOnce    = 1000            // deadlines that are looked at in one go
	remindWidth  = 16              // incidents that are reminded side by side
	rosterIn     = 2 * time.Second // without an answer of the roster the clock goes on
	longestSleep = time.Hour
	shortest     = time.Second // between two looks, where something stays due
	afterFailure = 10 * time.Second
)

func newReminders(s store.Store, r Roster, rules func() incidents.Rules, log zerolog.Logger) *reminders {
	return &reminders{store: s, roster: r, rules: rules, log: log, wake: newBell()}
}

// changed says that something else may be due next; it does not block.
func (r *reminders) changed() {
	r.wake.ring()
}

// run reminds until the context ends.
func (r *reminders) run(ctx context.Context) {
	r.recount(ctx)
	rounds(ctx, r.wake, r.once)
}

// once reminds of what is due at this moment and answers how long until
// something is.
func (r *reminders) once(ctx context.Context, now time.Time) time.Duration {
	due, err := r.store.Due(ctx, now, dueAtOnce)
	if err != nil {
		return r.failed(ctx, err)
	}
	slots := make(chan struct{}, remindWidth)
	var all sync.WaitGroup
	seen := map[incidents.Number]bool{}
	var failing atomic.Bool
	for _, d := range due {
		if seen[d.Incident] {
			continue
		}
		seen[d.Incident] = true
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			if err := r.remind(ctx, d.Incident, now); err != nil {
				r.failed(ctx, err)
				failing.Store(true)
			}
		})
	}
	all.Wait()
	next, err := r.store.NextDue(ctx)
	switch {
	case err != nil:
		return r.failed(ctx, err)
	case failing.Load():
		return afterFailure
	case next.IsZero():
		return longestSleep
	}
	return min(max(time.Until(next), breath(due)), longestSleep)
}

// breath keeps the clock from spinning where something stays due all the same.
func breath(due []store.Due) time.Duration {
	if len(due) > 0 {
		return shortest
	}
	return time.Millisecond
}

// remind says to one incident that something is due.
func (r *reminders) remind(ctx context.Context, n incidents.Number, now time.Time) error {
	in, err := r.store.Incident(ctx, n)
	if err != nil {
		return err
	}
	act := r.who(ctx, in)
	_, err = r.store.Apply(ctx, incidents.Command{
		ID: fmt.Sprintf("clock:%s:%d:%d", n, in.Version, now.UnixMilli()), Actor: incidents.Fireboss, At: now, Incident: n, Do: act,
	})
	return err
}

// who finds out who can be reminded.
func (r *reminders) who(ctx context.Context, in incidents.Incident) incidents.Remind {
	ctx, cancel := context.WithTimeout(ctx, rosterIn)
	defer cancel()
	act := incidents.Remind{OnCall: r.roster.Called(ctx, in.Calls)}
	if in.Severity == 1 || in.Severity == 2 || slices.ContainsFunc(in.Deadlines, incidents.Deadline.Legal) {
		ids := []string{in.DeclaredBy.ID}
		if c, led := in.Commander(); led {
			ids = []string{c.ID}
		}
		for _, p := range act.OnCall {
			ids = append(ids, p.ID)
		}
		act.Away = r.roster.Away(ctx, ids)
	}
	return act
}

// recount has the deadlines of open incidents counted by the policy of today: the
// configuration may have changed since they were.
func (r *reminders) recount(ctx context.Context) {
	policy := r.rules()
	other := func(in incidents.Incident) bool {
		return fmt.Sprint(policy.Deadlines(in)) != fmt.Sprint(in.Deadlines)
	}
	list, err := r.store.Incidents(ctx, store.Query{Open: true, Where: other})
	if err != nil {
		r.failed(ctx, err)
		return
	}
	over, err := r.ended(ctx, other)
	if err != nil {
		r.failed(ctx, err)
	}
	for _, in := range append(list, over...) {
		_, err := r.store.Apply(ctx, incidents.Command{
			ID: fmt.Sprintf("recount:%s:%d:%d", in.Number, in.Version, time.Now().UnixMilli()), Actor: incidents.Fireboss, At: time.Now(), Incident: in.Number, Do: incidents.Recount{},
		})
		if err != nil {
			r.failed(ctx, err)
		}
	}
}

// ended are the incidents that have ended, in which something is due all the same,
// and of which this holds.
func (r *reminders) ended(ctx context.Context, where func(incidents.Incident) bool) (list []incidents.Incident, err error) {
	all, err := r.store.Due(ctx, time.Unix(1<<40, 0), 0)
	if err != nil {
		return nil, err
	}
	seen := map[incidents.Number]bool{}
	for _, d := range all {
		if seen[d.Incident] || !d.Deadline.Lasting() {
			continue
		}
		seen[d.Incident] = true
		in, err := r.store.Incident(ctx, d.Incident)
		if err != nil {
			return list, err
		}
		if in.Status.Ended() && where(in) {
			list = append(list, in)
		}
	}
	return list, nil
}

func (r *reminders) failed(ctx context.Context, err error) time.Duration {
	if ctx.Err() == nil {
		r.log.Error().Err(err).Msg("the clock could not remind; it tries again in a moment")
	}
	return afterFailure
}
