package slacksim

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// Every kind of element takes what a person chooses and shows it in the state as Slack does.
func TestElements(t *testing.T) {
	option := `{"text":{"type":"plain_text","text":"X"},"value":"x"}`
	options := `"options":[` + option + `,{"text":{"type":"plain_text","text":"Y"},"value":"y"}]`
	for kind, c := range map[string]struct {
		more   string // of the element
		value  any
		holds  string
		want   string // JSON of what it holds then
		wanted string // JSON of what it held before; "" is null
	}{
		"plain_text_input":           {`"initial_value":"i"`, "v", "value", `"v"`, `"i"`},
		"email_text_input":           {"", "a@example.com", "value", `"a@example.com"`, ""},
		"url_text_input":             {"", "https://example.com", "value", `"https://example.com"`, ""},
		"number_input":               {`"is_decimal_allowed":false`, 7, "value", `"7"`, ""},
		"rich_text_input":            {"", "hi", "rich_text_value", `{"elements":[{"elements":[{"text":"hi","type":"text"}],"type":"rich_text_section"}],"type":"rich_text"}`, ""},
		"datepicker":                 {`"initial_date":"2026-11-20"`, "2026-11-21", "selected_date", `"2026-11-21"`, `"2026-11-20"`},
		"timepicker":                 {"", "14:02", "selected_time", `"14:02"`, ""},
		"datetimepicker":             {"", "1795334400", "selected_date_time", `1795334400`, ""},
		"static_select":              {options, "y", "selected_option", `{"text":{"emoji":true,"text":"Y","type":"plain_text"},"value":"y"}`, ""},
		"external_select":            {"", "any", "selected_option", `{"text":{"emoji":true,"text":"any","type":"plain_text"},"value":"any"}`, ""},
		"radio_buttons":              {options, "x", "selected_option", `{"text":{"emoji":true,"text":"X","type":"plain_text"},"value":"x"}`, ""},
		"checkboxes":                 {options + `,"initial_options":[` + option + `]`, []string{}, "selected_options", `[]`, `[{"text":{"emoji":true,"text":"X","type":"plain_text"},"value":"x"}]`},
		"multi_static_select":        {options, []string{"x"}, "selected_options", `[{"text":{"emoji":true,"text":"X","type":"plain_text"},"value":"x"}]`, "[]"},
		"multi_external_select":      {"", "one", "selected_options", `[{"text":{"emoji":true,"text":"one","type":"plain_text"},"value":"one"}]`, "[]"},
		"users_select":               {"", "@bob", "selected_user", `"U000000BOB"`, ""},
		"multi_users_select":         {`"initial_users":["U0000ALICE"]`, []string{"bob", "@carol"}, "selected_users", `["U000000BOB","U0000CAROL"]`, `["U0000ALICE"]`},
		"channels_select":            {"", "#general", "selected_channel", `"C00GENERAL"`, ""},
		"multi_channels_select":      {"", []string{"general"}, "selected_channels", `["C00GENERAL"]`, "[]"},
		"conversations_select":       {"", "#alerts", "selected_conversation", `"C000ALERTS"`, ""},
		"multi_conversations_select": {"", []string{}, "selected_conversations", `[]`, "[]"},
		"file_input":                 {"", []any{map[string]string{"name": "a.txt", "content": "a"}}, "files", "", "[]"},
	} {
		t.Run(kind, func(t *testing.T) {
			s := serve(t, Options{})
			a := s.connect(ackAll)
			id := s.open(a, fmt.Sprintf(`{"type":"modal","callback_id":"c","title":{"type":"plain_text","text":"T"},"submit":{"type":"plain_text","text":"Go"},"blocks":[
				{"type":"input","block_id":"b","optional":true,"label":{"type":"plain_text","text":"L"},"element":{"type":%q,"action_id":"a"%s}}]}`, kind, strings.TrimSuffix(","+c.more, ",")))
			held := func() string {
				raw, _ := json.Marshal(s.get("/sim/state").at("views", 0, "state", "values", "b", "a", c.holds))
				return string(raw)
			}
			if want := c.wanted; want == "" && held() != "null" || want != "" && held() != want {
				t.Errorf("at first it holds %s, want %s", held(), want)
			}
			if r := s.does("click", map[string]any{"user": "alice", "view_id": id, "action_id": "a", "value": c.value}); r.at("dispatched") != false {
				t.Errorf("an input dispatched: %s", r.raw)
			}
			if c.want != "" && held() != c.want {
				t.Errorf("it holds %s, want %s", held(), c.want)
			}
			s.does("submit", map[string]any{"user": "alice", "view_id": id})
			raw, _ := json.Marshal(dig(a.next(), "payload", "view", "state", "values", "b", "a", c.holds))
			if kind == "file_input" {
				if !strings.Contains(string(raw), `"name":"a.txt"`) {
					t.Errorf("sent %s", raw)
				}
			} else if string(raw) != c.want {
				t.Errorf("sent %s, want %s", raw, c.want)
			}
		})
	}
}

// open opens a form for alice through a shortcut.
func (s *sim) open(a *app, view string) string {
	s.t.Helper()
	return s.must("views.open", "trigger_id", s.trigger(a), "view", view).at("view", "id").(string)
}

// trigger is a fresh trigger of alice's.
func (s *sim) trigger(a *app) string {
	s.t.Helper()
	s.does("shortcut", map[string]string{"user": "alice", "callback_id": "x"})
	for {
		if id, ok := dig(a.next(), "payload", "trigger_id").(string); ok {
			return id
		}
	}
}

// An element of a message that is a choice sends what was chosen; one that has no such option is a mistake.
func TestChoicesInMessages(t *testing.T) {
	s := serve(t, Options{})
	a := s.connect(ackAll)
	ts := s.must("chat.postMessage", "channel", "CINCIDENTS", "text", "x", "blocks", `[
		{"type":"section","text":{"type":"mrkdwn","text":"x"},"accessory":{"type":"overflow","action_id":"more","options":[{"text":{"type":"plain_text","text":"X"},"value":"x"},{"text":{"type":"plain_text","text":"Y"},"value":"y"}]}},
		{"type":"actions","elements":[
			{"type":"static_select","action_id":"sev","option_groups":[{"label":{"type":"plain_text","text":"G"},"options":[{"text":{"type":"plain_text","text":"One"},"value":"sev1"}]}]},
			{"type":"button","action_id":"b1","value":"first","text":{"type":"plain_text","text":"1"}}]}]`).at("ts").(string)
	a.event("message")
	for action, want := range map[string]string{"more": "y", "sev": "sev1"} {
		s.does("click", map[string]any{"user": "bob", "channel": "#incidents", "ts": ts, "action_id": action, "value": want})
		f := a.next()
		if dig(f, "payload", "actions", 0, "selected_option", "value") != want {
			t.Errorf("%s sent %v", action, dig(f, "payload", "actions"))
		}
	}
	if r := s.control("click", map[string]any{"user": "bob", "channel": "#incidents", "ts": ts, "action_id": "sev", "value": "sev9"}); r.status != 400 {
		t.Errorf("no such option: %d %s", r.status, r.raw)
	}
	ts = s.must("chat.postMessage", "channel", "CINCIDENTS", "text", "x", "blocks", button).at("ts").(string)
	if r := s.control("click", map[string]any{"user": "bob", "channel": "#incidents", "ts": ts, "action_id": "a", "value": "b"}); r.status != 400 {
		t.Errorf("no such button: %d %s", r.status, r.raw)
	}
	ts = s.must("chat.postMessage", "channel", "CINCIDENTS", "text", "x", "blocks", `[{"type":"context_actions","elements":[{"type":"feedback_buttons","action_id":"f",
		"positive_button":{"text":{"type":"plain_text","text":"Good"},"value":"good"},"negative_button":{"text":{"type":"plain_text","text":"Bad"},"value":"bad"}}]}]`).at("ts").(string)
	s.does("click", map[string]any{"user": "bob", "channel": "#incidents", "ts": ts, "action_id": "f", "value": "bad"})
	for {
		f := a.next()
		if f["type"] != "interactive" {
			continue
		}
		if dig(f, "payload", "actions", 0, "value") != "bad" || dig(f, "payload", "actions", 0, "text", "text") != "Bad" {
			t.Errorf("feedback sent %v", dig(f, "payload", "actions"))
		}
		break
	}
}

// modal is a form with a title and nothing to fill in.
func modal(title string) map[string]any {
	return map[string]any{"type": "modal", "title": map[string]any{"type": "plain_text", "text": title}, "submit": map[string]any{"type": "plain_text", "text": "Go"}, "blocks": []any{map[string]any{"type": "divider"}}}
}

// What a form's ack may say: show another view in its place or on top, or close all.
func TestFormAnswers(t *testing.T) {
	s := serve(t, Options{})
	var answer any
	a := s.connect(func(frame map[string]any) (any, bool) {
		if dig(frame, "payload", "type") == "view_submission" {
			return answer, true
		}
		return nil, true
	})
	titles := func() string {
		var all []string
		for _, v := range s.get("/sim/state").at("views").([]any) {
			all = append(all, dig(v, "title", "text").(string))
		}
		return strings.Join(all, " ")
	}
	top := func() any {
		open := s.get("/sim/state").at("views").([]any)
		return dig(open[len(open)-1], "id")
	}
	raw, _ := json.Marshal(modal("One"))
	s.open(a, string(raw))
	for _, step := range []struct {
		answer any
		want   string
	}{
		{map[string]any{"response_action": "update", "view": modal("Uno")}, "Uno"},
		{map[string]any{"response_action": "push", "view": modal("Two")}, "Uno Two"},
		{map[string]any{"response_action": "push", "view": modal("Three")}, "Uno Two Three"},
		{nil, "Uno Two"},
		{map[string]any{"response_action": "clear"}, ""},
	} {
		answer = step.answer
		s.does("submit", map[string]any{"user": "alice", "view_id": top()})
		if got := titles(); got != step.want {
			t.Errorf("after %v open are %q, want %q", step.answer, got, step.want)
		}
	}
	s.open(a, string(raw))
	answer = map[string]any{"response_action": "update", "view": map[string]any{"type": "modal"}}
	if r := s.control("submit", map[string]any{"user": "alice", "view_id": top()}); r.error() != "invalid_arguments" || titles() != "One" {
		t.Errorf("a wrong view: %s, open are %q", r.raw, titles())
	}
}

// A form that the person has closed before the app's answer came stays closed.
func TestFormClosedMeanwhile(t *testing.T) {
	for _, action := range []string{"update", "push", ""} {
		s := serve(t, Options{})
		var form any
		a := s.connect(func(frame map[string]any) (any, bool) {
			if dig(frame, "payload", "type") != "view_submission" {
				return nil, true
			}
			s.control("close", map[string]any{"user": "alice", "view_id": form})
			return map[string]any{"response_action": action, "view": modal("Two")}, true
		})
		raw, _ := json.Marshal(modal("One"))
		form = s.open(a, string(raw))
		s.does("submit", map[string]any{"user": "alice", "view_id": form})
		if open := s.get("/sim/state").at("views").([]any); len(open) != 0 {
			t.Errorf("after %q open are %v", action, open)
		}
	}
}

// A response_url replaces or deletes the message that was acted on.
func TestResponseURLOnMessages(t *testing.T) {
	s := serve(t, Options{})
	s.server.SetBaseURL(s.base + "/")
	a := s.connect(ackAll)
	press := func() (link string) {
		ts := s.must("chat.postMessage", "channel", "CINCIDENTS", "text", "card", "blocks", button).at("ts").(string)
		s.does("click", map[string]string{"user": "bob", "channel": "#incidents", "ts": ts, "action_id": "a"})
		for link == "" {
			link, _ = dig(a.next(), "payload", "response_url").(string)
		}
		return link
	}
	link := press()
	if !strings.HasPrefix(link, s.base+"/actions/") {
		t.Errorf("response_url = %s", link)
	}
	s.postJSON(link, `{"replace_original":"true","text":"replaced"}`)
	if got := s.texts("incidents"); len(got) != 1 || got[0] != "replaced" {
		t.Errorf("after replace_original: %v", got)
	}
	s.postJSON(link, `{"delete_original":true}`)
	if got := s.texts("incidents"); len(got) != 0 {
		t.Errorf("after delete_original: %v", got)
	}
	link = press()
	s.postJSON(link, `{"response_type":"in_channel","text":"for all"}`)
	if got := s.texts("incidents"); len(got) != 2 || got[1] != "for all" {
		t.Errorf("in_channel: %v", got)
	}
	for body, status := range map[string]int{`{`: 400, `{}`: 400, `{"text":"x","blocks":[{"type":"section"}]}`: 400} {
		if r := s.postJSON(link, body); r.status != status {
			t.Errorf("%s was answered %d %s", body, r.status, r.raw)
		}
	}
	if r := s.postJSON(s.base+"/actions/T1/1/none", `{"text":"x"}`); r.status != 404 || strings.TrimSpace(string(r.raw)) != "expired_url" {
		t.Errorf("an unknown URL: %d %s", r.status, r.raw)
	}
}
