package alerts

import (
	"slices"
	"time"
)

// Week is what a week brought of alerts, in short.
type Week struct {
	Alerts, Sources int
	// Acted are those that belong to an incident, and Silenced those that somebody kept from leading to anything for a
	// while, by themselves or by a silence.
	Acted, Silenced int
	Effort          time.Duration // of people
	Loudest         []Advice      // the noisiest, with what is to be done about them, if anything
	Shadow          []RuleTally   // what rules in shadow would have done
	Raised          []Alert       // what Fireboss itself raised, the newest first
}

// loudest is how many of the noisiest a week names, and raised how many of those that Fireboss raised.
const (
	loudest = 5
	raised  = 5
)

// WeekOf is what the alerts of a week were, as everybody is told of them. What Fireboss itself raised is not counted.
func WeekOf(list []Alert, now time.Time) (w Week) {
	var theirs []Alert
	sources := map[string]bool{}
	for _, a := range list {
		if a.Source == Own {
			w.Raised = append(w.Raised, a)
			continue
		}
		theirs = append(theirs, a)
		sources[a.Source] = true
		w.Effort += a.Effort()
		if a.Incident != 0 {
			w.Acted++
		}
		if a.IgnoredUntil.After(a.ReceivedAt) || a.Silenced != 0 || a.Quiet != nil && a.Quiet.Silence != 0 {
			w.Silenced++
		}
	}
	w.Alerts, w.Sources = len(theirs), len(sources)
	for _, n := range Noisiest(theirs, loudest) {
		w.Loudest = append(w.Loudest, n.advice())
	}
	for _, t := range TallyRules(list, now) {
		if t.Shadow {
			w.Shadow = append(w.Shadow, t)
		}
	}
	slices.SortStableFunc(w.Raised, func(a, b Alert) int { return b.ReceivedAt.Compare(a.ReceivedAt) })
	w.Raised = w.Raised[:min(len(w.Raised), raised)]
	return w
}

// Empty says that there is nothing to tell.
func (w Week) Empty() bool { return w.Alerts == 0 && len(w.Raised) == 0 }
