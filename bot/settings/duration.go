package settings

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Duration is a length of time as people write it: 90s, 5m, 2h, 3d, 400d, 1h30m, or 0. A day is 24 hours.
type Duration time.Duration

const day = 24 * time.Hour

// Units of a duration, longest first, as they may follow each other.
var durationUnits = []struct {
	name string
	size time.Duration
}{{"d", day}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}, {"ms", time.Millisecond}}

// Std is the same length as a time.Duration.
func (d Duration) Std() time.Duration { return time.Duration(d) }

// String is the shortest form that reads back: 5m, 24h, 3d, 1h30m, 0.
func (d Duration) String() string {
	rest := time.Duration(d)
	if rest == 0 {
		return "0"
	}
	if rest == day {
		return "24h"
	}
	var b strings.Builder
	for _, u := range durationUnits {
		if n := rest / u.size; n > 0 {
			fmt.Fprintf(&b, "%d%s", n, u.name)
			rest -= n * u.size
		}
	}
	if rest != 0 { // negative or finer than a millisecond: no file can say it, so it is only for people
		return time.Duration(d).String()
	}
	return b.String()
}

// MarshalText is String.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads 90s, 5m, 2h, 3d, 1h30m or 0.
func (d *Duration) UnmarshalText(text []byte) error {
	rest := string(text)
	if rest == "0" {
		*d = 0
		return nil
	}
	var sum time.Duration
	units := durationUnits
	for rest != "" {
		n, unit, tail, ok := splitQuantity(rest)
		at := -1
		for i, u := range units {
			if u.name == unit {
				at = i
			}
		}
		if !ok || at < 0 {
			return notADuration(string(text))
		}
		size := units[at].size
		if n > int64((math.MaxInt64-sum)/size) {
			return fmt.Errorf("%s is too long", text)
		}
		sum += time.Duration(n) * size
		rest, units = tail, units[at+1:]
	}
	if len(text) == 0 {
		return notADuration("")
	}
	*d = Duration(sum)
	return nil
}

func notADuration(text string) error {
	if _, err := strconv.Atoi(text); err == nil && !strings.HasPrefix(text, "-") {
		return fmt.Errorf("%s has no unit; write %[1]ss, %[1]sm, %[1]sh or %[1]sd", text)
	}
	return fmt.Errorf("%q is no duration; write one like 90s, 5m, 2h, 3d or 0", text)
}

// splitQuantity takes the first number and its unit off a text: 1h30m is 1, h and 30m.
func splitQuantity(s string) (n int64, unit, rest string, ok bool) {
	digits := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if digits <= 0 {
		return 0, "", "", false
	}
	n, err := strconv.ParseInt(s[:digits], 10, 64)
	if err != nil {
		return 0, "", "", false
	}
	s = s[digits:]
	end := strings.IndexAny(s, "0123456789")
	if end < 0 {
		end = len(s)
	}
	return n, s[:end], s[end:], true
}

// BusinessDays is a number of working days, written 3d; which days work is up to the calendar. 0 is none.
type BusinessDays int

// String is how it is written: 3d, or 0.
func (d BusinessDays) String() string {
	if d == 0 {
		return "0"
	}
	return strconv.Itoa(int(d)) + "d"
}

// MarshalText is String.
func (d BusinessDays) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads 3d or 0.
func (d *BusinessDays) UnmarshalText(text []byte) error {
	if string(text) == "0" {
		*d = 0
		return nil
	}
	n, unit, rest, ok := splitQuantity(string(text))
	if !ok || unit != "d" || rest != "" || n > 3650 {
		return fmt.Errorf("%q is no number of business days; write whole days like 3d, or 0", text)
	}
	*d = BusinessDays(n)
	return nil
}
