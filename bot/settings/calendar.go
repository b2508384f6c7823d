package settings

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // time zones must load in an image that has nothing but this program
)

// Calendar is when people work. It is data; whoever counts hours by it does so elsewhere.
type Calendar struct {
	Zone     Zone      `yaml:"zone" doc:"the time zone of all this, such as Europe/Berlin"`
	Hours    Hours     `yaml:"hours" doc:"such as \"Mon-Thu 09:00-17:00, Fri 09:00-12:00\""`
	Holidays []Holiday `yaml:"holidays,single" doc:"days off: 2026-12-24, or 12-25 for every year"`
}

// Check wants some hours.
func (c Calendar) Check(report func(key, sentence string)) {
	if len(c.Hours) == 0 {
		report("hours", "without office hours what waits for them never comes; write some, such as \"Mon-Fri 09:00-17:00\"")
	}
}

// Zone is a time zone by its name in the IANA database; its zero value is UTC.
type Zone struct{ location *time.Location }

// Location is the zone itself.
func (z Zone) Location() *time.Location {
	if z.location == nil {
		return time.UTC
	}
	return z.location
}

// Equal compares names.
func (z Zone) Equal(other Zone) bool { return z.String() == other.String() }

// String is the zone's name.
func (z Zone) String() string { return z.Location().String() }

// MarshalText is the zone's name.
func (z Zone) MarshalText() ([]byte, error) { return []byte(z.String()), nil }

// UnmarshalText takes the name of a zone. Local is none: it would mean something else on every machine.
func (z *Zone) UnmarshalText(text []byte) error {
	location, err := time.LoadLocation(string(text))
	if err != nil || len(text) == 0 || location == time.Local {
		return fmt.Errorf("%q is no time zone; write one like UTC or Europe/Berlin", text)
	}
	*z = Zone{location}
	if location == time.UTC {
		*z = Zone{}
	}
	return nil
}

// Hours are the times of a week in which people work: sorted from Monday on, and none overlaps another.
type Hours []Window

// Window is a time within one day, by the wall clock.
type Window struct {
	Day  time.Weekday
	From int // minutes after midnight
	To   int // minutes after midnight, above From; 1440 is the day's end
}

// The days of a week as they are written, in the order of Hours.
var weekdays = [...]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}

// fromMonday is a weekday's place in a week that begins on Monday (ISO 8601).
func fromMonday(d time.Weekday) int { return (int(d) + 6) % 7 }

func everyWorkday(from, to int) Hours {
	var h Hours
	for d := time.Monday; d <= time.Friday; d++ {
		h = append(h, Window{d, from, to})
	}
	return h
}

const hoursForm = `write them like "Mon-Fri 09:00-17:00" or "Mon-Thu 09:00-12:00, Mon-Thu 13:00-17:00, Fri 09:00-12:00"`

// UnmarshalText takes windows, separated by commas: a day or days, and from when to when.
func (h *Hours) UnmarshalText(text []byte) error {
	var all Hours
	for part := range strings.SplitSeq(string(text), ",") {
		days, times, ok := strings.Cut(strings.TrimSpace(part), " ")
		first, last, ok2 := parseDays(days)
		from, to, ok3 := parseTimes(strings.TrimSpace(times))
		if !ok || !ok2 || !ok3 {
			return fmt.Errorf("%q are no office hours; %s", text, hoursForm)
		}
		if from >= to {
			return fmt.Errorf("%q ends before it begins; for a night, write a window for each of the two days", part)
		}
		for i := first; ; i = (i + 1) % 7 {
			all = append(all, Window{time.Weekday((i + 1) % 7), from, to})
			if i == last {
				break
			}
		}
	}
	slices.SortFunc(all, func(a, b Window) int {
		return cmp.Or(cmp.Compare(fromMonday(a.Day), fromMonday(b.Day)), cmp.Compare(a.From, b.From))
	})
	for i := 1; i < len(all); i++ {
		if all[i].Day == all[i-1].Day && all[i].From < all[i-1].To {
			return fmt.Errorf("%q has %s twice at %s; windows must not overlap", text, weekdays[fromMonday(all[i].Day)], wallClock(all[i].From))
		}
	}
	*h = all
	return nil
}

// parseDays reads Mon or Mon-Fri, as days from Monday; Fri-Mon goes over the weekend.
func parseDays(s string) (first, last int, ok bool) {
	a, b, ranged := strings.Cut(s, "-")
	if !ranged {
		b = a
	}
	first, last = slices.Index(weekdays[:], a), slices.Index(weekdays[:], b)
	return first, last, first >= 0 && last >= 0
}

func parseTimes(s string) (from, to int, ok bool) {
	a, b, _ := strings.Cut(s, "-")
	from, ok1 := parseWallClock(a)
	to, ok2 := parseWallClock(b)
	return from, to, ok1 && ok2
}

func parseWallClock(s string) (minutes int, ok bool) {
	if s == "24:00" {
		return 24 * 60, true
	}
	t, err := time.Parse("15:04", s)
	return t.Hour()*60 + t.Minute(), err == nil && len(s) == len("15:04")
}

func wallClock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// String is the shortest way to write them.
func (h Hours) String() string {
	byDay := make([]string, len(weekdays))
	for _, w := range h {
		byDay[fromMonday(w.Day)] += fmt.Sprintf(",%s-%s", wallClock(w.From), wallClock(w.To))
	}
	var parts []string
	for i := 0; i < len(byDay); {
		last := i
		for last+1 < len(byDay) && byDay[last+1] == byDay[i] {
			last++
		}
		days := weekdays[i]
		if last > i {
			days += "-" + weekdays[last]
		}
		for times := range strings.SplitSeq(byDay[i], ",") {
			if times != "" {
				parts = append(parts, days+" "+times)
			}
		}
		i = last + 1
	}
	return strings.Join(parts, ", ")
}

// MarshalText is String.
func (h Hours) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// Holiday is a day on which nobody works.
type Holiday struct {
	Year  int // 0: every year
	Month time.Month
	Day   int
}

// String is 2026-12-24, or 12-25 for every year.
func (h Holiday) String() string {
	if h.Year == 0 {
		return fmt.Sprintf("%02d-%02d", h.Month, h.Day)
	}
	return fmt.Sprintf("%04d-%02d-%02d", h.Year, h.Month, h.Day)
}

// MarshalText is String.
func (h Holiday) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText takes a date, or a month and a day.
func (h *Holiday) UnmarshalText(text []byte) error {
	if t, err := time.Parse(time.DateOnly, string(text)); err == nil && t.Year() > 0 {
		*h = Holiday{t.Year(), t.Month(), t.Day()}
		return nil
	}
	// 2000 has a 29 February.
	if t, err := time.Parse(time.DateOnly, "2000-"+string(text)); err == nil {
		*h = Holiday{0, t.Month(), t.Day()}
		return nil
	}
	return fmt.Errorf("%q is no day; write one like 2026-12-24, or 12-25 for every year", text)
}
