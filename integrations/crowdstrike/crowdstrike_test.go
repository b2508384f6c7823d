package crowdstrike_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
	"fireboss/integrations/crowdstrike"
	"fireboss/integrations/sourcetest"
)

func source(t testing.TB, c *crowdstrike.Config) *integrations.Source {
	t.Helper()
	in, err := crowdstrike.Kind.New(c, integrations.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	return in.Alerts
}

// plain is the source as it is configured where nothing is said.
func plain(t testing.TB) *integrations.Source {
	t.Helper()
	return source(t, crowdstrike.Kind.Config().(*crowdstrike.Config))
}

func TestPayloads(t *testing.T) { sourcetest.Payloads(t, plain(t)) }
func TestRubbish(t *testing.T)  { sourcetest.Rubbish(t, plain(t)) }
func FuzzRead(f *testing.F)     { sourcetest.Fuzz(f, plain(f)) }

// sign is the signature of a body that was sent then, under a secret, as Falcon writes it.
func sign(body, stamp, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body + stamp))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func secret(value string) integrations.Secret {
	var s integrations.Secret
	s.SetSecret(value, "")
	return s
}

func TestVerify(t *testing.T) {
	const body = `{"composite_id": "a:ind:b:1"}`
	at := func(ago time.Duration) string { return sourcetest.Came.Add(-ago).Format(time.RFC3339) }
	now, of := at(0), []integrations.Secret{secret("the-old-hmac-secret"), secret("the-new-hmac-secret")}
	for _, c := range []struct {
		name, body, stamp, signature string
		secrets                      []integrations.Secret
		right                        bool
	}{
		{"right", body, now, sign(body, now, "the-new-hmac-secret"), of[1:], true},
		{"under the old one of two", body, now, sign(body, now, "the-old-hmac-secret"), of, true},
		{"under the new one of two", body, now, sign(body, now, "the-new-hmac-secret"), of, true},
		{"under the old one when it is gone", body, now, sign(body, now, "the-old-hmac-secret"), of[1:], false},
		{"in milliseconds", body, "1795694400000", sign(body, "1795694400000", "the-new-hmac-secret"), of, true},
		{"wrong", body, now, sign(body, now, "another-hmac-secret"), of, false},
		{"missing", body, now, "", of, false},
		{"not base64", body, now, "%%%", of, false},
		{"without the moment", body, "", sign(body, "", "the-new-hmac-secret"), of, false},
		{"with another moment", body, at(time.Second), sign(body, now, "the-new-hmac-secret"), of, false},
		{"almost too old", body, at(5 * time.Minute), sign(body, at(5*time.Minute), "the-new-hmac-secret"), of, true},
		{"too old", body, at(5*time.Minute + time.Second), sign(body, at(5*time.Minute+time.Second), "the-new-hmac-secret"), of, false},
		{"from the future", body, at(-6 * time.Minute), sign(body, at(-6*time.Minute), "the-new-hmac-secret"), of, false},
		{"a byte of the body changed", strings.Replace(body, "1", "2", 1), now, sign(body, now, "the-new-hmac-secret"), of, false},
	} {
		h := http.Header{}
		h.Set("X-CS-Delivery-Timestamp", c.stamp)
		if c.signature != "" {
			h.Set("X-CS-Primary-Signature", c.signature)
		}
		r := integrations.Request{Header: h, Body: []byte(c.body), At: sourcetest.Came}
		if err := source(t, &crowdstrike.Config{Secrets: c.secrets}).Verify(r); (err == nil) != c.right {
			t.Errorf("%s: %v", c.name, err)
		}
		if string(r.Body) != c.body {
			t.Errorf("%s: the body is %q afterwards", c.name, r.Body)
		}
	}
}

// A configured secret is what counts; without one, the key is.
func TestProofs(t *testing.T) {
	keys := integrations.Inbound{Keys: []integrations.Secret{secret("a-key-of-fireboss")}}
	if s := source(t, &crowdstrike.Config{Inbound: keys}); s.Verify != nil || len(s.Keys) != 1 {
		t.Error("a key alone does not serve")
	}
	if s := source(t, &crowdstrike.Config{Inbound: keys, Secrets: []integrations.Secret{secret("the-hmac-secret")}}); s.Verify == nil {
		t.Error("a signature is not asked for")
	}
	for _, c := range []struct {
		config crowdstrike.Config
		wrong  int
	}{
		{crowdstrike.Config{}, 1},
		{crowdstrike.Config{Inbound: keys}, 0},
		{crowdstrike.Config{Secrets: []integrations.Secret{secret("the-hmac-secret")}}, 0},
		{crowdstrike.Config{Secrets: []integrations.Secret{secret("short")}, Inbound: keys}, 1},
	} {
		wrong := 0
		c.config.Check(func(string, string) { wrong++ })
		if wrong != c.wrong {
			t.Errorf("%+v has %d mistakes, not %d", c.config, wrong, c.wrong)
		}
	}
}

// Its name is how bad it is; where there is only a number, events count to 5 and the Alerts API to 100.
func TestSeverities(t *testing.T) {
	for fields, want := range map[string]alerts.Severity{
		`"severity_name": "Informational", "severity": 90`: alerts.Information,
		`"SeverityName": "Critical", "Severity": 1`:        alerts.Critical,
		`"Severity": 1`:      alerts.Information,
		`"Severity": 2`:      alerts.Low,
		`"Severity": 3`:      alerts.Medium,
		`"Severity": "4"`:    alerts.High,
		`"Severity": 5`:      alerts.Critical,
		`"severity": 10`:     alerts.Information,
		`"severity": 30`:     alerts.Low,
		`"severity": 50`:     alerts.Medium,
		`"severity": 70`:     alerts.High,
		`"severity": 90`:     alerts.Critical,
		`"severity": "High"`: alerts.High,
		`"severity": null`:   alerts.Medium,
	} {
		report, err := plain(t).Read(integrations.Request{Body: []byte(`{"composite_id": "x", ` + fields + `}`)})
		if err != nil || report.Signals[0].Severity != want {
			t.Errorf("%s is %+v, not %s: %v", fields, report.Signals, want, err)
		}
	}
}

// Whoever closes a detection in Falcon closes it here, if the events are forwarded; else it ends by itself.
func TestEnds(t *testing.T) {
	for status, want := range map[string]alerts.Status{"new": alerts.Firing, "in_progress": alerts.Acknowledged, "closed": alerts.Resolved, "reopened": alerts.Firing, "": alerts.Firing} {
		report, err := plain(t).Read(integrations.Request{Body: []byte(`{"composite_id": "x", "status": "` + status + `"}`)})
		if err != nil || report.Signals[0].Status != want {
			t.Errorf("%s is %+v, not %s: %v", status, report.Signals, want, err)
		}
	}
	if q := plain(t).Quiet; q != 24*time.Hour {
		t.Errorf("an alert is taken to be over after %v", q)
	}
}
