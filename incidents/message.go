package incidents

import (
	"slices"
	"time"
)

// RecordMessage records what somebody wrote in the incident's channel.
type RecordMessage struct {
	ID     OutsideID
	Thread OutsideID // the message it answers; zero: none
	Text   string
	At     time.Time
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
	var thread uint64
	if root := d.facts.Behind[m.Thread]; len(root) > 0 {
		thread = root[0].Seq
	}
	d.eventAt(m.At, MessagePosted, clean(m.Text), "id", m.ID.ID, "thread", m.Thread.ID, "thread_seq", thread)
	d.link(m.ID)
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
	for _, e := range behind {
		if e.Kind == MessageDeleted || e.Redacted {
			return nil // it is gone: a late edit does not bring it back
		}
	}
	if n := len(behind); n > 0 && (behind[n-1].Text == words || !behind[n-1].At.Before(m.At) && behind[n-1].Kind == MessageEdited) {
		return nil // the same text, or an edit older than the one we know
	}
	var seq uint64
	if len(behind) > 0 {
		seq = behind[0].Seq
	}
	d.eventAt(m.At, MessageEdited, words, "id", m.ID.ID, "seq", seq)
	d.link(m.ID)
	return nil
}

// RecordDeletion records that a message was taken back: its text, with all its
// earlier versions, goes for good.
type RecordDeletion struct {
	ID OutsideID
	At time.Time
}

// Verb is the row in [Lifecycle].
func (RecordDeletion) Verb() string { return "message" }

func (RecordDeletion) witnessed() {}

func (m RecordDeletion) needs() []OutsideID { return []OutsideID{m.ID} }

func (m RecordDeletion) decide(d *decision) error {
	behind := d.facts.Behind[m.ID]
	if slices.ContainsFunc(behind, func(e Event) bool { return e.Kind == MessageDeleted }) {
		return nil
	}
	var seq uint64
	for _, e := range behind {
		switch e.Kind {
		case MessagePosted, MessageEdited:
			d.out.Redact = append(d.out.Redact, e.Seq)
			if seq == 0 {
				seq = e.Seq
			}
		}
	}
	// A deletion is linked even where the message is not known: should the
	// message arrive later, its text must not be kept.
	d.eventAt(m.At, MessageDeleted, "A message was deleted by its author", "id", m.ID.ID, "seq", seq)
	d.link(m.ID)
	return nil
}

// link says that the last event stands for an outside thing.
func (d *decision) link(id OutsideID) {
	if d.out.Links == nil {
		d.out.Links = map[int]OutsideID{}
	}
	d.out.Links[len(d.out.Events)-1] = id
}
