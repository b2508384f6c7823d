package bot

import (
	"context"
	"errors"
	"time"

	"fireboss/bot/slack"
	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// alertsOfWeek is how many alerts of a week its digest is about at most, the newest.
const alertsOfWeek = 5000

// weekOfAlerts makes what there was of alerts in the last seven days, as everybody may know of it. page is where there is
// more.
func weekOfAlerts(page string) func(context.Context, store.Store, time.Time) (slack.Digest, error) {
	return func(ctx context.Context, s store.Store, now time.Time) (slack.Digest, error) {
		list, err := alertsSince(ctx, s, now.Add(-weekOfDigest))
		week := alerts.WeekOf(list, now)
		return slack.Digest{Alerts: &week, Page: page}, err
	}
}

// alertsSince are the alerts since a moment, as everybody may know of them.
func alertsSince(ctx context.Context, s store.Store, since time.Time) (list []alerts.Alert, err error) {
	known := map[incidents.Number]bool{}
	public := func(n incidents.Number) bool {
		told, looked := known[n]
		if !looked {
			in, readErr := s.Incident(ctx, n)
			if readErr != nil && !errors.Is(readErr, store.ErrNotFound) {
				err = readErr
			}
			told = readErr == nil && !in.Private
			known[n] = told
		}
		return told
	}
	for before := alerts.Number(0); len(list) < alertsOfWeek; {
		some, readErr := s.Alerts(ctx, store.AlertQuery{Before: before, Limit: alertsAtOnce})
		if readErr != nil {
			return nil, readErr
		}
		for _, a := range some {
			if before = a.Number; a.ReceivedAt.Before(since) {
				return list, err
			}
			list = append(list, a.SeenBy(public))
		}
		if len(some) < alertsAtOnce {
			break
		}
	}
	return list, err
}
