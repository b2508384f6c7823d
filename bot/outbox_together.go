package bot

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// What is said to one person of several incidents at one time is one message: each
// of its rows names the first of them, by which the message is found, before it is
// sent. Once that one says that it was tried, the others are those it went with.

// bundles are the rows that go together, by person, each in its order.
func bundles(rows []store.Message) (list [][]store.Message) {
	tried := map[string]bool{}
	for _, m := range rows {
		if m.State == store.Started && m.Together == m.Key {
			tried[m.Key] = true
		}
	}
	at := map[string]int{}
	for _, m := range rows {
		key := "to " + m.To.ID
		if tried[m.Together] {
			key = "in " + m.Together
		}
		i, known := at[key]
		if !known {
			i, list = len(list), append(list, nil)
			at[key] = i
		}
		list[i] = append(list[i], m)
	}
	return list
}

// sendBundles sends what goes together; it waits until the clock has said all that
// is due now, so that there is only one. It answers how long until the next try.
func (o *outbox) sendBundles(ctx context.Context, rows []store.Message, now time.Time) time.Duration {
	next := time.Hour
	if len(rows) == 0 {
		return next
	}
	due, err := o.store.Due(ctx, now, dueAtOnce)
	if err != nil {
		return o.unread(rows[0], err)
	}
	for _, d := range due {
		if d.Deadline.Bundled() {
			return time.Second
		}
	}
	for _, bundle := range bundles(rows) {
		if wait := bundle[0].NextTry.Sub(now); wait > 0 {
			next = min(next, wait)
			continue
		}
		if wait := o.sendBundle(ctx, bundle); wait > 0 {
			next = min(next, wait)
		}
	}
	return next
}

// sendBundle tries one message of several rows; see [outbox.send].
func (o *outbox) sendBundle(ctx context.Context, bundle []store.Message) time.Duration {
	letters, open := make([]store.Letter, 0, len(bundle)), make([]store.Message, 0, len(bundle))
	for _, m := range bundle {
		l, err := o.letter(ctx, m)
		if err != nil {
			return o.unread(m, err)
		}
		if !may(l) {
			if wait := o.hidden(ctx, m); wait > 0 {
				return wait
			}
			continue
		}
		letters, open = append(letters, l), append(open, m)
	}
	if bundle = open; len(bundle) == 0 {
		return 0
	}
	first := bundle[0]
	if !o.carrier.Carries(first.To) {
		return o.putAll(ctx, bundle, 0, func(m *store.Message) { m.State, m.Error = store.Failed, "no door reaches "+m.To.ID })
	}
	tried := first.State == store.Started
	wait := o.putAll(ctx, bundle, 0, func(m *store.Message) {
		m.State, m.Together, m.Attempts = store.Started, first.Key, first.Attempts+1
	})
	if wait > 0 {
		return wait
	}
	for i := range letters {
		letters[i].Message = bundle[i]
	}
	id, err := o.deliverBundle(ctx, letters, tried)
	if err == nil {
		return o.putAll(ctx, bundle, 0, func(m *store.Message) { m.State, m.OutsideID, m.Error, m.NextTry = store.Sent, id, "", time.Time{} })
	}
	for _, m := range bundle[1:] {
		o.failed(ctx, m, err)
	}
	return o.failed(ctx, bundle[0], err)
}

// letter is a row with what it is about.
func (o *outbox) letter(ctx context.Context, m store.Message) (store.Letter, error) {
	in, err := o.store.Incident(ctx, m.Incident)
	if err != nil {
		return store.Letter{}, err
	}
	events, err := o.store.Events(ctx, m.Incident, m.Seq-1, 1)
	if err == nil && len(events) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return store.Letter{}, err
	}
	return store.Letter{Message: m, Incident: in, Event: events[0]}, nil
}

// deliverBundle is the carrier's, in bounded time and with a panic made an error.
func (o *outbox) deliverBundle(ctx context.Context, letters []store.Letter, tried bool) (id string, err error) {
	defer func() {
		if p := recover(); p != nil {
			o.log.Error().Interface("panic", p).Bytes("stack", debug.Stack()).Str("message", letters[0].Message.Key).Msg("telling somebody panicked")
			err = errors.New("the carrier panicked; see the log")
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, deliverTimeout)
	defer cancel()
	return o.carrier.DeliverTogether(ctx, letters, tried)
}

// putAll changes and stores the rows of one message: the first, by which the
// others are known to belong to it, last.
func (o *outbox) putAll(ctx context.Context, bundle []store.Message, wait time.Duration, change func(*store.Message)) time.Duration {
	for i := len(bundle) - 1; i >= 0; i-- {
		change(&bundle[i])
		if failed := o.put(ctx, bundle[i], wait); failed > wait {
			return failed
		}
	}
	return wait
}

// bundled reports whether a message of this kind goes together with others.
func bundled(kind string) bool { return kind == incidents.FollowupReminder }
