package slacksim

import (
	"strings"
	"testing"
)

// What people do reaches the app as events, where it is a member.
func TestWhatPeopleDo(t *testing.T) {
	s := serve(t, Options{})
	a := s.connect(ackAll)
	in := func(fields map[string]any) map[string]any {
		all := map[string]any{"user": "alice", "channel": "#incidents"}
		for k, v := range fields {
			all[k] = v
		}
		return all
	}
	s.does("message", map[string]string{"user": "alice", "channel": "#general", "text": "the app is not here"})
	ts := s.does("message", in(map[string]any{"text": "hey @fireboss, <!here> & all"})).at("ts").(string)
	if e := a.event("message"); e["text"] != "hey <@U0FIREBOSS>, <!here> &amp; all" || e["user"] != aliceID || e["channel_type"] != "channel" || e["ts"] != ts {
		t.Errorf("message = %v", e)
	}
	if e := a.event("app_mention"); e["ts"] != ts || e["channel"] != "CINCIDENTS" {
		t.Errorf("app_mention = %v", e)
	}
	s.does("edit", in(map[string]any{"ts": ts, "text": "never mind"}))
	if e := a.event("message"); e["subtype"] != "message_changed" || dig(e, "message", "text") != "never mind" || dig(e, "previous_message", "ts") != ts {
		t.Errorf("message_changed = %v", e)
	}
	s.does("message", in(map[string]any{"text": "in the thread", "thread_ts": ts}))
	if e := a.event("message"); e["thread_ts"] != ts || e["parent_user_id"] != aliceID {
		t.Errorf("reply = %v", e)
	}
	s.does("react", in(map[string]any{"ts": ts, "name": ":eyes:"}))
	if e := a.event("reaction_added"); e["reaction"] != "eyes" || dig(e, "item", "ts") != ts || e["item_user"] != aliceID {
		t.Errorf("reaction_added = %v", e)
	}
	if r := s.control("react", in(map[string]any{"ts": ts, "name": "eyes"})); r.error() != "already_reacted" {
		t.Errorf("twice: %s", r.raw)
	}
	s.does("unreact", in(map[string]any{"ts": ts, "name": "eyes"}))
	a.event("reaction_removed")
	s.does("delete", in(map[string]any{"ts": ts}))
	for {
		if e := a.event("message"); e["subtype"] == "message_deleted" {
			if e["deleted_ts"] != ts || dig(e, "previous_message", "text") != "never mind" {
				t.Errorf("message_deleted = %v", e)
			}
			break
		}
	}
}

// So does what they do in a channel and to it; what they may not do is refused.
func TestWhatPeopleDoInChannels(t *testing.T) {
	s := serve(t, Options{})
	a := s.connect(ackAll)
	ts := s.does("message", map[string]string{"user": "alice", "channel": "#incidents", "text": "x"}).at("ts").(string)
	on := map[string]any{"user": "alice", "channel": "#incidents", "ts": ts}
	s.does("pin", on)
	if e := a.event("pin_added"); e["channel_id"] != "CINCIDENTS" || dig(e, "item", "message", "ts") != ts {
		t.Errorf("pin_added = %v", e)
	}
	s.does("unpin", on)
	a.event("pin_removed")
	s.does("leave", map[string]string{"user": "carol", "channel": "#incidents"})
	if e := a.event("member_left_channel"); e["user"] != carolID {
		t.Errorf("member_left_channel = %v", e)
	}
	s.does("join", map[string]string{"user": "carol", "channel": "#incidents"})
	a.event("member_joined_channel")
	if r := s.control("message", map[string]string{"user": "grace", "channel": "#incidents", "text": "x"}); r.error() != "not_in_channel" {
		t.Errorf("a guest who is not in: %s", r.raw)
	}
	if r := s.control("join", map[string]string{"user": "grace", "channel": "#incidents"}); r.error() != "channel_not_found" {
		t.Errorf("a guest joins: %s", r.raw)
	}
	if r := s.control("edit", map[string]string{"user": "bob", "channel": "#incidents", "ts": ts, "text": "x"}); r.error() != "cant_update_message" {
		t.Errorf("another's message: %s", r.raw)
	}
	s.does("message", map[string]string{"user": "bob", "channel": "@fireboss", "text": "help"})
	if e := a.event("message"); e["channel_type"] == "im" && e["channel"] != "D000000BOB" {
		t.Errorf("a direct message = %v", e)
	}
	s.does("archive", map[string]string{"user": "alice", "channel": "#incidents"})
	for act, more := range map[string][2]string{"react": {"name", "eyes"}, "unreact": {"name", "eyes"}, "edit": {"text", "y"}, "pin": {}, "unpin": {}} {
		body := map[string]any{"user": "alice", "channel": "#incidents", "ts": ts}
		if more[0] != "" {
			body[more[0]] = more[1]
		}
		if r := s.control(act, body); r.error() != "is_archived" {
			t.Errorf("%s where the channel is archived: %s", act, r.raw)
		}
	}
	s.does("home", map[string]string{"user": "dave"})
	if e := a.event("app_home_opened"); e["user"] != daveID || e["tab"] != "home" {
		t.Errorf("app_home_opened = %v", e)
	}
}

// Typed text becomes Slack's form of it, and Slack's form stays.
func TestTypedText(t *testing.T) {
	var w *world
	s := serve(t, Options{})
	s.server.view(func(world *world) { w = world })
	for typed, want := range map[string]string{
		"plain":                        "plain",
		"@bob.":                        "<@U000000BOB>.",
		"@oncall, @nobody":             "<!subteam^S000ONCALL|@oncall>, @nobody",
		"#general and #nowhere":        "<#C00GENERAL|general> and #nowhere",
		"@channel":                     "<!channel>",
		"bob@example.com":              "<mailto:bob@example.com|bob@example.com>",
		"x@alice":                      "x@alice",
		"`@bob <b>`":                   "`@bob &lt;b&gt;`",
		"see https://a.example/x?y&z.": "see <https://a.example/x?y&amp;z>.",
		"<@U0000ALICE> <b> &amp; &":    "<@U0000ALICE> &lt;b&gt; &amp; &amp;",
		"<https://a.example|there>":    "<https://a.example|there>",
	} {
		if got := w.typed(typed, false); got != want {
			t.Errorf("%q became %q, want %q", typed, got, want)
		}
		if again := w.typed(want, false); again != want {
			t.Errorf("%q did not stay: %q", want, again)
		}
	}
	if got := w.typed("@bob", true); got != "<@U000000BOB|bob>" {
		t.Errorf("in a command: %q", got)
	}
}

func TestReactionsBookmarksBots(t *testing.T) {
	s := serve(t, Options{})
	ts := s.must("chat.postMessage", "channel", "CINCIDENTS", "text", "x").at("ts").(string)
	s.must("reactions.add", "channel", "CINCIDENTS", "timestamp", ts, "name", "eyes")
	s.refused("already_reacted", "reactions.add", "channel", "CINCIDENTS", "timestamp", ts, "name", "eyes")
	s.refused("invalid_name", "reactions.add", "channel", "CINCIDENTS", "timestamp", ts, "name", "No Emoji")
	s.refused("no_item_specified", "reactions.add", "channel", "CINCIDENTS", "name", "eyes")
	s.refused("bad_timestamp", "reactions.add", "channel", "CINCIDENTS", "timestamp", "yesterday", "name", "eyes")
	s.refused("message_not_found", "reactions.add", "channel", "CINCIDENTS", "timestamp", "1234567890.123456", "name", "eyes")
	if r := s.must("reactions.get", "channel", "CINCIDENTS", "timestamp", ts); r.at("message", "reactions", 0, "count") != 1.0 {
		t.Errorf("reactions = %s", r.raw)
	}
	s.must("reactions.remove", "channel", "CINCIDENTS", "timestamp", ts, "name", "eyes")
	s.refused("no_reaction", "reactions.remove", "channel", "CINCIDENTS", "timestamp", ts, "name", "eyes")

	add := []string{"channel_id", "CINCIDENTS", "title", "Runbook", "type", "link", "link", "https://example.com"}
	id := s.must("bookmarks.add", add...).at("bookmark", "id").(string)
	s.refused("invalid_link", "bookmarks.add", "channel_id", "CINCIDENTS", "title", "x", "type", "link", "link", "ftp://x")
	s.refused("invalid_bookmark_type", "bookmarks.add", "channel_id", "CINCIDENTS", "title", "x", "type", "folder")
	s.refused("access_denied", "bookmarks.list", "channel_id", "C00GENERAL")
	if r := s.must("bookmarks.edit", "channel_id", "CINCIDENTS", "bookmark_id", id, "title", "The runbook"); r.at("bookmark", "link") != "https://example.com" {
		t.Errorf("edited = %s", r.raw)
	}
	s.must("bookmarks.remove", "channel_id", "CINCIDENTS", "bookmark_id", id)
	s.refused("not_found", "bookmarks.remove", "channel_id", "CINCIDENTS", "bookmark_id", id)
	for range maxBookmarks {
		s.must("bookmarks.add", add...)
	}
	s.refused("too_many_bookmarks", "bookmarks.add", add...)

	if r := s.must("bots.info", "bot", botID); r.at("bot", "user_id") != botUserID {
		t.Errorf("bots.info = %s", r.raw)
	}
	if r := s.must("dnd.info", "user", aliceID); r.at("next_dnd_end_ts").(float64)-r.at("next_dnd_start_ts").(float64) < 9*3600 {
		t.Errorf("dnd.info = %s", r.raw)
	}
	if r := s.call("blocks.validate", "blocks", `[{"type":"section"}]`); r.error() != "invalid_blocks" || !strings.HasPrefix(r.at("errors", 0, "pointer").(string), "/0") {
		t.Errorf("blocks.validate = %s", r.raw)
	}
	s.must("blocks.validate", "blocks", `[{"type":"divider"}]`)
	s.refused("invalid_arguments", "blocks.validate")
	s.refused("users_not_found", "users.lookupByEmail", "email", "nobody@example.com")
	s.refused("no_such_subteam", "usergroups.users.list", "usergroup", "S0NOBODY00")
}
