package slacksim

import "strings"

// emit tells the app of something in ch, where it is a member and has subscribed to it.
func (w *world) emit(ch *channel, event object) {
	if ch.has(botUserID) {
		w.emitAnyway(ch, event)
	}
}

// emitAnyway tells the app also of a channel it is no longer in.
func (w *world) emitAnyway(ch *channel, event object) {
	name := event["type"].(string)
	if name == "message" {
		name = messageSubscription[ch.kind()]
	}
	if scopes, subscribed := subscriptions[name]; subscribed && granted(scopes, w.scopes) {
		w.hub.deliverEvent(mustJSON(w.eventCallback(ch.ID, event)))
	}
}

// eventCallback is the wrapper of every event.
func (w *world) eventCallback(channel string, event object) object {
	return object{
		"token": verificationToken, "team_id": teamID, "api_app_id": appID, "event": event, "type": "event_callback",
		"event_id": w.nextID("Ev"), "event_time": w.unix(), "is_ext_shared_channel": false,
		"event_context": "1-" + event["type"].(string) + "-" + teamID + "-" + channel,
		"authorizations": []object{{
			"enterprise_id": nil, "team_id": teamID, "user_id": botUserID, "is_bot": true, "is_enterprise_install": false,
		}},
	}
}

// emitMessage tells the app of a new message, and that it was mentioned where it was.
func (w *world) emitMessage(ch *channel, m *message) {
	if !ch.has(botUserID) {
		return
	}
	w.emit(ch, w.messageEvent(ch, m))
	fromPerson := !m.Bot && (m.Subtype == "" || m.Subtype == "file_share" || m.Subtype == "thread_broadcast")
	if fromPerson && !ch.Direct && mentionsApp(m.Text) {
		mention := with(w.messageEvent(ch, m), object{"type": "app_mention"})
		delete(mention, "channel_type")
		w.emit(ch, mention)
	}
}

// messageEvent is the event for a new message.
func (w *world) messageEvent(ch *channel, m *message) object {
	event := with(w.listedMessage(ch, m, false), object{"channel": ch.ID, "event_ts": m.TS, "channel_type": ch.kind()})
	if len(m.Files) > 0 && m.Subtype == "" {
		event["subtype"] = "file_share"
	}
	if m.Broadcast {
		if root := ch.message(m.ThreadTS); root != nil {
			event["root"] = w.listedMessage(ch, root, false)
		}
	}
	return event
}

// emitChanged tells the app that a message is no longer what it was.
func (w *world) emitChanged(ch *channel, m, previous *message) {
	ts := w.stamp()
	w.emit(ch, object{
		"type": "message", "subtype": "message_changed", "channel": ch.ID, "channel_type": ch.kind(), "hidden": true,
		"ts": ts, "event_ts": ts, "message": w.listedMessage(ch, m, false), "previous_message": w.listedMessage(ch, previous, false),
	})
}

// emitDeleted tells the app that a message is gone.
func (w *world) emitDeleted(ch *channel, previous *message) {
	ts := w.stamp()
	w.emit(ch, object{
		"type": "message", "subtype": "message_deleted", "channel": ch.ID, "channel_type": ch.kind(), "hidden": true,
		"ts": ts, "event_ts": ts, "deleted_ts": previous.TS, "previous_message": w.listedMessage(ch, previous, false),
	})
}

// mentionsApp says whether a text addresses the app.
func mentionsApp(text string) bool {
	return strings.Contains(text, "<@"+botUserID+">") || strings.Contains(text, "<@"+botUserID+"|")
}
