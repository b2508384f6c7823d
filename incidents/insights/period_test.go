package insights

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
)

func zone(t *testing.T, name string) incidents.Calendar {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return incidents.Calendar{Zone: z}
}

func moment(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestPeriodsBeginOnMonday(t *testing.T) {
	for _, c := range []struct{ name, zone, now, from string }{
		{FourWeeks, "UTC", "2026-11-20T12:00:00Z", "2026-10-26T00:00:00Z"},
		{FourWeeks, "UTC", "2026-11-16T00:00:00Z", "2026-10-26T00:00:00Z"}, // a Monday
		{FourWeeks, "UTC", "2026-11-15T23:59:59Z", "2026-10-19T00:00:00Z"}, // the Sunday before
		{TwelveWeeks, "UTC", "2026-11-20T12:00:00Z", "2026-08-31T00:00:00Z"},
		{Year, "UTC", "2026-11-20T12:00:00Z", "2025-11-24T00:00:00Z"},
		// In Berlin clocks went back on 25 October: four weeks before it was summer.
		{FourWeeks, "Europe/Berlin", "2026-11-15T22:59:59Z", "2026-10-19T00:00:00+02:00"},
		{FourWeeks, "Europe/Berlin", "2026-11-15T23:00:00Z", "2026-10-26T00:00:00+01:00"}, // there it is Monday
		{FourWeeks, "America/New_York", "2026-11-16T04:59:59Z", "2026-10-19T00:00:00-04:00"},
		{FourWeeks, "Asia/Kathmandu", "2026-11-15T18:15:00Z", "2026-10-26T00:00:00+05:45"},
		// In Lord Howe clocks move by half an hour.
		{FourWeeks, "Australia/Lord_Howe", "2026-10-20T12:00:00Z", "2026-09-28T00:00:00+10:30"},
	} {
		p, ok := Named(c.name, zone(t, c.zone), moment(t, c.now))
		if want := moment(t, c.from); !ok || !p.From.Equal(want) || !p.To.IsZero() || p.Name != c.name {
			t.Errorf("%s in %s at %s begins at %s, want %s", c.name, c.zone, c.now, p.From, want)
		}
		if p.Holds(p.From.Add(-1)) || !p.Holds(p.From) || !p.Holds(moment(t, c.now)) {
			t.Errorf("%+v does not hold what it should", p)
		}
	}
	if p, ok := Named(Always, incidents.Calendar{}, noon); !ok || !p.Holds(time.Time{}) || !p.Holds(noon.AddDate(100, 0, 0)) {
		t.Errorf("%+v", p)
	}
	if _, ok := Named("a while", incidents.Calendar{}, noon); ok {
		t.Error("there is a period of any name")
	}
}

func TestPeriodBetweenDays(t *testing.T) {
	day := func(s string) time.Time { return moment(t, s+"T00:00:00Z") }
	c := zone(t, "Europe/Berlin")
	p := Between(day("2026-10-24"), day("2026-10-25"), c) // the 25th has 25 hours
	for at, want := range map[string]bool{
		"2026-10-23T23:59:59+02:00": false, "2026-10-24T00:00:00+02:00": true, "2026-10-25T23:59:59+01:00": true, "2026-10-26T00:00:00+01:00": false,
	} {
		if got := p.Holds(moment(t, at)); got != want {
			t.Errorf("%s is in it: %v", at, got)
		}
	}
	if p := Between(time.Time{}, day("2026-10-25"), c); !p.Holds(time.Time{}) || p.Holds(noon) {
		t.Errorf("%+v", p)
	}
	if p := Between(day("2026-10-25"), time.Time{}, c); p.Holds(time.Time{}) || !p.Holds(noon) {
		t.Errorf("%+v", p)
	}
}

// began are the figures of an incident that was declared at a moment.
func began(at time.Time) incidents.Figures {
	return incidents.Figures{Severity: 2, Status: incidents.Investigating, Times: incidents.Times{Declared: at, Detected: at}}
}

func TestSpans(t *testing.T) {
	c := zone(t, "Europe/Berlin")
	list := []incidents.Figures{
		began(moment(t, "2026-10-18T23:59:59+02:00")), began(moment(t, "2026-10-19T00:00:00+02:00")), began(moment(t, "2026-10-25T23:30:00+01:00")),
		began(moment(t, "2026-10-26T00:00:00+01:00")), began(moment(t, "2026-11-15T23:59:59+01:00")), began(moment(t, "2026-11-15T23:30:00Z")), began(noon),
	}
	p, _ := Named(FourWeeks, c, noon)
	p.From = p.From.AddDate(0, 0, -7)
	var got []string
	in := Of(list, Options{Period: p, Now: noon, Calendar: c})
	for _, s := range in.Spans {
		got = append(got, fmt.Sprintf("%s %d", s.Name, s.Count))
		if s.Count != s.Severities[1] {
			t.Errorf("%+v", s)
		}
	}
	if got := strings.Join(got, ", "); got != "2026-10-19 2, 2026-10-26 1, 2026-11-02 0, 2026-11-09 1, 2026-11-16 2" || in.Step != ByWeek {
		t.Error(got)
	}
	if in.All.Count != 6 {
		t.Errorf("%d began within", in.All.Count)
	}
}

func TestSpansAreFewEnoughToBeRead(t *testing.T) {
	for _, c := range []struct {
		from       string
		step       Step
		n          int
		first, end string
	}{
		{"2026-11-20T00:00:00Z", ByWeek, 1, "2026-11-16", "2026-11-23"},
		{"2025-11-24T00:00:00Z", ByWeek, 52, "2025-11-24", "2026-11-23"},
		{"2025-11-10T00:00:00Z", ByWeek, 54, "2025-11-10", "2026-11-23"},
		{"2025-11-09T00:00:00Z", ByMonth, 13, "2025-11-01", "2026-12-01"},
		{"2022-12-31T00:00:00Z", ByMonth, 48, "2022-12-01", "2026-12-01"},
		{"2022-11-30T00:00:00Z", ByYear, 5, "2022-01-01", "2027-01-01"},
		{"1970-01-01T00:00:00Z", ByYear, 57, "1970-01-01", "2027-01-01"},
	} {
		list := []incidents.Figures{began(moment(t, c.from)), began(noon)}
		in := Of(list, Options{Now: noon, Period: Period{Name: Always}})
		first, last := in.Spans[0], in.Spans[len(in.Spans)-1]
		if in.Step != c.step || len(in.Spans) != c.n || first.Name != c.first || last.To.Format(time.DateOnly) != c.end {
			t.Errorf("since %s: %d %ss from %s to %s", c.from, len(in.Spans), in.Step, first.Name, last.To)
		}
		if c.n > 1 && first.Count+last.Count != 2 || !in.Period.From.Equal(moment(t, c.from)) {
			t.Errorf("since %s: %d and %d", c.from, first.Count, last.Count)
		}
		for i := 1; i < len(in.Spans); i++ {
			if !in.Spans[i].From.Equal(in.Spans[i-1].To) {
				t.Errorf("between %s and %s there is a gap", in.Spans[i-1].To, in.Spans[i].From)
			}
		}
	}
	far := Of(nil, Options{Now: noon, Period: Between(noon.AddDate(1, 0, 0), noon.AddDate(2, 0, 0), incidents.Calendar{})})
	if len(far.Spans) != 0 {
		t.Errorf("of what is to come there are %d spans", len(far.Spans))
	}
}
