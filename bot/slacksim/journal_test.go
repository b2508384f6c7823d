package slacksim

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A workspace with a folder is the same after a restart: messages, files, forms, all of it.
func TestRestart(t *testing.T) {
	dir := t.TempDir()
	first := serve(t, Options{Data: dir})
	socket := first.connect(ackAll)
	ch := first.must("conversations.create", "name", "inc-1", "is_private", "true").at("channel", "id").(string)
	first.must("conversations.invite", "channel", ch, "users", aliceID)
	ts := first.must("chat.postMessage", "channel", ch, "text", "card", "blocks", button, "metadata", `{"event_type":"e","event_payload":{"n":1}}`).at("ts").(string)
	first.must("pins.add", "channel", ch, "timestamp", ts)
	first.must("chat.postMessage", "channel", ch, "thread_ts", ts, "text", "reply")
	first.must("reactions.add", "channel", ch, "timestamp", ts, "name", "eyes")
	first.does("message", map[string]any{"user": "alice", "channel": ch, "files": []any{map[string]string{"name": "log.txt", "content": "boom"}}})
	first.must("views.publish", "user_id", aliceID, "view", `{"type":"home","blocks":[{"type":"divider"}]}`)
	first.must("conversations.canvases.create", "channel_id", ch, "document_content", `{"type":"markdown","markdown":"# x"}`)
	gone := first.must("chat.postMessage", "channel", ch, "text", "gone").at("ts").(string)
	first.must("chat.delete", "channel", ch, "ts", gone)
	first.must("chat.scheduleMessage", "channel", ch, "post_at", unixIn(time.Hour), "text", "later")
	for {
		frame := socket.next()
		if dig(frame, "payload", "event", "text") == "reply" {
			break
		}
	}
	first.does("shortcut", map[string]string{"user": "alice", "callback_id": "x"})
	var trigger string
	for trigger == "" {
		trigger, _ = dig(socket.next(), "payload", "trigger_id").(string)
	}
	first.must("views.open", "trigger_id", trigger, "view", `{"type":"modal","title":{"type":"plain_text","text":"T"},"blocks":[{"type":"divider"}]}`)
	before := lasting(t, first)
	socket.conn.CloseNow()
	if err := first.server.Close(); err != nil {
		t.Fatal(err)
	}

	second := serve(t, Options{Data: dir})
	if after := lasting(t, second); after != before {
		t.Errorf("after the restart:\n%s\nbefore:\n%s", after, before)
	}
	if next := second.must("chat.postMessage", "channel", ch, "text", "next").at("ts").(string); next <= ts {
		t.Errorf("a later message has ts %s, not after %s", next, ts)
	}
	id := second.must("conversations.create", "name", "inc-2").at("channel", "id")
	if id == ch {
		t.Errorf("the id %s was given twice", ch)
	}
	if r := second.must("conversations.replies", "channel", ch, "ts", ts); len(r.at("messages").([]any)) != 2 {
		t.Errorf("the thread: %s", r.raw)
	}
	if r := second.must("chat.scheduledMessages.list"); len(r.at("scheduled_messages").([]any)) != 1 {
		t.Errorf("what was scheduled: %s", r.raw)
	}
	files := second.get("/sim/state").at("files").([]any)
	if r := second.get(dig(files, 0, "url_private").(string)); string(r.raw) != "boom" {
		t.Errorf("the file's bytes: %s", r.raw)
	}
}

// lasting is /sim/state without what a restart changes.
func lasting(t *testing.T, s *sim) string {
	t.Helper()
	state := s.get("/sim/state").body
	delete(state, "rev")
	delete(state, "sockets")
	raw, err := json.MarshalIndent(state, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// What is in use, damaged or not ours is told in a sentence.
func TestFilesThatCannotBeOpened(t *testing.T) {
	dir := t.TempDir()
	one, err := New(Options{Data: dir})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(Options{Data: dir}); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("in use: %v", err)
	}
	one.Close()
	if err := os.WriteFile(filepath.Join(dir, "workspace.db"), []byte(strings.Repeat("not a workspace ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := New(Options{Data: dir}); err == nil || !strings.Contains(err.Error(), "move it away") {
		t.Errorf("damaged: %v", err)
	}
	// Wherever a copy broke off, that is said too, and nothing crashes.
	whole := t.TempDir()
	s := serve(t, Options{Data: whole})
	for range 5 {
		s.must("chat.postMessage", "channel", "CINCIDENTS", "text", strings.Repeat("long ", 5000))
	}
	s.server.Close()
	raw, err := os.ReadFile(filepath.Join(whole, "workspace.db"))
	if err != nil {
		t.Fatal(err)
	}
	for size := 8 << 10; size < len(raw); size += 24 << 10 {
		cut := t.TempDir()
		if err := os.WriteFile(filepath.Join(cut, "workspace.db"), raw[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		server, err := New(Options{Data: cut})
		if err == nil {
			server.Close() // what was cut off was free
		} else if !strings.Contains(err.Error(), "move it away") {
			t.Errorf("cut to %d bytes: %v", size, err)
		}
	}
}

// A scheduled message is posted though the workspace was down when it was due.
func TestScheduledAcrossRestart(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		first := serve(t, Options{Data: dir})
		first.must("chat.scheduleMessage", "channel", "CINCIDENTS", "post_at", unixIn(time.Minute), "text", "late but there")
		first.server.Close()
		later(time.Hour)
		second := serve(t, Options{Data: dir})
		synctest.Wait()
		if got := strings.Join(second.texts("incidents"), ""); got != "late but there" {
			t.Errorf("posted: %q", got)
		}
	})
}
