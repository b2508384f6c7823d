package store

import (
	"context"
	"time"

	"fireboss/incidents/alerts"
)

// AlertNotice is what is known of the message that tells people of an alert.
type AlertNotice struct {
	Alert alerts.Number `json:"alert"`
	// Channel and TS are where it stands; empty: nowhere yet.
	Channel string `json:"channel,omitempty"`
	TS      string `json:"ts,omitempty"`
	// Shown stands for what it shows but for how often the alert has happened, which is Count; ShownAt is since when.
	Shown   string    `json:"shown,omitempty"`
	Count   int       `json:"count,omitempty"`
	ShownAt time.Time `json:"shown_at,omitzero"`
	// Folded says that it has no message of its own: it came with so many others that they are only counted.
	Folded bool `json:"folded,omitempty"`
	// Turn counts what might change the message. It is the store's.
	Turn uint64 `json:"turn"`
	// NextTry is when it is to be looked at; zero: not before something changes.
	NextTry   time.Time `json:"next_try,omitzero"`
	Attempts  int       `json:"attempts,omitempty"` // in a row that failed
	LastError string    `json:"last_error,omitempty"`
}

// AlertNotices keeps what is known of the messages that tell people of alerts, apart from the alerts. There is one for
// every alert of which people are to be told, from the moment at which that was decided. Whatever changes such an alert,
// or who may know of its incident, makes its notice due at once. It goes with its alert.
type AlertNotices interface {
	// AlertNotice is the notice of an alert, or ErrNotFound.
	AlertNotice(ctx context.Context, n alerts.Number) (AlertNotice, error)
	// PutAlertNotice stores one; ErrNotFound where there is none. What became due after it was read stays due.
	PutAlertNotice(ctx context.Context, n AlertNotice) error
	// DueAlertNotices lists those that are due at or before now, earliest first, and when the next of the others is; zero
	// where there is none.
	DueAlertNotices(ctx context.Context, now time.Time, limit int) (due []AlertNotice, next time.Time, err error)
}
