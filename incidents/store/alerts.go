package store

import (
	"context"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
)

// Alerts keeps alerts, each episode a row, with what was decided about it.
type Alerts interface {
	// HearAlert decides what follows from a signal, on its alert as it is, and writes it whole: the alert and the
	// commands for incidents, or nothing. Outcomes are those of the commands. A change without an alert writes nothing,
	// and the zero alert is the answer.
	HearAlert(ctx context.Context, h alerts.Heard, decide func(alerts.Facts) alerts.Change) (alerts.Alert, []incidents.Outcome, error)
	// ChangeAlert is the same for an alert by its number; ErrNotFound where there is none.
	ChangeAlert(ctx context.Context, n alerts.Number, decide func(alerts.Facts) (alerts.Change, error)) (alerts.Alert, []incidents.Outcome, error)
	// Alert is one alert, or ErrNotFound.
	Alert(ctx context.Context, n alerts.Number) (alerts.Alert, error)
	// Alerts lists alerts, newest first.
	Alerts(ctx context.Context, q AlertQuery) ([]alerts.Alert, error)
	// LapsedAlerts lists those that are to be taken to be over at or before now, earliest first, and when the next of the
	// others is; zero where there is none.
	LapsedAlerts(ctx context.Context, now time.Time, limit int) (due []alerts.Number, next time.Time, err error)
	// OpenInGroup lists the alerts of a source's group that are not over.
	OpenInGroup(ctx context.Context, source, group string) ([]alerts.Alert, error)
	// ForgetAlerts drops those that are over, were heard of last before a moment and belong to no incident; it answers
	// how many.
	ForgetAlerts(ctx context.Context, before time.Time) (int, error)
}

// AlertQuery chooses alerts. The zero value is all of them.
type AlertQuery struct {
	Incident incidents.Number // only those attached to it
	Before   alerts.Number    // only smaller numbers: where the page before ended
	Limit    int              // 0: all
	Where    func(alerts.Alert) bool
}
