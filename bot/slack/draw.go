package slack

import (
	"context"
	"fmt"
	"strings"

	slackgo "github.com/slack-go/slack"

	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// draw makes a message of an answer. here is the incident in whose channel the
// question was asked.
func (in *Intake) draw(ctx context.Context, r commands.Reply, here incidents.Number) *message {
	text := cutEscaped(r.Text, maxSection-100) // room for a channel
	place, elsewhere := "", false
	if r.Incident != nil {
		place, elsewhere = in.goesOnIn(ctx, *r.Incident)
	}
	if place != "" && r.Incident.Number != here {
		text += "\nChannel: <#" + place + ">" // apart, for the text may end with a command
	}
	blocks := []slackgo.Block{section(text)}
	if elsewhere {
		blocks = append(blocks, contextLine("Its earlier channel is archived, so it goes on in another one: `/incident show "+r.Incident.Number.String()+"` names it."))
	}
	if r.Incident != nil {
		if warning := in.warning(ctx, r.Incident.Number); warning != "" {
			blocks = append(blocks, contextLine(":warning: "+warning))
		}
	}
	if r.Card && r.Incident != nil {
		blocks = append(blocks, in.Card.facts(*r.Incident)...)
	}
	blocks = append(blocks, in.lines(ctx, r.Lines)...)
	if len(r.Choices) > 0 {
		blocks = append(blocks, choices(r.Choices))
	}
	fallback := text
	if len(r.Lines) > 0 {
		for _, l := range r.Lines {
			fallback += "\n" + plain(l.Text)
		}
	}
	m := whisperMessage(fallback, blocks...)
	m.secret = r.Secret
	return m
}

// lines are the rows of a longer answer, as few sections as they fit in.
func (in *Intake) lines(ctx context.Context, rows []commands.Line) []slackgo.Block {
	var blocks []slackgo.Block
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			blocks = append(blocks, section(b.String()))
			b.Reset()
		}
	}
	size := 0
	for i, row := range rows {
		line := in.row(ctx, row)
		if row.Choice != nil {
			flush()
			size = 0
			blocks = append(blocks, beside(line, button(fmt.Sprintf("%sline%d", sayAction, i), *row.Choice)))
			continue
		}
		if n := len([]rune(line)) + 1; size+n > maxSection-10 {
			flush()
			size = n
		} else {
			size += n
		}
		b.WriteString(line + "\n")
	}
	flush()
	return blocks
}

func (in *Intake) row(ctx context.Context, l commands.Line) string {
	var parts []string
	if !l.At.IsZero() {
		parts = append(parts, date(l.At))
	}
	if l.Seq > 0 {
		parts = append(parts, fmt.Sprintf("`%d`", l.Seq))
	}
	text := cutEscaped(l.Text, 1000)
	if l.Incident > 0 {
		if place := placeOf(ctx, in.Store, l.Incident); place != "" {
			text += " <#" + place + ">"
		}
	}
	return strings.Join(append(parts, text), " ")
}

// choices are buttons that say commands.
func choices(list []commands.Choice) slackgo.Block { return choicesIn("", list) }

// choicesIn is choices in a block of that id.
func choicesIn(block string, list []commands.Choice) slackgo.Block {
	var elements []slackgo.BlockElement
	for i, c := range list[:min(len(list), maxElements)] {
		elements = append(elements, button(fmt.Sprintf("%s%d", sayAction, i), c))
	}
	return slackgo.NewActionBlock(block, elements...)
}

// beside is a section with a button at its side.
func beside(text string, b *slackgo.ButtonBlockElement) slackgo.Block {
	return slackgo.NewSectionBlock(mrkdwn(clipped(text, maxSection)), nil, slackgo.NewAccessory(b))
}

// button says a command when it is pressed.
func button(id string, c commands.Choice) *slackgo.ButtonBlockElement {
	b := slackgo.NewButtonBlockElement(id, cutValue(c.Command), plainText(c.Label, maxButton))
	if c.Primary {
		b.Style = slackgo.StylePrimary
	}
	return b
}

// cutValue keeps a button's value within Slack's limit. What is cut is the end
// of a title, and a title that long is refused anyway.
func cutValue(s string) string {
	if r := []rune(s); len(r) > maxValue {
		return string(r[:maxValue])
	}
	return s
}

// goesOnIn is the channel in which an incident goes on, empty where it has none that
// can be named now; elsewhere says that it goes on in another one than before, which
// is archived, and that there is none yet. Both are of one look: the mirror makes the
// other channel meanwhile.
func (in *Intake) goesOnIn(ctx context.Context, inc incidents.Incident) (place string, elsewhere bool) {
	rec, err := in.Store.Record(ctx, Door, inc.Number)
	if err != nil {
		return "", false
	}
	away := leaves(inc, rec)
	elsewhere = away || rec.Place == "" && len(shutChannels(rec)) > 0
	if secret := rec.IDs[idSecret]; secret != "" && secret != yesNo(inc.Private) || away {
		return "", elsewhere
	}
	return rec.Place, elsewhere
}

// placeOf is the channel of an incident, if it has one.
func placeOf(ctx context.Context, s store.Mirrors, n incidents.Number) string {
	rec, err := s.Record(ctx, Door, n)
	if err != nil {
		return ""
	}
	return rec.Place
}
