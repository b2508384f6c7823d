package alerts

import (
	"strings"
	"testing"
)

func TestConditions(t *testing.T) {
	env := Env{Alert: AlertEnv{Severity: "critical", Service: "db", Title: "disk full", Count: 3, Labels: map[string]string{"env": "prod"}}, Open: OpenEnv{Count: 2}, Now: NowEnv{Hour: 23, Weekday: "Sunday"}}
	for source, want := range map[string]bool{
		`true`: true, `alert.severity in ["critical", "high"]`: true, `alert.labels.env == "prod"`: true, `alert.labels["none"] == ""`: true,
		`alert.title matches "disk|memory"`: true, `now.weekday in ["Saturday", "Sunday"] && now.hour >= 22`: true, `open.count > 5`: false, `now.office`: false,
	} {
		if got, err := when(t, source).Holds(env); err != nil || got != want {
			t.Errorf("%s is %v, %v", source, got, err)
		}
	}
}

// A mistake says where it is, and what would have been right.
func TestConditionsThatAreMistakes(t *testing.T) {
	for source, want := range map[string]string{
		"":                                 "it is empty",
		`alert.sevrity == "high"`:          "line 1, column 7",
		`alert.count == "three"`:           "line 1, column 13",
		"open.count":                       "expected bool",
		"true &&":                          "unexpected token",
		"alert.labels.env\n== 1":           "line 2, column 1",
		`env("HOME") == ""`:                "unknown name",
		strings.Repeat("!", 2000) + "true": "exceeds maximum",
	} {
		if _, err := ParseCondition(source); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, which does not say %q", source, err, want)
		}
	}
}

func FuzzCondition(f *testing.F) {
	for _, s := range []string{"true", `alert.severity == "critical"`, "all(1..9, {# > 0})", "now.hour % 2 == 0 ? open.same_group : false", "len(alert.labels) > 1e9", `alert.title matches "("`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		c, err := ParseCondition(source)
		if err != nil {
			return
		}
		_, _ = c.Holds(Env{}) // it may fail, not panic
		if text, err := c.MarshalText(); err != nil || string(text) != source {
			t.Errorf("%q comes back as %q, %v", source, text, err)
		}
	})
}
