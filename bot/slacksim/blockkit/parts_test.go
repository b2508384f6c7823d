package blockkit

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// Objects without a type, with every field they may have and the ones they must.
var parts = map[string]struct {
	rule     rule
	full     string
	required string
}{
	"confirm":        {confirm, strings.TrimPrefix(fullConfirm, `"confirm":`), "title text confirm deny"},
	"menu option":    {menuOption, fullOption, "text value"},
	"box option":     {boxOption, fullOption, "text value"},
	"overflow":       {overflowOption, `{"text":{"type":"plain_text","text":"t"},"value":"v","url":"https://example.com"}`, "text value"},
	"group":          {optionGroup, `{"label":{"type":"plain_text","text":"l"},"options":[` + fullOption + `]}`, "label options"},
	"filter":         {conversationFilter, `{"include":["im"],"exclude_external_shared_channels":true,"exclude_bot_users":false}`, ""},
	"dispatch":       {dispatchActionConfig, `{"trigger_actions_on":["on_enter_pressed"]}`, "trigger_actions_on"},
	"file by id":     {slackFile, `{"id":"F"}`, ""},
	"file by url":    {slackFile, `{"url":"https://example.com/f"}`, ""},
	"feedback":       {feedbackButton, `{"text":{"type":"plain_text","text":"t"},"value":"v","accessibility_label":"l"}`, "text value"},
	"workflow":       {workflow, `{"trigger":{"url":"https://example.com"}}`, "trigger"},
	"column setting": {columnSetting, `{"align":"left","is_wrapped":false}`, ""},
	"style":          {textStyle, `{"bold":true}`, ""},
}

func TestParts(t *testing.T) {
	for name, part := range parts {
		expect(t, checkOne(part.full, part.rule, message))
		expect(t, checkOne(strings.Replace(part.full, "{", `{"surprise":1,`, 1), part.rule, message),
			"[ERROR] invalid additional property: surprise [json-pointer:]")
		var required []string
		for _, f := range part.rule.shape.fields {
			if f.rule.required {
				required = append(required, f.name)
				got := checkOne(without(part.full, f.name), part.rule, message)
				if want := "[ERROR] missing required field: " + f.name + " [json-pointer:]"; !slices.Contains(got, want) {
					t.Errorf("%s without %s: %q", name, f.name, got)
				}
			}
		}
		if got := strings.Join(required, " "); got != part.required {
			t.Errorf("%s requires %q, want %q", name, got, part.required)
		}
	}
	expect(t, checkOne(`{"id":"F1","url":"https://example.com/f"}`, slackFile, message),
		"[ERROR] must define only one of `id` or `url` [json-pointer:]")
	expect(t, checkOne(`{"include":["im","mpim","im"]}`, conversationFilter, message),
		"[ERROR] Input contains duplicate items [json-pointer:/include]")
	expect(t, checkOne(`{"trigger":{}}`, workflow, message), "[ERROR] missing required field: url [json-pointer:/trigger]")
	expect(t, checkOne(`{"trigger":{"url":"https://example.com","customizable_input_parameters":[{}]}}`, workflow, message),
		"[ERROR] missing required field: name [json-pointer:/trigger/customizable_input_parameters/0]",
		"[ERROR] missing required field: value [json-pointer:/trigger/customizable_input_parameters/0]")
	expect(t, checkOne(`{"trigger":{"url":"https://example.com","customizable_input_parameters":[{"name":"n","value":null},{"name":"m","value":[2]}]}}`, workflow, message))
}

// eachBound calls f for every string, number and list that a typed object has, and
// for the items of lists that are such.
func eachBound(f func(name string, r rule)) {
	for name, x := range typed() {
		for _, field := range x.shape.fields {
			r := field.rule
			f(name+"."+field.name, r)
			if r.item != nil {
				f(name+"."+field.name+"[]", *r.item)
			}
		}
	}
}

func TestWhatMayBeEmpty(t *testing.T) {
	want := []string{
		"date.fallback", "email_text_input.initial_value", "home.callback_id", "home.external_id", "home.private_metadata",
		"link.text", "modal.callback_id", "modal.external_id", "modal.private_metadata", "plain_text_input.initial_value", "url_text_input.initial_value",
	}
	var got []string
	eachBound(func(name string, r rule) {
		if r.kind != kindString || r.enum != nil {
			return
		}
		empty := checkOne(`""`, r, modal)
		if !slices.Contains(empty, "[ERROR] must be more than 0 characters [json-pointer:]") {
			got = append(got, name)
		}
		for _, p := range checkOne(`"x"`, r, modal) {
			if strings.Contains(p, "must be more than") {
				t.Errorf("%s: one character is too little: %s", name, p)
			}
		}
	})
	slices.Sort(got)
	expect(t, got, want...)
}

// What has no most, and the rest by their most.
func TestBounds(t *testing.T) {
	want := map[string]string{
		"number without most": "multi_channels_select.max_selected_items multi_conversations_select.max_selected_items multi_external_select.max_selected_items " +
			"multi_static_select.max_selected_items multi_users_select.max_selected_items external_select.min_query_length multi_external_select.min_query_length " +
			"rich_text_input.min_lines rich_text_input.max_lines rich_text_list.offset date.timestamp",
		"number to 1": "rich_text_list.border rich_text_preformatted.border rich_text_quote.border",
		"number to 4": "header.level", "number to 6": "emoji.skin_tone", "number to 8": "rich_text_list.indent", "number to 10": "file_input.max_files",
		"number to 3000": "plain_text_input.min_length plain_text_input.max_length", "number to 9999999999": "datetimepicker.initial_date_time",

		"list without most": "file_input.filetypes icon_button.visible_to_user_ids multi_users_select.initial_users multi_conversations_select.initial_conversations " +
			"multi_channels_select.initial_channels rich_text.elements rich_text_list.elements rich_text_preformatted.elements rich_text_quote.elements rich_text_section.elements",
		"list to 5":  "context_actions.elements overflow.options",
		"list to 10": "section.fields context.elements checkboxes.options checkboxes.initial_options radio_buttons.options",
		"list to 20": "table.column_settings table.rows[]", "list to 25": "actions.elements",
		"list to 100": "static_select.options static_select.option_groups multi_static_select.options multi_static_select.option_groups " +
			"multi_static_select.initial_options multi_external_select.initial_options table.rows modal.blocks home.blocks",

		"string without most": "call.call_id file.external_id raw_text.text video.provider_name icon_button.visible_to_user_ids[] file_input.filetypes[] " +
			"users_select.initial_user conversations_select.initial_conversation channels_select.initial_channel multi_users_select.initial_users[] " +
			"multi_conversations_select.initial_conversations[] multi_channels_select.initial_channels[] datepicker.initial_date timepicker.initial_time timepicker.timezone " +
			"number_input.initial_value number_input.min_value number_input.max_value rich_text_preformatted.language text.text link.url link.text user.user_id usergroup.usergroup_id " +
			"channel.channel_id team.team_id color.value emoji.name emoji.unicode date.format date.fallback",
	}
	got := make(map[string][]string)
	kinds := map[kind]string{kindNumber: "number", kindList: "list", kindString: "string"}
	eachBound(func(name string, r rule) {
		switch {
		case !r.bounded:
		case r.max == noMax:
			key := kinds[r.kind] + " without most"
			got[key] = append(got[key], name)
		case r.kind != kindString: // of strings, the limits have tests of their own
			key := fmt.Sprintf("%s to %d", kinds[r.kind], r.max)
			got[key] = append(got[key], name)
		}
	})
	for _, key := range slices.Sorted(maps.Keys(got)) {
		names := strings.Fields(want[key])
		slices.Sort(names)
		slices.Sort(got[key])
		if !slices.Equal(names, got[key]) {
			t.Errorf("%s:\ngot  %q\nwant %q", key, got[key], names)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d bounds, want %d", len(got), len(want))
	}
}

func TestRichTextOnAllSurfaces(t *testing.T) {
	for _, name := range []string{"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"} {
		for _, s := range allSurfaces {
			expect(t, s.check(richTextOf(full[name])))
		}
	}
	for _, w := range richTextWords {
		for _, s := range allSurfaces {
			expect(t, s.check(richTextOf(`{"type":"rich_text_section","elements":[`+full[w.name]+`]}`)))
			expect(t, s.check(richTextOf(`{"type":"rich_text_quote","elements":[`+full[w.name]+`]}`)))
			got := s.check(richTextOf(`{"type":"rich_text_preformatted","elements":[` + full[w.name] + `]}`))
			if taken := w.name == "text" || w.name == "link"; taken != (got == nil) {
				t.Errorf("%s in preformatted text: %q", w.name, got)
			}
		}
	}
}
