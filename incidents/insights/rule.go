package insights

import (
	"cmp"
	"slices"

	"fireboss/incidents"
)

// Rule is how what a rule of the clock wants was kept in several incidents.
type Rule struct {
	Name      string // a key under clock, or a regulation and its stage
	Incidents int    // in how many it was settled or reminded of
	incidents.Tally
}

// Settled is how often it was kept or missed.
func (r Rule) Settled() int { return r.Kept + r.PutOff + r.Missed }

// order is that of the clock's rules; regulations come behind them.
var order = []string{"acknowledge", "commander", "severity", "update", "mitigate", "resolve", "command", "stale", "close", "postmortem", "followup"}

// rulesOf adds up the tallies.
func rulesOf(list []*incidents.Figures) []Rule {
	named := map[string]*Rule{}
	for _, f := range list {
		for _, t := range f.Tallies {
			r := named[t.Rule]
			if r == nil {
				r = &Rule{Name: t.Rule}
				named[t.Rule] = r
			}
			r.Incidents++
			r.Kept += t.Kept
			r.PutOff += t.PutOff
			r.Missed += t.Missed
			r.Sent += t.Sent
			r.Late += t.Late
		}
	}
	var out []Rule
	for _, r := range named {
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b Rule) int {
		return cmp.Or(cmp.Compare(place(a.Name), place(b.Name)), cmp.Compare(a.Name, b.Name))
	})
	return out
}

func place(rule string) int {
	if i := slices.Index(order, rule); i >= 0 {
		return i
	}
	return len(order)
}

// Followups are how follow-ups stand.
type Followups struct {
	Count   int
	InTime  int // done by the end of the day on which they were due
	Late    int // done after it
	Undated int // done, and there was no date, or it is not known when
	Open    int // to be done, and not overdue
	Overdue int
	Dropped int
}

// Due is how many should be done: those that were, if they had a date, and those that
// are overdue.
func (f Followups) Due() int { return f.InTime + f.Late + f.Overdue }

func followupsOf(list []*incidents.Figures, o Options) Followups {
	var sum Followups
	for _, f := range list {
		for _, one := range f.Followups {
			sum.Count++
			switch {
			case one.State == incidents.TaskGone:
				sum.Dropped++
			case one.Overdue(o.Calendar, o.Now):
				sum.Overdue++
			case one.State == incidents.TaskOpen:
				sum.Open++
			case one.Due.IsZero() || one.Ended.IsZero():
				sum.Undated++
			case one.InTime(o.Calendar):
				sum.InTime++
			default:
				sum.Late++
			}
		}
	}
	return sum
}
