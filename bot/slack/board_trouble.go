package slack

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"
)

var errBarred = errors.New("Slack takes no message there now")

// barred is how long nothing is to be posted in a channel.
func (b *Board) barred(where string, now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.sight(where).until.Sub(now)
}

// worked notes that something was posted in a channel, and takes back that nothing could be.
func (b *Board) worked(ctx context.Context, where string, now time.Time) {
	b.mu.Lock()
	s := b.sight(where)
	told := s.told
	s.fails, s.since, s.until, s.told = 0, time.Time{}, time.Time{}, ""
	s.posted = append(s.posted, now)
	if !s.wrote {
		s.wrote, s.again = true, now.Add(secondLook)
	}
	b.mu.Unlock()
	if channel, ts, said := strings.Cut(told, "/"); said {
		if err := b.erase(ctx, channel, ts); err != nil {
			b.Log.Warn().Err(err).Str("channel", where).Msg("that nothing can be posted there could not be taken back")
		}
	}
}

// Bounds of the time after which posting in a channel is tried again.
const (
	firstBar = time.Second
	lastBar  = 5 * time.Minute
	longBar  = time.Hour // of what only a person can mend
)

// failed notes that something could not be posted in a channel, and answers when it is tried again. One try is enough to
// know it for all that waits. Where only a person can mend it, people are told, once.
func (b *Board) failed(ctx context.Context, where string, err error, now time.Time) error {
	var later *Later
	if errors.As(err, &later) { // it is only not its turn
		return err
	}
	b.mu.Lock()
	s := b.sight(where)
	wait := min(firstBar<<min(s.fails, 9), lastBar)
	if refused(err) || lost(err) {
		if s.since.IsZero() {
			s.since = now
		}
		wait = min(max(now.Sub(s.since), firstMending), longBar)
	}
	s.fails++
	s.until = now.Add(wait)
	tell := !s.since.IsZero() && s.told == ""
	b.mu.Unlock()
	if tell {
		b.tellTrouble(ctx, where, code(err))
	}
	return &Later{After: wait, Err: explain("chat.postMessage", err)}
}

// tellTrouble says, where incidents are announced, that nobody can be told of alerts in a channel, and what to do about it.
func (b *Board) tellTrouble(ctx context.Context, where, code string) {
	why := advice[code]
	if why == "" {
		why = "invite Fireboss to that channel, or name another one under alerts.rules"
	}
	text := fmt.Sprintf("Slack does not let Fireboss tell of alerts in %s: %s (%s). Until then the alerts that wait for somebody are listed by /incident alert list.", where, strings.TrimSuffix(why, "."), code)
	b.Log.Error().Str("channel", where).Str("error", code).Msg("nobody can be told of alerts in this channel: " + why)
	if b.Announce == "" || b.Announce == where {
		return
	}
	place, err := b.troubleTold(ctx, where)
	if err == nil && place == "" {
		var id, ts string
		m := &message{Text: clipped(":warning: "+plain(text), maxText)}
		if id, ts, err = b.Client.postTo(ctx, b.Announce, m, metadata(alertTroubleMark, map[string]any{"channel": where, "store": b.StoreID})); err == nil {
			place = id + "/" + ts
			b.Client.said(saidAnnounce, "alert trouble", "")
		}
	}
	if err != nil {
		b.Log.Warn().Err(err).Msg("that nobody can be told of alerts could not be said where incidents are announced")
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sight(where).told = place
}

// troubleKept is how long what was said of a trouble counts as said.
const troubleKept = 7 * 24 * time.Hour

// troubleTold is where the trouble of a channel was said already.
func (b *Board) troubleTold(ctx context.Context, where string) (place string, err error) {
	channel, err := b.Directory.channelID(ctx, b.Announce)
	if err != nil || channel == "" {
		return "", err
	}
	err = b.Client.history(ctx, channel, formatTS(time.Now().Add(-troubleKept)), func(m slackgo.Message) {
		of := m.Metadata.EventPayload
		if m.Metadata.EventType == alertTroubleMark && of["channel"] == where && of["store"] == b.StoreID {
			place = channel + "/" + m.Timestamp
		}
	})
	return place, err
}
