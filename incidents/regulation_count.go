package incidents

import (
	"sync"
	"time"
	_ "time/tzdata" // the law of a place goes by the clocks of that place
)

// Unit is what the time of a [Term] is counted in.
type Unit string

// The units. Hours are counted through, whatever the clocks do. Days and months
// go by the calendar of [Days]: the same time of the day, so many days later, or
// on the same date of another month; where that month has no such date, on its
// last. Both end at that time of the day and on whatever day of the week it is,
// which is never later than Regulation (EEC, Euratom) No 1182/71 has it: that
// leaves out the hour, or the day, in which the moment lies (Art. 3(1)), lets days
// and months end with the last hour of their last day (Art. 3(2)), and lets what
// ends on a holiday or at a weekend end with the next working day (Art. 3(4)).
// Business days begin with the first one after the day of the moment.
const (
	Hours        Unit = "hour"
	CalendarDays Unit = "day"
	Months       Unit = "month"
	BusinessDays Unit = "business day"
)

// Days is whose calendar days are counted by.
type Days string

// The calendars: the policy's own (the zero value too), and that of the federal
// government of the United States as New York has it. A business day of the
// latter ends at 17:30, when the SEC takes nothing more for that day (Regulation
// S-T, Rule 13(a)(2), 17 CFR 232.13).
const (
	OfficeDays  Days = "office"
	USFederal   Days = "us_federal"
	filingsTill      = 17*60 + 30 // minutes after midnight
)

// newYork is the zone of the SEC's clocks.
var newYork = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil { // it is compiled in
		panic("incidents: " + err.Error())
	}
	return zone
})

// after is when a term ends that begins at a moment.
func (r Rules) after(days Days, t Term, from time.Time) time.Time {
	zone := r.Clock.Office.zone()
	if days == USFederal {
		zone = newYork()
	}
	local := from.In(zone)
	y, m, d := local.Date()
	switch t.Unit {
	case CalendarDays:
		return onClock(y, m, d+t.Count, local)
	case Months:
		last := time.Date(y, m+time.Month(t.Count)+1, 0, 0, 0, 0, 0, time.UTC).Day()
		return onClock(y, m+time.Month(t.Count), min(d, last), local)
	case BusinessDays:
		return r.businessDays(days, local, t.Count)
	}
	return from.Add(time.Duration(t.Count) * time.Hour).UTC()
}

// onClock is a day at the time at which the clock showed local: the first such
// time where clocks go back and show it twice.
func onClock(y int, m time.Month, d int, local time.Time) time.Time {
	t := time.Date(y, m, d, local.Hour(), local.Minute(), local.Second(), local.Nanosecond(), local.Location())
	if first := t.Add(-time.Hour); first.Hour() == t.Hour() && first.Minute() == t.Minute() {
		t = first
	}
	return t.UTC()
}

// businessDays is the end of the n-th business day after the day of a moment.
func (r Rules) businessDays(days Days, local time.Time, n int) time.Time {
	works := r.Clock.Office.works
	if days == USFederal {
		works = federalWorkday
	}
	y, m, d := local.Date()
	left := n
	for i := 1; i <= farthest*(n+1); i++ {
		day := time.Date(y, m, d+i, 12, 0, 0, 0, local.Location())
		if !works(day) {
			continue
		}
		if left--; left > 0 {
			continue
		}
		if days == USFederal {
			return time.Date(day.Year(), day.Month(), day.Day(), 0, filingsTill, 0, 0, local.Location()).UTC()
		}
		return onClock(day.Year(), day.Month(), day.Day(), local)
	}
	return onClock(y, m, d+n, local) // on a calendar on which nobody ever works
}

// zone is the calendar's, UTC where it names none.
func (c Calendar) zone() *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone
}

// works reports whether people work on that day: Monday to Friday where the
// calendar does not say.
func (c Calendar) works(day time.Time) bool {
	if c.holiday(day) {
		return false
	}
	if len(c.Hours) == 0 {
		return weekday(day)
	}
	for _, h := range c.Hours {
		if h.Day == day.Weekday() {
			return true
		}
	}
	return false
}

func weekday(day time.Time) bool {
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
}

// federalWorkday reports whether the federal offices of the United States work
// that day. Holidays are those of 5 U.S.C. 6103(a); one that falls on a Saturday
// is observed on the Friday before (6103(b)), one on a Sunday on the Monday after
// (Executive Order 11582). Days that a President gives off once are not known,
// and Inauguration Day is one in Washington only: without them a term ends earlier.
func federalWorkday(day time.Time) bool {
	if !weekday(day) || federalHoliday(day) {
		return false
	}
	switch day.Weekday() {
	case time.Friday:
		return !federalHoliday(day.AddDate(0, 0, 1))
	case time.Monday:
		return !federalHoliday(day.AddDate(0, 0, -1))
	}
	return true
}

// federalHoliday reports whether a day is a holiday itself.
func federalHoliday(day time.Time) bool {
	m, d, w := day.Month(), day.Day(), day.Weekday()
	nth := (d-1)/7 + 1 // the how manieth such day of the week in the month
	switch m {
	case time.January:
		return d == 1 || w == time.Monday && nth == 3 // New Year; Birthday of Martin Luther King, Jr.
	case time.February:
		return w == time.Monday && nth == 3 // Washington's Birthday
	case time.May:
		return w == time.Monday && d > 31-7 // Memorial Day
	case time.June:
		return d == 19 && day.Year() >= 2021 // Juneteenth
	case time.July:
		return d == 4 // Independence Day
	case time.September:
		return w == time.Monday && nth == 1 // Labor Day
	case time.October:
		return w == time.Monday && nth == 2 // Columbus Day
	case time.November:
		return d == 11 || w == time.Thursday && nth == 4 // Veterans Day; Thanksgiving
	case time.December:
		return d == 25 // Christmas
	}
	return false
}
