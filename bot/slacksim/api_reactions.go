package slacksim

// reactionsAdd puts an emoji on a message. https://docs.slack.dev/reference/methods/reactions.add
func reactionsAdd(c *call) (object, error) {
	ch, m, name, err := c.reactable()
	if err != nil {
		return nil, err
	}
	if ch.Archived {
		return nil, refuse("is_archived")
	}
	if mine := reactionsOf(m, botUserID); mine >= maxReactions {
		return nil, refuse("too_many_reactions")
	}
	if !c.react(ch, m, botUserID, name) {
		return nil, refuse("already_reacted")
	}
	return nil, nil
}

// reactionsRemove takes it off. https://docs.slack.dev/reference/methods/reactions.remove
func reactionsRemove(c *call) (object, error) {
	ch, m, name, err := c.reactable()
	if err != nil {
		return nil, err
	}
	if !c.unreact(ch, m, botUserID, name) {
		return nil, refuse("no_reaction")
	}
	return nil, nil
}

// reactionsGet says what is on a message. https://docs.slack.dev/reference/methods/reactions.get
func reactionsGet(c *call) (object, error) {
	ch, m, err := c.reacted()
	if err != nil {
		return nil, err
	}
	item := object{
		"type": "message", "user": m.User, "text": m.Text, "ts": m.TS, "team": teamID, "permalink": permalink(ch, m.TS),
	}
	if m.Bot {
		item["bot_id"], item["app_id"], item["bot_profile"] = botID, appID, botProfile()
	}
	if m.Blocks != nil {
		item["blocks"] = m.Blocks
	}
	if len(m.Reactions) > 0 {
		item["reactions"] = m.Reactions
	}
	return object{"type": "message", "channel": ch.ID, "message": item}, nil
}

// reacted is the message that channel and timestamp name; the app sees those where it is.
func (c *call) reacted() (*channel, *message, error) {
	if c.args["channel"] == "" || c.args["timestamp"] == "" {
		return nil, nil, refuse("no_item_specified")
	}
	ch, err := c.channel("channel")
	if err != nil {
		return nil, nil, err
	}
	if !ch.has(botUserID) {
		return nil, nil, refuse("not_in_channel")
	}
	m, err := c.message(ch, "timestamp")
	return ch, m, err
}

func (c *call) reactable() (*channel, *message, string, error) {
	ch, m, err := c.reacted()
	if err != nil {
		return nil, nil, "", err
	}
	name, err := emojiName(c.args["name"])
	if err != nil {
		return nil, nil, "", refuse("invalid_name")
	}
	return ch, m, name, nil
}

// reactionsOf counts the emoji somebody has put on m.
func reactionsOf(m *message, user string) int {
	n := 0
	for _, r := range m.Reactions {
		for _, id := range r.Users {
			if id == user {
				n++
			}
		}
	}
	return n
}
