package falco_test

import (
	"testing"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
	"fireboss/integrations/falco"
	"fireboss/integrations/sourcetest"
)

func source(t testing.TB, c *falco.Config) *integrations.Source {
	t.Helper()
	in, err := falco.Kind.New(c, integrations.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	return in.Alerts
}

// plain is the source as it is configured where nothing is said.
func plain(t testing.TB) *integrations.Source {
	t.Helper()
	return source(t, falco.Kind.Config().(*falco.Config))
}

func TestPayloads(t *testing.T) { sourcetest.Payloads(t, plain(t)) }
func TestRubbish(t *testing.T)  { sourcetest.Rubbish(t, plain(t)) }
func FuzzRead(f *testing.F)     { sourcetest.Fuzz(f, plain(f)) }

// Falco never says that something is over.
func TestQuiet(t *testing.T) {
	if q := plain(t).Quiet; q != time.Hour {
		t.Errorf("an alert is taken to be over after %v", q)
	}
}

// Its own words for how bad it is, the worst first (https://falco.org/docs/concepts/rules/basic-elements/#priority).
func TestPriorities(t *testing.T) {
	for priority, want := range map[string]alerts.Severity{
		"Emergency": alerts.Critical, "ALERT": alerts.Critical, "Critical": alerts.Critical, "Error": alerts.High,
		"Warning": alerts.Medium, "Notice": alerts.Low, "Informational": alerts.Information, "debug": alerts.Information, "": alerts.Medium,
	} {
		report, err := plain(t).Read(integrations.Request{Body: []byte(`{"rule": "x", "priority": "` + priority + `"}`)})
		if err != nil || report.Signals[0].Severity != want {
			t.Errorf("%s is %+v, not %s: %v", priority, report.Signals, want, err)
		}
	}
}
