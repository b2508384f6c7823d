package slacksim

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// carriedState is what blocks hold: for an element that was there before, of the same kind and under the same ids,
// what it held; for others what the app put in.
func carriedState(blocks []map[string]any, before viewState) viewState {
	state := viewState{}
	for _, b := range blocks {
		block := str(b, "block_id")
		for _, e := range elements(b) {
			if !stateful(e) {
				continue
			}
			if state[block] == nil {
				state[block] = map[string]object{}
			}
			action := str(e, "action_id")
			held := holding(e)
			if old := before[block][action]; old != nil && old["type"] == held["type"] {
				held = old
			}
			state[block][action] = held
		}
	}
	return state
}

// placed is an element and the block it stands in.
type placed struct {
	element map[string]any
	block   map[string]any
}

// find looks for the element with an action id; of several, for the one that stands in block or has the value.
func find(blocks []map[string]any, action, block string, value json.RawMessage) (placed, bool) {
	var best placed
	var found bool
	wanted := text(value)
	for _, b := range blocks {
		for _, e := range elements(b) {
			if str(e, "action_id") != action || (block != "" && str(b, "block_id") != block) {
				continue
			}
			if !found || (wanted != "" && str(e, "value") == wanted && str(best.element, "value") != wanted) {
				best, found = placed{e, b}, true
			}
		}
	}
	return best, found
}

// enter puts values, by action id, into a view. An action id that the view lacks is a mistake of the caller.
func (w *world) enter(v *view, values map[string]json.RawMessage) error {
	blocks := v.blocks()
	for action, value := range values {
		p, ok := find(blocks, action, "", nil)
		if !ok || !stateful(p.element) {
			return malformed("The view has no field %q; it has %s.", action, strings.Join(fieldNames(blocks), ", "))
		}
		held, err := w.choose(v.User, p.element, value)
		if err != nil {
			return err
		}
		v.State[str(p.block, "block_id")][action] = held
	}
	return nil
}

func fieldNames(blocks []map[string]any) []string {
	var names []string
	for _, b := range blocks {
		for _, e := range elements(b) {
			if stateful(e) {
				names = append(names, str(e, "action_id"))
			}
		}
	}
	return names
}

// incomplete says, by block id, what keeps Slack from sending a form: its own checks of input blocks.
func incomplete(v *view) map[string]string {
	wrong := map[string]string{}
	for _, b := range v.blocks() {
		e, ok := b["element"].(map[string]any)
		if str(b, "type") != "input" || !ok {
			continue
		}
		block := str(b, "block_id")
		held := v.State[block][str(e, "action_id")][elementKinds[str(e, "type")].holds]
		optional, _ := b["optional"].(bool)
		if complaint := complain(e, held, optional); complaint != "" {
			wrong[block] = complaint
		}
	}
	return wrong
}

func complain(e map[string]any, held any, optional bool) string {
	if isEmpty(held) {
		if optional {
			return ""
		}
		return "Please complete this required field."
	}
	text, ok := held.(string)
	if !ok {
		return ""
	}
	length := utf8.RuneCountInString(text)
	if n, ok := number(e["min_length"]); ok && length < n {
		return "Please enter at least " + strconv.Itoa(n) + " characters."
	}
	if n, ok := number(e["max_length"]); ok && length > n {
		return "Please enter no more than " + strconv.Itoa(n) + " characters."
	}
	return ""
}

func isEmpty(held any) bool {
	if held == nil || held == "" {
		return true
	}
	v := reflect.ValueOf(held)
	return v.Kind() == reflect.Slice && v.Len() == 0
}

// number reads a JSON number that was decoded as it is written.
func number(v any) (int, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	i, err := n.Int64()
	return int(i), err == nil
}
