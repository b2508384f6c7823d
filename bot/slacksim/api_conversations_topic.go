package slacksim

import "unicode/utf8"

// conversationsSetTopic says what a channel is about now.
// https://docs.slack.dev/reference/methods/conversations.setTopic
func conversationsSetTopic(c *call) (object, error) {
	return c.label("topic", func(ch *channel) *labelled { return &ch.Topic })
}

// conversationsSetPurpose says what a channel is for.
// https://docs.slack.dev/reference/methods/conversations.setPurpose
func conversationsSetPurpose(c *call) (object, error) {
	return c.label("purpose", func(ch *channel) *labelled { return &ch.Purpose })
}

func (c *call) label(what string, field func(*channel) *labelled) (object, error) {
	ch, err := c.writable("channel")
	if err != nil {
		return nil, err
	}
	value := c.args[what]
	if utf8.RuneCountInString(value) > maxTopicChars {
		return nil, refuse("too_long")
	}
	c.relabel(ch, what, field(ch), value, botUserID)
	return object{"channel": c.memberJSON(ch)}, nil
}

// relabel sets a topic or purpose and posts what Slack posts then.
func (w *world) relabel(ch *channel, what string, l *labelled, value, actor string) {
	if l.Value == value {
		return
	}
	*l = labelled{Value: value, Creator: actor, LastSet: w.unix()}
	w.channelChanged(ch)
	m := &message{User: actor, Subtype: "channel_" + what, Text: mention(actor) + " set the channel " + what + ": " + value}
	if value == "" {
		m.Text = mention(actor) + " cleared the channel " + what
	}
	if what == "topic" {
		m.Topic = value
	} else {
		m.Purpose = value
	}
	w.post(ch, m)
}
