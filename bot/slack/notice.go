package slack

import (
	"strings"

	"fireboss/incidents"
)

// Notice is what people are told of being recorded.
type Notice struct {
	// Keeps says, in a clause, how long what is written in the channel is kept;
	// empty: it is not recorded.
	Keeps string
	// Marks are the emoji that have a message recorded; none: all messages are.
	Marks []string
	// DeletedStays says that what its author deletes is only marked as deleted.
	DeletedStays bool
}

// notice tells everybody that they are recorded; it stands on the channel's
// first message, which is the card.
func (n Notice) notice() string {
	if n.Keeps == "" {
		return "What you write here is not recorded; what you tell Fireboss with /incident is, and whoever may see this incident can read it."
	}
	back := "To take a message back, delete it; its text is then removed from the record too."
	if n.DeletedStays {
		back = "A message that you delete is marked as deleted in the record and keeps its text; what must not stay can be removed with /incident redact."
	}
	if len(n.Marks) > 0 {
		return "Of this channel is recorded what somebody puts :" + strings.Join(n.Marks, ": or :") + ": on: it is kept " + n.Keeps + ", and whoever may see this incident can read it. " + back
	}
	return "This channel is recorded: what you write here is kept " + n.Keeps + ", and whoever may see this incident can read it. " + back
}

// held says that a legal hold is on.
func held(h incidents.Hold) string {
	text := ":scales: Legal hold since " + date(h.Since) + " by " + person(h.By)
	if h.Why != "" {
		text += ": " + cutEscaped(h.Why, 500)
	}
	return text + ". Nothing of this is deleted."
}
