package slacksim

import (
	"bytes"
	"encoding/json"

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
func checkBlocks(raw json.RawMessage) (json.RawMessage, error) {
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
	return blockkit.Normalize(raw), nil
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
