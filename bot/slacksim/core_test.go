package slacksim

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// An app opens an incident: channel, people, card, pin, topic, bookmark; each step is seen in the state.
func TestOpeningAnIncident(t *testing.T) {
	s := serve(t, Options{})
	ch := s.must("conversations.create", "name", "inc-1-checkout").at("channel", "id").(string)
	s.must("conversations.invite", "channel", ch, "users", aliceID+","+bobID)
	card := s.must("chat.postMessage", "channel", ch, "text", "INC-1 checkout is down",
		"metadata", `{"event_type":"fireboss_card","event_payload":{"incident":"INC-1"}}`).at("ts").(string)
	s.must("pins.add", "channel", ch, "timestamp", card)
	s.must("conversations.setTopic", "channel", ch, "topic", "SEV-1 | nobody commands")
	s.must("bookmarks.add", "channel_id", ch, "title", "Dashboard", "type", "link", "link", "http://127.0.0.1:8080/incidents/INC-1")

	state := s.channel("inc-1-checkout")
	if got := dig(state, "members"); !slices.Equal(got.([]any), []any{botUserID, aliceID, bobID}) {
		t.Errorf("members = %v", got)
	}
	if dig(state, "pins", 0) != card || dig(state, "topic") != "SEV-1 | nobody commands" || dig(state, "bookmarks", 0, "title") != "Dashboard" {
		t.Errorf("state = %v", state)
	}
	history := s.must("conversations.history", "channel", ch, "include_all_metadata", "true")
	var card2 any
	for _, m := range history.at("messages").([]any) {
		if dig(m, "ts") == card {
			card2 = m
		}
	}
	if dig(card2, "metadata", "event_payload", "incident") != "INC-1" {
		t.Errorf("history has no metadata: %s", history.raw)
	}
	s.refused("name_taken", "conversations.create", "name", "inc-1-checkout")
	s.refused("already_pinned", "pins.add", "channel", ch, "timestamp", card)
	s.refused("already_in_channel", "conversations.invite", "channel", ch, "users", aliceID)
}

// A slash command goes to the app and its ack's text comes back to the person alone.
func TestSlashCommand(t *testing.T) {
	s := serve(t, Options{})
	typed := map[string]string{"user": "@alice", "channel": "#incidents", "command": "/incident", "text": "lead @bob & co"}
	if r := s.control("slash", typed); r.error() != "dispatch_failed" {
		t.Fatalf("with no socket: %s", r.raw)
	}
	a := s.connect(func(frame map[string]any) (any, bool) {
		return map[string]any{"text": "heard: " + dig(frame, "payload", "text").(string)}, true
	})
	r := s.does("slash", typed)
	want := "heard: lead <@U000000BOB|bob> &amp; co"
	if r.at("response", "text") != want {
		t.Errorf("response = %v, want %q", r.at("response"), want)
	}
	frame := a.next()
	if frame["type"] != "slash_commands" || frame["accepts_response_payload"] != true || dig(frame, "payload", "user_name") != "alice" {
		t.Errorf("frame = %v", frame)
	}
	messages := s.channel("incidents")["messages"].([]any)
	last := messages[len(messages)-1]
	if dig(last, "ephemeral_to") != aliceID || dig(last, "text") != want {
		t.Errorf("the person sees %v", last)
	}
	typed["thread_ts"] = dig(last, "ts").(string)
	if r := s.control("slash", typed); r.error() != "not_supported_in_threads" {
		t.Errorf("in a thread: %s", r.raw)
	}
}

// Nobody acknowledges: the person is told after three seconds, a command is not sent again, an event is, after
// no time, a minute and five minutes.
func TestNoAck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, Options{})
		a := s.connect(ackNone)
		began := time.Now()
		r := s.control("slash", map[string]string{"user": "alice", "channel": "#incidents", "command": "/incident"})
		if r.error() != "operation_timeout" || time.Since(began) != ackDeadline {
			t.Fatalf("answered %s after %v", r.raw, time.Since(began))
		}
		a.next() // the command
		s.does("message", map[string]string{"user": "alice", "channel": "#incidents", "text": "it is down"})
		began = time.Now()
		for attempt, after := range []time.Duration{0, 3 * time.Second, 66 * time.Second, 369 * time.Second} {
			frame := a.next()
			if got := time.Since(began); got != after || frame["retry_attempt"] != float64(attempt) {
				t.Errorf("attempt %v came after %v, want %d after %v", frame["retry_attempt"], got, attempt, after)
			}
		}
	})
}

// A day of slash commands passes in a bubble; sockets are refreshed on the way and nothing is left at its end.
func TestADayOfSlashCommands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, Options{Latency: 100 * time.Millisecond})
		echo := func(map[string]any) (any, bool) { return map[string]any{"text": "yes"}, true }
		socket := s.connect(echo)
		answered := 0
		for range 288 {
			later(5*time.Minute + 2*time.Second) // of the bubble's clock; never the moment of a refresh
			select {
			case <-socket.done:
				socket = s.connect(echo)
			default:
			}
			if s.does("slash", map[string]string{"user": "bob", "channel": "#alerts", "command": "/inc", "text": "list"}).at("response", "text") == "yes" {
				answered++
			}
		}
		if answered != 288 {
			t.Errorf("%d of 288 commands were answered", answered)
		}
		var sockets float64
		for _, k := range s.get("/sim/state").at("sockets").([]any) {
			sockets = max(sockets, dig(k, "id").(float64))
		}
		if sockets < 4 {
			t.Errorf("a day needed %v sockets, want at least 4: connections live five hours", sockets)
		}
	})
}

// A form: opened with a trigger, sent with what was typed, kept open by errors, closed by an empty ack.
func TestForm(t *testing.T) {
	s := serve(t, Options{})
	var trigger string
	errorsFirst := true
	a := s.connect(func(frame map[string]any) (any, bool) {
		if id, ok := dig(frame, "payload", "trigger_id").(string); ok {
			trigger = id
		}
		if dig(frame, "payload", "type") == "view_submission" && errorsFirst {
			errorsFirst = false
			return map[string]any{"response_action": "errors", "errors": map[string]any{"t": "too short"}}, true
		}
		return nil, true
	})
	s.does("shortcut", map[string]string{"user": "alice", "callback_id": "declare_incident"})
	a.next()
	view := `{"type":"modal","callback_id":"declare","title":{"type":"plain_text","text":"Declare"},"submit":{"type":"plain_text","text":"Open"},"blocks":[
		{"type":"input","block_id":"t","label":{"type":"plain_text","text":"Title"},"element":{"type":"plain_text_input","action_id":"title"}},
		{"type":"input","block_id":"s","optional":true,"label":{"type":"plain_text","text":"Severity"},"element":{"type":"static_select","action_id":"sev",
		 "initial_option":{"text":{"type":"plain_text","text":"SEV-3"},"value":"sev3"},
		 "options":[{"text":{"type":"plain_text","text":"SEV-1"},"value":"sev1"},{"text":{"type":"plain_text","text":"SEV-3"},"value":"sev3"}]}}]}`
	id := s.must("views.open", "trigger_id", trigger, "view", view).at("view", "id").(string)
	s.refused("exchanged_trigger_id", "views.open", "trigger_id", trigger, "view", view)

	if r := s.control("submit", map[string]any{"user": "alice", "view_id": id}); r.error() != "incomplete" {
		t.Errorf("an empty form was sent: %s", r.raw)
	}
	fields := map[string]any{"user": "alice", "view_id": id, "values": map[string]any{"title": "checkout is down"}}
	if r := s.does("submit", fields); r.at("response", "errors", "t") != "too short" {
		t.Errorf("response = %s", r.raw)
	}
	sent := a.next()
	if dig(sent, "payload", "view", "state", "values", "t", "title", "value") != "checkout is down" ||
		dig(sent, "payload", "view", "state", "values", "s", "sev", "selected_option", "value") != "sev3" {
		t.Errorf("sent = %v", sent)
	}
	if open := s.get("/sim/state").at("views").([]any); len(open) != 1 {
		t.Errorf("errors closed the form")
	}
	s.does("submit", fields)
	if open := s.get("/sim/state").at("views").([]any); len(open) != 0 {
		t.Errorf("an empty ack left the form open: %v", open)
	}
}

// A click on a card's button reaches the app with the message, a trigger and a way to answer.
func TestClick(t *testing.T) {
	s := serve(t, Options{})
	a := s.connect(ackAll)
	ts := s.must("chat.postMessage", "channel", "CINCIDENTS", "text", "card", "blocks",
		`[{"type":"actions","elements":[{"type":"button","action_id":"ack","text":{"type":"plain_text","text":"Acknowledge"},"value":"INC-1"}]}]`).at("ts").(string)
	a.event("message")
	s.does("click", map[string]string{"user": "bob", "channel": "#incidents", "ts": ts, "action_id": "ack"})
	frame := a.next()
	if dig(frame, "payload", "actions", 0, "value") != "INC-1" || dig(frame, "payload", "message", "ts") != ts {
		t.Fatalf("frame = %v", frame)
	}
	link := dig(frame, "payload", "response_url").(string)
	for i := range responseURLUses + 1 {
		r := s.postJSON(link, `{"text":"only you see this"}`)
		if want := i < responseURLUses; (r.status == 200) != want {
			t.Errorf("use %d of the response_url answered %d %s", i+1, r.status, r.raw)
		}
	}
	only := 0
	for _, text := range s.texts("incidents") {
		if strings.Contains(text, "only you see this") {
			only++
		}
	}
	if only != responseURLUses {
		t.Errorf("%d messages, want %d", only, responseURLUses)
	}
	if r := s.control("click", map[string]string{"user": "bob", "channel": "#incidents", "ts": ts, "action_id": "nothing"}); r.error() != "action_not_found" {
		t.Errorf("an unknown action: %s", r.raw)
	}
}
