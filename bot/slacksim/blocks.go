package slacksim

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"fireboss/bot/slacksim/blockkit"
)

// problems writes what Block Kit's rules say of blocks or a view as Slack does.
func problems(found []blockkit.Problem) []string {
	var messages []string
	for _, p := range found {
		messages = append(messages, p.String())
	}
	return messages
}

// checkBlocks refuses blocks that Slack would refuse and returns them as Slack keeps them.
func (w *world) checkBlocks(raw json.RawMessage) (json.RawMessage, error) {
	var items []any
	if raw == nil {
		return nil, nil
	}
	if json.Unmarshal(raw, &items) != nil {
		return nil, refuse("invalid_blocks_format")
	}
	if len(items) == 0 {
		return nil, nil
	}
	if found := blockkit.Message(raw); len(found) > 0 {
		return nil, refuse("invalid_blocks", problems(found)...)
	}
	return w.complete(raw), nil
}

// complete gives ids to blocks and interactive elements that have none, as Slack does.
func (w *world) complete(blocks json.RawMessage) json.RawMessage {
	items, ok := decode(blocks).([]any)
	if !ok {
		return blocks
	}
	for _, item := range items {
		b, ok := item.(map[string]any)
		if !ok {
			continue
		}
		w.nameIt(b, "block_id")
		for _, e := range elements(b) {
			if interactive(e) {
				w.nameIt(e, "action_id")
			}
		}
	}
	return mustJSON(items)
}

func (w *world) nameIt(o map[string]any, key string) {
	if id, _ := o[key].(string); id == "" {
		w.counters["block"]++
		o[key] = strconv.FormatInt(0x5f3a1+w.counters["block"]*7919, 36)
	}
}

// decode reads JSON with its numbers as they are written.
func decode(raw json.RawMessage) any {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	return v
}

// elements are the elements in a block: its accessory, its element, its elements.
func elements(b map[string]any) []map[string]any {
	var found []map[string]any
	for _, key := range []string{"accessory", "element"} {
		if e, ok := b[key].(map[string]any); ok {
			found = append(found, e)
		}
	}
	list, _ := b["elements"].([]any)
	for _, item := range list {
		if e, ok := item.(map[string]any); ok {
			found = append(found, e)
		}
	}
	return found
}

// interactive says whether a person can do something with an element.
func interactive(e map[string]any) bool {
	kind, _ := e["type"].(string)
	switch kind {
	case "button", "overflow", "checkboxes", "radio_buttons", "datepicker", "timepicker", "datetimepicker",
		"workflow_button", "feedback_buttons", "icon_button":
		return true
	}
	return strings.HasSuffix(kind, "_select") || strings.HasSuffix(kind, "_input")
}
