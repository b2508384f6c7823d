package insights

import (
	"cmp"
	"slices"
	"time"

	"fireboss/incidents"
)

// Measure is a duration of an incident: from one moment to another, by the names that
// moments have.
type Measure struct {
	Name     string // detect
	Title    string // To detect
	From, To string
	// Else is what it is counted from where From is not known; empty: then it is
	// unknown.
	Else string
	// Formula says so in words.
	Formula string
}

// Measures are all of them; [incidents.Times.Durations] computes them.
var Measures = [4]Measure{
	{"detect", "To detect", "impact_started", "detected", "", "detected − impact started"},
	{"acknowledge", "To acknowledge", "detected", "acknowledged", "", "acknowledged − detected"},
	{"mitigate", "To mitigate", "impact_started", "mitigated", "detected", "mitigated − impact started (− detected where that is unknown)"},
	{"resolve", "To resolve", "impact_started", "resolved", "detected", "resolved − impact started (− detected where that is unknown)"},
}

// Duration is how long something took, in several incidents.
type Duration struct {
	N           int     // incidents of which it is known: those that Median and P90 are of
	Else        int     // of these, those counted from [Measure.Else]
	Median, P90 *Sample // nil where there is none
	// Open are incidents of which it is not known yet, and Longest how long the longest
	// of these runs already.
	Open    int
	Longest time.Duration
	Unknown int // incidents that ended without one of the moments, or in which they contradict
}

// Sample is how long it took in one incident, and from when to when.
type Sample struct {
	Took     time.Duration
	Incident incidents.Number
	From, To time.Time
	FromName string // the name of that moment
}

// between are the two moments of a measure in an incident, each zero where it is not
// known, and the name of the first.
func (m Measure) between(f *incidents.Figures) (from, to time.Time, name string) {
	from, name = *f.Times.Named(m.From), m.From
	if from.IsZero() && m.Else != "" {
		from, name = *f.Times.Named(m.Else), m.Else
	}
	return from, *f.Times.Named(m.To), name
}

// measure fills the durations of all groups. Each measure is sorted once, for all.
func (g *grouping) measure() {
	for m, measure := range Measures {
		var known []timed
		for i, f := range g.list {
			from, to, name := measure.between(f)
			switch {
			case from.IsZero() || !to.IsZero() && to.Before(from):
				g.each(i, func(one *group) { one.Durations[m].Unknown++ })
			case !to.IsZero():
				known = append(known, timed{to.Sub(from), i, name == measure.Else})
			case f.Status.Open():
				runs := max(0, g.now.Sub(from))
				g.each(i, func(one *group) {
					one.Durations[m].Open++
					one.Durations[m].Longest = max(one.Durations[m].Longest, runs)
				})
			default:
				g.each(i, func(one *group) { one.Durations[m].Unknown++ })
			}
		}
		slices.SortFunc(known, func(a, b timed) int {
			return cmp.Or(cmp.Compare(a.took, b.took), cmp.Compare(g.list[a.i].Number, g.list[b.i].Number))
		})
		for _, t := range known {
			g.each(t.i, func(one *group) {
				one.known[m] = append(one.known[m], t.i)
				if t.other {
					one.Durations[m].Else++
				}
			})
		}
	}
	for _, groups := range g.named {
		for _, one := range groups {
			g.rank(one)
		}
	}
}

// timed is how long something took in the i-th incident.
type timed struct {
	took  time.Duration
	i     int
	other bool // from the other moment
}

func (g *grouping) each(i int, f func(*group)) {
	for _, one := range g.of[i] {
		f(one)
	}
}

// rank finds a group's medians and percentiles.
func (g *grouping) rank(one *group) {
	for m, measure := range Measures {
		list := one.known[m]
		if len(list) == 0 {
			continue
		}
		d := &one.Durations[m]
		d.N = len(list)
		sample := func(percent int) *Sample {
			f := g.list[list[incidents.Rank(len(list), percent)]]
			from, to, name := measure.between(f)
			return &Sample{Took: to.Sub(from), Incident: f.Number, From: from, To: to, FromName: name}
		}
		d.Median, d.P90 = sample(50), sample(90)
	}
}
