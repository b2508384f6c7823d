package slacksim

// messageJSON is m as the Web API and events show it.
func (w *world) messageJSON(ch *channel, m *message) object {
	o := object{"type": "message", "user": m.User, "text": m.Text, "ts": m.TS}
	set := func(key, value string) {
		if value != "" {
			o[key] = value
		}
	}
	set("subtype", m.Subtype)
	set("client_msg_id", m.ClientMsgID)
	set("username", m.Username)
	set("inviter", m.Inviter)
	set("topic", m.Topic)
	set("purpose", m.Purpose)
	set("name", m.Name)
	set("old_name", m.OldName)
	set("thread_ts", m.ThreadTS)
	if m.Subtype == "" || m.Subtype == "thread_broadcast" {
		o["team"] = teamID
	}
	if m.Bot {
		o["bot_id"], o["app_id"], o["bot_profile"] = botID, appID, botProfile()
	}
	if m.Subtype == "bot_message" {
		delete(o, "user")
	}
	if m.IconEmoji != "" {
		o["icons"] = object{"emoji": m.IconEmoji}
	}
	if m.Blocks != nil {
		o["blocks"] = m.Blocks
	}
	if m.Attachments != nil {
		o["attachments"] = m.Attachments
	}
	if m.Edited != nil {
		o["edited"] = m.Edited
	}
	if m.Metadata != nil {
		o["metadata"] = m.Metadata
	}
	if len(m.Reactions) > 0 {
		o["reactions"] = m.Reactions
	}
	if len(m.Files) > 0 {
		o["files"], o["upload"] = w.filesJSON(m.Files), true
	}
	w.threadJSON(o, ch, m)
	return o
}

// threadJSON adds to o what a thread's root or reply carries.
func (w *world) threadJSON(o object, ch *channel, m *message) {
	if m.ThreadTS != "" && m.ThreadTS != m.TS {
		if root := ch.message(m.ThreadTS); root != nil {
			o["parent_user_id"] = root.User
		}
		return
	}
	replies := ch.threads[m.TS]
	if len(replies) == 0 {
		return
	}
	users := []string{}
	seen := map[string]bool{}
	for _, r := range replies {
		if !seen[r.User] {
			seen[r.User] = true
			users = append(users, r.User)
		}
	}
	with(o, object{
		"thread_ts": m.TS, "reply_count": len(replies), "reply_users": users, "reply_users_count": len(users),
		"latest_reply": replies[len(replies)-1].TS, "is_locked": false, "subscribed": false,
	})
}

// listedMessage is m in history, replies and events: metadata is shown whole only to who asks for it, and an event
// cannot be asked.
func (w *world) listedMessage(ch *channel, m *message, allMetadata bool) object {
	o := w.messageJSON(ch, m)
	if m.Metadata != nil && !allMetadata {
		o["metadata"] = object{"event_type": m.Metadata.EventType}
	}
	return o
}

func botProfile() object {
	return object{
		"id": botID, "app_id": appID, "name": appName, "team_id": teamID, "deleted": false, "updated": workspaceBegan,
		"icons": object{"image_36": iconURL("36"), "image_48": iconURL("48"), "image_72": iconURL("72")},
	}
}

// iconURL is where Slack keeps an app's picture; nothing here is ever fetched from it.
func iconURL(size string) string {
	return "https://a.slack-edge.com/80588/img/plugins/app/bot_" + size + ".png"
}
