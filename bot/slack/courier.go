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
	return c.hand(ctx, user, letter(m, in, e), m, e)
}

// DeliverTogether is Deliver for several messages that are sent as one, which
// carries the key of the first.
func (c Courier) DeliverTogether(ctx context.Context, letters []store.Letter, tried bool) (string, error) {
	first := letters[0].Message
	if len(letters) == 1 {
		return c.Deliver(ctx, first, letters[0].Incident, letters[0].Event, tried)
	}
	user, ok := c.Client.member(first.To.ID)
	if !ok {
		return "", fmt.Errorf("%s is not a member of this workspace", first.To.ID)
	}
	if tried {
		if found, err := c.find(ctx, user, first.Key); err != nil || found != "" {
			return found, err
		}
	}
	return c.hand(ctx, user, bundle(letters), first, letters[0].Event)
}

// hand sends a message that carries the key of a row.
func (c Courier) hand(ctx context.Context, user string, said *message, m store.Message, e incidents.Event) (string, error) {
	place, err := c.Client.direct(ctx, user, said, metadata(messageMark, map[string]any{"key": m.Key}))
	if err == nil {
		c.Client.said(saidPerson, m.Kind, e.Field("rule"))
	}
	return place, err
}

// bundle puts several messages to one person into one.
func bundle(letters []store.Letter) *message {
	var blocks []slackgo.Block
	var texts []string
	for _, l := range letters {
		m := letter(l.Message, l.Incident, l.Event)
		blocks, texts = append(blocks, m.Blocks...), append(texts, m.Text)
	}
	return &message{Text: clipped(strings.Join(texts, "\n\n"), maxText), Blocks: clip(blocks)}
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
		if i := lastSlash(e.Actor.ID); i >= 0 {
			buttons = []commands.Choice{{Label: "Let them in", Command: "invite " + in.Number.String() + " @" + e.Actor.ID[i+1:]}}
		}
	case incidents.Reminder, incidents.FollowupReminder:
		text = icons[e.Kind] + " " + cutEscaped(e.Text, 2500) + "\n" + name
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
