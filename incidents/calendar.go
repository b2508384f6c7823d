package incidents

import (
	"slices"
	"time"
)

// Calendar is when people work. The zero value is: always.
type Calendar struct {
	Zone     *time.Location // nil: UTC
	Hours    []OfficeHours
	Holidays []Holiday
}

// OfficeHours are a time of one weekday, by the wall clock of the calendar's zone.
type OfficeHours struct {
	Day      time.Weekday
	From, To int // minutes after midnight; To is beyond From, at most 1440
}

// Holiday is a day on which nobody works.
type Holiday struct {
	Year  int // 0: every year
	Month time.Month
	Day   int
}

// farthest is how many days are looked through for one on which somebody works.
const farthest = 400

// Next is t where people work then, or else the next moment at which they begin
// to; t itself where they never do.
func (c Calendar) Next(t time.Time) time.Time {
	if len(c.Hours) == 0 {
		return t
	}
	zone := c.zone()
	local := t.In(zone)
	for days := range farthest {
		day := time.Date(local.Year(), local.Month(), local.Day()+days, 12, 0, 0, 0, zone) // noon: it is on that day whatever the clocks do
		if c.holiday(day) {
			continue
		}
		if at, ok := c.on(day, t, zone); ok {
			return at.UTC()
		}
	}
	return t
}

// on is the first moment of a day, at or after t, at which people work.
func (c Calendar) on(day, t time.Time, zone *time.Location) (first time.Time, ok bool) {
	for _, h := range c.Hours {
		if h.Day != day.Weekday() {
			continue
		}
		from := time.Date(day.Year(), day.Month(), day.Day(), 0, h.From, 0, 0, zone)
		to := time.Date(day.Year(), day.Month(), day.Day(), 0, h.To, 0, 0, zone)
		if !t.Before(to) {
			continue
		}
		at := from
		if t.After(from) {
			at = t
		}
		if !ok || at.Before(first) {
			first, ok = at, true
		}
	}
	return first, ok
}

// Open reports whether people work at a moment, by what the clocks show then; always
// where the calendar has no hours.
func (c Calendar) Open(t time.Time) bool {
	if len(c.Hours) == 0 {
		return true
	}
	local := t.In(c.zone())
	minute := local.Hour()*60 + local.Minute()
	return !c.holiday(local) && slices.ContainsFunc(c.Hours, func(h OfficeHours) bool {
		return h.Day == local.Weekday() && h.From <= minute && minute < h.To
	})
}

func (c Calendar) holiday(day time.Time) bool {
	for _, h := range c.Holidays {
		if (h.Year == 0 || h.Year == day.Year()) && h.Month == day.Month() && h.Day == day.Day() {
			return true
		}
	}
	return false
}
