package slacksim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// elementKind says how an element of Block Kit starts out and how it holds what a person chose.
// https://docs.slack.dev/reference/block-kit/block-elements
type elementKind struct {
	initial string // the field with which the app fills it
	holds   string // the field in state and actions
	value   func(w *world, e map[string]any, given string) (any, error)
	many    bool
}

var elementKinds = map[string]elementKind{
	"plain_text_input":           {"initial_value", "value", textValue, false},
	"email_text_input":           {"initial_value", "value", textValue, false},
	"url_text_input":             {"initial_value", "value", textValue, false},
	"number_input":               {"initial_value", "value", textValue, false},
	"rich_text_input":            {"initial_value", "rich_text_value", richTextValue, false},
	"datepicker":                 {"initial_date", "selected_date", textValue, false},
	"timepicker":                 {"initial_time", "selected_time", textValue, false},
	"datetimepicker":             {"initial_date_time", "selected_date_time", numberValue, false},
	"static_select":              {"initial_option", "selected_option", optionValue, false},
	"external_select":            {"initial_option", "selected_option", optionValue, false},
	"radio_buttons":              {"initial_option", "selected_option", optionValue, false},
	"overflow":                   {"", "selected_option", optionValue, false},
	"checkboxes":                 {"initial_options", "selected_options", optionValue, true},
	"multi_static_select":        {"initial_options", "selected_options", optionValue, true},
	"multi_external_select":      {"initial_options", "selected_options", optionValue, true},
	"users_select":               {"initial_user", "selected_user", personValue, false},
	"multi_users_select":         {"initial_users", "selected_users", personValue, true},
	"channels_select":            {"initial_channel", "selected_channel", placeValue, false},
	"multi_channels_select":      {"initial_channels", "selected_channels", placeValue, true},
	"conversations_select":       {"initial_conversation", "selected_conversation", placeValue, false},
	"multi_conversations_select": {"initial_conversations", "selected_conversations", placeValue, true},
	"file_input":                 {"", "files", nil, true}, // see chooseFiles
}

// stateful says whether an element holds something between clicks.
func stateful(e map[string]any) bool {
	kind := str(e, "type")
	_, known := elementKinds[kind]
	return known && kind != "overflow"
}

// str is a field that holds a string.
func str(o map[string]any, key string) string { s, _ := o[key].(string); return s }

// holding is what e holds where nobody has touched it: its entry in a view's state.
func holding(e map[string]any) object {
	k := elementKinds[str(e, "type")]
	var value any
	if k.initial != "" {
		value = e[k.initial]
	}
	if value == nil && k.many {
		value = []any{}
	}
	return object{"type": str(e, "type"), k.holds: value}
}

// choose is what e holds after user chose given: a string, or a list of strings where e takes several.
func (w *world) choose(user string, e map[string]any, given json.RawMessage) (object, error) {
	k, known := elementKinds[str(e, "type")]
	if !known {
		return nil, malformed("%s is a %s: it holds no value.", str(e, "action_id"), str(e, "type"))
	}
	if str(e, "type") == "file_input" {
		return w.chooseFiles(user, e, given)
	}
	values, err := severalStrings(given)
	if err != nil {
		return nil, malformed("The value of %s must be a string, or a list of strings.", str(e, "action_id"))
	}
	if !k.many {
		if len(values) == 0 || values[0] == "" {
			return object{"type": str(e, "type"), k.holds: nil}, nil
		}
		chosen, err := k.value(w, e, values[0])
		return object{"type": str(e, "type"), k.holds: chosen}, err
	}
	all := []any{}
	for _, v := range values {
		chosen, err := k.value(w, e, v)
		if err != nil {
			return nil, err
		}
		all = append(all, chosen)
	}
	return object{"type": str(e, "type"), k.holds: all}, nil
}

// chooseFiles uploads the files that a person put into a form.
func (w *world) chooseFiles(user string, e map[string]any, given json.RawMessage) (object, error) {
	var files []writtenFile
	if len(given) > 0 && json.Unmarshal(given, &files) != nil {
		return nil, malformed("The value of %s must be a list of files: [{name, content or base64, mimetype}].", str(e, "action_id"))
	}
	held := []any{}
	for _, f := range files {
		content, err := f.bytes()
		if err != nil {
			return nil, err
		}
		uploaded := w.addFile(user, f.Name, f.MimeType, content)
		uploaded.ForApp = true
		w.fileChanged(uploaded)
		held = append(held, w.fileJSON(uploaded))
	}
	return object{"type": "file_input", "files": held}, nil
}

// severalStrings reads a string, a number, a list of strings, or null.
func severalStrings(given json.RawMessage) ([]string, error) {
	var many []string
	var one string
	var number json.Number
	switch {
	case len(given) == 0 || string(given) == "null":
		return nil, nil
	case json.Unmarshal(given, &one) == nil:
		return []string{one}, nil
	case json.Unmarshal(given, &number) == nil:
		return []string{number.String()}, nil
	}
	err := json.Unmarshal(given, &many)
	return many, err
}

func textValue(_ *world, _ map[string]any, given string) (any, error) { return given, nil }

func numberValue(_ *world, e map[string]any, given string) (any, error) {
	var n int64
	if _, err := fmt.Sscan(given, &n); err != nil {
		return nil, malformed("%s takes a time in Unix seconds, not %q.", str(e, "action_id"), given)
	}
	return n, nil
}

// richTextValue is what a person who types plain text into a rich text field makes of it.
func richTextValue(_ *world, _ map[string]any, given string) (any, error) {
	return object{"type": "rich_text", "elements": []object{{
		"type": "rich_text_section", "elements": []object{{"type": "text", "text": given}},
	}}}, nil
}

// optionValue finds the option with the value given. External selects take any: their options are the app's.
func optionValue(_ *world, e map[string]any, given string) (any, error) {
	options := optionsOf(e)
	i := slices.IndexFunc(options, func(o map[string]any) bool { return str(o, "value") == given })
	if i >= 0 {
		return options[i], nil
	}
	if strings.Contains(str(e, "type"), "external") {
		return object{"text": object{"type": "plain_text", "text": given, "emoji": true}, "value": given}, nil
	}
	return nil, malformed("%s has no option %q.", str(e, "action_id"), given)
}

func optionsOf(e map[string]any) []map[string]any {
	var found []map[string]any
	add := func(list any) {
		items, _ := list.([]any)
		for _, item := range items {
			if o, ok := item.(map[string]any); ok {
				found = append(found, o)
			}
		}
	}
	add(e["options"])
	groups, _ := e["option_groups"].([]any)
	for _, g := range groups {
		if group, ok := g.(map[string]any); ok {
			add(group["options"])
		}
	}
	return found
}

func personValue(w *world, _ map[string]any, given string) (any, error) {
	u, err := w.person(given)
	if err != nil {
		return nil, err
	}
	return u.ID, nil
}

func placeValue(w *world, _ map[string]any, given string) (any, error) {
	ch, err := w.namedChannel(given, "")
	if err != nil {
		return nil, err
	}
	return ch.ID, nil
}
