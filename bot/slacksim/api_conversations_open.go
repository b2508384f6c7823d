package slacksim

import "slices"

// conversationsOpen begins a direct conversation of the app with one person or several, or finds it again.
// https://docs.slack.dev/reference/methods/conversations.open
func conversationsOpen(c *call) (object, error) {
	ch, existed, err := c.opened()
	if err != nil {
		return nil, err
	}
	answer := object{"channel": object{"id": ch.ID}}
	if existed {
		answer["no_op"], answer["already_open"] = true, true
	}
	if c.args.boolean("return_im") {
		answer["channel"] = with(c.conversationJSON(ch), object{"updated": ch.Updated})
	}
	return answer, nil
}

func (c *call) opened() (ch *channel, existed bool, err error) {
	if c.args["channel"] != "" {
		ch, err := c.channel("channel")
		if err == nil && !ch.Direct && !ch.Group {
			err = refuse("method_not_supported_for_channel_type")
		}
		return ch, true, err
	}
	users := c.args.commaList("users")
	switch {
	case len(users) == 0:
		return nil, false, refuse("users_list_not_supplied")
	case len(users) > maxOpenUsers:
		return nil, false, refuse("too_many_users")
	}
	members := []string{botUserID}
	for _, id := range users {
		if c.user(id) == nil {
			return nil, false, refuse("user_not_found")
		}
		if !slices.Contains(members, id) {
			members = append(members, id)
		}
	}
	if len(members) == 1 {
		return nil, false, refuse("invalid_user_combination")
	}
	if ch := c.direct(members...); ch != nil || c.args.boolean("prevent_creation") {
		if ch == nil {
			return nil, false, refuse("channel_not_found")
		}
		return ch, true, nil
	}
	ch, existed = c.openDirect(members...)
	return ch, existed, nil
}
