package bolt

import (
	"context"
	"errors"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// HearAlerts decides what follows from signals; see [store.Alerts]. Each is a plan of its own, so that it sees what those
// before it left; a refusal empties its plan and is no error of the whole.
func (db *DB) HearAlerts(ctx context.Context, list []store.Hearing, finish []string) ([]store.HeardAlert, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	heard := make([]store.HeardAlert, 0, len(list))
	err := db.enter(&request{
		// One that is given up half-way would take along whoever writes in the same transaction.
		ctx: context.WithoutCancel(ctx),
		decide: func(p *plan) (err error) {
			if len(heard) < len(list) {
				one, err := p.hear(list[len(heard)])
				heard = append(heard, one)
				return err
			}
			for _, id := range finish {
				if _, err := p.finish(id, nil); err != nil {
					return err
				}
			}
			finish = nil
			return nil
		},
		more: func() bool { return len(heard) < len(list) || len(finish) > 0 },
	})
	if err != nil {
		return nil, err
	}
	return heard, nil
}

// hear plans what follows from one of several signals.
func (p *plan) hear(h store.Hearing) (store.HeardAlert, error) {
	heard, err := p.attempt(h.Heard, h.Decide)
	if refusal, refused := incidents.AsRefusal(heard.Err); refused && h.Instead != nil {
		if heard, err = p.attempt(h.Heard, func(f alerts.Facts) alerts.Change { return h.Instead(refusal, f) }); heard.Err == nil {
			heard.Err = refusal
		}
	}
	return heard, err
}

// attempt plans what follows from a signal; where that is refused or panics, nothing.
func (p *plan) attempt(h alerts.Heard, decide func(alerts.Facts) alerts.Change) (store.HeardAlert, error) {
	s, err := p.hearing(h, decide)
	var refusal *incidents.Refusal
	var panicked *store.PanicError
	if errors.As(err, &refusal) || errors.As(err, &panicked) {
		p.writes, p.touched, p.err = nil, nil, nil
		return store.HeardAlert{Err: err}, nil
	}
	return store.HeardAlert{Alert: s.alert, Outcomes: s.outcomes}, err
}

// hearing plans what follows from a signal.
func (p *plan) hearing(h alerts.Heard, decide func(alerts.Facts) alerts.Change) (settledAlert, error) {
	var known *alerts.Alert
	if row := p.get(alertKeys, alertKey(h.Source, h.Signal.Fingerprint)); row != nil {
		n, _ := takeUint(row)
		a, _, err := p.alert(alerts.Number(n))
		if err != nil {
			return settledAlert{}, err
		}
		known = &a
	}
	return p.settleAlert(known, h.Source, h.Signal.Group, func(f alerts.Facts) (alerts.Change, error) { return decide(f), nil })
}
