package slacksim

// channel is the conversation that an argument names by id, as far as the app may know of it.
func (c *call) channel(arg string) (*channel, error) {
	ch := c.byID[c.args[arg]]
	if ch == nil || !c.visible(ch, botUserID) {
		return nil, refuse("channel_not_found")
	}
	if err := c.server.needScope(scopesFor(c.method.Scopes, ch)); err != nil {
		return nil, err
	}
	return ch, nil
}

// joined is a conversation that the app is in.
func (c *call) joined(arg string) (*channel, error) {
	ch, err := c.channel(arg)
	if err != nil {
		return nil, err
	}
	if !ch.has(botUserID) {
		return nil, refuse("not_in_channel")
	}
	return ch, nil
}

// writable is a conversation that the app is in and that is not archived.
func (c *call) writable(arg string) (*channel, error) {
	ch, err := c.joined(arg)
	if err == nil && ch.Archived {
		return nil, refuse("is_archived")
	}
	return ch, err
}

// message is the lasting message of ch that an argument names by its timestamp.
func (c *call) message(ch *channel, arg string) (*message, error) {
	if !isTS(c.args[arg]) {
		return nil, c.badArgument(arg, "bad_timestamp")
	}
	m := ch.lasting(c.args[arg])
	if m == nil {
		return nil, refuse("message_not_found")
	}
	return m, nil
}
