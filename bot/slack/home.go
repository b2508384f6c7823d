package slack

import (
	"context"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/commands"
	"fireboss/incidents/store"
)

// maxHomeBlocks is Slack's limit for a home (docs.slack.dev/reference/views/home-tab-views).
const maxHomeBlocks = 100

// publishHome draws somebody's home anew. It is best effort: it is drawn again
// whenever they look.
func (in *Intake) publishHome(ctx context.Context, user string, at time.Time) {
	look, cancel := context.WithTimeout(ctx, lookUpIn)
	actor, who := in.Directory.actor(look, user, "")
	cancel()
	home, err := in.Desk.Home(ctx, commands.Request{Actor: actor, At: at, Zone: who.zone})
	if err != nil {
		in.Log.Error().Err(err).Msg("a home could not be drawn")
		return
	}
	view := slackgo.HomeTabViewRequest{Type: slackgo.VTHomeTab, Blocks: slackgo.Blocks{BlockSet: in.drawHome(ctx, home)}}
	_, err = again(ctx, true, func(ctx context.Context) (*slackgo.ViewResponse, error) {
		return in.Client.api.PublishViewContext(ctx, slackgo.PublishViewContextRequest{UserID: user, View: view})
	})
	if err != nil {
		in.Log.Warn().Err(explain("views.publish", err)).Msg("a home could not be shown")
	}
}

// workHome draws the home of somebody who looks at it.
func (in *Intake) workHome(ev event, row store.Delivery) answering {
	user := id(ev.User)
	if ev.Tab != "home" || !memberID.MatchString(user) {
		return nil
	}
	return func(ctx context.Context) any {
		in.publishHome(ctx, user, row.At)
		return nil
	}
}

func (in *Intake) drawHome(ctx context.Context, home commands.Home) []slackgo.Block {
	blocks := []slackgo.Block{choicesIn("home", home.Choices)}
	for _, s := range home.Sections {
		blocks = append(blocks, slackgo.NewDividerBlock(), slackgo.NewHeaderBlock(plainText(s.Title, maxHeader)))
		if len(s.Lines) == 0 {
			blocks = append(blocks, contextLine(cutEscaped(s.Empty, maxSection)))
		}
		blocks = append(blocks, in.lines(ctx, s.Lines)...)
	}
	if len(blocks) > maxHomeBlocks {
		blocks = append(blocks[:maxHomeBlocks-1:maxHomeBlocks-1], contextLine("There is more than fits here."))
	}
	return blocks
}
