package bot

import (
	"context"
	"errors"
	"time"

	"github.com/rs/zerolog"

	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// AlertBoard shows alerts where people decide about them: what a door has to offer for that.
type AlertBoard interface {
	// Show shows an alert in a channel: in the message that is there, or in a new one; tried says that one may be there
	// that is not known.
	Show(ctx context.Context, channel string, a alerts.Alert, place, message string, tried bool) (newPlace, newMessage string, err error)
	// Shows stands for what is shown of an alert: all of it, and without what changes often.
	Shows(a alerts.Alert) (all, calm string)
}

// Bounds of showing alerts.
const (
	noticesAtOnce = 50
	showEvery     = time.Minute // a count that grew and nothing else
	showTimeout   = time.Minute
	firstNotice   = 2 * time.Second
	lastNotice    = 10 * time.Minute
)

// alertNotices keeps the messages by which people are told of alerts as the alerts are: like a mirror, apart from any
// incident.
type alertNotices struct {
	store store.Store
	board AlertBoard
	log   zerolog.Logger
	wake  chan struct{}
}

func newAlertNotices(s store.Store, b AlertBoard, log zerolog.Logger) *alertNotices {
	return &alertNotices{store: s, board: b, log: log, wake: make(chan struct{}, 1)}
}

// changed says that an alert changed. It does not block.
func (a *alertNotices) changed() {
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// run shows what changes until the context ends.
func (a *alertNotices) run(ctx context.Context) {
	for ctx.Err() == nil {
		timer := time.NewTimer(a.once(ctx, time.Now()))
		select {
		case <-ctx.Done():
		case <-a.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// once shows what is to be shown now, and answers how long there is nothing more to do.
func (a *alertNotices) once(ctx context.Context, now time.Time) time.Duration {
	list, err := a.store.UnshownAlerts(ctx, noticesAtOnce)
	if err != nil {
		if ctx.Err() == nil {
			a.log.Error().Err(err).Msg("the alerts to show could not be read")
		}
		return firstNotice
	}
	next := longestSleep
	for _, n := range list {
		if ctx.Err() != nil {
			return next
		}
		wait, err := a.one(ctx, n, now)
		if err != nil && ctx.Err() == nil && !errors.Is(err, store.ErrNotFound) {
			a.log.Error().Err(err).Str("alert", n.String()).Msg("an alert could not be shown; it is tried again")
		}
		next = min(next, max(wait, time.Millisecond))
	}
	return next
}

// one shows an alert, unless that has time, and answers when it is to be looked at again.
func (a *alertNotices) one(ctx context.Context, n alerts.Number, now time.Time) (time.Duration, error) {
	alert, err := a.store.Alert(ctx, n)
	if err != nil {
		return firstNotice, err
	}
	notice, err := a.store.AlertNotice(ctx, n)
	if err != nil {
		return firstNotice, err
	}
	all, calm := a.board.Shows(alert)
	switch {
	case notice.NextTry.After(now):
		return notice.NextTry.Sub(now), nil
	case notice.Message != "" && notice.Shows == all+calm:
		return longestSleep, a.store.PutAlertNotice(ctx, notice, &alert)
	case notice.Message != "" && len(notice.Shows) == len(all+calm) && notice.Shows[len(all):] == calm && now.Sub(notice.ShownAt) < showEvery:
		return showEvery - now.Sub(notice.ShownAt), nil
	}
	return a.show(ctx, alert, notice, all+calm, now)
}

// show posts or changes the message; that it may have been posted is written down before.
func (a *alertNotices) show(ctx context.Context, alert alerts.Alert, notice store.AlertNotice, shows string, now time.Time) (time.Duration, error) {
	tried := notice.Tried
	if notice.Message == "" && !tried {
		notice.Tried = true
		if err := a.store.PutAlertNotice(ctx, notice, nil); err != nil {
			return firstNotice, err
		}
	}
	shown, cancel := context.WithTimeout(ctx, showTimeout)
	defer cancel()
	place, message, err := a.board.Show(shown, alert.Channel, alert, notice.Place, notice.Message, tried)
	if err != nil {
		notice.Attempts++
		notice.Error = err.Error()
		wait := min(firstNotice<<min(notice.Attempts-1, 12), lastNotice)
		notice.NextTry = now.Add(wait)
		return wait, errors.Join(err, a.store.PutAlertNotice(ctx, notice, nil))
	}
	crash(pointNoticed)
	notice = store.AlertNotice{Alert: alert.Number, Place: place, Message: message, Tried: true, Shows: shows, ShownAt: now}
	return longestSleep, a.store.PutAlertNotice(ctx, notice, &alert)
}
