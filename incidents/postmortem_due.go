package incidents

import (
	"fmt"
	"time"
)

// Reminders of a draft that nobody reviews: on the day when it is due, then after
// so many business days, so many in all. The channel may be archived by then, so
// none is for it.
const (
	postmortemEvery    = 2
	maxPostmortemNags  = 3
	forPostmortemOwner = "owner"
)

// postmortem adds when the draft is to be in review. It outlasts the incident;
// practice, false alarms and what was recorded afterwards need none, and neither
// does what has not been drafted.
func (p *planner) postmortem() {
	days := p.rules.Clock.Postmortem[p.in.Severity]
	if days <= 0 || p.in.Postmortem.State != Drafted || p.in.EndedAs != EndedResolved || p.in.Drill || p.in.Backfilled || p.in.Emptied > 0 {
		return
	}
	from := p.in.Times.Resolved
	d := Deadline{Rule: rulePostmortem, From: from, Due: p.rules.inBusinessDays(from, days), For: forPostmortemOwner}
	d.Date = d.Due
	if was := p.in.Watch.Reminded[rulePostmortem]; was.From.Equal(from) && was.Times > 0 {
		if was.Times >= maxPostmortemNags {
			return
		}
		d.Occurrence, d.Due = was.Times, p.rules.inBusinessDays(was.Last, postmortemEvery)
	}
	p.put(d)
}

// inBusinessDays is so many of the policy's business days on, at the same time.
func (r Rules) inBusinessDays(from time.Time, days int) time.Time {
	return r.after(OfficeDays, Term{Count: days, Unit: BusinessDays}, from)
}

// responsibleFor is who sees to what is due: of the postmortem its owner, if they
// may still see it, else who is responsible for all.
func (d *decision) responsibleFor(due Deadline) (Person, bool) {
	if owner := d.in.Postmortem.Owner; due.Rule == rulePostmortem && owner != nil && d.in.VisibleTo(owner.Actor()) {
		return *owner, true
	}
	return d.responsible()
}

// postmortemRemark is what is said of a draft that is due in review.
func (d *decision) postmortemRemark(due Deadline) string {
	return fmt.Sprintf("The postmortem of %s was to be in review by %s, and is a draft: %s. To ask somebody: %s", d.in.Number,
		due.Date.In(d.rules.Clock.Office.zone()).Format("2006-01-02"), Say{d.in.Number, postmortemVerb, "show"}, Say{d.in.Number, postmortemVerb, "review @somebody"})
}
