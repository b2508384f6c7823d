package incidents

import (
	"slices"
	"time"
)

// MarkMessage marks a message of the channel as a key event: one that whoever
// reads the timeline should not miss.
type MarkMessage struct{ ID OutsideID }

// Verb is the row in [Lifecycle].
func (MarkMessage) Verb() string { return "message" }

func (MarkMessage) witnessed() {}

func (m MarkMessage) needs() []OutsideID { return []OutsideID{m.ID} }

// decide states it for the moment in which the message was written. A message
// that is not recorded cannot be marked: whoever marks records it first.
func (m MarkMessage) decide(d *decision) error {
	behind := d.facts.Behind[m.ID]
	said, last, known := saidBehind(m.ID, behind)
	if !known || takenBack(behind) || marked(behind) {
		return nil
	}
	d.eventAt(said.At, MessageMarked, "Key event: "+said.Actor.Name+": "+Tidy(last.Text),
		"id", m.ID.ID, "seq", said.Seq, "author", said.Actor.ID, "author_name", said.Actor.Name)
	d.link(m.ID)
	return nil
}

// saidBehind are the first and the last text that a message had, among what stands
// behind its id. A task that was made of it is not what it says.
func saidBehind(id OutsideID, behind []Event) (first, last Event, known bool) {
	said := versions(behind)
	if len(said) == 0 { // one of ours, or none that is recorded
		said = slices.DeleteFunc(slices.Clone(behind), func(e Event) bool { return e.Field("message") == id.ID || e.Field("id") == id.ID })
		said = said[:min(len(said), 1)]
	}
	if len(said) == 0 {
		return first, last, false
	}
	return said[0], said[len(said)-1], true
}

// UnmarkMessage takes a mark away again.
type UnmarkMessage struct{ ID OutsideID }

// Verb is the row in [Lifecycle].
func (UnmarkMessage) Verb() string { return "message" }

func (UnmarkMessage) witnessed() {}

func (m UnmarkMessage) needs() []OutsideID { return []OutsideID{m.ID} }

func (m UnmarkMessage) decide(d *decision) error {
	behind := d.facts.Behind[m.ID]
	if !marked(behind) {
		return nil
	}
	d.event(MessageUnmarked, "A message is no key event any more", "id", m.ID.ID, "seq", behind[0].Seq)
	d.link(m.ID)
	return nil
}

// marked reports whether the message behind which these events stand is a key event.
func marked(behind []Event) (is bool) {
	for _, e := range behind {
		switch e.Kind {
		case MessageMarked:
			is = true
		case MessageUnmarked:
			is = false
		}
	}
	return is
}

// Marked reports whether a message is a key event now, by the events that stand
// behind it.
func Marked(behind []Event) bool { return marked(behind) }

// TaskFrom makes a message of the channel a task or a follow-up, once.
type TaskFrom struct {
	List List
	ID   OutsideID
	Text string    // what it says, where it is not recorded
	At   time.Time // when it was written
}

// Verb is the row in [Lifecycle].
func (f TaskFrom) Verb() string { return string(f.List) }

func (TaskFrom) witnessed() {}

func (f TaskFrom) needs() []OutsideID { return []OutsideID{f.ID} }

func (f TaskFrom) decide(d *decision) error {
	behind := d.facts.Behind[f.ID]
	if takenBack(behind) || slices.ContainsFunc(behind, func(e Event) bool { return e.Kind == f.List.kind("added") }) {
		return nil
	}
	at, words := f.At, f.Text
	if first, last, known := saidBehind(f.ID, behind); known {
		at, words = first.At, last.Text
	}
	if err := (AddTask{List: f.List, Text: shorten(clean(words), maxTaken)}).decide(d); err != nil {
		return err
	}
	e := &d.out.Events[len(d.out.Events)-1]
	if sensible(at) {
		e.At = at.UTC().Truncate(time.Millisecond)
	}
	e.Data = withValue(e.Data, "message", f.ID.ID)
	d.link(f.ID)
	return nil
}

// maxTaken is how much of a message becomes the text of a task, in characters.
const maxTaken = 500
