package alerts

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
)

var monday = time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)

func ruled(name, when string, do Action) Rule {
	return Rule{Name: name, When: Condition(when), Do: do}
}

// ready are rules that can be asked.
func ready(t *testing.T, p Policy) Policy {
	t.Helper()
	if err := p.Compile(); err != nil {
		t.Fatal(err)
	}
	return p
}

// came is a stored alert that came so many minutes after the beginning, and was over so many later (0: it is not).
func came(n Number, minute, lasted int, severity Severity, service string, d Decision) Alert {
	at := monday.Add(time.Duration(minute) * time.Minute)
	a := Alert{Number: n, Source: "prometheus", ReceivedAt: at, HeardAt: at, Decision: d,
		Signal: Signal{Fingerprint: fmt.Sprint("f", n), Status: Firing, Severity: severity, Title: fmt.Sprint("alert ", n), Service: service, Count: 3, StartedAt: at}}
	if lasted > 0 {
		a.Status, a.EndedAt = Resolved, at.Add(time.Duration(lasted)*time.Minute)
	}
	return a
}

func was(n incidents.Number, declared, resolved int, services ...string) incidents.Incident {
	at := func(minute int) time.Time { return monday.Add(time.Duration(minute) * time.Minute) }
	in := incidents.Incident{Number: n, Services: services, Status: incidents.Investigating, DeclaredAt: at(declared), Times: incidents.Times{Declared: at(declared)}}
	if resolved > 0 {
		in.Status, in.Times.Resolved = incidents.Resolved, at(resolved)
	}
	return in
}

// told writes what would have become of alerts, one a line.
func told(list []Replayed) string {
	var lines []string
	for _, r := range list {
		line := fmt.Sprintf("%s %s %s", r.Alert.Number, r.Would.Action, r.Would.Rule)
		if r.Into != 0 {
			line += " " + r.Into.String()
		}
		if r.Opens != 0 {
			line += fmt.Sprintf(" #%d", r.Opens)
		}
		for _, s := range r.Would.Shadow {
			line += " (" + s.Rule + ")"
		}
		if r.Differs {
			line += " differs"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// windowed is people who are told of everything but, in the first minutes of each hour, of what a condition holds for.
func windowed(t *testing.T, when Condition, minutes int) Policy {
	within := func(at time.Time) (time.Time, bool) {
		until := at.Truncate(time.Hour).Add(time.Duration(minutes) * time.Minute)
		return until, at.Before(until)
	}
	return ready(t, Policy{Rules: []Rule{ruled("all", "true", Notify)}, Windows: []Window{{Name: "backups", When: when, Within: within}}})
}

func TestReplay(t *testing.T) {
	notified := Decision{Rule: "the rest", Action: Notify}
	shadowed := ruled("low", `alert.severity == "low"`, Ignore)
	shadowed.Shadow = true
	p := ready(t, Policy{Rules: []Rule{ruled("same service", "open.same_service", Attach), ruled("critical", `alert.severity == "critical"`, Declare), shadowed, ruled("the rest", "true", Notify)}})
	grouped := func(a Alert, group string) Alert {
		a.Group = group
		return a
	}
	into := func(a Alert, n incidents.Number) Alert {
		a.Incident = n
		return a
	}
	groups := ready(t, Policy{Rules: []Rule{ruled("same group", "open.same_group", Attach), ruled("same alert", "open.same_fingerprint", Attach), ruled("the rest", "true", Notify)}})
	flapped := came(2, 1, 1, Critical, "", Decision{Rule: "flapping", Action: Ignore, Reason: "It flaps."})
	flapped.Flapping = true
	byHand := came(5, 7, 0, High, "", Decision{Rule: SilencedRule, Action: Ignore})
	byHand.Quiet = &Quiet{Silence: 3, Until: monday.Add(time.Hour)}
	again := came(2, 20, 0, High, "", notified)
	again.Fingerprint = "fAL-1"
	for name, c := range map[string]struct {
		policy Policy
		past   Past
		want   string
	}{
		"an incident is open from when it was declared until it was resolved": {p,
			Past{Alerts: []Alert{came(1, 4, 1, High, "checkout", notified), came(2, 6, 1, High, "checkout", notified), came(3, 31, 1, High, "Checkout", notified)}, Incidents: []incidents.Incident{was(7, 5, 30, "checkout")}},
			"AL-1 notify the rest\nAL-2 attach same service INC-7 differs\nAL-3 notify the rest"},
		"in the order in which they came, whatever the order of the list": {p,
			Past{Alerts: []Alert{came(3, 9, 0, Low, "", notified), came(1, 1, 0, Critical, "", notified), came(2, 5, 0, High, "", notified)}},
			"AL-1 declare critical #1 differs\nAL-2 notify the rest\nAL-3 notify the rest (low)"},
		"what a rule would have opened takes in what follows, until its alert is over": {p,
			Past{Alerts: []Alert{came(1, 0, 10, Critical, "checkout", notified), came(2, 5, 1, Critical, "checkout", notified), came(3, 15, 0, Critical, "checkout", notified)}},
			"AL-1 declare critical #1 differs\nAL-2 attach same service #1 differs\nAL-3 declare critical #2 differs"},
		"the incident that an alert did open is not opened twice": {p,
			Past{Alerts: []Alert{into(came(1, 0, 10, Critical, "checkout", Decision{Rule: "critical", Action: Declare}), 7), into(came(2, 5, 1, High, "checkout", Decision{Rule: "same service", Action: Attach}), 7)}, Incidents: []incidents.Incident{was(7, 0, 60, "checkout")}},
			"AL-1 declare critical INC-7\nAL-2 attach same service INC-7"},
		"by group, from those that people attached too": {groups,
			Past{Alerts: []Alert{into(grouped(came(1, 1, 0, High, "", Decision{Rule: "the rest", Action: Attach, By: "bob"}), "web"), 7), grouped(came(2, 2, 0, High, "", notified), "web"), grouped(came(3, 3, 0, High, "", notified), "db")}, Incidents: []incidents.Incident{was(7, 0, 0)}},
			"AL-1 notify the rest differs\nAL-2 attach same group INC-7 differs\nAL-3 notify the rest"},
		"the same alert again": {groups,
			Past{Alerts: []Alert{into(came(1, 1, 2, High, "", Decision{Action: Attach, By: "bob"}), 7), again}, Incidents: []incidents.Incident{was(7, 0, 0)}},
			"AL-1 notify the rest differs\nAL-2 attach same alert INC-7 differs"},
		"what no rule was asked about": {p,
			Past{Alerts: []Alert{came(1, 0, 1, Critical, "", Decision{Rule: "over", Action: Ignore}), flapped}},
			"AL-1 ignore over\nAL-2 ignore flapping"},
		"what a window silences is asked about when that is over": {windowed(t, "", 5),
			Past{Alerts: []Alert{came(1, 1, 0, High, "", notified), came(2, 2, 2, High, "", notified), came(3, 6, 0, High, "", notified), byHand, came(4, 61, 0, High, "", notified), came(6, 62, 0, High, "", notified)}, Now: monday.Add(63 * time.Minute)},
			"AL-1 notify all\nAL-2 ignore silenced differs\nAL-3 notify all\nAL-5 ignore silenced\nAL-4 ignore silenced differs\nAL-6 ignore silenced differs"},
		"no rule at all": {Policy{}, Past{Alerts: []Alert{came(1, 0, 1, Critical, "", notified)}}, "AL-1 ignore  differs"},
	} {
		before := fmt.Sprintf("%+v", c.past)
		if got := told(c.policy.Replay(c.past)); got != c.want {
			t.Errorf("%s:\n got\n%s\n want\n%s", name, got, c.want)
		}
		if fmt.Sprintf("%+v", c.past) != before {
			t.Errorf("%s: the past was changed", name)
		}
	}
}

func TestAStormIsReplayed(t *testing.T) {
	p := ready(t, Policy{Rules: []Rule{ruled("all", "true", Declare)}, Storm: Storm{Declared: 2, Within: 10 * time.Minute}})
	var list []Alert
	for i := range 5 {
		list = append(list, came(Number(i+1), i, 0, High, fmt.Sprint("s", i), Decision{Action: Notify}))
	}
	if got, want := told(p.Replay(Past{Alerts: list})), "AL-1 declare all #1 differs\nAL-2 declare all #2 differs\nAL-3 declare all #3 differs\nAL-4 attach all #3 differs\nAL-5 attach all #3 differs"; got != want {
		t.Errorf("\n got\n%s\n want\n%s", got, want)
	}
}

func TestReplaysAreCountedByRule(t *testing.T) {
	shadowed := ruled("low", `alert.severity == "low"`, Ignore)
	shadowed.Shadow = true
	p := ready(t, Policy{Rules: []Rule{ruled("critical", `alert.severity == "critical"`, Declare), shadowed, ruled("high", `alert.severity == "high"`, Notify), ruled("never", "false", Page)}})
	notified := Decision{Action: Notify}
	got := p.TallyReplay(p.Replay(Past{Alerts: []Alert{came(1, 0, 1, Critical, "", notified), came(2, 1, 1, High, "", notified), came(3, 2, 1, High, "", notified), came(4, 3, 1, Low, "", notified), came(5, 3, 1, Low, "", Decision{Rule: "over", Action: Ignore})}}))
	want := []ReplayTally{
		{Rule: "critical", Declare: 1, Differ: 1}, {Rule: "low", Shadow: true, Ignore: 1}, {Rule: "high", Notify: 2}, {Rule: "never"}, {Rule: "over", Ignore: 1}, {Ignore: 1, Differ: 1},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("\n got  %+v\n want %+v", got, want)
	}
	if got[2].All() != 2 {
		t.Errorf("%d in all", got[2].All())
	}
}

// What windows of different ends silence is asked about in the order in which these end, and what ends together in the
// order in which it came.
func TestWhatWindowsSilenceIsAskedAboutInOrder(t *testing.T) {
	until := func(minutes int) func(time.Time) (time.Time, bool) {
		end := monday.Add(time.Duration(minutes) * time.Minute)
		return func(at time.Time) (time.Time, bool) { return end, at.Before(end) }
	}
	p := ready(t, Policy{Rules: []Rule{ruled("all", "true", Declare)}, Windows: []Window{
		{Name: "long", When: `alert.severity == "high"`, Within: until(20)}, {Name: "short", When: `alert.severity == "low"`, Within: until(10)},
	}})
	var list []Alert
	for i, severity := range []Severity{High, Low, High, Low, Low, High} {
		list = append(list, came(Number(i+1), i, 0, severity, "", Decision{Rule: "all", Action: Declare}))
	}
	got := ""
	for _, r := range p.Replay(Past{Alerts: list, Now: monday.Add(time.Hour)}) {
		got += fmt.Sprint(r.Opens, " ")
	}
	if got != "4 1 5 2 3 6 " {
		t.Errorf("incidents were opened in the order %s", got)
	}
}
