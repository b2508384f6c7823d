package slack

import (
	"context"
	"slices"

	slackgo "github.com/slack-go/slack"

	"fireboss/incidents"
)

// aloud are the events that also show in the channel where the others stay in the
// thread below the card.
var aloud = map[incidents.Kind]bool{incidents.UpdatePosted: true, incidents.ReminderSent: true}

// below puts the message of an event into the thread below the card, where the
// channel is to be quiet.
func (p *pass) below(e incidents.Event) []slackgo.MsgOption {
	card := p.get(idCard)
	if !p.m.Quiet || card == "" {
		return nil
	}
	options := []slackgo.MsgOption{slackgo.MsgOptionTS(card)}
	if aloud[e.Kind] {
		options = append(options, slackgo.MsgOptionBroadcast())
	}
	return options
}

// readBelow reads our own messages in the threads below the cards: a channel's
// history does not have them.
func (p *pass) readBelow(ctx context.Context, cards []string, oldest string, each func(slackgo.Message)) error {
	if !p.m.Quiet {
		return nil
	}
	roots := append([]string{p.get(idCard), p.get(idCardWas)}, cards...)
	slices.Sort(roots)
	for _, card := range slices.Compact(roots) {
		if card == "" {
			continue
		}
		var found []slackgo.Message
		err := p.m.Client.replies(ctx, p.rec.Place, card, oldest, "", func(m slackgo.Message) {
			if m.Timestamp != card {
				found = append(found, m)
			}
		})
		if is(err, "thread_not_found") {
			continue
		}
		if err != nil {
			return err
		}
		slices.Reverse(found) // newest first, as in a history
		for _, m := range found {
			each(m)
		}
	}
	return nil
}
