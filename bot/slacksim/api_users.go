package slacksim

import (
	"slices"
	"strings"
)

// usersInfo describes one person. https://docs.slack.dev/reference/methods/users.info
func usersInfo(c *call) (object, error) {
	u := c.user(c.args["user"])
	if u == nil {
		return nil, refuse("user_not_found")
	}
	return object{"user": c.userJSON(u, c.args.boolean("include_locale"))}, nil
}

// usersList describes everybody. https://docs.slack.dev/reference/methods/users.list
func usersList(c *call) (object, error) {
	page, next, err := c.page(len(c.users), func(i int) string { return c.users[i].ID })
	if err != nil {
		return nil, err
	}
	members := []object{}
	for _, i := range page {
		members = append(members, c.userJSON(c.users[i], c.args.boolean("include_locale")))
	}
	return object{"members": members, "cache_ts": c.unix(), "response_metadata": next}, nil
}

// usersLookupByEmail finds a person. https://docs.slack.dev/reference/methods/users.lookupByEmail
func usersLookupByEmail(c *call) (object, error) {
	email := strings.TrimSpace(c.args["email"])
	i := slices.IndexFunc(c.users, func(u *user) bool { return u.Email != "" && strings.EqualFold(u.Email, email) })
	if i < 0 {
		return nil, refuse("users_not_found")
	}
	return object{"user": c.userJSON(c.users[i], false)}, nil
}

// usersConversations lists what somebody is in, as far as the app may see it; without user, what the app is in.
// https://docs.slack.dev/reference/methods/users.conversations
func usersConversations(c *call) (object, error) {
	id := c.args["user"]
	if id == "" {
		id = botUserID
	}
	if c.user(id) == nil {
		return nil, c.badArgument("user", "user_not_found")
	}
	return c.listConversations(func(ch *channel) bool { return ch.has(id) && (!ch.Private || ch.has(botUserID)) }, func(ch *channel) object {
		o := with(c.conversationJSON(ch), object{"updated": ch.Updated})
		if !ch.Direct {
			o["properties"] = c.properties(ch)
		}
		return o
	})
}

// usergroupsList lists the groups. https://docs.slack.dev/reference/methods/usergroups.list
func usergroupsList(c *call) (object, error) {
	groups := []object{}
	for _, g := range c.groups {
		groups = append(groups, groupJSON(g, c.args.boolean("include_users"), c.args.boolean("include_count")))
	}
	return object{"usergroups": groups}, nil
}

// usergroupsUsersList lists who is in a group. https://docs.slack.dev/reference/methods/usergroups.users.list
func usergroupsUsersList(c *call) (object, error) {
	for _, g := range c.groups {
		if g.ID == c.args["usergroup"] {
			return object{"users": g.Users}, nil
		}
	}
	return nil, refuse("no_such_subteam")
}
