package bot

import (
	"context"
	"slices"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// timedStore measures what is written, and says when alerts changed.
type timedStore struct {
	store.Store
	metrics *metrics
	alerted func()                 // an alert changed; nil: nobody wants to know
	hushed  func()                 // a silence was made or changed, or an alert is silenced; nil as above
	listed  func(incidents.Number) // an alert of an incident looks different, and the incident does not; nil as above
	// switched is told that a rule of alerts was made live, or that this was taken back; nil as above.
	switched func(ctx context.Context, rule, what string)
}

// PutLiveAlertRule is the store's.
func (t *timedStore) PutLiveAlertRule(ctx context.Context, id string, l alerts.LiveRule) error {
	err := t.Store.PutLiveAlertRule(ctx, id, l)
	if err == nil && t.switched != nil {
		t.switched(ctx, l.Rule, "a rule of alerts was made live by "+l.By.ID)
	}
	return err
}

// DropLiveAlertRule is the store's.
func (t *timedStore) DropLiveAlertRule(ctx context.Context, id, name string) error {
	err := t.Store.DropLiveAlertRule(ctx, id, name)
	if err == nil && t.switched != nil {
		t.switched(ctx, name, "a rule of alerts is in shadow again")
	}
	return err
}

// Apply is the store's, measured.
func (t *timedStore) Apply(ctx context.Context, c incidents.Command) (incidents.Outcome, error) {
	defer t.metrics.stored("apply", time.Now())
	return t.Store.Apply(ctx, c)
}

// HearAlert is the store's.
func (t *timedStore) HearAlert(ctx context.Context, h alerts.Heard, decide func(alerts.Facts) alerts.Change) (alerts.Alert, []incidents.Outcome, error) {
	different := false
	a, out, err := t.Store.HearAlert(ctx, h, func(f alerts.Facts) alerts.Change {
		c := decide(f)
		different = c.Alert != nil && f.Known != nil && c.Alert.Incident != 0 && c.Alert.Looks() != f.Known.Looks()
		return c
	})
	t.changed(a)
	if err == nil && different && t.listed != nil {
		t.listed(a.Incident)
	}
	return a, out, err
}

// HearAlerts is the store's.
func (t *timedStore) HearAlerts(ctx context.Context, list []store.Hearing, finish []string) ([]store.HeardAlert, error) {
	different := make([]bool, len(list))
	list = slices.Clone(list)
	for i := range list {
		decide := list[i].Decide
		list[i].Decide = func(f alerts.Facts) alerts.Change {
			c := decide(f)
			different[i] = c.Alert != nil && f.Known != nil && c.Alert.Incident != 0 && c.Alert.Looks() != f.Known.Looks()
			return c
		}
	}
	heard, err := t.Store.HearAlerts(ctx, list, finish)
	var told bool
	for i, h := range heard {
		if h.Alert.Number != 0 && !told {
			told = true
			t.changed(h.Alert)
		}
		if h.Err == nil && different[i] && t.listed != nil {
			t.listed(h.Alert.Incident)
		}
	}
	return heard, err
}

// ChangeAlert is the store's.
func (t *timedStore) ChangeAlert(ctx context.Context, n alerts.Number, decide func(alerts.Facts) (alerts.Change, error)) (alerts.Alert, []incidents.Outcome, error) {
	a, out, err := t.Store.ChangeAlert(ctx, n, decide)
	t.changed(a)
	return a, out, err
}

func (t *timedStore) changed(a alerts.Alert) {
	if t.hushed != nil && !a.QuietUntil().IsZero() {
		t.hushed()
	}
	if t.alerted != nil && a.Number != 0 {
		t.alerted()
	}
}

// Receive is the store's, measured.
func (t *timedStore) Receive(ctx context.Context, d store.Delivery) (store.Delivery, bool, error) {
	defer t.metrics.stored("receive", time.Now())
	return t.Store.Receive(ctx, d)
}

// AddSilence is the store's.
func (t *timedStore) AddSilence(ctx context.Context, s alerts.Silence) (alerts.Silence, bool, error) {
	s, fresh, err := t.Store.AddSilence(ctx, s)
	if t.hushed != nil && err == nil {
		t.hushed()
	}
	return s, fresh, err
}

// ChangeSilence is the store's.
func (t *timedStore) ChangeSilence(ctx context.Context, n alerts.SilenceNumber, decide func(alerts.Silence) (alerts.Silence, error)) (alerts.Silence, error) {
	s, err := t.Store.ChangeSilence(ctx, n, decide)
	if t.hushed != nil && err == nil {
		t.hushed()
	}
	return s, err
}
