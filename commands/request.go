package commands

import (
	"context"
	"errors"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// Request is one command as it was said.
type Request struct {
	ID    string // unique; the same id again is answered as the first time
	Actor incidents.Actor
	At    time.Time
	Zone  *time.Location // of the actor, for times like 14:02; nil: UTC
	// Text is what was said behind /incident, in plain text: people and groups
	// stand in it as "@name".
	Text string
	// Mentions are the people whom the door has already recognised in Text, by
	// the "@name" that stands there.
	Mentions map[string]incidents.Person
	Here     incidents.Number // the incident in whose channel it was said; 0: elsewhere
	Origin   string           // the mirror where it was said, "slack"; empty: none
	// Values are what was filled in, by the names of the form's fields; nil: it was
	// typed. Redraw asks for the form as it looks with them, and does nothing.
	Values map[string][]string
	Redraw bool
	// Source is the message from which an incident is to be opened; nil: none.
	Source *incidents.Source
}

// Reply is the answer to one request. It is data: the door draws it.
type Reply struct {
	// Text is one or two plain sentences; it is never empty.
	Text string
	// Refused is empty, or why nothing was done.
	Refused incidents.Code
	// Want is set where something has to be known first: what a form asks for.
	Want *incidents.Want
	// Incident is the incident the answer is about, as it is now; Card says
	// that its card should be shown with the text.
	Incident *incidents.Incident
	Card     bool
	// Lines are the rows of a longer answer: a list, a timeline, help.
	Lines []Line
	// Choices are buttons; pressing one says its command.
	Choices []Choice
	// Form asks for what is missing, or once more for what was wrong: then Field
	// names it, and is empty where it is none of the fields.
	Form  *Form
	Field string
	// Events are what the command caused.
	Events []incidents.Event
	// Secret says that the text opens something to whoever has it: it is shown to
	// the one who asked and kept nowhere.
	Secret bool
	// Fault is set where something failed that nobody foresaw: Text then names
	// Reference, and the door logs both.
	Fault     error
	Reference string
}

// Line is one row of a longer answer. Text stands on its own: it names the
// incident; only At and Seq are not in it.
type Line struct {
	Incident incidents.Number // what the row is about, so that a door can link it; 0: none
	Seq      uint64           // the event the row is about; 0: none
	At       time.Time        // zero: none
	Text     string
	Choice   *Choice // what can be done with it; nil: nothing
}

// Choice is a button.
type Choice struct {
	Label   string
	Command string // what pressing it says, behind /incident
	Primary bool
}

// ErrUnknown is the Directory's answer for a name that nobody has.
var ErrUnknown = errors.New("commands: nobody has that name")

// Directory knows people and groups by the names that others call them.
type Directory interface {
	// Person finds somebody by a name without @, or answers ErrUnknown.
	Person(ctx context.Context, name string) (incidents.Person, error)
	// Group finds the members of a group by its handle without @, or answers ErrUnknown.
	Group(ctx context.Context, handle string) ([]incidents.Person, error)
}

// Desk answers requests.
type Desk struct {
	Store  store.Store
	Rules  func() incidents.Rules
	People Directory
	// Dashboard is where pages are found, without a slash at the end; empty: nowhere.
	Dashboard string
	Drafting  Drafting
	// Alerts are the rules of alerts as they are now. Nil: there are none.
	Alerts func() alerts.Policy
	// Silencers are the outside systems in which silences are set as well.
	Silencers []alerts.Silencer
	// Woken waits a moment for what becomes of the page that an event wants; false: that is not known yet. Nil: it never is.
	Woken func(ctx context.Context, n incidents.Number, seq uint64) (incidents.Event, bool)
}
