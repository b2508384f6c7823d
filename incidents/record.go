package incidents

import (
	"slices"
	"time"
)

// Recording says which messages of an incident's channel are recorded.
type Recording string

// Which messages are recorded.
const (
	RecordAll    Recording = ""
	RecordMarked Recording = "marked" // those on which people put a reaction that means something
	RecordNone   Recording = "none"
)

// Record is the policy of what is kept of an incident's channel.
type Record struct {
	Messages Recording
	// KeepDeleted keeps the text of a message that its author deletes; it is
	// then only marked as deleted.
	KeepDeleted bool
	// Files is up to how many bytes a file's content is kept; 0: only its name.
	Files int64
}

// Retention is how long texts are kept; 0 is for ever.
type Retention struct {
	Messages  time.Duration // of the channel, from when they were recorded
	Incidents time.Duration // all of an incident, from its closing
	Drills    time.Duration // the same of a practice incident
}

// File is something that was shared in an incident's channel.
type File struct {
	ID   string `json:"id"` // the mirror's own
	Name string `json:"name"`
	Type string `json:"type,omitempty"` // its media type, as whoever shared it says
	Size int64  `json:"size"`           // in bytes
	// From is where its content can be fetched by who may. It belongs to no
	// event, and nobody sees it.
	From string `json:"-"`
}

// KeptFile is a file whose content is to be kept.
type KeptFile struct {
	Event int // index into Change.Events: the message that shared it
	File  File
}

// maxFiles bounds how many files of one message are noted; Slack shares at most
// ten with one message.
const maxFiles = 20

// shared are the files of a message as its event has them.
func shared(files []File) []File {
	var list []File
	for _, f := range files {
		if f.ID == "" || len(list) == maxFiles {
			continue
		}
		f.ID, f.Name, f.Type = shorten(Tidy(f.ID), MaxName), shorten(Tidy(f.Name), 4*MaxName), shorten(Tidy(f.Type), 2*MaxName)
		if f.Name == "" {
			f.Name = "a file without a name"
		}
		list = append(list, f)
	}
	return list
}

// keep asks for the content of the files that the last event tells of, as far as
// the policy wants it.
func (d *decision) keep(files []File) {
	for _, f := range files {
		if f.From != "" && f.Size > 0 && f.Size <= d.rules.Record.Files {
			d.out.Files = append(d.out.Files, KeptFile{Event: len(d.out.Events) - 1, File: f})
		}
	}
}

// versions are the texts of a message of the channel, first to last, among what
// stands behind its id.
func versions(behind []Event) []Event {
	return slices.DeleteFunc(slices.Clone(behind), func(e Event) bool { return e.Kind != MessagePosted && e.Kind != MessageEdited })
}

// takenBack reports whether a message was deleted or blotted out: nothing brings it back.
func takenBack(behind []Event) bool {
	return slices.ContainsFunc(behind, func(e Event) bool { return e.Kind == MessageDeleted || e.Redacted })
}

// Hold keeps all of an incident, whatever is deleted and however old it is, for
// those who may have to prove what happened.
type Hold struct {
	Since time.Time `json:"since,omitzero"` // zero: there is none
	By    Person    `json:"by,omitzero"`
	Why   string    `json:"why,omitempty"`
}

// On reports whether it holds.
func (h Hold) On() bool { return !h.Since.IsZero() }

// SetHold places a legal hold on an incident, or lifts it.
type SetHold struct {
	On  bool
	Why string
}

// Verb is the row in [Lifecycle].
func (SetHold) Verb() string { return "hold" }

func (h SetHold) decide(d *decision) error {
	why, err := d.reason(h.Why)
	if err != nil || h.On == d.in.Hold.On() {
		return err
	}
	if !h.On {
		d.in.Hold = Hold{}
		d.event(HoldChanged, because("Legal hold lifted", why), "to", "off", "why", why)
		return nil
	}
	d.in.Hold = Hold{Since: d.now, By: d.cmd.Actor.Person(), Why: why}
	d.event(HoldChanged, because("Legal hold: nothing of this is deleted", why), "to", "on", "why", why)
	return nil
}
