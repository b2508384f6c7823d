package bot

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"
	"testing/synctest"
	"time"

	"fireboss/bot/settings"
	"fireboss/bot/slacksim"
)

// secrets are what nobody may read who has a log or a page: tokens, tickets of
// sockets, addresses by which anybody could answer in our place.
var secrets = regexp.MustCompile(`xoxb-simulator|xapp-simulator|ticket=|/commands/T|/actions/T|Bearer [^T]|api-token-not-for-logs|/sign-in/link/[A-Za-z0-9_-]{43}|fireboss_[A-Za-z0-9_-]{43}`)

// TestNothingTellsASecret has everything go wrong and reads all that was said.
func TestNothingTellsASecret(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, err := newBubble(slacksim.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.start(t.Context()); err != nil {
			t.Fatal(err)
		}
		say := func(text string) {
			b.call(http.MethodPost, "/sim/slash", map[string]any{"user": "@alice", "channel": "#general", "command": "/incident", "text": text})
			time.Sleep(5 * time.Second)
		}
		for _, kind := range []string{"http500", "drop_before", "drop_after", "latency", "ratelimit"} {
			b.call(http.MethodPost, "/sim/faults", map[string]any{"method": "*", "kind": kind, "times": 20, "ms": 30000, "retry_after": 1})
			say("open something is slow")
			say("dashboard")
			b.call(http.MethodPost, "/sim/disconnect", map[string]any{"reason": "abort"})
			time.Sleep(time.Minute)
		}
		for _, code := range []string{"invalid_auth", "token_revoked", "missing_scope", "restricted_action", "is_archived"} {
			b.call(http.MethodPost, "/sim/faults", map[string]any{"method": "*", "kind": "error", "error": code, "times": 10})
			say("open something is slow")
			time.Sleep(2 * time.Minute)
		}
		b.call(http.MethodPost, "/sim/disconnect", map[string]any{"reason": "link_disabled"})
		said := ""
		for _, path := range []string{"/readyz", "/healthz", "/metrics", "/incidents", "/incidents/INC-1", "/nothing", "/sign-in", "/sessions", "/tokens", "/sign-in/link/x", "/api/v1/tokens", "/api/v1/incidents", "/api/v1/audit", "/api/v1/openapi.json"} {
			for _, token := range []string{"", "Bearer api-token-not-for-logs"} {
				r := httptest.NewRequest(http.MethodGet, path, nil)
				r.RemoteAddr, r.Host = "127.0.0.1:5000", "localhost:8080"
				if token != "" {
					r.Header.Set("Authorization", token)
				}
				w := httptest.NewRecorder()
				b.prog.site.ServeHTTP(w, r)
				said += w.Body.String()
			}
		}
		if err := b.settle(); err != nil {
			t.Error(err)
		}
		if err := b.end(); err != nil {
			t.Error(err)
		}
		said += b.log.String()
		if b.log.Len() == 0 {
			t.Error("everything went wrong, and nothing was logged")
		}
		if at := secrets.FindStringIndex(said); at != nil {
			t.Errorf("it says …%.300s", said[max(0, at[0]-200):])
		}
		if err := leaks(); err != nil {
			t.Error(err)
		}
	})
}

// TestConfigurationsShowNoSecret: also where they are wrong.
func TestConfigurationsShowNoSecret(t *testing.T) {
	const text = "store: postgres://fireboss:xoxb-db@db.example/x\nslack: {bot_token: xoxb-abc, app_token: [xapp-1], api_url: \"https://u:xoxb-url@slack.example\", announce: 1}\n" +
		"api_tokens: [{name: \"a b\", token: api-token-not-for-logs, scope: all}, {name: c, token: api-token-not-for-logs}]\nhttp: {public_url: \"https://u:xoxb-p@fires.example\"}\n"
	_, err := settings.Parse("c.yaml", []byte(text), settings.Options{NeedSlack: true, Env: func(string) (string, bool) { return "", false }})
	if err == nil {
		t.Fatal("it was taken")
	}
	for _, secret := range []string{"xoxb-db", "xoxb-abc", "xapp-1", "xoxb-url", "xoxb-p", "api-token-not-for-logs"} {
		if regexp.MustCompile(secret).MatchString(err.Error()) {
			t.Errorf("%s stands in\n%v", secret, err)
		}
	}
}
