package slacksim

import "slices"

// conversationsInvite brings people into a channel: all of them or, where one cannot be invited, nobody; with
// force, those that can. https://docs.slack.dev/reference/methods/conversations.invite
func conversationsInvite(c *call) (object, error) {
	ch, err := c.writable("channel")
	if err != nil {
		return nil, err
	}
	if ch.Direct || ch.Group {
		return nil, refuse("method_not_supported_for_channel_type")
	}
	users := c.args.commaList("users")
	if len(users) == 0 {
		return nil, refuse("no_user")
	}
	if len(users) > maxInvite {
		return nil, refuse("invalid_arguments", "[ERROR] no more than 100 items allowed [json-pointer:/users]")
	}
	var able []string
	failed := []object{}
	for _, id := range users {
		if code := c.cannotInvite(ch, id); code != "" {
			failed = append(failed, object{"user": id, "ok": false, "error": code})
		} else if !slices.Contains(able, id) {
			able = append(able, id)
		}
	}
	if len(failed) > 0 && (len(able) == 0 || !c.args.boolean("force")) {
		return nil, refuseWith(failed[0]["error"].(string), object{"errors": failed})
	}
	for _, id := range able {
		c.addMember(ch, id, botUserID)
	}
	answer := object{"channel": c.memberJSON(ch)}
	if len(failed) > 0 {
		answer["errors"] = failed
	}
	return answer, nil
}

func (w *world) cannotInvite(ch *channel, id string) string {
	switch {
	case w.user(id) == nil:
		return "user_not_found"
	case id == botUserID:
		return "cant_invite_self"
	case ch.has(id):
		return "already_in_channel"
	}
	return ""
}
