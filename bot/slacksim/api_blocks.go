package slacksim

import (
	"encoding/json"
	"strings"

	"fireboss/bot/slacksim/blockkit"
)

// blocksValidate checks Block Kit without posting it. https://docs.slack.dev/reference/methods/blocks.validate
func blocksValidate(c *call) (object, error) {
	given := 0
	for _, name := range []string{"blocks", "view", "message"} {
		if c.args[name] != "" {
			given++
		}
	}
	if given != 1 {
		return nil, refuse("invalid_arguments", "must provide exactly one of `blocks`, `view`, or `message`")
	}
	if c.args["view"] != "" {
		return nil, faulty("invalid_view", "/view", blockkit.View(json.RawMessage(c.args["view"])))
	}
	code, blocks := "invalid_blocks", json.RawMessage(c.args["blocks"])
	if c.args["message"] != "" {
		var message struct{ Blocks json.RawMessage }
		if json.Unmarshal([]byte(c.args["message"]), &message) != nil {
			return nil, refuse("invalid_arguments", "[ERROR] must be valid json [json-pointer:/message]")
		}
		code, blocks = "invalid_message", message.Blocks
	}
	return nil, faulty(code, "/blocks", blockkit.Message(blocks))
}

// faulty refuses with the problems found, or not where there are none. Pointers start at what was checked.
func faulty(code, root string, found []blockkit.Problem) error {
	if len(found) == 0 {
		return nil
	}
	errors := []object{}
	for _, p := range found {
		errors = append(errors, object{
			"code": "failed_constraint", "message": p.Message, "pointer": strings.TrimPrefix(p.Pointer, root),
		})
	}
	return refuseWith(code, object{"errors": errors})
}
