package bot

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// The bot is killed at each step of opening an incident, by SIGKILL, while the
// step is under way; afterwards everything is there, once.
func TestStoryKilledWhileOpening(t *testing.T) {
	for _, tt := range []struct {
		name   string
		method string
		kind   string // the call does nothing, or is done and its answer never comes
		at     func(s *story) bool
	}{
		{"after the answer and before the channel exists", "conversations.create", "drop_before", func(s *story) bool { return s.called("conversations.create") > 0 }},
		{"the channel exists, and nobody knows", "conversations.create", "latency", func(s *story) bool { return len(s.state().Channels) > 4 }},
		{"between channel and invitation", "conversations.invite", "drop_before", func(s *story) bool { return s.called("conversations.invite") > 0 }},
		{"invited, and nobody knows", "conversations.invite", "latency", func(s *story) bool {
			c, ok := s.find("#inc-1-checkout-is-down")
			return ok && slices.Contains(c.Members, s.user("@alice"))
		}},
		{"between invitation and card", "chat.postMessage", "drop_before", func(s *story) bool { return s.called("chat.postMessage") > 0 }},
		{"the card is there, and nobody knows", "chat.postMessage", "latency", func(s *story) bool {
			c, _ := s.find("#inc-1-checkout-is-down")
			return slices.ContainsFunc(c.Messages, func(m simMessage) bool { return m.kind() == "fireboss_card" })
		}},
		{"announced, and nobody knows", "pins.add", "latency", func(s *story) bool {
			c, _ := s.find("#incidents")
			return len(c.Messages) > 0 && slices.ContainsFunc(c.Messages, func(m simMessage) bool { return m.kind() == "fireboss_announcement" })
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := tellApart(t)
			s.fault(map[string]any{"method": tt.method, "kind": tt.kind, "times": 1000, "ms": 60000})
			s.Alice.Says("/incident open sev1 checkout is down").Expect("INC-1")
			s.until("the moment has come", func() bool { return tt.at(s) })
			s.kill()
			s.noFaults()
			s.startBot()
			s.openedOnce()
		})
	}
}

// openedOnce checks that the incident was opened, whole and once.
func (s *story) openedOnce() {
	s.t.Helper()
	const name = "#inc-1-checkout-is-down"
	s.until("alice is in the channel", func() bool {
		c, ok := s.find(name)
		return ok && slices.Contains(c.Members, s.user("@alice")) && len(c.Pins) > 0 && strings.Contains(c.Topic, "sev1")
	})
	s.Settles()
	channels := 0
	for _, c := range s.state().Channels {
		if strings.HasPrefix(c.Name, "inc-") {
			channels++
		}
	}
	if channels != 1 {
		s.t.Errorf("there are %d channels, want one", channels)
	}
	s.checkWhole("INC-1", name)
}

// called counts the calls of a method so far.
func (s *story) called(method string) int {
	s.t.Helper()
	var list struct {
		Calls []struct{ Method string }
	}
	s.fetch(s.workspace+"/sim/calls", &list)
	n := 0
	for _, c := range list.Calls {
		if c.Method == method {
			n++
		}
	}
	return n
}

func TestStoryKilledAndNothingIsLost(t *testing.T) {
	s := tellApart(t)
	ch := s.opened("sev2 the queue is stuck")
	for i := range 5 {
		s.Bob.Says("/incident note before the end " + string(rune('a'+i)))
	}
	s.kill()
	s.startBot()
	s.Bob.Says("/incident note after it")
	notes := 0
	for _, k := range s.kinds("INC-1") {
		if k == "note_added" {
			notes++
		}
	}
	if notes != 6 {
		t.Errorf("%d notes are there, want 6", notes)
	}
	s.checkWhole("INC-1", ch)
	if c := s.Bob.Says("/incident open another one"); !strings.Contains(c.Text, "INC-2") {
		t.Errorf("the next number: %s", c.Text)
	}
}

func TestStoryACommandWhileNobodyIsThereFailsAtOnce(t *testing.T) {
	s := tellApart(t)
	s.opened("network is slow")
	s.Settles()
	s.kill()
	s.until("the workspace has noticed", func() bool { return len(s.state().Sockets) == 0 })
	// Nobody is connected: the command fails at once, and the person sees it.
	out := s.call("slash", map[string]any{"user": "@bob", "channel": s.channel, "command": "/incident", "text": "ack"})
	if out["error"] != "dispatch_failed" {
		t.Errorf("a command without a socket: %v", out)
	}
	s.startBot()
	s.Bob.Says("/incident ack").Expect("INC-1")
}

func TestStoryStopsCleanlyWithinTenSeconds(t *testing.T) {
	s := tellApart(t)
	s.opened("a last one")
	page, err := http.Get(s.dashboard + "/live") // a page that is open somewhere must not hold it up
	if err != nil || page.StatusCode != http.StatusOK {
		t.Fatal(page, err)
	}
	defer page.Body.Close()
	start := time.Now()
	if code := s.bot.end(15 /* SIGTERM */); code != 0 {
		t.Errorf("exit code %d\n%s", code, s.bot.log())
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
	if rest, err := io.ReadAll(page.Body); err != nil {
		t.Errorf("the page's stream was torn off behind %q: %v", rest, err)
	}
}
