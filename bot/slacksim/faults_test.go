package slacksim

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Every kind of fault does what it says, as often as ordered, and each call is listed.
func TestFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, Options{})
		s.faulty = true
		post := map[string]string{"channel": "CINCIDENTS", "text": "hello"}
		order := func(fault map[string]any) {
			fault["method"] = "chat.postMessage"
			s.does("faults", fault)
		}
		posted := func() int { return len(s.texts("incidents")) }

		order(map[string]any{"kind": "error", "error": "channel_not_found", "times": 2})
		s.refused("channel_not_found", "chat.postMessage", "channel", "CINCIDENTS", "text", "x")
		if left := s.get("/sim/faults").at("faults", 0, "left"); left != 1.0 {
			t.Errorf("left = %v", left)
		}
		s.refused("channel_not_found", "chat.postMessage", "channel", "CINCIDENTS", "text", "x")

		order(map[string]any{"kind": "ratelimit", "retry_after": 7})
		if r := s.call("chat.postMessage", "channel", "CINCIDENTS", "text", "x"); r.status != 429 || r.header.Get("Retry-After") != "7" {
			t.Errorf("ratelimit answered %d %v", r.status, r.header)
		}
		order(map[string]any{"kind": "http500"})
		if r := s.call("chat.postMessage", "channel", "CINCIDENTS", "text", "x"); r.status != 500 {
			t.Errorf("http500 answered %d", r.status)
		}
		order(map[string]any{"kind": "drop_before"})
		if _, err := s.try("chat.postMessage", post); err == nil || posted() != 0 {
			t.Errorf("drop_before: error %v, %d messages", err, posted())
		}
		order(map[string]any{"kind": "drop_after"})
		if _, err := s.try("chat.postMessage", post); err == nil || posted() != 1 {
			t.Errorf("drop_after: error %v, %d messages", err, posted())
		}
		order(map[string]any{"kind": "latency", "ms": 1500})
		began := time.Now()
		s.must("chat.postMessage", "channel", "CINCIDENTS", "text", "late")
		if time.Since(began) != 1500*time.Millisecond {
			t.Errorf("latency took %v", time.Since(began))
		}
		s.must("chat.postMessage", "channel", "CINCIDENTS", "text", "no faults are left")

		calls := s.get("/sim/calls?since=0").at("calls").([]any)
		var listed []any
		for _, c := range calls {
			listed = append(listed, dig(c, "error"))
		}
		want := []any{"channel_not_found", "channel_not_found", "ratelimited", "internal_error", "connection_cut", "connection_cut", "", ""}
		if len(listed) != len(want) {
			t.Fatalf("listed = %v", listed)
		}
		for i := range want {
			if listed[i] != want[i] {
				t.Errorf("call %d was listed with %q, want %q", i+1, listed[i], want[i])
			}
		}
		if dig(calls[6], "ms") != 1500.0 || dig(calls[6], "args", "text") != "late" {
			t.Errorf("the slow call was listed as %v", calls[6])
		}
		order(map[string]any{"kind": "http500", "times": 9})
		req, _ := http.NewRequestWithContext(t.Context(), "DELETE", s.base+"/sim/faults", nil)
		if _, err := s.do(req); err != nil || len(s.get("/sim/faults").at("faults").([]any)) != 0 {
			t.Errorf("faults are left after DELETE: %v", err)
		}
		if more := s.get("/sim/calls?since=8").at("calls").([]any); len(more) != 0 {
			t.Errorf("after the last call come %v", more)
		}
	})
}

// Latency delays the answer; the effect comes at once.
func TestLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, Options{Latency: time.Second})
		answered := make(chan time.Time)
		go func() {
			s.must("chat.postMessage", "channel", "CINCIDENTS", "text", "at once")
			answered <- time.Now()
		}()
		began := time.Now()
		synctest.Wait()
		if len(s.texts("incidents")) != 1 {
			t.Error("the message is not there before the answer")
		}
		if at := <-answered; at.Sub(began) != time.Second {
			t.Errorf("answered after %v", at.Sub(began))
		}
	})
}

// A web page from elsewhere that a person has open does nothing here in their name.
func TestOtherOrigins(t *testing.T) {
	s := serve(t, Options{})
	for origin, status := range map[string]int{"": 200, s.base: 200, "https://elsewhere.example": 403, "null": 403} {
		req, _ := http.NewRequestWithContext(t.Context(), "POST", s.base+"/sim/message", strings.NewReader(`{"user":"alice","channel":"#general","text":"x"}`))
		req.Header.Set("Content-Type", "text/plain")
		if origin != "" {
			req.Header.Set("Origin", origin)
		}
		if r, err := s.do(req); err != nil || r.status != status {
			t.Errorf("from %q: %d %s %v, want %d", origin, r.status, r.raw, err, status)
		}
	}
}

// The workspace's end does not wait for answers that are late.
func TestEndDuringLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, Options{Latency: time.Hour})
		began := time.Now()
		cut := make(chan error)
		go func() {
			_, err := s.try("chat.postMessage", map[string]string{"channel": "CINCIDENTS", "text": "x"})
			cut <- err
		}()
		synctest.Wait()
		s.server.Close()
		if err := <-cut; err == nil || time.Since(began) != 0 {
			t.Errorf("the call ended with %v after %v", err, time.Since(began))
		}
	})
}

// What the control API cannot understand is told in a sentence.
func TestControlMistakes(t *testing.T) {
	s := serve(t, Options{})
	for path, body := range map[string]any{
		"slash":      map[string]string{"user": "zoe", "channel": "#general", "command": "/incident"},
		"message":    map[string]string{"user": "alice", "channel": "#nowhere", "text": "x"},
		"react":      map[string]string{"user": "alice", "channel": "#general", "ts": "1", "emoji": "eyes"},
		"click":      map[string]string{"user": "alice", "channel": "#general"},
		"faults":     map[string]string{"method": "chat.postMessage", "kind": "explode"},
		"disconnect": map[string]string{"reason": "boredom"},
		"redeliver":  map[string]string{"envelope_id": "none"},
		"nothing":    map[string]string{},
		"edit":       map[string]string{"user": "alice", "channel": "#general", "text": "x"},
		"pin":        map[string]string{"user": "alice", "channel": "#general"},
		"submit":     map[string]string{"user": "alice"},
		"close":      map[string]string{"user": "alice"},
	} {
		r := s.control(path, body)
		if sentence, _ := r.at("message").(string); r.status != 400 || r.ok() || r.error() == "" || len(sentence) < 20 {
			t.Errorf("/sim/%s answered %d %s", path, r.status, r.raw)
		}
	}
	for _, body := range []string{"", "null", "[]", `"x"`, `{"user":"alice"`, `{"user":"alice","channel":"#general","text":"x"} {}`} {
		if r := s.postJSON(s.base+"/sim/message", body); r.status != 400 || r.ok() {
			t.Errorf("/sim/message with %q answered %d %s", body, r.status, r.raw)
		}
	}
	if got := s.texts("general"); len(got) != 0 {
		t.Errorf("posted: %v", got)
	}
}
