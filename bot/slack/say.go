package slack

import (
	"fmt"
	"time"

	slackgo "github.com/slack-go/slack"

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

// say puts one event into words for the channel. mention turns an actor's id
// into a mention, for those whom the event gives something to do.
func say(in incidents.Incident, e incidents.Event, mention func(id string) string) *message {
	text := plain(e.Text)
	switch {
	case e.Redacted:
		text = "_This was removed._"
	case e.Kind == incidents.UpdatePosted:
		text = "*Update:* " + text + next(e)
	case e.Kind == incidents.DecisionMade:
		text = "*Decision:* " + text
	case e.Kind == incidents.NoteAdded && e.RecordedAt.Sub(e.At) > time.Minute:
		text = "*" + clock(e.At) + "* " + text
	case e.Kind == incidents.RoleAssigned, e.Kind == incidents.TaskAdded:
		text += mentioned(e, mention)
	}
	if e.Kind == incidents.StatusChanged && e.Field("to") == string(incidents.Closed) {
		text += fmt.Sprintf("\nThe record up to here is sealed with `%d:%s`.", e.Seq, e.Hash)
	}
	by := plain(e.Actor.Name)
	if e.Actor.Kind == incidents.System {
		by = "Fireboss"
	}
	block := section(cut(icons[e.Kind]+" "+text, maxSection))
	return &message{Text: cut(text, maxText), Blocks: []slackgo.Block{block, contextLine(fmt.Sprintf("%s · %s · %d", by, in.Number, e.Seq))}}
}

func next(e incidents.Event) string {
	t, err := time.Parse(time.RFC3339, e.Field("next"))
	if err != nil {
		return ""
	}
	return "\nNext update by " + clock(t) + "."
}

// mentioned calls the one who has something to do now, unless they said it themselves.
func mentioned(e incidents.Event, mention func(string) string) string {
	who := e.Field("to")
	if e.Kind == incidents.TaskAdded {
		who = e.Field("assignee")
	}
	if who == "" || who == e.Actor.ID {
		return ""
	}
	if m := mention(who); m != "" {
		return " " + m
	}
	return ""
}
