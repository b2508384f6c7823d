package store

import (
	"context"
	"time"

	"fireboss/incidents/alerts"
)

// Silences keeps what somebody wants to hear nothing of for a while.
type Silences interface {
	// AddSilence stores one under the next number. Where its request has made one before, that is the answer, fresh is false
	// and nothing changes. It is refused where [alerts.MostSilences] are in force when it begins.
	AddSilence(ctx context.Context, s alerts.Silence) (made alerts.Silence, fresh bool, err error)
	// ChangeSilence decides what becomes of one, as it is; ErrNotFound where there is none, and nothing changes where decide
	// refuses. The alerts that one silences which ends by that are due at once, in the same transaction; see
	// [Alerts.QuietAlerts].
	ChangeSilence(ctx context.Context, n alerts.SilenceNumber, decide func(alerts.Silence) (alerts.Silence, error)) (alerts.Silence, error)
	// Silence is one, or ErrNotFound.
	Silence(ctx context.Context, n alerts.SilenceNumber) (alerts.Silence, error)
	// Silences lists them, the newest first, at most limit (0: all).
	Silences(ctx context.Context, limit int) ([]alerts.Silence, error)
	// SilencesInForce lists those that hold at a moment, by when they end.
	SilencesInForce(ctx context.Context, at time.Time) ([]alerts.Silence, error)
	// DueSilences lists those for which there is something to do outside at or before now, earliest first, and when there is
	// for the next of the others; zero where there is none.
	DueSilences(ctx context.Context, now time.Time, limit int) (due []alerts.Silence, next time.Time, err error)
	// ForgetSilences drops those that were over before a moment and for which there is nothing to do any more; it answers how
	// many.
	ForgetSilences(ctx context.Context, before time.Time) (int, error)
}
