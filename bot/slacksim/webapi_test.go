package slacksim

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"
)

// request makes a call in every detail by hand.
func (s *sim) request(verb, path, token, contentType, body string) reply {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), verb, s.base+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	r, err := s.do(req)
	if err != nil {
		s.t.Fatalf("%s %s: %v", verb, path, err)
	}
	return r
}

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json; charset=utf-8"
)

// Tokens and arguments are taken from where Slack takes them, and from nowhere else.
func TestTransport(t *testing.T) {
	s := serve(t, Options{})
	for name, c := range map[string]struct {
		verb, path, token, kind, body, code string
	}{
		"token in the header":            {"POST", "auth.test", BotToken, "", "", ""},
		"token in the form":              {"POST", "auth.test", "", formType, "token=" + BotToken, ""},
		"token in the query":             {"POST", "auth.test?token=" + BotToken, "", "", "", "not_authed"},
		"token in JSON":                  {"POST", "auth.test", "", jsonType, `{"token":"` + BotToken + `"}`, "not_authed"},
		"no token":                       {"POST", "auth.test", "", "", "", "not_authed"},
		"unknown token":                  {"POST", "auth.test", "xoxb-other", "", "", "invalid_auth"},
		"app token for a bot's method":   {"POST", "auth.test", AppToken, "", "", "not_allowed_token_type"},
		"bot token for the app's":        {"POST", "apps.connections.open", BotToken, "", "", "not_allowed_token_type"},
		"app's, empty form":              {"POST", "apps.connections.open", AppToken, formType, "", ""},
		"app token in the form":          {"POST", "apps.connections.open", "", formType, "token=" + AppToken, "not_authed"},
		"app's, empty JSON":              {"POST", "apps.connections.open", AppToken, "application/json", "", ""},
		"GET, query":                     {"GET", "users.info?user=" + aliceID, BotToken, "", "", ""},
		"POST, query":                    {"POST", "users.info?user=" + aliceID, BotToken, "", "", ""},
		"form":                           {"POST", "users.info", BotToken, formType, "user=" + aliceID, ""},
		"a read method takes no JSON":    {"POST", "users.info", BotToken, jsonType, `{"user":"` + aliceID + `"}`, "invalid_arguments"},
		"a write method takes JSON":      {"POST", "conversations.create", BotToken, jsonType, `{"name":"from-json","is_private":true}`, ""},
		"broken JSON":                    {"POST", "conversations.create", BotToken, jsonType, `{"name":`, "invalid_json"},
		"JSON that is no object":         {"POST", "conversations.create", BotToken, jsonType, `["name"]`, "json_not_object"},
		"a type that nobody takes":       {"POST", "conversations.create", BotToken, "text/xml", "<name/>", "invalid_post_type"},
		"no type":                        {"POST", "conversations.create", BotToken, "", "name=x", "missing_post_type"},
		"broken form":                    {"POST", "conversations.create", BotToken, formType, "name=%zz", "invalid_form_data"},
		"a body that is too long":        {"POST", "chat.postMessage", BotToken, formType, "channel=CINCIDENTS&text=" + strings.Repeat("x", maxBody), "request_timeout"},
		"a method that there is not":     {"POST", "rtm.start", BotToken, "", "", "unknown_method"},
		"a required argument left out":   {"POST", "conversations.info", BotToken, "", "", "invalid_arguments"},
		"api.test needs no token":        {"POST", "api.test", "", formType, "foo=bar", ""},
		"api.test answers what is asked": {"POST", "api.test", "", formType, "error=my_error", "my_error"},
	} {
		r := s.request(c.verb, "/api/"+c.path, c.token, c.kind, c.body)
		if r.status != 200 || r.error() != c.code || r.ok() != (c.code == "") {
			t.Errorf("%s: %d %s, want error %q", name, r.status, r.raw, c.code)
		}
		if got := r.header.Get("Content-Type"); got != "application/json; charset=utf-8" {
			t.Errorf("%s: Content-Type %q", name, got)
		}
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	form.WriteField("name", "from-multipart")
	form.Close()
	if r := s.request("POST", "/api/conversations.create", BotToken, form.FormDataContentType(), body.String()); !r.ok() {
		t.Errorf("multipart: %s", r.raw)
	}
	if r := s.request("PUT", "/api/auth.test", BotToken, "", ""); r.status != 405 {
		t.Errorf("PUT: %d", r.status)
	}
	if r := s.request("POST", "/api/conversations.info", BotToken, "", ""); r.at("response_metadata", "messages", 0) != "[ERROR] missing required field: channel" {
		t.Errorf("what is missing: %s", r.raw)
	}
}

// What is no UTF-8 is replaced wherever it comes: it would end the app's socket.
func TestBrokenText(t *testing.T) {
	s := serve(t, Options{})
	a := s.connect(ackAll)
	broken := `{"event_type":"e","event_payload":{"x":"` + "\xff" + `"}}`
	form := url.Values{"channel": {"CINCIDENTS"}, "text": {"a\xffb"}, "metadata": {broken}}.Encode()
	ts := s.request("POST", "/api/chat.postMessage", BotToken, formType, form).at("ts")
	if e := a.event("message"); e["text"] != "a\uFFFDb" {
		t.Errorf("event = %v", e)
	}
	attachments := `[{"text":"` + "\xff" + `"}]`
	r := s.request("POST", "/api/chat.update", BotToken, jsonType, `{"channel":"CINCIDENTS","ts":"`+ts.(string)+`","text":"x","attachments":`+attachments+`,"metadata":`+broken+`}`)
	if e := a.event("message"); dig(e, "message", "attachments", 0, "text") != "\uFFFD" || !utf8.Valid(r.raw) {
		t.Errorf("%s, event = %v", r.raw, e)
	}
	for _, path := range []string{"/sim/state", "/sim/calls"} {
		if r := s.get(path); !utf8.Valid(r.raw) {
			t.Errorf("%s is no UTF-8", path)
		}
	}
}

// Scopes are told in headers, and a call without one is refused with what it needs.
func TestScopes(t *testing.T) {
	s := serve(t, Options{Scopes: []string{"channels:history", "channels:manage", "chat:write"}})
	r := s.must("auth.test")
	if got := r.header.Get("x-oauth-scopes"); got != "channels:history,channels:manage,chat:write" {
		t.Errorf("x-oauth-scopes = %q", got)
	}
	if got := s.request("POST", "/api/auth.test", "xoxb-other", "", "").header.Values("x-oauth-scopes"); got != nil {
		t.Errorf("an unknown token has the scopes %q", got)
	}
	r = s.refused("missing_scope", "pins.add", "channel", "CINCIDENTS", "timestamp", "1.2")
	if r.at("needed") != "pins:write" || !strings.Contains(r.at("provided").(string), "chat:write") {
		t.Errorf("needed %v, provided %v", r.at("needed"), r.at("provided"))
	}
	s.must("conversations.create", "name", "public")
	r = s.refused("missing_scope", "conversations.create", "name", "private", "is_private", "true")
	if r.at("needed") != "groups:write" {
		t.Errorf("a private channel needs %v", r.at("needed"))
	}
	s.refused("not_in_channel", "chat.postMessage", "channel", "C00GENERAL", "text", "without chat:write.public")

	a := s.connect(ackAll)
	ts := s.does("message", map[string]string{"user": "alice", "channel": "#incidents", "text": "hey @fireboss"}).at("ts").(string)
	s.does("react", map[string]string{"user": "alice", "channel": "#incidents", "ts": ts, "name": "eyes"})
	s.does("message", map[string]string{"user": "alice", "channel": "#incidents", "text": "again"})
	for _, want := range []string{"hey <@U0FIREBOSS>", "again"} { // no app_mention, no reaction between them
		if e := dig(a.next(), "payload", "event"); dig(e, "type") != "message" || dig(e, "text") != want {
			t.Errorf("event = %v, want the message %q", e, want)
		}
	}
}

// The published tiers hold, method by method, with Retry-After; posting has a bucket per channel.
func TestRateLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, Options{RateLimits: true})
		until := func(method string, pairs ...string) (n int, limited reply) {
			for {
				r := s.call(method, pairs...)
				if r.status == http.StatusTooManyRequests {
					return n, r
				}
				n++
			}
		}
		n, r := until("conversations.list")
		if n != tiers["t2"] || r.error() != "ratelimited" || r.header.Get("Retry-After") != "3" {
			t.Errorf("tier 2 let %d through, then %s, Retry-After %s", n, r.raw, r.header.Get("Retry-After"))
		}
		s.must("users.info", "user", aliceID) // other methods stay usable
		later(3 * time.Second)
		s.must("conversations.list")
		if n, r := until("chat.postMessage", "channel", "CINCIDENTS", "text", "x"); n != postPerChannelBurst || r.header.Get("Retry-After") != "1" {
			t.Errorf("a channel took %d messages, Retry-After %s", n, r.header.Get("Retry-After"))
		}
		if r := s.call("chat.postMessage", "channel", "#incidents", "text", "the same channel by its name"); r.status != http.StatusTooManyRequests {
			t.Errorf("the same channel by its name: %s", r.raw)
		}
		s.must("chat.postMessage", "channel", "C000ALERTS", "text", "another channel")
	})
}

// Every method in the table has a handler, and the other way round.
func TestTableAndHandlersAgree(t *testing.T) {
	for name, m := range methods {
		if handlers[name] == nil {
			t.Errorf("%s is in methods.json and has no handler", name)
		}
		for _, arg := range m.Required {
			if !slices.Contains(m.Args, arg) {
				t.Errorf("%s requires %s, which is no argument of it", name, arg)
			}
		}
		if m.Tier != "" && tiers[m.Tier] == 0 {
			t.Errorf("%s is of tier %s, which there is not", name, m.Tier)
		}
	}
	for name := range handlers {
		if methods[name] == nil {
			t.Errorf("%s has a handler and is not in methods.json", name)
		}
	}
}
