package slacksim

import "fmt"

// conversationsRename names a channel anew; an app may do so with those it made.
// https://docs.slack.dev/reference/methods/conversations.rename
func conversationsRename(c *call) (object, error) {
	ch, err := c.room()
	if err != nil {
		return nil, err
	}
	name := c.args["name"]
	switch {
	case ch.Archived:
		return nil, refuse("is_archived")
	case !ch.has(botUserID):
		return nil, refuse("not_in_channel")
	case ch.Creator != botUserID:
		return nil, refuse("not_authorized")
	}
	if ch.Name != name {
		if err := c.checkName(name); err != nil {
			return nil, err
		}
		c.rename(ch, name, botUserID)
	}
	return object{"channel": c.memberJSON(ch)}, nil
}

// rename gives ch another name, with the message and the event that follow.
func (w *world) rename(ch *channel, name, actor string) {
	old := ch.Name
	ch.PreviousNames = append(ch.PreviousNames, old)
	ch.Name = name
	w.channelChanged(ch)
	w.post(ch, &message{
		User: actor, Subtype: "channel_name", Name: name, OldName: old,
		Text: fmt.Sprintf("%s has renamed the channel from %q to %q", mention(actor), old, name),
	})
	w.emit(ch, object{"type": ch.eventPrefix() + "_rename", "event_ts": w.stamp(), "channel": object{
		"id": ch.ID, "name": name, "name_normalized": name, "created": ch.Created, "is_channel": !ch.Private, "is_mpim": ch.Group,
	}})
}
