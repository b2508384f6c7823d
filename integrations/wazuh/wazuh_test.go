package wazuh_test

import (
	"testing"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
	"fireboss/integrations/sourcetest"
	"fireboss/integrations/wazuh"
)

func source(t testing.TB, c *wazuh.Config) *integrations.Source {
	t.Helper()
	in, err := wazuh.Kind.New(c, integrations.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	return in.Alerts
}

// plain is the source as it is configured where nothing is said.
func plain(t testing.TB) *integrations.Source {
	t.Helper()
	return source(t, wazuh.Kind.Config().(*wazuh.Config))
}

func TestPayloads(t *testing.T) { sourcetest.Payloads(t, plain(t)) }
func TestRubbish(t *testing.T)  { sourcetest.Rubbish(t, plain(t)) }
func FuzzRead(f *testing.F)     { sourcetest.Fuzz(f, plain(f)) }

// How bad a level is, also where it is written as a text.
func TestLevels(t *testing.T) {
	for level, want := range map[string]alerts.Severity{
		"0": alerts.Information, "3": alerts.Information, "4": alerts.Low, "6": alerts.Low, "7": alerts.Medium, `"11"`: alerts.Medium,
		"12": alerts.High, `"14"`: alerts.High, "15": alerts.Critical, "16": alerts.Critical, "null": alerts.Medium,
	} {
		report, err := plain(t).Read(integrations.Request{Body: []byte(`{"rule": {"id": "1", "level": ` + level + `}}`)})
		if err != nil || report.Signals[0].Severity != want {
			t.Errorf("level %s is %+v, not %s: %v", level, report.Signals, want, err)
		}
	}
}

// The address may have any of the names that decoders give it.
func TestSources(t *testing.T) {
	for data, want := range map[string]string{
		`{"srcip": "203.0.113.1"}`:                             "203.0.113.1",
		`{"src_ip": "203.0.113.2"}`:                            "203.0.113.2",
		`{"win": {"eventdata": {"ipAddress": "203.0.113.3"}}}`: "203.0.113.3",
		`{"aws": {"sourceIPAddress": "203.0.113.4"}}`:          "203.0.113.4",
		`{"srcip": "", "src_ip": null}`:                        "",
		`[]`:                                                   "",
	} {
		report, err := plain(t).Read(integrations.Request{Body: []byte(`{"rule": {"id": "1"}, "agent": {"id": "003"}, "data": ` + data + `}`)})
		if err != nil || report.Signals[0].Fingerprint != "wazuh:1:003:"+want {
			t.Errorf("%s is %+v: %v", data, report.Signals, err)
		}
	}
}

// Wazuh never says that something is over.
func TestQuiet(t *testing.T) {
	if q := plain(t).Quiet; q != 24*time.Hour {
		t.Errorf("an alert is taken to be over after %v", q)
	}
}
