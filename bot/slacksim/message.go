package slacksim

import (
	"encoding/json"
	"slices"
	"strings"
)

// message is one message of a channel, or one that only EphemeralTo sees.
type message struct {
	TS          string          `json:"ts"`
	User        string          `json:"user"`
	Bot         bool            `json:"bot,omitempty"` // posted by the app, not by a person
	Subtype     string          `json:"subtype,omitempty"`
	Text        string          `json:"text"`
	Blocks      json.RawMessage `json:"blocks,omitempty"`
	Attachments json.RawMessage `json:"attachments,omitempty"`
	Metadata    *metadata       `json:"metadata,omitempty"`
	ThreadTS    string          `json:"thread_ts,omitempty"`
	Broadcast   bool            `json:"broadcast,omitempty"`
	Reactions   []reaction      `json:"reactions,omitempty"`
	Edited      *edited         `json:"edited,omitempty"`
	EphemeralTo string          `json:"ephemeral_to,omitempty"`
	Files       []string        `json:"files,omitempty"`
	ClientMsgID string          `json:"client_msg_id,omitempty"`
	Username    string          `json:"username,omitempty"`
	IconEmoji   string          `json:"icon_emoji,omitempty"`

	// What system messages carry.
	Inviter string `json:"inviter,omitempty"`
	Topic   string `json:"topic,omitempty"`
	Purpose string `json:"purpose,omitempty"`
	Name    string `json:"name,omitempty"`
	OldName string `json:"old_name,omitempty"`
}

type metadata struct {
	EventType    string          `json:"event_type"`
	EventPayload json.RawMessage `json:"event_payload"`
}

type edited struct {
	User string `json:"user"`
	TS   string `json:"ts"`
}

// post gives m the channel's next timestamp, adds it and tells the app.
func (w *world) post(ch *channel, m *message) *message {
	w.place(ch, m)
	if m.EphemeralTo == "" {
		w.emitMessage(ch, m)
	}
	return m
}

// place gives m the channel's next timestamp and adds it, without a word to the app.
func (w *world) place(ch *channel, m *message) {
	micros := max(w.now().UnixMicro(), ch.LastTS+1)
	ch.LastTS, m.TS = micros, formatTS(micros)
	ch.keep(m)
	w.journal.put(bucketChannels, ch.ID, ch)
	w.messageChanged(ch, m)
	if m.ThreadTS != "" && m.EphemeralTo == "" {
		if root := ch.message(m.ThreadTS); root != nil {
			w.messageChanged(ch, root) // its reply count
		}
	}
}

// keep adds m, which is newer than any message of ch.
func (ch *channel) keep(m *message) {
	ch.messages = append(ch.messages, m)
	if m.ThreadTS == "" || m.ThreadTS == m.TS || m.EphemeralTo != "" {
		return
	}
	if ch.threads == nil {
		ch.threads = map[string][]*message{}
	}
	ch.threads[m.ThreadTS] = append(ch.threads[m.ThreadTS], m)
}

// messageChanged keeps m and tells the page.
func (w *world) messageChanged(ch *channel, m *message) {
	w.journal.put(bucketMessages, ch.ID+"/"+m.TS, m)
	w.feed.add("message", object{"channel": ch.ID, "message": w.messageState(ch, m)})
}

// message finds a message by its timestamp, an ephemeral one too.
func (ch *channel) message(ts string) *message {
	i, found := slices.BinarySearchFunc(ch.messages, ts, func(m *message, ts string) int { return strings.Compare(m.TS, ts) })
	if !found {
		return nil
	}
	return ch.messages[i]
}

// lasting finds a message that is not ephemeral.
func (ch *channel) lasting(ts string) *message {
	if m := ch.message(ts); m != nil && m.EphemeralTo == "" {
		return m
	}
	return nil
}

// remove deletes m. A thread's root with replies leaves a tombstone.
func (w *world) remove(ch *channel, m *message) {
	previous := *m
	w.unpin(ch, m, m.User, false)
	if len(ch.threads[m.TS]) > 0 {
		*m = message{TS: m.TS, ThreadTS: m.ThreadTS, User: slackbotID, Subtype: "tombstone", Text: "This message was deleted."}
		w.messageChanged(ch, m)
	} else {
		same := func(other *message) bool { return other == m }
		ch.messages = slices.DeleteFunc(ch.messages, same)
		if replies := ch.threads[m.ThreadTS]; replies != nil { // an ephemeral reply is not among them
			ch.threads[m.ThreadTS] = slices.DeleteFunc(replies, same)
		}
		w.journal.drop(bucketMessages, ch.ID+"/"+m.TS)
		w.feed.add("message_deleted", object{"channel": ch.ID, "ts": m.TS})
		if root := ch.message(m.ThreadTS); root != nil {
			w.messageChanged(ch, root)
		}
	}
	if previous.EphemeralTo == "" {
		w.emitDeleted(ch, &previous)
	}
}

// permalink is where a browser would show the message.
func permalink(ch *channel, ts string) string {
	return "https://" + teamDomain + ".slack.com/archives/" + ch.ID + "/p" + strings.Replace(ts, ".", "", 1)
}

// messageState is m in /sim/state.
func (w *world) messageState(ch *channel, m *message) object {
	state := object{
		"ts": m.TS, "user": m.User, "text": m.Text, "blocks": rawOrEmpty(m.Blocks), "metadata": m.Metadata,
		"thread_ts": m.ThreadTS, "reactions": list(m.Reactions), "edited": m.Edited,
	}
	optional := object{
		"subtype": m.Subtype, "ephemeral_to": m.EphemeralTo, "client_msg_id": m.ClientMsgID,
		"username": m.Username, "icon_emoji": m.IconEmoji, "inviter": m.Inviter,
	}
	for k, v := range optional {
		if v != "" {
			state[k] = v
		}
	}
	if m.Bot {
		state["bot_id"] = botID
	}
	if m.Attachments != nil {
		state["attachments"] = m.Attachments
	}
	if m.Files != nil {
		state["files"] = w.filesState(m.Files)
	}
	if replies := ch.threads[m.TS]; len(replies) > 0 {
		state["reply_count"], state["latest_reply"] = len(replies), replies[len(replies)-1].TS
	}
	return state
}

func rawOrEmpty(raw json.RawMessage) json.RawMessage {
	if raw == nil {
		return json.RawMessage("[]")
	}
	return raw
}
