package slacksim

// shortcut runs a global shortcut, or one on a message. https://docs.slack.dev/interactivity/implementing-shortcuts
func (s *Server) shortcut(base string, u *user, callback string, on target) (reached, error) {
	return s.dispatch("interactive", false, func(w *world) (object, error) {
		fields := object{"callback_id": callback, "trigger_id": w.newTrigger(u.ID), "action_ts": w.stamp()}
		if on.ts == "" {
			return with(w.interactivePayload("shortcut", u), fields), nil
		}
		m := on.channel.lasting(on.ts)
		if m == nil || !w.visible(on.channel, u.ID) {
			return nil, refuseWith("message_not_found", object{"message": u.Name + " sees no message " + on.ts + " there."})
		}
		payload := with(w.interactivePayload("message_action", u), fields)
		delete(payload, "api_app_id") // as Slack leaves both out here
		delete(payload["user"].(object), "username")
		return with(payload, object{
			"channel": object{"id": on.channel.ID, "name": on.channel.displayName()}, "message_ts": m.TS,
			"message": w.messageJSON(on.channel, m), "response_url": w.newResponseURL(base, "actions", u.ID, on.channel, m),
		}), nil
	})
}

// openHome shows a person the app's home, and tells the app.
// https://docs.slack.dev/reference/events/app_home_opened
func (w *world) openHome(u *user) {
	ch, _ := w.openDirect(botUserID, u.ID)
	event := object{"type": "app_home_opened", "user": u.ID, "channel": ch.ID, "tab": "home", "event_ts": w.stamp()}
	if home := w.homes[u.ID]; home != nil {
		event["view"] = viewJSON(home)
	}
	w.emit(ch, event)
}
