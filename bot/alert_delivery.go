package bot

import (
	"context"
	"errors"
	"hash/fnv"
	"sync/atomic"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
	"fireboss/integrations"
)

// tell finds out what a delivery says, and has it decided about. An error is the store's.
func (a *alertIntake) tell(ctx context.Context, row store.Delivery) error {
	report, ok := a.read(ctx, row)
	if !ok {
		a.finish(ctx, row)
		return nil
	}
	return a.heard(ctx, row, report.Clean(row.At))
}

// read is what a delivery says; false where it says nothing that can be read.
func (a *alertIntake) read(ctx context.Context, row store.Delivery) (report alerts.Report, ok bool) {
	if row.Door == watchDoor {
		report, err := watchedReport(row)
		if err != nil {
			a.log.Error().Err(err).Str("delivery", row.ID).Msg("what a watched system told was given up")
		}
		return report, err == nil
	}
	source := a.sources[row.Key]
	if source == nil {
		a.log.Warn().Str("source", row.Key).Msg("a delivery was left that nothing in the configuration reads any more")
		return report, false
	}
	request, err := integrations.Unpack(row.Raw, row.At)
	if err != nil {
		a.log.Error().Err(err).Str("delivery", row.ID).Msg("a delivery was given up")
		return report, false
	}
	if report, err = source.Read(request); err != nil {
		a.told(row.Key, "unreadable")
		a.log.Warn().Str("source", row.Key).Str("what", err.Error()).Msg("a delivery says nothing that can be read")
		return report, false
	}
	if source.After != nil {
		a.beside(ctx, row.Key, source, request)
	}
	return report, true
}

// beside does what a delivery asks for besides; nobody waits for it.
func (a *alertIntake) beside(ctx context.Context, name string, source *integrations.Source, r integrations.Request) {
	a.after.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, afterFor)
		defer cancel()
		if err := source.After(ctx, r); err != nil {
			a.log.Error().Err(err).Str("source", name).Msg("what a delivery asks for could not be done")
		}
	})
}

// signalled is a signal that is to be heard, and who wants to know that it was.
type signalled struct {
	policy alerts.Policy
	heard  alerts.Heard
	done   func()
}

// signalsAhead is how many signals of a lane may wait to be heard.
const signalsAhead = 256

// heard works what a delivery says: its signals side by side, those of one alert in the order in which they came.
func (a *alertIntake) heard(ctx context.Context, row store.Delivery, r alerts.Report) error {
	id := hookDoor + ":" + row.Key + ":" + r.ID
	if r.ID != "" { // a second delivery with the sender's own id says nothing new
		seen, err := a.seen(ctx, id, row)
		if err != nil {
			return err
		}
		if seen {
			a.told(row.Key, "seen")
			a.finish(ctx, row)
			return nil
		}
	}
	policy := a.policy()
	if len(r.Groups)+len(r.Changes)+len(r.Pages) == 0 && r.ID == "" { // nothing has to wait for them
		var left atomic.Int64
		left.Store(int64(len(r.Signals)) + 1)
		done := func() {
			if left.Add(-1) == 0 {
				a.finish(ctx, row)
			}
		}
		a.dispatch(ctx, policy, row, r.Signals, done)
		done()
		return nil
	}
	if !a.dispatchAll(ctx, policy, row, r.Signals) {
		return ctx.Err()
	}
	for _, group := range r.Groups {
		if err := a.groupOver(ctx, policy, row, group, len(r.Signals)); err != nil {
			return err
		}
	}
	for _, news := range r.Pages {
		if err := a.answered(ctx, row, news); err != nil {
			return err
		}
	}
	for _, change := range r.Changes {
		if err := a.store.PutServiceChange(ctx, change); err != nil {
			return err
		}
	}
	if r.ID != "" {
		if err := a.remember(ctx, id, row); err != nil {
			return err
		}
	}
	a.finish(ctx, row)
	return nil
}

// dispatch has signals heard; false where the context ends first.
func (a *alertIntake) dispatch(ctx context.Context, p alerts.Policy, row store.Delivery, list []alerts.Signal, done func()) bool {
	for i, signal := range list {
		s := signalled{p, alerts.Heard{Source: row.Key, Signal: signal.Clean(row.At), Delivery: row.ID, Place: i + 1, At: row.At}, done}
		h := fnv.New32a()
		_, _ = h.Write([]byte(row.Key + "\x00" + s.heard.Signal.Fingerprint))
		select {
		case a.signals[h.Sum32()%signalLanes] <- s:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// dispatchAll has signals heard and waits until they are; false where the context ends first.
func (a *alertIntake) dispatchAll(ctx context.Context, p alerts.Policy, row store.Delivery, list []alerts.Signal) bool {
	heard := make(chan struct{}, len(list))
	if !a.dispatch(ctx, p, row, list, func() { heard <- struct{}{} }) {
		return false
	}
	for range list {
		select {
		case <-heard:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// answered writes down what somebody has done there with a page of ours. What is said again changes nothing.
func (a *alertIntake) answered(ctx context.Context, row store.Delivery, p alerts.PageNews) error {
	n, ok := incidents.ParsePageKey(p.Key)
	if !ok {
		return nil
	}
	act := incidents.PageAnswered{Key: p.Key, By: p.By, At: p.At, State: incidents.PageAcknowledged}
	if p.Status == alerts.Resolved {
		act.State = incidents.PageOver
	}
	_, err := a.store.Apply(ctx, incidents.Command{
		ID:    "page news:" + row.Key + ":" + p.Key + ":" + string(p.Status),
		Actor: incidents.Actor{Kind: incidents.Integration, ID: "integration:" + row.Key, Name: row.Key, Admin: true}, At: row.At, Incident: n, Origin: "alerts", Do: act,
	})
	if refusal, no := incidents.AsRefusal(err); no {
		a.log.Warn().Str("source", row.Key).Str("refusal", refusal.Text).Msg("what was done with a page is not written down")
		return nil
	}
	return err
}

// seen says whether a delivery with the sender's id was worked before. One that was begun and not finished was not.
func (a *alertIntake) seen(ctx context.Context, id string, row store.Delivery) (bool, error) {
	earlier, fresh, err := a.store.Receive(ctx, store.Delivery{ID: id, Door: "hook id", At: row.At, Raw: []byte(row.ID)})
	if err != nil || fresh {
		return false, err
	}
	return earlier.Done, nil
}

func (a *alertIntake) remember(ctx context.Context, id string, row store.Delivery) error {
	return a.store.Finish(ctx, id, []byte(row.ID))
}

// hear decides about a signal. Where the rules want of an incident what is refused, such as a type that there is no more,
// people are told instead.
func (a *alertIntake) hear(ctx context.Context, p alerts.Policy, h alerts.Heard) error {
	alert, _, err := a.store.HearAlert(ctx, h, func(f alerts.Facts) alerts.Change { return p.Hear(h, f) })
	if refusal, refused := incidents.AsRefusal(err); refused {
		a.log.Error().Err(err).Str("fingerprint", h.Signal.Fingerprint).Msg("what the rules for alerts want is refused; people are told instead")
		instead := p.Instead(refusal.Text)
		alert, _, err = a.store.HearAlert(ctx, h, func(f alerts.Facts) alerts.Change { return instead.Hear(h, f) })
	}
	var panicked *store.PanicError
	if errors.As(err, &panicked) {
		a.log.Error().Err(err).Str("fingerprint", h.Signal.Fingerprint).Bytes("stack", panicked.Stack).Msg("an alert could not be decided about")
		return nil
	}
	if err == nil && !alert.LapsesAt.IsZero() {
		a.mayLapse()
	}
	return err
}

// groupOver ends what is left of a group that is over, of which its source did not name every alert.
func (a *alertIntake) groupOver(ctx context.Context, p alerts.Policy, row store.Delivery, group string, place int) error {
	open, err := a.store.OpenInGroup(ctx, row.Key, group)
	if err != nil {
		return err
	}
	for i, alert := range open {
		s := alert.Signal
		s.Status, s.Count, s.EndedAt, s.Expires = alerts.Resolved, 0, time.Time{}, time.Time{}
		if err := a.hear(ctx, p, alerts.Heard{Source: row.Key, Signal: s, Delivery: row.ID, Place: place + i + 1, At: row.At}); err != nil {
			return err
		}
	}
	return nil
}
