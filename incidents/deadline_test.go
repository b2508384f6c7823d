package incidents

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// due writes deadlines as "rule whose minutes-from-noon[~at risk]".
func due(in Incident) string {
	var list []string
	for _, d := range in.Deadlines {
		if d.Early() || d.Rule == "stale" {
			continue // those have tests of their own
		}
		s := fmt.Sprintf("%s %s %d", d.Rule, d.For, int(d.Due.Sub(noon).Minutes()))
		if !d.AtRisk.IsZero() {
			s += fmt.Sprintf("~%d", int(d.AtRisk.Sub(noon).Minutes()))
		}
		list = append(list, s)
	}
	return strings.Join(list, ", ")
}

func TestDeadlinesOfEachSeverity(t *testing.T) {
	for sev, want := range map[Severity]string{
		1:     "acknowledge responders 5, commander responders 3, update commander 30, mitigate commander 60~48, resolve commander 240~192",
		2:     "acknowledge responders 5, commander responders 5, update commander 60, mitigate commander 240~192, resolve commander 1440~1152",
		3:     "acknowledge responders 15, update commander 240",
		4:     "",
		5:     "",
		Unset: "severity commander 10",
	} {
		if got := due(begin(t, Open{Severity: sev}).in); got != want {
			t.Errorf("%s:\n got  %s\n want %s", sev, got, want)
		}
	}
}

func TestDeadlinesFollowWhatHappens(t *testing.T) {
	h := begin(t, Open{Severity: 1, Started: noon.Add(-30 * time.Minute)})
	for _, step := range []struct {
		after time.Duration
		act   Act
		want  string
	}{
		{0, AddNote{Text: "targets run from the start of the impact"}, "acknowledge responders 5, commander responders 3, update commander 30, mitigate commander 30~18, resolve commander 210~162"},
		{time.Minute, Acknowledge{}, "commander responders 3, update commander 30, mitigate commander 30~18, resolve commander 210~162"},
		{time.Minute, AssignRole{Role: CommanderRole, To: bob}, "command commander 242, update commander 30, mitigate commander 30~18, resolve commander 210~162"},
		{time.Minute, PostUpdate{Text: "by the policy"}, "command commander 242, update commander 33, mitigate commander 30~18, resolve commander 210~162"},
		{time.Minute, PostUpdate{Text: "promised", Next: 10 * time.Minute}, "command commander 242, update commander 14, mitigate commander 30~18, resolve commander 210~162"},
		{time.Minute, ChangeStatus{To: Monitoring}, "command commander 242, update commander 14, resolve commander 210~162"},
		{0, AssignRole{Role: CommanderRole, To: carol}, "command commander 245, update commander 14, resolve commander 210~162"},
		{0, AssignRole{Role: CommanderRole}, "commander responders 8, update commander 14, resolve commander 210~162"},
		{0, ChangeSeverity{To: 4}, "update commander 14"},
		{0, SetTime{Name: "declared", At: noon.Add(-time.Hour)}, "update commander 14"},
		{time.Minute, Resolve{}, "close commander 4140"},
		{0, Close{}, ""},
		{0, Reopen{Why: "back"}, ""},
		{0, ChangeSeverity{To: 1}, "commander responders 9, update commander 36, resolve commander 210~162"},
		{0, Cancel{}, ""},
	} {
		h.later(step.after)
		h.does(alice, step.act)
		if got := due(h.in); got != step.want {
			t.Errorf("after %T:\n got  %s\n want %s", step.act, got, step.want)
		}
	}
}

func TestNothingIsDueWhereTheClockIsOff(t *testing.T) {
	h := begin(t, Open{Severity: 1})
	h.rules.Clock = Clock{Acknowledge: Nag{After: map[Severity]time.Duration{1: 0}}}
	h.does(bob, AddNote{Text: "x"})
	if len(h.in.Deadlines) != 0 {
		t.Errorf("%s", due(h.in))
	}
	h.does(bob, PostUpdate{Text: "x", Next: time.Minute}) // a promise holds all the same
	if got := due(h.in); got != "update commander 1" {
		t.Error(got)
	}
}

// Each rule stands for itself: what the policy leaves out changes no other.
func TestARuleThatIsOffLeavesTheOthers(t *testing.T) {
	h := begin(t, Open{})
	h.rules.Clock = Clock{Acknowledge: Nag{After: map[Severity]time.Duration{Unset: 5 * time.Minute}}, ResolveAtRisk: 0.5}
	h.does(bob, AddNote{Text: "x"})
	if got := due(h.in); got != "acknowledge responders 5" {
		t.Error(got)
	}
	h = begin(t, Open{Severity: 1})
	h.rules.Clock = Clock{Update: map[Severity]time.Duration{1: time.Hour}}
	h.does(bob, AddNote{Text: "x"})
	if d := h.in.Deadlines; len(d) != 1 || d[0].Rule != "update" {
		t.Errorf("without a time for the word before there is one: %+v", d)
	}
}

// Where nobody knows when it began there is nothing to count a target from.
func TestNoTargetWithoutABeginning(t *testing.T) {
	h := begin(t, Open{Severity: 1, Resolved: noon.Add(-time.Hour)})
	h.does(bob, Reopen{Why: "it is back"})
	if got := due(h.in); got != "commander responders 3, update commander 30" {
		t.Error(got)
	}
}

func TestTargetsWithoutARisk(t *testing.T) {
	for _, share := range []float64{0, 1, -1, 2} {
		h := begin(t, Open{Severity: 1})
		h.rules.Clock.MitigateAtRisk, h.rules.Clock.ResolveAtRisk = share, share
		h.does(bob, AddNote{Text: "x"})
		for _, d := range h.in.Deadlines {
			if !d.AtRisk.IsZero() || d.State(d.Due) != "pending" {
				t.Errorf("%v: %+v", share, d)
			}
		}
	}
}

func TestStateOfADeadline(t *testing.T) {
	d := Deadline{Due: noon.Add(time.Hour), AtRisk: noon}
	for at, want := range map[time.Duration]string{-1: "pending", 0: "at_risk", time.Hour: "at_risk", 2 * time.Hour: "at_risk"} {
		if got := d.State(noon.Add(at)); got != want {
			t.Errorf("%v: %s", at, got)
		}
	}
}

func TestNextDeadline(t *testing.T) {
	if d, ok := begin(t, Open{Severity: 1}).in.Next(); !ok || d.Rule != "commander" {
		t.Errorf("%+v", d)
	}
	if d, ok := begin(t, Open{Severity: 5}).in.Next(); !ok || d.Rule != "stale" {
		t.Errorf("%+v", d)
	}
	if d, ok := begin(t, Open{}).into(Canceled).in.Next(); ok {
		t.Errorf("%+v", d)
	}
}
