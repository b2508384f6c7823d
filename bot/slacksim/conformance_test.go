package slacksim

import "testing"

// Samples that no other test meets: every answer is checked against its shape where it is read.
func TestRemainingShapes(t *testing.T) {
	s := serve(t, Options{})
	a := s.connect(ackAll)
	s.must("api.test", "foo", "bar")
	s.must("team.info")
	s.must("users.conversations", "types", "public_channel,private_channel,im")
	if r := s.must("usergroups.list", "include_users", "true", "include_count", "true"); r.at("usergroups", 0, "user_count") != 2.0 {
		t.Errorf("usergroups = %s", r.raw)
	}
	ts := s.must("chat.postMessage", "channel", "CINCIDENTS", "text", "x", "username", "Pager", "icon_emoji", ":pager:").at("ts").(string)
	if e := a.event("message"); e["subtype"] != "bot_message" || e["username"] != "Pager" {
		t.Errorf("under another name: %v", e)
	}
	s.must("pins.add", "channel", "CINCIDENTS", "timestamp", ts)
	if r := s.must("pins.list", "channel", "CINCIDENTS"); r.at("items", 0, "message", "ts") != ts {
		t.Errorf("pins = %s", r.raw)
	}
	s.must("pins.remove", "channel", "CINCIDENTS", "timestamp", ts)
	s.refused("no_pin", "pins.remove", "channel", "CINCIDENTS", "timestamp", ts)
	s.must("chat.postMessage", "channel", "CINCIDENTS", "thread_ts", ts, "text", "for all", "reply_broadcast", "true")
	for {
		if e := a.event("message"); e["subtype"] == "thread_broadcast" {
			if dig(e, "root", "ts") != ts {
				t.Errorf("broadcast = %v", e)
			}
			break
		}
	}
	s.must("conversations.close", "channel", "D0000ALICE")
	s.refused("method_not_supported_for_channel_type", "conversations.close", "channel", "CINCIDENTS")
}

// A private channel's events have names of their own.
func TestPrivateChannelEvents(t *testing.T) {
	s := serve(t, Options{})
	a := s.connect(ackAll)
	ch := s.must("conversations.create", "name", "inc-2", "is_private", "true").at("channel", "id").(string)
	s.must("conversations.invite", "channel", ch, "users", aliceID)
	s.does("slash", map[string]string{"user": "alice", "channel": ch, "command": "/inc"})
	for {
		if f := a.next(); f["type"] == "slash_commands" {
			if dig(f, "payload", "channel_name") != "privategroup" {
				t.Errorf("a command tells the private channel's name: %v", f)
			}
			break
		}
	}
	s.does("rename", map[string]string{"user": "alice", "channel": ch, "name": "inc-2-data"})
	if e := a.event("group_rename"); dig(e, "channel", "name") != "inc-2-data" {
		t.Errorf("group_rename = %v", e)
	}
	s.does("archive", map[string]string{"user": "alice", "channel": ch})
	a.event("group_archive")
	s.does("unarchive", map[string]string{"user": "alice", "channel": ch})
	a.event("group_unarchive")
	s.does("kick", map[string]string{"user": "alice", "channel": ch, "who": "fireboss"})
	a.event("group_left")
}

// Modals stack up to three, know their hash, and tell when they are closed.
func TestViewStack(t *testing.T) {
	s := serve(t, Options{})
	a := s.connect(ackAll)
	trigger := func() string { return s.trigger(a) }
	modal := func(title, more string) string {
		return `{"type":"modal","title":{"type":"plain_text","text":"` + title + `"},"notify_on_close":true,` + more + `"blocks":[
			{"type":"input","block_id":"b","label":{"type":"plain_text","text":"L"},"element":{"type":"plain_text_input","action_id":"a"}}],
			"submit":{"type":"plain_text","text":"Go"}}`
	}
	s.refused("invalid_trigger_id", "views.open", "trigger_id", "1.2.3", "view", modal("One", ""))
	s.refused("not_found", "views.push", "trigger_id", trigger(), "view", modal("One", ""))
	one := s.must("views.open", "trigger_id", trigger(), "view", modal("One", `"external_id":"e1",`))
	id := one.at("view", "id").(string)
	s.refused("duplicate_external_id", "views.push", "trigger_id", trigger(), "view", modal("Two", `"external_id":"e1",`))
	two := s.must("views.push", "trigger_id", trigger(), "view", modal("Two", ""))
	if two.at("view", "previous_view_id") != id || two.at("view", "root_view_id") != id {
		t.Errorf("pushed = %s", two.raw)
	}
	three := s.must("views.push", "trigger_id", trigger(), "view", modal("Three", "")).at("view", "id")
	s.refused("push_limit_reached", "views.push", "trigger_id", trigger(), "view", modal("Four", ""))

	s.refused("hash_conflict", "views.update", "view_id", id, "hash", "0.0", "view", modal("Uno", ""))
	updated := s.must("views.update", "external_id", "e1", "hash", one.at("view", "hash").(string), "view", modal("Uno", ""))
	if updated.at("view", "id") != id || updated.at("view", "title", "text") != "Uno" {
		t.Errorf("updated = %s", updated.raw)
	}
	s.refused("not_found", "views.update", "view_id", "V0NOTHING0", "view", modal("X", ""))
	s.refused("invalid_arguments", "views.update", "view_id", id, "view", `{"type":"modal"}`)

	s.does("close", map[string]any{"user": "alice", "view_id": three})
	if f := a.next(); dig(f, "payload", "type") != "view_closed" || dig(f, "payload", "view", "id") != three || dig(f, "payload", "is_cleared") != false {
		t.Errorf("closed = %v", f)
	}
	s.does("close", map[string]any{"user": "alice", "view_id": id, "all": true})
	for range 2 {
		if f := a.next(); dig(f, "payload", "type") != "view_closed" || dig(f, "payload", "is_cleared") != true {
			t.Errorf("closed = %v", f)
		}
	}
	if open := s.get("/sim/state").at("views").([]any); len(open) != 0 {
		t.Errorf("still open: %v", open)
	}
}

// What a person entered stays when the app updates the form under the same ids.
func TestFormKeepsWhatWasEntered(t *testing.T) {
	s := serve(t, Options{})
	view := func(label string) string {
		return `{"type":"modal","callback_id":"c","title":{"type":"plain_text","text":"T"},"submit":{"type":"plain_text","text":"Go"},"blocks":[
			{"type":"input","block_id":"b","label":{"type":"plain_text","text":"` + label + `"},"element":{"type":"plain_text_input","action_id":"a"}},
			{"type":"input","block_id":"p","optional":true,"label":{"type":"plain_text","text":"Who"},"element":{"type":"multi_users_select","action_id":"who"}},
			{"type":"input","block_id":"c","optional":true,"label":{"type":"plain_text","text":"Where"},"element":{"type":"conversations_select","action_id":"where","response_url_enabled":true}}]}`
	}
	a := s.connect(ackAll)
	id := s.open(a, view("One"))
	if r := s.does("click", map[string]any{"user": "alice", "view_id": id, "action_id": "a", "value": "kept"}); r.at("dispatched") != false {
		t.Errorf("a field that does not dispatch: %s", r.raw)
	}
	s.must("views.update", "view_id", id, "view", view("Two"))
	r := s.does("submit", map[string]any{"user": "alice", "view_id": id, "values": map[string]any{"who": []string{"@bob", "carol"}, "where": "#incidents"}})
	frame := a.next()
	state := dig(frame, "payload", "view", "state", "values").(map[string]any)
	if dig(state, "b", "a", "value") != "kept" || dig(state, "p", "who", "selected_users", 1) != carolID || dig(state, "c", "where", "selected_conversation") != "CINCIDENTS" {
		t.Errorf("state = %v, answer %s", state, r.raw)
	}
	link, _ := dig(frame, "payload", "response_urls", 0, "response_url").(string)
	if answered := s.postJSON(link, `{"text":"posted where the form said","response_type":"in_channel"}`); answered.status != 200 {
		t.Errorf("response_urls: %d %s", answered.status, answered.raw)
	}
	if r := s.control("submit", map[string]any{"user": "alice", "view_id": id, "values": map[string]any{"nothing": "x"}}); r.status != 400 && r.error() != "view_not_found" {
		t.Errorf("an unknown field: %s", r.raw)
	}
}

// A shortcut on a message carries it.
func TestMessageShortcut(t *testing.T) {
	s := serve(t, Options{})
	a := s.connect(ackAll)
	ts := s.does("message", map[string]string{"user": "bob", "channel": "#incidents", "text": "look"}).at("ts").(string)
	s.does("shortcut", map[string]string{"user": "alice", "callback_id": "add_to_timeline", "channel": "#incidents", "ts": ts})
	for {
		f := a.next()
		if f["type"] != "interactive" {
			continue
		}
		if dig(f, "payload", "type") != "message_action" || dig(f, "payload", "message", "text") != "look" || dig(f, "payload", "callback_id") != "add_to_timeline" {
			t.Errorf("payload = %v", f["payload"])
		}
		return
	}
}

// An external select asks the app for its options.
func TestOptions(t *testing.T) {
	s := serve(t, Options{})
	s.connect(func(frame map[string]any) (any, bool) {
		if dig(frame, "payload", "type") != "block_suggestion" {
			return nil, true
		}
		found := map[string]any{"text": map[string]any{"type": "plain_text", "text": dig(frame, "payload", "value")}, "value": "1"}
		return map[string]any{"options": []any{found}}, true
	})
	ts := s.must("chat.postMessage", "channel", "CINCIDENTS", "text", "x", "blocks",
		`[{"type":"actions","elements":[{"type":"external_select","action_id":"service","placeholder":{"type":"plain_text","text":"Service"}}]}]`).at("ts").(string)
	r := s.does("options", map[string]string{"user": "alice", "channel": "#incidents", "ts": ts, "action_id": "service", "value": "check"})
	if r.at("response", "options", 0, "text", "text") != "check" {
		t.Errorf("options = %s", r.raw)
	}
	if r := s.does("click", map[string]string{"user": "alice", "channel": "#incidents", "ts": ts, "action_id": "service", "value": "1"}); r.at("envelope_id") == nil {
		t.Errorf("chosen: %s", r.raw)
	}
}
