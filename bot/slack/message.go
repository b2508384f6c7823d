package slack

import (
	"context"
	"encoding/json"

	slackgo "github.com/slack-go/slack"
)

// message is something to show: on an acknowledgement, by a response_url or as
// a message of a channel. There is always a Text for notifications and screen
// readers, whatever the blocks show.
type message struct {
	ResponseType string          `json:"response_type,omitempty"`
	Replace      bool            `json:"replace_original"`
	Text         string          `json:"text"`
	Blocks       []slackgo.Block `json:"blocks,omitempty"`

	secret bool // it opens something to whoever has it, and is not kept
}

// UnmarshalJSON reads what was stored as the answer to a delivery.
func (m *message) UnmarshalJSON(b []byte) error {
	var raw struct {
		ResponseType string         `json:"response_type"`
		Text         string         `json:"text"`
		Blocks       slackgo.Blocks `json:"blocks"`
	}
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	m.ResponseType, m.Text, m.Blocks = raw.ResponseType, raw.Text, raw.Blocks.BlockSet
	return nil
}

// whisperMessage is an answer that only the asker sees.
func whisperMessage(text string, blocks ...slackgo.Block) *message {
	return &message{ResponseType: "ephemeral", Text: clipped(text, maxText), Blocks: clip(blocks)}
}

// errorMessage is a plain sentence to the asker.
func errorMessage(text string) *message { return whisperMessage(text) }

// remembered is what is kept of an answer, to be given where the question comes again.
func remembered(answer any) any {
	if m, ok := answer.(*message); ok && m.secret {
		return errorMessage("You were answered before, with something that is shown only once. Where you did not see it, say it again.")
	}
	return answer
}

// clip keeps a message within the number of blocks that Slack takes.
func clip(blocks []slackgo.Block) []slackgo.Block {
	if len(blocks) > maxBlocks {
		blocks = append(blocks[:maxBlocks-1:maxBlocks-1], contextLine("There is more than fits here."))
	}
	return blocks
}

// options are the message for slack-go. Links are not unfolded: a channel of an
// incident is no place for previews.
func (m *message) options() []slackgo.MsgOption {
	o := []slackgo.MsgOption{
		slackgo.MsgOptionText(m.Text, false), slackgo.MsgOptionDisableLinkUnfurl(), slackgo.MsgOptionDisableMediaUnfurl(),
	}
	if len(m.Blocks) > 0 {
		o = append(o, slackgo.MsgOptionBlocks(m.Blocks...))
	}
	return o
}

// post posts a message and answers its ts. It is not repeated after an unclear
// answer: whoever posts looks first whether it is there.
func (c *Client) post(ctx context.Context, channel string, m *message, more ...slackgo.MsgOption) (string, error) {
	_, ts, err := c.postTo(ctx, channel, m, more...)
	return ts, err
}

// postTo is post for a channel that may be given by its name; it answers the
// channel's id as well.
func (c *Client) postTo(ctx context.Context, channel string, m *message, more ...slackgo.MsgOption) (id, ts string, err error) {
	type where struct{ channel, ts string }
	w, err := again(into(ctx, channel), false, func(ctx context.Context) (where, error) {
		id, ts, err := c.api.PostMessageContext(ctx, channel, append(m.options(), more...)...)
		return where{id, ts}, err
	})
	return w.channel, w.ts, err
}

// update changes a message of ours in place.
func (c *Client) update(ctx context.Context, channel, ts string, m *message) error {
	_, err := again(ctx, true, func(ctx context.Context) (string, error) {
		_, _, _, err := c.api.UpdateMessageContext(ctx, channel, ts, m.options()...)
		return "", err
	})
	return err
}

// metadata marks a message as ours, so that it is found again.
func metadata(kind string, payload map[string]any) slackgo.MsgOption {
	return slackgo.MsgOptionMetadata(slackgo.SlackMetadata{EventType: kind, EventPayload: payload})
}

// To whom a message goes, as a [Hearer] is told.
const (
	saidChannel  = "channel"  // an incident's
	saidPerson   = "person"   // a direct message
	saidAnnounce = "announce" // where incidents are announced, and digests posted
)

// Kinds of metadata.
const (
	eventMark        = "fireboss_event"         // {incident, seq}
	cardMark         = "fireboss_card"          // {incident, store}
	announcementMark = "fireboss_announcement"  // {incident, store}
	messageMark      = "fireboss_message"       // {key}
	movedMark        = "fireboss_moved"         // {incident, store}
	digestMark       = "fireboss_digest"        // {key, store}
	alertMark        = "fireboss_alert"         // {alert, store}
	alertsMark       = "fireboss_alerts"        // {incident, store}
	alertFloodMark   = "fireboss_alert_flood"   // {since, store}
	alertTroubleMark = "fireboss_alert_trouble" // {channel, store}
)
