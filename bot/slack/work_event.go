package slack

import (
	"context"
	"errors"
	"strings"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// workEvent works an event. An error says that it should be worked again.
func (in *Intake) workEvent(ctx context.Context, env envelope, row store.Delivery) error {
	var c callback
	if err := lenient(env.Payload, &c); err != nil {
		return nil //nolint:nilerr // what cannot be read will not become readable
	}
	if c.Type != "event_callback" {
		in.Log.Warn().Str("type", c.Type).Msg("Slack holds events back")
		return nil
	}
	var ev event
	if err := lenient(c.Event, &ev); err != nil {
		return nil //nolint:nilerr // as above
	}
	switch ev.Type {
	case "app_mention":
		in.workMention(ctx, ev, row)
		return nil
	case "team_join", "user_change":
		in.Directory.forget(id(ev.User))
		return nil
	case "subteam_updated", "subteam_created", "subteam_members_changed":
		in.Directory.forgetGroups()
		return nil
	}
	n, err := in.Store.AtPlace(ctx, Door, ev.channel())
	if errors.Is(err, store.ErrNotFound) {
		return nil // not an incident's channel: nothing of it is kept
	}
	if err != nil {
		return err
	}
	return in.inChannel(ctx, n, ev, row)
}

// inChannel works an event of an incident's channel.
func (in *Intake) inChannel(ctx context.Context, n incidents.Number, ev event, row store.Delivery) error {
	user := id(ev.User)
	switch ev.Type {
	case "message":
		return in.workMessage(ctx, n, ev, row)
	case "member_joined_channel", "member_left_channel":
		if user == in.Client.UserID {
			in.Poke(n)
			return nil
		}
		who, _ := in.Directory.actor(ctx, user, "")
		if m, err := in.Directory.member(ctx, user); err == nil && m.bot {
			return nil
		}
		var act incidents.Act = incidents.Arrived{Who: who.Person()}
		if ev.Type == "member_left_channel" {
			act = incidents.Departed{Who: who.Person()}
		}
		return in.apply(ctx, n, who, row, act)
	case "channel_archive", "channel_unarchive", "channel_deleted", "channel_left", "channel_rename",
		"group_archive", "group_unarchive", "group_deleted", "group_left", "group_rename", "pin_removed":
		in.Poke(n)
	}
	return nil
}

// workMessage records what people wrote, changed or took back.
func (in *Intake) workMessage(ctx context.Context, n incidents.Number, ev event, row store.Delivery) error {
	switch ev.Subtype {
	case "", "file_share", "thread_broadcast", "me_message":
		if in.bot(ev) {
			return nil
		}
		return in.record(ctx, n, ev, row)
	case "message_changed":
		m := ev.Message
		if m == nil || in.bot(*m) || ev.Previous != nil && ev.Previous.Text == m.Text {
			return nil // Slack also says so when it unfolds a link
		}
		at := tsTime(ev.TS)
		if m.Edited != nil {
			at = tsTime(m.Edited.TS)
		}
		who, _ := in.Directory.actor(ctx, id(m.User), "")
		text, _ := in.Directory.read(ctx, m.Text)
		return in.apply(ctx, n, who, row, incidents.RecordEdit{ID: place(ev.channel(), m.TS), Text: text, At: at})
	case "message_deleted":
		if ev.Previous != nil && in.bot(*ev.Previous) {
			in.Poke(n) // it may have been the card
			return nil
		}
		who := incidents.Fireboss
		if ev.Previous != nil {
			who, _ = in.Directory.actor(ctx, id(ev.Previous.User), "")
		}
		return in.apply(ctx, n, who, row, incidents.RecordDeletion{ID: place(ev.channel(), ev.DeletedTS), At: tsTime(ev.TS)})
	}
	return nil
}

func (in *Intake) record(ctx context.Context, n incidents.Number, ev event, row store.Delivery) error {
	who, _ := in.Directory.actor(ctx, id(ev.User), "")
	text, _ := in.Directory.read(ctx, ev.Text)
	act := incidents.RecordMessage{ID: place(ev.channel(), ev.TS), Text: text, At: tsTime(ev.TS)}
	if ev.ThreadTS != "" && ev.ThreadTS != ev.TS {
		act.Thread = place(ev.channel(), ev.ThreadTS)
	}
	return in.apply(ctx, n, who, row, act)
}

// bot reports whether a message was written by a program.
func (in *Intake) bot(ev event) bool {
	return ev.BotID != "" || id(ev.User) == "" || id(ev.User) == in.Client.UserID
}

// place is the outside id of a message.
func place(channel, ts string) incidents.OutsideID {
	return incidents.OutsideID{Mirror: Door, ID: channel + "/" + ts}
}

func (in *Intake) apply(ctx context.Context, n incidents.Number, who incidents.Actor, row store.Delivery, act incidents.Act) error {
	_, err := in.Store.Apply(ctx, incidents.Command{ID: row.ID, Actor: who, At: row.At, Incident: n, Origin: Door, Do: act})
	if r, refused := incidents.AsRefusal(err); refused {
		in.Log.Info().Str("incident", n.String()).Str("why", r.Text).Msg("an event of the channel was refused")
		return nil
	}
	return err
}

// workMention carries out "@fireboss VERB …". It is the same command however
// many events Slack makes of the message, so its id is the message's.
func (in *Intake) workMention(ctx context.Context, ev event, row store.Delivery) {
	if in.bot(ev) {
		return
	}
	text := strings.TrimSpace(ev.Text)
	if i := strings.Index(text, "<@"+in.Client.UserID); i >= 0 {
		if j := strings.IndexByte(text[i:], '>'); j >= 0 {
			text = strings.TrimSpace(text[:i] + " " + text[i+j+1:])
		}
	}
	channel, user := ev.channel(), id(ev.User)
	m := in.ask(ctx, question{id: "slack:mention:" + channel + "/" + ev.TS, at: row.At, user: user, channel: channel, text: text})
	if err := in.whisper(ctx, channel, user, ev.ThreadTS, m); err != nil {
		in.answerLater(ctx, "", user, time.Now(), m)
	}
}
