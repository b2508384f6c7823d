package insights

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
)

var (
	alice = incidents.Person{ID: "slack:T1/U1", Name: "Alice"}
	bob   = incidents.Person{ID: "slack:T1/U2", Name: "Bob"}
)

// worked is an incident for which people did something at these moments.
func worked(t *testing.T, who incidents.Person, at ...string) incidents.Figures {
	t.Helper()
	f := took(1, 1, 2, 3)
	for _, s := range at {
		m := moment(t, s)
		day := int(m.Unix() / 86400)
		if n := len(f.Load); n == 0 || f.Load[n-1].Day != day {
			f.Load = append(f.Load, incidents.Load{Day: day})
		}
		f.Load[len(f.Load)-1].Add(who, int(m.Unix()%86400/900))
	}
	return f
}

// cells writes where something was done: "Mon 09:2" for two quarters of an hour
// between nine and ten on Mondays.
func (l Load) cells() string {
	var out []string
	for day, hours := range l.Cells {
		for hour, n := range hours {
			if n > 0 {
				out = append(out, fmt.Sprintf("%s %02d:%d", []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}[day], hour, n))
			}
		}
	}
	return strings.Join(out, ", ")
}

func TestLoadIsByTheCalendarsClocks(t *testing.T) {
	for zoneName, c := range map[string]struct {
		at   []string
		want string
	}{
		"UTC":           {[]string{"2026-11-20T09:00:00Z", "2026-11-20T09:14:59Z", "2026-11-20T09:59:00Z", "2026-11-22T23:45:00Z", "2026-11-23T00:00:00Z"}, "Mon 00:1, Fri 09:2, Sun 23:1"},
		"Europe/Berlin": {[]string{"2026-11-22T22:45:00Z", "2026-11-22T23:00:00Z"}, "Mon 00:1, Sun 23:1"},
		// In India and Nepal an hour begins within one of UTC.
		"Asia/Kolkata":   {[]string{"2026-11-20T09:15:00Z", "2026-11-20T09:30:00Z"}, "Fri 14:1, Fri 15:1"},
		"Asia/Kathmandu": {[]string{"2026-11-20T09:00:00Z", "2026-11-20T09:15:00Z"}, "Fri 14:1, Fri 15:1"},
	} {
		l := Of([]incidents.Figures{worked(t, alice, c.at...)}, Options{Now: noon, Calendar: zone(t, zoneName)}).Load
		if got := l.cells(); got != c.want {
			t.Errorf("%s: %s, want %s", zoneName, got, c.want)
		}
	}
}

// TestLoadInTheNightsInWhichClocksMove: in Berlin 02:00 to 03:00 came twice on 25
// October 2026, and not at all on 29 March.
func TestLoadInTheNightsInWhichClocksMove(t *testing.T) {
	o := Options{Now: noon, Calendar: zone(t, "Europe/Berlin")}
	back := Of([]incidents.Figures{worked(t, alice, "2026-10-24T23:45:00Z", "2026-10-25T00:00:00Z", "2026-10-25T00:45:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:45:00Z", "2026-10-25T02:00:00Z")}, o).Load
	if got := back.cells(); got != "Sun 01:1, Sun 02:4, Sun 03:1" {
		t.Error(got)
	}
	forward := Of([]incidents.Figures{worked(t, alice, "2026-03-29T00:45:00Z", "2026-03-29T01:00:00Z")}, o).Load
	if got := forward.cells(); got != "Sun 01:1, Sun 03:1" {
		t.Error(got)
	}
}

func TestLoadCountsEachPersonOnceHoweverManyIncidents(t *testing.T) {
	list := []incidents.Figures{
		worked(t, alice, "2026-11-20T09:00:00Z", "2026-11-20T09:15:00Z"), worked(t, alice, "2026-11-20T09:15:00Z", "2026-11-20T18:00:00Z"),
		worked(t, bob, "2026-11-20T09:00:00Z"), worked(t, incidents.Person{ID: alice.ID, Name: "Alice of today"}, "2026-11-21T10:00:00Z"),
	}
	o := Options{Now: noon, Calendar: incidents.DefaultClock().Office}
	l := Of(list, o).Load
	if got := l.cells(); got != "Fri 09:3, Fri 18:1, Sat 10:1" || l.All != 5 || l.People != 2 || l.Outside != 2 || !l.Office || l.Most() != 3 {
		t.Errorf("%s, %+v", got, l)
	}
	if l.Each != nil {
		t.Error("people are told apart where nobody wants it")
	}
	o.People = true
	each := Of(list, o).Load.Each
	want := []PersonLoad{{incidents.Person{ID: alice.ID, Name: "Alice of today"}, 4, 2}, {bob, 1, 0}}
	if fmt.Sprint(each) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", each, want)
	}
	if each[0].All.Hours() != 1 || Quarters(3).Hours() != 0.75 {
		t.Error("an hour has four quarters")
	}
	if l := Of(list, Options{Now: noon}).Load; l.Office || l.Outside != 0 {
		t.Errorf("without office hours nothing is beyond them: %+v", l)
	}
}

func TestRules(t *testing.T) {
	list := []incidents.Figures{took(1, 1, 2, 3), took(2, 1, 2, 3)}
	list[0].Tallies = []incidents.RuleTally{
		{Rule: "acknowledge", Tally: incidents.Tally{Kept: 1}}, {Rule: "gdpr.notification", Tally: incidents.Tally{Missed: 1, Sent: 4, Late: 1}},
		{Rule: "update", Tally: incidents.Tally{Kept: 3, PutOff: 1, Missed: 2, Sent: 5, Late: 2}},
	}
	list[1].Tallies = []incidents.RuleTally{{Rule: "cra.early", Tally: incidents.Tally{Kept: 1}}, {Rule: "stale", Tally: incidents.Tally{Sent: 1}}, {Rule: "update", Tally: incidents.Tally{Kept: 1, Sent: 1}}}
	var got []string
	for _, r := range Of(list, Options{Now: noon}).Rules {
		got = append(got, fmt.Sprintf("%s in %d: %d+%d+%d=%d %d/%d", r.Name, r.Incidents, r.Kept, r.PutOff, r.Missed, r.Settled(), r.Late, r.Sent))
	}
	want := []string{
		"acknowledge in 1: 1+0+0=1 0/0", "update in 2: 4+1+2=7 2/6", "stale in 1: 0+0+0=0 0/1", "cra.early in 1: 1+0+0=1 0/0", "gdpr.notification in 1: 0+0+1=1 1/4",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
}

func TestFollowups(t *testing.T) {
	f := took(1, 1, 2, 3)
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	f.Followups = []incidents.FollowupFigure{
		{State: incidents.TaskOpen, Due: day(-1)}, {State: incidents.TaskOpen, Due: noon.Add(-time.Hour)}, {State: incidents.TaskOpen},
		{State: incidents.TaskFinished, Due: day(-3), Ended: day(-3).Add(time.Hour)}, {State: incidents.TaskFinished, Due: day(-3), Ended: day(-2)}, {State: incidents.TaskFinished, Due: day(-3), Ended: day(-5)},
		{State: incidents.TaskFinished, Ended: noon}, {State: incidents.TaskFinished, Due: noon}, {State: incidents.TaskGone, Due: day(-9), Ended: noon},
	}
	got := Of([]incidents.Figures{f, took(2, 1, 2, 3)}, Options{Now: noon}).Followups
	if want := (Followups{Count: 9, InTime: 2, Late: 1, Undated: 2, Open: 2, Overdue: 1, Dropped: 1}); got != want || got.Due() != 4 {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestNoisiestAlerts(t *testing.T) {
	var list []Alert
	for i, c := range []struct {
		title string
		n     int
	}{{"disk", 5}, {"cpu", 5}, {"memory", 7}, {"x", 1}} {
		for j := range c.n {
			list = append(list, Alert{Source: "grafana", Title: c.title, Incident: i == 0 && j < 2 || i == 2})
		}
	}
	list = append(list, Alert{Source: "sentry", Title: "x"})
	want := []Noise{{"grafana", "memory", 7, 7}, {"grafana", "cpu", 5, 0}, {"grafana", "disk", 5, 2}, {"grafana", "x", 1, 0}, {"sentry", "x", 1, 0}}
	if got := Noisiest(list); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
	for i := range 20 {
		list = append(list, Alert{Title: fmt.Sprint(i)})
	}
	if got := Noisiest(list); len(got) != noisiest || len(Noisiest(nil)) != 0 {
		t.Errorf("%d are told", len(got))
	}
}
