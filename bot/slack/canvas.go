package slack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	slackgo "github.com/slack-go/slack"
)

// The postmortem that was published stands in the canvas of the incident's
// channel, which only its members can read. Slack has one canvas a channel; one that
// people made there is left alone. Ours ends with the store's mark, by which it is
// found where its making was not answered.

// Keys of a record's IDs that belong to the canvas.
const (
	idCanvas    = "canvas"     // its id, where it is ours
	idCanvasSum = "canvas_sum" // what it shows
)

// canvas makes the canvas show the published postmortem as it is now: a text
// that was blotted out since is blotted out there too.
func (p *pass) canvas(ctx context.Context) error {
	if p.m.Account == nil || p.in.Postmortem.PublishedVersion == 0 {
		return nil
	}
	text, err := p.m.Account(ctx, p.in)
	if err != nil {
		return err
	}
	content := slackgo.DocumentContent{Type: "markdown", Markdown: text + "\n\n" + p.m.mark(p.in)}
	hash := sha256.Sum256([]byte(content.Markdown))
	sum := hex.EncodeToString(hash[:8])
	if p.get(idCanvas) != "" && p.get(idCanvasSum) == sum {
		return nil
	}
	if p.get(idCanvas) == "" {
		if err := p.findCanvas(ctx); err != nil {
			return err
		}
	}
	if p.get(idCanvas) == "" {
		err = p.makeCanvas(ctx, content)
	} else if err = p.editCanvas(ctx, content); is(err, "canvas_not_found") { // people deleted it
		p.set(idCanvas, "")
		err = p.makeCanvas(ctx, content)
	}
	if err == nil {
		p.set(idCanvasSum, sum)
	}
	return err
}

// makeCanvas makes the channel's canvas.
func (p *pass) makeCanvas(ctx context.Context, content slackgo.DocumentContent) error {
	id, err := again(ctx, false, func(ctx context.Context) (string, error) {
		return p.m.Client.api.CreateChannelCanvasContext(ctx, p.rec.Place, content, slackgo.CreateChannelCanvasOptionTitle("Postmortem of "+p.in.Number.String()))
	})
	if err == nil {
		p.set(idCanvas, id)
	}
	return err
}

// editCanvas replaces all that the canvas shows.
func (p *pass) editCanvas(ctx context.Context, content slackgo.DocumentContent) error {
	_, err := again(ctx, true, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, p.m.Client.api.EditCanvasContext(ctx, slackgo.EditCanvasParams{
			CanvasID: p.get(idCanvas), Changes: []slackgo.CanvasChange{{Operation: "replace", DocumentContent: content}},
		})
	})
	return err
}

// findCanvas finds our canvas in the incident's channel.
func (p *pass) findCanvas(ctx context.Context) error {
	info, err := again(ctx, true, func(ctx context.Context) (*slackgo.Channel, error) {
		return p.m.Client.api.GetConversationInfoContext(ctx, &slackgo.GetConversationInfoInput{ChannelID: p.rec.Place})
	})
	if err != nil {
		return err
	}
	ours, err := p.ourCanvas(ctx, info)
	if ours {
		p.set(idCanvas, info.Properties.Canvas.FileId)
	}
	return err
}

// ourCanvas reports whether a channel has a canvas that we made of this incident.
func (p *pass) ourCanvas(ctx context.Context, info *slackgo.Channel) (bool, error) {
	if info.Properties == nil || info.Properties.Canvas.FileId == "" {
		return false, nil
	}
	found, err := again(ctx, true, func(ctx context.Context) ([]slackgo.CanvasSection, error) {
		return p.m.Client.api.LookupCanvasSectionsContext(ctx, slackgo.LookupCanvasSectionsParams{
			CanvasID: info.Properties.Canvas.FileId, Criteria: slackgo.LookupCanvasSectionsCriteria{ContainsText: p.m.mark(p.in)},
		})
	})
	if is(err, "canvas_not_found") || is(err, "canvas_deleted") {
		return false, nil
	}
	return len(found) > 0, err
}

// tearCanvas deletes our canvas in a channel that was left.
func (p *pass) tearCanvas(ctx context.Context, info *slackgo.Channel) error {
	ours, err := p.ourCanvas(ctx, info)
	if !ours || err != nil {
		return err
	}
	_, err = again(ctx, true, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, p.m.Client.api.DeleteCanvasContext(ctx, info.Properties.Canvas.FileId)
	})
	if is(err, "canvas_not_found") {
		return nil
	}
	return err
}
