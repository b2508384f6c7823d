package pagerduty_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
	"fireboss/integrations/pagerduty"
	"fireboss/integrations/sourcetest"
)

func source(t testing.TB, c pagerduty.Config) *integrations.Source {
	t.Helper()
	in, err := pagerduty.Kind.New(&c, integrations.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	return in.Alerts
}

func TestPayloads(t *testing.T) { sourcetest.Payloads(t, source(t, pagerduty.Config{})) }
func TestRubbish(t *testing.T)  { sourcetest.Rubbish(t, source(t, pagerduty.Config{})) }
func FuzzRead(f *testing.F)     { sourcetest.Fuzz(f, source(f, pagerduty.Config{})) }

func secrets(texts ...string) []integrations.Secret {
	all := make([]integrations.Secret, len(texts))
	for i, text := range texts {
		all[i].SetSecret(text, "")
	}
	return all
}

func mac(secret, text string) string {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(text))
	return hex.EncodeToString(h.Sum(nil))
}

func TestVerify(t *testing.T) {
	const body, secret, next = `{"event":{}}`, "correct-horse", "battery-staple"
	for _, c := range []struct {
		name    string
		secrets []string
		body    string
		headers []string
		right   bool
	}{
		{"right", []string{secret}, body, []string{"v1=" + mac(secret, body)}, true},
		{"the second of two", []string{secret}, body, []string{"v1=" + mac(next, body) + ",v1=" + mac(secret, body)}, true},
		{"with spaces", []string{secret}, body, []string{"v1=" + mac(next, body) + " , v1=" + mac(secret, body)}, true},
		{"in a second header", []string{secret}, body, []string{"v1=" + mac(next, body), "v1=" + mac(secret, body)}, true},
		{"beside another version", []string{secret}, body, []string{"v2=abc,v1=" + mac(secret, body)}, true},
		{"two secrets here", []string{next, secret}, body, []string{"v1=" + mac(secret, body)}, true},
		{"another version alone", []string{secret}, body, []string{"v2=" + mac(secret, body)}, false},
		{"without a version", []string{secret}, body, []string{mac(secret, body)}, false},
		{"another secret", []string{secret}, body, []string{"v1=" + mac(next, body)}, false},
		{"missing", []string{secret}, body, nil, false},
		{"empty", []string{secret}, body, []string{"v1="}, false},
		{"cut off", []string{secret}, body, []string{"v1=" + mac(secret, body)[:32]}, false},
		{"one byte changed", []string{secret}, `{"event":[]}`, []string{"v1=" + mac(secret, body)}, false},
	} {
		r := integrations.Request{Header: http.Header{}, Body: []byte(c.body), At: sourcetest.Came}
		for _, h := range c.headers {
			r.Header.Add("X-PagerDuty-Signature", h)
		}
		if err := source(t, pagerduty.Config{Secrets: secrets(c.secrets...)}).Verify(r); (err == nil) != c.right {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if source(t, pagerduty.Config{Inbound: integrations.Inbound{Keys: secrets(secret)}}).Verify != nil {
		t.Error("with a key and no secret, a signature is asked for")
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name         string
		secrets, key []string
		want         string
	}{
		{"neither", nil, nil, "secret"},
		{"a secret", []string{"correct-horse"}, nil, ""},
		{"a key", nil, []string{"correct-horse"}, ""},
		{"both, the key short", []string{"correct-horse"}, []string{"short"}, "key"},
		{"both, the secret short", []string{"short"}, []string{"correct-horse"}, "secret"},
	} {
		var wrong []string
		pagerduty.Config{Secrets: secrets(c.secrets...), Inbound: integrations.Inbound{Keys: secrets(c.key...)}}.Check(func(key, _ string) { wrong = append(wrong, key) })
		if got := strings.Join(wrong, " "); got != c.want {
			t.Errorf("%s: %q is reported, not %q", c.name, got, c.want)
		}
	}
}

// A word of one's own for a priority counts; one that is not known leaves it to the urgency.
func TestPriorities(t *testing.T) {
	s := source(t, pagerduty.Config{Inbound: integrations.Inbound{Severity: map[string]alerts.Severity{"SEV-1": alerts.Critical}}})
	for data, want := range map[string]alerts.Severity{
		`"priority":{"summary":"P1"},"urgency":"low"`:     alerts.Critical,
		`"priority":{"summary":"P5"},"urgency":"high"`:    alerts.Information,
		`"priority":{"summary":"sev-1"},"urgency":"low"`:  alerts.Critical,
		`"priority":{"summary":"SEV-2"},"urgency":"high"`: alerts.High,
		`"priority":null,"urgency":"low"`:                 alerts.Low,
		`"priority":null,"urgency":null`:                  alerts.Medium,
	} {
		r, err := s.Read(integrations.Request{Body: []byte(`{"event":{"event_type":"incident.triggered","data":{"type":"incident","id":"P1",` + data + `}}}`)})
		if err != nil || len(r.Signals) != 1 || r.Signals[0].Severity != want {
			t.Errorf("%s is %+v, %v; not %s", data, r.Signals, err, want)
		}
	}
}
