package slack

import (
	"context"
	"fmt"
	"strings"

	slackgo "github.com/slack-go/slack"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// Courier tells single people what concerns them alone, as direct messages.
type Courier struct {
	Client *Client
	Store  Book                   // for what a letter tells of its incident; nil: only what stands in it
	Rules  func() incidents.Rules // nil: no roles with instructions
}

// Book is what a letter is written from.
type Book interface {
	Events(ctx context.Context, n incidents.Number, after uint64, limit int) ([]incidents.Event, error)
	Record(ctx context.Context, mirror string, n incidents.Number) (store.Record, error)
}

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
	b, err := c.background(ctx, m, in, e)
	if err != nil {
		return "", err
	}
	return c.hand(ctx, user, letter(m, in, e, b), m, e)
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
		m := letter(l.Message, l.Incident, l.Event, background{})
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

func lastSlash(s string) int {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == '/' {
			return i
		}
	}
	return -1
}
