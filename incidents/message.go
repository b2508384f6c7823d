package incidents

import (
	"fmt"
	"slices"
	"time"
)

// RecordMessage records what somebody wrote in the incident's channel.
type RecordMessage struct {
	ID     OutsideID
	Thread OutsideID // the message it answers; zero: none
	Text   string
	At     time.Time
	Files  []File // that it shares
	// Marked says that somebody marked it: it is recorded also where only such
	// messages are.
	Marked bool
}

// Verb is the row in [Lifecycle].
func (RecordMessage) Verb() string { return "message" }

func (RecordMessage) witnessed() {}

func (m RecordMessage) needs() []OutsideID {
	if m.Thread.ID == "" {
		return []OutsideID{m.ID}
	}
	return []OutsideID{m.ID, m.Thread}
}

func (m RecordMessage) decide(d *decision) error {
	if len(d.facts.Behind[m.ID]) > 0 {
		return nil // recorded already, by another delivery
	}
	if only := d.rules.Record.Messages; only == RecordNone || only == RecordMarked && !m.Marked {
		return nil
	}
	var thread uint64
	if root := d.facts.Behind[m.Thread]; len(root) > 0 {
		thread = root[0].Seq
	}
	files := shared(m.Files)
	d.eventAt(m.At, MessagePosted, clean(m.Text), "id", m.ID.ID, "thread", m.Thread.ID, "thread_seq", thread, "files", files)
	d.link(m.ID)
	d.keep(files)
	return nil
}

// RecordEdit records that a message was changed; the earlier text stays.
type RecordEdit struct {
	ID   OutsideID
	Text string
	At   time.Time // of the edit
}

// Verb is the row in [Lifecycle].
func (RecordEdit) Verb() string { return "message" }

func (RecordEdit) witnessed() {}

func (m RecordEdit) needs() []OutsideID { return []OutsideID{m.ID} }

func (m RecordEdit) decide(d *decision) error {
	behind := d.facts.Behind[m.ID]
	words := clean(m.Text)
	if takenBack(behind) {
		return nil // a late edit does not bring it back
	}
	known := versions(behind)
	if n := len(known); n > 0 && (known[n-1].Text == words || known[n-1].Kind == MessageEdited && !edited(known[n-1]).Before(m.At)) {
		return nil // the same text, or an edit older than the one we know
	}
	var seq uint64
	switch {
	case len(known) > 0:
		seq = known[0].Seq
	case d.rules.Record.Messages != RecordAll:
		return nil // not recorded, and neither is its edit
	}
	d.eventAt(m.At, MessageEdited, words, "id", m.ID.ID, "seq", seq, "edited", finely(m.At))
	d.link(m.ID)
	return nil
}

// finely is a time as exactly as it was told: that of an event is in milliseconds, and two
// edits may be closer. Empty where it was not told.
func finely(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// edited is when an edit was made.
func edited(e Event) time.Time {
	if at, err := time.Parse(time.RFC3339Nano, e.Field("edited")); err == nil {
		return at
	}
	return e.At
}

// RecordDeletion records that a message was taken back. Its text, with all its
// earlier versions and its files, goes for good, and so does what a task or a
// follow-up that was made of it repeats, unless the policy or a legal hold keeps
// it: then it is only marked.
type RecordDeletion struct {
	ID OutsideID
	At time.Time
}

// Verb is the row in [Lifecycle].
func (RecordDeletion) Verb() string { return "message" }

func (RecordDeletion) witnessed() {}

func (m RecordDeletion) needs() []OutsideID { return []OutsideID{m.ID} }

func (RecordDeletion) recalls() (after uint64, limit int) { return 0, 0 }

func (m RecordDeletion) decide(d *decision) error {
	behind := d.facts.Behind[m.ID]
	if slices.ContainsFunc(behind, func(e Event) bool { return e.Kind == MessageDeleted }) {
		return nil
	}
	known, made := versions(behind), madeOf(behind)
	var seq uint64
	switch {
	case len(known) > 0:
		seq = known[0].Seq
	case len(made) == 0 && d.rules.Record.Messages != RecordAll:
		return nil // it was never recorded
	default:
		if _, _, ours := saidBehind(m.ID, behind); ours {
			return nil // what we said in the channel has no author there
		}
	}
	text := "A message was deleted by its author"
	var repeated []uint64
	if d.rules.Record.KeepDeleted || d.in.Hold.On() {
		text += "; its text is kept"
	} else {
		for _, e := range behind {
			if texts[e.Kind] && !e.Redacted {
				d.out.Redact = append(d.out.Redact, e.Seq)
			}
		}
		repeated = d.unmake(made)
		d.out.Redact = append(d.out.Redact, repeated...)
	}
	// A deletion is linked even where the message is not known: should the
	// message arrive later, its text must not be kept.
	d.eventAt(m.At, MessageDeleted, text, "id", m.ID.ID, "seq", seq, "seqs", repeated)
	d.link(m.ID)
	return nil
}

// madeOf are the tasks and follow-ups that were made of a message of the channel,
// among what stands behind its id.
func madeOf(behind []Event) []Event {
	return slices.DeleteFunc(slices.Clone(behind), func(e Event) bool { return e.Kind != TaskAdded && e.Kind != FollowupAdded })
}

// unmake takes the text out of tasks that were added, and answers the seqs of all
// events that repeat it. Only what is known to come from the message goes: that
// somebody else used the same words says nothing.
func (d *decision) unmake(made []Event) (seqs []uint64) {
	for _, e := range d.facts.Events {
		from := func(added Event) bool {
			return added.Seq == e.Seq || sameTask(added, e) || e.Kind == ReminderSent && quotes(e, core(added))
		}
		if !e.Redacted && slices.ContainsFunc(made, func(added Event) bool { return !added.Redacted && from(added) }) {
			seqs = append(seqs, e.Seq)
		}
	}
	for _, added := range made {
		l, _ := listOf(added.Kind)
		list := *l.of(&d.in)
		for i := range list {
			if added.Field("number") == fmt.Sprint(list[i].Number) {
				list[i].Text = RemovedText
			}
		}
	}
	return seqs
}

// texts are the kinds that hold what a message of the channel says.
var texts = map[Kind]bool{MessagePosted: true, MessageEdited: true, MessageMarked: true}

// link says that the last event stands for an outside thing.
func (d *decision) link(id OutsideID) {
	if d.out.Links == nil {
		d.out.Links = map[int]OutsideID{}
	}
	d.out.Links[len(d.out.Events)-1] = id
}
