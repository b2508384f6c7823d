package commands

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"fireboss/incidents"
)

// sense is which of the moments that a time can mean is meant.
type sense int

const (
	last sense = iota // 14:02 is the last such time: when something happened
	next              // 14:02 is the next such time: when something is due
)

var (
	clockForm    = regexp.MustCompile(`^(\d{1,2}):(\d{2})(?::(\d{2}))?$`)
	dateForm     = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	looksLikeOne = regexp.MustCompile(`^(\d{1,2}:\d|\d{4}-\d{1,2}-\d)`)
	halfForm     = regexp.MustCompile(`^(?i:am|pm|a\.m\.?|p\.m\.?)$`)
)

const (
	timeForms = "Write 14:02, 2026-11-20 14:02 or 2026-11-20T14:02:00Z."
	pastForms = "Write 14:02, yesterday 14:02, 2026-11-20 14:02, 2026-11-20T14:02:00Z or 20m ago."
)

// timeAt reads a time at the head of s, in the caller's zone where it names
// none: 14:02, 2026-11-20 14:02, RFC 3339, or now; of what has happened, also
// yesterday 14:02 and today 14:02. found is false where there is none; what looks
// like one and is none is a refusal.
func (c *call) timeAt(s string, which sense) (t time.Time, rest string, found bool, err error) {
	word, rest := cut(s)
	second, behind := cut(rest)
	word, second = strings.TrimRight(word, ",;:"), strings.TrimRight(second, ",;:") // at 14:02, it began
	day, clock, joined := strings.Cut(strings.ToUpper(word), "T")
	switch {
	case strings.EqualFold(word, "now"):
		return c.At, rest, true, nil
	case twelveHours(word, second):
		return time.Time{}, s, false, incidents.Invalid("%s is not a time that I read: I count 24 hours. %s", quote(word+" "+second), timeForms)
	case clockForm.MatchString(word):
		t, err = c.clockTime(word, which)
		return t, rest, err == nil, err
	case which == last && c.recent(word) != "" && clockForm.MatchString(second):
		t, err = c.dateTime(c.recent(word), second, which)
		return t, behind, err == nil, err
	case dateForm.MatchString(word) && clockForm.MatchString(second):
		t, err = c.dateTime(word, second, which)
		return t, behind, err == nil, err
	case joined && dateForm.MatchString(day) && clockForm.MatchString(clock):
		t, err = c.dateTime(day, clock, which)
		return t, rest, err == nil, err
	case dateForm.MatchString(word) && which == next:
		t, err = c.endOfDay(word)
		return t, rest, err == nil, err
	case !looksLikeOne.MatchString(word):
		return time.Time{}, s, false, nil
	}
	t, perr := time.Parse(time.RFC3339, strings.ToUpper(word))
	if perr != nil {
		return time.Time{}, s, false, incidents.Invalid("%s is not a time. %s", quote(word), timeForms)
	}
	err = likely(t)
	return t, rest, err == nil, err
}

// needTime is [call.timeAt] where the time of something that has happened must
// stand: it may also be how long ago that was.
func (c *call) needTime(s, example string) (time.Time, string, error) {
	if length, rest, _, ok := ago(s); ok {
		return c.At.Add(-length), rest, nil
	}
	t, rest, found, err := c.timeAt(s, last)
	if err == nil && !found {
		if word, _ := cut(s); word != "" {
			return t, s, incidents.Invalid("%s is not a time. %s Example: %s", quote(word), pastForms, example)
		}
		return t, s, incidents.Missing("at", "When? %s Example: %s", pastForms, example)
	}
	return t, rest, err
}

// ago reads how long ago something was, at the head of s: 20m, 1h 30m, 3 days ago.
// said reports whether the word ago stands there, without which only the place
// says what is meant.
func ago(s string) (length time.Duration, rest string, said, ok bool) {
	joined, left := "", s
	for range 4 { // 1 h 30 m
		var word string
		word, left = cut(left)
		bare := strings.TrimRight(word, ",;:")
		joined += bare
		if d, is := duration(joined); is && fallingUnits(joined) {
			length, rest, ok = d, left, true
		}
		if bare != word {
			break
		}
	}
	if word, behind := cut(rest); ok && strings.EqualFold(strings.TrimRight(word, ",;:"), "ago") {
		return length, behind, true, true
	}
	return length, rest, false, ok
}

// recent is the date of a day that goes by a name; empty for other words.
func (c *call) recent(word string) string {
	today := c.At.In(c.Zone)
	switch strings.ToLower(word) {
	case "today":
		return today.Format(time.DateOnly)
	case "yesterday":
		return today.AddDate(0, 0, -1).Format(time.DateOnly)
	}
	return ""
}

// twelveHours reports whether a time is one of half a day: 2:30 pm.
func twelveHours(word, second string) bool {
	parts := clockForm.FindStringSubmatch(word)
	if parts == nil || !halfForm.MatchString(second) {
		return false
	}
	hour, _ := strconv.Atoi(parts[1])
	return hour <= 12
}

// clockTime is the last or the next time at which a clock in the caller's
// zone shows this, if need be on another day: yesterday at 14:02, or the day
// before where yesterday had no 02:30.
func (c *call) clockTime(word string, which sense) (time.Time, error) {
	h, m, s, err := clockParts(word)
	if err != nil {
		return time.Time{}, err
	}
	today := c.At.In(c.Zone)
	step := 1
	if which == last {
		step = -1
		today = c.latest().In(c.Zone)
	}
	for i := range 4 {
		y, mon, d := today.Date()
		if t, ok := c.choose(showing(y, mon, d+i*step, h, m, s, c.Zone), which); ok {
			return t, nil
		}
	}
	return time.Time{}, incidents.Invalid("There was no %s in your time zone (%s) of late. %s", word, c.Zone, timeForms)
}

// latest is the latest moment that counts as past: clocks differ, and who
// writes 14:02 means no other day because ours still shows 14:01.
func (c *call) latest() time.Time { return c.At.Add(time.Minute) }

// choose picks the last that has been, or the first that is to come.
func (c *call) choose(list []time.Time, which sense) (time.Time, bool) {
	var chosen time.Time
	for _, t := range list {
		if which == next && t.After(c.At) {
			return t, true
		}
		if which == last && !t.After(c.latest()) {
			chosen = t
		}
	}
	return chosen, !chosen.IsZero()
}

// dateTime is a time on a day. Where clocks show it twice, the sense decides;
// where neither fits, the rules have the last word.
func (c *call) dateTime(day, clock string, which sense) (time.Time, error) {
	date, err := parseDay(day)
	if err != nil {
		return time.Time{}, err
	}
	h, m, s, err := clockParts(clock)
	if err != nil {
		return time.Time{}, err
	}
	list := showing(date.Year(), date.Month(), date.Day(), h, m, s, c.Zone)
	if len(list) == 0 {
		return time.Time{}, incidents.Invalid("On %s no clock showed %s in your time zone (%s): they went forward over it. %s", day, clock, c.Zone, timeForms)
	}
	if t, ok := c.choose(list, which); ok {
		return t, nil
	}
	return list[0], nil
}

// endOfDay is the last minute of a day.
func (c *call) endOfDay(day string) (time.Time, error) {
	date, err := parseDay(day)
	if err != nil {
		return time.Time{}, err
	}
	return time.Date(date.Year(), date.Month(), date.Day()+1, 0, 0, 0, 0, c.Zone).Add(-time.Minute), nil
}

func parseDay(day string) (time.Time, error) {
	date, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return date, incidents.Invalid("%s is not a day of the calendar. %s", quote(day), timeForms)
	}
	return date, likely(date)
}

// likely refuses years that can only be a slip of the finger.
func likely(t time.Time) error {
	if t.Year() < 2000 || t.Year() > 2199 {
		return incidents.Invalid("The year %d is hardly meant. %s", t.Year(), timeForms)
	}
	return nil
}

func clockParts(word string) (h, m, s int, err error) {
	parts := clockForm.FindStringSubmatch(word)
	h, _ = strconv.Atoi(parts[1])
	m, _ = strconv.Atoi(parts[2])
	s, _ = strconv.Atoi(parts[3]) // empty: 0
	if h > 23 || m > 59 || s > 59 {
		return 0, 0, 0, incidents.Invalid("%s is not a time of the day. %s", quote(word), timeForms)
	}
	return h, m, s, nil
}

// showing lists, in order, the moments at which clocks in a zone show this:
// none in the hour that is left out when clocks go forward, two in the one
// that comes again when they go back.
func showing(year int, month time.Month, day, hour, minute, second int, zone *time.Location) []time.Time {
	wall := time.Date(year, month, day, hour, minute, second, 0, time.UTC)
	var list []time.Time // clocks that go back show it under the earlier offset first
	for _, about := range []time.Time{wall.Add(-26 * time.Hour), wall.Add(26 * time.Hour)} {
		_, offset := about.In(zone).Zone()
		t := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		_, there := t.Zone()
		if there != offset || len(list) > 0 && list[0].Equal(t) {
			continue
		}
		list = append(list, t)
	}
	return list
}

var (
	durationPart = regexp.MustCompile(`(\d{1,9})(w(?:eeks?)?|d(?:ays?)?|h(?:rs?|ours?)?|m(?:ins?|inutes?)?|s(?:ecs?|econds?)?)`)
	durationForm = regexp.MustCompile(`^(?:` + durationPart.String() + `)+$`)
)

// duration reads 20m, 2h, 3d, 1h30m, and 20min and the like. What is longer than a hundred years
// counts as a hundred years.
func duration(word string) (time.Duration, bool) {
	const most = 100 * 365 * 24 * time.Hour
	word = strings.ToLower(word)
	if len(word) > 40 || !durationForm.MatchString(word) {
		return 0, false
	}
	units := map[byte]time.Duration{'w': 7 * 24 * time.Hour, 'd': 24 * time.Hour, 'h': time.Hour, 'm': time.Minute, 's': time.Second}
	var sum time.Duration
	for _, part := range durationPart.FindAllStringSubmatch(word, -1) {
		n, _ := strconv.Atoi(part[1])
		unit := units[part[2][0]]
		if time.Duration(n) > (most-sum)/unit {
			return most, true
		}
		sum += time.Duration(n) * unit
	}
	return sum, true
}

// fallingUnits reports whether the units of a duration get smaller: 1h30m, and not
// 10m5m, which are two of them.
func fallingUnits(word string) bool {
	before := -1
	for _, part := range durationPart.FindAllStringSubmatch(strings.ToLower(word), -1) {
		unit := strings.IndexByte("wdhms", part[2][0])
		if unit <= before {
			return false
		}
		before = unit
	}
	return true
}

// clock writes a moment for the caller: 14:02 CET, with the day where it is
// another one than today.
func (c *call) clock(t time.Time) string {
	t = t.In(c.Zone)
	layout := "2006-01-02 15:04 MST"
	if t.Format(time.DateOnly) == c.At.In(c.Zone).Format(time.DateOnly) {
		layout = "15:04 MST"
	}
	return t.Format(layout)
}
