package slacksim

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const button = `[{"type":"actions","block_id":"b","elements":[{"type":"button","action_id":"a","text":{"type":"plain_text","text":"Go"}}]}]`

func TestPosting(t *testing.T) {
	s := serve(t, Options{})
	post := func(pairs ...string) reply {
		return s.call("chat.postMessage", append([]string{"channel", "CINCIDENTS"}, pairs...)...)
	}
	for name, c := range map[string]struct {
		pairs []string
		code  string
	}{
		"nothing":              {nil, "no_text"},
		"empty text":           {[]string{"text", ""}, "no_text"},
		"blocks alone":         {[]string{"blocks", button}, ""},
		"blocks, no JSON":      {[]string{"blocks", "[{"}, "invalid_blocks_format"},
		"blocks, no list":      {[]string{"blocks", `{"type":"divider"}`}, "invalid_blocks_format"},
		"blocks, wrong":        {[]string{"blocks", `[{"type":"section"}]`}, "invalid_blocks"},
		"markdown":             {[]string{"markdown_text", "# hi"}, ""},
		"markdown and text":    {[]string{"markdown_text", "# hi", "text", "x"}, "markdown_text_conflict"},
		"metadata, no JSON":    {[]string{"text", "x", "metadata", "{"}, "invalid_metadata_format"},
		"metadata, no payload": {[]string{"text", "x", "metadata", `{"event_type":"e"}`}, "invalid_metadata_schema"},
		"metadata, too large":  {[]string{"text", "x", "metadata", `{"event_type":"e","event_payload":{"x":"` + strings.Repeat("x", maxMetadataBytes) + `"}}`}, "metadata_too_large"},
		"attachments":          {[]string{"attachments", `[{"text":"hung on"}]`}, ""},
		"attachments, wrong":   {[]string{"attachments", `"x"`}, "invalid_arguments"},
		"a thread that is not": {[]string{"text", "x", "thread_ts", "1.2"}, "cannot_reply_to_message"},
	} {
		if r := post(c.pairs...); r.error() != c.code {
			t.Errorf("%s was answered %s, want error %q", name, r.raw, c.code)
		}
	}
	r := post("blocks", `[{"type":"section","text":{"type":"mrkdwn","text":"`+strings.Repeat("x", 3001)+`"}}]`)
	if got := r.at("response_metadata", "messages", 0); got != "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]" {
		t.Errorf("messages = %v", got)
	}
	r = post("text", "a & b <c> <@U0000ALICE> see https://example.com/x?a=1&b=2. &lt;kept&gt;")
	want := "a &amp; b &lt;c&gt; <@U0000ALICE> see <https://example.com/x?a=1&amp;b=2>. &lt;kept&gt;"
	if got := r.at("message", "text"); got != want {
		t.Errorf("text = %q\n want %q", got, want)
	}
	if got := len(post("text", strings.Repeat("é", maxText+1)).at("message", "text").(string)); got != 2*maxText {
		t.Errorf("a long text has %d bytes left", got)
	}
}

// What an update leaves out stays, but text alone takes the blocks away.
func TestUpdating(t *testing.T) {
	s := serve(t, Options{})
	ts := s.must("chat.postMessage", "channel", "CINCIDENTS", "text", "one", "blocks", button, "metadata", `{"event_type":"e","event_payload":{}}`).at("ts").(string)
	update := func(pairs ...string) reply {
		return s.call("chat.update", append([]string{"channel", "CINCIDENTS", "ts", ts}, pairs...)...)
	}
	if r := update("blocks", `[{"type":"divider"}]`); r.at("message", "text") != "one" || r.at("message", "blocks", 0, "type") != "divider" || r.at("message", "metadata", "event_type") != "e" {
		t.Errorf("blocks alone: %s", r.raw)
	}
	if r := update("text", "two"); r.at("message", "blocks") != nil || r.at("text") != "two" || r.at("message", "edited", "user") != botUserID {
		t.Errorf("text alone: %s", r.raw)
	}
	if r := update("text", "three", "metadata", "{}"); r.at("message", "metadata") != nil {
		t.Errorf("empty metadata: %s", r.raw)
	}
	if r := update(); r.error() != "no_text" {
		t.Errorf("nothing: %s", r.raw)
	}
	if r := update("text", strings.Repeat("x", maxUpdateText+1)); r.error() != "msg_too_long" {
		t.Errorf("a long text: %s", r.raw)
	}
	theirs := s.does("message", map[string]string{"user": "alice", "channel": "#incidents", "text": "mine"}).at("ts").(string)
	s.refused("cant_update_message", "chat.update", "channel", "CINCIDENTS", "ts", theirs, "text", "x")
	s.refused("cant_delete_message", "chat.delete", "channel", "CINCIDENTS", "ts", theirs)
	s.refused("message_not_found", "chat.update", "channel", "CINCIDENTS", "ts", "1.2", "text", "x")
	s.must("chat.delete", "channel", "CINCIDENTS", "ts", ts)
	s.refused("message_not_found", "chat.delete", "channel", "CINCIDENTS", "ts", ts)
	if r := s.must("chat.getPermalink", "channel", "CINCIDENTS", "message_ts", theirs); !strings.HasPrefix(r.at("permalink").(string), "https://fireboss.slack.com/archives/CINCIDENTS/p") {
		t.Errorf("permalink: %s", r.raw)
	}
}

// An ephemeral message is seen by one person, and in no history.
func TestEphemeral(t *testing.T) {
	s := serve(t, Options{})
	ts := s.must("chat.postEphemeral", "channel", "CINCIDENTS", "user", aliceID, "text", "psst", "blocks", button).at("message_ts").(string)
	s.refused("user_not_in_channel", "chat.postEphemeral", "channel", "CINCIDENTS", "user", graceID, "text", "x")
	if r := s.must("conversations.history", "channel", "CINCIDENTS"); len(r.at("messages").([]any)) != 0 {
		t.Errorf("history = %s", r.raw)
	}
	s.refused("message_not_found", "chat.update", "channel", "CINCIDENTS", "ts", ts, "text", "x")
	s.connect(ackAll)
	press := map[string]string{"user": "bob", "channel": "#incidents", "ts": ts, "action_id": "a"}
	if r := s.control("click", press); r.error() != "message_not_found" {
		t.Errorf("another person pressed it: %s", r.raw)
	}
	press["user"] = "alice"
	s.does("click", press)
	s.does("delete", map[string]string{"user": "alice", "channel": "#incidents", "ts": ts})
	if got := s.texts("incidents"); len(got) != 0 {
		t.Errorf("put away, and still there: %v", got)
	}
	// One in a thread that has no lasting reply is put away too.
	root := s.must("chat.postMessage", "channel", "CINCIDENTS", "text", "root").at("ts").(string)
	ts = s.must("chat.postEphemeral", "channel", "CINCIDENTS", "user", aliceID, "text", "psst", "thread_ts", root).at("message_ts").(string)
	s.does("delete", map[string]string{"user": "alice", "channel": "#incidents", "ts": ts})
	if got := s.texts("incidents"); len(got) != 1 {
		t.Errorf("put away in the thread, and still there: %v", got)
	}
}

// Scheduled messages come when they are due, unless taken back; one with metadata never does.
func TestScheduling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, Options{})
		schedule := func(d time.Duration, pairs ...string) reply {
			return s.call("chat.scheduleMessage", append([]string{"channel", "CINCIDENTS", "post_at", unixIn(d)}, pairs...)...)
		}
		if r := schedule(-time.Second, "text", "x"); r.error() != "time_in_past" {
			t.Errorf("in the past: %s", r.raw)
		}
		if r := schedule(121*24*time.Hour, "text", "x"); r.error() != "time_too_far" {
			t.Errorf("far off: %s", r.raw)
		}
		back := schedule(time.Hour, "text", "taken back").at("scheduled_message_id").(string)
		schedule(time.Hour, "text", "on time")
		schedule(time.Hour, "text", "with metadata", "metadata", `{"event_type":"e","event_payload":{}}`)
		s.must("chat.deleteScheduledMessage", "channel", "CINCIDENTS", "scheduled_message_id", back)
		s.refused("invalid_scheduled_message_id", "chat.deleteScheduledMessage", "channel", "CINCIDENTS", "scheduled_message_id", back)
		if r := s.must("chat.scheduledMessages.list"); len(r.at("scheduled_messages").([]any)) != 2 {
			t.Errorf("list: %s", r.raw)
		}
		later(time.Hour)
		synctest.Wait()
		if got := strings.Join(s.texts("incidents"), "; "); got != "on time" {
			t.Errorf("posted: %s", got)
		}
		if r := s.must("chat.scheduledMessages.list"); len(r.at("scheduled_messages").([]any)) != 0 {
			t.Errorf("list afterwards: %s", r.raw)
		}
		for range schedulePerSlot {
			s.must("chat.scheduleMessage", "channel", "CINCIDENTS", "post_at", unixIn(2*time.Hour), "text", "x")
		}
		if r := schedule(2*time.Hour, "text", "one too many"); r.error() != "restricted_too_many" {
			t.Errorf("one too many: %s", r.raw)
		}
	})
}
