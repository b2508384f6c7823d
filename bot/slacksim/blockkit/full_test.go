package blockkit

// full holds one object of every shape that has a type, with every field it may
// have (of fields that exclude each other, one).
var full = map[string]string{
	// Blocks.
	"section": `{"type":"section","block_id":"b","text":{"type":"mrkdwn","text":"t"},"fields":[{"type":"plain_text","text":"t"}],` +
		`"accessory":{"type":"image","alt_text":"a","slack_file":{"id":"F1"}},"expand":true}`,
	"header":          `{"type":"header","block_id":"b","text":{"type":"plain_text","text":"t"},"level":2}`,
	"context":         `{"type":"context","block_id":"b","elements":[{"type":"mrkdwn","text":"t"},{"type":"plain_text","text":"t"},{"type":"image","alt_text":"a","image_url":"https://example.com/a.png"}]}`,
	"actions":         `{"type":"actions","block_id":"b","elements":[{"type":"button","text":{"type":"plain_text","text":"t"}}]}`,
	"context_actions": `{"type":"context_actions","block_id":"b","elements":[{"type":"icon_button","icon":"trash","text":{"type":"plain_text","text":"t"}}]}`,
	"divider":         `{"type":"divider","block_id":"b"}`,
	"image":           `{"type":"image","block_id":"b","alt_text":"a","slack_file":{"url":"https://example.com/f"},"title":{"type":"plain_text","text":"t"}}`,
	"input": `{"type":"input","block_id":"b","label":{"type":"plain_text","text":"l"},"element":{"type":"plain_text_input"},` +
		`"hint":{"type":"plain_text","text":"h"},"optional":true,"dispatch_action":true}`,
	"video": `{"type":"video","block_id":"b","alt_text":"a","title":{"type":"plain_text","text":"t"},"title_url":"https://example.com","description":{"type":"plain_text","text":"d"},` +
		`"video_url":"https://example.com/v","thumbnail_url":"https://example.com/t","author_name":"a","provider_name":"p","provider_icon_url":"https://example.com/i"}`,
	"file":     `{"type":"file","block_id":"b","external_id":"e","source":"remote"}`,
	"call":     `{"type":"call","block_id":"b","call_id":"R1"}`,
	"markdown": `{"type":"markdown","block_id":"b","text":"**t**"}`,
	"table":    `{"type":"table","block_id":"b","rows":[[{"type":"raw_text","text":"t"},{"type":"rich_text","elements":[]}]],"column_settings":[null,{"align":"right","is_wrapped":true},{}]}`,
	"rich_text": `{"type":"rich_text","block_id":"b","elements":[` +
		`{"type":"rich_text_section","elements":[{"type":"text","text":"t"}]},{"type":"rich_text_quote","elements":[]}]}`,

	// Elements.
	"button": `{"type":"button","action_id":"a","text":{"type":"plain_text","text":"t","emoji":false},"value":"v","url":"https://example.com","style":"danger","accessibility_label":"l",` +
		fullConfirm + `}`,
	"workflow_button":  `{"type":"workflow_button","action_id":"a","text":{"type":"plain_text","text":"t"},"workflow":{"trigger":{"url":"https://example.com","customizable_input_parameters":[{"name":"n","value":{"any":1}}]}},"style":"primary","accessibility_label":"l"}`,
	"feedback_buttons": `{"type":"feedback_buttons","action_id":"a","positive_button":{"text":{"type":"plain_text","text":"t"},"value":"v","accessibility_label":"l"},"negative_button":{"text":{"type":"plain_text","text":"t"},"value":"v"}}`,
	"icon_button":      `{"type":"icon_button","action_id":"a","icon":"trash","text":{"type":"plain_text","text":"t"},"value":"v","accessibility_label":"l","visible_to_user_ids":["U1"],` + fullConfirm + `}`,
	"checkboxes": `{"type":"checkboxes","action_id":"a","options":[{"text":{"type":"mrkdwn","text":"t"},"value":"v","description":{"type":"mrkdwn","text":"d"}}],` +
		`"initial_options":[{"value":"v","text":{"text":"t","type":"mrkdwn","verbatim":false},"description":{"type":"mrkdwn","text":"d"}}],"focus_on_load":true,` + fullConfirm + `}`,
	"radio_buttons":       `{"type":"radio_buttons","action_id":"a","options":[` + fullOption + `],"initial_option":` + fullOption + `,"focus_on_load":true,` + fullConfirm + `}`,
	"overflow":            `{"type":"overflow","action_id":"a","options":[{"text":{"type":"plain_text","text":"t"},"value":"v","description":{"type":"plain_text","text":"d"},"url":"https://example.com"}],` + fullConfirm + `}`,
	"datepicker":          `{"type":"datepicker","initial_date":"2026-02-28",` + fullSelect + `}`,
	"timepicker":          `{"type":"timepicker","initial_time":"23:59","timezone":"Europe/Paris",` + fullSelect + `}`,
	"datetimepicker":      `{"type":"datetimepicker","action_id":"a","initial_date_time":1628633820,"focus_on_load":true,` + fullConfirm + `}`,
	"static_select":       `{"type":"static_select","option_groups":[{"label":{"type":"plain_text","text":"l"},"options":[` + fullOption + `]}],"initial_option":` + fullOption + `,` + fullSelect + `}`,
	"external_select":     `{"type":"external_select","min_query_length":0,"initial_option":` + fullOption + `,` + fullSelect + `}`,
	"users_select":        `{"type":"users_select","initial_user":"U1",` + fullSelect + `}`,
	"channels_select":     `{"type":"channels_select","initial_channel":"C1","response_url_enabled":true,` + fullSelect + `}`,
	"multi_static_select": `{"type":"multi_static_select","options":[` + fullOption + `],"initial_options":[` + fullOption + `],"max_selected_items":1,` + fullSelect + `}`,
	"multi_external_select": `{"type":"multi_external_select","min_query_length":3,"initial_options":[` + fullOption + `],"max_selected_items":2,` +
		fullSelect + `}`,
	"multi_users_select":    `{"type":"multi_users_select","initial_users":["U1"],"max_selected_items":2,` + fullSelect + `}`,
	"multi_channels_select": `{"type":"multi_channels_select","initial_channels":["C1"],"max_selected_items":2,` + fullSelect + `}`,
	"conversations_select": `{"type":"conversations_select","initial_conversation":"C1","default_to_current_conversation":true,"response_url_enabled":true,` +
		`"filter":{"include":["im","mpim","private","public"],"exclude_external_shared_channels":true,"exclude_bot_users":true},` + fullSelect + `}`,
	"multi_conversations_select": `{"type":"multi_conversations_select","initial_conversations":["C1","D1"],"default_to_current_conversation":true,"max_selected_items":2,` +
		`"filter":{"exclude_bot_users":true},` + fullSelect + `}`,
	"plain_text_input": `{"type":"plain_text_input","initial_value":"","multiline":true,"min_length":0,"max_length":3000,` + fullWrite + `}`,
	"email_text_input": `{"type":"email_text_input","initial_value":"a@example.com",` + fullWrite + `}`,
	"url_text_input":   `{"type":"url_text_input","initial_value":"https://example.com",` + fullWrite + `}`,
	"number_input":     `{"type":"number_input","is_decimal_allowed":true,"initial_value":"1.5","min_value":"-1","max_value":"2.25",` + fullWrite + `}`,
	"rich_text_input":  `{"type":"rich_text_input","initial_value":{"type":"rich_text","elements":[]},"min_lines":1,"max_lines":5,` + fullWrite + `}`,
	"file_input":       `{"type":"file_input","action_id":"a","filetypes":["png"],"max_files":10}`,

	// Texts and cells.
	"plain_text": `{"type":"plain_text","text":"t","emoji":true}`,
	"mrkdwn":     `{"type":"mrkdwn","text":"t","verbatim":true}`,
	"raw_text":   `{"type":"raw_text","text":"t"}`,

	// Rich text.
	"rich_text_section":      `{"type":"rich_text_section","elements":[{"type":"text","text":"t"}]}`,
	"rich_text_list":         `{"type":"rich_text_list","style":"ordered","indent":8,"offset":3,"border":1,"elements":[{"type":"rich_text_section","elements":[]}]}`,
	"rich_text_preformatted": `{"type":"rich_text_preformatted","border":0,"language":"go","elements":[{"type":"link","url":"u"}]}`,
	"rich_text_quote":        `{"type":"rich_text_quote","border":1,"elements":[{"type":"text","text":"t"}]}`,
	"text":                   `{"type":"text","text":"t","style":{"bold":true,"italic":true,"strike":true,"code":true,"underline":true}}`,
	"link":                   `{"type":"link","url":"https://example.com","text":"","unsafe":true,"style":{"bold":true}}`,
	"user":                   `{"type":"user","user_id":"U1","style":{"bold":true,"highlight":true,"client_highlight":true,"unlink":true}}`,
	"usergroup":              `{"type":"usergroup","usergroup_id":"S1","style":{"bold":true}}`,
	"channel":                `{"type":"channel","channel_id":"C1","style":{"bold":true}}`,
	"team":                   `{"type":"team","team_id":"T1","style":{"bold":true}}`,
	"broadcast":              `{"type":"broadcast","range":"here","style":{"bold":true}}`,
	"color":                  `{"type":"color","value":"#F405B3","style":{"bold":true}}`,
	"emoji":                  `{"type":"emoji","name":"wave","unicode":"1f44b","skin_tone":6,"url":"https://example.com/e","style":{"bold":true}}`,
	"date":                   `{"type":"date","timestamp":0,"format":"{date_num}","url":"https://example.com","fallback":"f","style":{"bold":true}}`,

	// Views.
	"modal": `{"type":"modal","title":{"type":"plain_text","text":"t"},"submit":{"type":"plain_text","text":"s"},"close":{"type":"plain_text","text":"c"},` +
		`"blocks":[],"private_metadata":"","callback_id":"","external_id":"","clear_on_close":true,"notify_on_close":true}`,
	"home": `{"type":"home","blocks":[],"private_metadata":"p","callback_id":"c","external_id":"e"}`,
}

const (
	fullConfirm = `"confirm":{"title":{"type":"plain_text","text":"t"},"text":{"type":"mrkdwn","text":"t"},"confirm":{"type":"plain_text","text":"c"},"deny":{"type":"plain_text","text":"d"},"style":"primary"}`
	fullOption  = `{"text":{"type":"plain_text","text":"t"},"value":"v","description":{"type":"plain_text","text":"d"}}`
	fullSelect  = `"action_id":"a","placeholder":{"type":"plain_text","text":"p"},"focus_on_load":true,` + fullConfirm
	fullWrite   = `"action_id":"a","placeholder":{"type":"plain_text","text":"p"},"focus_on_load":true,"dispatch_action_config":{"trigger_actions_on":["on_enter_pressed","on_character_entered"]}`
)
