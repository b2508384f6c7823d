package incidents

import (
	"fmt"
	"testing"
	"time"
)

func TestFiguresBySeverity(t *testing.T) {
	took := func(sev Severity, minutes ...int) Incident {
		in := Incident{Severity: sev, Times: Times{Detected: noon}}
		for i, at := range []*time.Time{&in.Times.Acknowledged, &in.Times.Mitigated, &in.Times.Resolved} {
			if i < len(minutes) {
				*at = noon.Add(time.Duration(minutes[i]) * time.Minute)
			}
		}
		return in
	}
	private, drill := took(1, 99, 99, 99), took(1, 99, 99, 99)
	private.Private, drill.Drill = true, true
	list := []Incident{
		took(3, 5), took(1, 1, 10, 20), took(1, 3, 30), took(1, 8, 20, 40), private, drill, took(Unset), took(3, 10, 60, 60),
	}
	got := ""
	for _, f := range WeekFigures(list) {
		got += fmt.Sprintf("%s %d", f.Severity, f.Count)
		for _, d := range []*time.Duration{f.Acknowledge, f.Mitigate, f.Resolve} {
			if d == nil {
				got += " -"
			} else {
				got += " " + d.String()
			}
		}
		got += "\n"
	}
	want := "sev1 3 3m0s 20m0s 20m0s\nsev3 2 5m0s 1h0m0s 1h0m0s\nunset 1 - - -\n"
	if got != want {
		t.Errorf("\n got\n%s want\n%s", got, want)
	}
	if list[0].Severity != 3 || len(WeekFigures(nil)) != 0 {
		t.Error("the list was sorted, or nothing makes figures")
	}
}

// The ranks of n values, by https://en.wikipedia.org/wiki/Percentile#The_nearest-rank_method:
// the least whole number that is no less than p/100 × n.
func TestRank(t *testing.T) {
	for _, c := range []struct{ n, p, want int }{
		{1, 50, 1}, {1, 90, 1}, {2, 50, 1}, {2, 51, 2}, {3, 50, 2}, {4, 50, 2}, {5, 50, 3}, {5, 30, 2}, {5, 40, 2}, {5, 100, 5},
		{9, 90, 9}, {10, 90, 9}, {11, 90, 10}, {20, 90, 18}, {100, 1, 1}, {100, 90, 90}, {101, 90, 91},
	} {
		if got := Rank(c.n, c.p) + 1; got != c.want {
			t.Errorf("the %d-th percentile of %d is the %d-th value, want the %d-th", c.p, c.n, got, c.want)
		}
	}
}
