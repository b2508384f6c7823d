package slack

import (
	"fmt"

	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// postmortemLetter is what somebody hears of a postmortem that they have something
// to do with.
func postmortemLetter(m store.Message, in incidents.Incident, e incidents.Event, b background) (text string, buttons []commands.Choice) {
	name := "*" + plain(heading(in)) + "*"
	say := func(label, args string) {
		buttons = append(buttons, commands.Choice{Label: label, Command: "postmortem " + in.Number.String() + " " + args, Primary: len(buttons) == 0})
	}
	switch m.Kind {
	case incidents.PostmortemOwner:
		text = fmt.Sprintf("%s gave you the postmortem of %s: see that it is right, and that somebody reviews it.", plain(e.Actor.Name), name)
		say("Show", "show")
		say("Ask for review", "review")
	case incidents.PostmortemReview:
		text = fmt.Sprintf("%s asks you to review the postmortem of %s. If something is not right, edit it; if all of it is, approve it.", plain(e.Actor.Name), name)
		say("Show", "show")
		say("Edit", "edit")
		say("Approve", "approve "+e.Field("version"))
	default:
		text = fmt.Sprintf("The postmortem of %s is approved (version %s), and can be published.", name, e.Field("version"))
		say("Publish", "publish")
	}
	if b.page != "" {
		text += "\n" + b.page
	}
	return text, buttons
}
