package incidents

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Priority is how much hangs on a follow-up.
type Priority string

// The priorities; a follow-up of which nobody said otherwise is normal.
const (
	NormalPriority Priority = "normal"
	HighPriority   Priority = "high"
)

// followupWeek is how long after a reminder of what is overdue comes the next.
const followupWeek = 7

// followupDue is when a follow-up of this priority is due where nobody said so.
func (c Clock) followupDue(p Priority, now time.Time) time.Time {
	after := c.FollowupNormal
	if p == HighPriority {
		after = c.FollowupHigh
	}
	if after <= 0 {
		return time.Time{}
	}
	return now.Add(after).Truncate(time.Second)
}

// Morning is when people begin to work on the first day, from t's on, on which
// they begin at or after t: nine o'clock where the calendar has no hours. What can
// wait is said then, so that nobody hears of it twice a day.
func (c Calendar) Morning(t time.Time) time.Time {
	zone := c.zone()
	y, m, d := t.In(zone).Date()
	for i := range farthest {
		day := time.Date(y, m, d+i, 12, 0, 0, 0, zone)
		if !c.works(day) {
			continue
		}
		from := -1
		for _, h := range c.Hours {
			if h.Day == day.Weekday() && (from < 0 || h.From < from) {
				from = h.From
			}
		}
		if from < 0 {
			from = 9 * 60
		}
		if at := time.Date(day.Year(), day.Month(), day.Day(), 0, from, 0, 0, zone); !at.Before(t) {
			return at.UTC()
		}
	}
	return t
}

// midnight is the beginning of t's day, so many days on.
func (c Calendar) midnight(t time.Time, days int) time.Time {
	y, m, d := t.In(c.zone()).Date()
	return time.Date(y, m, d+days, 0, 0, 0, 0, c.zone())
}

// followupRule is where it is kept how often people were reminded of a follow-up.
func followupRule(t Task) string { return fmt.Sprintf("%s.%d", ruleFollowup, t.Number) }

// next is when its owner is reminded of an open follow-up: the day before it is
// due, on the day, and then every week; false where it has no date. Nobody is
// reminded of what they were given on the same day.
func (p *planner) next(t Task) (at time.Time, times int, ok bool) {
	if t.State != TaskOpen || t.Due.IsZero() {
		return at, 0, false
	}
	office := p.rules.Clock.Office
	before := office.Morning(later(office.midnight(t.Due, -1), t.Since))
	due := office.Morning(later(office.midnight(t.Due, 0), t.Since))
	was := p.in.Watch.Reminded[followupRule(t)]
	if !was.From.Equal(t.Due) {
		was = Reminded{}
	}
	switch {
	case was.Times == 0 && before.Before(due):
		return before, 0, true
	case was.Last.Before(due):
		return due, was.Times, true
	}
	return office.Morning(office.midnight(was.Last, followupWeek)), was.Times, true
}

// followups adds the one deadline of all follow-ups: the date of the first, and
// when somebody is reminded next. They outlast the incident.
func (p *planner) followups() {
	d := Deadline{Rule: ruleFollowup, For: "owners"}
	for _, t := range p.in.Followups {
		at, times, ok := p.next(t)
		if !ok {
			continue
		}
		if d.Due.IsZero() || at.Before(d.Due) {
			d.Due, d.Occurrence = at, times
		}
		if d.Date.IsZero() || t.Due.Before(d.Date) {
			d.Date, d.Title = t.Due, fmt.Sprintf("follow-up %d", t.Number)
		}
	}
	if !d.Due.IsZero() {
		p.put(d)
	}
}

// remindOfFollowups tells everybody of theirs, in one message.
func (d *decision) remindOfFollowups(due Deadline) {
	late := d.now.Sub(due.Due) > lateAfter
	p := planner{rules: d.rules, in: d.in}
	byOwner := map[string][]Task{}
	var owners []Person
	for _, t := range d.in.Followups {
		at, times, ok := p.next(t)
		if !ok || at.After(d.now) {
			continue
		}
		d.sent(Deadline{Rule: ruleFollowup, Due: at})
		d.in.Watch.Reminded[followupRule(t)] = Reminded{From: t.Due, Times: times + 1, Last: d.now}
		owner := d.ownerOf(t)
		if !slices.Contains(owners, owner) {
			owners = append(owners, owner)
		}
		byOwner[owner.ID] = append(byOwner[owner.ID], t)
	}
	for _, owner := range owners {
		var lines, numbers []string
		for _, t := range byOwner[owner.ID] {
			lines, numbers = append(lines, d.followupLine(t)), append(numbers, fmt.Sprint(t.Number))
		}
		to := toPerson
		if owner.ID == "" {
			to = toChannel
		}
		if late {
			lines = append(lines, comesLate)
		}
		d.event(ReminderSent, strings.Join(lines, "\n"), "rule", ruleFollowup, "to", string(to), "who", owner.ID, "who_name", owner.Name,
			"numbers", strings.Join(numbers, " "), "late", late)
		if to == toPerson {
			d.tell(FollowupReminder, owner)
		}
	}
}

// ownerOf is whose a follow-up is: its assignee's, or else the commander's; nobody
// where there is none, so that the channel hears of it.
func (d *decision) ownerOf(t Task) Person {
	if t.Assignee != nil {
		return *t.Assignee
	}
	owner, ok := d.responsible()
	if !ok {
		return Person{}
	}
	return owner
}

// followupLine says one follow-up to its owner.
func (d *decision) followupLine(t Task) string {
	office := d.rules.Clock.Office
	when := "is due on " + t.Due.In(office.zone()).Format("2006-01-02")
	switch today := office.midnight(d.now, 0); {
	case t.Due.Before(today):
		when = "was due on " + t.Due.In(office.zone()).Format("2006-01-02")
	case t.Due.Before(office.midnight(d.now, 1)):
		when = "is due today"
	}
	whose := ""
	if t.Assignee == nil {
		whose = " (nobody's)"
	}
	return fmt.Sprintf("Follow-up %d of %s %s: %s%s. Once it is done: %s", t.Number, d.in.Number, when, shorten(Tidy(t.Text), 200), whose,
		Say{d.in.Number, string(Followups), fmt.Sprint("done ", t.Number)})
}

// prioritize gives a follow-up its priority, and its date where nobody said one.
func (a AddTask) prioritize(d *decision, t *Task) {
	if a.Priority == HighPriority {
		t.Priority = HighPriority
	}
	if t.Due.IsZero() {
		t.Due = d.rules.Clock.followupDue(t.Priority, d.now)
	}
}

// dateFollowups keeps since when follow-ups are open, and their owner's.
func (d *decision) dateFollowups(was []Task) {
	for i := range d.in.Followups {
		t := &d.in.Followups[i]
		if i < len(was) && was[i].State == t.State && sameOwner(was[i].Assignee, t.Assignee) {
			continue
		}
		t.Since = d.now
	}
}

func sameOwner(a, b *Person) bool {
	return a == b || a != nil && b != nil && a.ID == b.ID
}
