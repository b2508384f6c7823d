package slack

import (
	"context"
	"fmt"
	"slices"
	"strings"

	slackgo "github.com/slack-go/slack"

	"fireboss/incidents/store"
)

// Alarm says by which reaction, and in which channels, people can open an
// incident from a message. The zero value is off.
type Alarm struct {
	Reaction string   // an emoji's name without colons
	Channels []string // "#alerts" or ids
}

// fromAction is the action id of the button that opens an incident from a
// message; its value says where that stands: channel/ts.
const fromAction = "from"

// workAlarm offers whoever sounds the alarm at a message to open an incident from
// it. Slack lets nobody open a form by a reaction alone, so there is a button.
func (in *Intake) workAlarm(ctx context.Context, ev event, row store.Delivery) answering {
	user, channel, ts := id(ev.User), ev.Item.Channel, ev.Item.TS
	if in.Alarm.Reaction == "" || ev.Reaction != in.Alarm.Reaction || channel == "" || ts == "" || !memberID.MatchString(user) || !in.alarmed(ctx, channel) {
		return nil
	}
	if in.isBot(ctx, user) {
		return nil
	}
	return func(ctx context.Context) any {
		text := fmt.Sprintf(":%s: Shall I open an incident from this message?", in.Alarm.Reaction)
		b := slackgo.NewButtonBlockElement(fromAction, channel+"/"+ts, plainText("Open an incident", maxButton))
		b.Style = slackgo.StylePrimary
		m := whisperMessage(text, section(text), slackgo.NewActionBlock("", b))
		if err := in.whisper(ctx, channel, user, "", m); err != nil {
			in.answerLater(ctx, "", user, row.At, m)
		}
		return nil
	}
}

// alarmed reports whether the alarm can be sounded in a channel.
func (in *Intake) alarmed(ctx context.Context, channel string) bool {
	look, cancel := context.WithTimeout(ctx, lookUpIn)
	defer cancel()
	return slices.ContainsFunc(in.Alarm.Channels, func(where string) bool {
		known, err := in.Directory.channelID(look, where)
		return err == nil && known == channel
	})
}

// workFrom opens the form of an incident from the message that a button names. The
// button stands in the message's own channel, so whoever presses it can read it.
func (in *Intake) workFrom(ctx context.Context, t *task, i interaction, value string) answering {
	channel, ts, ok := strings.Cut(value, "/")
	if !ok || channel == "" || channel != i.Channel.ID {
		return nil
	}
	look, cancel := context.WithTimeout(ctx, lookUpIn)
	defer cancel()
	m, err := in.Client.messageAt(look, channel, ts)
	if err != nil {
		in.Log.Warn().Err(err).Msg("the message that an incident is to be opened from cannot be read")
		m.Timestamp = ts
	}
	q := question{id: t.row.ID, at: t.row.At, user: i.User.ID, userName: i.User.Name, text: "open", plain: true,
		values: map[string][]string{}, redraw: true, source: in.source(look, channel, asEvent(channel, m))}
	said := in.ask(ctx, q)
	return func(ctx context.Context) any {
		if !in.showForm(ctx, said.reply, i.TriggerID, t.row.At, carried{Place: channel, Source: q.source}) {
			in.answerClick(ctx, i, t.row.At, in.formless(ctx, said))
		}
		return nil
	}
}

// noForm is said where a form could not be opened.
const noForm = "The form could not be opened. Type what is wrong instead. Example: /incident open sev1 checkout is down"

// messageAt reads one message of a channel, or of one of its threads.
func (c *Client) messageAt(ctx context.Context, channel, ts string) (found slackgo.Message, err error) {
	err = c.replies(ctx, channel, ts, ts, ts, func(m slackgo.Message) {
		if m.Timestamp == ts {
			found = m
		}
	})
	if err == nil && found.Timestamp == "" {
		err = fmt.Errorf("%s has no message %s", channel, ts)
	}
	return found, err
}
