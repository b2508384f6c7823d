package sentinelone_test

import (
	"testing"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
	"fireboss/integrations/sentinelone"
	"fireboss/integrations/sourcetest"
)

func source(t testing.TB, c *sentinelone.Config) *integrations.Source {
	t.Helper()
	in, err := sentinelone.Kind.New(c, integrations.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	return in.Alerts
}

// plain is the source as it is configured where nothing is said.
func plain(t testing.TB) *integrations.Source {
	t.Helper()
	return source(t, sentinelone.Kind.Config().(*sentinelone.Config))
}

func TestPayloads(t *testing.T) { sourcetest.Payloads(t, plain(t)) }
func TestRubbish(t *testing.T)  { sourcetest.Rubbish(t, plain(t)) }
func FuzzRead(f *testing.F)     { sourcetest.Fuzz(f, plain(f)) }

// Alerts of custom rules are wanted only where the configuration says so.
func TestCustomRules(t *testing.T) {
	delivery := sourcetest.Delivery(t, "alert_0")
	report, err := plain(t).Read(delivery)
	if err != nil || len(report.Signals) != 0 || report.Nothing == "" {
		t.Errorf("without custom_rules it says %+v: %v", report, err)
	}
	report, err = source(t, &sentinelone.Config{CustomRules: true}).Read(delivery)
	if err != nil || len(report.Signals) != 1 {
		t.Fatalf("with custom_rules it says %+v: %v", report, err)
	}
	s := report.Signals[0]
	if s.Fingerprint != "s1-alert:1570395776954206544" || s.Severity != alerts.Critical || s.Status != alerts.Firing || s.Labels["rule"] != "test-rule" ||
		!s.StartedAt.Equal(time.Date(2022, 12, 7, 17, 35, 48, 0, time.UTC)) {
		t.Errorf("%+v", s)
	}
}

// How sure it is, is how bad it is; the configuration says otherwise with Fireboss' words.
func TestSeverities(t *testing.T) {
	louder := &sentinelone.Config{Inbound: integrations.Inbound{Severity: map[string]alerts.Severity{"high": alerts.Critical, "N/A": alerts.Low}}}
	for _, c := range []struct {
		config      *sentinelone.Config
		level, want string
	}{
		{&sentinelone.Config{}, "malicious", "high"},
		{&sentinelone.Config{}, "Suspicious", "medium"},
		{&sentinelone.Config{}, "n/a", "medium"},
		{louder, "malicious", "critical"},
		{louder, "n/a", "low"},
	} {
		report, err := source(t, c.config).Read(integrations.Request{Body: []byte(`{"id": "1", "threatInfo": {"confidenceLevel": "` + c.level + `"}}`)})
		if err != nil || string(report.Signals[0].Severity) != c.want {
			t.Errorf("%s is %+v, not %s: %v", c.level, report.Signals, c.want, err)
		}
	}
}

// Nobody sends again what did not change.
func TestQuiet(t *testing.T) {
	if q := plain(t).Quiet; q != 24*time.Hour {
		t.Errorf("an alert is taken to be over after %v", q)
	}
}
