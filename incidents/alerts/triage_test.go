package alerts

import (
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
)

func TestASeverityIsSuggested(t *testing.T) {
	office := true
	p := Policy{Tiers: map[string]int{"Checkout": 1, "search": 2, "email": 3, "wiki": 4}, Office: func(time.Time) bool { return office }}
	ended := func(n incidents.Number, sev incidents.Severity, as incidents.EndedAs) incidents.Incident {
		return incidents.Incident{Number: n, Severity: sev, Status: incidents.Resolved, EndedAs: as}
	}
	for _, c := range []struct {
		severity Severity
		service  string
		count    int
		away     bool
		before   []incidents.Incident
		want     string
	}{
		{Critical, "", 1, false, nil, "sev2: the alert is critical"},
		{Critical, "checkout", 1, false, nil, "sev1: the alert is critical, Checkout is tier 1"},
		{Critical, "checkout", 40, false, nil, "sev1: the alert is critical, Checkout is tier 1, it was said 40 times"},
		{High, "search", 1, true, nil, "sev3: the alert is high, search is tier 2"},
		{High, "email", 1, true, nil, "sev4: the alert is high, email is tier 3, outside office hours"},
		{Medium, "wiki", 1, false, nil, "sev5: the alert is medium, wiki is tier 4"},
		{Information, "wiki", 1, true, nil, "sev5: the alert is info, wiki is tier 4, outside office hours"},
		{Low, "", 20, false, nil, "sev4: the alert is low, it was said 20 times"},
		{High, "", 1, false, []incidents.Incident{ended(12, 2, incidents.EndedResolved), ended(9, 5, incidents.EndedResolved)}, "sev2: the alert is high, INC-12 with the same alert was sev2"},
		{Critical, "", 1, false, []incidents.Incident{ended(12, 5, incidents.EndedResolved)}, "sev3: the alert is critical, INC-12 with the same alert was sev5"},
		{Critical, "", 1, false, []incidents.Incident{ended(12, 2, incidents.EndedFalsePositive)}, "sev3: the alert is critical, INC-12 with the same alert was none"},
		{Critical, "", 1, false, []incidents.Incident{ended(12, incidents.Unset, incidents.EndedResolved), ended(11, 1, incidents.EndedMerged)}, "sev1: the alert is critical, INC-11 with the same alert was sev1"},
	} {
		office = !c.away
		got := p.Triage(Alert{Signal: Signal{Severity: c.severity, Service: c.service, Count: c.count}}, c.before, noon)
		all := func(incidents.Number) bool { return true }
		if said := got.Severity.String() + ": " + strings.Join(got.Words(all), ", "); said != c.want {
			t.Errorf("got  %s\nwant %s", said, c.want)
		}
		for _, sees := range []func(incidents.Number) bool{nil, func(incidents.Number) bool { return false }} {
			if said := strings.Join(got.Words(sees), ", "); strings.Contains(said, "INC-") {
				t.Errorf("who may not know of it reads %s", said)
			}
		}
	}
}

// What an earlier episode's incident was speaks for the next one, and only as far as it is known to everybody.
func TestEarlierEpisodesAreRemembered(t *testing.T) {
	w := newWorld(t)
	closed := incidents.Incident{Number: 1, Severity: 1, Status: incidents.Resolved, EndedAs: incidents.EndedResolved}
	next := func() Change {
		w.hears("falco", fire(Critical))
		w.later(time.Minute)
		w.hears("falco", over())
		w.open = nil
		w.later(time.Hour)
		s := fire(Critical)
		s.StartedAt = w.now
		return w.hears("falco", s)
	}
	w.incident = func(incidents.Number) (incidents.Incident, bool) { return closed, true }
	c := next()
	if open := c.Do[0].Do.(incidents.Open); open.Suggestion.Severity != 1 || strings.Join(open.Suggestion.Why, ", ") != "the alert is critical, the same alert was sev1 before" {
		t.Errorf("%+v", open.Suggestion)
	}
	w = newWorld(t)
	closed.Private = true
	w.incident = func(incidents.Number) (incidents.Incident, bool) { return closed, true }
	w.policy.Rules[1].Suggested = true
	c = next()
	if open := c.Do[0].Do.(incidents.Open); open.Severity != 2 || strings.Join(open.Suggestion.Why, ", ") != "the alert is critical" {
		t.Errorf("of a private one: %+v", open)
	}
	if seen := c.Alert.SeenBy(func(incidents.Number) bool { return false }); len(seen.Past) != 0 || len(c.Alert.Past) != 1 {
		t.Errorf("seen is %+v of %+v", seen.Past, c.Alert.Past)
	}
}
