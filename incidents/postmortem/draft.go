package postmortem

import (
	"fireboss/incidents"
)

// Draft writes the account of an incident from its record, by rules alone.
// Everything in it that states a fact cites the events on which it stands; what
// takes judgement is asked for, in quotations, with the facts that bear on it.
func Draft(t Template, r Record) incidents.Document {
	a := survey(r)
	in := r.Incident
	doc := incidents.Document{
		Incident: in.Number, At: r.At, By: r.by(), Template: t.Name, Title: Title(in),
	}
	if n := len(a.list); n > 0 {
		doc.Seq = a.list[n-1].Seq
	}
	for _, l := range t.sections {
		doc.Sections = append(doc.Sections, a.section(l))
	}
	return doc
}

// Title is what the account of an incident is called.
func Title(in incidents.Incident) string {
	title := in.Number.String() + ": " + tidy(in.Title)
	if in.Drill {
		return "PRACTICE " + title
	}
	return title
}

func (a *account) section(l layout) incidents.Section {
	s := incidents.Section{Slot: l.slot, Title: l.title, Author: incidents.ByRecord}
	p := &page{voice: a.voice(), prompt: l.prompt}
	if known, ok := find(l.slot); ok {
		p.slot = known
		known.write(p)
	} else {
		p.ask(l.prompt)
	}
	s.Text = p.text()
	if l.slot == "header" {
		s.Note = a.note()
	}
	return s
}

// note is what the reader of the whole should know.
func (a *account) note() string {
	in := a.Incident
	switch {
	case in.Drill && in.Status.Open():
		return "PRACTICE: this was a drill, and it was still going on when this was drafted."
	case in.Drill:
		return "PRACTICE: this was a drill, and counts in no figure."
	case in.Status.Open():
		return "The incident was still open when this was drafted; what follows ends there."
	case in.Backfilled:
		return "The incident was recorded when it was over, so the record holds little of what was done."
	case in.MergedInto != 0:
		return "The work went on in " + in.MergedInto.String() + "; what happened there is told there."
	}
	return ""
}
