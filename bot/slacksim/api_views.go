package slacksim

import (
	"encoding/json"

	"fireboss/bot/slacksim/blockkit"
)

// viewsOpen shows a person a modal. https://docs.slack.dev/reference/methods/views.open
func viewsOpen(c *call) (object, error) {
	content, err := c.viewContent("modal")
	if err != nil {
		return nil, err
	}
	user, err := c.trigger()
	if err != nil {
		return nil, err
	}
	return object{"view": viewJSON(c.openView(user, nil, content))}, nil
}

// viewsPush puts a modal on top of those a person has open. https://docs.slack.dev/reference/methods/views.push
func viewsPush(c *call) (object, error) {
	content, err := c.viewContent("modal")
	if err != nil {
		return nil, err
	}
	user, err := c.trigger()
	if err != nil {
		return nil, err
	}
	open := c.stack(user)
	switch {
	case len(open) == 0:
		return nil, refuse("not_found")
	case len(open) >= maxViewStack:
		return nil, refuse("push_limit_reached")
	}
	return object{"view": viewJSON(c.openView(user, open[len(open)-1], content))}, nil
}

// viewsUpdate changes an open view. https://docs.slack.dev/reference/methods/views.update
func viewsUpdate(c *call) (object, error) {
	v := c.anyView(c.args["view_id"], c.args["external_id"])
	if v == nil {
		return nil, refuse("not_found")
	}
	if hash := c.args["hash"]; hash != "" && hash != v.Hash {
		return nil, refuse("hash_conflict")
	}
	content, err := c.viewContent(v.Type)
	if err != nil {
		return nil, err
	}
	c.fill(v, content)
	c.viewChanged(v)
	return object{"view": viewJSON(v)}, nil
}

// viewsPublish sets a person's App Home. https://docs.slack.dev/reference/methods/views.publish
func viewsPublish(c *call) (object, error) {
	user := c.user(c.args["user_id"])
	if user == nil || user.IsBot {
		return nil, refuse("invalid_arguments", "[ERROR] user not found [json-pointer:/user_id]")
	}
	v := c.homes[user.ID]
	if hash := c.args["hash"]; hash != "" && v != nil && hash != v.Hash {
		return nil, refuse("hash_conflict")
	}
	content, err := c.viewContent("home")
	if err != nil {
		return nil, err
	}
	if v == nil {
		v = &view{ID: c.nextID("V"), User: user.ID, Type: "home"}
		v.Root = v.ID
		c.homes[user.ID] = v
	}
	c.fill(v, content)
	c.viewChanged(v)
	return object{"view": viewJSON(v)}, nil
}

// trigger is the person whose trigger the call exchanges. An interactivity_pointer is the same thing.
func (c *call) trigger() (user string, err error) {
	id := c.args["trigger_id"]
	if id == "" {
		id = c.args["interactivity_pointer"]
	}
	return c.exchange(id)
}

// viewContent is the call's view, checked.
func (c *call) viewContent(kind string) (map[string]json.RawMessage, error) {
	raw, ok := c.args.raw("view")
	if !ok {
		return nil, refuse("invalid_arguments", "[ERROR] must be valid json [json-pointer:/view]")
	}
	content, err := checkView(raw, kind)
	if err != nil {
		return nil, err
	}
	updated := c.anyView(c.args["view_id"], c.args["external_id"])
	if c.name == "views.publish" {
		updated = c.homes[c.args["user_id"]]
	}
	return content, c.uniqueExternal(content, updated)
}

// checkView refuses a view that Slack would refuse.
func checkView(raw json.RawMessage, kind string) (map[string]json.RawMessage, error) {
	if len(raw) > maxViewBytes {
		return nil, refuse("view_too_large")
	}
	if found := blockkit.View(raw); len(found) > 0 {
		return nil, refuse("invalid_arguments", problems(found)...)
	}
	var content map[string]json.RawMessage
	var header struct{ Type string }
	if json.Unmarshal(raw, &content) != nil || content == nil || json.Unmarshal(raw, &header) != nil {
		return nil, refuse("invalid_arguments", "[ERROR] must provide an object [json-pointer:/view]")
	}
	if header.Type != kind {
		return nil, refuse("invalid_arguments", "[ERROR] must be of type "+kind+" [json-pointer:/view/type]")
	}
	return content, nil
}

// uniqueExternal refuses an external_id that another view has.
func (w *world) uniqueExternal(content map[string]json.RawMessage, same *view) error {
	external := text(content["external_id"])
	if external == "" {
		return nil
	}
	if other := w.anyView("", external); other != nil && other != same {
		return refuse("duplicate_external_id")
	}
	return nil
}
