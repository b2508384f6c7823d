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
	if l := field(ch); l.Value != value {
		*l = labelled{Value: value, Creator: botUserID, LastSet: c.unix()}
		c.channelChanged(ch)
		c.post(ch, labelMessage(what, value))
	}
	return object{"channel": c.memberJSON(ch)}, nil
}

// labelMessage is what Slack posts when a topic or purpose changes.
func labelMessage(what, value string) *message {
	m := &message{User: botUserID, Bot: false, Subtype: "channel_" + what}
	if m.Text = mention(botUserID) + " set the channel " + what + ": " + value; value == "" {
		m.Text = mention(botUserID) + " cleared the channel " + what
	}
	if what == "topic" {
		m.Topic = value
	} else {
		m.Purpose = value
	}
	return m
}
