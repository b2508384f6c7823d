package slack

import (
	"context"
	"encoding/json"
	"strings"

	slackgo "github.com/slack-go/slack"

	"fireboss/incidents"
)

// removedText stands where a message of ours was blotted out.
const removedText = "_This was removed._"

// unsay takes the text of events that somebody blotted out off the channel, where
// we said it. What people wrote themselves no app can change. What retention
// removes from the record stays: how long a channel is kept is Slack's own
// setting.
func (p *pass) unsay(ctx context.Context, e incidents.Event) error {
	var said struct {
		Rule string   `json:"rule"`
		Seqs []uint64 `json:"seqs"`
	}
	if e.Kind != incidents.Redacted || json.Unmarshal(e.Data, &said) != nil || said.Rule != "" {
		return nil
	}
	if err := p.keep(); err != nil { // so that messages of this pass are found too
		return err
	}
	for _, seq := range said.Seqs {
		places, err := p.m.Outside(ctx, p.in.Number, seq)
		if err != nil {
			return err
		}
		for _, id := range places {
			channel, ts, _ := strings.Cut(id.ID, "/")
			if id.Mirror != Door || channel != p.rec.Place {
				continue
			}
			if err := p.hide(ctx, ts); err != nil {
				return err
			}
		}
	}
	return nil
}

// hide changes a message of ours so that it says nothing any more.
func (p *pass) hide(ctx context.Context, ts string) error {
	err := p.m.Client.update(ctx, p.rec.Place, ts, &message{Text: removedText, Blocks: []slackgo.Block{section(removedText)}})
	if refused(err) { // it was deleted, or a person wrote it
		return nil
	}
	return err
}
