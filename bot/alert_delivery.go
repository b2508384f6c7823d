package bot

import (
	"context"
	"slices"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
	"fireboss/integrations"
)

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
	if n := len(report.Unread); n > 0 {
		a.told(row.Key, "partly unreadable")
		a.log.Warn().Str("source", row.Key).Str("delivery", row.ID).Int("of", n).Str("what", report.Unread[0]).Msg("something in a delivery could not be read; the rest is taken")
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

// tell has what a delivery says decided about, in the order in which it has to be, and finishes it. An error is the
// store's; then all of it can be told again.
func (a *alertIntake) tell(ctx context.Context, row store.Delivery, r alerts.Report) error {
	id := hookDoor + ":" + row.Key + ":" + r.ID
	if r.ID != "" { // a second delivery with the sender's own id says nothing new
		seen, err := a.seen(ctx, id, row)
		if err != nil {
			return err
		}
		if seen {
			a.told(row.Key, "seen")
			return a.hear(ctx, nil, []store.Delivery{row})
		}
	}
	policy := a.policy()
	rest, err := a.beats(ctx, hearings(policy, row, r.Signals, 0))
	if err != nil {
		return err
	}
	for part := range slices.Chunk(rest, usualBatch) {
		if err := a.hear(ctx, part, nil); err != nil {
			return err
		}
	}
	for _, group := range r.Groups {
		if err := a.ended(ctx, row, group, len(r.Signals)); err != nil {
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
	return a.hear(ctx, nil, []store.Delivery{row})
}

// ended has all alerts of a group be over; before are how many signals of the delivery come before them.
func (a *alertIntake) ended(ctx context.Context, row store.Delivery, group string, before int) error {
	open, err := a.store.OpenInGroup(ctx, row.Key, group)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(hearings(a.policy(), row, over(open), before), usualBatch) {
		if err := a.hear(ctx, part, nil); err != nil {
			return err
		}
	}
	return nil
}

// beats writes down the heartbeats among signals; rest are those that are to be decided about.
func (a *alertIntake) beats(ctx context.Context, list []store.Hearing) (rest []store.Hearing, err error) {
	policy := a.policy()
	for _, h := range list {
		b, is := policy.Heartbeat(h.Heard)
		if !is {
			rest = append(rest, h)
			continue
		}
		if err := a.pulse.beat(ctx, policy, b, h.Heard); err != nil {
			return nil, err
		}
	}
	return rest, nil
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
