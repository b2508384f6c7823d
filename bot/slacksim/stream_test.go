package slacksim

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// stream reads /sim/stream.
type stream struct {
	t     testing.TB
	lines *bufio.Scanner
}

func (s *sim) stream(since any) *stream {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s.t.Cleanup(cancel)
	req, _ := http.NewRequestWithContext(ctx, "GET", fmt.Sprintf("%s/sim/stream?since=%.0f", s.base, since), nil)
	resp, err := s.client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { resp.Body.Close() })
	if got := resp.Header.Get("Content-Type"); got != "text/event-stream" {
		s.t.Fatalf("Content-Type %q, status %d", got, resp.StatusCode)
	}
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	return &stream{s.t, lines}
}

// next is the next change of a kind.
func (r *stream) next(kind string) map[string]any {
	r.t.Helper()
	for r.lines.Scan() {
		data, ok := strings.CutPrefix(r.lines.Text(), "data: ")
		if !ok {
			continue
		}
		var change map[string]any
		if err := json.Unmarshal([]byte(data), &change); err != nil {
			r.t.Fatalf("%q: %v", data, err)
		}
		if change["kind"] == kind {
			return change
		}
	}
	r.t.Fatalf("the stream ended before a %s: %v", kind, r.lines.Err())
	return nil
}

// The stream carries on from a state and tells each change.
func TestStream(t *testing.T) {
	s := serve(t, Options{})
	rev := s.get("/sim/state").at("rev")
	s.does("message", map[string]string{"user": "alice", "channel": "#incidents", "text": "before the stream"})
	stream := s.stream(rev)
	if c := stream.next("message"); dig(c, "message", "text") != "before the stream" || c["channel"] != "CINCIDENTS" || c["rev"].(float64) <= rev.(float64) {
		t.Errorf("message = %v", c)
	}
	ts := s.does("message", map[string]string{"user": "alice", "channel": "#incidents", "text": "while it runs"}).at("ts").(string)
	if c := stream.next("message"); dig(c, "message", "ts") != ts {
		t.Errorf("message = %v", c)
	}
	s.does("react", map[string]string{"user": "bob", "channel": "#incidents", "ts": ts, "name": "eyes"})
	if c := stream.next("message"); dig(c, "message", "reactions", 0, "count") != 1.0 {
		t.Errorf("message = %v", c)
	}
	s.must("chat.postMessage", "channel", "CINCIDENTS", "thread_ts", ts, "text", "reply")
	stream.next("message")
	if c := stream.next("message"); dig(c, "message", "ts") != ts || dig(c, "message", "reply_count") != 1.0 {
		t.Errorf("the root after a reply = %v", c)
	}
	s.must("conversations.setTopic", "channel", "CINCIDENTS", "topic", "fire")
	if c := stream.next("channel"); dig(c, "channel", "topic") != "fire" || dig(c, "channel", "messages") != nil {
		t.Errorf("channel = %v", c)
	}
	s.must("views.publish", "user_id", aliceID, "view", `{"type":"home","blocks":[{"type":"divider"}]}`)
	if c := stream.next("home"); c["user"] != aliceID || dig(c, "view", "type") != "home" {
		t.Errorf("home = %v", c)
	}
	a := s.connect(ackAll)
	if c := stream.next("sockets"); len(c["sockets"].([]any)) != 1 {
		t.Errorf("sockets = %v", c)
	}
	s.does("shortcut", map[string]string{"user": "alice", "callback_id": "x"})
	var trigger string
	for trigger == "" {
		trigger, _ = dig(a.next(), "payload", "trigger_id").(string)
	}
	view := s.must("views.open", "trigger_id", trigger, "view", `{"type":"modal","title":{"type":"plain_text","text":"T"},"blocks":[{"type":"divider"}]}`).at("view", "id")
	if c := stream.next("view"); dig(c, "view", "id") != view || dig(c, "view", "user") != aliceID {
		t.Errorf("view = %v", c)
	}
	s.does("close", map[string]any{"user": "alice", "view_id": view})
	if c := stream.next("view_closed"); c["id"] != view || c["user"] != aliceID {
		t.Errorf("view_closed = %v", c)
	}
	s.must("chat.delete", "channel", "CINCIDENTS", "ts", s.must("chat.postMessage", "channel", "CINCIDENTS", "text", "x").at("ts").(string))
	if c := stream.next("message_deleted"); c["channel"] != "CINCIDENTS" {
		t.Errorf("message_deleted = %v", c)
	}
}

// Who is too far behind, or ahead of a fresh workspace, has to begin again.
func TestStreamReset(t *testing.T) {
	s := serve(t, Options{})
	rev := s.get("/sim/state").at("rev").(float64)
	for range 2*keptChanges + 10 {
		s.server.update(func(w *world) { w.channelChanged(w.byID["CINCIDENTS"]) })
	}
	for name, since := range map[string]float64{"behind": rev, "ahead": rev * 2, "from the beginning": 0} {
		c := s.stream(since).next("reset")
		if now := s.get("/sim/state").at("rev"); c["rev"] != now {
			t.Errorf("%s: reset at %v, want %v", name, c["rev"], now)
		}
	}
	if r := s.get("/sim/stream?since=yesterday"); r.status != 400 {
		t.Errorf("since=yesterday: %d", r.status)
	}
}
