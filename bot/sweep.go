package bot

import (
	"context"
	"fmt"
	"time"

	"github.com/rs/zerolog"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// sweep is the name under which the store knows when texts are looked at next.
const sweep = "sweep"

// Bounds of looking for texts that are kept no longer.
const (
	sweepEvery = 24 * time.Hour
	sweepAgain = 10 * time.Minute // after one that failed
	sweepPage  = 100              // incidents that are read at once
	accessKept = 24 * time.Hour   // of sessions and links that are over
)

// sweeper removes, once a day, the texts whose time has come, the alerts that are
// nobody's, and the sessions and links that are over. Which texts these are is decided by the rules, in the store's
// transaction; here is only looked for where there are any.
type sweeper struct {
	store store.Store
	rules func() incidents.Rules
	// alerts is how long alerts are kept that are over and belong to no incident; 0: for ever.
	alerts time.Duration
	log    zerolog.Logger
}

// run sweeps until the context ends. The next time stands in the store, so that
// restarts neither skip nor repeat a day.
func (s *sweeper) run(ctx context.Context) {
	rounds(ctx, nil, s.once)
}

// once sweeps if it is time and answers how long until it is.
func (s *sweeper) once(ctx context.Context, now time.Time) time.Duration {
	timer, err := s.store.Timer(ctx, sweep)
	if err == nil && now.Before(timer.Next) {
		return timer.Next.Sub(now)
	}
	if err == nil {
		_, err = s.store.ForgetAccess(ctx, now.Add(-accessKept))
	}
	if err == nil {
		err = s.all(ctx, now)
	}
	if err == nil {
		err = s.forgetAlerts(ctx, now)
	}
	if err == nil {
		timer.Next = now.Add(sweepEvery)
		err = s.store.PutTimer(ctx, timer)
	}
	if err != nil {
		if ctx.Err() == nil {
			s.log.Error().Err(err).Msg("what is kept no longer could not be removed; it is tried again in a while")
		}
		return sweepAgain
	}
	return sweepEvery
}

// all sweeps all incidents.
func (s *sweeper) all(ctx context.Context, now time.Time) error {
	if s.rules().Retention == (incidents.Retention{}) {
		return nil
	}
	for before := incidents.Number(0); ; {
		list, err := s.store.Incidents(ctx, store.Query{Before: before, Limit: sweepPage})
		if err != nil || len(list) == 0 {
			return err
		}
		for _, in := range list {
			if err := s.incident(ctx, in, now); err != nil {
				return fmt.Errorf("%s: %w", in.Number, err)
			}
		}
		before = list[len(list)-1].Number
	}
}

// forgetAlerts drops the alerts that are kept no longer. What was said of those of an
// incident goes with the incident's own texts.
func (s *sweeper) forgetAlerts(ctx context.Context, now time.Time) error {
	if s.alerts <= 0 {
		return nil
	}
	if _, err := s.store.ForgetSilences(ctx, now.Add(-s.alerts)); err != nil {
		return err
	}
	n, err := s.store.ForgetAlerts(ctx, now.Add(-s.alerts))
	if n > 0 {
		s.log.Info().Int("count", n).Msg("alerts that are kept no longer were removed")
	}
	return err
}

// incident removes what has to go of one incident, piece by piece.
func (s *sweeper) incident(ctx context.Context, in incidents.Incident, now time.Time) error {
	for after := s.rules().Retention.Done(in, now); ; {
		events, err := s.store.Events(ctx, in.Number, after, incidents.MaxExpire)
		if err != nil || len(events) == 0 {
			return err
		}
		first, over := s.rules().Retention.First(in, events, now)
		switch {
		case over:
			return nil
		case first == 0:
			after = events[len(events)-1].Seq
			continue
		}
		out, err := s.store.Apply(ctx, incidents.Command{
			ID: fmt.Sprintf("sweep:%s:%d:%d", in.Number, first, now.UnixMilli()), Actor: incidents.Fireboss, At: now, Incident: in.Number, Do: incidents.Expire{After: first - 1},
		})
		if err != nil || len(out.Events) == 0 {
			return err
		}
		s.log.Info().Str("incident", in.Number.String()).Str("rule", out.Events[0].Field("rule")).Str("count", out.Events[0].Field("count")).Msg("texts that are kept no longer were removed")
		in, after = out.Incident, s.rules().Retention.Done(out.Incident, now)
	}
}
