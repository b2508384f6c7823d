package slack

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// envelope is what Socket Mode wraps everything in. Only what is needed is
// decoded, and leniently: a field of another type than expected costs that
// field, never the envelope.
type envelope struct {
	ID      string          `json:"envelope_id"`
	Type    string          `json:"type"` // slash_commands, interactive, events_api
	Payload json.RawMessage `json:"payload"`
}

// slash is the payload of a slash command.
type slash struct {
	TeamID      string `json:"team_id"`
	ChannelID   string `json:"channel_id"`
	ChannelName string `json:"channel_name"`
	UserID      string `json:"user_id"`
	UserName    string `json:"user_name"`
	Command     string `json:"command"`
	Text        string `json:"text"`
	ResponseURL string `json:"response_url"`
	TriggerID   string `json:"trigger_id"`
}

// interaction is the payload of a click, a form or a shortcut.
type interaction struct {
	Type       string `json:"type"` // block_actions, view_submission, shortcut, message_action, …
	TriggerID  string `json:"trigger_id"`
	CallbackID string `json:"callback_id"` // of a shortcut
	Team       struct {
		ID string `json:"id"`
	} `json:"team"`
	User struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"user"`
	Channel struct {
		ID string `json:"id"`
	} `json:"channel"`
	Message struct {
		TS       string          `json:"ts"`
		ThreadTS string          `json:"thread_ts"`
		User     json.RawMessage `json:"user"`
		Text     string          `json:"text"`
		Files    []sharedFile    `json:"files"`
	} `json:"message"`
	View        shownView `json:"view"`
	ResponseURL string    `json:"response_url"`
	Actions     []struct {
		ActionID string `json:"action_id"`
		Value    string `json:"value"`
	} `json:"actions"`
}

// readInteraction reads the payload of an interaction. Most of it are the blocks of the
// message that was clicked on, which nobody asks for; they are left out first.
func readInteraction(payload []byte) (i interaction, err error) {
	if v, ok := pick(payload, "message"); ok && v[0] != nil {
		if blocks, ok := pick(v[0], "blocks"); ok && blocks[0] != nil {
			payload = without(payload, blocks[0])
		}
	}
	err = lenient(payload, &i)
	return i, err
}

// callback is the payload of an event.
type callback struct {
	TeamID  string          `json:"team_id"`
	EventID string          `json:"event_id"`
	Type    string          `json:"type"` // event_callback, app_rate_limited
	Event   json.RawMessage `json:"event"`
	// Authorizations are the installations that see the event; in a channel shared
	// with another organisation the team can be the other one's.
	Authorizations []struct {
		TeamID string `json:"team_id"`
	} `json:"authorizations"`
}

// foreign reports whether the event is for another workspace than this.
func (c callback) foreign(client *Client) bool {
	for _, a := range c.Authorizations {
		if !client.foreign(a.TeamID) {
			return false
		}
	}
	return client.foreign(c.TeamID) || len(c.Authorizations) > 0
}

// foreign reports whether a payload says that it is of another workspace: an
// id of a person there means somebody else here.
func (c *Client) foreign(team string) bool { return team != "" && team != c.TeamID }

// event is an inner event; the fields of all the types that matter here.
type event struct {
	Type      string          `json:"type"`
	Subtype   string          `json:"subtype"`
	Channel   json.RawMessage `json:"channel"` // an id, or an object with one
	ChannelID string          `json:"channel_id"`
	User      json.RawMessage `json:"user"` // an id, or an object with one
	BotID     string          `json:"bot_id"`
	Username  string          `json:"username"` // of a program
	Text      string          `json:"text"`
	TS        string          `json:"ts"`
	ThreadTS  string          `json:"thread_ts"`
	EventTS   string          `json:"event_ts"`
	Tab       string          `json:"tab"` // of the app's home: home, messages
	DeletedTS string          `json:"deleted_ts"`
	Hidden    bool            `json:"hidden"`
	Message   *event          `json:"message"`
	Previous  *event          `json:"previous_message"`
	Edited    *edit           `json:"edited"`
	Files     []sharedFile    `json:"files"`
	Reaction  string          `json:"reaction"`
	Reactions []reaction      `json:"reactions"`
	Item      struct {
		Type    string `json:"type"`
		Channel string `json:"channel"`
		TS      string `json:"ts"`
		Message struct {
			TS string `json:"ts"`
		} `json:"message"`
	} `json:"item"`
}

// edit says when a message was changed last.
type edit struct {
	TS string `json:"ts"`
}

// sharedFile is a file that a message shares.
type sharedFile struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Mimetype string `json:"mimetype"`
	Size     int64  `json:"size"`
	URL      string `json:"url_private_download"`
}

// reaction is an emoji on a message, and who put it there: not all of them where
// there are many.
type reaction struct {
	Name  string   `json:"name"`
	Count int      `json:"count"`
	Users []string `json:"users"`
}

// quoted is an id as it stands in an event.
func quoted(id string) json.RawMessage {
	raw, _ := json.Marshal(id) // a string
	return raw
}

// id reads an id that stands alone or in an object.
func id(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var o struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(raw, &o)
	return o.ID
}

// channel is where the event happened.
func (e event) channel() string {
	if c := id(e.Channel); c != "" {
		return c
	}
	if e.ChannelID != "" {
		return e.ChannelID
	}
	return e.Item.Channel
}

// lenient decodes what can be decoded: encoding/json goes on after a field of
// the wrong type, so such an error is no reason to give up.
func lenient(raw []byte, v any) error {
	err := json.Unmarshal(raw, v)
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return nil
	}
	return err
}

// tsTime is the moment that a message's ts stands for.
func tsTime(ts string) time.Time {
	sec, frac, _ := strings.Cut(ts, ".")
	s, err := strconv.ParseInt(sec, 10, 64)
	if err != nil {
		return time.Time{}
	}
	us, _ := strconv.ParseInt((frac + "000000")[:6], 10, 64)
	return time.Unix(s, us*1000).UTC()
}

// eventID begins the id of a delivery that is an event.
const eventID = "slack:event:"

// readEnvelope reads an envelope, its payload as it stands.
func readEnvelope(raw []byte) (env envelope, err error) {
	if v, ok := pick(raw, "envelope_id", "type", "payload"); ok {
		id, plainID := word(v[0])
		kind, plainKind := word(v[1])
		if plainID && plainKind {
			return envelope{ID: id, Type: kind, Payload: v[2]}, nil
		}
	}
	err = lenient(raw, &env)
	return env, err
}

// deliveryID is how an envelope is recognised when it comes again: an event by
// its event id, a command or a click by its trigger, anything else by the
// envelope's own id. It also says where it happened.
func (e envelope) deliveryID() (id, channel string) {
	id, channel = e.names()
	return bounded(id), channel
}

// maxID is the length from which on an id is none of Slack's. The store has keys
// of a length too; what it could not keep would be tried for ever.
const maxID = 200

// bounded is an id, or what stands for one that is too long.
func bounded(id string) string {
	if len(id) <= maxID {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return "slack:long:" + hex.EncodeToString(sum[:])
}

// names are the id and the channel as the envelope has them.
func (e envelope) names() (id, channel string) {
	own, channel, ok := e.marks()
	if !ok {
		own, channel = e.decodedMarks()
	}
	switch {
	case own == "":
		return "slack:envelope:" + e.ID, channel
	case e.Type == "events_api":
		return eventID + own, channel
	}
	return "slack:trigger:" + own, channel
}

// marks are what Slack tells deliveries apart by, and where it happened; ok is
// false where that stands there in an unusual way.
func (e envelope) marks() (own, channel string, ok bool) {
	switch e.Type {
	case "events_api":
		v, ok := pick(e.Payload, "event_id", "event")
		if !ok || v[1] == nil {
			return "", "", false
		}
		ev, ok := pick(v[1], "channel", "channel_id")
		if !ok {
			return "", "", false
		}
		own, plainOwn := word(v[0])
		channel, plain := channelOf(ev[0])
		if channel == "" && plain {
			channel, plain = word(ev[1])
		}
		return own, channel, plainOwn && plain && channel != ""
	case "slash_commands":
		v, ok := pick(e.Payload, "trigger_id", "channel_id")
		if !ok {
			return "", "", false
		}
		own, plainOwn := word(v[0])
		channel, plain := word(v[1])
		return own, channel, plainOwn && plain
	case "interactive":
		v, ok := pick(e.Payload, "trigger_id", "channel")
		if !ok || at(v[1], 0, '"') {
			return "", "", false
		}
		own, plainOwn := word(v[0])
		channel, plain := channelOf(v[1])
		return own, channel, plainOwn && plain
	}
	return "", "", true
}

// channelOf is a channel's id that stands alone or in an object.
func channelOf(value []byte) (id string, ok bool) {
	if !at(value, 0, '{') {
		return word(value)
	}
	v, ok := pick(value, "id")
	if !ok {
		return "", false
	}
	return word(v[0])
}

// decodedMarks are the same by way of decoding everything.
func (e envelope) decodedMarks() (own, channel string) {
	switch e.Type {
	case "events_api":
		var c callback
		_ = lenient(e.Payload, &c)
		var ev event
		_ = lenient(c.Event, &ev)
		return c.EventID, ev.channel()
	case "slash_commands":
		var s slash
		_ = lenient(e.Payload, &s)
		return s.TriggerID, s.ChannelID
	case "interactive":
		i, _ := readInteraction(e.Payload)
		return i.TriggerID, i.Channel.ID
	}
	return "", ""
}

// formatTS is a moment as Slack writes it.
func formatTS(t time.Time) string {
	return fmt.Sprintf("%010d.%06d", t.Unix(), t.Nanosecond()/1000)
}
