package insights

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
)

// noon is a Friday.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func minutes(n int) time.Time { return noon.Add(time.Duration(n) * time.Minute) }

// took are the figures of an incident that was detected at noon, and acknowledged,
// mitigated and resolved so many minutes later; below zero: not.
func took(n incidents.Number, acknowledged, mitigated, resolved int) incidents.Figures {
	f := incidents.Figures{Number: n, Severity: 1, Type: "incident", Status: incidents.Investigating, Times: incidents.Times{Detected: noon, Declared: noon}}
	set := func(at *time.Time, after int) {
		if after >= 0 {
			*at = minutes(after)
		}
	}
	set(&f.Times.Acknowledged, acknowledged)
	set(&f.Times.Mitigated, mitigated)
	set(&f.Times.Resolved, resolved)
	if resolved >= 0 {
		f.Status, f.EndedAs = incidents.Resolved, incidents.EndedResolved
	}
	return f
}

// words writes a duration as "n median/p90 (incidents) +open longest ?unknown".
func (d Duration) words() string {
	s := fmt.Sprint(d.N)
	if d.Median != nil {
		s += fmt.Sprintf(" %s/%s (%s/%s)", d.Median.Took, d.P90.Took, d.Median.Incident, d.P90.Incident)
	}
	if d.Open > 0 {
		s += fmt.Sprintf(" +%d %s", d.Open, d.Longest)
	}
	if d.Unknown > 0 {
		s += fmt.Sprintf(" ?%d", d.Unknown)
	}
	return s
}

func all(list []incidents.Figures, now time.Time) Group {
	return Of(list, Options{Now: now}).All
}

func TestMediansArePercentilesOfWhatWasMeasured(t *testing.T) {
	list := func(minutes ...int) (out []incidents.Figures) {
		for i, m := range minutes {
			out = append(out, took(incidents.Number(i+1), m, -1, 500))
		}
		return out
	}
	for want, f := range map[string][]incidents.Figures{
		"0":                           nil,
		"1 7m0s/7m0s (INC-1/INC-1)":   list(7),
		"2 1m0s/9m0s (INC-2/INC-1)":   list(9, 1),
		"3 2m0s/9m0s (INC-3/INC-1)":   list(9, 1, 2),
		"4 2m0s/9m0s (INC-3/INC-1)":   list(9, 1, 2, 8),
		"10 5m0s/9m0s (INC-6/INC-2)":  list(10, 9, 8, 7, 6, 5, 4, 3, 2, 1),
		"11 6m0s/10m0s (INC-6/INC-2)": list(11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1),
		"3 5m0s/5m0s (INC-2/INC-3)":   list(5, 5, 5), // of those that took as long, by number
	} {
		if got := all(f, minutes(600)).Durations[1].words(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestWhatIsOpenIsCountedAndInNoMedian(t *testing.T) {
	open, longer := took(4, -1, -1, -1), took(5, 3, -1, -1)
	longer.Times.Detected = minutes(-60)
	canceled := took(6, -1, -1, -1)
	canceled.Status, canceled.EndedAs = incidents.Canceled, incidents.EndedFalsePositive
	wrong := took(7, 2, 10, 20)
	wrong.Times.Acknowledged = minutes(-1) // before it was detected
	future := took(8, -1, -1, -1)
	future.Times.Detected = minutes(50) // beyond now, for clocks differ
	g := all([]incidents.Figures{took(1, 1, 10, 20), took(2, 2, 20, -1), took(3, 3, -1, 40), open, longer, canceled, wrong, future}, minutes(45))
	for m, want := range []string{
		"0 ?8", // nobody has said when the impact began
		"4 2m0s/1h3m0s (INC-2/INC-5) +2 45m0s ?2",
		"3 10m0s/20m0s (INC-7/INC-2) +3 1h45m0s ?2",
		"3 20m0s/40m0s (INC-7/INC-3) +4 1h45m0s ?1",
	} {
		if got := g.Durations[m].words(); got != want {
			t.Errorf("%s: %s, want %s", Measures[m].Name, got, want)
		}
		d := g.Durations[m]
		if d.N+d.Open+d.Unknown != g.Count {
			t.Errorf("%s: somebody was left out of %+v", Measures[m].Name, d)
		}
	}
	if g.Count != 8 || g.Open != 4 || g.Resolved != 3 || g.FalsePositive != 1 {
		t.Errorf("%+v", g)
	}
}

func TestFromWhenItIsCounted(t *testing.T) {
	f := took(1, 5, 10, 20)
	f.Times.ImpactStarted = minutes(-30)
	g := all([]incidents.Figures{f, took(2, 1, 12, 25)}, minutes(60))
	for m, want := range []Sample{
		{30 * time.Minute, 1, minutes(-30), noon, "impact_started"},
		{5 * time.Minute, 1, noon, minutes(5), "detected"},
		{40 * time.Minute, 1, minutes(-30), minutes(10), "impact_started"},
		{50 * time.Minute, 1, minutes(-30), minutes(20), "impact_started"},
	} {
		if got := *g.Durations[m].P90; got != want {
			t.Errorf("%s: %+v, want %+v", Measures[m].Name, got, want)
		}
	}
	if d := g.Durations[3]; d.Else != 1 || d.Median.FromName != "detected" || d.Median.Incident != 2 || g.Durations[1].Else != 0 {
		t.Errorf("%+v %+v", d, d.Median)
	}
}

// TestAsTheRulesComputeIt holds the measures to [incidents.Times.Durations].
func TestAsTheRulesComputeIt(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		f := incidents.Figures{Number: 1, Severity: 2, Status: incidents.Closed, EndedAs: incidents.EndedResolved}
		for _, name := range incidents.TimeNames {
			if random.IntN(4) > 0 {
				*f.Times.Named(name) = minutes(random.IntN(10))
			}
		}
		d := f.Times.Durations()
		f.Times.Declared = noon
		g := all([]incidents.Figures{f}, minutes(60))
		for m, want := range []*time.Duration{d.Detect, d.Acknowledge, d.Mitigate, d.Resolve} {
			got := g.Durations[m]
			if (want == nil) != (got.Median == nil) || want != nil && got.Median.Took != *want || want == nil && got.Unknown != 1 {
				t.Fatalf("%s of %+v: %s, want %v", Measures[m].Name, f.Times, got.words(), want)
			}
			if want != nil && m > 1 && got.Median.FromName != d.Basis {
				t.Fatalf("%s counts from %s, want %s", Measures[m].Name, got.Median.FromName, d.Basis)
			}
		}
	}
}

// told writes groups as "name count, …".
func told(list []Group) string {
	var out []string
	for _, g := range list {
		out = append(out, fmt.Sprintf("%s %d", g.Name, g.Count))
	}
	return strings.Join(out, ", ")
}

func TestGroups(t *testing.T) {
	var list []incidents.Figures
	for i, c := range []struct {
		sev      incidents.Severity
		typ      string
		services []string
	}{
		{3, "incident", []string{"search", "checkout"}}, {1, "security", nil}, {incidents.Unset, "incident", nil}, {3, "incident", []string{"checkout"}}, {2, "availability", nil}, {1, "security", nil},
	} {
		f := took(incidents.Number(i+1), i, 10, 20)
		f.Severity, f.Type, f.Services = c.sev, c.typ, c.services
		list = append(list, f)
	}
	list[0].Reopened, list[1].Reopened, list[2].Backfilled = 2, 1, true
	drill := took(7, 1, 2, 3)
	drill.Drill, drill.Type, drill.Services = true, "exercise", []string{"gym"}
	list = append(list, drill)
	in := Of(list, Options{Now: minutes(60)})
	for want, got := range map[string]string{
		"sev1 2, sev2 1, sev3 2, unset 1":        told(in.Severities),
		"incident 3, security 2, availability 1": told(in.Types),
		"checkout 2, search 1,  4":               told(in.Services),
		" 6":                                     told([]Group{in.All}),
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if in.All.Reopened != 2 || in.All.Backfilled != 1 {
		t.Errorf("%+v", in.All)
	}
	if got := in.Severities[0].Durations[1].words(); got != "2 1m0s/5m0s (INC-2/INC-6)" {
		t.Error(got)
	}
	if got := in.Services[0].Durations[1].words(); got != "2 0s/3m0s (INC-1/INC-4)" {
		t.Error(got)
	}
	practice := Of(list, Options{Now: minutes(60), Drills: true})
	if got := told(practice.Services) + told(practice.Types); got != "gym 1exercise 1" || practice.All.Count != 1 {
		t.Error(got)
	}
}

func TestNothing(t *testing.T) {
	in := Of(nil, Options{Now: noon, Period: Period{Name: Always}})
	if in.All.Count != 0 || len(in.Spans) != 1 || in.Load.All != 0 || len(in.Rules)+len(in.Severities)+len(in.Noisiest) != 0 || in.Step != ByWeek {
		t.Errorf("%+v", in)
	}
}

// TestTheOrderOfTheListDoesNotMatter: nor is any of it changed.
func TestTheOrderOfTheListDoesNotMatter(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	list := many(300)
	before := slices.Clone(list)
	o := Options{Now: minutes(60), People: true, Calendar: incidents.DefaultClock().Office}
	want := Of(list, o)
	if !reflect.DeepEqual(list, before) {
		t.Error("the list was changed")
	}
	for range 5 {
		random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		if got := Of(list, o); !reflect.DeepEqual(got, want) {
			t.Fatal("the same incidents have other figures")
		}
	}
}

// many are the figures of so many incidents of two years.
func many(n int) []incidents.Figures {
	random := rand.New(rand.NewPCG(5, 6))
	var list []incidents.Figures
	for i := range n {
		at := noon.Add(-time.Duration(random.IntN(2*365*24)) * time.Hour)
		f := incidents.Figures{
			Number: incidents.Number(i + 1), Severity: incidents.Severity(random.IntN(6)), Type: []string{"incident", "security", "data"}[random.IntN(3)],
			Status: incidents.Closed, EndedAs: incidents.EndedResolved, Services: []string{fmt.Sprint("service-", random.IntN(40))},
			Times:     incidents.Times{Detected: at, Declared: at, Acknowledged: at.Add(time.Duration(random.IntN(3600)) * time.Second)},
			Tallies:   []incidents.RuleTally{{Rule: "acknowledge", Tally: incidents.Tally{Kept: 1}}, {Rule: "update", Tally: incidents.Tally{Kept: 2, Missed: 1, Sent: 3}}},
			Followups: []incidents.FollowupFigure{{Number: 1, State: incidents.TaskOpen, Due: at.AddDate(0, 0, 30)}},
		}
		f.Times.Mitigated = f.Times.Acknowledged.Add(time.Duration(random.IntN(7200)) * time.Second)
		f.Times.Resolved = f.Times.Mitigated.Add(time.Hour)
		l := incidents.Load{Day: int(at.Unix() / 86400)}
		for p := range 5 {
			for q := range 6 {
				l.Add(incidents.Person{ID: fmt.Sprint("slack:T0123/U", random.IntN(50), p), Name: "somebody"}, min(95, int(at.Unix()%86400/900)+q))
			}
		}
		f.Load = []incidents.Load{l}
		list = append(list, f)
	}
	return list
}

// BenchmarkOf computes the insights of ten thousand incidents.
func BenchmarkOf(b *testing.B) {
	list := many(10_000)
	for b.Loop() {
		Of(list, Options{Now: noon, Calendar: incidents.DefaultClock().Office, People: true})
	}
}
