package github_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/integrations"
	"fireboss/integrations/github"
	"fireboss/integrations/sourcetest"
)

func source(t testing.TB, c github.Config) *integrations.Source {
	t.Helper()
	in, err := github.Kind.New(&c, deps())
	if err != nil {
		t.Fatal(err)
	}
	return in.Alerts
}

func deps() integrations.Deps { return integrations.Deps{Outbound: &integrations.Outbound{}} }

func TestPayloads(t *testing.T) { sourcetest.Payloads(t, source(t, github.Config{})) }
func TestRubbish(t *testing.T)  { sourcetest.Rubbish(t, source(t, github.Config{})) }
func FuzzRead(f *testing.F)     { sourcetest.Fuzz(f, source(f, github.Config{})) }

// Each change can be kept, and no secret is.
func TestWhatIsKept(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	changes := 0
	for _, file := range files {
		report, err := source(t, github.Config{}).Read(sourcetest.Delivery(t, strings.TrimSuffix(filepath.Base(file), ".json")))
		if err != nil {
			continue
		}
		for _, c := range report.Changes {
			changes++
			if _, err := c.Check(incidents.Rules{}, sourcetest.Came); err != nil || c.ID == "" || c.By == "" {
				t.Errorf("%s: %+v: %v", file, c, err)
			}
		}
		text, err := json.Marshal(report)
		if err != nil || strings.Contains(string(text), "never-kept") {
			t.Errorf("%s keeps the secret: %s, %v", file, text, err)
		}
	}
	if changes != 5 {
		t.Errorf("there are %d changes", changes)
	}
	if text, err := os.ReadFile("testdata/secret_scanning_alert.created.json"); err != nil || !strings.Contains(string(text), "never-kept") {
		t.Errorf("there is no secret that could have been kept: %v", err)
	}
}

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
	const body, secret, next = `{"zen":"x"}`, "correct-horse", "battery-staple"
	old := hmac.New(sha1.New, []byte(secret))
	old.Write([]byte(body))
	for _, c := range []struct {
		name         string
		secrets      []string
		body         string
		header, code string
		right        bool
	}{
		{"right", []string{secret}, body, "X-Hub-Signature-256", "sha256=" + mac(secret, body), true},
		{"the old one during a change", []string{next, secret}, body, "X-Hub-Signature-256", "sha256=" + mac(secret, body), true},
		{"another secret", []string{secret}, body, "X-Hub-Signature-256", "sha256=" + mac(next, body), false},
		{"one byte changed", []string{secret}, `{"zen":"y"}`, "X-Hub-Signature-256", "sha256=" + mac(secret, body), false},
		{"missing", []string{secret}, body, "X-Other", "x", false},
		{"without its name", []string{secret}, body, "X-Hub-Signature-256", mac(secret, body), false},
		{"over SHA-1 alone", []string{secret}, body, "X-Hub-Signature", "sha1=" + hex.EncodeToString(old.Sum(nil)), false},
		{"over SHA-1 in the place of the other", []string{secret}, body, "X-Hub-Signature-256", "sha1=" + hex.EncodeToString(old.Sum(nil)), false},
		{"empty", []string{secret}, body, "X-Hub-Signature-256", "sha256=", false},
	} {
		r := integrations.Request{Header: http.Header{}, Body: []byte(c.body), At: sourcetest.Came}
		r.Header.Set(c.header, c.code)
		if err := source(t, github.Config{Secrets: secrets(c.secrets...)}).Verify(r); (err == nil) != c.right {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if source(t, github.Config{Inbound: integrations.Inbound{Keys: secrets(secret)}}).Verify != nil {
		t.Error("with a key and no secret, a signature is asked for")
	}
	// The example of GitHub's own page on it.
	r := integrations.Request{Header: http.Header{}, Body: []byte("Hello, World!")}
	r.Header.Set("X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")
	if err := source(t, github.Config{Secrets: secrets("It's a Secret to Everybody")}).Verify(r); err != nil {
		t.Errorf("GitHub's example: %v", err)
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name              string
		secrets, key, are []string
		want              string
	}{
		{"neither", nil, nil, nil, "secret"},
		{"a secret", []string{"correct-horse"}, nil, []string{"main", "release/*"}, ""},
		{"a key", nil, []string{"correct-horse"}, nil, ""},
		{"both, the key short", []string{"correct-horse"}, []string{"short"}, nil, "key"},
		{"both, the secret short", []string{"short"}, []string{"correct-horse"}, nil, "secret"},
		{"no pattern", []string{"correct-horse"}, nil, []string{"[a"}, "branches"},
		{"an empty pattern", []string{"correct-horse"}, nil, []string{""}, "branches"},
	} {
		var wrong []string
		github.Config{Secrets: secrets(c.secrets...), Branches: c.are, Inbound: integrations.Inbound{Keys: secrets(c.key...)}}.Check(func(key, _ string) { wrong = append(wrong, key) })
		if got := strings.Join(wrong, " "); got != c.want {
			t.Errorf("%s: %q is reported, not %q", c.name, got, c.want)
		}
	}
}

func TestBranches(t *testing.T) {
	for _, c := range []struct {
		branches string
		on       string
		counts   bool
	}{
		{"", "main", true},
		{"", "develop", false},
		{"", "", false},
		{"main", "main", true},
		{"main", "mainx", false},
		{"develop", "main", false},
		{"release/*", "release/1", true},
		{"release/*", "release/1/x", false},
		{"main release/*", "release/1", true},
		{"*", "main", true},
	} {
		config := github.Config{Branches: strings.Fields(c.branches)}
		r := integrations.Request{Header: http.Header{}, At: sourcetest.Came}
		r.Header.Set("X-GitHub-Event", "workflow_run")
		r.Body = []byte(`{"action":"completed","workflow_run":{"id":1,"head_branch":"` + c.on + `","conclusion":"failure"},"repository":{"full_name":"a/b","name":"b","default_branch":"main"}}`)
		report, err := source(t, config).Read(r)
		if err != nil || (len(report.Signals) == 1) != c.counts {
			t.Errorf("%q on %q: %+v, %v", c.branches, c.on, report, err)
		}
	}
}

// Who is asked about webhooks is an organization or a repository, and wants a token.
func TestCheckHooks(t *testing.T) {
	for _, c := range []struct {
		token string
		hooks []string
		want  string
	}{
		{"t0ken", []string{"octo-org", "octo-org/shop.js"}, ""},
		{"", nil, ""},
		{"t0ken", nil, "hooks"},
		{"", []string{"octo-org"}, "token"},
		{"t0\nken", []string{"octo-org"}, "token"},
		{"t0ken", []string{"octo-org/shop/1"}, "hooks"},
		{"t0ken", []string{"https://github.com/octo-org"}, "hooks"},
		{"t0ken", []string{""}, "hooks"},
		{"t0ken", []string{"octo-org/.."}, "hooks"},
		{"t0ken", []string{"../octo-org"}, "hooks"},
		{"t0ken", []string{"octo-org?x=1"}, "hooks"},
	} {
		var wrong []string
		github.Config{Secrets: secrets("correct-horse"), Token: secrets(c.token)[0], Hooks: c.hooks, URL: "https://api.github.com"}.Check(func(key, _ string) { wrong = append(wrong, key) })
		if got := strings.Join(wrong, " "); got != c.want {
			t.Errorf("%q with %q: %q is reported, not %q", c.hooks, c.token, got, c.want)
		}
	}
}

// The name of an event stands for all alerts of its sort.
func TestSeverityByEvent(t *testing.T) {
	config := github.Config{Inbound: integrations.Inbound{Severity: map[string]alerts.Severity{"workflow_run": alerts.High, "moderate": alerts.Low}}}
	for name, want := range map[string]alerts.Severity{"workflow_run.failure": alerts.High, "dependabot_alert.auto_dismissed": alerts.Low, "dependabot_alert.created": alerts.Medium} {
		report, err := source(t, config).Read(sourcetest.Delivery(t, name))
		if err != nil || report.Signals[0].Severity != want {
			t.Errorf("%s: %+v, %v; not %s", name, report, err, want)
		}
	}
}
