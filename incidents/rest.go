package incidents

import (
	"slices"
	"time"
)

// Rests is since when nothing more has to be said in an incident's channel: it is
// closed or called off, and the clock reminds nobody there any more. It is zero
// while people work on it, while a law wants something yet, and while follow-ups
// are open that are nobody's, for the channel hears of these. A postmortem that is due
// is its owner's matter.
func (in Incident) Rests() time.Time {
	over := in.Over()
	if over.IsZero() || slices.ContainsFunc(in.Deadlines, in.toldInChannel) {
		return time.Time{}
	}
	return over
}

// toldInChannel reports whether what is due, once an incident is over, is told
// in its channel if nobody does it.
func (in Incident) toldInChannel(due Deadline) bool {
	if due.Rule != ruleFollowup {
		return due.Legal()
	}
	d := decision{in: in}
	return slices.ContainsFunc(in.Followups, func(t Task) bool { return t.State == TaskOpen && d.ownerOf(t).ID == "" })
}
