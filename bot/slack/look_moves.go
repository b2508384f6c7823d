package slack

import (
	"context"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"
)

// moves records who came and who went since the last look, in that order, each at
// its own time. The events of the same may have come before or come yet: the rules
// know who is there since when, and pass over what they have heard.
func (l *look) moves(ctx context.Context, list []slackgo.Message) error {
	last := map[string]string{} // user -> ts of their last move in the list
	for _, m := range list {
		if _, ok := move(m); ok {
			last[m.User] = m.Timestamp
		}
	}
	for _, m := range list {
		came, ok := move(m)
		if !ok || m.Timestamp < l.oldest || m.User == l.Intake.Client.UserID || !memberID.MatchString(m.User) || l.Intake.isBot(ctx, m.User) {
			continue
		}
		// In the line of the channel's events, so that none comes in between.
		err := l.Intake.line.do(ctx, l.channel, func(ctx context.Context) error {
			if last[m.User] == m.Timestamp {
				if over, err := l.over(ctx, m, came); over || err != nil {
					return err
				}
			}
			what := "left"
			if came {
				what = "came"
			}
			return l.Intake.moved(ctx, l.n, m.User, came, tsTime(m.Timestamp), l.delivery(m.Timestamp, what))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// over reports whether somebody's last move in the history does not hold any more: an event has told of the next, or they
// came and are not there. That somebody was removed leaves no message behind.
func (l *look) over(ctx context.Context, m slackgo.Message, came bool) (bool, error) {
	if l.Intake.moves.undone(l.channel, m.User, m.Timestamp, came) {
		return true, nil
	}
	if !came {
		return false, nil
	}
	inc, err := l.Intake.Store.Incident(ctx, l.n)
	if err != nil || inc.IsResponder(l.Intake.Client.actorID(m.User)) {
		return false, err
	}
	there, err := l.Intake.Client.isMember(ctx, l.channel, m.User)
	return !there, err
}

// removed records who was removed from a private incident's channel while nobody listened, of which no message speaks: who is
// not there any more sees no more of it.
func (l *look) removed(ctx context.Context) error {
	inc, err := l.Intake.Store.Incident(ctx, l.n)
	if err != nil || !inc.Private {
		return err
	}
	if public, err := l.Intake.open(ctx, l.n); public || err != nil {
		return err // it is the one that the incident is moving out of
	}
	asked := time.Now().Add(-time.Second) // who came later is told of by events
	there := map[string]bool{}
	err = l.Intake.Client.members(putOff(ctx), l.channel, func(page []string) (more bool) {
		for _, user := range page {
			there[user] = true
		}
		return true
	})
	if err != nil {
		return err
	}
	return l.Intake.line.do(ctx, l.channel, func(ctx context.Context) error {
		rec, err := l.Intake.Store.Record(ctx, Door, l.n)
		if err != nil || rec.Place != l.channel {
			return err
		}
		if out, err := l.Intake.archivedAway(ctx, l.n, l.channel); out || err != nil {
			return err
		}
		for _, user := range strings.Fields(rec.IDs[idInvited]) {
			who := l.Intake.Client.actorID(user)
			if there[user] || !inc.IsResponder(who) {
				continue
			}
			if err := l.Intake.moved(ctx, l.n, user, false, asked, l.delivery(formatTS(asked), "removed "+user)); err != nil {
				return err
			}
		}
		return nil
	})
}

// move reports whether a message says that somebody came or left, and which.
func move(m slackgo.Message) (came, ok bool) {
	switch m.SubType {
	case "channel_join", "group_join":
		return true, true
	case "channel_leave", "group_leave":
		return false, true
	}
	return false, false
}
