package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/rs/zerolog"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
	"fireboss/integrations"
)

// silencer has silences set, and ended, in outside systems. What is to be done stands in the store with the silence itself,
// and the other side knows each by a mark, so that one is set once however often we were killed.
type silencer struct {
	store store.Store
	ways  map[string]silenceWay // by the integration's name
	log   zerolog.Logger
	wake  bell
}

// silenceWay is one system that can be silenced.
type silenceWay struct {
	*integrations.Silencer
	egress integrations.Egress
}

// Bounds of setting silences outside. What cannot be set, or ended, is tried until the silence's time is over, whatever the
// answer: a refusal may be that of something in between, and what stays silent there for weeks is worse than asking again.
const (
	silencesAtOnce = 20
	silenceTrial   = 30 * time.Second // one attempt
	silenceRetry   = 5 * time.Minute  // at most, between two attempts
)

func newSilencer(s store.Store, ways map[string]silenceWay, log zerolog.Logger) *silencer {
	return &silencer{store: s, ways: ways, log: log, wake: newBell()}
}

// changed says that there may be something to do; it does not block.
func (s *silencer) changed() {
	s.wake.ring()
}

// run does what is due until the context ends.
func (s *silencer) run(ctx context.Context) {
	rounds(ctx, s.wake, s.once)
}

// once does what is due, and answers how long there is nothing more to do.
func (s *silencer) once(ctx context.Context, now time.Time) time.Duration {
	due, next, err := s.store.DueSilences(ctx, now, silencesAtOnce)
	for _, one := range due {
		for _, p := range one.Places {
			if !p.NextTry.IsZero() && !p.NextTry.After(now) && ctx.Err() == nil {
				err = errors.Join(err, s.place(ctx, one, p))
			}
		}
	}
	switch {
	case err != nil && ctx.Err() == nil:
		s.log.Error().Err(err).Msg("silences that are to be set outside cannot be read or written")
		return hookWait
	case len(due) > 0: // some of them may be due again before the next of the others
		return time.Millisecond
	case next.IsZero():
		return longestSleep
	}
	return min(max(time.Until(next), time.Millisecond), longestSleep)
}

// place does what is to be done with a silence in one system, and writes down how far that came. An error is the store's.
func (s *silencer) place(ctx context.Context, one alerts.Silence, p alerts.SilencePlace) error {
	now := time.Now()
	did := p
	did.NextTry = time.Time{}
	way, there := s.ways[p.System]
	switch {
	case p.State == alerts.SilenceWanted && !now.Before(one.End()):
		did.State = alerts.SilenceFailed
	case p.State == alerts.SilenceEnding && !now.Before(one.Until): // there it was over by itself
		did.State, did.Why = alerts.SilenceEnded, ""
	case !there:
		s.unplaced(ctx, one, &did, &integrations.Unpaged{Again: integrations.Again{Verdict: integrations.Never}, Why: p.Title + " is not in the configuration any more"})
	default:
		if err := s.try(ctx, way, one, &did); err != nil {
			s.unplaced(ctx, one, &did, err)
		}
	}
	if ctx.Err() != nil && did.State == p.State {
		return nil // the next start tries again
	}
	_, err := s.store.ChangeSilence(context.WithoutCancel(ctx), one.Number, func(now alerts.Silence) (alerts.Silence, error) { return now.Placed(p, did), nil })
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// try sets a silence, or ends it, with a panic made an error.
func (s *silencer) try(ctx context.Context, way silenceWay, one alerts.Silence, did *alerts.SilencePlace) (err error) {
	defer func() {
		if v := recover(); v != nil {
			s.log.Error().Interface("panic", v).Bytes("stack", debug.Stack()).Str("silence", one.Number.String()).Msg("setting a silence panicked")
			err = errors.New("it panicked; see the log")
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, silenceTrial)
	defer cancel()
	if did.State == alerts.SilenceEnding {
		if err = way.End(ctx, s.mark(one), did.ID); err == nil {
			crash(pointUnsilenced)
			did.State, did.Why, did.Attempts = alerts.SilenceEnded, "", 0
		}
		return err
	}
	crash(pointSilencing)
	terms, why, _ := one.Matcher.In(did.System, did.Service)
	if why != "" { // an older version wrote it down; it would silence more
		did.State, did.Why = alerts.SilenceLeft, why
		return nil
	}
	told := one.SeenBy(func(incidents.Number) bool { return false }) // who reads it there may be anybody
	id, err := way.Set(ctx, integrations.Silence{Mark: s.mark(one), Terms: terms, From: one.From, Until: one.Until, By: one.By.Name, Why: way.egress.ClearNote(told.Why)})
	crash(pointSilenced)
	if err == nil {
		did.State, did.ID, did.Why, did.Attempts = alerts.SilenceSet, id, "", 0
	}
	return err
}

// markLength is how much of the store's name a mark has, and of what asked for the silence: two bots may silence one system,
// and a store that was restored gives the same numbers anew.
const markLength = 8

// mark is how a silence is known outside.
func (s *silencer) mark(one alerts.Silence) string {
	id, asked := s.store.Identity(), sha256.Sum256([]byte(one.Request))
	return fmt.Sprintf("Fireboss %s #%s-%s", one.Number, id[:min(len(id), markLength)], hex.EncodeToString(asked[:])[:markLength])
}

// unplaced says what follows where something could not be done.
func (s *silencer) unplaced(ctx context.Context, one alerts.Silence, did *alerts.SilencePlace, err error) {
	if ctx.Err() != nil {
		return
	}
	no := &integrations.Unpaged{Again: integrations.Again{Verdict: integrations.Unknown}, Why: did.Title + " could not be asked", Cause: err}
	errors.As(err, &no)
	did.Attempts++
	did.Why = no.Why
	wait := min(max(time.Second<<min(did.Attempts, 9), no.Again.After), silenceRetry)
	did.NextTry = time.Now().Add(wait)
	if over := one.Until; did.NextTry.After(over) && time.Now().Before(over) {
		did.NextTry = over
	}
	log := s.log.Warn()
	if no.Again.Verdict == integrations.Never || wait == silenceRetry { // somebody has to look
		log = s.log.Error()
	}
	log.Err(err).Str("silence", one.Number.String()).Str("system", did.System).Int("attempt", did.Attempts).Msg("a silence could not be set or ended outside")
}
