package settings

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fireboss/incidents/alerts"
)

func all(string) bool { return true }

// again prints settings and reads what was printed.
func again(t interface{ Fatalf(string, ...any) }, s Settings, o Options, literal func(string) bool) Settings {
	text, err := Effective(s, literal)
	if err != nil {
		t.Fatalf("%v", err)
	}
	back, err := Parse("effective.yaml", text, o)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return back
}

func TestEffectiveLoadsBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(path, []byte("s3cret"), 0o600); err != nil {
		t.Fatal(err)
	}
	o := Options{NeedSlack: true, Env: slackEnv, Integrations: fakeIntegrations()}
	full := strings.Replace(contract, "alerts:\n", `integrations:
  alertmanager: {key: ["${FIREBOSS_API_TOKEN}", other], timeout: 1m, labels: {a: "${FIREBOSS_API_TOKEN}"}}
  webhook: {inner: {field: "$${x}"}}
alerts:
`, 1)
	for name, src := range map[string]string{
		"contract": full,
		"minimal":  "slack: {bot_token: xoxb-1, app_token: xapp-1}",
		"changed": strings.NewReplacer(
			"store: fireboss.db", "store: postgres://a:${FIREBOSS_API_TOKEN}@db/x",
			"token: \"${FIREBOSS_API_TOKEN}\"", "token: file:"+path,
			"stale: {sev1: 24h, sev2: 24h, sev3: 3d, sev4: 14d, sev5: 14d}", "stale: 0",
			"zone: UTC", "zone: Europe/Berlin",
			"holidays: []", "holidays: [2026-12-24, 12-25]",
			"archive: 30d", "archive: 0",
			"private_types: [security, data]", "private_types: []",
		).Replace(full),
	} {
		t.Run(name, func(t *testing.T) {
			s := parse(t, src, o)
			if diff := cmp.Diff(s, again(t, s, o, all)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEffectiveKeepsSecrets(t *testing.T) {
	s := Defaults()
	s.Slack.BotToken, s.Slack.AppToken = NewSecret("xoxb-simulator"), NewSecret("xapp-simulator")
	token := Secret{}
	token.SetSecret("hunter2", "${FIREBOSS_API_TOKEN}")
	s.APITokens = []APIToken{{Name: "ops", Token: token, Scope: ScopeAdmin}}
	onlySlack := func(key string) bool { return strings.HasPrefix(key, "slack.") }
	text, err := Effective(s, onlySlack)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(text); strings.Contains(got, "hunter2") || !strings.Contains(got, `token: "${FIREBOSS_API_TOKEN}"`) ||
		!strings.Contains(got, "bot_token: xoxb-simulator") {
		t.Error(got)
	}
	s.APITokens[0].Token = NewSecret("hunter2")
	s.Store = NewStore("postgres://a:hunter2@db/x")
	text, err = Effective(s, onlySlack)
	if err == nil || text != nil || !strings.Contains(err.Error(), "api_tokens[0].token") || !strings.Contains(err.Error(), "store") ||
		strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "slack") {
		t.Error(err)
	}
	s.APITokens[0].Token = NewSecret("file:x")
	if _, err = Effective(s, all); err == nil || !strings.Contains(err.Error(), "api_tokens[0].token") {
		t.Error(err)
	}
}

// Any text comes back as it was, whatever it looks like to YAML.
func TestEffectiveWithAnyText(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"true", "null", "~", "1", "0x1", ".inf", "1e3", "0", "017", "-", "- a", "a: b", "a:", "#a", "a #b", "${X}", "$${X}", "$", "it's", `"`, `\`,
		`it's "it"`, "'", "a\nb", " a", "a ", "\t", "2026-01-01", "12:30", "[a", "{a", "!a", "&a", "*a", "%a", "@a", "`a", "|", ">", "?", "...", "---", "<<", "no",
	})).Filter(func(s string) bool { return s != "" })
	rapid.Check(t, func(t *rapid.T) {
		s := Defaults()
		s.HTTP.TLS = TLS{Cert: text.Draw(t, "cert"), Key: text.Draw(t, "key")}
		s.Store = NewStore("./" + oneLine(text.Draw(t, "store"))) // whose names have no control characters
		s.Alerts.Rules = []AlertRule{{Name: text.Draw(t, "name"), When: rapid.SampledFrom(conditions).Draw(t, "when"), Do: AlertIgnore, Reason: text.Draw(t, "reason")}}
		s.APITokens = []APIToken{{Name: "a", Token: NewSecret("x" + text.Draw(t, "token")), Scope: ScopeRead}}
		if name := text.Draw(t, "service"); (Services{}).CheckKey(name) == nil {
			s.Services = Services{name: {Tier: 1, Runbook: "https://example.com/a?b=c#d"}}
		}
		s.Retention.Messages = Duration(rapid.Int64Range(0, 1e12).Draw(t, "ms") * int64(time.Millisecond))
		s.Record.Files = ByteSize(rapid.Int64Min(0).Draw(t, "files"))
		s.Clock.Mitigate.AtRisk = rapid.Float64Range(1e-9, 1).Draw(t, "at risk")
		if strings.Contains(s.Store.Reveal(), "://") {
			t.Skip("it would be an address")
		}
		if diff := cmp.Diff(s, again(t, s, Options{}, all)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// conditions are expressions that can be read.
var conditions = []alerts.Condition{"true", "open.same_service", `alert.severity in ["critical", "high"] && now.hour >= 22`, "alert.labels['a: b'] != \"it's\"", "!open.same_group // '#'"}
