package store

import (
	"context"

	"fireboss/incidents/alerts"
)

// AlertRules keeps which rules of alerts somebody has made live that are in shadow in the configuration.
type AlertRules interface {
	// LiveAlertRules lists them, by name.
	LiveAlertRules(ctx context.Context) ([]alerts.LiveRule, error)
	// PutLiveAlertRule stores one, in the place of what was stored for a rule of that name. id is that of what somebody
	// said; what has that id changes nothing when it is worked again. Empty: nobody said it.
	PutLiveAlertRule(ctx context.Context, id string, l alerts.LiveRule) error
	// DropLiveAlertRule forgets the one of that name, if there is one; id as before.
	DropLiveAlertRule(ctx context.Context, id, name string) error
}
