package defender_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
	"fireboss/integrations/defender"
	"fireboss/integrations/sourcetest"
)

func source(t testing.TB, c *defender.Config) *integrations.Source {
	t.Helper()
	in, err := defender.Kind.New(c, integrations.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	return in.Alerts
}

// plain is the source as it is configured where nothing is said.
func plain(t testing.TB) *integrations.Source {
	t.Helper()
	return source(t, defender.Kind.Config().(*defender.Config))
}

func TestPayloads(t *testing.T) { sourcetest.Payloads(t, plain(t)) }
func TestRubbish(t *testing.T)  { sourcetest.Rubbish(t, plain(t)) }
func FuzzRead(f *testing.F)     { sourcetest.Fuzz(f, plain(f)) }

// How Microsoft's words, of Graph and of Defender for Endpoint, stand here.
func TestStatus(t *testing.T) {
	for word, want := range map[string]alerts.Status{
		"new": alerts.Firing, "New": alerts.Firing, "inProgress": alerts.Acknowledged, "InProgress": alerts.Acknowledged, "resolved": alerts.Resolved,
		"Resolved": alerts.Resolved, "active": alerts.Firing, "redirected": alerts.Resolved, "unknownFutureValue": alerts.Firing, "": alerts.Firing,
	} {
		report, err := plain(t).Read(integrations.Request{Body: []byte(`{"id": "a", "title": "x", "status": "` + word + `"}`)})
		if err != nil || report.Signals[0].Status != want {
			t.Errorf("%s is %+v, not %s: %v", word, report.Signals, want, err)
		}
	}
}

// Nobody sends again what did not change.
func TestQuiet(t *testing.T) {
	if q := plain(t).Quiet; q != 24*time.Hour {
		t.Errorf("an alert is taken to be over after %v", q)
	}
}

// An alert with very many machines is still read, and names some.
func TestManyDevices(t *testing.T) {
	evidence := make([]string, 20_000)
	for i := range evidence {
		evidence[i] = fmt.Sprintf(`{"deviceDnsName": "ws-%d"}`, i)
	}
	report, err := plain(t).Read(integrations.Request{Body: []byte(`{"id": "a", "title": "x", "evidence": [` + strings.Join(evidence, ",") + `]}`)})
	if err != nil || report.Signals[0].Service != "ws-0" || strings.Count(report.Signals[0].Labels["devices"], "ws-") != 20 {
		t.Errorf("%+v: %v", report, err)
	}
}
