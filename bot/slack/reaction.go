package slack

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// Meaning is what a reaction on a message in an incident's channel does.
type Meaning string

// The meanings.
const (
	MeansKey      Meaning = "key"      // the message is a key event, as long as the reaction is there
	MeansTask     Meaning = "task"     // it becomes a task
	MeansFollowup Meaning = "followup" // it becomes a follow-up
	MeansOnIt     Meaning = "on it"    // whoever put it there is on it: the incident is acknowledged
)

// meaning is what an emoji means here, whatever its skin tone.
func (in *Intake) meaning(emoji string) Meaning {
	name, _, _ := strings.Cut(emoji, "::")
	return in.Meanings[name]
}

// unseenTries is how often a message is asked for that nobody has recorded: about
// twenty seconds, in which its channel's line waits. Then it is left to [Gaps].
const unseenTries = 6

// errUnseen says that Slack knows no such message.
var errUnseen = errors.New("there is no such message")

// workReaction does what a reaction means.
func (in *Intake) workReaction(ctx context.Context, n incidents.Number, ev event, t *task) error {
	means, user, ts := in.meaning(ev.Reaction), id(ev.User), ev.Item.TS
	if means == "" || ev.Item.Type != "message" || ts == "" || !memberID.MatchString(user) || in.isBot(ctx, user) {
		return nil
	}
	if ev.Type == "reaction_removed" {
		return in.unmark(ctx, n, ev, t)
	}
	row := t.row
	row.ID = bounded("slack:reaction:" + row.ID) // an event of that name would say that they are in the channel
	if means == MeansOnIt {
		return in.apply(ctx, n, in.author(ctx, user), row, incidents.Acknowledge{})
	}
	behind, err := in.behind(ctx, n, ev.channel(), ts)
	if err != nil {
		return err
	}
	old := time.Since(tsTime(ev.EventTS)) > late
	var m *event
	if len(behind) == 0 || old {
		m, err = in.lookAt(ctx, ev.channel(), ts)
		switch {
		case err == nil && old && !m.has(ev.Reaction):
			return nil // it was taken off since
		case err == nil || len(behind) > 0: // where Slack cannot be asked the event is believed
		case !temporary(err) || t.tries >= unseenTries:
			in.Log.Warn().Err(err).Str("incident", n.String()).Str("delivery", t.row.ID).Msg("a reaction is on a message that cannot be read")
			return nil
		default:
			return err
		}
	}
	refusal, err := in.mean(ctx, n, ev.channel(), means, in.author(ctx, user), m, ts, row)
	if refusal != nil && refusal.Code == incidents.CodeRefused {
		in.beside(func() {
			ctx, cancel := context.WithTimeout(in.ctx, workLimit)
			defer cancel()
			if err := in.whisper(ctx, ev.channel(), user, "", errorMessage(refusal.Here)); err != nil {
				in.Log.Info().Err(err).Str("delivery", t.row.ID).Msg("who put a reaction on a message could not be told why it does nothing")
			}
		})
	}
	return err
}

// unmark takes a mark away when nobody has the reaction on the message any more.
func (in *Intake) unmark(ctx context.Context, n incidents.Number, ev event, t *task) error {
	if in.meaning(ev.Reaction) != MeansKey {
		return nil
	}
	if m, err := in.lookAt(ctx, ev.channel(), ev.Item.TS); err == nil && m.has(ev.Reaction) {
		return nil
	}
	return in.apply(ctx, n, in.author(ctx, id(ev.User)), t.row, incidents.UnmarkMessage{ID: place(ev.channel(), ev.Item.TS)})
}

// mean carries out what somebody meant by a reaction on a message. m is the
// message as Slack has it, nil where it was not asked.
func (in *Intake) mean(ctx context.Context, n incidents.Number, channel string, means Meaning, who incidents.Actor, m *event, ts string, row store.Delivery) (*incidents.Refusal, error) {
	id := place(channel, ts)
	text, at := "", tsTime(ts)
	if m != nil && in.ours(*m) {
		behind, err := in.behind(ctx, n, channel, ts)
		if err != nil || len(behind) == 0 && means != MeansOnIt {
			return nil, err // the card, or an answer: nothing that anybody wrote
		}
	} else if m != nil && !in.Silent {
		first := row
		first.ID = bounded(row.ID + ":message")
		if err := in.record(ctx, n, channel, *m, true, first); err != nil {
			return nil, err
		}
	}
	if m != nil {
		text = in.said(ctx, *m)
	}
	var act incidents.Act
	switch means {
	case MeansKey:
		act = incidents.MarkMessage{ID: id}
	case MeansTask:
		act = incidents.TaskFrom{List: incidents.Tasks, ID: id, Text: text, At: at}
	case MeansFollowup:
		act = incidents.TaskFrom{List: incidents.Followups, ID: id, Text: text, At: at}
	default:
		act = incidents.Acknowledge{}
	}
	return in.attempt(ctx, n, who, row, act)
}

// behind are the events of an incident that a message stands for.
func (in *Intake) behind(ctx context.Context, n incidents.Number, channel, ts string) ([]incidents.Event, error) {
	list, err := in.Store.Behind(ctx, place(channel, ts))
	return slices.DeleteFunc(list, func(e incidents.Event) bool { return e.Incident != n }), err
}

// lookAt asks Slack for one message, wherever in the channel it is.
func (in *Intake) lookAt(ctx context.Context, channel, ts string) (*event, error) {
	ctx, cancel := context.WithTimeout(ctx, lookUpIn)
	defer cancel()
	var found *event
	err := in.Client.replies(ctx, channel, ts, ts, ts, func(m slackgo.Message) {
		if m.Timestamp == ts {
			ev := asEvent(channel, m)
			found = &ev
		}
	})
	if err == nil && found == nil {
		err = errUnseen
	}
	if errors.Is(err, errUnseen) || is(err, "thread_not_found") {
		return nil, errUnseen
	}
	return found, err
}

// has reports whether anybody has put an emoji on the message.
func (e event) has(emoji string) bool {
	return slices.ContainsFunc(e.Reactions, func(r reaction) bool { return r.Name == emoji && r.Count > 0 })
}

// asEvent is a message that was read as if it had been told.
func asEvent(channel string, m slackgo.Message) event {
	ev := event{
		Type: "message", Subtype: m.SubType, ChannelID: channel, User: quoted(m.User), BotID: m.BotID, Username: m.Username, Text: m.Text,
		TS: m.Timestamp, ThreadTS: m.ThreadTimestamp,
	}
	if m.Edited != nil {
		ev.Edited = &edit{TS: m.Edited.Timestamp}
	}
	for _, f := range m.Files {
		ev.Files = append(ev.Files, sharedFile{ID: f.ID, Name: f.Name, Mimetype: f.Mimetype, Size: int64(f.Size), URL: f.URLPrivateDownload})
	}
	for _, r := range m.Reactions {
		ev.Reactions = append(ev.Reactions, reaction{Name: r.Name, Count: r.Count, Users: r.Users})
	}
	return ev
}
