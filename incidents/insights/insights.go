package insights

import (
	"cmp"
	"slices"
	"time"

	"fireboss/incidents"
)

// Options are which incidents count, and by whose calendar.
type Options struct {
	Period   Period
	Drills   bool // drills alone; else incidents alone
	Calendar incidents.Calendar
	Now      time.Time
	// People is whether the load of each person is told.
	People bool
	// Alerts are those of the period.
	Alerts []Alert
}

// Chooses reports whether an incident counts.
func (o Options) Chooses(f incidents.Figures) bool {
	return f.Drill == o.Drills && o.Period.Holds(f.Began())
}

// Insights are the figures of many incidents.
type Insights struct {
	Period Period // with its beginning, also where it is all that ever was
	All    Group
	// Severities are those that occur, the worst first; Types and Services those with
	// the most incidents first, and the incidents without a service last.
	Severities, Types, Services []Group
	// Spans are the weeks of the period, or its months or years where it is long: all of
	// them, also those without an incident.
	Spans     []Span
	Step      Step
	Rules     []Rule
	Followups Followups
	Load      Load
	Noisiest  []Noise // the alerts that fired most often; empty where there are none
}

// Group is what incidents have in common, and their figures.
type Group struct {
	Name  string // sev1, security, checkout; empty: without a service
	Count int
	// How they stand: Open, or ended in one of these ways.
	Open, Resolved, Canceled, Merged, FalsePositive int
	Reopened                                        int // how many were, at least once
	Backfilled                                      int // how many were recorded afterwards
	// Durations are in the order of [Measures].
	Durations [4]Duration
}

// Span is a week, a month or a year, from its first day to before that of the next.
type Span struct {
	From, To   time.Time // midnights, by the calendar
	Severities []int     // how many incidents of each of [incidents.Severities]
	Group
}

// Of computes the figures of those of some incidents that count.
func Of(list []incidents.Figures, o Options) Insights {
	chosen := make([]*incidents.Figures, 0, len(list))
	for i := range list {
		if o.Chooses(list[i]) {
			chosen = append(chosen, &list[i])
		}
	}
	in := Insights{Period: o.Period, Rules: rulesOf(chosen), Followups: followupsOf(chosen, o), Noisiest: Noisiest(o.Alerts)}
	if in.Period.From.IsZero() {
		in.Period.From = firstOf(chosen, o.Now)
	}
	in.Spans, in.Step = spansOf(in.Period, o)
	g := grouping{now: o.Now, list: chosen, of: make([][]*group, len(chosen)), named: map[kind]map[string]*group{}}
	for i, f := range chosen {
		g.add(i, f, in.Spans)
	}
	g.measure()
	in.All = g.one(kindAll, "").Group
	in.Severities = g.all(kindSeverity, func(a, b *group) int { return cmp.Compare(a.rank, b.rank) })
	in.Types, in.Services = g.all(kindType, mostFirst), g.all(kindService, mostFirst)
	for i := range in.Spans {
		if one, there := g.named[kindSpan][in.Spans[i].Name]; there {
			in.Spans[i].Group = one.Group
		}
	}
	in.Load = loadOf(chosen, o)
	return in
}

func mostFirst(a, b *group) int {
	return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name))
}

func firstOf(list []*incidents.Figures, now time.Time) time.Time {
	first := now
	for _, f := range list {
		if at := f.Began(); at.Before(first) {
			first = at
		}
	}
	return first
}

// kind is what incidents are grouped by.
type kind int

const (
	kindAll kind = iota
	kindSeverity
	kindType
	kindService
	kindSpan
)

// group is a group being filled.
type group struct {
	Group
	rank  int      // before it are those with a smaller one, whatever their names
	known [4][]int // indexes of the incidents whose durations are known, the shortest first
}

// grouping sorts incidents into groups.
type grouping struct {
	now   time.Time
	list  []*incidents.Figures
	of    [][]*group // the groups of each incident
	named map[kind]map[string]*group
}

// one is the group of that name.
func (g *grouping) one(k kind, name string) *group {
	if g.named[k] == nil {
		g.named[k] = map[string]*group{}
	}
	at := g.named[k][name]
	if at == nil {
		at = &group{Group: Group{Name: name}}
		g.named[k][name] = at
	}
	return at
}

// all are the groups of a kind, in order.
func (g *grouping) all(k kind, order func(a, b *group) int) []Group {
	var list []*group
	for _, one := range g.named[k] {
		list = append(list, one)
	}
	slices.SortFunc(list, order)
	var out []Group
	for _, one := range list {
		out = append(out, one.Group)
	}
	return out
}

// add counts an incident in all its groups.
func (g *grouping) add(i int, f *incidents.Figures, spans []Span) {
	severity := g.one(kindSeverity, f.Severity.String())
	severity.rank = slices.Index(incidents.Severities, f.Severity)
	list := []*group{g.one(kindAll, ""), severity, g.one(kindType, f.Type)}
	for _, name := range f.Services {
		list = append(list, g.one(kindService, name))
	}
	if len(f.Services) == 0 {
		none := g.one(kindService, "")
		none.rank = 1
		list = append(list, none)
	}
	if at := spanAt(spans, f.Began()); at >= 0 {
		spans[at].Severities[severity.rank]++
		list = append(list, g.one(kindSpan, spans[at].Name))
	}
	g.of[i] = list
	for _, one := range list {
		one.count(*f)
	}
}

// count counts how an incident stands.
func (g *Group) count(f incidents.Figures) {
	g.Count++
	if f.Reopened > 0 {
		g.Reopened++
	}
	if f.Backfilled {
		g.Backfilled++
	}
	switch {
	case f.Status.Open():
		g.Open++
	case f.EndedAs == incidents.EndedCanceled:
		g.Canceled++
	case f.EndedAs == incidents.EndedMerged:
		g.Merged++
	case f.EndedAs == incidents.EndedFalsePositive:
		g.FalsePositive++
	default:
		g.Resolved++
	}
}
