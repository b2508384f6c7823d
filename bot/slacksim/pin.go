package slacksim

import "slices"

// pin is a message kept at a channel's top.
type pin struct {
	TS      string `json:"ts"`
	By      string `json:"by"`
	Created int64  `json:"created"`
}

func (ch *channel) pinned(ts string) int {
	return slices.IndexFunc(ch.Pins, func(p pin) bool { return p.TS == ts })
}

// pin pins m; false where it is pinned already.
func (w *world) pin(ch *channel, m *message, user string) bool {
	if ch.pinned(m.TS) >= 0 {
		return false
	}
	p := pin{TS: m.TS, By: user, Created: w.unix()}
	ch.Pins = append([]pin{p}, ch.Pins...)
	w.channelChanged(ch)
	event := w.pinEvent("pin_added", ch, m, user, p)
	event["item"].(object)["message"].(object)["pinned_to"] = []string{ch.ID}
	w.emit(ch, event)
	return true
}

// unpin takes m down; false where it was not pinned.
func (w *world) unpin(ch *channel, m *message, user string, tell bool) bool {
	i := ch.pinned(m.TS)
	if i < 0 {
		return false
	}
	p := ch.Pins[i]
	ch.Pins = slices.Delete(slices.Clone(ch.Pins), i, i+1)
	w.channelChanged(ch)
	if tell {
		event := w.pinEvent("pin_removed", ch, m, user, p)
		event["has_pins"] = len(ch.Pins) > 0
		w.emit(ch, event)
	}
	return true
}

func (w *world) pinEvent(kind string, ch *channel, m *message, user string, p pin) object {
	return object{
		"type": kind, "user": user, "channel_id": ch.ID, "item": w.pinJSON(ch, m, p), "item_user": m.User,
		"pin_count": len(ch.Pins), "event_ts": w.stamp(),
		"pinned_info": object{"channel": ch.ID, "pinned_by": p.By, "pinned_ts": p.Created},
	}
}

// pinJSON is a pinned message as an item of pins.list and of the events.
func (w *world) pinJSON(ch *channel, m *message, p pin) object {
	item := object{"type": "message", "user": m.User, "text": m.Text, "ts": m.TS, "team": teamID, "permalink": permalink(ch, m.TS)}
	if m.Bot {
		item["bot_id"], item["app_id"], item["bot_profile"] = botID, appID, botProfile()
	}
	return object{"type": "message", "channel": ch.ID, "created": p.Created, "created_by": p.By, "message": item}
}
