package settings

import (
	"strings"
	"testing"
	"time"

	"fireboss/incidents/alerts"
)

func TestMistakesInHeartbeatsAndRates(t *testing.T) {
	for src, want := range map[string]string{
		`heartbeats: [{name: a, when: "true"}, {name: a, when: "false"}]`: `alerts.heartbeats[1].name: an earlier heartbeat is called "a" too`,
		`heartbeats: [{name: a, when: open.same_service}]`:                "known here: alert",
		`heartbeats: [{name: a, when: "true", expect: true}]`:             "alerts.heartbeats[0].within: is missing: where a heartbeat is expected before it was heard",
		`heartbeats: [{name: a, when: "true", severity: sev1}]`:           "alerts.heartbeats[0].severity",
		`heartbeats: [{name: a, when: "true", within: 5}]`:                "5 has no unit",
		`unusual: {threshold: 0.5}`:                                       "alerts.unusual.threshold: must be from 1 to 1000, such as 3.5",
		`unusual: {least: 0}`:                                             "alerts.unusual.least",
		`digest: daily`:                                                   `"daily" is no time that comes again`,
	} {
		_, err := Parse("c.yaml", []byte("alerts:\n  "+src+"\n"), Options{Env: env(nil)})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n got  %v\n want %s", src, err, want)
		}
	}
	s := parse(t, "alerts: {heartbeats: [{name: a, when: 'alert.severity == \"low\"', within: 90s, severity: warning}], unusual: {on: false}, digest: \"\"}\n", Options{}).Alerts
	if h := s.Heartbeats; len(h) != 1 || h[0].Within.Std() != 90*time.Second || h[0].Severity != alerts.Medium || s.Unusual.On || s.Unusual.Least != 20 || s.Digest != "" {
		t.Errorf("%+v", s)
	}
}
