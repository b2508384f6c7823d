package incidents

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// tallied writes the tallies as "rule kept/put off/missed sent+late", by rule.
func tallied(in Incident) string {
	var list []string
	for _, rule := range slices.Sorted(maps.Keys(in.Watch.Tallies)) {
		t := in.Watch.Tallies[rule]
		list = append(list, fmt.Sprintf("%s %d/%d/%d %d+%d", rule, t.Kept, t.PutOff, t.Missed, t.Sent, t.Late))
	}
	return strings.Join(list, ", ")
}

func TestWhatIsKeptAndMissed(t *testing.T) {
	const m = time.Minute
	remind := func(h *history, until time.Duration) { h.lets(until, Remind{OnCall: []Person{carol}}) }
	for name, c := range map[string]struct {
		open Open
		do   func(h *history)
		want string
	}{
		"all in time": {Open{Severity: 1}, func(h *history) {
			h.later(2*m).does(bob, AssignRole{Role: CommanderRole, To: bob}) // which acknowledges
			h.later(10*m).does(bob, PostUpdate{Text: "we look"})
			h.later(10*m).does(bob, PostUpdate{Text: "we found it"})
			h.later(10*m).does(bob, ChangeStatus{To: Monitoring})
			h.later(10*m).does(bob, Resolve{})
			h.later(10*m).does(bob, Close{})
		}, "acknowledge 1/0/0 0+0, close 1/0/0 0+0, commander 1/0/0 0+0, mitigate 1/0/0 0+0, resolve 1/0/0 0+0, update 2/0/0 0+0"},
		"all missed": {Open{Severity: 1}, func(h *history) {
			remind(h, 40*m)
			h.does(bob, AssignRole{Role: CommanderRole, To: bob})
			h.does(bob, PostUpdate{Text: "late, but there", Next: 4 * time.Hour})
			remind(h, 5*time.Hour)
			h.does(bob, Resolve{})
		}, "acknowledge 0/0/1 3+0, command 0/0/1 1+0, commander 0/0/1 3+0, mitigate 0/0/1 2+0, resolve 0/0/1 2+0, update 0/0/2 4+0"},
		"a missed one counts once, whatever comes of it": {Open{Severity: 3}, func(h *history) {
			remind(h, 36*m)
			h.does(bob, Acknowledge{})
			h.does(bob, Resolve{})
			h.does(bob, Reopen{Why: "again"})
		}, "acknowledge 0/0/1 3+0"},
		"late where nobody kept the clock": {Open{Severity: 3}, func(h *history) {
			h.later(20*m).does(bob, Acknowledge{})
		}, "acknowledge 0/0/1 0+0"},
		"reminded late": {Open{Severity: 3}, func(h *history) {
			h.later(20*m).does(Fireboss.Person(), Remind{})
		}, "acknowledge 0/0/1 1+1"},
		"moot": {Open{Severity: 1}, func(h *history) {
			h.later(m).does(bob, ChangeSeverity{To: 4})
			h.later(m).does(bob, Cancel{})
		}, ""},
		"put off": {Open{Severity: 1}, func(h *history) {
			h.does(alice, AssignRole{Role: CommanderRole, To: alice})
			h.later(20*m).does(alice, Snooze{For: time.Hour, Rule: "update"})
			h.later(30*m).does(alice, PostUpdate{Text: "sorry"})
			h.later(m).does(alice, PostUpdate{Text: "and on"})
		}, "acknowledge 1/0/0 0+0, commander 1/0/0 0+0, update 1/1/0 0+0"},
		"judged": {Open{}, func(h *history) {
			h.later(m).does(alice, ChangeSeverity{To: 5})
		}, "severity 1/0/0 0+0"},
		"not judged": {Open{}, func(h *history) {
			remind(h, 11*m)
		}, "severity 0/0/1 1+0"},
		"a target is missed once, however its beginning is corrected": {Open{Severity: 1}, func(h *history) {
			h.does(alice, AssignRole{Role: CommanderRole, To: alice})
			for i := range 3 {
				h.later(time.Minute).does(alice, SetImpact{At: noon.Add(-time.Duration(i+2) * time.Hour)})
				h.does(Fireboss.Person(), Remind{})
			}
			h.does(alice, ChangeStatus{To: Monitoring})
		}, "acknowledge 1/0/0 0+0, commander 1/0/0 0+0, mitigate 0/0/1 6+6, resolve 0/0/1 2+2"},
		"a target that was kept and then missed": {Open{Severity: 1}, func(h *history) {
			h.does(alice, AssignRole{Role: CommanderRole, To: alice})
			h.later(time.Minute).does(alice, Resolve{})
			h.later(time.Minute).does(alice, Reopen{Why: "again"})
			h.later(5*time.Hour).does(Fireboss.Person(), Remind{})
			h.does(alice, Resolve{})
		}, "acknowledge 1/0/0 0+0, command 0/0/1 1+1, commander 1/0/0 0+0, mitigate 1/0/0 0+0, resolve 0/0/1 2+2, update 0/0/1 2+2"},
		"what goes stale is reminded of and never kept": {Open{Severity: 4}, func(h *history) {
			remind(h, 20*24*time.Hour)
			h.does(bob, AddNote{Text: "it goes on"})
		}, "stale 0/0/0 1+0"},
		"follow-ups are counted by their own dates": {Open{Severity: 4}, func(h *history) {
			h.does(alice, AddTask{List: Followups, Text: "one", Due: noon.AddDate(0, 0, 3)})
			h.does(alice, AddTask{List: Followups, Text: "two", Due: noon.AddDate(0, 0, 3)})
			h.does(alice, Close{})
			remind(h, 5*24*time.Hour)
		}, "followup 0/0/0 2+0"},
	} {
		t.Run(name, func(t *testing.T) {
			h := begin(t, c.open)
			c.do(h)
			if got := tallied(h.in); got != c.want {
				t.Errorf("\n got  %s\n want %s", got, c.want)
			}
		})
	}
}

func TestWhatLawsWantIsKeptOrMissedAsItStands(t *testing.T) {
	start := func() *history {
		h := begin(t, Open{Severity: 4})
		h.does(alice, StartClock{Name: "gdpr"})
		return h
	}
	const day = 24 * time.Hour
	h := start().later(day)
	h.does(alice, SubmitStage{Name: "gdpr", Stage: "notification"})
	if got := tallied(h.in); got != "gdpr.notification 1/0/0 0+0" {
		t.Error(got)
	}
	h = start()
	h.lets(4*day, Remind{})
	if got := tallied(h.in); !strings.HasPrefix(got, "gdpr.notification 0/0/1") {
		t.Error(got)
	}
	h.does(alice, SubmitStage{Name: "gdpr", Stage: "notification", At: noon.Add(day)}) // and nobody had noted it
	if got := tallied(h.in); !strings.HasPrefix(got, "gdpr.notification 1/0/0") {
		t.Error(got)
	}
	h.does(alice, SubmitStage{Name: "gdpr", Stage: "notification", At: noon.Add(74 * time.Hour)})
	if got := tallied(h.in); !strings.HasPrefix(got, "gdpr.notification 0/0/1") {
		t.Error(got)
	}
}
