package slacksim

import (
	"slices"
	"strings"
)

// chatPostMessage posts for the app. https://docs.slack.dev/reference/methods/chat.postMessage
func chatPostMessage(c *call) (object, error) {
	ch, err := c.destination()
	if err != nil {
		return nil, err
	}
	k, err := c.content()
	if err != nil {
		return nil, err
	}
	if k.empty() {
		return nil, refuse("no_text")
	}
	m := k.message()
	if m.Username, m.IconEmoji = c.args["username"], c.args["icon_emoji"]; m.Username != "" || m.IconEmoji != "" {
		m.Subtype = "bot_message" // under another name it is no longer the bot user's
	}
	if err := c.thread(ch, m); err != nil {
		return nil, err
	}
	c.post(ch, m)
	return object{"channel": ch.ID, "ts": m.TS, "message": c.messageJSON(ch, m)}, nil
}

// threadable are the subtypes of messages that take replies.
var threadable = []string{"", "bot_message", "thread_broadcast", "tombstone"}

// thread makes m a reply where the call asks for it. A reply to a reply is one to its root.
func (c *call) thread(ch *channel, m *message) error {
	ts := c.args["thread_ts"]
	if ts == "" {
		return nil
	}
	root := ch.lasting(ts)
	if root == nil || !slices.Contains(threadable, root.Subtype) {
		return refuse("cannot_reply_to_message")
	}
	m.ThreadTS = ts
	if root.ThreadTS != "" {
		m.ThreadTS = root.ThreadTS
	}
	if c.args.boolean("reply_broadcast") {
		m.Broadcast, m.Subtype = true, "thread_broadcast"
	}
	return nil
}

// destination is where a message is to go: a conversation's id, a public channel's name, or a person, who gets it
// from the app directly.
func (c *call) destination() (*channel, error) {
	name := c.args["channel"]
	ch := c.addressed(name)
	if ch == nil && c.user(name) != nil && name != botUserID {
		ch, _ = c.openDirect(botUserID, name)
	}
	switch {
	case ch == nil || !c.visible(ch, botUserID):
		return nil, refuse("channel_not_found")
	case ch.Archived:
		return nil, refuse("is_archived")
	case !ch.has(botUserID) && !slices.Contains(c.server.opt.Scopes, "chat:write.public"):
		return nil, refuse("not_in_channel")
	}
	return ch, nil
}

// addressed is the conversation that name stands for as a destination; nil where there is none, or none yet.
func (w *world) addressed(name string) *channel {
	switch {
	case w.byID[name] != nil:
		return w.byID[name]
	case w.user(name) != nil:
		return w.direct(botUserID, name)
	}
	return w.channelNamed(strings.TrimPrefix(name, "#"))
}

// chatPostEphemeral shows one person something. https://docs.slack.dev/reference/methods/chat.postEphemeral
func chatPostEphemeral(c *call) (object, error) {
	ch, err := c.destination()
	if err != nil {
		return nil, err
	}
	if !ch.has(c.args["user"]) {
		return nil, refuse("user_not_in_channel")
	}
	k, err := c.content()
	if err != nil {
		return nil, err
	}
	if k.empty() {
		return nil, refuse("no_text")
	}
	m := k.message()
	m.EphemeralTo, m.Metadata = c.args["user"], nil
	if err := c.thread(ch, m); err != nil {
		return nil, err
	}
	c.post(ch, m)
	return object{"message_ts": m.TS}, nil
}
