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

// recalls is an act whose rules need to know what has happened before.
type recalls interface {
	recalls() (after uint64, limit int)
}

// Recalls says which events of its incident have to be looked up, in the
// transaction, for this act: at most limit of them (0: all) after a seq. ok is
// false for the many acts that need none.
func Recalls(a Act) (after uint64, limit int, ok bool) {
	r, ok := a.(recalls)
	if !ok {
		return 0, 0, false
	}
	after, limit = r.recalls()
	return after, limit, true
}

// consults is an act whose rules need to know how other incidents stand.
type consults interface{ others() []Number }

// Others lists the other incidents that have to be looked up, in the
// transaction, for this act.
func Others(a Act) []Number {
	if c, ok := a.(consults); ok {
		return c.others()
	}
	return nil
}

// carries is an act that takes the incident's alerts along.
type carries interface{ carriesAlerts() }

// Carries says whether the alerts of the incident that fire have to be looked up, in the transaction, for this act: they go
// to another incident with it.
func Carries(a Act) bool {
	_, ok := a.(carries)
	return ok
}

// reads is an act whose rules need to know the text of the postmortem.
type reads interface{ document() (base int) }

// Reads says whether the newest text of the postmortem has to be looked up, in
// the transaction, for this act, and beside it which earlier version (0: none).
func Reads(a Act) (base int, ok bool) {
	r, ok := a.(reads)
	if !ok {
		return 0, false
	}
	return r.document(), true
}

// Facts are what was looked up for a command.
type Facts struct {
	Behind map[OutsideID][]Event // the events of this incident behind an outside id, by seq
	Events []Event               // those that the act [Recalls], by seq
	Others map[Number]Incident   // other incidents as they stand; those that do not exist are left out
	// Alerts are those of this incident that fire, where the act [Carries] them.
	Alerts []Alert
	// Document is the newest text of the postmortem, Base the earlier one that the
	// act [Reads]; nil: there is none such.
	Document, Base *Document
}

// Change is what follows from a command.
type Change struct {
	Incident Incident // as it is now; Version is the old one plus one if state changed
	Events   []Event  // in order, without place and hash: the store gives them
	State    bool     // whether anything but new events changed: the incident, or what is removed of earlier events
	Redact   []uint64 // seqs whose text goes for good, with the files they shared
	// Links say which outside thing an event stands for: an index into Events.
	Links    map[int]OutsideID
	Messages []Message
	Files    []KeptFile // whose content is to be fetched and kept
	// Document is a new version of the postmortem's text, kept with the change; nil: none.
	Document *Document
	// Blank says that every version of that text loses all its words.
	Blank bool
	// Follow are commands for other incidents that are part of this change: they
	// are decided and written with it or not at all. Their ids are made from the
	// command's, so that each happens once. No two are for the same incident,
	// and none of them has followers of its own.
	Follow []Command
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
	HandoffOffer     = "handoff_offer"     // to the one who is asked to take command
	Welcome          = "access_granted"    // to whoever was let in
	HandoffRefused   = "handoff_refused"   // to the one who had asked
	AccessRequest    = "access_request"    // to the one who can let somebody in
	Reminder         = "reminder"          // to whoever has something to do
	FollowupReminder = "followup_reminder" // to whoever has follow-ups to do: those of several incidents at one time are one message
	RoleInstructions = "role_instructions" // to who has taken a role: what it is about
	FollowedUpdate   = "followed_update"   // to who follows an incident: an update, or its end
	MergedHere       = "merged_here"       // to who comes from an incident that was merged: where to go
	PostmortemOwner  = "postmortem_owner"  // to whom the postmortem was given
	PostmortemReview = "postmortem_review" // to who is asked to review it
	PostmortemReady  = "postmortem_ready"  // to its owner: all have approved it
	// DraftWanted goes to [Fireboss] itself: the postmortem is to be drafted.
	DraftWanted = "draft_wanted"
	// ModelWanted goes to [Fireboss] itself: a model is to write the draft anew.
	ModelWanted = "model_wanted"
	// RolesDue goes to [Fireboss] itself: the roles that the event names are to be given.
	RolesDue = "roles_due"
	// PageDue goes to [Fireboss] itself: the page that the event wants is to be sent.
	PageDue = "page_due"
	// PageAnswerDue goes to [Fireboss] itself: where pages of the incident wake people, they are to be told that it is
	// acknowledged or over.
	PageAnswerDue = "page_answer_due"
	PageTrouble   = "page_trouble" // to who wanted somebody woken: it is late, or nobody was
)

// Outcome is what became of a command.
type Outcome struct {
	Incident Incident // as it was after it
	Events   []Event  // what it caused; none if it changed nothing
	Repeated bool     // the id had been decided before: this is what became of it then
}
