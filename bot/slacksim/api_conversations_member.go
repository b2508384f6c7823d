package slacksim

// room is a channel for methods that direct conversations do not have.
func (c *call) room() (*channel, error) {
	ch, err := c.channel("channel")
	if err == nil && (ch.Direct || ch.Group) {
		return nil, refuse("method_not_supported_for_channel_type")
	}
	return ch, err
}

// conversationsJoin brings the app into a public channel.
// https://docs.slack.dev/reference/methods/conversations.join
func conversationsJoin(c *call) (object, error) {
	ch, err := c.room()
	if err != nil {
		return nil, err
	}
	if ch.Archived {
		return nil, refuse("is_archived")
	}
	if ch.Private {
		return nil, refuse("method_not_supported_for_channel_type")
	}
	if ch.has(botUserID) {
		return object{
			"channel": c.memberJSON(ch), "warning": "already_in_channel",
			"response_metadata": object{"warnings": []string{"already_in_channel"}},
		}, nil
	}
	c.addMember(ch, botUserID, "")
	return object{"channel": c.memberJSON(ch)}, nil
}

// conversationsLeave takes the app out of a channel.
// https://docs.slack.dev/reference/methods/conversations.leave
func conversationsLeave(c *call) (object, error) {
	ch, err := c.room()
	if err != nil {
		return nil, err
	}
	switch {
	case ch.Archived:
		return nil, refuse("is_archived")
	case !ch.has(botUserID):
		return nil, refuseWith("not_in_channel", object{"not_in_channel": true})
	case ch.General:
		return nil, refuse("cant_leave_general")
	case len(ch.Members) == 1:
		return nil, refuse("last_member")
	}
	c.removeMember(ch, botUserID, botUserID)
	return nil, nil
}

// conversationsKick takes somebody else out. https://docs.slack.dev/reference/methods/conversations.kick
func conversationsKick(c *call) (object, error) {
	ch, err := c.room()
	if err != nil {
		return nil, err
	}
	id := c.args["user"]
	switch {
	case c.user(id) == nil:
		return nil, refuse("user_not_found")
	case id == botUserID:
		return nil, refuse("cant_kick_self")
	case ch.General:
		return nil, refuse("cant_kick_from_general")
	case !ch.has(botUserID) || !ch.has(id):
		return nil, refuse("not_in_channel")
	}
	c.removeMember(ch, id, botUserID)
	return object{"errors": object{}}, nil
}

// conversationsMark says how far the app has read. https://docs.slack.dev/reference/methods/conversations.mark
func conversationsMark(c *call) (object, error) {
	ch, err := c.joined("channel")
	if err != nil {
		return nil, err
	}
	if _, ok := parseTS(c.args["ts"]); !ok {
		return nil, refuse("invalid_timestamp")
	}
	if ch.LastRead == nil {
		ch.LastRead = map[string]string{}
	}
	ch.LastRead[botUserID] = c.args["ts"]
	c.channelChanged(ch)
	return nil, nil
}

// conversationsClose closes a direct conversation, which comes back with the next message in it.
// https://docs.slack.dev/reference/methods/conversations.close
func conversationsClose(c *call) (object, error) {
	ch, err := c.channel("channel")
	if err == nil && !ch.Direct && !ch.Group {
		err = refuse("method_not_supported_for_channel_type")
	}
	return nil, err
}
