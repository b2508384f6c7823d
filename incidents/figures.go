package incidents

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Figures are what statistics need of one incident, without any of its texts. All of
// it follows from the incident as it stands, but for Load, which follows from its
// events. Moments are in UTC, to the millisecond.
type Figures struct {
	Number     Number
	Severity   Severity
	Status     Status
	EndedAs    EndedAs
	Type       string
	Services   []string
	Drill      bool
	Private    bool
	Backfilled bool
	Reopened   int
	Times      Times
	Tallies    []RuleTally      // by rule
	Followups  []FollowupFigure // by number
	Declarer   string           // id
	// People are the ids of who is in it: who responds, holds a role or is offered
	// command.
	People []string
	// Load is when people did something for it, by day. The store fills it.
	Load []Load
}

// RuleTally is a rule's tally.
type RuleTally struct {
	Rule string
	Tally
}

// FollowupFigure is a follow-up without its text.
type FollowupFigure struct {
	Number   int
	State    TaskState
	Priority Priority
	Owner    Person    // zero: nobody
	Due      time.Time // zero: none
	// Ended is when it was done or dropped; zero while it is open, or where that
	// was not kept yet.
	Ended time.Time
}

// FiguresOf are the figures of an incident, without its load.
func FiguresOf(in Incident) Figures {
	f := Figures{
		Number: in.Number, Severity: in.Severity, Status: in.Status, EndedAs: in.EndedAs, Type: in.Type,
		Services: slices.Clone(in.Services), Drill: in.Drill, Private: in.Private, Backfilled: in.Backfilled, Reopened: in.Reopened,
		Times: in.Times, Declarer: in.DeclaredBy.ID, People: in.people(),
	}
	for _, name := range TimeNames {
		at := f.Times.Named(name)
		*at = exact(*at)
	}
	for _, rule := range slices.Sorted(maps.Keys(in.Watch.Tallies)) {
		f.Tallies = append(f.Tallies, RuleTally{rule, in.Watch.Tallies[rule]})
	}
	for _, t := range in.Followups {
		f.Followups = append(f.Followups, followupFigure(t))
	}
	return f
}

func followupFigure(t Task) FollowupFigure {
	f := FollowupFigure{Number: t.Number, State: t.State, Priority: cmp.Or(t.Priority, NormalPriority), Due: exact(t.Due)}
	if t.Assignee != nil {
		f.Owner = *t.Assignee
	}
	if t.State != TaskOpen {
		f.Ended = exact(t.Since)
	}
	return f
}

// exact is a moment as figures have it.
func exact(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.UnixMilli(t.UnixMilli()).UTC()
}

// people are the ids of who is in an incident, in order, each once.
func (in Incident) people() []string {
	var ids []string
	for _, p := range in.Responders {
		ids = append(ids, p.ID)
	}
	for _, p := range in.Roles {
		ids = append(ids, p.ID)
	}
	if in.Handoff != nil {
		ids = append(ids, in.Handoff.To.ID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// VisibleTo reports whether this actor may know that the incident exists; it answers
// as [Incident.VisibleTo] does.
func (f Figures) VisibleTo(a Actor) bool {
	return visibleTo(a, f.Private, f.Declarer, func(id string) bool { return slices.Contains(f.People, id) })
}

// Began is the moment by which the incident belongs to a period: its declaration, or
// where it was recorded afterwards the first moment that is known of it.
func (f Figures) Began() time.Time {
	first := f.Times.Declared
	if !f.Backfilled {
		return first
	}
	for _, name := range TimeNames {
		if at := *f.Times.Named(name); !at.IsZero() && at.Before(first) {
			first = at
		}
	}
	return first
}

// Overdue reports whether an open follow-up was due before today, by the days of this
// calendar: what is due today is not late yet.
func (f FollowupFigure) Overdue(c Calendar, now time.Time) bool {
	return f.State == TaskOpen && !f.Due.IsZero() && f.Due.Before(c.midnight(now, 0))
}

// InTime reports whether a follow-up was done by the end of the day on which it was
// due.
func (f FollowupFigure) InTime(c Calendar) bool {
	return f.State == TaskFinished && !f.Ended.IsZero() && !f.Due.IsZero() && f.Ended.Before(c.midnight(f.Due, 1))
}
