package commands

import (
	"fmt"
	"strings"

	"fireboss/incidents"
)

// ofPriority takes "priority high" or "priority normal" off the end of a
// follow-up. Only both words together are one: "the threshold is too high" is text.
func ofPriority(list incidents.List, s string) (string, incidents.Priority) {
	before, last := cutLast(s)
	before, word := cutLast(before)
	if list != incidents.Followups || !strings.EqualFold(word, "priority") {
		return s, ""
	}
	switch p := incidents.Priority(strings.ToLower(last)); p {
	case incidents.HighPriority, incidents.NormalPriority:
		return before, p
	}
	return s, ""
}

// entry is a new entry as it stands: of a follow-up the policy sets the date where
// nobody said one. It is still this one where others were added meanwhile.
func entry(out incidents.Outcome, list incidents.List, said incidents.Task, number string) incidents.Task {
	if list != incidents.Followups {
		return said
	}
	for _, t := range list.Of(out.Incident) {
		if fmt.Sprint(t.Number) == number {
			said.Due, said.Priority = t.Due, t.Priority
		}
	}
	return said
}
