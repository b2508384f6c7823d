package grafana_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
	"fireboss/integrations/grafana"
	"fireboss/integrations/silencetest"
)

// Silences go to Grafana's own Alertmanager, with the token of a service account.
func TestSilences(t *testing.T) {
	d := &silencetest.Double{Authorization: "Bearer glsa_right"}
	server := httptest.NewServer(d)
	defer server.Close()
	out := &integrations.Outbound{}
	defer out.Close()
	made := func(token string) integrations.Integration {
		c := &grafana.Config{URL: integrations.BaseURL(server.URL)}
		c.Token.SetSecret(token, "")
		in, err := grafana.Kind.New(c, integrations.Deps{Outbound: out})
		if err != nil {
			t.Fatal(err)
		}
		return in
	}
	in := made("glsa_right")
	m, err := alerts.ParseMatcher("alertname=x")
	if err != nil {
		t.Fatal(err)
	}
	id, err := in.Silencer.Set(t.Context(), integrations.Silence{Mark: "Fireboss SI-1", Terms: m.Terms(), From: time.Now(), Until: time.Now().Add(time.Hour), By: "alice"})
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Silencer.End(t.Context(), "Fireboss SI-1", id); err != nil {
		t.Error(err)
	}
	for _, call := range d.Calls() {
		if !strings.Contains(call, " /api/alertmanager/grafana/api/v2/silence") {
			t.Errorf("it calls %s", call)
		}
	}
	if got := strings.Join(d.Silences(), ","); got != "expired Fireboss SI-1" || in.Silencer.Title != "Grafana" {
		t.Error(got)
	}
	if err := in.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if err := made("glsa_wrong").Check(t.Context()); err == nil || err.Error() != "token: Grafana does not take the key (HTTP 401)" {
		t.Error(err)
	}
}

func TestWhatSilencesWant(t *testing.T) {
	for name, c := range map[string]struct{ url, token, complains string }{
		"both": {"https://g.example.com", "t", ""}, "no token": {"https://g.example.com", "", "token"}, "no address": {"", "t", "url"}, "to be read on the way": {"http://g.example.com", "t", "url"},
	} {
		config := grafana.Config{URL: integrations.BaseURL(c.url), Signature: "X-S", Inbound: integrations.Inbound{Keys: secrets("correct-horse")}}
		if c.token != "" {
			config.Token = secrets(c.token)[0]
		}
		var got []string
		config.Check(func(key, _ string) { got = append(got, key) })
		if strings.Join(got, " ") != c.complains {
			t.Errorf("%s: complained of %q, want %q", name, got, c.complains)
		}
	}
}
