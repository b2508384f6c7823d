package slacksim

import (
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

// shapes are the fields that Slack has been seen to send and their JSON types, by sample; see gen_shapes.go.
//
//go:embed testdata/shapes.json
var shapesFile []byte

var shapes = func() map[string]map[string]string {
	var all map[string]map[string]string
	if err := json.Unmarshal(shapesFile, &all); err != nil {
		panic(err)
	}
	return all
}()

// beyond are fields that the samples lack and Slack's reference or real frames have; the comment names the source.
// A path ends where anything below it is free.
var beyond = map[string][]string{
	"*": {
		"req_method",                    // unknown_method
		"response_metadata.messages",    // errors of arguments and blocks
		"response_metadata.next_cursor", // paging
		"event.app_id",                  // what a bot posted has it in every other sample
		"event.message.app_id", "event.previous_message.app_id",
	},
	"api/chat.scheduleMessage":          {"message.type"},
	"api/conversations.info":            {"channel.properties"},                 // the canvas: the method's example
	"api/conversations.leave":           {"not_in_channel"},                     // the method's example
	"api/conversations.replies":         {"messages[].subtype"},                 // thread_broadcast, tombstone: the message event's page
	"api/pins.list":                     {"items[].channel", "items[].message"}, // the method's example
	"app-backend/SlashCommandPayload":   {"is_enterprise_install"},              // a form's "false", which SDKs expect
	"app-backend/ViewSubmissionPayload": {"response_urls", "view.blocks"},       // the payload's page; captured frames
	"app-backend/ViewClosedPayload":     {"view.blocks"},
	"events/AppHomeOpenedPayload":       {"event.view.blocks"},
	"events/MessageDeletedPayload":      {"event.previous_message.reply_users", "event.previous_message.metadata"}, // as in history
	"events/MessageChangedPayload": { // as in history
		"event.message.reply_users", "event.previous_message.reply_users", "event.message.metadata", "event.previous_message.metadata",
	},
	"events/MessageBotPayload": {"event.bot_profile"}, // as any message of a bot
	"events/MessageThreadBroadcastPayload": { // as any message
		"event.team", "event.bot_id", "event.bot_profile", "event.parent_user_id",
		"event.root.app_id", "event.root.is_locked", "event.root.reply_users",
	},
	"events/MessageFileSharePayload": { // as any message, and the file object's page
		"event.team", "event.client_msg_id", "event.bot_id", "event.bot_profile", "event.app_id",
		"event.files[].channels", "event.files[].groups", "event.files[].ims",
	},
}

// open are fields whose insides are the app's own or Block Kit's.
var open = []string{"blocks", "attachments", "state", "event_payload"}

// seen are the samples that the tests have met.
var seen sync.Map

// conform checks that what the workspace sent has only fields that Slack sends, of Slack's types.
func conform(t testing.TB, sample string, raw []byte) {
	t.Helper()
	shape := shapes[sample]
	if shape == nil {
		return
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Errorf("%s: %v", sample, err)
		return
	}
	seen.Store(sample, true)
	walk(v, "", func(path string, value any) bool {
		if slices.Contains(beyond["*"], path) || slices.Contains(beyond[sample], path) {
			return false
		}
		want, known := shape[path]
		if !known {
			want, known = shape[starred(path)]
		}
		if got := kindOf(value); !known {
			t.Errorf("%s: Slack sends no %s (%s)", sample, path, got)
			return false
		} else if got != "null" && !slices.Contains(strings.Split(want, "|"), got) {
			t.Errorf("%s: %s is a %s, in Slack a %s", sample, path, got, want)
		}
		return !slices.ContainsFunc(open, func(name string) bool { return strings.HasSuffix(path, name) })
	})
}

// starred replaces a channel's id in a path by *.
func starred(path string) string {
	steps := strings.Split(path, ".")
	for i, step := range steps {
		id := strings.TrimSuffix(step, "[]")
		if len(id) > 8 && (id[0] == 'C' || id[0] == 'D') && strings.ToUpper(id) == id {
			steps[i] = "*" + strings.TrimPrefix(step, id)
		}
	}
	return strings.Join(steps, ".")
}

// walk visits every field under v; what visit says false to is not entered.
func walk(v any, path string, visit func(path string, value any) bool) {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			field := strings.TrimPrefix(path+"."+key, ".")
			if visit(field, value) {
				walk(value, field, visit)
			}
		}
	case []any:
		for _, item := range v {
			if visit(path+"[]", item) {
				walk(item, path+"[]", visit)
			}
		}
	}
}

func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "bool"
	case float64:
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	}
	return "object"
}

// sampleOf is the sample that a frame's payload has to be like; "" where there is none.
func sampleOf(frame map[string]any) string {
	payload, _ := frame["payload"].(map[string]any)
	switch frame["type"] {
	case "slash_commands":
		return "app-backend/SlashCommandPayload"
	case "interactive":
		return map[any]string{
			"block_actions": "app-backend/BlockActionPayload", "message_action": "app-backend/MessageShortcutPayload",
			"view_submission": "app-backend/ViewSubmissionPayload", "view_closed": "app-backend/ViewClosedPayload",
		}[payload["type"]]
	case "events_api":
		event, _ := payload["event"].(map[string]any)
		return "events/" + eventSample(event) + "Payload"
	}
	return ""
}

func eventSample(event map[string]any) string {
	camel := func(s string) string {
		var b strings.Builder
		for word := range strings.SplitSeq(s, "_") {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
		return b.String()
	}
	name := camel(event["type"].(string))
	if subtype, _ := event["subtype"].(string); subtype != "" && event["type"] == "message" {
		name += strings.TrimSuffix(strings.TrimPrefix(camel(subtype), "Message"), "Message")
	}
	return name
}

// checkError fails where a method answers an error that is not in its contract.
func checkError(t testing.TB, name, code string) {
	t.Helper()
	m := methods[name]
	if code == "" || m == nil || slices.Contains(m.Errors, code) || slices.Contains(commonErrors, code) {
		return
	}
	if !slices.Contains(undocumented[name], code) {
		t.Errorf("%s answers %s, which its contract does not have", name, code)
	}
}

// undocumented are errors that Slack answers though its reference lists them nowhere.
var undocumented = map[string][]string{
	"api.test":                {"my_error"},       // the one that is asked for
	"conversations.replies":   {"not_in_channel"}, // as conversations.history
	"conversations.leave":     {"not_in_channel"}, // the method's example, which leaves error out
	"conversations.unarchive": {"not_in_channel"}, // to bots, in practice
	"reactions.add":           {"not_in_channel"}, // to bots, in practice (HubSpot/slack-client#356)
	"reactions.get":           {"not_in_channel"},
	"reactions.remove":        {"not_in_channel"},
}

// TestMain fails a full run that did not meet every sample.
func TestMain(m *testing.M) {
	code := m.Run()
	full := flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.fuzz").Value.String() == ""
	if code == 0 && full && flag.Lookup("test.list").Value.String() == "" {
		for sample := range shapes {
			if _, met := seen.Load(sample); !met {
				fmt.Fprintln(os.Stderr, "no test met", sample)
				code = 1
			}
		}
	}
	os.Exit(code)
}
