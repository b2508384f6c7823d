package settings

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the files that the tests compare with, instead of comparing")

// golden compares a text with a file, or writes the file where the tests run with -update.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s is stale; run go test ./bot/settings -update and look at what changed (-file +now):\n%s", path, diff)
	}
}

// env is an environment of these variables.
func env(variables map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, set := variables[name]
		return value, set
	}
}

// parse reads a configuration that has to be good.
func parse(t *testing.T, src string, o Options) Settings {
	t.Helper()
	if o.Env == nil {
		o.Env = env(nil)
	}
	s, err := Parse("c.yaml", []byte(src), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// two integrations as another package would have them: no type of theirs is from here.
type (
	alertmanagerConfig struct {
		_       struct{}          `doc:"Prometheus Alertmanager."`
		Key     []Secret          `yaml:"key,required,single" example:"${ALERTMANAGER_KEY}" doc:"What the sender has to present; a list while keys are being rotated."`
		URL     URL               `yaml:"url" example:"https://alertmanager.example.com" doc:"Where to set silences."`
		Timeout time.Duration     `yaml:"timeout" doc:"How long to wait for it."`
		Labels  map[string]string `yaml:"labels" doc:"What its labels are called here."`
	}
	webhookConfig struct {
		Password foreignSecret `yaml:"password" doc:"What the sender has to present."`
		Timeout  time.Duration `yaml:"timeout" default:"30s" doc:"How long to wait."`
		Inner    struct {
			Field string `yaml:"field,required" example:"title" doc:"A field."`
		} `yaml:"inner" doc:"A section."`
	}
	foreignSecret struct{ value, source string }
)

func (s *foreignSecret) SetSecret(value, source string) { s.value, s.source = value, source }
func (s foreignSecret) Reveal() string                  { return s.value }
func (s foreignSecret) Source() string                  { return s.source }
func (s foreignSecret) Equal(o foreignSecret) bool      { return s == o }

func (c *webhookConfig) Check(report func(key, sentence string)) {
	if c.Inner.Field == "lonely" {
		report("inner.friend", "a lonely field needs a friend")
	}
	if c.Timeout > time.Hour {
		report("timeout", "is longer than an hour")
	}
}

func fakeIntegrations() map[string]func() any {
	return map[string]func() any{
		"alertmanager": func() any { return &alertmanagerConfig{Timeout: 10 * time.Second} },
		"webhook":      func() any { return &webhookConfig{} },
	}
}

// Every testdata/CASE.yaml has exactly the problems of testdata/CASE.want.
func TestProblems(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(cases) < 30 {
		t.Fatal("the cases are missing", err)
	}
	variables := env(map[string]string{"OPS": "ops-token", "EMPTY": "", "WORD": "seven", "BINARY": "\xff"})
	for _, file := range cases {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		t.Run(name, func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			needSlack := strings.HasPrefix(name, "slack") || name == "kinds" || name == "variables"
			_, err = Parse(name+".yaml", src, Options{NeedSlack: needSlack, Env: variables, Integrations: fakeIntegrations()})
			var problems Problems
			if !errors.As(err, &problems) {
				t.Fatalf("got %v, want problems", err)
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".want", problems.Error()+"\n")
		})
	}
}

// A file that uses every key, as the contract has them.
const contract = `
store: fireboss.db
http:
  listen: 127.0.0.1:8080
  public_url: http://127.0.0.1:8080
  tls: {cert: "", key: ""}
  behind_proxy: false
api_tokens:
  - {name: ops, token: "${FIREBOSS_API_TOKEN}", scope: admin}
slack:
  bot_token: ${SLACK_BOT_TOKEN}
  app_token: ${SLACK_APP_TOKEN}
  api_url: https://slack.com/api/
  announce: "#incidents"
open:
  invite: {sev1: ["@oncall"], private: []}
  announce: {}
  private_types: [security, data]
  archive: 30d
services:
  checkout: {tier: 1, owner: "@oncall", runbook: "https://…", dashboards: ["https://…"]}
record: {messages: all, on_delete: remove, files: 5MB}
retention: {messages: 400d, incidents: 0, drills: 30d}
clock:
  calendar: {zone: UTC, hours: "Mon-Fri 09:00-17:00", holidays: []}
  limits: {gap: 5m, first_hour: 6}
  acknowledge: {sev1: 5m, sev2: 5m, sev3: 15m, every: 10m, times: 3}
  commander: {sev1: 3m, sev2: 5m, every: 10m, times: 3}
  severity: {unset: 10m, every: 15m, times: 2}
  update: {sev1: 30m, sev2: 1h, sev3: 4h, before: 5m}
  mitigate: {sev1: 1h, sev2: 4h, at_risk: 0.8}
  resolve: {sev1: 4h, sev2: 24h, at_risk: 0.8}
  command: {sev1: 4h, sev2: 8h}
  stale: {sev1: 24h, sev2: 24h, sev3: 3d, sev4: 14d, sev5: 14d}
  close: {resolved: 24h, every: 3d, times: 3}
  postmortem: {sev1: 3d, sev2: 5d}
  followup: {high: 7d, normal: 30d}
alerts:
  rules:
    - {name: same service, when: 'open.same_service', do: attach}
    - {name: critical, when: 'alert.severity == "critical"', do: declare, severity: unset, shadow: true}
    - {name: the rest, when: 'true', do: notify, channel: "#alerts"}
`

var slackEnv = env(map[string]string{
	"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "FIREBOSS_API_TOKEN": "ops-token",
})

func slackTokens() (bot, app Secret) {
	bot.SetSecret("xoxb-1", "${SLACK_BOT_TOKEN}")
	app.SetSecret("xapp-1", "${SLACK_APP_TOKEN}")
	return bot, app
}

// What the contract shows are the defaults, but for its example of a token, of an invitation and of a service.
func TestContract(t *testing.T) {
	got := parse(t, contract, Options{NeedSlack: true, Env: slackEnv})
	want := Defaults()
	want.Slack.BotToken, want.Slack.AppToken = slackTokens()
	want.APITokens = []APIToken{{Name: "ops", Scope: ScopeAdmin}}
	want.APITokens[0].Token.SetSecret("ops-token", "${FIREBOSS_API_TOKEN}")
	want.Open.Invite = Invitations{"sev1": {"@oncall"}, "private": nil}
	want.Services = Services{"checkout": {Tier: 1, Owner: "@oncall", Runbook: "https://…", Dashboards: []URL{"https://…"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsLeftOutKeepsItsDefault(t *testing.T) {
	for _, src := range []string{"", "# nothing\n", "---\n", "clock:\nhttp: {}\nservices:\nopen: {invite: , announce: {}}\n"} {
		if diff := cmp.Diff(Defaults(), parse(t, src, Options{})); diff != "" {
			t.Errorf("%q: %s", src, diff)
		}
	}
	clock := parse(t, "clock: {acknowledge: {sev1: 1m}, stale: 0, command: {sev1: 0}, mitigate: 0}", Options{}).Clock
	want := Defaults().Clock
	want.Acknowledge.Sev1 = minute
	want.Stale, want.Mitigate = SeverityTimes{}, Target{}
	want.Command.Sev1 = 0
	if diff := cmp.Diff(want, clock); diff != "" {
		t.Error(diff)
	}
}

// Lists and maps are replaced whole: leaving something out of them has to be possible.
func TestListsReplaceDefaults(t *testing.T) {
	s := parse(t, "open: {private_types: security}\nalerts: {rules: []}", Options{})
	if !slices.Equal(s.Open.PrivateTypes, []IncidentType{"security"}) || s.Alerts.Rules != nil {
		t.Error(s.Open.PrivateTypes, s.Alerts.Rules)
	}
	if s := parse(t, "open: {private_types: []}", Options{}); s.Open.PrivateTypes != nil {
		t.Error(s.Open.PrivateTypes)
	}
}

func TestNormalForms(t *testing.T) {
	s := parse(t, `
http: {listen: "[::1]:0", public_url: "https://example.com/fire/"}
slack: {api_url: "http://127.0.0.1:8081/api", announce: C0123456789, bot_token: xoxb-1, app_token: xapp-1}
open: {invite: {tier1: "@oncall", third-party: U0123456789}, announce: {security: "#größe_1"}}
`, Options{NeedSlack: true})
	if s.HTTP.PublicURL != "https://example.com/fire" || s.Slack.APIURL != "http://127.0.0.1:8081/api/" {
		t.Error(s.HTTP, s.Slack)
	}
	if !reflect.DeepEqual(s.Open.Invite["tier1"], []Invitee{"@oncall"}) {
		t.Error(s.Open.Invite)
	}
}

// A program that does not speak to Slack takes the section as it is, without the variables in it.
func TestSlackIsNotNeeded(t *testing.T) {
	src := "slack: {bot_token: \"${NOPE}\", app_token: file:/nope, announce: \"${NOPE}\"}\nstore: x"
	if s := parse(t, src, Options{}); s.Slack.Announce != "#incidents" || !s.Slack.BotToken.IsZero() {
		t.Error(s.Slack)
	}
	if _, err := Parse("c", []byte("slack: {bot_tokn: x}"), Options{}); err == nil {
		t.Error("an unknown key in it is a mistake all the same")
	}
	parse(t, "slack:\n  bot_token:\n", Options{})
}

func TestExposed(t *testing.T) {
	for src, exposed := range map[string]bool{
		"{listen: \":8080\"}":                                 true,
		"{listen: \"[::]:8080\"}":                             true,
		"{listen: \"10.1.2.3:8080\"}":                         true,
		"{listen: \"fireboss:8080\"}":                         true,
		"{listen: \"[::1]:8080\"}":                            false,
		"{listen: \"127.1.2.3:8080\"}":                        false,
		"{listen: \"localhost:8080\"}":                        false,
		"{listen: \":8080\", behind_proxy: true}":             false,
		"{listen: \":8080\", tls: {cert: c.pem, key: k.pem}}": false,
	} {
		if _, err := Parse("c", []byte("http: "+src), Options{}); (err != nil) != exposed {
			t.Errorf("%s: %v", src, err)
		}
	}
}

func TestStore(t *testing.T) {
	for at, want := range map[string]struct {
		postgres, public bool
		shown            string
	}{
		"fireboss.db":                             {false, true, "fireboss.db"},
		"/var/lib/fireboss/a b@c.db":              {false, true, "/var/lib/fireboss/a b@c.db"},
		"postgres://db/fireboss":                  {true, true, "postgres://db/fireboss"},
		"postgres://fire@db:5432/fireboss":        {true, true, "postgres://fire@db:5432/fireboss"},
		"postgresql://fire:pw@db/fireboss":        {true, false, "postgres://db/fireboss"},
		"postgres://db/x?user=a&password=pw":      {true, false, "postgres://db/x"},
		"postgres://db/x?sslPassword=pw":          {true, false, "postgres://db/x"},
		"postgres://fire:p%w@db/cannot-be-parsed": {true, false, "<secret>"},
	} {
		s := NewStore(at)
		if s.Postgres() != want.postgres || s.Public() != want.public || s.String() != want.shown || s.Reveal() != at {
			t.Errorf("%s: postgres %v, public %v, shown as %s", at, s.Postgres(), s.Public(), s)
		}
	}
}

func TestLoadWithoutFile(t *testing.T) {
	_, err := Load(filepath.Join(t.TempDir(), "config.yaml"), Options{})
	if !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "--config") {
		t.Error(err)
	}
}

// A device has no end; a configuration that is one is refused before the memory is.
func TestLoadIsBounded(t *testing.T) {
	const endless = "/dev/zero"
	if _, err := os.Stat(endless); err != nil {
		t.Skip(err)
	}
	if _, err := Load(endless, Options{}); err == nil || !strings.HasPrefix(err.Error(), endless+":1:1: the file has more than") {
		t.Errorf("got %.100v", err)
	}
}

func TestLoadReadsTheEnvironment(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte("store: ${FIREBOSS_TEST_STORE}\nx: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("FIREBOSS_TEST_STORE", "here.db")
	_, err := Load(path, Options{})
	if want := path + ":2:1: unknown key x"; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want %s…", err, want)
	}
}

func TestIntegrations(t *testing.T) {
	s := parse(t, `
integrations:
  alertmanager: {key: "${KEY}", url: https://example.com, labels: {team: squad}}
  webhook: {password: secret, inner: {field: x}}
`, Options{Integrations: fakeIntegrations(), Env: env(map[string]string{"KEY": "k"})})
	key := Secret{}
	key.SetSecret("k", "${KEY}")
	webhook := &webhookConfig{Password: foreignSecret{"secret", ""}, Timeout: 30 * time.Second}
	webhook.Inner.Field = "x"
	want := Integrations{
		"alertmanager": &alertmanagerConfig{
			Key: []Secret{key}, URL: "https://example.com", Timeout: 10 * time.Second, Labels: map[string]string{"team": "squad"},
		},
		"webhook": webhook,
	}
	if !reflect.DeepEqual(s.Integrations, want) {
		t.Errorf("%+v", s.Integrations)
	}
}

// What no person writes is refused before the parser spends its time on it.
func TestBounds(t *testing.T) {
	for want, src := range map[string]string{
		"c:1:1: the file has more than":           strings.Repeat("# comment\n", maxBytes/10+1),
		"c:1:65: this is nested more than":        strings.Repeat("[", 100_000),
		"c:1:129: this is nested more than":       strings.Repeat("- ", 100_000),
		"c:2:3: this is not UTF-8 text":           "# \ufffd\n# \xff",
		"c:1:1: the file has more than 40000 wor": strings.Repeat("k: 1\n", 20_000),
		"c:1:1: anchors (&name) are not":          strings.Repeat("&a ", 100_000),
		"c:1:1: keys are written KEY: VALUE, wit": strings.Repeat("? ", 100_000),
	} {
		if _, err := Parse("c", []byte(src), Options{}); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.20q: got %.100v, want %s…", src, err, want)
		}
	}
}
