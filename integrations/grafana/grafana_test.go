package grafana_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"fireboss/integrations"
	"fireboss/integrations/grafana"
	"fireboss/integrations/sourcetest"
)

func source(t testing.TB, c *grafana.Config) *integrations.Source {
	t.Helper()
	in, err := grafana.Kind.New(c, integrations.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	return in.Alerts
}

func TestPayloads(t *testing.T) { sourcetest.Payloads(t, source(t, &grafana.Config{})) }
func TestRubbish(t *testing.T)  { sourcetest.Rubbish(t, source(t, &grafana.Config{})) }
func FuzzRead(f *testing.F)     { sourcetest.Fuzz(f, source(f, &grafana.Config{})) }

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
	const body = `{"alerts":[]}`
	now := sourcetest.Came
	at := func(d time.Duration) string { return strconv.FormatInt(now.Add(d).Unix(), 10) }
	for _, c := range []struct {
		name                 string
		secrets              []string
		timed                bool
		body, code, signedAt string
		right                bool
	}{
		{name: "right", secrets: []string{"correct-horse"}, body: body, code: mac("correct-horse", body), right: true},
		{name: "in capitals", secrets: []string{"correct-horse"}, body: body, code: strings.ToUpper(mac("correct-horse", body)), right: true},
		{name: "another secret", secrets: []string{"correct-horse"}, body: body, code: mac("battery-staple", body)},
		{name: "missing", secrets: []string{"correct-horse"}, body: body},
		{name: "no code", secrets: []string{"correct-horse"}, body: body, code: "sha256=" + mac("correct-horse", body)},
		{name: "the old one during a change", secrets: []string{"correct-horse", "battery-staple"}, body: body, code: mac("battery-staple", body), right: true},
		{name: "one byte changed", secrets: []string{"correct-horse"}, body: `{"alerts":[1}`, code: mac("correct-horse", body)},
		{name: "with its time", secrets: []string{"correct-horse"}, timed: true, body: body, signedAt: at(-time.Minute), code: mac("correct-horse", at(-time.Minute)+":"+body), right: true},
		{name: "another time than was signed", secrets: []string{"correct-horse"}, timed: true, body: body, signedAt: at(0), code: mac("correct-horse", at(-time.Hour)+":"+body)},
		{name: "too old", secrets: []string{"correct-horse"}, timed: true, body: body, signedAt: at(-6 * time.Minute), code: mac("correct-horse", at(-6*time.Minute)+":"+body)},
		{name: "too new", secrets: []string{"correct-horse"}, timed: true, body: body, signedAt: at(6 * time.Minute), code: mac("correct-horse", at(6*time.Minute)+":"+body)},
		{name: "no time where there has to be one", secrets: []string{"correct-horse"}, timed: true, body: body, code: mac("correct-horse", body)},
		{name: "no number as its time", secrets: []string{"correct-horse"}, timed: true, body: body, signedAt: "now", code: mac("correct-horse", "now:"+body)},
	} {
		config := grafana.Kind.Config().(*grafana.Config)
		config.Secrets = secrets(c.secrets...)
		if c.timed {
			config.Timestamp = "X-When"
		}
		r := integrations.Request{Header: http.Header{}, Body: []byte(c.body), At: now}
		r.Header.Set("X-Grafana-Alerting-Signature", c.code)
		r.Header.Set("X-When", c.signedAt)
		if err := source(t, config).Verify(r); (err == nil) != c.right {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if source(t, &grafana.Config{Inbound: integrations.Inbound{Keys: secrets("correct-horse")}}).Verify != nil {
		t.Error("with a key and no secret, a signature is asked for")
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name   string
		config grafana.Config
		want   string
	}{
		{"neither", grafana.Config{}, "key"},
		{"a key", grafana.Config{Inbound: integrations.Inbound{Keys: secrets("correct-horse")}}, ""},
		{"a secret", grafana.Config{Secrets: secrets("correct-horse"), Signature: "X-S"}, ""},
		{"a short secret beside a key", grafana.Config{Secrets: secrets("short"), Signature: "X-S", Inbound: integrations.Inbound{Keys: secrets("correct-horse")}}, "secret"},
		{"a short key beside a secret", grafana.Config{Secrets: secrets("correct-horse"), Signature: "X-S", Inbound: integrations.Inbound{Keys: secrets("short")}}, "key"},
		{"no header", grafana.Config{Secrets: secrets("correct-horse")}, "signature_header"},
		{"no name of a header", grafana.Config{Secrets: secrets("correct-horse"), Signature: "X-S", Timestamp: "X-T: 1"}, "timestamp_header"},
	} {
		var wrong []string
		c.config.Check(func(key, _ string) { wrong = append(wrong, key) })
		if got := strings.Join(wrong, " "); got != c.want {
			t.Errorf("%s: %q is reported, not %q", c.name, got, c.want)
		}
	}
}
