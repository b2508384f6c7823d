package slacksim

import "slices"

// conversationJSON is the conversation object that the answers of conversations.* have in common, as the app
// sees it.
func (w *world) conversationJSON(ch *channel) object {
	if ch.Direct {
		return object{
			"id": ch.ID, "created": ch.Created, "is_archived": false, "is_im": true, "is_org_shared": false,
			"user": ch.other(botUserID), "context_team_id": teamID, "priority": 0,
		}
	}
	return object{
		"id": ch.ID, "name": ch.Name, "name_normalized": ch.Name, "created": ch.Created, "creator": ch.Creator,
		"is_archived": ch.Archived, "is_channel": !ch.Private, "is_group": ch.Private && !ch.Group, "is_im": false,
		"is_mpim": ch.Group, "is_private": ch.Private, "is_general": ch.General, "is_shared": false,
		"is_ext_shared": false, "is_org_shared": false, "is_pending_ext_shared": false, "unlinked": 0,
		"pending_shared": []string{}, "pending_connected_team_ids": []string{}, "shared_team_ids": []string{teamID},
		"context_team_id": teamID, "previous_names": list(ch.PreviousNames),
		"topic": ch.Topic, "purpose": ch.Purpose,
	}
}

// with is o with more fields.
func with(o object, more object) object {
	for k, v := range more {
		o[k] = v
	}
	return o
}

// memberJSON is conversationJSON with what the answers add that tell the app about itself.
func (w *world) memberJSON(ch *channel) object {
	o := w.conversationJSON(ch)
	if ch.Direct {
		return o
	}
	return with(o, object{"is_member": ch.has(botUserID), "last_read": ch.lastRead(botUserID)})
}

// listedJSON is a conversation in conversations.list.
func (w *world) listedJSON(ch *channel) object {
	o := with(w.conversationJSON(ch), object{"updated": ch.Updated})
	if ch.Direct {
		return with(o, object{"is_user_deleted": false})
	}
	return with(o, object{"is_member": ch.has(botUserID), "num_members": len(ch.Members), "properties": w.properties(ch)})
}

func (w *world) properties(ch *channel) object {
	v := w.canvas(ch.Canvas)
	if v == nil {
		return object{}
	}
	return object{"canvas": object{"file_id": v.ID, "is_empty": len(v.Sections) == 0}}
}

func (ch *channel) lastRead(user string) string {
	if ts := ch.LastRead[user]; ts != "" {
		return ts
	}
	return formatTS(0)
}

// addMember brings user into ch, with the message and the events that follow. inviter is "" where they came by
// themselves.
func (w *world) addMember(ch *channel, user, inviter string) {
	if ch.has(user) {
		return
	}
	ch.Members = append(ch.Members, user)
	w.channelChanged(ch)
	w.post(ch, &message{User: user, Subtype: "channel_join", Inviter: inviter, Text: mention(user) + " has joined the channel"})
	event := object{"type": "member_joined_channel", "user": user, "channel": ch.ID, "channel_type": ch.letter(), "team": teamID, "event_ts": w.stamp()}
	if inviter != "" {
		event["inviter"] = inviter
	}
	w.emit(ch, event)
}

// removeMember takes user out of ch; actor is who did it.
func (w *world) removeMember(ch *channel, user, actor string) {
	i := slices.Index(ch.Members, user)
	if i < 0 {
		return
	}
	text, subtype := mention(user)+" has left the channel", "channel_leave"
	if actor != user {
		text = mention(user) + " was removed from the channel by " + mention(actor)
	}
	ch.Members = slices.Delete(slices.Clone(ch.Members), i, i+1)
	w.channelChanged(ch)
	if !ch.Private || actor == user {
		w.post(ch, &message{User: user, Subtype: subtype, Text: text})
	}
	w.emit(ch, object{"type": "member_left_channel", "user": user, "channel": ch.ID, "channel_type": ch.letter(), "team": teamID, "event_ts": w.stamp()})
	if user == botUserID {
		kind := "channel_left"
		if ch.Private {
			kind = "group_left"
		}
		w.emitAnyway(ch, object{"type": kind, "channel": ch.ID, "actor_id": actor, "event_ts": w.stamp()})
	}
}

// mention names a person in a message's text.
func mention(user string) string { return "<@" + user + ">" }
