package blockkit

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

func inMessage(blocks ...string) []string {
	return written(Message([]byte("[" + strings.Join(blocks, ",") + "]")))
}

func inModal(blocks ...string) []string {
	return written(View([]byte(modalOf(`"submit":{"type":"plain_text","text":"s"},`, blocks...))))
}

func inHome(blocks ...string) []string {
	return written(View([]byte(`{"type":"home","blocks":[` + strings.Join(blocks, ",") + `]}`)))
}

// modalOf is a modal with more fields, each followed by a comma.
func modalOf(fields string, blocks ...string) string {
	return `{"type":"modal","title":{"type":"plain_text","text":"t"},` + fields + `"blocks":[` + strings.Join(blocks, ",") + `]}`
}

func compact(n *node) string {
	var b bytes.Buffer
	n.write(&b)
	return b.String()
}

func expect(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

const (
	divider   = `{"type":"divider"}`
	textInput = `{"type":"input","label":{"type":"plain_text","text":"l"},"element":{"type":"plain_text_input"}}`
)

func inputOf(element string) string {
	return `{"type":"input","label":{"type":"plain_text","text":"l"},"element":` + element + `}`
}

func TestProblemAsSlackWritesIt(t *testing.T) {
	got := Message([]byte(`[{"type":"section","text":{"type":"mrkdwn","text":"` + strings.Repeat("x", 3001) + `"}}]`))
	expect(t, written(got), "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]")
}

func TestNotBlocks(t *testing.T) {
	for _, text := range []string{``, `{`, `{}`, `null`, `"[]"`, `[]]`, `[{"type":"divider"},]`} {
		expect(t, written(Message([]byte(text))), "[ERROR] must provide an array [json-pointer:/blocks]")
	}
	for _, text := range []string{``, `[`, `[]`, `null`, `"{}"`} {
		expect(t, written(View([]byte(text))), "[ERROR] must provide an object [json-pointer:/view]")
	}
	expect(t, inMessage())
	expect(t, inMessage(`null`), "[ERROR] must provide an object [json-pointer:/blocks/0]")
	expect(t, inMessage(`{}`), "[ERROR] missing required field: type [json-pointer:/blocks/0]")
	expect(t, inMessage(`{"type":1}`), "[ERROR] must provide a string [json-pointer:/blocks/0/type]")
	expect(t, inMessage(`{"type":"modal"}`), "[ERROR] unsupported type: modal [json-pointer:/blocks/0/type]")
	expect(t, written(View([]byte(`{"type":"message","blocks":[]}`))), "[ERROR] unsupported type: message [json-pointer:/view/type]")
	expect(t, written(View([]byte(`{"blocks":[]}`))), "[ERROR] missing required field: type [json-pointer:/view]")
}

func TestUnknownTypesInside(t *testing.T) {
	expect(t, inMessage(`{"type":"section","text":{"type":"text","text":"t"}}`),
		"[ERROR] unsupported type: text [json-pointer:/blocks/0/text/type]")
	expect(t, inMessage(`{"type":"header","text":{"type":"mrkdwn","text":"t"}}`),
		"[ERROR] unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]")
	expect(t, inMessage(`{"type":"actions","elements":[{"type":"knob"}]}`),
		"[ERROR] unsupported type: knob [json-pointer:/blocks/0/elements/0/type]")
	expect(t, inMessage(`{"type":"rich_text","elements":[{"type":"rich_text_preformatted","elements":[{"type":"user","user_id":"U1"}]}]}`),
		"[ERROR] unsupported type: user [json-pointer:/blocks/0/elements/0/elements/0/type]")
	expect(t, inMessage(`{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_quote","elements":[]}]}]}`),
		"[ERROR] unsupported type: rich_text_quote [json-pointer:/blocks/0/elements/0/elements/0/type]")
	expect(t, inMessage(`{"type":"table","rows":[[{"type":"mrkdwn","text":"t"}]]}`),
		"[ERROR] unsupported type: mrkdwn [json-pointer:/blocks/0/rows/0/0/type]")
}

func TestUnknownFieldsInside(t *testing.T) {
	expect(t, inMessage(`{"type":"section","text":{"type":"mrkdwn","text":"t","emoji":true}}`),
		"[ERROR] invalid additional property: emoji [json-pointer:/blocks/0/text]")
	expect(t, inMessage(`{"type":"divider","text":{"type":"mrkdwn","text":"t"}}`),
		"[ERROR] invalid additional property: text [json-pointer:/blocks/0]")
	// An option's address is for the overflow menu only, and options have no type.
	expect(t, inModal(inputOf(`{"type":"static_select","options":[{"type":"option","text":{"type":"plain_text","text":"t"},"value":"v","url":"https://example.com"}]}`)),
		"[ERROR] invalid additional property: type [json-pointer:/view/blocks/0/element/options/0]",
		"[ERROR] invalid additional property: url [json-pointer:/view/blocks/0/element/options/0]")
	// Configuration views had it; modals do not.
	expect(t, written(View([]byte(modalOf(`"submit_disabled":true,`)))),
		"[ERROR] invalid additional property: submit_disabled [json-pointer:/view]")
	expect(t, written(View([]byte(`{"type":"home","blocks":[],"title":{"type":"plain_text","text":"t"}}`))),
		"[ERROR] invalid additional property: title [json-pointer:/view]")
}

func TestUniqueIDs(t *testing.T) {
	expect(t, inMessage(`{"type":"divider","block_id":"a"}`, `{"type":"divider","block_id":"b"}`, `{"type":"divider","block_id":"a"}`),
		"[ERROR] `block_id` \"a\" already exists [json-pointer:/blocks/2/block_id]")
	button := `{"type":"button","action_id":"vote","text":{"type":"plain_text","text":"t"}}`
	actions := `{"type":"actions","elements":[` + button + `]}`
	expect(t, inMessage(`{"type":"divider"}`, `{"type":"actions","elements":[`+button+`,`+button+`]}`),
		"[ERROR] `action_id` \"vote\" already exists [json-pointer:/blocks/1/elements/1/action_id]")
	expect(t, inMessage(actions, actions)) // in two blocks the same action_id is fine
	expect(t, inModal(actions, actions))
	expect(t, inMessage(`{"type":"divider","block_id":""}`), "[ERROR] must be more than 0 characters [json-pointer:/blocks/0/block_id]")
	expect(t, inMessage(`{"type":"actions","elements":[{"type":"button","action_id":"","text":{"type":"plain_text","text":"t"}}]}`),
		"[ERROR] must be more than 0 characters [json-pointer:/blocks/0/elements/0/action_id]")
}

func TestSomeFieldsAreNeeded(t *testing.T) {
	expect(t, inMessage(`{"type":"section"}`), "[ERROR] must define either `text` or `fields` [json-pointer:/blocks/0/type]")
	expect(t, inMessage(`{"type":"section","fields":[{"type":"mrkdwn","text":"t"}]}`))
	expect(t, inMessage(`{"type":"image","alt_text":"a"}`), "[ERROR] must define either `image_url` or `slack_file` [json-pointer:/blocks/0/type]")
	expect(t, inMessage(`{"type":"image","alt_text":"a","image_url":"https://example.com","slack_file":{"id":"F1"}}`),
		"[ERROR] must define only one of `image_url` or `slack_file` [json-pointer:/blocks/0]")
	expect(t, inMessage(`{"type":"image","alt_text":"a","slack_file":{}}`),
		"[ERROR] must define either `id` or `url` [json-pointer:/blocks/0/slack_file]")
	expect(t, inModal(inputOf(`{"type":"static_select"}`)),
		"[ERROR] must define either `options` or `option_groups` [json-pointer:/view/blocks/0/element/type]")
	expect(t, inModal(inputOf(`{"type":"multi_static_select","options":[`+fullOption+`],"option_groups":[{"label":{"type":"plain_text","text":"l"},"options":[`+fullOption+`]}]}`)),
		"[ERROR] must define only one of `options` or `option_groups` [json-pointer:/view/blocks/0/element]")
	expect(t, inModal(inputOf(`{"type":"conversations_select","filter":{}}`)),
		"[ERROR] must have minimum 1 properties [json-pointer:/view/blocks/0/element/filter]")
}

func TestSubmitIsRequiredWithInputs(t *testing.T) {
	expect(t, written(View([]byte(modalOf("", divider, textInput, divider, textInput)))),
		"[ERROR] must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/1/input]",
		"[ERROR] must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/3/input]")
	expect(t, written(View([]byte(modalOf("", divider)))))
	expect(t, inModal(textInput))
	expect(t, inHome(textInput))
}

func TestInitialOptions(t *testing.T) {
	other := `{"text":{"type":"plain_text","text":"other"},"value":"o"}`
	expect(t, inModal(inputOf(`{"type":"static_select","options":[`+fullOption+`],"initial_option":`+other+`}`)),
		"[ERROR] must be one of the provided options [json-pointer:/view/blocks/0/element/initial_option]")
	expect(t, inModal(inputOf(`{"type":"checkboxes","options":[`+fullOption+`],"initial_options":[`+fullOption+`,`+other+`]}`)),
		"[ERROR] must be one of the provided options [json-pointer:/view/blocks/0/element/initial_options]")
	expect(t, inModal(inputOf(`{"type":"multi_static_select","options":[`+fullOption+`],"initial_options":[]}`)),
		"[ERROR] must provide at least 1 items [json-pointer:/view/blocks/0/element/initial_options]")
	expect(t, inModal(inputOf(`{"type":"multi_static_select","option_groups":[{"label":{"type":"plain_text","text":"1"},"options":[`+fullOption+`]},`+
		`{"label":{"type":"plain_text","text":"2"},"options":[`+other+`]}],"initial_options":[`+other+`,`+fullOption+`]}`)))
	expect(t, inModal(inputOf(`{"type":"external_select","initial_option":`+other+`}`)))
}

func TestInputsThatCannotBeFilled(t *testing.T) {
	expect(t, inModal(inputOf(`{"type":"plain_text_input","min_length":5,"max_length":4}`)),
		"[ERROR] must be less than 4 [json-pointer:/view/blocks/0/element/min_length]")
	expect(t, inModal(inputOf(`{"type":"plain_text_input","min_length":4,"max_length":4}`)))
	expect(t, inModal(inputOf(`{"type":"number_input","is_decimal_allowed":false,"min_value":"5","max_value":"4"}`)),
		"[ERROR] must be less than 4 [json-pointer:/view/blocks/0/element/min_value]")
	expect(t, inModal(inputOf(`{"type":"number_input","is_decimal_allowed":false,"initial_value":"1.5"}`)),
		"[ERROR] must provide an integer [json-pointer:/view/blocks/0/element/initial_value]")
	expect(t, inModal(inputOf(`{"type":"number_input","is_decimal_allowed":true,"initial_value":"4.5","min_value":"5"}`)),
		"[ERROR] must be greater than 5 [json-pointer:/view/blocks/0/element/initial_value]")
	expect(t, inModal(inputOf(`{"type":"number_input","is_decimal_allowed":true,"initial_value":"5.5","max_value":"5"}`)),
		"[ERROR] must be less than 5 [json-pointer:/view/blocks/0/element/initial_value]")
	expect(t, inModal(inputOf(`{"type":"number_input","is_decimal_allowed":true,"initial_value":"five"}`)),
		`[ERROR] input must match regex pattern: ^-?[0-9]+(\.[0-9]+)?$ [json-pointer:/view/blocks/0/element/initial_value]`)
}

func TestFileInputDispatchesNothing(t *testing.T) {
	block := `{"type":"input","dispatch_action":true,"label":{"type":"plain_text","text":"l"},"element":{"type":"file_input"}}`
	expect(t, inModal(block), "[ERROR] unsupported type: file_input [json-pointer:/view/blocks/0/element/type]")
	expect(t, inModal(strings.Replace(block, "true", "false", 1)))
}

func TestFocusIsOnOne(t *testing.T) {
	focused := inputOf(`{"type":"plain_text_input","focus_on_load":true}`)
	free := inputOf(`{"type":"plain_text_input","focus_on_load":false}`)
	expect(t, inModal(focused, free, free))
	expect(t, inModal(focused, free, focused),
		"[ERROR] only one element may set `focus_on_load` [json-pointer:/view/blocks/2/element/focus_on_load]")
}

func TestResponseURLOnlyInModalInputs(t *testing.T) {
	for _, typ := range []string{"conversations_select", "channels_select"} {
		element := `{"type":"` + typ + `","response_url_enabled":true}`
		expect(t, inModal(inputOf(element)))
		expect(t, inHome(inputOf(element)), "[ERROR] invalid additional property: response_url_enabled [json-pointer:/view/blocks/0/element]")
		expect(t, inMessage(inputOf(element)), "[ERROR] invalid additional property: response_url_enabled [json-pointer:/blocks/0/element]")
		expect(t, inModal(`{"type":"actions","elements":[`+element+`]}`),
			"[ERROR] invalid additional property: response_url_enabled [json-pointer:/view/blocks/0/elements/0]")
	}
}

func TestOneTable(t *testing.T) {
	table := `{"type":"table","rows":[[{"type":"raw_text","text":"t"}]]}`
	expect(t, inMessage(divider, table))
	expect(t, inMessage(table, divider, table), "[ERROR] only_one_table_allowed [json-pointer:/blocks/2]")
}

func TestForms(t *testing.T) {
	for _, date := range []string{"2026-02-29", "2026-2-1", "26-01-01", "today", ""} {
		if got := inModal(inputOf(`{"type":"datepicker","initial_date":"` + date + `"}`)); len(got) != 1 {
			t.Errorf("date %q: %q", date, got)
		}
	}
	for _, time := range []string{"24:00", "9:00", "09:60", "09:00:00"} {
		if got := inModal(inputOf(`{"type":"timepicker","initial_time":"` + time + `"}`)); len(got) != 1 {
			t.Errorf("time %q: %q", time, got)
		}
	}
	for _, address := range []string{"example.com", "/path", "", "http://a b", "://"} {
		if got := inMessage(buttonOf(`"url":"` + address + `"`)); len(got) != 1 {
			t.Errorf("address %q: %q", address, got)
		}
	}
	expect(t, inMessage(buttonOf(`"url":"http://127.0.0.1:8080/incidents/1"`)))
	expect(t, inMessage(strings.Replace(full["video"], `"video_url":"https:`, `"video_url":"http:`, 1)),
		"[ERROR] input must match regex pattern: ^https:// [json-pointer:/blocks/0/video_url]")
	expect(t, inMessage(buttonOf(`"style":"default"`)),
		"[ERROR] must be a valid enum value [json-pointer:/blocks/0/elements/0/style]")
	expect(t, inModal(inputOf(`{"type":"plain_text_input","dispatch_action_config":{"trigger_actions_on":["on_enter_pressed","on_enter_pressed"]}}`)),
		"[ERROR] Input contains duplicate items [json-pointer:/view/blocks/0/element/dispatch_action_config/trigger_actions_on]")
}

func TestAllProblemsAreTold(t *testing.T) {
	expect(t, inMessage(`{"type":"header"}`, `{"type":"section","text":{"type":"mrkdwn","text":""},"more":1}`, `{"type":"knob"}`),
		"[ERROR] missing required field: text [json-pointer:/blocks/0]",
		"[ERROR] invalid additional property: more [json-pointer:/blocks/1]",
		"[ERROR] must be more than 0 characters [json-pointer:/blocks/1/text/text]",
		"[ERROR] unsupported type: knob [json-pointer:/blocks/2/type]")
}

func TestTheLastOfANameCounts(t *testing.T) {
	expect(t, inMessage(`{"type":"divider","type":"knob"}`), "[ERROR] unsupported type: knob [json-pointer:/blocks/0/type]")
	expect(t, inMessage(`{"type":"knob","\u0074ype":"divider"}`))
}
