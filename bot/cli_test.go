package bot

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"fireboss/integrations/openai/openaitest"
)

// cli runs the program in this process and answers what it said.
func cli(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	getenv := func(name string) string {
		if name == "FIREBOSS_API_TOKEN" {
			return storyToken
		}
		return ""
	}
	code = Main(context.Background(), args, getenv, &out, &err)
	return code, out.String(), err.String()
}

func TestExitCodes(t *testing.T) {
	dir, temporary := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", temporary)
	bad := filepath.Join(dir, "bad.yaml")
	if err := os.WriteFile(bad, []byte("store: fireboss.db\nslack: {bot_token: xoxb-1, app_token: xapp-1, anounce: x}\nretentoin: {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	postgres := filepath.Join(dir, "postgres.yaml")
	if err := os.WriteFile(postgres, []byte("store: postgres://fire:hunter2@db/fireboss\nslack: {bot_token: xoxb-1, app_token: xapp-1}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args []string
		code int
		says string // on stderr, or on stdout where the code is 0
	}{
		{[]string{"version"}, 0, "fireboss "},
		{[]string{"--help"}, 0, "demo"},
		{[]string{"manifest"}, 0, "socket_mode_enabled: true"},
		{[]string{"manifest", "--config", bad}, 1, "bad.yaml:3:1: "},
		{[]string{"frobnicate"}, 2, `no command "frobnicate"`},
		{[]string{"help", "frobnicate"}, 2, `no command "frobnicate"`}, {[]string{"help", "audit", "verify"}, 0, "Recompute"},
		{[]string{"serve", "--nonsense"}, 2, "--nonsense"},
		{[]string{"serve", "extra"}, 2, "accepts 0 arg"},
		{[]string{"incident", "shwo"}, 2, "wants list"},
		{[]string{"incident", "show"}, 2, "accepts 1 arg"},
		{[]string{"incident", "list", "--format", "pdf", "--config", bad}, 2, "none of text, json, markdown"},
		{[]string{"serve", "--config", filepath.Join(dir, "none.yaml")}, 1, "config.example.yaml"},
		{[]string{"check", "--offline", "--config", bad}, 1, "bad.yaml:3:1: "},
		{[]string{"check", "--offline", "--config", bad}, 1, "bad.yaml:2:"},
		{[]string{"audit", "verify", "--server", "nonsense"}, 2, "no address"},
		{[]string{"audit", "verify", "--server", "http://ops:hunter2@127.0.0.1:1"}, 2, "must not have a user or a password"},
		{[]string{"audit", "verify", "--server", "http://127.0.0.1:1"}, 1, "does not answer"},
		{[]string{"audit", "verify", "--head", "INC-1:2:zz"}, 2, "not written like INC-12:41:HASH"},
		{[]string{"audit", "verify", "--head", "INC-1:0:" + strings.Repeat("a", 64)}, 2, "not written like INC-12:41:HASH"},
		{[]string{"audit", "verify", "--head", "INC-1:1:" + strings.Repeat("z", 64)}, 2, "not written like INC-12:41:HASH"},
		{[]string{"check", "--offline", "--config", postgres}, 1, "PostgreSQL"},
		{[]string{"serve", "--config", postgres}, 1, "PostgreSQL"},
		{[]string{"restore", bad, "--config", postgres}, 1, "PostgreSQL"},
		{[]string{"compact", "--config", postgres}, 1, "PostgreSQL"},
		{[]string{"demo", "--listen", "999.0.0.1:1"}, 1, "cannot listen"},
	} {
		code, out, err := cli(t, tt.args...)
		said := err
		if tt.code == 0 {
			said = out
		}
		if code != tt.code || !strings.Contains(said, tt.says) {
			t.Errorf("fireboss %s: exit %d, want %d\nstdout: %s\nstderr: %s\nwant it to say %q", strings.Join(tt.args, " "), code, tt.code, out, err, tt.says)
		}
		if strings.Contains(out+err, "hunter2") {
			t.Errorf("fireboss %s tells a password", strings.Join(tt.args, " "))
		}
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("what failed left %v behind, %v", left, err)
	}
}

func TestStoryTheOperator(t *testing.T) {
	s := tellApart(t)
	ch := s.opened("sev2 backups are late")
	s.Bob.Says("/incident note they ran at | noon")
	s.Settles()
	config := filepath.Join(s.data, "config.yaml")
	server := []string{"--server", s.dashboard, "--token", storyToken}

	code, out, err := cli(t, "incident", "list", "--config", config)
	if code != 1 || !strings.Contains(err, "in use by pid") || !strings.Contains(err, "--server") {
		t.Errorf("a store in use: %d %s%s", code, out, err)
	}
	s.refuses("stop it first", "compact", "--config", config)
	s.refuses("stop it first", "restore", config, "--force", "--config", config)
	s.refuses("another store", "serve", "--config", config)
	copies := t.TempDir()
	live := filepath.Join(copies, "live.db")
	s.says("wrote", append([]string{"backup", live}, server...)...)
	s.refuses("is there already", append([]string{"backup", live}, server...)...)
	s.refuses("a folder that can be written", append([]string{"backup", filepath.Join(copies, "none", "x.db")}, server...)...)
	s.says("INC-1", append([]string{"incident", "list"}, server...)...)
	s.says("verified", append([]string{"audit", "verify"}, server...)...)
	s.Bob.Says("/incident close")
	head := regexp.MustCompile("`([0-9]+:[0-9a-f]{64})`").FindStringSubmatch(s.Sees(ch, "sealed with").Text)
	if head == nil {
		t.Fatal("the head that was posted cannot be read")
	}
	if code := s.bot.end(15); code != 0 {
		t.Fatalf("stop: %d", code)
	}

	s.says("backups are late", "incident", "show", "INC-1", "--config", config)
	s.says("they ran at | noon", "incident", "export", "INC-1", "--config", config)
	s.says(`they ran at \| noon`, "incident", "export", "INC-1", "--format", "markdown", "--config", config)
	var export struct {
		Incident map[string]any
		Events   []map[string]any
	}
	if err := json.Unmarshal([]byte(s.says("INC-1", "incident", "export", "INC-1", "--format", "json", "--config", config)), &export); err != nil || len(export.Events) < 4 {
		t.Errorf("the export: %v, %d events", err, len(export.Events))
	}
	s.says("verified", "audit", "verify", "--config", config, "--head", "INC-1:"+head[1])
	s.refuses("another hash", "audit", "verify", "--config", config, "--head", "INC-1:2:"+strings.Repeat("a", 64))
	s.refuses("there is no INC-9", "audit", "verify", "--config", config, "--head", "INC-9:2:"+strings.Repeat("a", 64))
	s.refuses("ends at", "audit", "verify", "--config", config, "--head", "INC-1:999:"+strings.Repeat("a", 64))
	s.says("wrote", "backup", filepath.Join(copies, "stopped.db"), "--config", config)
	if left, err := filepath.Glob(filepath.Join(copies, "*")); err != nil || len(left) != 2 {
		t.Errorf("beside the backups lie %v, %v", left, err)
	}
	if left, err := filepath.Glob(filepath.Join(copies, ".*")); err != nil || len(left) != 0 {
		t.Errorf("beside the backups lie %v, %v", left, err)
	}
	s.says("bytes before", "compact", "--config", config)
	s.refuses("--force", "restore", live, "--config", config)
	s.says("restored", "restore", live, "--config", config, "--force")
	s.says("investigating", "incident", "show", "INC-1", "--config", config)
	s.refuses("", "restore", config, "--config", config, "--force")
	s.says("verified", "audit", "verify", "--config", config)
}

func (s *story) says(want string, args ...string) string {
	s.t.Helper()
	code, out, err := cli(s.t, args...)
	if code != 0 || !strings.Contains(out, want) {
		s.t.Errorf("fireboss %s: exit %d, want 0 and %q\n%s%s", strings.Join(args, " "), code, want, out, err)
	}
	return out
}

func (s *story) refuses(want string, args ...string) {
	s.t.Helper()
	code, out, err := cli(s.t, args...)
	if code != 1 || !strings.Contains(err, want) || strings.Count(strings.TrimSpace(err), "\n") > 0 {
		s.t.Errorf("fireboss %s: exit %d, want 1 and one line with %q\n%s%s", strings.Join(args, " "), code, want, out, err)
	}
}

func TestStoryCheckAsksSlack(t *testing.T) {
	s := tellApart(t)
	config := filepath.Join(s.data, "config.yaml")
	s.says("is in order", "check", "--config", config)
	b, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(config, bytes.Replace(b, []byte("xoxb-simulator"), []byte("xoxb-wrong"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	s.refuses("the token is not valid", "check", "--config", config)
	s.bot.end(15)
	s.refuses("the token is not valid", "serve", "--config", config)
}

// check asks a model's server as well, unless it is told to ask nobody; a command that needs no model
// needs none of its variables.
func TestStoryCheckAsksTheModel(t *testing.T) {
	s := tellApart(t)
	config := filepath.Join(s.data, "config.yaml")
	asked := 0
	double := &openaitest.Double{Key: "right-key", Models: []string{"m"}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { asked++; double.ServeHTTP(w, r) }))
	defer server.Close()
	section := func(key string) []byte {
		return []byte("integrations:\n  openai: {base_url: \"" + server.URL + "/v1\", api_key: \"" + key + "\", model: m, private_network: true}\n")
	}
	rewrite(t, config, func(b []byte) []byte {
		return append(b, "\n"+string(section("right-key"))+"  alertmanager: {key: correct-horse}\n"+`alerts:
  rules:
    - {name: "wakes", when: "false", do: page, private: true}
    - {name: "tells", when: "false", do: notify, channel: "#doesnotexist"}
    - {name: "there", when: "false", do: notify, channel: "#general"}
    - {name: "calls", when: "false", do: declare, roles: {commander: "@nobodyhere", scribe: "@alice"}}
`...)
	})
	s.says("integrations.alertmanager: whether it reaches http://127.0.0.1:", "check", "--config", config)
	code, out, _ := cli(t, "check", "--config", config)
	for _, line := range []string{
		`alerts.rules[0]: the rule "wakes" wakes people, and nothing that can is configured`, `alerts.rules[0]: the rule "wakes" opens private incidents that nobody is in`,
		"alerts.rules[1].channel: Fireboss sees no channel #doesnotexist", "alerts.rules[3].roles.commander: nobody and no user group goes by @nobodyhere", "integrations.openai: it answers",
	} {
		if code != 0 || strings.Count(out, line) != 1 {
			t.Errorf("it does not say %q, but %s", line, out)
		}
	}
	for _, line := range []string{"#general", "roles.scribe", "could not be asked for"} {
		if strings.Contains(out, line) {
			t.Errorf("it says %q: %s", line, out)
		}
	}
	asked--
	if asked != 1 {
		t.Errorf("the model's server was asked %d times", asked)
	}
	rewrite(t, config, func(b []byte) []byte { return bytes.Replace(b, section("right-key"), section("wrong-key"), 1) })
	s.refuses("integrations.openai.api_key: "+server.URL+"/v1 does not take it", "check", "--config", config)
	s.says("is in order", "check", "--offline", "--config", config)
	if asked != 2 {
		t.Errorf("the model's server was asked %d times", asked)
	}
	rewrite(t, config, func(b []byte) []byte { return bytes.Replace(b, section("wrong-key"), section("${NOT_SET}"), 1) })
	s.refuses("the environment variable NOT_SET is not set", "check", "--offline", "--config", config)
	s.bot.end(15)
	s.says("verified", "audit", "verify", "--config", config)
}

// A bot with a certificate that no system trusts is asked for its health, and
// what it says counts: without Slack it is not ready.
func TestStoryHealthOverTLS(t *testing.T) {
	s := tellApart(t)
	config, cert, key := filepath.Join(s.data, "config.yaml"), filepath.Join(s.data, "cert.pem"), filepath.Join(s.data, "key.pem")
	s.bot.end(15)
	borrowed := httptest.NewTLSServer(nil)
	borrowed.Close()
	pair := borrowed.TLS.Certificates[0]
	private, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string][]byte{
		cert: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]}),
		key:  pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}),
	} {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	rewrite(t, config, func(b []byte) []byte {
		return bytes.Replace(b, []byte("http: {"), []byte(fmt.Sprintf("http: {tls: {cert: %q, key: %q}, ", cert, key)), 1)
	})
	s.refuses("does not answer", "health", "--config", config)
	s.bot = run(t, "serve", "--config", config)
	listen := s.bot.logged("fireboss is running")["listen"].(string)
	s.bot.logged("connected to Slack")
	rewrite(t, config, func(b []byte) []byte { return bytes.Replace(b, []byte("127.0.0.1:0"), []byte(listen), 1) })
	s.says("", "health", "--config", config)
	s.sim.kill()
	s.until("the bot is not ready", func() bool {
		code, _, err := cli(t, "health", "--config", config)
		return code == 1 && strings.Contains(err, "not connected to Slack")
	})
}
