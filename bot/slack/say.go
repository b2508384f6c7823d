package slack

import (
	"fmt"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/commands"
	"fireboss/incidents"
)

// icons begin the line of an event, so that a channel can be skimmed.
var icons = map[incidents.Kind]string{
	incidents.SeverityChanged: ":bar_chart:", incidents.StatusChanged: ":arrow_forward:", incidents.RoleAssigned: ":bust_in_silhouette:",
	incidents.RoleCleared: ":bust_in_silhouette:", incidents.Acknowledged: ":eyes:", incidents.UpdatePosted: ":mega:",
	incidents.NoteAdded: ":memo:", incidents.DecisionMade: ":scales:", incidents.TaskAdded: ":ballot_box_with_check:",
	incidents.TaskDone: ":white_check_mark:", incidents.HandoffAccepted: ":handshake:", incidents.ImpactChanged: ":stopwatch:",
	incidents.VisibilityChanged: ":lock:", incidents.ReminderSent: ":alarm_clock:", incidents.Merged: ":link:", incidents.PostmortemPublished: ":page_facing_up:",
}

// say puts one event into words for the channel: one line of text, so that a
// busy channel stays easy to read. mention turns an actor's id into a mention,
// for those whom the event gives something to do.
func say(e incidents.Event, mention func(id string) string) *message {
	text := cutEscaped(e.Text, maxText-500) // room for what is added
	switch {
	case e.Redacted:
		text = "_This was removed._"
	case e.Kind == incidents.ReminderSent:
		text = strings.ReplaceAll(text, incidents.Between, "\n")
	case e.Kind == incidents.UpdatePosted:
		text = "*Update:* " + text
	case e.Kind == incidents.DecisionMade:
		text = "*Decision:* " + text
	case e.Kind == incidents.NoteAdded && e.RecordedAt.Sub(e.At) > time.Minute:
		text = "*" + clock(e.At) + "* " + text
	case e.Kind == incidents.RoleAssigned:
		text = mentioned(text, plain(e.Field("to_name")), e.Field("to"), e, mention)
	case e.Kind == incidents.TaskAdded:
		text = mentioned(text, "("+plain(e.Field("assignee_name"))+")", e.Field("assignee"), e, mention)
	}
	if name := plain(e.Actor.Name); e.Actor.Kind != incidents.System && !strings.Contains(text, name) {
		text += " – " + name
	}
	if e.Kind == incidents.UpdatePosted && !e.Redacted {
		text += next(e)
	}
	if e.Kind == incidents.StatusChanged && e.Field("to") == string(incidents.Closed) {
		text += fmt.Sprintf("\nThe record up to here is sealed with `%d:%s`.", e.Seq, e.Hash)
	}
	m := &message{Text: icons[e.Kind] + " " + text}
	if buttons := remedies(e); len(buttons) > 0 {
		m.Blocks = []slackgo.Block{section(m.Text), choices(buttons)}
	}
	return m
}

// postedLate is from when on a message says when that happened which it tells: Slack
// shows the time at which it was posted, and that may be long after, where it was
// done elsewhere while Slack could not be reached.
const postedLate = 2 * time.Minute

// dated puts the time of an event before what is said of it late. A note that is
// back-dated has it already, and a reminder counts from its own beginning.
func (m *message) dated(e incidents.Event, now time.Time) *message {
	if now.Sub(e.RecordedAt) < postedLate || e.Kind == incidents.ReminderSent || e.Kind == incidents.NoteAdded && e.RecordedAt.Sub(e.At) > time.Minute {
		return m
	}
	when := clock(e.At)
	if now.Sub(e.At) > 20*time.Hour {
		when = date(e.At)
	}
	m.Text = "*" + when + "* " + m.Text
	if len(m.Blocks) > 0 {
		m.Blocks[0] = section(m.Text)
	}
	return m
}

// say is an event as this incident's channel shows it: with the way from and to
// the channels that it had before.
func (p *pass) say(e incidents.Event) *message {
	m := p.m.Card.say(p.in, e, p.m.mention)
	if e.Kind != incidents.VisibilityChanged || e.Redacted {
		return m
	}
	for _, channel := range p.past() {
		m.Text += "\nEarlier channel: <#" + channel + ">"
	}
	return m
}

// remedies are the buttons that do what a reminder asks for.
func remedies(e incidents.Event) (list []commands.Choice) {
	if e.Kind != incidents.ReminderSent || e.Redacted {
		return nil
	}
	rules := strings.Fields(e.Field("rules"))
	if len(rules) == 0 {
		rules = []string{e.Field("rule")}
	}
	n := e.Incident.String()
	for _, rule := range rules {
		switch rule {
		case "acknowledge":
			list = append(list, commands.Choice{Label: "Acknowledge", Command: "ack " + n, Primary: true})
		case "commander":
			list = append(list, commands.Choice{Label: "Take command", Command: "lead " + n + " me"})
		case "close":
			list = append(list, commands.Choice{Label: "Close it", Command: "close " + n})
		case "postmortem":
			list = append(list, commands.Choice{Label: "Show the postmortem", Command: "postmortem " + n + " show"}, commands.Choice{Label: "Ask for review", Command: "postmortem " + n + " review"})
		case "followup":
			for _, number := range strings.Fields(e.Field("numbers")) {
				list = append(list, commands.Choice{Label: "Follow-up " + number + " is done", Command: "followup " + n + " done " + number})
			}
		default:
			if law, stage, ok := incidents.LegalStage(rule); ok {
				list = append(list, commands.Choice{Label: "Submitted", Command: "clock " + n + " submitted " + law + " " + stage})
			}
		}
	}
	return list[:min(len(list), maxRemedies)]
}

// maxRemedies is how many buttons fit below a reminder on a telephone.
const maxRemedies = 5

func next(e incidents.Event) string {
	t, err := time.Parse(time.RFC3339, e.Field("next"))
	if err != nil {
		return ""
	}
	return "\nNext update by " + date(t) + "."
}

// mentioned calls the one who has something to do now, where the text ends with
// their name, unless they said it themselves.
func mentioned(text, name, id string, e incidents.Event, mention func(string) string) string {
	before, ends := strings.CutSuffix(text, name)
	if !ends || id == "" || id == e.Actor.ID {
		return text
	}
	if m := mention(id); m != "" {
		return before + m
	}
	return text
}
