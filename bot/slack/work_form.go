package slack

import (
	"context"
	"net/url"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/commands"
	"fireboss/incidents"
)

// workInteraction works what people do with buttons, forms and shortcuts.
func (in *Intake) workInteraction(ctx context.Context, t *task) answering {
	i, err := readInteraction(t.env.Payload)
	if err != nil || !memberID.MatchString(i.User.ID) {
		return nil
	}
	if in.Client.foreign(i.Team.ID) {
		in.Log.Warn().Str("delivery", t.row.ID).Msg("something done in another workspace was left")
		return nil
	}
	switch i.Type {
	case "block_actions":
		return in.workClick(ctx, t, i)
	case "view_submission":
		return in.workForm(ctx, t, i)
	case "shortcut", "message_action":
		return in.workShortcut(ctx, t, i)
	}
	return nil
}

// isForm reports whether an envelope is a form that was sent: it is answered on
// its acknowledgement.
func (e envelope) isForm() bool {
	if e.Type != "interactive" {
		return false
	}
	v, ok := pick(e.Payload, "type")
	if !ok {
		var i interaction
		return lenient(e.Payload, &i) == nil && i.Type == "view_submission"
	}
	kind, _ := word(v[0])
	return kind == "view_submission"
}

// workForm carries out what a form was filled in for.
func (in *Intake) workForm(ctx context.Context, t *task, i interaction) answering {
	c, ok := i.View.carried()
	if !ok {
		return in.sorry(t, "This form is none that Fireboss can read, so nothing was done. Close it and open it again.")
	}
	q := question{id: i.View.commandID(), at: t.row.At, user: i.User.ID, userName: i.User.Name, channel: c.Place, text: c.Say, plain: true, source: c.Source}
	q.values, q.people = i.View.values()
	said := in.ask(ctx, q)
	in.crash(pointApplied)
	return func(ctx context.Context) any {
		in.untilPlaced(ctx, said.reply, t.row.At)
		m := in.draw(ctx, said.reply, said.here)
		return in.answerForm(ctx, t, i, c, said, m)
	}
}

// answerForm answers a form: what was wrong at its field, else in its place or,
// in the incident's own channel, as a whisper there.
func (in *Intake) answerForm(ctx context.Context, t *task, i interaction, c carried, s said, m *message) any {
	answer, whispers := formAnswer{}, false
	again := s.reply.Form
	switch {
	case s.reply.Refused != "" && again != nil && fieldOf(again, s.reply.Field) != "":
		answer.Action, answer.Errors = "errors", map[string]string{fieldOf(again, s.reply.Field): cut(s.reply.Text, maxHint)}
	case s.reply.Refused != "" && again != nil:
		v := drawForm(*again, c, s.reply.Text)
		answer.Action, answer.View = "update", &v
	case s.reply.Refused == "" && s.here != 0 && t.a != nil:
		whispers = true
	default:
		v := resultView(m)
		answer.Action, answer.View = "update", &v
	}
	switch {
	case t.a != nil && in.acknowledge(t.a, answer):
	case t.a != nil:
		v := resultView(m) // it has been waiting in the place of the form
		if s.reply.Refused != "" && again != nil {
			v = drawForm(*again, c, s.reply.Text)
		}
		whispers = in.updateView(ctx, viewUpdate{View: v, ExternalID: lateView(t.row.ID)}) != nil
	default:
		whispers = true
		m = restarted(m)
	}
	if whispers && in.whisper(ctx, c.Place, i.User.ID, "", m) != nil {
		in.answerLater(ctx, "", i.User.ID, t.row.At, m)
	}
	return answer
}

// lateView is the external id of the view that waits for the answer to a form.
func lateView(delivery string) string { return clipID("late:" + delivery) }

// clipID keeps an external id within Slack's 255 characters.
func clipID(s string) string { return s[:min(len(s), 255)] }

// fieldOf is the field of a form that is wrong: the one named or, where what was
// wrong is named otherwise, none.
func fieldOf(f *commands.Form, name string) string {
	for _, field := range f.Fields {
		if field.Name == name {
			return name
		}
	}
	return ""
}

// showForm opens a form for the one who asked, if there is one to open and Slack
// still takes the trigger.
func (in *Intake) showForm(ctx context.Context, r commands.Reply, trigger string, asked time.Time, c carried) bool {
	if r.Form == nil || trigger == "" || time.Since(asked) > tooOld {
		return false
	}
	ctx, cancel := context.WithDeadline(ctx, asked.Add(tooOld))
	defer cancel()
	view := drawForm(*r.Form, c, "")
	_, err := again(ctx, true, func(ctx context.Context) (*slackgo.ViewResponse, error) {
		v, err := in.Client.api.OpenViewContext(ctx, trigger, view)
		if is(err, "exchanged_trigger_id") {
			return v, nil // by a call whose answer was lost
		}
		return v, err
	})
	if err != nil {
		in.Log.Warn().Err(explain("views.open", err)).Str("form", r.Form.Command).Msg("a form could not be opened; it is answered in words")
	}
	return err == nil
}

// viewUpdate says which view is to become what: by its external id, or by its id
// and, where only what the person saw may be changed, its hash.
type viewUpdate struct {
	View                     slackgo.ModalViewRequest
	ExternalID, Hash, ViewID string
}

// updateView changes a view in place. One that is gone, because the person closed
// it, and one that they have changed since are no errors.
func (in *Intake) updateView(ctx context.Context, u viewUpdate) error {
	_, err := again(ctx, true, func(ctx context.Context) (*slackgo.ViewResponse, error) {
		return in.Client.api.UpdateViewContext(ctx, u.View, u.ExternalID, u.Hash, u.ViewID)
	})
	if is(err, "hash_conflict") {
		return nil
	}
	if err != nil {
		in.Log.Info().Err(explain("views.update", err)).Msg("a form could not be changed")
	}
	return err
}

// workView works a click within a view: a command behind a button, or a choice
// that changes the form.
func (in *Intake) workView(ctx context.Context, t *task, i interaction) answering {
	c, isForm := i.View.carried()
	action := i.Actions[0]
	q := question{id: t.row.ID, at: t.row.At, user: i.User.ID, userName: i.User.Name, channel: c.Place, plain: true}
	switch {
	case strings.HasPrefix(action.ActionID, sayAction):
		q.text = action.Value
	case isForm:
		q.text, q.redraw, q.source = c.Say, true, c.Source
		q.values, q.people = i.View.values()
	default:
		return nil
	}
	said := in.ask(ctx, q)
	return func(ctx context.Context) any {
		switch {
		case q.redraw && said.reply.Form != nil:
			_ = in.updateView(ctx, viewUpdate{View: drawForm(*said.reply.Form, c, ""), ViewID: i.View.ID, Hash: i.View.Hash})
		case q.redraw:
		case i.View.Type == "home":
			if !in.showForm(ctx, said.reply, i.TriggerID, t.row.At, c) {
				in.answerLater(ctx, "", i.User.ID, t.row.At, in.draw(ctx, said.reply, 0))
			}
			in.publishHome(ctx, i.User.ID, t.row.At)
		default:
			m := in.draw(ctx, said.reply, 0)
			if in.updateView(ctx, viewUpdate{View: resultView(m), ViewID: i.View.ID}) != nil {
				in.answerLater(ctx, "", i.User.ID, t.row.At, m)
			}
		}
		return nil
	}
}

// workShortcut opens the form of an incident, from anywhere or from a message.
func (in *Intake) workShortcut(ctx context.Context, t *task, i interaction) answering {
	q := question{id: t.row.ID, at: t.row.At, user: i.User.ID, userName: i.User.Name, text: "open", plain: true}
	c := carried{Place: i.Channel.ID}
	switch i.CallbackID {
	case shortcutDeclare:
	case shortcutMessage:
		look, cancel := context.WithTimeout(ctx, lookUpIn)
		defer cancel()
		q.source = in.source(look, i.Channel.ID, event{TS: i.Message.TS, ThreadTS: i.Message.ThreadTS, User: i.Message.User, Text: i.Message.Text, Files: i.Message.Files})
		c.Source = q.source
	default:
		return nil
	}
	// A form, whatever is known: nobody opens an incident by one slip in a menu.
	q.values, q.redraw = map[string][]string{}, true
	said := in.ask(ctx, q)
	return func(ctx context.Context) any {
		if !in.showForm(ctx, said.reply, i.TriggerID, t.row.At, c) {
			in.answerLater(ctx, i.ResponseURL, i.User.ID, t.row.At, in.formless(ctx, said))
		}
		return nil
	}
}

// source is a message as an incident remembers it.
func (in *Intake) source(ctx context.Context, channel string, m event) *incidents.Source {
	s := &incidents.Source{Text: in.said(ctx, m), At: tsTime(m.TS), Private: in.confidential(ctx, channel)}
	if base := strings.TrimSuffix(in.Client.TeamURL, "/"); base != "" { // docs.slack.dev/reference/methods/chat.getPermalink
		s.URL = base + "/archives/" + channel + "/p" + strings.ReplaceAll(m.TS, ".", "")
		if m.ThreadTS != "" && m.ThreadTS != m.TS {
			s.URL += "?" + url.Values{"thread_ts": {m.ThreadTS}, "cid": {channel}}.Encode()
		}
	}
	if author := id(m.User); memberID.MatchString(author) {
		s.Author = in.author(ctx, author).Person()
	}
	return s
}

// confidential reports whether not everybody can read what stands in a channel; one
// of which that cannot be found out counts as such.
func (in *Intake) confidential(ctx context.Context, channel string) bool {
	if n, err := in.Store.AtPlace(ctx, Door, channel); err == nil {
		inc, err := in.Store.Incident(ctx, n)
		return err != nil || inc.Private
	}
	info, err := again(ctx, true, func(ctx context.Context) (*slackgo.Channel, error) {
		return in.Client.api.GetConversationInfoContext(ctx, &slackgo.GetConversationInfoInput{ChannelID: channel})
	})
	return err != nil || info.IsPrivate || info.IsIM || info.IsMpIM
}

// formless answers in words where a form was asked for and is not there.
func (in *Intake) formless(ctx context.Context, s said) *message {
	if s.reply.Refused != "" {
		return in.draw(ctx, s.reply, s.here)
	}
	return errorMessage(noForm)
}
