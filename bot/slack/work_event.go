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
func (in *Intake) workEvent(ctx context.Context, t *task) (answering, error) {
	var c callback
	if err := lenient(t.env.Payload, &c); err != nil {
		return nil, nil //nolint:nilerr // what cannot be read will not become readable
	}
	if c.Type != "event_callback" {
		in.Log.Warn().Str("type", c.Type).Msg("Slack holds events back")
		return nil, nil
	}
	if c.foreign(in.Client) {
		in.Log.Warn().Str("delivery", t.row.ID).Msg("an event of another workspace was left")
		return nil, nil
	}
	var ev event
	if err := lenient(c.Event, &ev); err != nil {
		return nil, nil //nolint:nilerr // as above
	}
	switch ev.Type {
	case "app_mention":
		return in.workMention(ctx, ev, t.row), nil
	case "app_home_opened":
		return in.workHome(ev, t.row), nil
	case "team_join", "user_change":
		in.Directory.changed(ev.User)
		return nil, nil
	case "subteam_updated", "subteam_created", "subteam_members_changed":
		in.Directory.forgetGroups()
		return nil, nil
	}
	n, err := in.Store.AtPlace(ctx, Door, ev.channel())
	if errors.Is(err, store.ErrNotFound) {
		if ev.Type == "reaction_added" {
			return in.workAlarm(ctx, ev, t.row), nil
		}
		return nil, nil // not an incident's channel: nothing of it is kept
	}
	if err != nil {
		return nil, err
	}
	if ev.Type == "member_joined_channel" {
		return in.catchUp(n, ev, t.row), in.inChannel(ctx, n, ev, t)
	}
	return nil, in.inChannel(ctx, n, ev, t)
}

// newcomer is how old an incident is from which on whoever comes has missed
// something; those who are called when it opens come at once.
const newcomer = time.Minute

// catchUp tells somebody who comes into an incident's channel, and them alone,
// what they need to know.
func (in *Intake) catchUp(n incidents.Number, ev event, row store.Delivery) answering {
	user, channel := id(ev.User), ev.channel()
	if user == in.Client.UserID || !memberID.MatchString(user) {
		return nil
	}
	return func(ctx context.Context) any {
		inc, err := in.Store.Incident(ctx, n)
		if err != nil || inc.Status.Ended() || tsTime(ev.EventTS).Sub(inc.DeclaredAt) < newcomer || in.isBot(ctx, user) {
			return nil
		}
		said := in.ask(ctx, question{id: row.ID + "/catchup", at: row.At, user: user, channel: channel, text: "catchup", plain: true})
		if said.reply.Refused != "" {
			return nil
		}
		_ = in.whisper(ctx, channel, user, "", in.draw(ctx, said.reply, said.here)) // they can ask for it
		return nil
	}
}

// inChannel works an event of an incident's channel.
func (in *Intake) inChannel(ctx context.Context, n incidents.Number, ev event, t *task) error {
	current, err := in.current(ctx, n, ev.channel())
	if err != nil {
		return err
	}
	if !current && ev.Subtype != "message_deleted" {
		return nil // a channel that it had before: only what is taken back there counts
	}
	switch ev.Type {
	case "message":
		return in.workMessage(ctx, n, ev, t.row)
	case "member_joined_channel", "member_left_channel":
		return in.workMember(ctx, n, ev, t.row)
	case "reaction_added", "reaction_removed":
		return in.workReaction(ctx, n, ev, t)
	case "channel_archive", "channel_unarchive", "channel_deleted", "channel_left", "channel_rename",
		"group_archive", "group_unarchive", "group_deleted", "group_left", "group_rename", "pin_removed":
		in.Poke(n)
	}
	return nil
}

// workMember notes who comes and who goes.
func (in *Intake) workMember(ctx context.Context, n incidents.Number, ev event, row store.Delivery) error {
	user := id(ev.User)
	if user == in.Client.UserID {
		in.Poke(n)
		return nil
	}
	if !memberID.MatchString(user) || in.isBot(ctx, user) || in.outdated(ctx, ev, user) {
		return nil
	}
	if out, err := in.archivedAway(ctx, n, ev.channel()); err != nil || out {
		return err // archiving takes people out, who stay in the incident
	}
	return in.moved(ctx, n, user, ev.Type == "member_joined_channel", tsTime(ev.EventTS), row)
}

// moved records that somebody came into an incident's channel, or left it.
func (in *Intake) moved(ctx context.Context, n incidents.Number, user string, came bool, at time.Time, row store.Delivery) error {
	who := in.author(ctx, user)
	if !came {
		return in.apply(ctx, n, who, row, incidents.Departed{Who: who.Person(), At: at})
	}
	public, err := in.open(ctx, n)
	if err != nil {
		return err
	}
	return in.apply(ctx, n, who, row, incidents.Arrived{Who: who.Person(), At: at, Public: public})
}

// current reports whether a channel is the one that an incident has now.
func (in *Intake) current(ctx context.Context, n incidents.Number, channel string) (bool, error) {
	rec, err := in.Store.Record(ctx, Door, n)
	return rec.Place == channel, err
}

// open reports whether everybody can come into the channel that an incident has
// now: an incident that has become private moves into another only after that.
func (in *Intake) open(ctx context.Context, n incidents.Number) (bool, error) {
	rec, err := in.Store.Record(ctx, Door, n)
	if err != nil || rec.IDs[idSecret] != "" {
		return rec.IDs[idSecret] == "no", err
	}
	inc, err := in.Store.Incident(ctx, n)
	return !inc.Private || inc.WasPublic, err
}

// isBot reports whether this is known to be a program.
func (in *Intake) isBot(ctx context.Context, user string) bool {
	look, cancel := context.WithTimeout(ctx, lookUpIn)
	defer cancel()
	m, err := in.Directory.member(look, user)
	return err == nil && m.bot
}

// author is who wrote or did something, by name where Slack tells it soon.
func (in *Intake) author(ctx context.Context, user string) incidents.Actor {
	look, cancel := context.WithTimeout(ctx, lookUpIn)
	defer cancel()
	m, _ := in.Directory.member(look, user)
	return in.Directory.person(m).Actor()
}

// text is what somebody wrote, with names where Slack tells them soon.
func (in *Intake) text(ctx context.Context, s string) string {
	look, cancel := context.WithTimeout(ctx, lookUpIn)
	defer cancel()
	text, _ := in.Directory.read(look, s)
	return text
}

// late is when an event of somebody's coming or going is old enough that they
// may have gone or come back since.
const late = 5 * time.Second

// outdated reports whether an event that was delivered late says what is not
// true any more: Slack sends again what was not acknowledged, up to minutes
// later, and not in order. Where Slack cannot be asked the event is believed.
func (in *Intake) outdated(ctx context.Context, ev event, user string) bool {
	at := tsTime(ev.EventTS)
	came := ev.Type == "member_joined_channel"
	if !in.moves.newer(ev.channel(), user, ev.EventTS, came) {
		return true
	}
	if at.IsZero() || time.Since(at) < late {
		return false
	}
	look, cancel := context.WithTimeout(ctx, lookUpIn)
	defer cancel()
	there, err := in.Client.isMember(look, ev.channel(), user)
	return err == nil && there != came
}

// workMessage records what people wrote, changed or took back.
func (in *Intake) workMessage(ctx context.Context, n incidents.Number, ev event, row store.Delivery) error {
	if ev.Subtype == "message_deleted" && ev.Previous != nil && in.bot(*ev.Previous) {
		if current, err := in.current(ctx, n, ev.channel()); current || err != nil {
			in.Poke(n) // it may have been the card
		}
		return nil
	}
	if in.Silent && ev.Subtype != "message_deleted" {
		return nil
	}
	switch ev.Subtype {
	case "", "file_share", "thread_broadcast", "me_message":
		if in.bot(ev) {
			return nil
		}
		return in.record(ctx, n, ev.channel(), ev, false, row)
	case "message_changed":
		m := ev.Message
		if m == nil || in.bot(*m) || ev.Previous != nil && ev.Previous.Text == m.Text {
			return nil // Slack also says so when it unfolds a link
		}
		at := tsTime(ev.TS) // that of the edit itself is in whole seconds
		if at.IsZero() && m.Edited != nil {
			at = tsTime(m.Edited.TS)
		}
		return in.apply(ctx, n, in.author(ctx, id(m.User)), row, incidents.RecordEdit{ID: place(ev.channel(), m.TS), Text: in.text(ctx, m.Text), At: at})
	case "message_deleted":
		who := incidents.Fireboss
		if ev.Previous != nil {
			who = in.author(ctx, id(ev.Previous.User))
		}
		return in.apply(ctx, n, who, row, incidents.RecordDeletion{ID: place(ev.channel(), ev.DeletedTS), At: tsTime(ev.TS)})
	}
	return nil
}

// record records a message; marked says that somebody wants it to be.
func (in *Intake) record(ctx context.Context, n incidents.Number, channel string, m event, marked bool, row store.Delivery) error {
	act := incidents.RecordMessage{ID: place(channel, m.TS), Text: in.said(ctx, m), At: tsTime(m.TS), Marked: marked}
	if m.ThreadTS != "" && m.ThreadTS != m.TS {
		act.Thread = place(channel, m.ThreadTS)
	}
	for _, f := range m.Files {
		act.Files = append(act.Files, incidents.File{ID: f.ID, Name: f.Name, Type: f.Mimetype, Size: f.Size, From: f.URL})
	}
	return in.apply(ctx, n, in.writer(ctx, m), row, act)
}

// writer is who wrote a message: a person, or a program whose message somebody marked.
func (in *Intake) writer(ctx context.Context, m event) incidents.Actor {
	if id(m.User) != "" {
		return in.author(ctx, id(m.User))
	}
	name := incidents.Tidy(m.Username)
	if name == "" {
		name = "a program"
	}
	return incidents.Actor{Kind: incidents.Integration, ID: in.Client.actorID(m.BotID), Name: name}
}

// ours reports whether we wrote a message.
func (in *Intake) ours(m event) bool {
	return id(m.User) == in.Client.UserID || m.BotID != "" && m.BotID == in.Client.BotID
}

// said is what a message says: where it has no words, what it shares.
func (in *Intake) said(ctx context.Context, m event) string {
	if m.Text != "" || len(m.Files) == 0 {
		return in.text(ctx, m.Text)
	}
	var names []string
	for _, f := range m.Files {
		names = append(names, f.Name)
	}
	return "Shared " + strings.Join(names, ", ")
}

// bot reports whether a message was written by a program.
func (in *Intake) bot(ev event) bool {
	return ev.BotID != "" || id(ev.User) == "" || id(ev.User) == in.Client.UserID
}

// place is the outside id of a message.
func place(channel, ts string) incidents.OutsideID {
	return incidents.OutsideID{Mirror: Door, ID: bounded(channel + "/" + ts)}
}

// apply records what was seen. What the rules refuse, and what they cannot
// judge at all, will not become better by another try.
func (in *Intake) apply(ctx context.Context, n incidents.Number, who incidents.Actor, row store.Delivery, act incidents.Act) error {
	_, err := in.attempt(ctx, n, who, row, act)
	return err
}

// attempt is apply that answers what was refused.
func (in *Intake) attempt(ctx context.Context, n incidents.Number, who incidents.Actor, row store.Delivery, act incidents.Act) (*incidents.Refusal, error) {
	_, err := in.Store.Apply(ctx, incidents.Command{ID: row.ID, Actor: who, At: row.At, Incident: n, Origin: Door, Do: act})
	if r, refused := incidents.AsRefusal(err); refused {
		in.Log.Info().Str("incident", n.String()).Str("code", string(r.Code)).Str("delivery", row.ID).Msg("an event of the channel was refused")
		return r, nil
	}
	var panicked *store.PanicError
	if errors.As(err, &panicked) {
		in.Log.Error().Err(err).Bytes("stack", panicked.Stack).Str("delivery", row.ID).Msg("an event of the channel cannot be recorded")
		return nil, nil
	}
	return nil, err
}

// addressed is what a message says to us: what stands behind our name or, where
// nothing does, before it.
func (in *Intake) addressed(text string) string {
	before, rest, ok := strings.Cut(text, "<@"+in.Client.UserID)
	_, behind, closed := strings.Cut(rest, ">")
	if !ok || !closed {
		return strings.TrimSpace(text)
	}
	if behind = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(behind), ":,")); behind != "" {
		return behind
	}
	return strings.TrimSpace(before)
}

// workMention carries out "@fireboss VERB …". It is the same command however
// many events Slack makes of the message, so its id is the message's.
func (in *Intake) workMention(ctx context.Context, ev event, row store.Delivery) answering {
	if in.bot(ev) {
		return nil
	}
	text := in.addressed(ev.Text)
	channel, user := ev.channel(), id(ev.User)
	if !memberID.MatchString(user) {
		return nil
	}
	said := in.ask(ctx, question{id: bounded("slack:mention:" + channel + "/" + ev.TS), at: row.At, user: user, channel: channel, text: text})
	return func(ctx context.Context) any {
		m := in.draw(ctx, said.reply, said.here)
		if err := in.whisper(ctx, channel, user, ev.ThreadTS, m); err != nil {
			in.answerLater(ctx, "", user, row.At, m)
		}
		return nil
	}
}
