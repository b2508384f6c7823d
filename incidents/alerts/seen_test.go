package alerts

import (
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
)

func TestWhatIsToldOfIncidentsThatAreNotOpen(t *testing.T) {
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	sees := func(n incidents.Number) bool { return n < 7 }
	for name, c := range map[string]struct {
		incident incidents.Number
		decision Decision
		want     Decision
	}{
		"nothing to hide": {3, Decision{Rule: "same service", Action: Attach, Reason: "Attached to INC-3: same service."}, Decision{Rule: "same service", Action: Attach, Reason: "Attached to INC-3: same service."}},
		"attached to a private one": {7, Decision{Rule: "same service", Action: Attach, Reason: "Attached to INC-7: same service.", By: "bob"},
			Decision{Action: Notify, Reason: "People are notified."}},
		"a private one was declared":    {7, Decision{Rule: "critical", Action: Declare, Reason: "Declared an incident."}, Decision{Action: Notify, Reason: "People are notified."}},
		"detached from a private one":   {0, Decision{Rule: "same service", Action: Ignore, Reason: "bob detached it from INC-7.", By: "bob"}, Decision{Action: Ignore, Reason: "It is ignored."}},
		"moved away from a private one": {3, Decision{Action: Attach, Reason: "it belongs to INC-3, not to INC-70"}, Decision{Action: Notify, Reason: "People are notified."}},
		"a shadow knows one": {0, Decision{Rule: "the rest", Action: Notify, Reason: "People are notified.", Shadow: []Shadow{{"a", Attach, "Attached to INC-7: same group."}, {"b", Declare, "Declared an incident."}}},
			Decision{Rule: "the rest", Action: Notify, Reason: "People are notified.", Shadow: []Shadow{{"b", Declare, "Declared an incident."}}}},
		"no number at all": {0, Decision{Action: Notify, Reason: "INC-99999999999999999999 is no incident"}, Decision{Action: Notify, Reason: "People are notified."}},
	} {
		a := Alert{Number: 1, Incident: c.incident, Was: []incidents.Number{2, 8}, Decision: c.decision}
		a.Decision.At, c.want.At = at, at
		shadows := len(a.Decision.Shadow)
		seen := a.SeenBy(sees)
		if got, want := seen.Decision, c.want; got.Rule != want.Rule || got.Action != want.Action || got.Reason != want.Reason || got.By != want.By || !got.At.Equal(at) || len(got.Shadow) != len(want.Shadow) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
		if seen.Incident >= 7 || len(seen.Was) != 1 || strings.Contains(seen.Decision.Reason, "INC-7") {
			t.Errorf("%s: it tells of it: %+v", name, seen)
		}
		if a.Incident != c.incident || len(a.Was) != 2 || len(a.Decision.Shadow) != shadows || shadows == 2 && a.Decision.Shadow[0].Rule != "a" {
			t.Errorf("%s: the alert itself was changed: %+v", name, a)
		}
	}
}

// What people write names incidents in every way, not least as their channels are called.
func TestIncidentsAreFoundInWhatPeopleWrite(t *testing.T) {
	sees := func(n incidents.Number) bool { return n != 1 }
	for text, told := range map[string]bool{
		"because of INC-1": true, "because of inc-1": true, "see #inc-1-secretly": true, "see #Inc-1-secretly": true, "_INC-1_ again": true, "INC-1st": true, "ofINC-1": true, "INC-01": true, "INC-3, INC-1.": true, "INC-3INC-1": true,
		"INC-12": false, "inc-10-openly": false, "INC-3": false, "increase of 1": false, "": false,
	} {
		if got := tells(text, sees); got != told {
			t.Errorf("%q tells of it: %v", text, got)
		}
		if s := (Silence{Why: text}).SeenBy(sees); (s.Why != text) != told {
			t.Errorf("%q is told as %q", text, s.Why)
		}
	}
}

func TestBlottedTextsStayAway(t *testing.T) {
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	signal := Signal{Fingerprint: "f", Group: "g", Status: Firing, Severity: High, Title: "secret", Description: "secret", Service: "checkout", URL: "https://secret.example", Labels: map[string]string{"a": "secret"}}
	p := Policy{}
	hear := func(known *Alert, s Signal, n Number, after time.Duration) Alert {
		t.Helper()
		c := p.Hear(Heard{Source: "falco", Signal: s, At: at.Add(after)}, Facts{Known: known, Next: n, Open: func() []incidents.Incident { return nil }, Group: func() []Alert { return nil }})
		return *c.Alert
	}
	first := hear(nil, signal, 1, 0)
	gone := first.Blot()
	again := hear(&gone, signal, 2, time.Minute)
	ended := signal
	ended.Status = Resolved
	over := hear(&again, ended, 2, 2*time.Minute)
	for _, a := range []Alert{gone, again, over} {
		if a.Number != 1 || a.Title != incidents.RemovedText || a.Description+a.URL != "" || a.Labels != nil || a.Fingerprint != "f" || a.Service != "checkout" {
			t.Errorf("%+v", a)
		}
	}
	if next := hear(&over, signal, 2, time.Hour); next.Number != 2 || next.Title != "secret" || next.Blotted {
		t.Errorf("the next episode: %+v", next)
	}
	if first.Title != "secret" || first.Labels == nil || first.Blotted {
		t.Errorf("the alert itself was changed: %+v", first)
	}
}
