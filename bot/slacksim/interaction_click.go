package slacksim

import "encoding/json"

// click is a button pressed or a choice made, in a message or in a view.
type click struct {
	user   *user
	target target
	action string          // the element's action_id
	block  string          // its block_id, where several have that action_id
	value  json.RawMessage // what was chosen, where there is a choice
	values map[string]json.RawMessage
}

// target is where it was clicked: a message of channel, or a view.
type target struct {
	channel *channel
	ts      string
	viewID  string
}

// click tells the app. A field of a form that does not dispatch only keeps what was entered: dispatched is false.
// https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
func (s *Server) click(base string, c click) (r reached, dispatched bool, err error) {
	dispatched = true
	r, err = s.dispatch("interactive", false, func(w *world) (object, error) {
		if c.target.viewID == "" {
			return w.clickMessage(base, c)
		}
		return w.clickView(c, &dispatched)
	})
	if !dispatched {
		return reached{}, false, nil
	}
	return r, true, err
}

func (w *world) clickMessage(base string, c click) (object, error) {
	ch := c.target.channel
	m := ch.message(c.target.ts)
	if m == nil || (m.EphemeralTo != "" && m.EphemeralTo != c.user.ID) || !w.visible(ch, c.user.ID) {
		return nil, refuseWith("message_not_found", object{"message": c.user.Name + " sees no message " + c.target.ts + " there."})
	}
	blocks := decodeBlocks(m.Blocks)
	for _, attachment := range decodeBlocks(m.Attachments) {
		blocks = append(blocks, decodeBlocks(mustJSON(attachment["blocks"]))...)
	}
	action, p, err := w.act(blocks, c)
	if err != nil {
		return nil, err
	}
	state := carriedState(blocks, nil)
	if stateful(p.element) {
		state[str(p.block, "block_id")][c.action], _ = w.choose(c.user.ID, p.element, c.value)
	}
	container := object{"type": "message", "message_ts": m.TS, "channel_id": ch.ID, "is_ephemeral": m.EphemeralTo != ""}
	if m.ThreadTS != "" {
		container["thread_ts"] = m.ThreadTS
	}
	payload := with(w.interactivePayload("block_actions", c.user), object{
		"container": container, "trigger_id": w.newTrigger(c.user.ID), "actions": []object{action},
		"channel": object{"id": ch.ID, "name": ch.displayName()}, "state": object{"values": state},
		"response_url": w.newResponseURL(base, "actions", c.user.ID, ch, m),
	})
	if m.EphemeralTo == "" {
		payload["message"] = w.messageJSON(ch, m)
	}
	return payload, nil
}

func (w *world) clickView(c click, dispatched *bool) (object, error) {
	v := w.openedView(c.target.viewID)
	if home := w.homes[c.user.ID]; v == nil && home != nil && home.ID == c.target.viewID {
		v = home
	}
	if v == nil || v.User != c.user.ID {
		return nil, refuseWith("view_not_found", object{"message": c.user.Name + " has no view " + c.target.viewID + " open."})
	}
	if err := w.enter(v, c.values); err != nil {
		return nil, err
	}
	action, p, err := w.act(v.blocks(), c)
	if err != nil {
		return nil, err
	}
	if stateful(p.element) {
		held, err := w.choose(c.user.ID, p.element, c.value)
		if err != nil {
			return nil, err
		}
		v.State[str(p.block, "block_id")][c.action] = held
		w.viewChanged(v)
	}
	if dispatches, _ := p.block["dispatch_action"].(bool); str(p.block, "type") == "input" && !dispatches {
		*dispatched = false
		return nil, errNotDispatched
	}
	return with(w.interactivePayload("block_actions", c.user), object{
		"container": object{"type": "view", "view_id": v.ID}, "trigger_id": w.newTrigger(c.user.ID),
		"view": viewJSON(v), "actions": []object{action},
	}), nil
}

// errNotDispatched ends a click that Slack keeps to itself.
var errNotDispatched = refuse("not_dispatched")

// act is the element that was clicked and the entry of a payload's actions for it.
func (w *world) act(blocks []map[string]any, c click) (object, placed, error) {
	p, ok := find(blocks, c.action, c.block, c.value)
	if !ok {
		return nil, p, refuseWith("action_not_found", object{"message": "There is nothing with the action_id " + c.action + " to click."})
	}
	e := p.element
	action := object{
		"type": str(e, "type"), "action_id": c.action, "block_id": str(p.block, "block_id"), "action_ts": w.stamp(),
	}
	if _, choice := elementKinds[str(e, "type")]; !choice {
		button := buttonOf(e, text(c.value))
		if button == nil {
			return nil, p, malformed("No button with the action_id %s has the value %q.", c.action, text(c.value))
		}
		for _, key := range []string{"text", "value", "style", "url"} {
			if button[key] != nil {
				action[key] = button[key]
			}
		}
		return action, p, nil
	}
	held, err := w.choose(c.user.ID, e, c.value)
	return with(action, held), p, err
}

// buttonOf is the button that was pressed: e itself or, where e holds a pair for feedback, the one with the value.
// Without a value it is the only one or the first; nil where none has the value.
func buttonOf(e map[string]any, value string) map[string]any {
	candidates := []map[string]any{e}
	if str(e, "type") == "feedback_buttons" {
		positive, _ := e["positive_button"].(map[string]any)
		negative, _ := e["negative_button"].(map[string]any)
		candidates = []map[string]any{positive, negative}
	}
	for _, button := range candidates {
		if value == "" || str(button, "value") == value {
			return button
		}
	}
	return nil
}
