package bot

import (
	"context"
	"errors"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// askOnce has the rules asked about alerts that are silenced no longer, and says how long there is nothing more to do. Until
// when each is silenced stands in the store, and with the answer of the rules it stands there no more: so they are asked
// once, whatever ends the program.
func (a *alertIntake) askOnce(ctx context.Context, now time.Time) time.Duration {
	due, next, err := a.store.QuietAlerts(ctx, now, lapsesAtOnce)
	for _, n := range due {
		if askErr := a.ask(ctx, n, now); askErr != nil {
			err = askErr
		}
	}
	switch {
	case err != nil && ctx.Err() == nil:
		a.log.Error().Err(err).Msg("the rules could not be asked about alerts that are silenced no longer")
		return hookWait
	case len(due) == lapsesAtOnce:
		return 0
	case next.IsZero():
		return 24 * time.Hour
	}
	return max(next.Sub(now), 0)
}

// ask has the rules asked about one. Where what they want of an incident is refused, people are told instead.
func (a *alertIntake) ask(ctx context.Context, n alerts.Number, now time.Time) error {
	by := func(p alerts.Policy) error {
		_, _, err := a.store.ChangeAlert(ctx, n, func(f alerts.Facts) (alerts.Change, error) { return p.Ask(*f.Known, f, now), nil })
		return err
	}
	p := a.policy()
	err := by(p)
	if refusal, refused := incidents.AsRefusal(err); refused {
		a.log.Error().Err(err).Str("alert", n.String()).Msg("what the rules for alerts want is refused; people are told instead")
		err = by(p.Instead(refusal.Text))
	}
	var panicked *store.PanicError
	if errors.As(err, &panicked) {
		a.log.Error().Err(err).Str("alert", n.String()).Bytes("stack", panicked.Stack).Msg("an alert could not be decided about")
		return nil
	}
	return err
}
