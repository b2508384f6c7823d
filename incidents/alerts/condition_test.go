package alerts

import (
	"strings"
	"testing"
	"time"

	"fireboss/incidents/alerts/condition"
)

func TestConditions(t *testing.T) {
	env := Env{
		Alert: Alert{Signal: Signal{Severity: Critical, Service: "db", Title: "disk full", Count: 3, Labels: map[string]string{"env": "prod"}}},
		Open:  Open{Count: 2}, Now: time.Date(2026, 11, 29, 23, 0, 0, 0, time.UTC),
	}
	for source, want := range map[string]bool{
		`true`: true, `alert.severity in ["critical", "high"]`: true, `alert.labels.env == "prod"`: true, `alert.labels["none"] == ""`: true, `(alert.labels["none"] ?? "") == ""`: true,
		`alert.title matches "disk|memory"`: true, `now.weekday in ["Saturday", "Sunday"] && now.hour >= 22`: true, `open.count > 5`: false, `now.office`: false,
		`open.same_service || open.same_group || open.same_fingerprint`: false, `alert.count >= 3 && alert.service == "db"`: true,
	} {
		program, err := Condition(source).Compile()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := program.Holds(env, condition.NewMeter(conditionSteps, conditionBytes, nil)); err != nil || got != want {
			t.Errorf("%s is %v, %v", source, got, err)
		}
	}
}

// A mistake says where it is.
func TestConditionsThatAreMistakes(t *testing.T) {
	for source, want := range map[string]string{
		"alrt.severity": "character 1: unknown name", `alert.sevrity == "high"`: "character 7: alert has no sevrity; it has severity, se", `alert.count == "three"`: "mismatched types", "open.count + 1": "bool", "true &&": "character 7", `env("HOME") == ""`: "unknown name",
	} {
		var c Condition
		if err := c.UnmarshalText([]byte(source)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, which does not say %q", source, err, want)
		}
		p := Policy{Rules: []Rule{{Name: "x", When: Condition(source)}}}
		if p.Compile() == nil {
			t.Errorf("a policy with %q is ready", source)
		}
	}
}
