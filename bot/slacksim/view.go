package slacksim

import (
	"encoding/json"
	"slices"
	"strconv"

	"fireboss/bot/slacksim/blockkit"
)

// view is an open modal or a person's App Home.
type view struct {
	ID       string                     `json:"id"`
	User     string                     `json:"user"`
	Type     string                     `json:"type"` // modal or home
	Hash     string                     `json:"hash"`
	Root     string                     `json:"root_view_id"`
	Previous string                     `json:"previous_view_id"`
	External string                     `json:"external_id"`
	Content  map[string]json.RawMessage `json:"content"` // what the app wrote: title, blocks, callback_id, …
	State    viewState                  `json:"state"`
}

// viewState is what a view's elements hold: block id, action id, value.
type viewState map[string]map[string]object

// viewFields are what an app may write into a view and gets back in payloads, and what they are where it does not.
var viewFields = map[string]json.RawMessage{
	"title": nil, "submit": json.RawMessage("null"), "close": json.RawMessage("null"), "blocks": json.RawMessage("[]"),
	"private_metadata": json.RawMessage(`""`), "callback_id": json.RawMessage(`""`),
	"clear_on_close": json.RawMessage("false"), "notify_on_close": json.RawMessage("false"), "submit_disabled": nil,
}

// viewJSON is v as Slack shows it to the app.
func viewJSON(v *view) object {
	o := object{
		"id": v.ID, "team_id": teamID, "type": v.Type, "hash": v.Hash, "external_id": v.External,
		"state": object{"values": v.State}, "root_view_id": v.Root, "previous_view_id": nil,
		"app_id": appID, "app_installed_team_id": teamID, "bot_id": botID,
	}
	if v.Previous != "" {
		o["previous_view_id"] = v.Previous
	}
	for name, otherwise := range viewFields {
		if value := v.Content[name]; value != nil {
			o[name] = value
		} else if otherwise != nil {
			o[name] = otherwise
		}
	}
	return o
}

// viewState is v in /sim/state.
func viewInState(v *view) object { return with(viewJSON(v), object{"user": v.User}) }

// text is a field of the view that holds a string.
func (v *view) text(name string) string { return text(v.Content[name]) }

// text is the string that raw holds; "" where it holds none.
func text(raw json.RawMessage) string {
	var s string
	_ = json.Unmarshal(raw, &s)
	return s
}

func (v *view) flag(name string) bool { return string(v.Content[name]) == "true" }

// blocks are the view's blocks, to be looked through.
func (v *view) blocks() []map[string]any { return decodeBlocks(v.Content["blocks"]) }

func decodeBlocks(raw json.RawMessage) []map[string]any {
	var found []map[string]any
	items, _ := decode(raw).([]any)
	for _, item := range items {
		if b, ok := item.(map[string]any); ok {
			found = append(found, b)
		}
	}
	return found
}

// fill puts what the app wrote into v. Elements that were there before, under the same block and action id, keep
// what the person entered.
func (w *world) fill(v *view, content map[string]json.RawMessage) {
	v.Content = content
	v.Content["blocks"] = blockkit.Normalize(rawOrEmpty(content["blocks"]))
	v.External = v.text("external_id")
	v.Hash = strconv.FormatInt(w.unix(), 10) + "." + newSecret()[:8]
	v.State = carriedState(v.blocks(), v.State)
}

// openView shows a person a modal: on top of the view below or, where that is nil, instead of what they had open.
func (w *world) openView(user string, below *view, content map[string]json.RawMessage) *view {
	v := &view{ID: w.nextID("V"), User: user, Type: "modal"}
	v.Root = v.ID
	if below == nil {
		for _, old := range w.stack(user) {
			w.dropView(old)
		}
	} else {
		v.Root, v.Previous = below.Root, below.ID
	}
	w.fill(v, content)
	w.views = append(w.views, v)
	w.viewChanged(v)
	return v
}

func (w *world) viewChanged(v *view) {
	if v.Type == "home" {
		w.journal.put(bucketHomes, v.User, v)
		w.feed.add("home", object{"user": v.User, "view": viewInState(v)})
		return
	}
	w.journal.put(bucketViews, v.ID, v)
	w.feed.add("view", object{"view": viewInState(v)})
}

// stack is what a person has open, the bottom first.
func (w *world) stack(user string) []*view {
	var open []*view
	for _, v := range w.views {
		if v.User == user {
			open = append(open, v)
		}
	}
	return open
}

// dropView closes v without a word to the app.
func (w *world) dropView(v *view) {
	w.views = slices.DeleteFunc(w.views, func(other *view) bool { return other == v })
	w.journal.drop(bucketViews, v.ID)
	w.feed.add("view_closed", object{"id": v.ID, "user": v.User})
}

// openedView finds an open modal.
func (w *world) openedView(id string) *view {
	i := slices.IndexFunc(w.views, func(v *view) bool { return v.ID == id })
	if i < 0 {
		return nil
	}
	return w.views[i]
}

// anyView finds a modal or a home, by its id or else by the app's name for it.
func (w *world) anyView(id, external string) *view {
	matches := func(v *view) bool { return v.ID == id || (external != "" && v.External == external) }
	if i := slices.IndexFunc(w.views, matches); i >= 0 {
		return w.views[i]
	}
	for _, v := range w.homes {
		if matches(v) {
			return v
		}
	}
	return nil
}
