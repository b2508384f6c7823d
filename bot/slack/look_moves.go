package slack

import (
	"context"

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
			if !came && last[m.User] == m.Timestamp && l.Intake.moves.after(l.channel, m.User, m.Timestamp) {
				return nil // an event has told of it, or that they are back
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
