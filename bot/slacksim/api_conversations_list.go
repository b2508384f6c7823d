package slacksim

import "slices"

// conversationsInfo describes one conversation. https://docs.slack.dev/reference/methods/conversations.info
func conversationsInfo(c *call) (object, error) {
	ch, err := c.channel("channel")
	if err != nil {
		return nil, err
	}
	o := c.memberJSON(ch)
	o["updated"] = ch.Updated
	if !ch.Direct {
		o["properties"] = c.properties(ch)
	}
	if c.args.boolean("include_num_members") {
		o["num_members"] = len(ch.Members)
	}
	if c.args.boolean("include_locale") {
		o["locale"] = "en-US"
	}
	return object{"channel": o}, nil
}

// conversationsList lists what the app may see. https://docs.slack.dev/reference/methods/conversations.list
func conversationsList(c *call) (object, error) {
	return c.listConversations(func(ch *channel) bool { return c.visible(ch, botUserID) }, c.listedJSON)
}

var listTypes = []string{"public_channel", "private_channel", "mpim", "im"}

// listConversations lists those that match and that the arguments types and exclude_archived ask for.
func (c *call) listConversations(matches func(*channel) bool, describe func(*channel) object) (object, error) {
	types := c.args.commaList("types")
	if len(types) == 0 {
		types = []string{"public_channel"}
	}
	if slices.ContainsFunc(types, func(t string) bool { return !slices.Contains(listTypes, t) }) {
		return nil, refuse("invalid_types")
	}
	var found []*channel
	for _, ch := range c.channels {
		excluded := ch.Archived && c.args.boolean("exclude_archived")
		if slices.Contains(types, ch.listType()) && matches(ch) && !excluded {
			found = append(found, ch)
		}
	}
	page, next, err := c.page(len(found), func(i int) string { return found[i].ID })
	if err != nil {
		return nil, err
	}
	channels := []object{}
	for _, i := range page {
		channels = append(channels, describe(found[i]))
	}
	return object{"channels": channels, "response_metadata": next}, nil
}

// conversationsMembers lists who is in a conversation.
// https://docs.slack.dev/reference/methods/conversations.members
func conversationsMembers(c *call) (object, error) {
	ch, err := c.channel("channel")
	if err != nil {
		return nil, err
	}
	page, next, err := c.page(len(ch.Members), func(i int) string { return ch.Members[i] })
	if err != nil {
		return nil, err
	}
	members := []string{}
	for _, i := range page {
		members = append(members, ch.Members[i])
	}
	return object{"members": members, "response_metadata": next}, nil
}
