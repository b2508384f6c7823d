package slacksim

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A response_url answers five times, and for half an hour.
func TestResponseURLLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, Options{})
		a := s.connect(ackAll)
		typed := func() string {
			s.does("slash", map[string]string{"user": "alice", "channel": "#general", "command": "/incident"})
			return dig(a.next(), "payload", "response_url").(string)
		}
		link := typed()
		for n := range responseURLUses {
			if r := s.postJSON(link, `{"text":"x"}`); r.status != 200 || string(r.raw) != "ok" {
				t.Errorf("answer %d: %d %s", n+1, r.status, r.raw)
			}
		}
		if r := s.postJSON(link, `{"text":"x"}`); r.status != 404 || strings.TrimSpace(string(r.raw)) != "used_url" {
			t.Errorf("a sixth: %d %s", r.status, r.raw)
		}
		link = typed()
		later(responseURLLife)
		if r := s.postJSON(link, `{"text":"x"}`); r.status != 200 {
			t.Errorf("after half an hour: %d %s", r.status, r.raw)
		}
		later(time.Second)
		if r := s.postJSON(link, `{"text":"x"}`); r.status != 404 || strings.TrimSpace(string(r.raw)) != "expired_url" {
			t.Errorf("after more: %d %s", r.status, r.raw)
		}
	})
}

// A trigger lives three seconds, and a view that Slack does not take leaves it as it was.
func TestTriggerLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, Options{})
		a := s.connect(ackAll)
		raw, _ := json.Marshal(modal("One"))
		trigger := s.trigger(a)
		later(triggerLife)
		s.refused("invalid_arguments", "views.open", "trigger_id", trigger, "view", `{"type":"modal"}`)
		s.must("views.open", "trigger_id", trigger, "view", string(raw))
		s.refused("exchanged_trigger_id", "views.open", "trigger_id", trigger, "view", string(raw))
		trigger = s.trigger(a)
		later(triggerLife + time.Millisecond)
		s.refused("expired_trigger_id", "views.push", "trigger_id", trigger, "view", string(raw))
	})
}
