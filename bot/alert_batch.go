package bot

import (
	"context"
	"errors"
	"runtime/debug"
	"slices"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// told is a delivery, and what it says once it was read.
type told struct {
	row    store.Delivery
	report alerts.Report
	read   bool
	says   bool // it could be read
}

// plain says that it says nothing but a few signals: it can be worked together with others.
func (t *told) plain() bool {
	r := &t.report
	return !t.says || r.ID == "" && len(r.Groups)+len(r.Changes)+len(r.Pages) == 0 && len(r.Signals) <= usualBatch
}

// worked works what comes to a lane until the context ends.
func (a *alertIntake) worked(ctx context.Context, l *lane) {
	for ctx.Err() == nil {
		var list []*told
		for _, row := range l.take(ctx, rowsAtOnce) {
			list = append(list, &told{row: row})
		}
		for len(list) > 0 && ctx.Err() == nil {
			a.crowd.behind(ctx, func() {
				signals := usualBatch
				if a.crowd.there() {
					signals = crowdBatch
				}
				list = list[a.some(ctx, list, signals):]
			})
		}
	}
}

// some works the first of some deliveries, with about so many signals, and answers how many. They are decided about and
// finished in one transaction: so one that is worked again after a crash was not worked before, whatever was heard of the
// same alerts since. What is not plain, or was begun by a process that ended, is worked alone.
func (a *alertIntake) some(ctx context.Context, list []*told, signals int) (n int) {
	var hear []store.Hearing
	var rows []store.Delivery
	policy := a.policy()
	for _, t := range list {
		alone := t.row.Attempts > 0
		var says []store.Hearing
		if !alone {
			a.understand(ctx, t)
			if alone = !t.plain(); !alone {
				says = hearings(policy, t.row, t.report.Signals, 0)
				alone = beating(policy, says)
			}
		}
		switch {
		case len(rows) > 0 && (alone || len(hear) > 0 && len(hear)+len(says) > signals):
			a.patiently(ctx, rows[0].ID, func() error { return a.hear(ctx, hear, rows) })
			return n
		case alone:
			a.alone(ctx, t)
			return n + 1
		}
		hear, rows = append(hear, says...), append(rows, t.row)
		n++
	}
	a.patiently(ctx, rows[0].ID, func() error { return a.hear(ctx, hear, rows) })
	return n
}

// beating says that there is a heartbeat among signals, which is not an alert to be decided about.
func beating(p alerts.Policy, list []store.Hearing) bool {
	return slices.ContainsFunc(list, func(h store.Hearing) bool {
		_, is := p.Heartbeat(h.Heard)
		return is
	})
}

// understand reads a delivery, once. One over which the reading panics says nothing.
func (a *alertIntake) understand(ctx context.Context, t *told) {
	if t.read {
		return
	}
	t.read = true
	defer func() {
		if v := recover(); v != nil {
			a.log.Error().Str("delivery", t.row.ID).Interface("panic", v).Bytes("stack", debug.Stack()).Msg("a delivery could not be read and was given up")
			t.report, t.says = alerts.Report{}, false
		}
	}()
	t.report, t.says = a.read(ctx, t.row)
	t.report = t.report.Clean(t.row.At)
}

// alone works a delivery to its end. What ended the process before is counted, and given up after some times.
func (a *alertIntake) alone(ctx context.Context, t *told) {
	row := t.row
	if row.Attempts > 0 && !a.patiently(ctx, row.ID, func() (err error) {
		row.Attempts, err = a.store.Attempted(ctx, row.ID)
		return err
	}) {
		return
	}
	if row.Attempts > hookTries {
		a.log.Error().Str("delivery", row.ID).Int("attempts", row.Attempts).Msg("a delivery that ends the process each time was given up")
		t.read, t.report = true, alerts.Report{}
	}
	a.understand(ctx, t)
	a.patiently(ctx, row.ID, func() error { return a.tell(ctx, row, t.report) })
}

// hearings are signals that are to be heard; before are how many of the same delivery come before them.
func hearings(p alerts.Policy, row store.Delivery, signals []alerts.Signal, before int) []store.Hearing {
	list := make([]store.Hearing, 0, len(signals))
	for i, s := range signals {
		list = append(list, hearing(p, alerts.Heard{Source: row.Key, Signal: s.Clean(row.At), Delivery: row.ID, Place: before + i + 1, At: row.At}))
	}
	return list
}

// hearing is a signal that is to be heard by a policy.
func hearing(p alerts.Policy, h alerts.Heard) store.Hearing {
	return store.Hearing{
		Heard:   h,
		Decide:  func(f alerts.Facts) alerts.Change { return p.Hear(h, f) },
		Instead: func(why *incidents.Refusal, f alerts.Facts) alerts.Change { return p.Instead(why.Text).Hear(h, f) },
	}
}

// hear decides about signals, and finishes deliveries with it. Where the rules want of an incident what is refused, such
// as a type that there is no more, people are told instead.
func (a *alertIntake) hear(ctx context.Context, list []store.Hearing, rows []store.Delivery) error {
	ids := make([]string, 0, len(rows))
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	heard, err := a.store.HearAlerts(ctx, list, ids)
	if err != nil {
		return err
	}
	crash(pointHookHeard)
	if len(list) > 0 {
		a.pulse.stir()
	}
	for i, hearing := range list {
		h, fingerprint := heard[i], hearing.Signal.Fingerprint
		var panicked *store.PanicError
		switch {
		case errors.As(h.Err, &panicked):
			a.log.Error().Err(h.Err).Str("fingerprint", fingerprint).Bytes("stack", panicked.Stack).Msg("an alert could not be decided about")
		case h.Err != nil:
			a.log.Error().Err(h.Err).Str("fingerprint", fingerprint).Msg("what the rules for alerts want is refused; people are told instead")
		}
		if !h.Alert.LapsesAt.IsZero() || !h.Alert.AskAt().IsZero() {
			a.mayLapse()
		}
	}
	for _, row := range rows {
		a.waiting.Add(-1)
		a.bytes.Add(-int64(len(row.Raw)))
	}
	return nil
}

// over are signals that say of alerts that they are over.
func over(list []alerts.Alert) []alerts.Signal {
	out := make([]alerts.Signal, 0, len(list))
	for _, alert := range list {
		s := alert.Signal
		s.Status, s.Count, s.EndedAt, s.Expires = alerts.Resolved, 0, time.Time{}, time.Time{}
		out = append(out, s)
	}
	return out
}
