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

// Bounds of what a letter tells. The questions are looked for among the last
// events only: who takes over reads a minute, and not the whole channel.
const (
	lookedThrough = 1000
	mostQuestions = 5
	mostTasks     = 8
	mostDeadlines = 4
)

// background is what a letter tells besides what stands in its event.
type background struct {
	role      incidents.Role // that somebody has taken
	place     string         // the incident's channel; empty: none yet
	questions []incidents.Event
}

// background finds what a letter of this kind tells.
func (c Courier) background(ctx context.Context, m store.Message, in incidents.Incident, e incidents.Event) (b background, err error) {
	if m.Kind == incidents.RoleInstructions && c.Rules != nil {
		b.role, _ = c.Rules().Role(e.Field("role"))
	}
	if c.Store == nil {
		return b, nil
	}
	rec, err := c.Store.Record(ctx, Door, in.Number)
	if err != nil {
		return b, err
	}
	b.place = rec.Place
	if m.Kind != incidents.HandoffOffer {
		return b, nil
	}
	events, err := c.Store.Events(ctx, in.Number, in.Seq-min(in.Seq, lookedThrough), 0)
	b.questions = incidents.Unanswered(events, mostQuestions)
	return b, err
}

// letter puts a message to one person into words.
func letter(m store.Message, in incidents.Incident, e incidents.Event, b background) *message {
	name := "*" + plain(heading(in)) + "*"
	var text string
	var more []string // sections of their own
	var buttons []commands.Choice
	switch m.Kind {
	case incidents.HandoffOffer:
		text, more = offer(in, e, b)
		buttons = []commands.Choice{
			{Label: "Accept", Command: commands.Answer("accept", in.Number, e.Seq), Primary: true},
			{Label: "Decline", Command: commands.Answer("decline", in.Number, e.Seq)},
		}
	case incidents.HandoffRefused:
		text = fmt.Sprintf("%s does not take command of %s.", plain(e.Actor.Name), name)
		if why := e.Field("why"); why != "" {
			text += "\n>" + cutEscaped(why, 2000)
		}
		text += "\nTo offer it to somebody else: /incident handoff " + in.Number.String() + " @somebody"
	case incidents.RoleInstructions:
		text = fmt.Sprintf("You are now %s of %s%s.", plain(b.role.Title), name, b.where())
		if b.role.Instructions != "" {
			more = []string{cutEscaped(b.role.Instructions, maxSection)}
		}
	case incidents.FollowedUpdate:
		text = followed(name, e, b)
		buttons = []commands.Choice{{Label: "Follow no more", Command: "unfollow " + in.Number.String()}}
	case incidents.MergedHere:
		text = fmt.Sprintf("%s was merged into %s. Go on there%s; you are invited.", plain(e.Field("from")), name, b.where())
	case incidents.AccessRequest:
		text = fmt.Sprintf("%s asks to be let into %s, which is private.", plain(e.Actor.Name), name)
		if !in.Private {
			text = fmt.Sprintf("%s is a guest and asks to be let into %s.", plain(e.Actor.Name), name)
		}
		if i := lastSlash(e.Actor.ID); i >= 0 {
			text += " If you deny it, they hear nothing."
			answer := func(word string) string { return "access " + in.Number.String() + " " + word + " @" + e.Actor.ID[i+1:] }
			buttons = []commands.Choice{{Label: "Approve", Command: answer("approve")}, {Label: "Deny", Command: answer("deny")}}
		}
	case incidents.Welcome:
		text = fmt.Sprintf("%s let you into %s, and you are invited to its channel. How it stands: /incident show %s", plain(e.Actor.Name), name, in.Number)
	case incidents.Reminder, incidents.FollowupReminder:
		text = icons[e.Kind] + " " + strings.ReplaceAll(cutEscaped(e.Text, 2500), incidents.Between, "\n") + "\n" + name
		if e.Redacted {
			text = "_This was removed._\n" + name
		}
		buttons = remedies(e)
	default:
		text = cutEscaped(e.Text, maxSection-500) + " (" + name + ")"
	}
	blocks := []slackgo.Block{section(clipped(text, maxSection))}
	for _, s := range more {
		blocks = append(blocks, section(clipped(s, maxSection)))
	}
	if len(buttons) > 0 {
		blocks = append(blocks, choices(buttons))
	}
	return &message{Text: clipped(strings.Join(append([]string{text}, more...), "\n"), maxText), Blocks: blocks}
}

// followed is what happened to somebody who is not there.
func followed(name string, e incidents.Event, b background) string {
	what := cutEscaped(e.Text, maxSection-500)
	switch {
	case e.Redacted:
		what = "_This was removed._"
	case e.Kind == incidents.UpdatePosted:
		what = "*Update:* " + what
	}
	text := icons[e.Kind] + " " + name + b.where() + "\n" + what
	if e.Actor.Kind != incidents.System {
		text += " – " + plain(e.Actor.Name)
	}
	if e.Kind == incidents.UpdatePosted && !e.Redacted {
		text += next(e)
	}
	return text
}

// where is the incident's channel in a sentence.
func (b background) where() string {
	if b.place == "" {
		return ""
	}
	return " in <#" + b.place + ">"
}

// offer is what somebody has to know who is asked to take command.
func offer(in incidents.Incident, e incidents.Event, b background) (text string, more []string) {
	text = fmt.Sprintf("%s offers you command of *%s*%s (%s, %s).", plain(e.Actor.Name), plain(heading(in)), b.where(), in.Severity, in.Status)
	if words := e.Field("text"); words != "" {
		text += "\n>" + strings.ReplaceAll(cutEscaped(words, 2000), "\n", "\n>")
	}
	text += "\nUntil you accept, nothing changes."
	state := []string{"*How it stands*", "Since " + since(in)}
	if in.Summary != "" {
		state = append(state, cutEscaped(in.Summary, 500))
	}
	if in.Update.Text != "" {
		state = append(state, "Last update "+clock(in.Update.At)+": "+cutEscaped(in.Update.Text, 500))
	}
	more = append(more, clipLines(state))
	add := func(head string, lines []string) {
		if len(lines) > 0 {
			more = append(more, clipLines(append([]string{head}, lines...)))
		}
	}
	add("*Open tasks*", openTasks(in))
	add("*Asked, and perhaps not answered*", asked(b.questions))
	add("*Next*", dueNext(in))
	return text, more
}

// openTasks are the first tasks that nobody has done.
func openTasks(in incidents.Incident) (lines []string) {
	left := 0
	for _, t := range in.Tasks {
		if t.State != incidents.TaskOpen {
			continue
		}
		if len(lines) == mostTasks {
			left++
			continue
		}
		line := fmt.Sprintf("• %d. %s", t.Number, cutEscaped(t.Text, 120))
		if t.Assignee != nil {
			line += " – " + person(*t.Assignee)
		}
		if !t.Due.IsZero() {
			line += ", due " + date(t.Due)
		}
		lines = append(lines, line)
	}
	if left > 0 {
		lines = append(lines, fmt.Sprintf("… and %d more: /incident task %s list", left, in.Number))
	}
	return lines
}

func asked(questions []incidents.Event) (lines []string) {
	for _, q := range questions {
		lines = append(lines, "• "+clock(q.At)+" "+plain(q.Actor.Name)+": "+cutEscaped(q.Text, 200))
	}
	return lines
}

func dueNext(in incidents.Incident) (lines []string) {
	for _, d := range in.Shown() {
		if len(lines) < mostDeadlines {
			lines = append(lines, "• "+deadline(d))
		}
	}
	return lines
}
