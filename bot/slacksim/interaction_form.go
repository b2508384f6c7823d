package slacksim

import (
	"encoding/json"
)

// submit sends a form to the app and does what the ack says: errors keeps it open, update and push show another,
// clear closes all, nothing closes it. https://docs.slack.dev/surfaces/modals
func (s *Server) submit(base string, u *user, viewID string, values map[string]json.RawMessage) (reached, error) {
	var v *view
	r, err := s.dispatch("interactive", true, func(w *world) (object, error) {
		v = w.openedView(viewID)
		if v == nil || v.User != u.ID {
			return nil, refuseWith("view_not_found", object{"message": u.Name + " has no form " + viewID + " open."})
		}
		if err := w.enter(v, values); err != nil {
			return nil, err
		}
		w.viewChanged(v)
		if wrong := incomplete(v); len(wrong) > 0 {
			return nil, refuseWith("incomplete", object{"errors": wrong, "message": "Slack does not send a form with fields missing or wrong."})
		}
		return with(w.interactivePayload("view_submission", u), object{
			"trigger_id": w.newTrigger(u.ID), "view": viewJSON(v), "response_urls": w.responseURLs(base, v),
		}), nil
	})
	if err != nil || r.err != nil {
		return r, err
	}
	saved := s.update(func(w *world) { err = w.afterSubmit(v, r.response) })
	return r, orElse(err, saved)
}

// afterSubmit does what the ack of a submission says.
func (w *world) afterSubmit(v *view, response json.RawMessage) error {
	var ack struct {
		Action string          `json:"response_action"`
		View   json.RawMessage `json:"view"`
	}
	_ = json.Unmarshal(response, &ack) // what is not understood closes the form
	if w.openedView(v.ID) != v {
		return nil // the person has closed it meanwhile
	}
	switch ack.Action {
	case "errors":
		return nil
	case "clear":
		for _, open := range w.stack(v.User) {
			w.dropView(open)
		}
		return nil
	case "update", "push":
		return w.follow(v, ack.Action, ack.View)
	}
	w.dropView(v)
	return nil
}

// follow shows the view that an ack carried.
func (w *world) follow(v *view, action string, raw json.RawMessage) error {
	content, err := checkView(raw, "modal")
	if err != nil {
		return err
	}
	same := v
	if action == "push" {
		same = nil
	}
	if err := w.uniqueExternal(content, same); err != nil {
		return err
	}
	if action == "push" {
		if len(w.stack(v.User)) >= maxViewStack {
			return refuse("push_limit_reached")
		}
		w.openView(v.User, v, content)
		return nil
	}
	w.fill(v, content)
	w.viewChanged(v)
	return nil
}

// responseURLs are those for the conversations that a form's selects with response_url_enabled chose.
func (w *world) responseURLs(base string, v *view) []object {
	urls := []object{}
	for _, b := range v.blocks() {
		e, _ := b["element"].(map[string]any)
		if enabled, _ := e["response_url_enabled"].(bool); !enabled {
			continue
		}
		block, action := str(b, "block_id"), str(e, "action_id")
		id, _ := v.State[block][action][elementKinds[str(e, "type")].holds].(string)
		if ch := w.byID[id]; ch != nil {
			urls = append(urls, object{
				"block_id": block, "action_id": action, "channel_id": id,
				"response_url": w.newResponseURL(base, "actions", v.User, ch, nil),
			})
		}
	}
	return urls
}

// closeView closes a form, or with all the whole stack, and tells the app where it asked to be told.
func (s *Server) closeView(u *user, viewID string, all bool) (reached, error) {
	var closed []object
	var err error
	saved := s.update(func(w *world) {
		v := w.openedView(viewID)
		if v == nil || v.User != u.ID {
			err = refuseWith("view_not_found", object{"message": u.Name + " has no view " + viewID + " open."})
			return
		}
		open := []*view{v}
		if all || v.flag("clear_on_close") {
			all, open = true, w.stack(u.ID)
		}
		for _, v := range open {
			w.dropView(v)
			if v.flag("notify_on_close") {
				closed = append(closed, with(w.interactivePayload("view_closed", u), object{"view": viewJSON(v), "is_cleared": all}))
			}
		}
	})
	r := reached{}
	for _, payload := range closed {
		if r, err = s.dispatch("interactive", false, func(*world) (object, error) { return payload, nil }); err != nil {
			break
		}
	}
	return r, orElse(err, saved)
}
