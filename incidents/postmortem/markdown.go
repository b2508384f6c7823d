package postmortem

import (
	"fmt"
	"slices"
	"strings"

	"fireboss/incidents"
)

// Links say where the events that a document cites can be seen.
type Links struct {
	// Event is the address of an event of the timeline; nil, or an empty answer: it
	// has none.
	Event func(seq uint64) string
	// Inline says that each citation carries its address itself, "[T4](https://…)",
	// for readers that know no addresses at the end.
	Inline bool
}

// Markdown prints a document: its title, the table of its header, its sections, and
// last, where a check has removed statements, these. A citation of several events is
// printed as several, "[T4] [T7]"; where events have addresses, each leads there. What
// people wrote can neither begin a section nor end one.
func Markdown(doc incidents.Document, links Links) string {
	var b strings.Builder
	b.WriteString("# " + escape(oneLine(doc.Title)) + "\n")
	cited := map[uint64]bool{}
	for _, s := range doc.Sections {
		if s.Title != "" {
			b.WriteString("\n## " + escape(oneLine(s.Title)) + "\n")
		}
		for _, note := range notes(s) {
			b.WriteString("\n_" + escape(oneLine(note)) + "_\n")
		}
		if text := contain(s.Text); text != "" {
			b.WriteString("\n" + apart(text, cited, links) + "\n")
		}
	}
	if !links.Inline {
		b.WriteString(addresses(cited, links))
	}
	b.WriteString(removed(doc))
	return b.String()
}

func oneLine(s string) string { return tidy(s) }

// notes are what stands below the heading of a section, before its text.
func notes(s incidents.Section) []string {
	var list []string
	if s.Note != "" {
		list = append(list, s.Note)
	}
	switch {
	case s.Author == incidents.ByPerson && s.Editor.Name != "":
		list = append(list, "Written by "+tidy(s.Editor.Name)+".")
	case s.Author == incidents.ByModel:
		list = append(list, "Written by a language model; each statement was checked against the timeline.")
	}
	return list
}

// apart prints citations of several events as several.
func apart(text string, cited map[uint64]bool, links Links) string {
	var b strings.Builder
	last := 0
	for _, c := range Citations(text) {
		b.WriteString(text[last:c.Start])
		for i, seq := range c.Seqs {
			if i > 0 {
				b.WriteString(" ")
			}
			b.WriteString(cite(seq) + links.inline(seq))
			cited[seq] = true
		}
		last = c.End
	}
	b.WriteString(text[last:])
	return b.String()
}

// inline is the address that stands right behind a citation; empty: none does.
func (l Links) inline(seq uint64) string {
	if !l.Inline || l.Event == nil {
		return ""
	}
	to, _, ok := target(l.Event(seq))
	if !ok {
		return ""
	}
	return "(" + to + ")"
}

// addresses say where citations lead, as Markdown has it: "[T4]: <https://…>".
func addresses(cited map[uint64]bool, links Links) string {
	if links.Event == nil {
		return ""
	}
	seqs := make([]uint64, 0, len(cited))
	for seq := range cited {
		seqs = append(seqs, seq)
	}
	slices.Sort(seqs)
	var b strings.Builder
	for _, seq := range seqs {
		if to, _, ok := target(links.Event(seq)); ok {
			fmt.Fprintf(&b, "%s: %s\n", cite(seq), to)
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "\n" + b.String()
}

// removed lists what a check has removed, below the last heading.
func removed(doc incidents.Document) string {
	var b strings.Builder
	for _, s := range doc.Sections {
		for _, text := range s.Removed {
			if b.Len() == 0 {
				b.WriteString("\n## " + removedHeading + "\n\n")
			}
			b.WriteString("- " + removedFrom(s) + escape(quoteAll(text)) + "\n")
		}
	}
	return b.String()
}

func removedFrom(s incidents.Section) string {
	if s.Title == "" {
		return ""
	}
	return escape(oneLine(s.Title)) + ": "
}

// quoteAll is a statement that was removed, as a quotation. What looks like a
// citation in it is none any more.
func quoteAll(text string) string {
	if q := quote(plain(text), 4*quoteRoom); q != "" {
		return q
	}
	return incidents.RemovedText
}
