package slacksim

import "slices"

// reaction is an emoji on a message and who put it there, in that order.
type reaction struct {
	Name  string   `json:"name"`
	Users []string `json:"users"`
	Count int      `json:"count"`
}

// react puts an emoji on m; false where it is there already.
func (w *world) react(ch *channel, m *message, user, name string) bool {
	i := slices.IndexFunc(m.Reactions, func(r reaction) bool { return r.Name == name })
	if i < 0 {
		m.Reactions = append(m.Reactions, reaction{Name: name})
		i = len(m.Reactions) - 1
	}
	r := &m.Reactions[i]
	if slices.Contains(r.Users, user) {
		return false
	}
	r.Users = append(r.Users, user)
	r.Count = len(r.Users)
	w.messageChanged(ch, m)
	w.emit(ch, w.reactionEvent("reaction_added", ch, m, user, name))
	return true
}

// unreact takes an emoji off m; false where user had not put it there.
func (w *world) unreact(ch *channel, m *message, user, name string) bool {
	i := slices.IndexFunc(m.Reactions, func(r reaction) bool { return r.Name == name && slices.Contains(r.Users, user) })
	if i < 0 {
		return false
	}
	r := &m.Reactions[i]
	r.Users = slices.DeleteFunc(r.Users, func(id string) bool { return id == user })
	r.Count = len(r.Users)
	if r.Count == 0 {
		m.Reactions = slices.Delete(m.Reactions, i, i+1)
	}
	w.messageChanged(ch, m)
	w.emit(ch, w.reactionEvent("reaction_removed", ch, m, user, name))
	return true
}

func (w *world) reactionEvent(kind string, ch *channel, m *message, user, name string) object {
	return object{
		"type": kind, "user": user, "reaction": name, "item_user": m.User, "event_ts": w.stamp(),
		"item": object{"type": "message", "channel": ch.ID, "ts": m.TS},
	}
}
