package slack

import (
	"context"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/incidents"
)

// loudly are the events that a quiet bot says in the channel all the same: what
// somebody wrote for everybody to read, and what asks something of somebody.
var loudly = map[incidents.Kind]bool{incidents.UpdatePosted: true, incidents.ReminderSent: true}

// sayEvent posts the message of an event: in the channel, or below the card.
func (p *pass) sayEvent(ctx context.Context, e incidents.Event) (ts string, err error) {
	m, mark := p.say(e).dated(e, time.Now()), metadata(eventMark, map[string]any{"incident": p.in.Number.String(), "seq": e.Seq})
	card := p.get(idCard)
	if p.m.Quiet && !loudly[e.Kind] && card != "" {
		p.set(idThread, card)
		ts, err = p.m.Client.post(ctx, p.rec.Place, m, mark, slackgo.MsgOptionTS(card))
		if !rootless(err) {
			return ts, err
		}
	}
	return p.m.Client.post(ctx, p.rec.Place, m, mark) // somebody has deleted the card this moment, or it takes no replies
}

// rootless reports whether there is nothing to reply to.
func rootless(err error) bool {
	return is(err, "cannot_reply_to_message") || is(err, "thread_not_found") || is(err, "message_not_found")
}

// threads calls each with our replies since a moment, below the card and below the
// one that was there before.
func (p *pass) threads(ctx context.Context, oldest string, each func(slackgo.Message)) error {
	if !p.m.Quiet && p.get(idThread) == "" {
		return nil
	}
	seen := map[string]bool{"": true}
	for _, key := range []string{idCard, idCardWas, idThread} {
		root := p.get(key)
		if seen[root] {
			continue
		}
		seen[root] = true
		err := p.m.Client.replies(ctx, p.rec.Place, root, oldest, "", func(m slackgo.Message) {
			if m.Timestamp != root {
				each(m)
			}
		})
		if err != nil && !rootless(err) {
			return err
		}
	}
	return nil
}
