package slack

import (
	"context"
	"fmt"
	"strings"

	slackgo "github.com/slack-go/slack"

	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// Courier tells single people what concerns them alone, as direct messages.
type Courier struct{ Client *Client }

// Carries reports whether this person can be reached here.
func (c Courier) Carries(to incidents.Person) bool {
	_, ok := c.Client.member(to.ID)
	return ok
}

// Deliver sends one message and answers where it can be found. Where an attempt
// before this one ended without an answer (tried is true) it looks first
// whether the message arrived.
func (c Courier) Deliver(ctx context.Context, m store.Message, in incidents.Incident, e incidents.Event, tried bool) (string, error) {
	user, ok := c.Client.member(m.To.ID)
	if !ok {
		return "", fmt.Errorf("%s is not a member of this workspace", m.To.ID)
	}
	if tried {
		if found, err := c.find(ctx, user, m.Key); err != nil || found != "" {
			return found, err
		}
	}
	return c.Client.direct(ctx, user, letter(m, in, e), metadata(messageMark, map[string]any{"key": m.Key}))
}

// find looks for a message that carries the key.
func (c Courier) find(ctx context.Context, user, key string) (string, error) {
	ch, err := again(ctx, true, func(ctx context.Context) (*slackgo.Channel, error) {
		ch, _, _, err := c.Client.api.OpenConversationContext(ctx, &slackgo.OpenConversationParameters{Users: []string{user}})
		return ch, err
	})
	if err != nil {
		return "", explain("conversations.open", err)
	}
	found := ""
	err = c.Client.history(ctx, ch.ID, "0", func(m slackgo.Message) {
		if m.Metadata.EventType == messageMark && m.Metadata.EventPayload["key"] == key {
			found = ch.ID + "/" + m.Timestamp
		}
	})
	return found, err
}

// letter puts a message to one person into words.
func letter(m store.Message, in incidents.Incident, e incidents.Event) *message {
	name := "*" + plain(heading(in)) + "*"
	var text string
	var buttons []commands.Choice
	switch m.Kind {
	case incidents.HandoffOffer:
		text = fmt.Sprintf("%s offers you command of %s (%s, %s).", plain(e.Actor.Name), name, in.Severity, in.Status)
		if words := e.Field("text"); words != "" {
			text += "\n>" + strings.ReplaceAll(cutEscaped(words, 2000), "\n", "\n>")
		}
		text += "\nUntil you take it, nothing changes."
		buttons = []commands.Choice{{Label: "Take command", Command: "accept " + in.Number.String(), Primary: true}}
	case incidents.AccessRequest:
		text = fmt.Sprintf("%s asks to be let into %s, which is private.", plain(e.Actor.Name), name)
		if !in.Private {
			text = fmt.Sprintf("%s is a guest and asks to be let into %s.", plain(e.Actor.Name), name)
		}
		if i := lastSlash(e.Actor.ID); i >= 0 {
			text += " If you deny it, they hear nothing."
			answer := func(word string) string { return "access " + in.Number.String() + " " + word + " @" + e.Actor.ID[i+1:] }
			buttons = []commands.Choice{{Label: "Approve", Command: answer("approve")}, {Label: "Deny", Command: answer("deny")}}
		}
	case incidents.Welcome:
		text = fmt.Sprintf("%s let you into %s, and you are invited to its channel. How it stands: /incident show %s", plain(e.Actor.Name), name, in.Number)
	case incidents.Reminder:
		text = icons[e.Kind] + " " + cutEscaped(e.Text, 2500) + "\n" + name
		if e.Redacted {
			text = "_This was removed._\n" + name
		}
		buttons = remedies(e)
	default:
		text = cutEscaped(e.Text, maxSection-500) + " (" + name + ")"
	}
	blocks := []slackgo.Block{section(clipped(text, maxSection))}
	if len(buttons) > 0 {
		blocks = append(blocks, choices(buttons))
	}
	return &message{Text: clipped(text, maxText), Blocks: blocks}
}

func lastSlash(s string) int {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == '/' {
			return i
		}
	}
	return -1
}
