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

// PostmortemDue is when the draft of an incident's postmortem is to be in review;
// zero where nothing is due. It outlasts the incident; practice, false alarms and what
// was recorded afterwards need none, and neither does what has not been drafted.
func (r Rules) PostmortemDue(in Incident) time.Time {
	days := r.Clock.Postmortem[in.Severity]
	if days <= 0 || in.Postmortem.State != Drafted || in.EndedAs != EndedResolved || in.Drill || in.Backfilled || in.Emptied > 0 {
		return time.Time{}
	}
	return r.inBusinessDays(in.Times.Resolved, days)
}

// postmortem adds when the draft is to be in review.
func (p *planner) postmortem() {
	due, from := p.rules.PostmortemDue(p.in), p.in.Times.Resolved
	if due.IsZero() {
		return
	}
	d := Deadline{Rule: rulePostmortem, From: from, Due: due, Date: due, For: forPostmortemOwner}
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
