package slacksim

import "unicode/utf8"

// chatUpdate changes one of the app's messages. What the call leaves out stays, but text without blocks takes
// the blocks away. https://docs.slack.dev/reference/methods/chat.update
func chatUpdate(c *call) (object, error) {
	ch, m, err := c.own("cant_update_message")
	if err != nil {
		return nil, err
	}
	if ch.Archived {
		return nil, refuse("is_inactive")
	}
	k, err := c.content()
	if err != nil {
		return nil, err
	}
	if k.text != nil && utf8.RuneCountInString(*k.text) > maxUpdateText {
		return nil, refuse("msg_too_long")
	}
	if k.empty() && !k.hasBlocks && !k.hasAttachments && !k.hasMetadata {
		return nil, refuse("no_text")
	}
	previous := *m
	c.apply(k, m)
	m.Edited = &edited{User: botUserID, TS: c.second()}
	c.messageChanged(ch, m)
	c.emitChanged(ch, m, &previous)
	shown := c.messageJSON(ch, m)
	delete(shown, "ts") // it stands beside the message
	return object{"channel": ch.ID, "ts": m.TS, "text": m.Text, "message": shown}, nil
}

func (c *call) apply(k content, m *message) {
	if k.text != nil {
		m.Text = *k.text
		if !k.hasBlocks {
			m.Blocks = nil
		}
	}
	if k.hasBlocks {
		m.Blocks = k.blocks
	}
	if k.hasAttachments {
		m.Attachments = k.attachments
	}
	if k.hasMetadata {
		m.Metadata = k.metadata
	}
}

// chatDelete takes one of the app's messages away. https://docs.slack.dev/reference/methods/chat.delete
func chatDelete(c *call) (object, error) {
	ch, m, err := c.own("cant_delete_message")
	if err != nil {
		return nil, err
	}
	ts := m.TS
	c.remove(ch, m)
	return object{"channel": ch.ID, "ts": ts}, nil
}

// own is the message that channel and ts name, which has to be the app's.
func (c *call) own(refusal string) (*channel, *message, error) {
	ch, err := c.channel("channel")
	if err != nil {
		return nil, nil, err
	}
	m := ch.lasting(c.args["ts"])
	if m == nil {
		return nil, nil, refuse("message_not_found")
	}
	if !m.Bot {
		return nil, nil, refuse(refusal)
	}
	return ch, m, nil
}

// chatGetPermalink says where a browser would show a message.
// https://docs.slack.dev/reference/methods/chat.getPermalink
func chatGetPermalink(c *call) (object, error) {
	ch, err := c.channel("channel")
	if err != nil {
		return nil, err
	}
	m := ch.lasting(c.args["message_ts"])
	if m == nil {
		return nil, refuse("message_not_found")
	}
	link := permalink(ch, m.TS)
	if m.ThreadTS != "" && m.ThreadTS != m.TS {
		link += "?thread_ts=" + m.ThreadTS + "&cid=" + ch.ID
	}
	return object{"channel": ch.ID, "permalink": link}, nil
}
