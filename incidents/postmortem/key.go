package postmortem

import "fireboss/incidents"

// weight is how much an event matters to whoever wants to know what happened.
type weight int

const (
	aside   weight = iota // not told one by one
	small                 // told where there is room
	fair                  // told, and counted where there are very many
	turning               // always told
)

// weights are those of all kinds that are key events. What is not here is talk,
// bookkeeping, or told in a section of its own.
var weights = map[incidents.Kind]weight{
	incidents.Declared: turning, incidents.SeverityChanged: turning, incidents.StatusChanged: turning, incidents.Acknowledged: turning,
	incidents.DecisionMade: turning, incidents.Merged: turning, incidents.Unmerged: turning, incidents.HandoffAccepted: turning,
	incidents.MessageMarked: turning, incidents.VisibilityChanged: turning,
	incidents.ClockStarted: turning, incidents.ClockMarked: turning, incidents.ClockSubmitted: turning, incidents.ClockStopped: turning,

	incidents.RoleAssigned: fair, incidents.RoleCleared: fair, incidents.HandoffOffered: fair, incidents.HandoffDeclined: fair,
	incidents.UpdatePosted: fair, incidents.NoteAdded: fair, incidents.TypeChanged: fair, incidents.TimeChanged: fair,
	incidents.AlertAttached: fair, incidents.AlertResolved: fair, incidents.Paged: fair,

	incidents.PageRequested: small, incidents.TaskAdded: small, incidents.TaskAssigned: small, incidents.TaskDone: small, incidents.TaskReopened: small, incidents.TaskDropped: small,
	incidents.ServiceAdded: small, incidents.ServiceRemoved: small, incidents.Renamed: small, incidents.SummaryChanged: small,
	incidents.FieldChanged: small, incidents.ImpactChanged: small, incidents.TLPChanged: small, incidents.HoldChanged: small, incidents.AlertDetached: small, incidents.AlertRefired: small,
}

// weigh is an event's weight: a change of command matters more than that of
// another role, a mark only as long as it is not taken away, and of all messages
// only the one from which the incident was opened.
func (a *account) weigh(e *entry) weight {
	switch e.Kind {
	case incidents.MessageMarked:
		if a.marks[e.field("id")] != e && !e.Redacted {
			return aside
		}
	case incidents.MessagePosted:
		if e.has("source") && e.field("source") != "" {
			return fair
		}
	case incidents.RoleAssigned, incidents.RoleCleared:
		if e.field("role") == incidents.CommanderRole {
			return turning
		}
	}
	return weights[e.Kind]
}

// key are the key events, in the order in which they happened.
func (a *account) key() []*entry {
	var list []*entry
	for _, e := range a.told {
		if e.weight > aside {
			list = append(list, e)
		}
	}
	return list
}
