package slacksim

// pinsAdd keeps a message at its channel's top. https://docs.slack.dev/reference/methods/pins.add
func pinsAdd(c *call) (object, error) {
	ch, m, err := c.pinnable()
	if err != nil {
		return nil, err
	}
	if ch.Archived {
		return nil, refuse("not_pinnable")
	}
	if ch.pinned(m.TS) < 0 && len(ch.Pins) >= maxPins {
		return nil, refuse("too_many_pins")
	}
	if !c.pin(ch, m, botUserID) {
		return nil, refuse("already_pinned")
	}
	return nil, nil
}

// pinsRemove takes it down again. https://docs.slack.dev/reference/methods/pins.remove
func pinsRemove(c *call) (object, error) {
	ch, m, err := c.pinnable()
	if err != nil {
		return nil, err
	}
	if !c.unpin(ch, m, botUserID, true) {
		return nil, refuse("no_pin")
	}
	return nil, nil
}

func (c *call) pinnable() (*channel, *message, error) {
	ch, err := c.channel("channel")
	if err != nil {
		return nil, nil, err
	}
	if !ch.has(botUserID) {
		return nil, nil, c.badArgument("channel", "not_in_channel")
	}
	if c.args["timestamp"] == "" {
		return nil, nil, refuse("no_item_specified")
	}
	m, err := c.message(ch, "timestamp")
	return ch, m, err
}

// pinsList lists what is pinned, newest first, in a channel that the app is in.
// https://docs.slack.dev/reference/methods/pins.list
func pinsList(c *call) (object, error) {
	ch, err := c.channel("channel")
	if err != nil {
		return nil, err
	}
	if !ch.has(botUserID) {
		return nil, refuse("channel_not_found")
	}
	items := []object{}
	for _, p := range ch.Pins {
		if m := ch.message(p.TS); m != nil {
			items = append(items, c.pinJSON(ch, m, p))
		}
	}
	return object{"items": items}, nil
}
