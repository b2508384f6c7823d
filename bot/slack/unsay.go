package slack

import (
	"context"
	"encoding/json"
	"strings"

	slackgo "github.com/slack-go/slack"

	"fireboss/incidents"
)

// removedMessage stands where a message of ours was blotted out.
func removedMessage() *message {
	const text = "_This was removed._"
	return &message{Text: text, Blocks: []slackgo.Block{section(text)}}
}

// unsay takes the text of events that somebody blotted out off the channel and
// out of the messages to single people, where we said it. What people wrote
// themselves no app can change. Of what its author deleted, what we made of it
// goes too. What retention removes from the record stays: how long a channel is
// kept is Slack's own setting.
func (p *pass) unsay(ctx context.Context, e incidents.Event) error {
	for _, seq := range unsaid(e) {
		if err := worst(p.unsayHere(ctx, seq), p.unsayTo(ctx, seq)); err != nil {
			return err
		}
	}
	return nil
}

// unsaid are the events whose text an event says was taken away by somebody.
func unsaid(e incidents.Event) []uint64 {
	var said struct {
		Rule string   `json:"rule"`
		Seqs []uint64 `json:"seqs"`
	}
	if e.Kind != incidents.Redacted && e.Kind != incidents.MessageDeleted {
		return nil
	}
	_ = json.Unmarshal(e.Data, &said) // ours; where it says nothing there is nothing to do
	if said.Rule != "" {
		return nil
	}
	return said.Seqs
}

// unsayHere takes the text of one event off the channel.
func (p *pass) unsayHere(ctx context.Context, seq uint64) error {
	places, err := p.m.Said.Outside(ctx, p.in.Number, seq)
	if err != nil {
		return err
	}
	for _, id := range places {
		channel, ts, _ := strings.Cut(id.ID, "/")
		if id.Mirror != Door || channel != p.rec.Place {
			continue
		}
		if err := p.replace(ctx, channel, ts, removedMessage()); err != nil {
			return err
		}
	}
	return nil
}

// unsayTo writes the messages to single people anew, without the text.
func (p *pass) unsayTo(ctx context.Context, seq uint64) error {
	told, err := p.m.Said.Told(ctx, p.in.Number, seq)
	if err != nil || len(told) == 0 {
		return err
	}
	events, err := p.m.Said.Events(ctx, p.in.Number, seq-1, 1)
	if err != nil || len(events) == 0 {
		return err
	}
	for _, m := range told {
		channel, ts, sent := strings.Cut(m.OutsideID, "/")
		if !sent {
			continue
		}
		b, err := Courier{Store: p.m.Said, Rules: p.m.Card.Rules}.background(ctx, m, p.in, events[0])
		if err != nil {
			return err
		}
		if err := p.replace(ctx, channel, ts, letter(m, p.in, events[0], b)); err != nil {
			return err
		}
	}
	return nil
}

// replace changes a message of ours.
func (p *pass) replace(ctx context.Context, channel, ts string, m *message) error {
	err := p.m.Client.update(ctx, channel, ts, m)
	if refused(err) || lost(err) && channel != p.rec.Place { // it was deleted, or a person wrote it
		return nil
	}
	return err
}
