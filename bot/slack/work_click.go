package slack

import (
	"context"
	"fmt"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"
)

// sayAction begins the action id of every button that says a command: its
// value is the command. The rest of the id only keeps it unique in its block.
const sayAction = "say:"

// maxActions bounds the actions of one click; Slack sends one.
const maxActions = 5

// workClick carries out the commands behind buttons. The answer goes to the
// one who pressed, where they pressed.
func (in *Intake) workClick(ctx context.Context, t *task, i interaction) answering {
	if i.View.ID != "" && len(i.Actions) > 0 {
		return in.workView(ctx, t, i)
	}
	if len(i.Actions) > 0 && i.Actions[0].ActionID == fromAction {
		return in.workFrom(ctx, t, i, i.Actions[0].Value)
	}
	var list []said
	for n, action := range i.Actions[:min(len(i.Actions), maxActions)] {
		if !strings.HasPrefix(action.ActionID, sayAction) {
			continue
		}
		id := t.row.ID
		if n > 0 {
			id += fmt.Sprintf("/%d", n)
		}
		list = append(list, in.ask(ctx, question{id: id, at: t.row.At, user: i.User.ID, userName: i.User.Name, channel: i.Channel.ID, text: action.Value, plain: true}))
	}
	return func(ctx context.Context) any {
		for _, s := range list {
			if !in.showForm(ctx, s.reply, i.TriggerID, t.row.At, carried{Place: i.Channel.ID}) {
				in.answerClick(ctx, i, t.row.At, in.draw(ctx, s.reply, s.here))
			}
		}
		return nil
	}
}

func (in *Intake) answerClick(ctx context.Context, i interaction, at time.Time, m *message) {
	if i.Channel.ID != "" && in.whisper(ctx, i.Channel.ID, i.User.ID, i.Message.ThreadTS, m) == nil {
		return
	}
	in.answerLater(ctx, i.ResponseURL, i.User.ID, at, m)
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
