package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"fireboss/incidents"
)

// ErrNotFound is the answer for a row that is not there.
var ErrNotFound = errors.New("store: not found")

// ErrClosed is the answer of a store that was closed.
var ErrClosed = errors.New("store: closed")

// PanicError is what becomes of a command whose decision panicked: a fault of
// the program, of which nothing was written and no other command noticed.
type PanicError struct {
	Command string // the command's id
	Value   any    // what it panicked with
	Stack   []byte // where, for the log
}

func (e *PanicError) Error() string {
	return fmt.Sprintf("the decision on command %q panicked, nothing was changed: %v", e.Command, e.Value)
}

// Store keeps everything Fireboss knows. It is safe for use by many goroutines.
//
// Whatever a method has answered without an error is durable: it is there
// after a crash at any later instruction. An error that is not a refusal says
// that nothing was changed, or, where the disk failed while committing, that
// it is not known; the same call may then be made again.
type Store interface {
	// Apply decides the command inside the store's own transaction, on the
	// incident as it is, and writes the change whole: state, events with their
	// place in the chain, deadlines, messages, indexes. Numbers are given
	// without gaps. The commands that follow for other incidents are decided and
	// written with it, or all of it is refused. A refusal (*incidents.Refusal) changes nothing, and neither
	// does a decision that panics: it becomes an error, for this command alone. A
	// command whose id was applied within the last 48 hours gets the outcome of
	// then, with Repeated set, and changes nothing.
	Apply(ctx context.Context, c incidents.Command) (incidents.Outcome, error)

	// Incident is one incident as it stands, or ErrNotFound.
	Incident(ctx context.Context, n incidents.Number) (incidents.Incident, error)
	// Incidents lists incidents, newest first.
	Incidents(ctx context.Context, q Query) ([]incidents.Incident, error)
	// Events lists the events of an incident after a seq, in order, at most
	// limit (0: all). An incident that does not exist has none.
	Events(ctx context.Context, n incidents.Number, after uint64, limit int) ([]incidents.Event, error)
	// Search lists the numbers, newest first, of incidents in whose texts all
	// of these words occur; a word also finds those that begin with it.
	Search(ctx context.Context, words []string, limit int) ([]incidents.Number, error)
	// Behind lists the events that an outside thing stands for, by seq; none
	// where nobody knows it.
	Behind(ctx context.Context, id incidents.OutsideID) ([]incidents.Event, error)

	// Outside lists the outside things that stand for an event.
	Outside(ctx context.Context, n incidents.Number, seq uint64) ([]incidents.OutsideID, error)

	Inbox
	Outbox
	Mirrors
	Figures
	ServiceChanges
	Files
	Timers
	Access
	Postmortems
	Alerts
	AlertNotices
	AlertRules
	Pulses
	Silences

	// Due lists deadlines that are due at or before now, earliest first.
	Due(ctx context.Context, now time.Time, limit int) ([]Due, error)
	// NextDue is when the earliest deadline is due; zero where there is none.
	NextDue(ctx context.Context) (time.Time, error)

	// Seal writes a seal over the incidents that changed since the one before;
	// false where nothing has.
	Seal(ctx context.Context, now time.Time) (incidents.Seal, bool, error)
	// Audit recomputes every chain and every seal.
	Audit(ctx context.Context) (Audit, error)

	// Identity is this store's own random name (hex), given when it was made; a copy keeps it.
	Identity() string
	// Backup writes a consistent copy, while the store goes on working.
	Backup(ctx context.Context, w io.Writer) error
	// Writable reports whether a write would succeed now.
	Writable(ctx context.Context) error
	// Close finishes what is being committed and closes the store.
	Close() error
}

// Query chooses incidents. The zero value is all of them.
type Query struct {
	Open       bool // only those that have not ended
	Postmortem bool // only those with a draft of a postmortem
	Drill      bool // only drills
	Severity   *incidents.Severity
	Status     incidents.Status
	Type       string // in whatever case, as Service
	Service    string
	// Words are, as [incidents.Words] cuts them, such that each begins one of the incident's own.
	Words  []string
	Oldest bool                          // those first, and not the newest
	Before incidents.Number              // only smaller numbers: where the page before ended; 0: all
	After  incidents.Number              // only larger numbers: the same where the oldest are first
	Limit  int                           // 0: all
	Where  func(incidents.Incident) bool // further conditions; nil: none. Rows it refuses do not count against Limit
}

// Matches reports whether a query chooses an incident, whatever its number.
func (q Query) Matches(in incidents.Incident) bool {
	return (!q.Open || in.Status.Open()) &&
		(!q.Postmortem || in.Postmortem.Version > 0) &&
		(!q.Drill || in.Drill) &&
		(q.Severity == nil || in.Severity == *q.Severity) &&
		(q.Status == "" || in.Status == q.Status) &&
		(q.Type == "" || strings.EqualFold(in.Type, q.Type)) &&
		(q.Service == "" || slices.ContainsFunc(in.Services, func(s string) bool { return strings.EqualFold(s, q.Service) })) &&
		q.begins(in) &&
		(q.Where == nil || q.Where(in))
}

// begins reports whether each of the words begins one of the incident's.
func (q Query) begins(in incidents.Incident) bool {
	if len(q.Words) == 0 {
		return true
	}
	words := in.Words()
	return !slices.ContainsFunc(q.Words, func(asked string) bool {
		return !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, asked) })
	})
}

// Delivery is something that arrived from outside: an envelope, a hook, a call.
type Delivery struct {
	ID       string    `json:"id"`   // unique; the sender's own id behind the door's name
	Door     string    `json:"door"` // "slack", "api"
	Key      string    `json:"key"`  // what must be worked in order, a channel; may be empty
	At       time.Time `json:"at"`   // when it was received
	Raw      []byte    `json:"raw,omitempty"`
	Done     bool      `json:"done"`
	Result   []byte    `json:"result,omitempty"` // the answer, in the door's own words
	Attempts int       `json:"attempts,omitempty"`
	// Once says that nobody else has its id, so that it comes no second time: nothing is kept of it once it is finished.
	Once bool `json:"once,omitempty"`
}

// Inbox keeps what arrived until it has been worked, and its id for 48 hours.
type Inbox interface {
	// Receive makes a delivery durable. fresh is false where the id is known
	// already; then the stored row is returned, with its result where it is done.
	Receive(ctx context.Context, d Delivery) (row Delivery, fresh bool, err error)
	// Finish stores the answer and drops the raw bytes. An answer that was
	// stored before stays: it may have been given already. Of a delivery that comes once the whole row goes.
	Finish(ctx context.Context, id string, result []byte) error
	// Attempted counts an attempt that did not finish, so that a delivery that
	// kills the process is given up in the end.
	Attempted(ctx context.Context, id string) (int, error)
	// AttemptedAll counts an attempt to work each of several deliveries; of those that there are.
	AttemptedAll(ctx context.Context, ids []string) error
	// Unfinished lists deliveries received and not finished, oldest first.
	Unfinished(ctx context.Context) ([]Delivery, error)
	// Forget drops ids of finished deliveries and of commands that are older
	// than before; it answers how many. What is not finished is never dropped.
	Forget(ctx context.Context, before time.Time) (int, error)
}

// MessageState is how far a message to one person has come.
type MessageState string

// The states of a message.
const (
	Intended MessageState = "intended" // written down, not yet tried
	Started  MessageState = "started"  // tried, the outcome not yet known
	Sent     MessageState = "done"
	Failed   MessageState = "failed"  // it will not be tried again
	Unknown  MessageState = "unknown" // it may have been sent, and nobody can find out
)

// Message is a row of what is said once to one person.
type Message struct {
	Key       string           `json:"key"` // event × kind × recipient: it exists once
	Kind      string           `json:"kind"`
	Incident  incidents.Number `json:"incident"`
	Seq       uint64           `json:"seq"` // the event it is about
	To        incidents.Person `json:"to"`
	State     MessageState     `json:"state"`
	Attempts  int              `json:"attempts,omitempty"`
	NextTry   time.Time        `json:"next_try,omitzero"`
	Error     string           `json:"error,omitempty"`
	OutsideID string           `json:"outside_id,omitempty"` // where it can be found
	// Together is the key of the first of those that it is sent together with, as
	// one message; empty: it is sent alone, or was not tried yet.
	Together string `json:"together,omitempty"`
}

// Letter is a message with what it is about.
type Letter struct {
	Message  Message
	Incident incidents.Incident
	Event    incidents.Event
}

// Outbox keeps messages until they are sent.
type Outbox interface {
	// Outgoing lists messages that are neither sent nor given up, oldest first.
	Outgoing(ctx context.Context) ([]Message, error)
	// Told lists the messages that are about an event, whatever has become of them.
	Told(ctx context.Context, n incidents.Number, seq uint64) ([]Message, error)
	// PutMessage stores how far a message has come. One that no change wanted
	// is ErrNotFound.
	PutMessage(ctx context.Context, m Message) error
}

// Record is what a mirror knows of its outside things for one incident.
type Record struct {
	Mirror        string            `json:"mirror"`
	Incident      incidents.Number  `json:"incident"`
	SyncedVersion uint64            `json:"synced_version"`
	CursorSeq     uint64            `json:"cursor_seq"`
	Place         string            `json:"place,omitempty"` // where people talk there: a channel's id; found by AtPlace
	PlaceName     string            `json:"place_name,omitempty"`
	IDs           map[string]string `json:"ids,omitempty"`
	Attempts      int               `json:"attempts,omitempty"` // in a row that failed
	NextTry       time.Time         `json:"next_try,omitzero"`
	LastError     string            `json:"last_error,omitempty"`
	// BehindSince is when the oldest change was made that is not outside yet;
	// zero while nothing is behind. The store sets it; PutRecord ignores it.
	BehindSince time.Time `json:"behind_since,omitzero"`
}

// Link says that an outside thing of a mirror stands for an event.
type Link struct {
	Outside incidents.OutsideID
	Seq     uint64
}

// Mirrors keeps the records of the mirrors, apart from the incidents and
// without events.
type Mirrors interface {
	// AddMirror makes a mirror known: from now on every change puts its
	// incident behind, and those that are open now are behind at once where
	// there is no record yet.
	AddMirror(ctx context.Context, mirror string) error
	// Record is a mirror's record; the zero one with its names where there is none.
	Record(ctx context.Context, mirror string, n incidents.Number) (Record, error)
	// PutRecord stores a record and what its outside things stand for. The
	// incident stays behind while its version or seq is beyond the record's;
	// one that came forward and is behind still goes to the end of the queue.
	// An incident or an event that does not exist is ErrNotFound.
	PutRecord(ctx context.Context, r Record, links ...Link) error
	// BehindMirror lists the incidents that are behind, the oldest change first.
	BehindMirror(ctx context.Context, mirror string) ([]incidents.Number, error)
	// AtPlace is the incident of a place, or ErrNotFound. Places of the past
	// are found as well.
	AtPlace(ctx context.Context, mirror, place string) (incidents.Number, error)
}

// Figures keeps of every incident what statistics need, in a row that is written with
// each of its changes: no event is read for it.
type Figures interface {
	// Figures lists the figures of incidents, by number.
	Figures(ctx context.Context, q FiguresQuery) ([]incidents.Figures, error)
}

// FiguresQuery chooses figures. The zero value is those of all incidents.
type FiguresQuery struct {
	// Where is a condition; nil: none. It sees them without their load, and must be quick.
	Where func(incidents.Figures) bool
	Load  bool // with the load of people
}

// ServiceChanges keeps what was changed about services.
type ServiceChanges interface {
	// PutServiceChange keeps a change. The same one, by its id and time, again
	// changes nothing.
	PutServiceChange(ctx context.Context, c incidents.ServiceChange) error
	// ServiceChanges lists changes from one moment to another, both included, the
	// newest first, at most limit (0: all) of those for which where holds (nil: all).
	ServiceChanges(ctx context.Context, from, to time.Time, limit int, where func(incidents.ServiceChange) bool) ([]incidents.ServiceChange, error)
	// ForgetServiceChanges drops those before a moment and answers how many.
	ForgetServiceChanges(ctx context.Context, before time.Time) (int, error)
}

// FileState is how far the content of a file has come.
type FileState string

// The states of a file.
const (
	FileWanted FileState = "wanted" // its content is to be fetched
	FileKept   FileState = "kept"   // all of it is here
	FileFailed FileState = "failed" // it will not be tried again
)

// File is a file that was shared in an incident's channel, of which the policy
// wants the content.
type File struct {
	Incident incidents.Number `json:"incident"`
	Seq      uint64           `json:"seq"` // the event that tells of it
	incidents.File
	From     string    `json:"from,omitempty"` // where it can be fetched; empty once nobody will
	At       time.Time `json:"at"`             // when it was recorded
	State    FileState `json:"state"`
	Pieces   int       `json:"pieces,omitempty"` // of its content, in order; set once all are here
	Attempts int       `json:"attempts,omitempty"`
	NextTry  time.Time `json:"next_try,omitzero"`
	Error    string    `json:"error,omitempty"`
}

// Files keeps files that were shared in incidents' channels, their content in
// pieces. A file goes, with all its pieces, when its event is redacted.
type Files interface {
	// WantedFiles lists files whose content is to be fetched, oldest first.
	WantedFiles(ctx context.Context) ([]File, error)
	// PutFile stores how far a file has come. One that no change wanted, or
	// that has gone since, is ErrNotFound.
	PutFile(ctx context.Context, f File) error
	// PutPiece stores a piece of its content, the first is 0, in the place of one
	// that is there. ErrNotFound as for PutFile.
	PutPiece(ctx context.Context, f File, piece int, content []byte) error
	// FilesOf lists the files of an incident, by event.
	FilesOf(ctx context.Context, n incidents.Number) ([]File, error)
	// Piece is a piece of a file's content, or ErrNotFound.
	Piece(ctx context.Context, f File, piece int) ([]byte, error)
}

// Timer is when work that comes again and again is next due.
type Timer struct {
	Name string    `json:"name"`
	Spec string    `json:"spec"` // what Next was computed from; where that is another today, Next holds no more
	Next time.Time `json:"next,omitzero"`
	// Came is the time that has come and whose work is not done yet; zero: none. It
	// is stored before the work is begun, so that whoever finds it looks first.
	Came time.Time `json:"came,omitzero"`
}

// Timers keeps when recurring work is due, so that each time comes once over all
// restarts.
type Timers interface {
	// Timer is the row of that name; the zero one with its name where there is none.
	Timer(ctx context.Context, name string) (Timer, error)
	// PutTimer stores a row.
	PutTimer(ctx context.Context, t Timer) error
}

// Postmortems keeps the texts of postmortems: every version of each, written with
// the change that brought it ([incidents.Change.Document]). What a change redacts
// goes out of all versions in its transaction; nothing else changes one.
type Postmortems interface {
	// Postmortem is one version of an incident's postmortem (0: the newest), or
	// ErrNotFound.
	Postmortem(ctx context.Context, n incidents.Number, version int) (incidents.Document, error)
	// PostmortemVersions lists all versions, oldest first, without their sections'
	// texts, notes and removed statements; none where there is no postmortem.
	PostmortemVersions(ctx context.Context, n incidents.Number) ([]incidents.Document, error)
}

// Due is a deadline that has come. What is not indexed (From, Snoozed, Date and the
// words) stands in the incident alone.
type Due struct {
	Incident incidents.Number
	Deadline incidents.Deadline
}

// Audit is what a check of all chains found.
type Audit struct {
	Events int
	Seals  int
	// Wrong is the first thing that does not hold, in words; empty if all does.
	Wrong string
	Heads []incidents.Head
}
