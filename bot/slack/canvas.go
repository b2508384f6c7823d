package slack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	slackgo "github.com/slack-go/slack"
)

// The postmortem that was published stands in the canvas of the incident's
// channel, which only its members can read. Slack has one canvas a channel, so that
// none is made twice: whoever finds it made looks whose it is. Ours ends with the
// store's mark; one that people made is left alone.

// Keys of a record's IDs that belong to the canvas.
const (
	idCanvas    = "canvas"     // its id, where it is ours
	idCanvasSum = "canvas_sum" // what it shows
	idCanvasOf  = "canvas_of:" // + channel that was left -> the canvas that we made there
)

// canvas makes the canvas show the published postmortem as it is now: a text
// that was blotted out since is blotted out there too. What retention takes from the
// record stays: how long a channel is kept is Slack's own setting.
func (p *pass) canvas(ctx context.Context) error {
	content, sum, err := p.account(ctx)
	if err != nil || content.Markdown == "" || p.get(idCanvas) != "" && p.get(idCanvasSum) == sum {
		return err
	}
	if p.get(idCanvas) != "" {
		err := p.editCanvas(ctx, content, sum)
		if !gone(err) {
			return err
		}
		p.set(idCanvas, "") // people deleted it
	}
	err = p.makeCanvas(ctx, content, sum)
	if !is(err, "channel_canvas_already_exists", "free_team_canvas_tab_already_exists") {
		return err
	}
	if unseen := p.findCanvas(ctx); unseen != nil {
		return unseen
	}
	if p.get(idCanvas) == "" {
		return err
	}
	return p.editCanvas(ctx, content, sum)
}

// gone reports whether a canvas is not there any more.
func gone(err error) bool { return is(err, "canvas_not_found", "canvas_deleted") }

// account is what the canvas is to show, and what stands for it; nothing where
// nothing is published.
func (p *pass) account(ctx context.Context) (content slackgo.DocumentContent, sum string, err error) {
	version := p.in.Postmortem.PublishedVersion
	if p.m.Account == nil || version == 0 || p.in.Emptied > 0 {
		return content, "", nil
	}
	text, err := p.m.Account(ctx, p.in)
	if err != nil {
		return content, "", err
	}
	title, rest, _ := strings.Cut(text, "\n")
	page := ""
	if p.m.Card.Dashboard != "" {
		page = fmt.Sprintf("[The postmortem's page](%s/postmortem) has its sources and its timeline. ", p.page())
	}
	head := fmt.Sprintf("%s\n\n%sThis is version %d.\n", title, page, version)
	text = canvasText(head+rest) + "\n\n---\n\nWhat is changed here is written over when the postmortem is published again. " + p.m.mark(p.in)
	hash := sha256.Sum256([]byte(text))
	return slackgo.DocumentContent{Type: "markdown", Markdown: text}, hex.EncodeToString(hash[:8]), nil
}

// makeCanvas makes the channel's canvas.
func (p *pass) makeCanvas(ctx context.Context, content slackgo.DocumentContent, sum string) error {
	id, err := again(ctx, false, func(ctx context.Context) (string, error) {
		return p.m.Client.api.CreateChannelCanvasContext(ctx, p.rec.Place, content, slackgo.CreateChannelCanvasOptionTitle("Postmortem of "+p.in.Number.String()))
	})
	if err == nil {
		p.set(idCanvas, id)
		p.set(idCanvasSum, sum)
	}
	return err
}

// editCanvas replaces all that the canvas shows.
func (p *pass) editCanvas(ctx context.Context, content slackgo.DocumentContent, sum string) error {
	_, err := again(ctx, true, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, p.m.Client.api.EditCanvasContext(ctx, slackgo.EditCanvasParams{
			CanvasID: p.get(idCanvas), Changes: []slackgo.CanvasChange{{Operation: "replace", DocumentContent: content}},
		})
	})
	if err == nil {
		p.set(idCanvasSum, sum)
	}
	return err
}

// findCanvas looks whether the canvas of the incident's channel is ours, or one that
// nobody has written in.
func (p *pass) findCanvas(ctx context.Context) error {
	info, err := again(ctx, true, func(ctx context.Context) (*slackgo.Channel, error) {
		return p.m.Client.api.GetConversationInfoContext(ctx, &slackgo.GetConversationInfoInput{ChannelID: p.rec.Place})
	})
	if err != nil {
		return err
	}
	id := canvasOf(info)
	ours := id != "" && info.Properties.Canvas.IsEmpty
	if !ours {
		ours, err = p.ourCanvas(ctx, id)
	}
	if ours {
		p.set(idCanvas, id)
	}
	return err
}

// canvasOf is the canvas of a channel; empty: it has none.
func canvasOf(info *slackgo.Channel) string {
	if info.Properties == nil {
		return ""
	}
	return info.Properties.Canvas.FileId
}

// ourCanvas reports whether a canvas is the one that we made of this incident.
func (p *pass) ourCanvas(ctx context.Context, id string) (bool, error) {
	if id == "" {
		return false, nil
	}
	found, err := again(ctx, true, func(ctx context.Context) ([]slackgo.CanvasSection, error) {
		return p.m.Client.api.LookupCanvasSectionsContext(ctx, slackgo.LookupCanvasSectionsParams{
			CanvasID: id, Criteria: slackgo.LookupCanvasSectionsCriteria{ContainsText: p.m.mark(p.in)},
		})
	})
	if gone(err) {
		return false, nil
	}
	return len(found) > 0, err
}

// tearCanvas deletes our canvas in a channel that was left.
func (p *pass) tearCanvas(ctx context.Context, info *slackgo.Channel) error {
	id, known := canvasOf(info), p.get(idCanvasOf+info.ID)
	if id != known {
		ours, err := p.ourCanvas(ctx, id)
		if !ours || err != nil {
			return err
		}
	}
	if id == "" {
		return nil
	}
	_, err := again(ctx, true, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, p.m.Client.api.DeleteCanvasContext(ctx, id)
	})
	if gone(err) {
		return nil
	}
	return err
}

// canvasShut is [pass.canvas] while the channel is archived: none is made there, and
// one that is there is brought up to date where Slack lets us. Where it does not,
// whoever leads is told, for what was blotted out may stand there still.
func (p *pass) canvasShut(ctx context.Context) error {
	if p.get(idCanvas) == "" {
		return nil
	}
	content, sum, err := p.account(ctx)
	if err != nil || content.Markdown == "" || p.get(idCanvasSum) == sum {
		return err
	}
	err = p.editCanvas(ctx, content, sum)
	switch {
	case gone(err):
		p.set(idCanvas, "")
		return nil
	case refused(err) || lost(err):
		const text = "the canvas of its channel shows the postmortem as it was: the channel is archived, and Slack does not let Fireboss change it there (%s). Unarchive <#%s>, and Fireboss brings it up to date."
		return p.warn(ctx, stepCanvas, fmt.Sprintf(text, code(err), p.rec.Place))
	}
	return err
}
