package web

import "time"

// layout is RFC 3339 in UTC with milliseconds, which every time in JSON has.
const layout = "2006-01-02T15:04:05.000Z"

// Time is a moment in JSON.
type Time struct{ time.Time }

// MarshalJSON writes it in UTC with milliseconds.
func (t Time) MarshalJSON() ([]byte, error) {
	return []byte(`"` + t.UTC().Format(layout) + `"`), nil
}

// moment is a time that may be unknown: then it is null.
func moment(t time.Time) *Time {
	if t.IsZero() {
		return nil
	}
	return &Time{t}
}

// seconds is a span with milliseconds; nil where it is unknown.
func seconds(d *time.Duration) *float64 {
	if d == nil {
		return nil
	}
	s := float64(d.Milliseconds()) / 1000
	return &s
}
