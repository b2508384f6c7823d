package slacksim

import (
	"fmt"
	"strings"
	"testing"
)

func TestChannelNames(t *testing.T) {
	s := serve(t, Options{})
	for name, code := range map[string]string{
		"":                       "invalid_name_required",
		strings.Repeat("x", 81):  "invalid_name_maxlength",
		"Upper":                  "invalid_name_specials",
		"two words":              "invalid_name_specials",
		"a.b":                    "invalid_name_specials",
		"--":                     "invalid_name_punctuation",
		"archive":                "invalid_name",
		"general":                "name_taken",
		strings.Repeat("x", 80):  "",
		"größe-7_日本":             "",
		"inc-7-checkout-is-down": "",
	} {
		if r := s.call("conversations.create", "name", name); r.error() != code {
			t.Errorf("%q was answered %s, want error %q", name, r.raw, code)
		}
	}
}

// The bot sees public channels and those it is in, and reads only the latter.
func TestVisibility(t *testing.T) {
	s := serve(t, Options{})
	hidden := s.does("create", map[string]any{"user": "alice", "name": "secret", "is_private": true}).at("channel").(string)
	s.refused("channel_not_found", "conversations.info", "channel", hidden)
	s.refused("channel_not_found", "chat.postMessage", "channel", hidden, "text", "x")
	s.refused("channel_not_found", "chat.postMessage", "channel", "#secret", "text", "x")
	s.refused("not_in_channel", "conversations.history", "channel", "C00GENERAL")
	s.must("chat.postMessage", "channel", "#general", "text", "chat:write.public lets this through")
	ts := s.does("message", map[string]string{"user": "alice", "channel": "#general", "text": "among us"}).at("ts").(string)
	s.does("pin", map[string]string{"user": "alice", "channel": "#general", "ts": ts})
	s.refused("not_in_channel", "reactions.get", "channel", "C00GENERAL", "timestamp", ts)
	s.refused("not_in_channel", "reactions.add", "channel", "C00GENERAL", "timestamp", ts, "name", "eyes")
	s.refused("channel_not_found", "pins.list", "channel", "C00GENERAL")
	if r := s.must("conversations.list", "types", "public_channel,private_channel"); strings.Contains(string(r.raw), hidden) {
		t.Error("a private channel is listed to who is not in it")
	}
	s.does("invite", map[string]string{"user": "alice", "channel": "#secret", "who": "@fireboss"})
	s.must("conversations.history", "channel", hidden)
	if r := s.must("conversations.list", "types", "private_channel"); r.at("channels", 0, "id") != hidden {
		t.Errorf("private channels: %s", r.raw)
	}
	s.refused("invalid_types", "conversations.list", "types", "secret_channel")
}

// A channel from its making to its archive: each act's message and event, and what is refused.
func TestChannelLife(t *testing.T) {
	s := serve(t, Options{})
	a := s.connect(ackAll)
	ch := s.must("conversations.create", "name", "inc-1").at("channel", "id").(string)
	if e := a.event("member_joined_channel"); e["user"] != botUserID || e["channel"] != ch {
		t.Errorf("on making it: %v", e)
	}
	s.must("conversations.invite", "channel", ch, "users", aliceID)
	if e := a.event("member_joined_channel"); e["user"] != aliceID || e["inviter"] != botUserID {
		t.Errorf("on the invitation: %v", e)
	}
	r := s.refused("user_not_found", "conversations.invite", "channel", ch, "users", "U0NOBODY00,"+bobID)
	if r.at("errors", 0, "user") != "U0NOBODY00" {
		t.Errorf("errors = %s", r.raw)
	}
	s.must("conversations.invite", "channel", ch, "users", "U0NOBODY00,"+bobID, "force", "true")
	s.refused("cant_invite_self", "conversations.invite", "channel", ch, "users", botUserID)

	s.must("conversations.rename", "channel", ch, "name", "inc-1-checkout")
	if e := a.event("channel_rename"); dig(e, "channel", "name") != "inc-1-checkout" {
		t.Errorf("on the new name: %v", e)
	}
	s.refused("not_authorized", "conversations.rename", "channel", "CINCIDENTS", "name", "mine")
	s.must("conversations.setPurpose", "channel", ch, "purpose", "to put it out")
	s.refused("too_long", "conversations.setTopic", "channel", ch, "topic", strings.Repeat("x", 251))
	s.must("conversations.setTopic", "channel", ch, "topic", "SEV-1")
	s.must("conversations.setTopic", "channel", ch, "topic", "")
	s.must("conversations.kick", "channel", ch, "user", bobID)
	s.refused("cant_kick_self", "conversations.kick", "channel", ch, "user", botUserID)
	s.must("conversations.archive", "channel", ch)
	if e := a.event("channel_archive"); e["channel"] != ch || e["user"] != botUserID {
		t.Errorf("on the archive: %v", e)
	}
	s.refused("already_archived", "conversations.archive", "channel", ch)
	s.refused("is_archived", "chat.postMessage", "channel", ch, "text", "too late")
	s.refused("is_archived", "conversations.invite", "channel", ch, "users", carolID)
	s.refused("not_in_channel", "conversations.unarchive", "channel", ch)
	s.refused("name_taken", "conversations.create", "name", "inc-1-checkout")
	s.does("unarchive", map[string]string{"user": "alice", "channel": ch})
	if e := a.event("channel_unarchive"); e["user"] != aliceID {
		t.Errorf("on opening it again: %v", e)
	}

	var subtypes []string
	for _, m := range s.channel("inc-1-checkout")["messages"].([]any) {
		subtypes = append(subtypes, dig(m, "subtype").(string))
	}
	want := "channel_join channel_join channel_join channel_name channel_purpose channel_topic channel_topic channel_leave channel_archive channel_unarchive"
	if got := strings.Join(subtypes, " "); got != want {
		t.Errorf("messages = %s\n    want %s", got, want)
	}
	s.does("kick", map[string]string{"user": "alice", "channel": ch, "who": "fireboss"})
	if e := a.event("channel_left"); e["channel"] != ch || e["actor_id"] != aliceID {
		t.Errorf("on being removed: %v", e)
	}
	s.refused("not_in_channel", "conversations.history", "channel", ch)
	s.must("conversations.join", "channel", ch)
	if r := s.must("conversations.join", "channel", ch); r.at("warning") != "already_in_channel" {
		t.Errorf("joining twice: %s", r.raw)
	}
	s.must("conversations.leave", "channel", ch)
	s.refused("not_in_channel", "conversations.leave", "channel", ch)
	s.must("conversations.mark", "channel", "CINCIDENTS", "ts", "1234567890.000000")
}

func TestDirectConversations(t *testing.T) {
	s := serve(t, Options{})
	one := s.must("conversations.open", "users", aliceID).at("channel", "id")
	if one != "D0000ALICE" {
		t.Errorf("alice's conversation is %v", one)
	}
	several := s.must("conversations.open", "users", aliceID+","+bobID).at("channel", "id")
	if again := s.must("conversations.open", "users", bobID+","+aliceID); again.at("channel", "id") != several || again.at("already_open") != true {
		t.Errorf("opened again: %s", again.raw)
	}
	s.refused("users_list_not_supplied", "conversations.open")
	s.refused("user_not_found", "conversations.open", "users", "U0NOBODY00")
	if r := s.must("chat.postMessage", "channel", bobID, "text", "for you"); r.at("channel") != "D000000BOB" {
		t.Errorf("to a person: %s", r.raw)
	}
	// Two people's own conversation is not the app's.
	between := s.does("message", map[string]string{"user": "alice", "channel": "@bob", "text": "psst"})
	if between.at("ts") == nil {
		t.Errorf("alice to bob: %s", between.raw)
	}
	if r := s.must("conversations.list", "types", "im"); strings.Contains(string(r.raw), "psst") || len(r.at("channels").([]any)) != 5 {
		t.Errorf("the app's direct conversations: %s", r.raw)
	}
}

// History is newest first, pages by cursor, keeps to a span and leaves replies to the thread.
func TestHistoryAndReplies(t *testing.T) {
	s := serve(t, Options{})
	var ts []string
	for i := range 7 {
		ts = append(ts, s.must("chat.postMessage", "channel", "CINCIDENTS", "text", fmt.Sprint("m", i)).at("ts").(string))
	}
	for i := range 3 {
		s.must("chat.postMessage", "channel", "CINCIDENTS", "thread_ts", ts[0], "text", fmt.Sprint("r", i))
	}
	s.must("chat.postMessage", "channel", "CINCIDENTS", "thread_ts", ts[0], "text", "for all", "reply_broadcast", "true")

	var got []string
	cursor, pages := "", 0
	for {
		r := s.must("conversations.history", "channel", "CINCIDENTS", "limit", "3", "cursor", cursor)
		for _, m := range r.at("messages").([]any) {
			got = append(got, dig(m, "text").(string))
		}
		pages++
		next, _ := r.at("response_metadata", "next_cursor").(string)
		if r.at("has_more") != (next != "") {
			t.Errorf("has_more = %v with cursor %q", r.at("has_more"), next)
		}
		if cursor = next; cursor == "" {
			break
		}
		s.must("chat.delete", "channel", "CINCIDENTS", "ts", s.must("conversations.history", "channel", "CINCIDENTS", "limit", "1", "latest", ts[6], "inclusive", "true").at("messages", 0, "ts").(string))
	}
	if strings.Join(got, " ") != "for all m6 m5 m4 m3 m2 m1 m0" || pages != 3 {
		t.Errorf("history = %v in %d pages", got, pages)
	}
	root := s.must("conversations.replies", "channel", "CINCIDENTS", "ts", ts[0])
	if n := len(root.at("messages").([]any)); n != 5 || root.at("messages", 0, "reply_count") != 4.0 {
		t.Errorf("the thread: %s", root.raw)
	}
	span := s.must("conversations.history", "channel", "CINCIDENTS", "oldest", ts[1], "latest", ts[3])
	if n := len(span.at("messages").([]any)); n != 1 {
		t.Errorf("between the second and the fourth are %d", n)
	}
	span = s.must("conversations.history", "channel", "CINCIDENTS", "oldest", ts[1], "latest", ts[3], "inclusive", "1")
	if n := len(span.at("messages").([]any)); n != 3 {
		t.Errorf("from the second to the fourth are %d", n)
	}
	s.refused("invalid_cursor", "conversations.history", "channel", "CINCIDENTS", "cursor", "nonsense")
	s.refused("invalid_ts_oldest", "conversations.history", "channel", "CINCIDENTS", "oldest", "yesterday")
	s.refused("thread_not_found", "conversations.replies", "channel", "CINCIDENTS", "ts", "1.0")

	// The root goes, a tombstone stays for its replies.
	s.must("chat.delete", "channel", "CINCIDENTS", "ts", ts[0])
	if r := s.must("conversations.replies", "channel", "CINCIDENTS", "ts", ts[0]); r.at("messages", 0, "subtype") != "tombstone" {
		t.Errorf("after the root was deleted: %s", r.raw)
	}
}

func TestPaging(t *testing.T) {
	s := serve(t, Options{})
	seen := map[any]bool{}
	cursor := ""
	for pages := 1; ; pages++ {
		r := s.must("users.list", "limit", "2", "cursor", cursor)
		for _, u := range r.at("members").([]any) {
			seen[dig(u, "name")] = true
		}
		if cursor = r.at("response_metadata", "next_cursor").(string); cursor == "" {
			if len(seen) != 6 || pages != 3 {
				t.Errorf("%d people on %d pages", len(seen), pages)
			}
			break
		}
	}
	s.refused("invalid_limit", "conversations.members", "channel", "C00GENERAL", "limit", "-1")
	s.refused("invalid_cursor", "conversations.members", "channel", "C00GENERAL", "cursor", "bmV4dDo=")
}

// What the cursor stood at may be gone when the next page is asked for: the page begins where it was.
func TestPagingWhileThingsGo(t *testing.T) {
	s := serve(t, Options{})
	first := s.must("conversations.members", "channel", "CINCIDENTS", "limit", "2")
	s.does("leave", map[string]string{"user": "bob", "channel": "#incidents"})
	next := s.must("conversations.members", "channel", "CINCIDENTS", "limit", "2", "cursor", first.at("response_metadata", "next_cursor").(string))
	if got := fmt.Sprint(first.at("members"), next.at("members")); got != fmt.Sprint([]string{aliceID, bobID}, []string{carolID, daveID}) {
		t.Errorf("members = %s", got)
	}
	var ts []string
	for _, text := range []string{"older", "newer"} {
		ts = append(ts, s.must("chat.postMessage", "channel", "C000ALERTS", "text", text).at("ts").(string))
	}
	first = s.must("conversations.history", "channel", "C000ALERTS", "limit", "1")
	s.must("chat.delete", "channel", "C000ALERTS", "ts", ts[1])
	next = s.must("conversations.history", "channel", "C000ALERTS", "limit", "1", "cursor", first.at("response_metadata", "next_cursor").(string))
	if next.at("messages", 0, "ts") != ts[0] {
		t.Errorf("after the newer was deleted: %s", next.raw)
	}
}
