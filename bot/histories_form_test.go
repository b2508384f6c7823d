package bot

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// historyForms are commands that lack what they need, and so open forms.
var historyForms = []string{
	"", "open", "sev", "status", "update", "update next 20m", "note", "decision", "summary", "task add", "followup add", "task done", "task assign",
	"role scribe", "lead", "handoff", "invite", "link", "service", "rename", "type", "field", "impact", "time", "snooze", "search", "reopen",
	"tlp", "hold", "redact", "merge", "page", "clock start", "clock mark", "clock submitted", "clock stop",
	"postmortem edit", "postmortem edit summary", "postmortem review", "postmortem owner",
}

// fill sends a form that somebody has open, with a value of its own in every
// field that needs one.
func (l *life) fill() {
	st, err := l.state()
	if err != nil || len(st.Views) == 0 {
		return
	}
	v, values := st.Views[len(st.Views)-1], map[string]any{}
	for _, b := range v.Blocks {
		e, _ := b["element"].(map[string]any)
		name, _ := e["action_id"].(string)
		if optional, _ := b["optional"].(bool); name == "" || optional && l.n%2 == 0 {
			continue
		}
		options, _ := e["options"].([]any)
		switch e["type"] {
		case "plain_text_input":
			values[name] = map[bool]string{true: "00:00", false: fmt.Sprintf("filled in n%dn", l.n)}[name == "at" || name == "started" || name == "due"]
		case "static_select":
			option, _ := options[l.n%len(options)].(map[string]any)
			values[name] = option["value"]
		case "multi_static_select", "checkboxes":
			option, _ := options[l.n%len(options)].(map[string]any)
			values[name] = []any{option["value"]}
		case "users_select":
			values[name] = historyPeople[l.n%len(historyPeople)]
		case "multi_users_select":
			values[name] = []any{historyPeople[l.n%len(historyPeople)]}
		}
	}
	if len(values) == 0 { // it only tells something
		l.call(http.MethodPost, "/sim/close", map[string]any{"user": v.User, "view_id": v.ID})
		return
	}
	out := l.call(http.MethodPost, "/sim/submit", map[string]any{"user": v.User, "view_id": v.ID, "values": values})
	if out["ok"] == true {
		l.reached["form "+v.Title.Text[:min(len(v.Title.Text), 8)]]++
		if id, ok := out["envelope_id"].(string); ok {
			l.envelopes = append(l.envelopes, id)
		}
	}
}

// alarm sounds the alarm at a message, and presses what is offered then.
func (l *life) alarm(s step, text string) {
	out := l.call(http.MethodPost, "/sim/message", map[string]any{"user": s.Who, "channel": "#alerts", "text": text})
	l.call(http.MethodPost, "/sim/react", map[string]any{"user": s.Who, "channel": "#alerts", "ts": out["ts"], "name": "rotating_light"})
	elapse(time.Second)
	st, err := l.state()
	if err != nil {
		return
	}
	for _, c := range st.Channels {
		if c.Name != "alerts" {
			continue
		}
		for _, m := range slices.Backward(c.Messages) {
			if action := button(m.Blocks, "Open an incident"); action != "" {
				l.call(http.MethodPost, "/sim/click", map[string]any{"user": s.Who, "channel": "#alerts", "ts": m.TS, "action_id": action})
				return
			}
		}
	}
}
