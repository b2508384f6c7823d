package slack

import (
	"context"
	"strings"

	slackgo "github.com/slack-go/slack"

	"fireboss/incidents/store"
)

// sayAction begins the action id of every button that says a command: its
// value is the command. The rest of the id only keeps it unique in its block.
const sayAction = "say:"

// workClick carries out the commands behind buttons. The answer goes to the
// one who pressed, where they pressed.
func (in *Intake) workClick(ctx context.Context, env envelope, row store.Delivery) {
	var i interaction
	if err := lenient(env.Payload, &i); err != nil || i.Type != "block_actions" {
		return
	}
	for n, action := range i.Actions {
		if !strings.HasPrefix(action.ActionID, sayAction) {
			continue
		}
		id := row.ID
		if n > 0 {
			id += "/" + action.ActionID
		}
		m := in.ask(ctx, question{id: id, at: row.At, user: i.User.ID, userName: i.User.Name, channel: i.Channel.ID, text: action.Value, plain: true})
		if i.Channel.ID == "" {
			in.answerLater(ctx, i.ResponseURL, i.User.ID, row.At, m)
			continue
		}
		if err := in.whisper(ctx, i.Channel.ID, i.User.ID, i.Message.ThreadTS, m); err != nil {
			in.answerLater(ctx, i.ResponseURL, i.User.ID, row.At, m)
		}
	}
}

// whisper shows a message to one person in a channel.
func (in *Intake) whisper(ctx context.Context, channel, user, thread string, m *message) error {
	options := m.options()
	if thread != "" {
		options = append(options, slackgo.MsgOptionTS(thread))
	}
	_, err := again(ctx, false, func(ctx context.Context) (string, error) {
		return in.Client.api.PostEphemeralContext(ctx, channel, user, options...)
	})
	return err
}
