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
	// HearAlerts does the same for signals one after the other, each on what those before it left, and finishes deliveries
	// as [Inbox] does: all of it in one transaction, or nothing. Deliveries that are not known are left out. The answers
	// are in the order of the signals.
	HearAlerts(ctx context.Context, list []Hearing, finish []string) ([]HeardAlert, error)
	// ChangeAlert is the same for an alert by its number; ErrNotFound where there is none. Of a change whose id was decided
	// before nothing is written: the answer is the alert as it is, and the outcome of the command that had that id.
	ChangeAlert(ctx context.Context, n alerts.Number, decide func(alerts.Facts) (alerts.Change, error)) (alerts.Alert, []incidents.Outcome, error)
	// Alert is one alert, or ErrNotFound.
	Alert(ctx context.Context, n alerts.Number) (alerts.Alert, error)
	// Alerts lists alerts, newest first.
	Alerts(ctx context.Context, q AlertQuery) ([]alerts.Alert, error)
	// LapsedAlerts lists those that are to be taken to be over at or before now, earliest first, and when the next of the
	// others is; zero where there is none.
	LapsedAlerts(ctx context.Context, now time.Time, limit int) (due []alerts.Number, next time.Time, err error)
	// QuietAlerts lists the same way those that were silenced until then or before, about which the rules are to be asked.
	QuietAlerts(ctx context.Context, now time.Time, limit int) (due []alerts.Number, next time.Time, err error)
	// OpenInGroup lists the alerts of a source's group that are not over.
	OpenInGroup(ctx context.Context, source, group string) ([]alerts.Alert, error)
	// ForgetAlerts drops those that are over, were heard of last before a moment and belong to no incident; it answers
	// how many.
	ForgetAlerts(ctx context.Context, before time.Time) (int, error)
}

// Hearing is a signal that is to be heard among others.
type Hearing struct {
	alerts.Heard
	Decide func(alerts.Facts) alerts.Change
	// Instead decides where the commands of the change are refused.
	Instead func(refusal *incidents.Refusal, f alerts.Facts) alerts.Change
}

// HeardAlert is what became of one.
type HeardAlert struct {
	Alert    alerts.Alert
	Outcomes []incidents.Outcome
	// Err is why what was decided is not written: it was refused (*incidents.Refusal), and Alert is what was decided
	// instead, or the decision panicked (*PanicError).
	Err error
}

// AlertQuery chooses alerts. The zero value is all of them.
type AlertQuery struct {
	Incident incidents.Number // only those attached to it
	Before   alerts.Number    // only smaller numbers: where the page before ended
	Limit    int              // 0: all
	Where    func(alerts.Alert) bool
}
