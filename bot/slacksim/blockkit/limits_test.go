package blockkit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// chars is n characters of two bytes each: Slack counts characters.
func chars(n int) string { return strings.Repeat("é", n) }

// items is n items, told apart by %d where the item has it.
func items(n int, item string) string {
	all := make([]string, n)
	for i := range all {
		all[i] = strings.ReplaceAll(item, "%d", strconv.Itoa(i))
	}
	return strings.Join(all, ",")
}

func plain(n int) string  { return `{"type":"plain_text","text":"` + chars(n) + `"}` }
func mrkdwn(n int) string { return `{"type":"mrkdwn","text":"` + chars(n) + `"}` }

func option(text, value, description int) string {
	return `{"text":` + plain(text) + `,"value":"` + chars(value) + `","description":` + plain(description) + `}`
}

// address is a URL of n characters, 20 at least.
func address(n int) string { return "https://example.com/" + strings.Repeat("x", max(0, n-20)) }

func confirmOf(title, text, yes, no int) string {
	return `{"type":"actions","elements":[{"type":"button","text":` + plain(1) + `,"confirm":{"title":` + plain(title) + `,"text":` + mrkdwn(text) +
		`,"confirm":` + plain(yes) + `,"deny":` + plain(no) + `}}]}`
}

func actionsOf(element string) string { return `{"type":"actions","elements":[` + element + `]}` }

func buttonOf(fields string) string {
	return actionsOf(`{"type":"button","text":` + plain(1) + `,` + fields + `}`)
}

func contextAction(element string) string {
	return `{"type":"context_actions","elements":[` + element + `]}`
}

func feedback(text, value, label int) string {
	button := func(text, value, label int) string {
		return `{"text":` + plain(text) + `,"value":"` + chars(value) + `","accessibility_label":"` + chars(label) + `"}`
	}
	return contextAction(`{"type":"feedback_buttons","positive_button":` + button(text, value, label) + `,"negative_button":` + button(1, 1, 1) + `}`)
}

func iconButton(text int, fields string) string {
	return contextAction(`{"type":"icon_button","icon":"trash","text":` + plain(text) + fields + `}`)
}

func videoOf(title, description, author int) string {
	return `{"type":"video","alt_text":"a","title":` + plain(title) + `,"description":` + plain(description) + `,"author_name":"` + chars(author) +
		`","video_url":"https://example.com/v","thumbnail_url":"https://example.com/t"}`
}

func menu(typ, fields string) string { return inputOf(`{"type":"` + typ + `",` + fields + `}`) }

func richTextOf(part string) string { return `{"type":"rich_text","elements":[` + part + `]}` }

func TestMostCharacters(t *testing.T) {
	tests := []struct {
		name    string
		max     int
		pointer string // of the text in the block
		block   func(n int) string
	}{
		{"block_id", 255, "/block_id", func(n int) string { return `{"type":"divider","block_id":"` + chars(n) + `"}` }},
		{"action_id", 255, "/elements/0/action_id", func(n int) string { return buttonOf(`"action_id":"` + chars(n) + `"`) }},
		{"section text", 3000, "/text/text", func(n int) string { return `{"type":"section","text":` + mrkdwn(n) + `}` }},
		{"section plain text", 3000, "/text/text", func(n int) string { return `{"type":"section","text":` + plain(n) + `}` }},
		{"section field", 2000, "/fields/0/text", func(n int) string { return `{"type":"section","fields":[` + mrkdwn(n) + `]}` }},
		{"context text", 3000, "/elements/0/text", func(n int) string { return `{"type":"context","elements":[` + mrkdwn(n) + `]}` }},
		{"header", 150, "/text/text", func(n int) string { return `{"type":"header","text":` + plain(n) + `}` }},
		{"image address", 3000, "/image_url", func(n int) string { return `{"type":"image","alt_text":"a","image_url":"` + address(n) + `"}` }},
		{"image alt text", 2000, "/alt_text", func(n int) string {
			return `{"type":"image","alt_text":"` + chars(n) + `","image_url":"https://example.com"}`
		}},
		{"image title", 2000, "/title/text", func(n int) string {
			return `{"type":"image","alt_text":"a","image_url":"https://example.com","title":` + plain(n) + `}`
		}},
		{"input label", 2000, "/label/text", func(n int) string {
			return `{"type":"input","label":` + plain(n) + `,"element":{"type":"plain_text_input"}}`
		}},
		{"input hint", 2000, "/hint/text", func(n int) string {
			return `{"type":"input","label":` + plain(1) + `,"hint":` + plain(n) + `,"element":{"type":"plain_text_input"}}`
		}},
		{"initial value", 3000, "/element/initial_value", func(n int) string { return menu("plain_text_input", `"initial_value":"`+chars(n)+`"`) }},
		{"video alt text", 2000, "/alt_text", func(n int) string { return strings.Replace(videoOf(1, 1, 1), `"a"`, `"`+chars(n)+`"`, 1) }},
		{"video title", 199, "/title/text", func(n int) string { return videoOf(n, 1, 1) }},
		{"video description", 199, "/description/text", func(n int) string { return videoOf(1, n, 1) }},
		{"video author", 49, "/author_name", func(n int) string { return videoOf(1, 1, n) }},
		{"button text", 75, "/elements/0/text/text", func(n int) string { return actionsOf(`{"type":"button","text":` + plain(n) + `}`) }},
		{"button value", 2000, "/elements/0/value", func(n int) string { return buttonOf(`"value":"` + chars(n) + `"`) }},
		{"button address", 3000, "/elements/0/url", func(n int) string { return buttonOf(`"url":"` + address(n) + `"`) }},
		{"button label", 75, "/elements/0/accessibility_label", func(n int) string { return buttonOf(`"accessibility_label":"` + chars(n) + `"`) }},
		{"confirm title", 100, "/elements/0/confirm/title/text", func(n int) string { return confirmOf(n, 1, 1, 1) }},
		{"confirm text", 300, "/elements/0/confirm/text/text", func(n int) string { return confirmOf(1, n, 1, 1) }},
		{"confirm yes", 30, "/elements/0/confirm/confirm/text", func(n int) string { return confirmOf(1, 1, n, 1) }},
		{"confirm no", 30, "/elements/0/confirm/deny/text", func(n int) string { return confirmOf(1, 1, 1, n) }},
		{"placeholder", 150, "/element/placeholder/text", func(n int) string { return menu("users_select", `"placeholder":`+plain(n)) }},
		{"input placeholder", 150, "/element/placeholder/text", func(n int) string { return menu("plain_text_input", `"placeholder":`+plain(n)) }},
		{"option text", 75, "/element/options/0/text/text", func(n int) string { return menu("static_select", `"options":[`+option(n, 1, 1)+`]`) }},
		{"option value", 150, "/element/options/0/value", func(n int) string { return menu("static_select", `"options":[`+option(1, n, 1)+`]`) }},
		{"option description", 75, "/element/options/0/description/text", func(n int) string { return menu("static_select", `"options":[`+option(1, 1, n)+`]`) }},
		{"radio option text", 75, "/element/options/0/text/text", func(n int) string {
			return menu("radio_buttons", `"options":[{"text":`+mrkdwn(n)+`,"value":"v"}]`)
		}},
		{"checkbox description", 75, "/element/options/0/description/text", func(n int) string {
			return menu("checkboxes", `"options":[{"text":`+mrkdwn(1)+`,"value":"v","description":`+mrkdwn(n)+`}]`)
		}},
		{"overflow address", 3000, "/elements/0/options/0/url", func(n int) string {
			return actionsOf(`{"type":"overflow","options":[{"text":` + plain(1) + `,"value":"v","url":"` + address(n) + `"}]}`)
		}},
		{"group label", 75, "/element/option_groups/0/label/text", func(n int) string {
			return menu("static_select", `"option_groups":[{"label":`+plain(n)+`,"options":[`+fullOption+`]}]`)
		}},
	}
	for _, tt := range tests {
		expect(t, inModal(tt.block(1)))
		expect(t, inModal(tt.block(tt.max)))
		expect(t, inModal(tt.block(tt.max+1)),
			fmt.Sprintf("[ERROR] must be less than %d characters [json-pointer:/view/blocks/0%s]", tt.max+1, tt.pointer))
		if t.Failed() {
			t.Fatal(tt.name)
		}
	}
}

func TestMostCharactersInMessages(t *testing.T) {
	tests := []struct {
		name    string
		max     int
		pointer string
		block   func(n int) string
	}{
		{"feedback text", 75, "/elements/0/positive_button/text/text", func(n int) string { return feedback(n, 1, 1) }},
		{"feedback value", 2000, "/elements/0/positive_button/value", func(n int) string { return feedback(1, n, 1) }},
		{"feedback label", 75, "/elements/0/positive_button/accessibility_label", func(n int) string { return feedback(1, 1, n) }},
		{"icon button text", 75, "/elements/0/text/text", func(n int) string { return iconButton(n, "") }},
		{"icon button value", 2000, "/elements/0/value", func(n int) string { return iconButton(1, `,"value":"`+chars(n)+`"`) }},
		{"icon button label", 75, "/elements/0/accessibility_label", func(n int) string { return iconButton(1, `,"accessibility_label":"`+chars(n)+`"`) }},
		{"markdown", 12000, "/text", func(n int) string { return `{"type":"markdown","text":"` + chars(n) + `"}` }},
	}
	for _, tt := range tests {
		expect(t, inMessage(tt.block(1)))
		expect(t, inMessage(tt.block(tt.max)))
		expect(t, inMessage(tt.block(tt.max+1)),
			fmt.Sprintf("[ERROR] must be less than %d characters [json-pointer:/blocks/0%s]", tt.max+1, tt.pointer))
		if t.Failed() {
			t.Fatal(tt.name)
		}
	}
}

func TestMarkdownInAll(t *testing.T) {
	markdown := func(n int) string { return `{"type":"markdown","text":"` + chars(n) + `"}` }
	expect(t, inMessage(markdown(6000), divider, markdown(6000)))
	expect(t, inMessage(markdown(6000), divider, markdown(6001), markdown(1)),
		"[ERROR] markdown blocks must be less than 12001 characters in total [json-pointer:/blocks/2/text]")
}

func TestViewLimits(t *testing.T) {
	for _, tt := range []struct {
		name    string
		max     int
		pointer string
		view    func(n int) string
	}{
		{"title", 24, "/title/text", func(n int) string { return `{"type":"modal","blocks":[],"title":` + plain(n) + `}` }},
		{"submit", 24, "/submit/text", func(n int) string { return modalOf(`"submit":` + plain(n) + `,`) }},
		{"close", 24, "/close/text", func(n int) string { return modalOf(`"close":` + plain(n) + `,`) }},
		{"callback_id", 255, "/callback_id", func(n int) string { return modalOf(`"callback_id":"` + chars(n) + `",`) }},
		{"external_id", 255, "/external_id", func(n int) string { return modalOf(`"external_id":"` + chars(n) + `",`) }},
		{"private_metadata", 3000, "/private_metadata", func(n int) string { return modalOf(`"private_metadata":"` + chars(n) + `",`) }},
		{"home callback_id", 255, "/callback_id", func(n int) string { return `{"type":"home","blocks":[],"callback_id":"` + chars(n) + `"}` }},
		{"home external_id", 255, "/external_id", func(n int) string { return `{"type":"home","blocks":[],"external_id":"` + chars(n) + `"}` }},
		{"home private_metadata", 3000, "/private_metadata", func(n int) string { return `{"type":"home","blocks":[],"private_metadata":"` + chars(n) + `"}` }},
	} {
		expect(t, written(View([]byte(tt.view(tt.max)))))
		expect(t, written(View([]byte(tt.view(tt.max+1)))),
			fmt.Sprintf("[ERROR] must be less than %d characters [json-pointer:/view%s]", tt.max+1, tt.pointer))
		if t.Failed() {
			t.Fatal(tt.name)
		}
	}
}

func TestViewBytes(t *testing.T) {
	view := modalOf("", divider)
	at := view + strings.Repeat(" ", MaxViewBytes-len(view))
	expect(t, written(View([]byte(at))))
	expect(t, written(View([]byte(at+" "))), "[ERROR] must be less than 256001 bytes [json-pointer:/view]")
}

func TestFewestCharacters(t *testing.T) {
	for pointer, block := range map[string]string{
		"/text/text":               `{"type":"section","text":` + mrkdwn(0) + `}`,
		"/fields/0/text":           `{"type":"section","fields":[` + plain(0) + `]}`,
		"/elements/0/text":         `{"type":"context","elements":[` + mrkdwn(0) + `]}`,
		"/alt_text":                `{"type":"image","alt_text":"","image_url":"https://example.com"}`,
		"/image_url":               `{"type":"image","alt_text":"a","image_url":""}`,
		"/elements/0/value":        buttonOf(`"value":""`),
		"/element/options/0/value": menu("static_select", `"options":[`+option(1, 0, 1)+`]`),
		"/element/initial_user":    menu("users_select", `"initial_user":""`),
		"/elements/0/elements/0/text": richTextOf(
			`{"type":"rich_text_section","elements":[{"type":"text","text":""}]}`),
	} {
		expect(t, inModal(block), "[ERROR] must be more than 0 characters [json-pointer:/view/blocks/0"+pointer+"]")
	}
	expect(t, inMessage(`{"type":"table","rows":[[{"type":"raw_text","text":""}]]}`),
		"[ERROR] must be more than 0 characters [json-pointer:/blocks/0/rows/0/0/text]")
	expect(t, inMessage(`{"type":"markdown","text":""}`), "[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text]")
	expect(t, inMessage(`{"type":"call","call_id":""}`), "[ERROR] must be more than 0 characters [json-pointer:/blocks/0/call_id]")
}

func TestCounts(t *testing.T) {
	cell := `{"type":"raw_text","text":"t"}`
	tests := []struct {
		name     string
		min, max int // max 0: none
		pointer  string
		check    func(...string) []string
		block    func(n int) string
	}{
		{"section fields", 1, 10, "/fields", inModal, func(n int) string { return `{"type":"section","fields":[` + items(n, mrkdwn(1)) + `]}` }},
		{"context elements", 1, 10, "/elements", inModal, func(n int) string { return `{"type":"context","elements":[` + items(n, mrkdwn(1)) + `]}` }},
		{"actions elements", 1, 25, "/elements", inModal, func(n int) string {
			return actionsOf(items(n, `{"type":"button","text":`+plain(1)+`}`))
		}},
		{"context_actions elements", 1, 5, "/elements", inMessage, func(n int) string {
			return contextAction(items(n, `{"type":"icon_button","icon":"trash","text":`+plain(1)+`}`))
		}},
		{"select options", 1, 100, "/element/options", inModal, func(n int) string { return menu("static_select", `"options":[`+items(n, fullOption)+`]`) }},
		{"select groups", 1, 100, "/element/option_groups", inModal, func(n int) string {
			return menu("static_select", `"option_groups":[`+items(n, `{"label":`+plain(1)+`,"options":[`+fullOption+`]}`)+`]`)
		}},
		{"group options", 1, 100, "/element/option_groups/0/options", inModal, func(n int) string {
			return menu("multi_static_select", `"option_groups":[{"label":`+plain(1)+`,"options":[`+items(n, fullOption)+`]}]`)
		}},
		{"checkboxes", 1, 10, "/element/options", inModal, func(n int) string { return menu("checkboxes", `"options":[`+items(n, fullOption)+`]`) }},
		{"radio buttons", 1, 10, "/element/options", inModal, func(n int) string { return menu("radio_buttons", `"options":[`+items(n, fullOption)+`]`) }},
		{"overflow", 1, 5, "/elements/0/options", inModal, func(n int) string {
			return actionsOf(`{"type":"overflow","options":[` + items(n, fullOption) + `]}`)
		}},
		{"initial users", 1, 0, "/element/initial_users", inModal, func(n int) string { return menu("multi_users_select", `"initial_users":[`+items(n, `"U%d"`)+`]`) }},
		{"filter", 1, 0, "/element/filter/include", inModal, func(n int) string {
			return menu("conversations_select", `"filter":{"include":[`+items(n, `"im"`)+`]}`)
		}},
		{"file types", 1, 0, "/element/filetypes", inModal, func(n int) string { return menu("file_input", `"filetypes":[`+items(n, `"png"`)+`]`) }},
		{"dispatch actions", 1, 0, "/element/dispatch_action_config/trigger_actions_on", inModal, func(n int) string {
			return menu("plain_text_input", `"dispatch_action_config":{"trigger_actions_on":[`+items(n, `"on_enter_pressed"`)+`]}`)
		}},
		{"table rows", 1, 100, "/rows", inMessage, func(n int) string { return `{"type":"table","rows":[` + items(n, `[`+cell+`]`) + `]}` }},
		{"table cells", 1, 20, "/rows/0", inMessage, func(n int) string { return `{"type":"table","rows":[[` + items(n, cell) + `]]}` }},
		{"table columns", 0, 20, "/column_settings", inMessage, func(n int) string {
			return `{"type":"table","rows":[[` + cell + `]],"column_settings":[` + items(n, `{}`) + `]}`
		}},
	}
	for _, tt := range tests {
		root := "/view/blocks/0"
		if slices.Contains([]string{"context_actions elements", "table rows", "table cells", "table columns"}, tt.name) {
			root = "/blocks/0"
		}
		expect(t, tt.check(tt.block(tt.min)))
		if tt.min > 0 {
			expect(t, tt.check(tt.block(tt.min-1)), fmt.Sprintf("[ERROR] must provide at least %d items [json-pointer:%s%s]", tt.min, root, tt.pointer))
		}
		if tt.max > 0 {
			expect(t, tt.check(tt.block(tt.max)))
			expect(t, tt.check(tt.block(tt.max+1)), fmt.Sprintf("[ERROR] no more than %d items allowed [json-pointer:%s%s]", tt.max, root, tt.pointer))
		}
		if t.Failed() {
			t.Fatal(tt.name)
		}
	}
}

func TestBlockCounts(t *testing.T) {
	expect(t, inMessage(items(50, divider)))
	expect(t, inMessage(items(51, divider)), "[ERROR] no more than 50 items allowed [json-pointer:/blocks]")
	expect(t, inModal(items(100, divider)))
	expect(t, inModal(items(101, divider)), "[ERROR] no more than 100 items allowed [json-pointer:/view/blocks]")
	expect(t, inHome(items(100, divider)))
	expect(t, inHome(items(101, divider)), "[ERROR] no more than 100 items allowed [json-pointer:/view/blocks]")
}

func TestNumbers(t *testing.T) {
	tests := []struct {
		pointer  string
		min, max int64 // max 0: none
		block    func(n int64) string
	}{
		{"/element/min_length", 0, 3000, func(n int64) string { return menu("plain_text_input", `"min_length":`+strconv.FormatInt(n, 10)) }},
		{"/element/max_length", 1, 3000, func(n int64) string { return menu("plain_text_input", `"max_length":`+strconv.FormatInt(n, 10)) }},
		{"/element/max_files", 1, 10, func(n int64) string { return menu("file_input", `"max_files":`+strconv.FormatInt(n, 10)) }},
		{"/element/max_selected_items", 1, 0, func(n int64) string {
			return menu("multi_users_select", `"max_selected_items":`+strconv.FormatInt(n, 10))
		}},
		{"/element/min_query_length", 0, 0, func(n int64) string { return menu("external_select", `"min_query_length":`+strconv.FormatInt(n, 10)) }},
		{"/element/initial_date_time", 1_000_000_000, 9_999_999_999, func(n int64) string { return menu("datetimepicker", `"initial_date_time":`+strconv.FormatInt(n, 10)) }},
		{"/level", 1, 4, func(n int64) string {
			return `{"type":"header","text":` + plain(1) + `,"level":` + strconv.FormatInt(n, 10) + `}`
		}},
		{"/elements/0/indent", 0, 8, func(n int64) string {
			return richTextOf(`{"type":"rich_text_list","style":"bullet","elements":[],"indent":` + strconv.FormatInt(n, 10) + `}`)
		}},
		{"/elements/0/offset", 0, 0, func(n int64) string {
			return richTextOf(`{"type":"rich_text_list","style":"ordered","elements":[],"offset":` + strconv.FormatInt(n, 10) + `}`)
		}},
		{"/element/min_lines", 1, 0, func(n int64) string { return menu("rich_text_input", `"min_lines":`+strconv.FormatInt(n, 10)) }},
		{"/element/max_lines", 1, 0, func(n int64) string { return menu("rich_text_input", `"max_lines":`+strconv.FormatInt(n, 10)) }},
		{"/elements/0/border", 0, 1, func(n int64) string {
			return richTextOf(`{"type":"rich_text_list","style":"bullet","elements":[],"border":` + strconv.FormatInt(n, 10) + `}`)
		}},
		{"/elements/0/border", 0, 1, func(n int64) string {
			return richTextOf(`{"type":"rich_text_preformatted","elements":[],"border":` + strconv.FormatInt(n, 10) + `}`)
		}},
		{"/elements/0/border", 0, 1, func(n int64) string {
			return richTextOf(`{"type":"rich_text_quote","elements":[],"border":` + strconv.FormatInt(n, 10) + `}`)
		}},
		{"/elements/0/elements/0/skin_tone", 1, 6, func(n int64) string {
			return richTextOf(`{"type":"rich_text_section","elements":[{"type":"emoji","name":"wave","skin_tone":` + strconv.FormatInt(n, 10) + `}]}`)
		}},
		{"/elements/0/elements/0/timestamp", 0, 0, func(n int64) string {
			return richTextOf(`{"type":"rich_text_section","elements":[{"type":"date","format":"{date}","timestamp":` + strconv.FormatInt(n, 10) + `}]}`)
		}},
	}
	for _, tt := range tests {
		expect(t, inModal(tt.block(tt.min)))
		expect(t, inModal(tt.block(tt.min-1)), fmt.Sprintf("[ERROR] must be greater than %d [json-pointer:/view/blocks/0%s]", tt.min, tt.pointer))
		if tt.max > 0 {
			expect(t, inModal(tt.block(tt.max)))
			expect(t, inModal(tt.block(tt.max+1)), fmt.Sprintf("[ERROR] must be less than %d [json-pointer:/view/blocks/0%s]", tt.max, tt.pointer))
		}
	}
}
