package postmortem

import (
	"slices"

	"fireboss/incidents"
)

// slot is a place in a template, and what is written there.
type slot struct {
	name  string
	write func(*page)
	// prose says that it is told in sentences, and that another author can tell it too.
	prose bool
	// bears reports whether an event bears on it; nil: all key events do.
	bears func(*account, *entry) bool
	// hints are statements that bear on it and are about more than one event.
	hints func(*account) []hint
}

// slots are all that a template can name, in the order of the whole account.
var slots = []slot{
	{name: "header", write: writeHeader, bears: kinds(incidents.Declared, incidents.SeverityChanged, incidents.StatusChanged, incidents.RoleAssigned)},
	{name: "summary", prose: true, write: writeSummary, bears: outline},
	{name: "impact", prose: true, write: writeImpact, bears: impacts},
	{name: "detection", prose: true, write: writeDetection, bears: noticed},
	{name: "trigger", prose: true, write: writeTrigger, bears: early},
	{name: "contributing_factors", write: (*page).judge, bears: early},
	{name: "narrative", prose: true, write: writeNarrative},
	{name: "timeline", write: writeTimeline},
	{name: "containment", write: (*page).judge, bears: during(diagnosis, mitigation)},
	{name: "eradication", write: (*page).judge, bears: during(mitigation, recovery)},
	{name: "recovery", prose: true, write: writeRecovery, bears: during(recovery)},
	{name: "went_well", write: (*page).judge, bears: kinds(), hints: wentWell},
	{name: "went_badly", write: (*page).judge, bears: kinds(), hints: wentBadly},
	{name: "lucky", write: (*page).judge, bears: kinds(), hints: lucky},
	{name: "improvement", write: (*page).judge, bears: kinds(incidents.FollowupAdded), hints: wentBadly},
	{name: "resolution", prose: true, write: writeResolution, bears: resolves},
	{name: "followups", write: writeFollowups, bears: kinds(incidents.FollowupAdded, incidents.FollowupDone, incidents.FollowupDropped, incidents.FollowupAssigned)},
	{name: "communications", write: writeCommunications, bears: kinds(incidents.UpdatePosted, incidents.ClockSubmitted)},
	{name: "reporting", write: writeReporting, bears: kinds(incidents.ClockStarted, incidents.ClockMarked, incidents.ClockSubmitted, incidents.ClockStopped)},
	{name: "figures", write: writeFigures, bears: kinds(incidents.Declared, incidents.StatusChanged, incidents.Acknowledged, incidents.TimeChanged, incidents.ImpactChanged)},
	{name: "material", write: writeMaterial, bears: kinds(incidents.LinkAdded, incidents.AlertAttached)},
	{name: "open_questions", write: writeQuestions},
}

// find finds a slot by its name.
func find(name string) (slot, bool) {
	i := slices.IndexFunc(slots, func(s slot) bool { return s.name == name })
	if i < 0 {
		return slot{}, false
	}
	return slots[i], true
}

// Slots are the names of all slots that a template can have, in the order of the
// whole account.
func Slots() []string {
	var names []string
	for _, s := range slots {
		names = append(names, s.name)
	}
	return names
}

// Prose reports whether a slot is told in sentences, so that another author than this
// package can tell it too. Tables are made of the record alone, and what takes
// judgement is asked of people.
func Prose(name string) bool {
	s, known := find(name)
	return known && s.prose
}

// kinds are the events of some kinds.
func kinds(list ...incidents.Kind) func(*account, *entry) bool {
	return func(_ *account, e *entry) bool { return slices.Contains(list, e.Kind) }
}

// during are the key events of some phases, without bookkeeping.
func during(phases ...phase) func(*account, *entry) bool {
	return func(_ *account, e *entry) bool {
		return slices.Contains(phases, e.phase) && (tells[e.Kind] || e.Kind == incidents.TaskAdded || e.Kind == incidents.TaskDone)
	}
}

// tells are the kinds in which people say what they found, decided or did.
var tells = map[incidents.Kind]bool{
	incidents.NoteAdded: true, incidents.DecisionMade: true, incidents.MessageMarked: true, incidents.StatusChanged: true,
	incidents.SeverityChanged: true, incidents.AlertAttached: true, incidents.AlertResolved: true,
}

// outline are the events that a summary is made of.
func outline(_ *account, e *entry) bool {
	switch e.Kind {
	case incidents.Declared, incidents.Renamed, incidents.SummaryChanged, incidents.SeverityChanged, incidents.StatusChanged, incidents.TypeChanged,
		impactBegan, impactEnded, incidents.ServiceAdded, incidents.Merged, incidents.UpdatePosted, incidents.DecisionMade, incidents.FieldChanged:
		return true
	}
	return false
}

// impacts are the events that say who and what was affected.
func impacts(_ *account, e *entry) bool {
	switch e.Kind {
	case incidents.Declared, incidents.SeverityChanged, incidents.ServiceAdded, incidents.ServiceRemoved, impactBegan, impactEnded,
		incidents.SummaryChanged, incidents.FieldChanged, incidents.UpdatePosted, incidents.MessageMarked:
		return true
	}
	return false
}

// noticed are the events that say how it was detected.
func noticed(_ *account, e *entry) bool {
	switch e.Kind {
	case incidents.Declared, incidents.Acknowledged, impactBegan, incidents.AlertAttached, incidents.Paged, incidents.MessagePosted:
		return true
	case incidents.TimeChanged:
		return e.field("name") == "detected"
	}
	return e.phase < diagnosis && tells[e.Kind]
}

// early are the events that say what was found until the cause was known.
func early(_ *account, e *entry) bool {
	switch e.Kind {
	case incidents.NoteAdded, incidents.MessageMarked:
		return e.phase < afterwards
	case incidents.FieldChanged:
		return slices.Contains(causeFields, e.field("name"))
	case incidents.StatusChanged:
		return e.field("to") == string(incidents.Identified) || e.reopens()
	}
	return tells[e.Kind] && e.phase <= diagnosis
}
