package sentry_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"

	"fireboss/integrations"
	"fireboss/integrations/sentry"
	"fireboss/integrations/sourcetest"
)

func source(t testing.TB, c *sentry.Config) *integrations.Source {
	t.Helper()
	in, err := sentry.Kind.New(c, integrations.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	return in.Alerts
}

// plain is the source as it is configured where nothing is said.
func plain(t testing.TB) *integrations.Source {
	t.Helper()
	return source(t, sentry.Kind.Config().(*sentry.Config))
}

func TestPayloads(t *testing.T) { sourcetest.Payloads(t, plain(t)) }
func TestRubbish(t *testing.T)  { sourcetest.Rubbish(t, plain(t)) }
func FuzzRead(f *testing.F)     { sourcetest.Fuzz(f, plain(f)) }

// sign is the signature of a body under a secret, as Sentry writes it.
func sign(body, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	return hex.EncodeToString(mac.Sum(nil))
}

func secret(value string) integrations.Secret {
	var s integrations.Secret
	s.SetSecret(value, "")
	return s
}

func TestVerify(t *testing.T) {
	const body = `{"action": "created",  "data": {"issue": {"id": "1"}}}`
	of := []integrations.Secret{secret("the old client secret"), secret("the new client secret")}
	for _, c := range []struct {
		name, body, signature string
		secrets               []integrations.Secret
		right                 bool
	}{
		{"right", body, sign(body, "the new client secret"), of[1:], true},
		{"in capitals", body, strings.ToUpper(sign(body, "the new client secret")), of[1:], true},
		{"under the old one of two", body, sign(body, "the old client secret"), of, true},
		{"under the new one of two", body, sign(body, "the new client secret"), of, true},
		{"under the old one when it is gone", body, sign(body, "the old client secret"), of[1:], false},
		{"wrong", body, sign(body, "another client secret"), of, false},
		{"missing", body, "", of, false},
		{"not hexadecimal", body, "zz", of, false},
		{"with a prefix", body, "sha256=" + sign(body, "the new client secret"), of, false},
		{"a byte of the body changed", strings.Replace(body, "1", "2", 1), sign(body, "the new client secret"), of, false},
		{"a space of the body gone", strings.Replace(body, "  ", " ", 1), sign(body, "the new client secret"), of, false},
		{"nothing signed", "", sign("", "the new client secret"), of, true},
		{"an empty secret", body, sign(body, ""), []integrations.Secret{secret("")}, false},
	} {
		h := http.Header{}
		if c.signature != "" {
			h.Set("Sentry-Hook-Signature", c.signature)
		}
		err := source(t, &sentry.Config{Secrets: c.secrets}).Verify(integrations.Request{Header: h, Body: []byte(c.body)})
		if (err == nil) != c.right {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// A configured secret is what counts; without one, the key is.
func TestProofs(t *testing.T) {
	keys := integrations.Inbound{Keys: []integrations.Secret{secret("a-key-of-fireboss")}}
	if s := source(t, &sentry.Config{Inbound: keys}); s.Verify != nil || len(s.Keys) != 1 {
		t.Error("a key alone does not serve")
	}
	if s := source(t, &sentry.Config{Inbound: keys, Secrets: []integrations.Secret{secret("the-client-secret")}}); s.Verify == nil {
		t.Error("a signature is not asked for")
	}
	for _, c := range []struct {
		config sentry.Config
		wrong  int
	}{
		{sentry.Config{}, 1},
		{sentry.Config{Inbound: keys}, 0},
		{sentry.Config{Secrets: []integrations.Secret{secret("the-client-secret")}}, 0},
		{sentry.Config{Secrets: []integrations.Secret{secret("short")}, Inbound: keys}, 1},
	} {
		wrong := 0
		c.config.Check(func(string, string) { wrong++ })
		if wrong != c.wrong {
			t.Errorf("%+v has %d mistakes, not %d", c.config, wrong, c.wrong)
		}
	}
}

// Nothing that is no alert is told of, and no secret of it is kept.
func TestNothing(t *testing.T) {
	for _, name := range []string{"installation_created", "comment_created", "error_created", "something_new"} {
		report, err := plain(t).Read(sourcetest.Delivery(t, name))
		if err != nil || len(report.Signals) != 0 || report.Nothing == "" {
			t.Errorf("%s says %+v: %v", name, report, err)
		}
	}
}
