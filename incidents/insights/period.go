package insights

import (
	"sort"
	"time"

	"fireboss/incidents"
)

// Period is from when to when incidents began. The zero value is all that ever was.
type Period struct {
	Name     string    // 4w, 12w, year, all, or custom
	From, To time.Time // To is the first moment after it; each zero: no bound
}

// Holds reports whether a moment lies within.
func (p Period) Holds(t time.Time) bool {
	return !t.Before(p.From) && (p.To.IsZero() || t.Before(p.To))
}

// Names of periods.
const (
	FourWeeks   = "4w"
	TwelveWeeks = "12w"
	Year        = "year"
	Always      = "all"
	Custom      = "custom"
)

// Names are those that have one, the shortest first.
var Names = []string{FourWeeks, TwelveWeeks, Year, Always}

// weeksOf is how many weeks, the one that runs included, a period has.
var weeksOf = map[string]int{FourWeeks: 4, TwelveWeeks: 12, Year: 52}

// Named is the period of that name, which ends now; false where there is none. Weeks
// begin on Monday, by the calendar's clocks, and the one that runs is the last.
func Named(name string, c incidents.Calendar, now time.Time) (Period, bool) {
	weeks, ok := weeksOf[name]
	if !ok {
		return Period{Name: Always}, name == Always
	}
	from := ByWeek.begin(now, zoneOf(c))
	y, m, d := from.Date()
	return Period{Name: name, From: time.Date(y, m, d-7*(weeks-1), 0, 0, 0, 0, from.Location())}, true
}

// Between is the period of these days, both included, by the calendar's clocks. Either
// may be zero: then there is no bound.
func Between(from, to time.Time, c incidents.Calendar) Period {
	p, zone := Period{Name: Custom}, zoneOf(c)
	if !from.IsZero() {
		p.From = time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, zone)
	}
	if !to.IsZero() {
		p.To = time.Date(to.Year(), to.Month(), to.Day()+1, 0, 0, 0, 0, zone)
	}
	return p
}

// zoneOf is the zone of a calendar.
func zoneOf(c incidents.Calendar) *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone
}

// Step is how long a span is.
type Step string

// The steps. Weeks begin on Monday.
const (
	ByWeek  Step = "week"
	ByMonth Step = "month"
	ByYear  Step = "year"
)

// most is how many spans of a step there are at most, so that they can be read.
var most = map[Step]int{ByWeek: 54, ByMonth: 48}

// begin is the midnight at which the span of a moment begins.
func (s Step) begin(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	switch s {
	case ByMonth:
		d = 1
	case ByYear:
		m, d = time.January, 1
	default:
		d -= (int(t.In(zone).Weekday()) + 6) % 7
	}
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}

// next is when the span ends that begins at a midnight.
func (s Step) next(t time.Time) time.Time {
	y, m, d := t.Date()
	switch s {
	case ByMonth:
		m++
	case ByYear:
		y++
	default:
		d += 7
	}
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}

// spansOf are the weeks of a period, or its months or years where there are too many.
func spansOf(p Period, o Options) ([]Span, Step) {
	zone, end := zoneOf(o.Calendar), p.To
	if end.IsZero() || end.After(o.Now) {
		end = o.Now.Add(time.Millisecond) // what began this moment is in it
	}
	for _, step := range []Step{ByWeek, ByMonth, ByYear} {
		var list []Span
		for at := step.begin(p.From, zone); at.Before(end); {
			next := step.next(at)
			list = append(list, Span{From: at, To: next, Group: Group{Name: at.Format(time.DateOnly)}, Severities: make([]int, len(incidents.Severities))})
			at = next
			if len(list) > most[step] && step != ByYear {
				break
			}
		}
		if step == ByYear || len(list) <= most[step] {
			return list, step
		}
	}
	return nil, ByYear
}

// spanAt is the index of the span of a moment, -1 where there is none.
func spanAt(spans []Span, t time.Time) int {
	i := sort.Search(len(spans), func(i int) bool { return spans[i].To.After(t) })
	if i == len(spans) || t.Before(spans[i].From) {
		return -1
	}
	return i
}
