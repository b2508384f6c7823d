package incidents

import "time"

// Command is what somebody wants of one incident. Every door makes the same.
type Command struct {
	// ID is unique. A command whose id was decided before is not decided again;
	// it gets the outcome of the first time.
	ID       string
	Actor    Actor
	At       time.Time // when it was said
	Incident Number    // 0 for Open
	Origin   string    // the mirror where it was said, "slack"
	Do       Act
}

// Act is a verb with its arguments. The acts are the types of this package
// that have a decide method; nobody else can make one.
type Act interface {
	// Verb is the act's row in the lifecycle table.
	Verb() string
	decide(d *decision) error
}

// witnessed is an act that a mirror saw happen rather than one that somebody
// asked for, or one by which nothing is learned: it needs no right to see the
// incident. Who writes in a private channel is in it.
type witnessed interface{ witnessed() }

// OutsideID is the id of something outside, in the words of the mirror that
// knows it: {"slack", "C0123/1700000000.000100"} is a message.
type OutsideID struct {
	Mirror string `json:"mirror"`
	ID     string `json:"id"`
}

// asks is an act whose rules need to know which events stand behind an outside id.
type asks interface{ needs() []OutsideID }

// Needs lists what has to be looked up, in the transaction, for this act.
func Needs(a Act) []OutsideID {
	if n, ok := a.(asks); ok {
		return n.needs()
	}
	return nil
}

// Facts are what was looked up for a command.
type Facts struct {
	Behind map[OutsideID][]Event // the events of this incident behind an outside id, by seq
}

// Change is what follows from a command.
type Change struct {
	Incident Incident // as it is now; Version is the old one plus one if state changed
	Events   []Event  // in order, without place and hash: the store gives them
	State    bool     // whether anything but events changed
	Redact   []uint64 // seqs whose text goes for good
	// Links say which outside thing an event stands for: an index into Events.
	Links    map[int]OutsideID
	Messages []Message
}

// Message is something said once to one person: a row that is written with the
// change that wants it, sent afterwards, and never sent twice.
type Message struct {
	Kind  string `json:"kind"`  // what it says; see the kinds below
	Event int    `json:"event"` // index into Change.Events: what it is about
	To    Person `json:"to"`
}

// Kinds of messages to one person.
const (
	HandoffOffer  = "handoff_offer"  // to the one who is asked to take command
	AccessRequest = "access_request" // to the one who can let somebody in
	Reminder      = "reminder"       // to whoever has something to do
	// FollowupReminder is to whoever has follow-ups to do: what of several
	// incidents is said to one person at one time is one message.
	FollowupReminder = "followup_reminder"
)

// Outcome is what became of a command.
type Outcome struct {
	Incident Incident // as it was after it
	Events   []Event  // what it caused; none if it changed nothing
	Repeated bool     // the id had been decided before: this is what became of it then
}
