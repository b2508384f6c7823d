package postmortem

import (
	"slices"

	"fireboss/incidents"
)

// Redraft is a new draft in the place of an older document: sections that a person
// wrote stay as they are, all others are those of the draft, in its order. What a
// person wrote for a section that the draft does not have stays too, at the end.
func Redraft(old, draft incidents.Document) incidents.Document {
	doc := draft
	doc.Sections = slices.Clone(draft.Sections)
	for _, s := range old.Sections {
		if s.Author != incidents.ByPerson {
			continue
		}
		i := slices.IndexFunc(doc.Sections, func(o incidents.Section) bool { return o.Slot == s.Slot })
		if i < 0 {
			doc.Sections = append(doc.Sections, s)
			continue
		}
		s.Title = doc.Sections[i].Title
		doc.Sections[i] = s
	}
	return doc
}
