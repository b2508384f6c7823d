package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"

	"github.com/rs/zerolog"

	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// Board keeps a message in a channel for each alert of which people are told, as the
// alert is now. Like [Mirror.Sync], Show may be called again after any crash: a
// message carries its alert's number, and is looked for where it may be there.
type Board struct {
	Client    *Client
	Directory *Directory
	StoreID   string // marks what this store posted
	Dashboard string // without a slash at the end; empty: no pages
	// Announce is where people are told that they cannot be told of alerts in another
	// channel, as configured; empty: nowhere.
	Announce string
	Notices  store.AlertNotices
	Log      zerolog.Logger

	mu     sync.Mutex
	boards map[string]*boardSight // by channel as configured
}

// Told is an alert as people in a channel are told of it.
type Told struct {
	Alert alerts.Alert // without what not everybody may know; see [alerts.Alert.SeenBy]
	Where string       // the channel, as configured
	Place string       // the channel of its incident; empty: there is none
	// Suggested is how severe an incident for it may well be, and why; empty: that is decided.
	Suggested string
}

// boardSight is what is known of a channel since this start.
type boardSight struct {
	from   time.Time                // since when it was read; zero: it was not
	found  map[alerts.Number]string // ts of those that were there then
	again  time.Time                // when to look again; zero: not
	wrote  bool                     // something was posted since a look
	until  time.Time                // Slack refuses to have anything posted there: not before
	since  time.Time                // since when it refuses that; zero: it does not
	fails  int                      // in a row
	told   string                   // where that was said, channel/ts
	posted []time.Time              // when something was posted lately
	flood  flood
}

// Bounds of the messages about alerts.
const (
	countEvery = time.Minute    // how often one is changed at most for how often it has happened
	staleAfter = time.Hour      // what has been over for so long is not told any more
	giveUp     = 24 * time.Hour // what is over and cannot be changed is left after so long
)

// Show makes the message of an alert match it. The notice that is answered is to be
// stored, also with an error: it holds how far it came, and when it is to be shown
// again.
func (b *Board) Show(ctx context.Context, n store.AlertNotice, t Told, now time.Time) (store.AlertNotice, error) {
	ctx = putOff(ctx)
	n.NextTry = t.next(now)
	if n.Folded {
		n.NextTry = time.Time{}
		return n, nil
	}
	if n.TS == "" {
		if err := b.find(ctx, &n, t); err != nil {
			return n, err
		}
	}
	m := t.message(b.Dashboard, now)
	sum := t.sum(b.Dashboard, now)
	switch {
	case n.TS == "" && t.untold(now) && b.barred(t.Where, now) <= 0 && b.floods(t.Where, now):
		n.Folded, n.NextTry = true, time.Time{}
		return n, nil
	case n.TS == "" && t.untold(now):
		err := b.post(ctx, &n, t, m, sum, now)
		return n, err
	case n.TS == "" || n.Shown == sum && n.Count == t.Alert.Count:
		return n, nil
	case n.Shown == sum && now.Sub(n.ShownAt) < countEvery:
		n.NextTry = sooner(n.NextTry, n.ShownAt.Add(countEvery))
		return n, nil
	}
	err := b.Client.update(ctx, n.Channel, n.TS, m)
	switch {
	case is(err, "message_not_found"): // somebody deleted it, and wants it no more
	case err != nil && !t.Alert.Open() && now.Sub(t.Alert.EndedAt) > giveUp && (refused(err) || lost(err)):
		b.Log.Warn().Err(err).Str("alert", t.Alert.Number.String()).Msg("the message about an alert that is over could not be changed, and was left")
	case err != nil:
		return n, explain("chat.update", err)
	}
	n.Shown, n.Count, n.ShownAt = sum, t.Alert.Count, now
	return n, nil
}

// untold says whether people are still to be told of an alert that has no message.
func (t Told) untold(now time.Time) bool {
	return t.Alert.Notifies() && (t.Alert.Open() || now.Sub(t.Alert.EndedAt) < staleAfter)
}

// next is when the message changes by itself.
func (t Told) next(now time.Time) time.Time {
	if t.Alert.Open() && t.Alert.IgnoredUntil.After(now) {
		return t.Alert.IgnoredUntil
	}
	return time.Time{}
}

func sooner(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

// post posts the message.
func (b *Board) post(ctx context.Context, n *store.AlertNotice, t Told, m *message, sum string, now time.Time) error {
	if wait := b.barred(t.Where, now); wait > 0 {
		return &Later{After: wait, Err: errBarred}
	}
	id, ts, err := b.Client.postTo(ctx, t.Where, m, metadata(alertMark, map[string]any{"alert": t.Alert.Number.String(), "store": b.StoreID}))
	if unclear(err) {
		b.doubt(t.Where)
	}
	if err != nil {
		return b.failed(ctx, t.Where, err, now)
	}
	b.Client.said(saidAnnounce, "alert", "")
	n.Channel, n.TS, n.Shown, n.Count, n.ShownAt = id, ts, sum, t.Alert.Count, now
	b.worked(ctx, t.Where, now)
	return nil
}

// find finds a message that was posted before a crash, or without an answer.
func (b *Board) find(ctx context.Context, n *store.AlertNotice, t Told) error {
	since := t.Alert.ReceivedAt.Add(-skew)
	b.mu.Lock()
	s := b.sight(t.Where)
	known := !s.from.IsZero() && !since.Before(s.from)
	b.mu.Unlock()
	if !known {
		if err := b.read(ctx, t.Where, since); err != nil {
			return err
		}
	}
	id, err := b.Directory.channelID(ctx, t.Where)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if ts := s.found[n.Alert]; ts != "" {
		n.Channel, n.TS, n.Shown, n.Count = id, ts, "", 0
	}
	return nil
}

// read looks which alerts have a message in a channel since a moment, and takes away
// what is there twice.
func (b *Board) read(ctx context.Context, where string, since time.Time) error {
	channel, err := b.Directory.channelID(ctx, where)
	if err != nil {
		return err
	}
	all := map[alerts.Number][]string{} // newest first
	if channel != "" {
		err = b.Client.history(ctx, channel, formatTS(since), func(m slackgo.Message) {
			n, err := alerts.ParseNumber(fmt.Sprint(m.Metadata.EventPayload["alert"]))
			ours := m.Metadata.EventType == alertMark && m.Metadata.EventPayload["store"] == b.StoreID
			if err == nil && ours && !slices.Contains(all[n], m.Timestamp) {
				all[n] = append(all[n], m.Timestamp)
			}
		})
	}
	if code(err) != "" && !temporary(err) && !unauthorized(err) {
		err = nil // it cannot be read, so it cannot be found
	}
	if err != nil {
		return err
	}
	found := map[alerts.Number]string{}
	for n, list := range all {
		if found[n], err = b.single(ctx, channel, n, list); err != nil {
			return err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.sight(where)
	s.found, s.again = found, time.Time{}
	if s.from.IsZero() || since.Before(s.from) {
		s.from = since
	}
	return nil
}

// single deletes all but one of the messages about one alert: the known one, or else
// the oldest.
func (b *Board) single(ctx context.Context, channel string, n alerts.Number, list []string) (keep string, err error) {
	notice, err := b.Notices.AlertNotice(ctx, n)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	if keep = list[len(list)-1]; notice.TS != "" && notice.Channel == channel {
		keep = notice.TS
	}
	for _, ts := range list {
		if ts == keep {
			continue
		}
		if err := b.erase(ctx, channel, ts); err != nil {
			return "", err
		}
	}
	return keep, nil
}

func (b *Board) erase(ctx context.Context, channel, ts string) error {
	_, err := again(ctx, true, func(ctx context.Context) (string, error) {
		_, _, err := b.Client.api.DeleteMessageContext(ctx, channel, ts)
		return "", err
	})
	if is(err, "message_not_found") || refused(err) || lost(err) {
		return nil // there is nothing that we could do
	}
	return err
}

// LookAgain looks once more where something was posted after the first look: what was
// under way when the program last ended may have arrived since. It answers in how
// long there is something to look at; 0: nowhere.
func (b *Board) LookAgain(ctx context.Context, now time.Time) (wait time.Duration, err error) {
	var due []string
	b.mu.Lock()
	for where, s := range b.boards {
		switch left := s.again.Sub(now); {
		case s.again.IsZero():
		case left <= 0:
			due = append(due, where)
		case wait == 0 || left < wait:
			wait = left
		}
	}
	b.mu.Unlock()
	for _, where := range due {
		if readErr := b.read(putOff(ctx), where, now.Add(-lookBack)); readErr != nil {
			err, wait = readErr, secondLook
		}
	}
	return wait, err
}

// sight is what is known of a channel; the lock is held.
func (b *Board) sight(where string) *boardSight {
	if b.boards == nil {
		b.boards = map[string]*boardSight{}
	}
	if b.boards[where] == nil {
		b.boards[where] = &boardSight{}
	}
	return b.boards[where]
}

// doubt has a channel read again before anything more is posted there.
func (b *Board) doubt(where string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.sight(where)
	s.from, s.found, s.wrote = time.Time{}, nil, false
}
