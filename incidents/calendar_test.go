package incidents

import (
	"testing"
	"time"
)

func TestOfficeHours(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	var hours []OfficeHours
	for d := time.Monday; d <= time.Thursday; d++ {
		hours = append(hours, OfficeHours{d, 9 * 60, 12 * 60}, OfficeHours{d, 13 * 60, 17 * 60})
	}
	hours = append(hours, OfficeHours{time.Friday, 9 * 60, 12 * 60}, OfficeHours{time.Sunday, 1 * 60, 24 * 60})
	c := Calendar{Zone: berlin, Hours: hours, Holidays: []Holiday{{0, time.December, 25}, {2026, time.November, 23}}}
	for _, tt := range []struct{ at, want, why string }{
		{"2026-11-25T10:00:00+01:00", "2026-11-25T10:00:00+01:00", "a Wednesday morning"},
		{"2026-11-25T08:59:59+01:00", "2026-11-25T09:00:00+01:00", "before they come"},
		{"2026-11-25T12:00:00+01:00", "2026-11-25T13:00:00+01:00", "lunch"},
		{"2026-11-25T17:00:00+01:00", "2026-11-26T09:00:00+01:00", "they have just left"},
		{"2026-11-27T12:30:00+01:00", "2026-11-29T01:00:00+01:00", "a Friday afternoon"},
		{"2026-11-29T23:59:59+01:00", "2026-11-29T23:59:59+01:00", "a day that ends at midnight"},
		{"2026-11-22T23:59:59+01:00", "2026-11-22T23:59:59+01:00", "the evening before a holiday"},
		{"2026-11-23T10:00:00+01:00", "2026-11-24T09:00:00+01:00", "a holiday of one year"},
		{"2027-11-23T10:00:00+01:00", "2027-11-23T10:00:00+01:00", "the year after"},
		{"2028-12-25T10:00:00+01:00", "2028-12-26T09:00:00+01:00", "a holiday of every year"},
		{"2026-11-24T23:30:00Z", "2026-11-25T08:00:00Z", "a moment given in another zone"},
		{"2026-03-29T01:30:00+01:00", "2026-03-29T01:30:00+01:00", "the night in which the clocks go forward"},
		{"2026-10-25T00:30:00+02:00", "2026-10-25T01:00:00+02:00", "the night in which they go back"},
	} {
		at, want := at(t, tt.at), at(t, tt.want)
		if got := c.Next(at); !got.Equal(want) {
			t.Errorf("%s: after %s comes %s, want %s", tt.why, at, got, want)
		}
		if got := c.Open(at); got != want.Equal(at) {
			t.Errorf("%s: people work at %s: %v", tt.why, at, got)
		}
	}
	if got := (Calendar{}).Next(noon); !got.Equal(noon) {
		t.Errorf("without a calendar it is always office time, not %s", got)
	}
	if !(Calendar{}).Open(noon) {
		t.Error("without a calendar it is always office time")
	}
	never := Calendar{Hours: hours[:1]}
	for m := time.January; m <= time.December; m++ {
		for d := 1; d <= 31; d++ {
			never.Holidays = append(never.Holidays, Holiday{0, m, d})
		}
	}
	if got := never.Next(noon); !got.Equal(noon) {
		t.Errorf("who never works is not waited for until %s", got)
	}
}

func at(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
