package alerts

import (
	"fmt"
	"testing"
	"time"

	"fireboss/incidents"
)

func TestShadowRulesAreHeldAgainstWhatPeopleDid(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	shadow := []Shadow{{"critical", Declare, "it would"}}
	of := func(ago, decided time.Duration, in incidents.Number, by string, shadow []Shadow) Alert {
		return Alert{ReceivedAt: now.Add(-ago), Incident: in, Decision: Decision{Rule: "the rest", Action: Notify, By: by, At: now.Add(-ago + decided), Shadow: shadow}}
	}
	day := 24 * time.Hour
	attached := of(day, 0, 3, "", nil)
	attached.Decision.Rule, attached.Decision.Action = "same service", Attach
	list := []Alert{
		of(day, 10*time.Minute, 7, "bob", shadow),           // rightly
		of(day, 50*time.Minute, 8, "bob", shadow),           // rightly
		of(day, 2*time.Hour, 9, "bob", shadow),              // too late
		of(day, 0, 0, "", shadow),                           // nobody did anything
		of(30*time.Minute, 0, 0, "", shadow),                // its hour is not over
		of(30*time.Minute, 5*time.Minute, 9, "bob", shadow), // it is decided already
		of(day, 20*time.Minute, 7, "bob", nil),              // a person opened what the rule would not have
		of(day, 20*time.Minute, 0, "bob", nil),              // ignored by hand
		attached,                                            // by an earlier rule: this one was not asked
	}
	got := TallyRules(list, now)
	want := []RuleTally{
		{Rule: "the rest", Action: Notify, Outcome: Outcome{Fired: 8, ByHand: 6, Acted: 5, Effort: 38 * time.Minute}},
		{Rule: "same service", Action: Attach, Outcome: Outcome{Fired: 1, Acted: 1}},
		{Rule: "critical", Action: Declare, Shadow: true, Outcome: Outcome{Fired: 6, ByHand: 4, Acted: 4, Effort: 26 * time.Minute}, Settled: 5, Right: 3, Wanted: 4},
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("\n got  %+v\n want %+v", got, want)
	}
	last := got[2]
	precision, known := last.Precision()
	recall, known2 := last.Recall()
	if precision != 0.6 || recall != 0.75 || !known || !known2 {
		t.Errorf("precision %v, recall %v", precision, recall)
	}
	if _, known := (RuleTally{}).Precision(); known {
		t.Error("a precision of nothing")
	}
	if _, known := (RuleTally{}).Recall(); known {
		t.Error("a recall of nothing")
	}
	if TallyRules(nil, now) != nil {
		t.Error("there are rules without alerts")
	}
}

// Of what was silenced the hour counts from when the rules were asked about it, and it says nothing of them before that.
func TestShadowRulesAreHeldAgainstWhatPeopleDidAboutWhatWasSilenced(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	of := func(asked, decided time.Duration, by string) Alert {
		return Alert{
			ReceivedAt: now.Add(-24 * time.Hour), AskedAt: now.Add(-asked), Incident: 7, Silenced: 3,
			Decision: Decision{Rule: "the rest", Action: Notify, By: by, At: now.Add(decided - asked), Shadow: []Shadow{{"critical", Declare, "it would"}}},
		}
	}
	nobody := of(30*time.Minute, 0, "")
	nobody.Incident = 0
	silenced := of(2*time.Hour, 0, "bob")
	silenced.AskedAt, silenced.ReceivedAt, silenced.Decision.Rule, silenced.Decision.Shadow = time.Time{}, silenced.Decision.At, SilencedRule, nil
	got := TallyRules([]Alert{of(2*time.Hour, 10*time.Minute, "bob"), of(5*time.Hour, 2*time.Hour, "bob"), nobody, silenced}, now)
	shadow := got[len(got)-1]
	if shadow.Rule != "critical" || shadow.Settled != 2 || shadow.Right != 1 || shadow.Wanted != 1 {
		t.Errorf("%+v", shadow)
	}
}

func TestTheNoisiestAlerts(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	var list []Alert
	add := func(fingerprint, title string, times, count int, in incidents.Number) {
		for i := range times {
			list = append(list, Alert{Source: "falco", ReceivedAt: now.Add(time.Duration(i) * time.Minute), Incident: in, Flapping: i == 0, Signal: Signal{Fingerprint: fingerprint, Title: fmt.Sprint(title, i), Count: count}})
		}
	}
	add("once", "once ", 1, 1, 0)
	add("repeated", "repeated ", 1, 40, 0)
	add("useful", "useful ", 3, 1, 7)
	add("useless", "useless ", 3, 1, 0)
	add("most", "most ", 5, 1, 0)
	got := ""
	for _, n := range Noisiest(list, 4) {
		got += fmt.Sprintf("%s %q %d %d %d %d; ", n.Fingerprint, n.Title, n.Fired, n.Said, n.Flapping, n.Acted)
	}
	if want := `most "most 4" 5 5 1 0; useless "useless 2" 3 3 1 0; useful "useful 2" 3 3 1 3; repeated "repeated 0" 1 40 1 0; `; got != want {
		t.Errorf("\n got  %s\n want %s", got, want)
	}
}
