package store

import (
	"context"

	"fireboss/incidents/alerts"
)

// AlertRules keeps which rules of alerts somebody has made live that are in shadow in the configuration.
type AlertRules interface {
	// LiveAlertRules lists them, by name.
	LiveAlertRules(ctx context.Context) ([]alerts.LiveRule, error)
	// PutLiveAlertRule stores one, in the place of what was stored for a rule of that name.
	PutLiveAlertRule(ctx context.Context, l alerts.LiveRule) error
	// DropLiveAlertRule forgets the one of that name, if there is one.
	DropLiveAlertRule(ctx context.Context, name string) error
}
