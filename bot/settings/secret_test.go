package settings

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/rs/zerolog"
)

// However a secret is printed, alone or deep in something else, only <secret> comes out.
func TestSecretNeverShows(t *testing.T) {
	const text = "hunter2"
	secret := NewSecret(text)
	secret.SetSecret(text, "${PASSWORD}")
	type unexported struct{ inner, other any }
	holder := struct {
		Public  Secret `json:"public" yaml:"public"`
		private Secret
		Pointer *Secret
		Map     map[string]Secret
	}{secret, secret, &secret, map[string]Secret{"a": secret}}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%p", "%10s", "%!"} {
		for _, v := range []any{secret, &secret, holder, &holder, []Secret{secret}, unexported{secret, &holder}, holder.private} {
			fmt.Fprintf(&out, verb, v)
		}
	}
	fmt.Fprintln(&out, secret, holder, secret.String(), secret.GoString())
	for _, marshal := range []func(any) ([]byte, error){json.Marshal, yaml.Marshal} {
		for _, v := range []any{secret, holder.Public, struct{ S Secret }{secret}} {
			b, err := marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			out.Write(b)
		}
	}
	log := zerolog.New(&out)
	log.Info().Interface("a", secret).Any("b", holder).Stringer("c", secret).Str("d", fmt.Sprint(secret)).Send()
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "a", secret, "b", holder)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "a", secret, "b", holder)
	for _, leak := range []string{text, fmt.Sprintf("%x", text), fmt.Sprintf("%X", text), "PASSWORD"} {
		if strings.Contains(out.String(), leak) {
			t.Errorf("%s shows in\n%s", leak, out.String())
		}
	}
	if !strings.Contains(out.String(), "<secret>") {
		t.Error(out.String())
	}
	if secret.Reveal() != text || secret.Source() != "${PASSWORD}" || secret.IsZero() || !(Secret{}).IsZero() {
		t.Error("a secret is lost")
	}
}

func TestSecretFromFile(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct{ path, want, problem string }{
		{write("plain", "s3cret", 0o600), "s3cret", ""},
		{write("newline", "s3cret\n", 0o400), "s3cret", ""},
		{write("crlf", "s3cret\r\n", 0o640), "s3cret", ""},
		{write("lines", "a\nb\n\n", 0o440), "a\nb\n", ""},
		{write("empty", "\n", 0o600), "", "is empty"},
		{write("binary", "\xff", 0o600), "", "is not UTF-8 text"},
		{write("large", strings.Repeat("x", maxSecret+1), 0o600), "", "which no secret needs"},
		{write("world", "s3cret", 0o604), "", "is open to others (mode 0604)"},
		{write("group", "s3cret", 0o620), "", "is open to others (mode 0620)"},
		{folder, "", "is not a file"},
		{filepath.Join(folder, "nope"), "", "cannot be read"},
		{"relative", "", "is not a full path"},
		{"", "", "is not a full path"},
	} {
		if runtime.GOOS == "windows" && strings.Contains(c.problem, "mode") {
			continue
		}
		t.Run(filepath.Base(c.path), func(t *testing.T) {
			src := fmt.Sprintf("api_tokens:\n  - name: ops\n    token: %q\n", "file:"+c.path)
			s, err := Parse("c", []byte(src), Options{})
			switch {
			case c.problem != "":
				if err == nil || !strings.HasPrefix(err.Error(), "c:3:12: ") || !strings.Contains(err.Error(), c.problem) {
					t.Errorf("got %v, want %s", err, c.problem)
				}
			case err != nil:
				t.Error(err)
			case s.APITokens[0].Token.Reveal() != c.want || s.APITokens[0].Token.Source() != "file:"+c.path:
				t.Errorf("%q from %s", s.APITokens[0].Token.Reveal(), s.APITokens[0].Token.Source())
			}
		})
	}
}

// What a variable holds is a text and nothing else: no YAML, no reference, no file.
func TestVariablesAreOnlyText(t *testing.T) {
	variables := map[string]string{
		"A": "x\nstore: other.db", "B": "${A}", "C": "file:/etc/passwd", "D": "{a: b}", "E": "# not a comment", "N": "7", "T": "true",
	}
	s := parse(t, `
api_tokens:
  - {name: a, token: "${A}"}
  - {name: b, token: "<${B}>"}
  - {name: c, token: "${C}"}
  - {name: d, token: '${D}'}
  - name: e
    token: ${E}
  - {name: f, token: "$${A} $$${A} $A $ {A} $"}
clock: {severity: {times: "${N}", every: "${N}m"}}
http: {behind_proxy: "${T}"}
`, Options{Env: env(variables)})
	for i, want := range []string{variables["A"], "<${A}>", variables["C"], variables["D"], variables["E"], "${A} $${A} $A $ {A} $"} {
		if got := s.APITokens[i].Token.Reveal(); got != want {
			t.Errorf("%d: %q, want %q", i, got, want)
		}
	}
	if s.Store.Reveal() != "fireboss.db" || s.Clock.Severity.Times != 7 || s.Clock.Severity.Every != 7*minute || !s.HTTP.BehindProxy {
		t.Error(s.Store, s.Clock.Severity, s.HTTP)
	}
}

func TestSecretFileNamedByVariable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(path, []byte("s3cret"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := parse(t, "api_tokens: [{name: a, token: \"file:${DIR}/token\"}]", Options{Env: env(map[string]string{"DIR": filepath.Dir(path)})})
	if got := s.APITokens[0].Token; got.Reveal() != "s3cret" || got.Source() != "file:${DIR}/token" {
		t.Error(got.Reveal(), got.Source())
	}
}

// Every secret of a configuration is found, wherever it stands, and nothing else.
func TestSecretsOfSettings(t *testing.T) {
	s := parse(t, `
store: postgres://fire:db-password@db/fireboss
slack: {bot_token: xoxb-1, app_token: xapp-1}
api_tokens: [{name: a, token: "${OPS}", scope: read}, {name: b, token: second-token, scope: read}]
integrations:
  alertmanager: {key: [first-key, second-key]}
  webhook: {password: foreign, inner: {field: x}}
`, Options{NeedSlack: true, Integrations: fakeIntegrations(), Env: env(map[string]string{"OPS": "ops-token"})})
	got := Secrets(s)
	slices.Sort(got)
	want := []string{"db-password", "first-key", "foreign", "ops-token", "postgres://fire:db-password@db/fireboss", "second-key", "second-token", "xapp-1", "xoxb-1"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if got := Secrets(Defaults()); len(got) != 0 {
		t.Errorf("the defaults have %q", got)
	}
}

// A program that calls no outside system needs none of its variables, but keeps to its keys.
func TestIntegrationsAreSkipped(t *testing.T) {
	o := Options{SkipIntegrations: true, Integrations: fakeIntegrations(), Env: env(nil)}
	parse(t, "integrations: {alertmanager: {key: \"${NOPE}\"}, webhook: {password: file:/nope, timeout: 2h}}", o)
	if _, err := Parse("c", []byte("integrations: {alertmanager: {kee: x}}"), o); err == nil {
		t.Error("an unknown key in it is a mistake all the same")
	}
}
