package alerts

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
)

// fired are so many episodes of an alert of a day, each changed by a function.
func fired(name string, times int, change func(*Alert)) (list []Alert) {
	for i := range times {
		at := noon.Add(time.Duration(i) * time.Minute)
		a := Alert{
			Source: "falco", ReceivedAt: at, Channel: "#alerts", Decision: Decision{Rule: "the rest", Action: Notify, At: at},
			Signal: Signal{Fingerprint: name, Title: name, Status: Firing, Count: 1},
		}
		if change != nil {
			change(&a)
		}
		list = append(list, a)
	}
	return list
}

func TestWhichAlertsToTuneOrDelete(t *testing.T) {
	ignored := func(a *Alert) { a.Decision.Action, a.Decision.By = Ignore, "bob" }
	byRule := func(a *Alert) { a.Decision.Action, a.Channel = Ignore, "" }
	acted := func(a *Alert) { a.Incident = 7 }
	over := func(after time.Duration) func(*Alert) {
		return func(a *Alert) { a.Status, a.EndedAt = Resolved, a.ReceivedAt.Add(after) }
	}
	flapping := func(a *Alert) { a.Flapping, a.Incident = true, 7 }
	missed := func(a *Alert) { a.Decision.Rule, a.Decision.Action, a.Channel = "over", Ignore, "" }
	silenced := func(a *Alert) { a.Decision.Rule, a.Decision.Action, a.Channel = SilencedRule, Ignore, "" }
	for name, c := range map[string]struct {
		list []Alert
		want string // "minutes of people: reasons Do"; empty: it may stay as it is
	}{
		"seldom":               {fired("a", 4, nil), ""},
		"nobody acts":          {fired("a", 40, nil), "40: fired 40 times, and nobody ever acted on it. Delete it, or raise its threshold."},
		"somebody acted once":  {append(fired("a", 40, nil), fired("a", 1, acted)...), ""},
		"ignored by hand":      {fired("a", 5, ignored), "30: fired 5 times, and somebody ignored it each time. Delete it, or write a rule that ignores it."},
		"ignored by rule":      {fired("a", 19, byRule), ""},
		"the same, every day":  {fired("a", 20, byRule), "0: fired 20 times, and a rule ignored it each time. Turn it off at its source."},
		"told now and then":    {append(fired("a", 19, byRule), fired("a", 4, nil)...), ""},
		"flapping":             {fired("a", 2, flapping), "2: flapped in 2 of 2 episodes. Let it begin later and end later: two thresholds, or a longer time before it fires."},
		"brief":                {append(fired("a", 5, over(2*time.Minute)), fired("a", 1, acted)...), "6: was over within 2 minutes each of 5 times. Let it fire only after it has held for 5 minutes."},
		"not always brief":     {append(fired("a", 5, over(time.Minute)), append(fired("a", 1, over(time.Hour)), fired("a", 1, acted)...)...), ""},
		"brief for its source": {append(fired("a", 5, func(a *Alert) { over(time.Minute)(a); a.StartedAt = a.ReceivedAt.Add(-time.Hour) }), fired("a", 1, acted)...), ""},
		"brief and for nobody": {fired("a", 6, over(time.Minute)), "6: was over within 2 minutes each of 6 times and fired 6 times, and nobody ever acted on it. Let it fire only after it has held for 5 minutes."},
		"nobody saw it begin":  {fired("a", 4, missed), ""},
		"silenced":             {fired("a", 40, silenced), ""},
		"heard of seldom":      {append(fired("a", 5, silenced), fired("a", 4, nil)...), ""},
		"heard of often":       {append(fired("a", 3, silenced), fired("a", 5, nil)...), "5: fired 5 times while it was not silenced, and nobody ever acted on it. Delete it, or raise its threshold."},
		"ignored when heard":   {append(fired("a", 3, silenced), fired("a", 20, byRule)...), "0: fired 20 times while it was not silenced, and a rule ignored it each time. Turn it off at its source."},
		"by hand when heard":   {append(fired("a", 3, silenced), fired("a", 5, ignored)...), "30: fired 5 times while it was not silenced, and somebody ignored it each time. Delete it, or write a rule that ignores it."},
		"Fireboss's own":       {fired("a", 40, func(a *Alert) { a.Source = Own }), ""},
	} {
		got := ""
		for _, a := range Tune(c.list, 5) {
			got += fmt.Sprintf("%d: %s %s", a.Minutes(), a.Because(), a.Do)
		}
		if got != c.want {
			t.Errorf("%s:\n got  %q\n want %q", name, got, c.want)
		}
	}
	list := append(append(fired("cheap", 30, byRule), fired("dear", 6, ignored)...), fired("frequent", 50, nil)...)
	got := ""
	for _, a := range Tune(list, 2) {
		got += a.Fingerprint + " "
	}
	if got != "frequent dear " {
		t.Errorf("first come %s", got)
	}
}

// TestOutcomesOfAlerts: what is counted is recorded, and each alert is in one of the outcomes at most.
func TestOutcomesOfAlerts(t *testing.T) {
	list := append(fired("a", 3, nil), fired("a", 2, func(a *Alert) { a.Decision.Action, a.Decision.By = Ignore, "bob" })...)
	list = append(list, fired("a", 2, func(a *Alert) { a.Decision.Action, a.Channel = Ignore, "" })...)
	list = append(list, fired("a", 1, func(a *Alert) { a.Incident, a.Decision.By, a.Decision.Action = 3, "bob", Declare })...)
	list = append(list, fired("a", 1, func(a *Alert) { a.Incident, a.Channel, a.Decision.Action = 3, "", Attach })...)
	list = append(list, fired("a", 1, func(a *Alert) { a.Channel, a.Decision = "", Decision{Rule: SilencedRule, Action: Ignore} })...)
	want := Outcome{Fired: 10, Acted: 2, ByHand: 3, IgnoredByHand: 2, IgnoredByRule: 2, Silenced: 1, Effort: 6*ToRead + 3*ToDecide}
	if got := Noisiest(list, 1)[0].Outcome; got != want || got.Minutes() != 21 {
		t.Errorf("got %+v, want %+v", got, want)
	}
	// One that belongs to an incident that somebody may not see costs them what a message costs: nothing shows that it was
	// something else.
	hidden := list[8].SeenBy(func(n incidents.Number) bool { return false })
	if plain := fired("a", 1, nil)[0]; hidden.Effort() != plain.Effort() {
		t.Errorf("a hidden one costs %s, one of which people are told %s", hidden.Effort(), plain.Effort())
	}
	if (Advice{Why: []string{"a", "b", "c"}}).Because() != "a, b and c." || !strings.HasPrefix((Advice{}).Because(), ".") {
		t.Error("reasons in a row")
	}
}
