package incidents

import (
	"slices"
	"strconv"
	"strings"
)

// Gone is what has to go out of every version of a postmortem; a store takes it out
// with incidents/postmortem's Without.
type Gone struct {
	All   bool     // every word of it
	Seqs  []uint64 // what was written on the strength of these events
	Texts []string // and what repeats these
}

// Gone is what a change takes out of the postmortem; events are those that it
// redacts, as they were.
func (c Change) Gone(events []Event) Gone {
	g := Gone{All: c.Blank}
	for _, e := range events {
		g.Seqs = append(g.Seqs, e.Seq)
		if e.Kind != PostmortemEdited {
			g.Texts = append(g.Texts, core(e))
		}
	}
	return g
}

// Emptied is a document without any of its words.
func (doc Document) Emptied() Document {
	doc.Title, doc.Sections = RemovedText, slices.Clone(doc.Sections)
	for i, s := range doc.Sections {
		doc.Sections[i] = Section{Slot: s.Slot, Title: s.Title, Text: RemovedText, Author: s.Author, Editor: s.Editor}
	}
	return doc
}

// Edited says which section an event tells was edited, and in which version; ok is
// false for other events.
func (e Event) Edited() (version int, slot string, ok bool) {
	version, err := strconv.Atoi(e.Field("version"))
	return version, e.Field("slot"), err == nil && e.Kind == PostmortemEdited
}

// Added are the lines of a section that an earlier version did not have.
func (doc Document) Added(was Document, slot string) (lines []string) {
	before := strings.Split(was.text(slot), "\n")
	for line := range strings.SplitSeq(doc.text(slot), "\n") {
		if line = strings.TrimSpace(line); line != "" && !slices.ContainsFunc(before, func(b string) bool { return strings.TrimSpace(b) == line }) {
			lines = append(lines, line)
		}
	}
	return lines
}

// text is what stands in a section.
func (doc Document) text(slot string) string {
	for _, s := range doc.Sections {
		if s.Slot == slot {
			return s.Text
		}
	}
	return ""
}
