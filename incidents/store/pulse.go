package store

import (
	"context"
	"time"

	"fireboss/incidents/alerts"
)

// Pulses keeps how regularly outside systems speak: their heartbeats, and how many of their alerts began in each hour.
type Pulses interface {
	// ChangeBeat writes what becomes of a heartbeat of a source, decided on its row as it is, and answers that. One that was
	// never heard is the zero value with its names; what has no time of its own (its At
	// is zero) is not written.
	ChangeBeat(ctx context.Context, source, name string, change func(alerts.Beat) alerts.Beat) (alerts.Beat, error)
	// Beats lists the heartbeats that were heard, by source and name.
	Beats(ctx context.Context) ([]alerts.Beat, error)
	// ForgetBeat drops one.
	ForgetBeat(ctx context.Context, source, name string) error

	// AlertHours lists the hours since a moment that are known, in order: those that were watched, and those in which an
	// episode of an alert began. Each is counted with the alert, in its transaction; those of [alerts.Own] are not.
	AlertHours(ctx context.Context, since time.Time) ([]alerts.Hour, error)
	// WatchedHour writes down that Fireboss ran all through the hour that begins at a moment.
	WatchedHour(ctx context.Context, hour time.Time) error
	// ForgetAlertHours drops the hours before a moment, and answers how many rows they had.
	ForgetAlertHours(ctx context.Context, before time.Time) (int, error)
}
