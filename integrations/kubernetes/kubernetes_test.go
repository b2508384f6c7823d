package kubernetes_test

import (
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"fireboss/bot/settings"
	"fireboss/incidents/alerts"
	"fireboss/integrations"
	"fireboss/integrations/kubernetes"
	"fireboss/integrations/sourcetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// configured are the settings of a section.
func configured(t testing.TB, section string) (*kubernetes.Config, error) {
	t.Helper()
	s, err := settings.Parse("c.yaml", []byte("integrations:\n  kubernetes: {"+section+"}\n"), settings.Options{
		Integrations: map[string]func() any{kubernetes.Name: kubernetes.Kind.Config}, Env: func(string) (string, bool) { return "", false },
	})
	if err != nil {
		return nil, err
	}
	return s.Integrations[kubernetes.Name].(*kubernetes.Config), nil
}

// source reads what is told as if it were sent to a door: nothing is, and it is held to the same all the same.
func source(t testing.TB) *integrations.Source {
	c, err := configured(t, "severity: {BackOff: critical}")
	if err != nil {
		t.Fatal(err)
	}
	return &integrations.Source{Read: func(r integrations.Request) (alerts.Report, error) {
		told, err := integrations.ReadJSON(r.Body)
		if err != nil {
			return alerts.Report{}, err
		}
		return c.Read(told, r.At)
	}}
}

func TestPayloads(t *testing.T) { sourcetest.Payloads(t, source(t)) }
func TestRubbish(t *testing.T)  { sourcetest.Rubbish(t, source(t)) }
func FuzzRead(f *testing.F)     { sourcetest.Fuzz(f, source(f)) }

func TestWhatCounts(t *testing.T) {
	for _, c := range []struct {
		section, namespace, reason string
		counts                     bool
	}{
		{"", "shop", "BackOff", true},
		{"", "shop", "DNSConfigForming", false},
		{"", "", "NodeNotReady", true},
		{"reasons: \"*\"", "shop", "DNSConfigForming", true},
		{"reasons: [OOMKilling]", "shop", "BackOff", false},
		{"namespaces: shop", "shop", "BackOff", true},
		{"namespaces: [shop, pay]", "other", "BackOff", false},
		{"namespaces: [shop, pay]", "", "NodeNotReady", false},
	} {
		config, err := configured(t, c.section)
		if err != nil {
			t.Fatal(err)
		}
		told, err := integrations.ReadJSON([]byte(`{"involvedObject": {"namespace": "` + c.namespace + `", "name": "a"}, "type": "Warning", "reason": "` + c.reason + `"}`))
		if err != nil {
			t.Fatal(err)
		}
		report, err := config.Read(told, sourcetest.Came)
		if err != nil || (len(report.Signals) == 1) != c.counts {
			t.Errorf("%+v: %+v %v", c, report, err)
		}
	}
}

// A cluster vouches for itself by its own authority, and its token is read again each time, since it is renewed.
func TestFiles(t *testing.T) {
	folder := t.TempDir()
	token, ca, other := filepath.Join(folder, "token"), filepath.Join(folder, "ca.crt"), filepath.Join(folder, "text")
	var got []string
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.Header.Get("Authorization"))
		fmt.Fprint(w, `{"metadata":{"resourceVersion":"1"}}`)
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // a handshake that fails is what one case wants
	s.StartTLS()
	defer s.Close()
	write := func(path string, text []byte) {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}))
	write(other, []byte("text"))
	for _, c := range []struct{ ca, fails string }{
		{ca, ""}, {other, "no certificate in the file"}, {filepath.Join(folder, "none"), "cannot be read"}, {"", "certificate"},
	} {
		config, err := configured(t, fmt.Sprintf("url: %q, token_file: %q, ca_file: %q", s.URL, token, c.ca))
		if err != nil {
			t.Fatal(err)
		}
		out := &integrations.Outbound{}
		in, err := kubernetes.Kind.New(config, integrations.Deps{Outbound: out})
		for _, text := range []string{"first\n", "second"} {
			write(token, []byte(text))
			if err == nil {
				err = in.Check(t.Context())
			}
		}
		if (err == nil) != (c.fails == "") || err != nil && !strings.Contains(err.Error(), c.fails) {
			t.Errorf("%s: %v", c.ca, err)
		}
		out.Close()
	}
	if want := "Bearer first Bearer first Bearer second Bearer second"; strings.Join(got, " ") != want {
		t.Error(got)
	}
}

func TestProblems(t *testing.T) {
	for _, c := range []struct{ section, want string }{
		{"reasons: []", "kubernetes.reasons: is empty"},
		{"namespaces: [\"a/../b\"]", "kubernetes.namespaces: has a name that no namespace can have"},
		{"url: \"http://x.example.com\", private_network: false", "kubernetes.url: the token that is sent there can be read"},
		{"token: \"a b\"", "kubernetes.token: it has spaces"},
		{"severity: {BackOff: bad}", "is no severity of an alert"},
	} {
		if _, err := configured(t, c.section); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.section, err)
		}
	}
}
