package web

import (
	"context"
	"maps"
	"slices"
	"strings"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// alertsLooked is how many alerts one page looks at for those that match.
const alertsLooked = 2000

// alertFilter says which alerts somebody wants listed. It sees them as they are told of them.
type alertFilter struct {
	Source, Status, Severity string
	Decision                 string   // an action, or decidedShadow
	Words                    []string // all of them stand in its texts
	Incident                 incidents.Number
	Before                   alerts.Number
	Limit                    int
}

// decidedShadow are those for which a rule in shadow would have done something.
const decidedShadow = "shadow"

// foundAlerts is one page of alerts, as somebody is told of them.
type foundAlerts struct {
	List []alerts.Alert
	Next alerts.Number // what is older than this is on the next page; 0: there is none
	Cut  bool          // the page looked at as many as it may
}

// findAlerts finds one page, newest first. It reads some at a time and looks at no more than so many, however many there
// are.
func (s *Site) findAlerts(ctx context.Context, f alertFilter, who incidents.Actor) (out foundAlerts, err error) {
	eyes := s.eyes(ctx, who)
	before, looked := f.Before, 0
	for {
		some, err := s.store.Alerts(ctx, store.AlertQuery{Incident: f.Incident, Before: before, Limit: someAtOnce})
		if err != nil {
			return out, err
		}
		for _, a := range some {
			seen := a.SeenBy(eyes.see)
			switch {
			case eyes.err != nil:
				return out, eyes.err
			case !f.match(seen):
			case len(out.List) == f.Limit:
				out.Next = out.List[f.Limit-1].Number
				return out, nil
			default:
				out.List = append(out.List, seen)
			}
			before = a.Number
			looked++
		}
		if len(some) < someAtOnce {
			return out, nil
		}
		if looked >= alertsLooked {
			out.Next, out.Cut = before, true
			return out, nil
		}
	}
}

func (f alertFilter) match(a alerts.Alert) bool {
	switch {
	case f.Source != "" && a.Source != f.Source, f.Status != "" && string(a.Status) != f.Status, f.Severity != "" && string(a.Severity) != f.Severity:
		return false
	case f.Decision == decidedShadow:
		if len(a.Decision.Shadow) == 0 {
			return false
		}
	case f.Decision != "" && string(a.Decision.Action) != f.Decision:
		return false
	}
	if len(f.Words) == 0 {
		return true
	}
	texts := []string{a.Number.String(), a.Title, a.Description, a.Service, a.Source, a.Decision.Rule, a.Decision.Reason}
	for _, name := range slices.Sorted(maps.Keys(a.Labels)) {
		texts = append(texts, name, a.Labels[name])
	}
	text := strings.ToLower(strings.Join(texts, "\n"))
	return !slices.ContainsFunc(f.Words, func(w string) bool { return !strings.Contains(text, w) })
}
