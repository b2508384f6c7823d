package slacksim

// conversationsArchive shuts a channel. https://docs.slack.dev/reference/methods/conversations.archive
func conversationsArchive(c *call) (object, error) {
	ch, err := c.room()
	if err != nil {
		return nil, err
	}
	switch {
	case ch.Archived:
		return nil, refuse("already_archived")
	case ch.General:
		return nil, refuse("cant_archive_general")
	case !ch.has(botUserID):
		return nil, refuse("not_in_channel")
	}
	c.archive(ch, botUserID)
	return nil, nil
}

// conversationsUnarchive does not work with a bot's token: archiving has taken the app out of the channel, and
// Slack answers so. https://docs.slack.dev/reference/methods/conversations.unarchive
func conversationsUnarchive(c *call) (object, error) {
	ch, err := c.room()
	if err != nil {
		return nil, err
	}
	if !ch.Archived {
		return nil, refuse("not_archived")
	}
	return nil, refuse("not_in_channel")
}

// archive shuts ch, with the message and the event that follow.
func (w *world) archive(ch *channel, actor string) {
	w.post(ch, &message{User: actor, Subtype: "channel_archive", Text: mention(actor) + " archived the channel"})
	ch.Archived = true
	w.channelChanged(ch)
	w.emit(ch, object{"type": ch.eventPrefix() + "_archive", "channel": ch.ID, "user": actor, "is_moved": 0, "event_ts": w.stamp()})
}

// unarchive opens ch again.
func (w *world) unarchive(ch *channel, actor string) {
	ch.Archived = false
	w.channelChanged(ch)
	w.post(ch, &message{User: actor, Subtype: "channel_unarchive", Text: mention(actor) + " un-archived the channel"})
	event := object{"type": ch.eventPrefix() + "_unarchive", "channel": ch.ID, "event_ts": w.stamp()}
	if ch.Private {
		event["actor_id"] = actor
	} else {
		event["user"] = actor
	}
	w.emit(ch, event)
}

// eventPrefix is what the names of events about ch begin with.
func (ch *channel) eventPrefix() string {
	if ch.Private {
		return "group"
	}
	return "channel"
}
