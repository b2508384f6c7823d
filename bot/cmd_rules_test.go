package bot

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"fireboss/bot/web"
	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store/bolt"
)

// rung makes a store with an incident and alerts of the last hours and of a month ago, and its configuration.
func rung(t *testing.T) (config string, open func() *bolt.DB) {
	t.Helper()
	dir := t.TempDir()
	config = filepath.Join(dir, "config.yaml")
	path := filepath.Join(dir, "fireboss.db")
	if err := os.WriteFile(config, []byte("store: "+path+"\nslack: {bot_token: xoxb-1, app_token: xapp-1}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	open = func() *bolt.DB {
		db, err := bolt.Open(path, bolt.Options{Rules: func() incidents.Rules { return incidents.Rules{} }})
		if err != nil {
			t.Fatal(err)
		}
		return db
	}
	db := open()
	defer db.Close()
	now := time.Now()
	who := incidents.Actor{Kind: incidents.User, ID: "slack:T1/U1", Name: "alice"}
	if _, err := db.Apply(t.Context(), incidents.Command{Actor: who, Do: incidents.Open{Title: "checkout is down", Services: []string{"checkout"}}}); err != nil {
		t.Fatal(err)
	}
	policy := alerts.Policy{Rules: []alerts.Rule{{Name: "the rest", When: "true", Do: alerts.Notify}}}
	if err := policy.Compile(); err != nil {
		t.Fatal(err)
	}
	for i, s := range []alerts.Signal{
		{Title: "long ago", Severity: alerts.Critical}, {Title: "the disk fills\x1b[31m", Severity: alerts.Critical, Service: "db"}, {Title: "cards are slow", Severity: alerts.High, Service: "checkout"}, {Title: "a job was late", Severity: alerts.Low},
	} {
		at := now.Add(time.Duration(i) * time.Minute)
		if i == 0 {
			at = now.AddDate(0, 0, -30)
		}
		s.Fingerprint, s.Status = fmt.Sprint(i), alerts.Firing
		h := alerts.Heard{Source: "prometheus", Signal: s.Clean(at), At: at}
		if _, _, err := db.HearAlert(t.Context(), h, func(f alerts.Facts) alerts.Change { return policy.Hear(h, f) }); err != nil {
			t.Fatal(err)
		}
	}
	return config, open
}

const triedRules = `alerts:
  rules:
    - {name: same service, when: 'open.same_service', do: attach}
    - {name: critical, when: 'alert.severity == "critical"', do: declare}
    - {name: low, when: 'alert.severity == "low"', do: ignore, shadow: true}
    - {name: the rest, when: 'true', do: notify}
`

func TestRulesAreTried(t *testing.T) {
	config, open := rung(t)
	rules := filepath.Join(filepath.Dir(config), "rules.yaml")
	if err := os.WriteFile(rules, []byte(triedRules), 0o600); err != nil {
		t.Fatal(err)
	}
	wants := func(how string, args ...string) {
		t.Helper()
		code, out, errs := cli(t, append([]string{"rules", "test", rules}, args...)...)
		var got []string
		for line := range strings.Lines(out) {
			fields := strings.Fields(line)
			if len(fields) > 3 && strings.HasPrefix(line, "AL-") {
				fields = append(fields[:1], fields[3:]...) // without its time
			}
			got = append(got, strings.Join(fields, " "))
		}
		want := []string{
			"AL-2 prometheus critical the disk fills [31m declare new-1 (critical) != notify (the rest)",
			"AL-3 prometheus high cards are slow attach INC-1 (same service) != notify (the rest)",
			"AL-4 prometheus low a job was late notify (the rest), in shadow ignore (low)", "",
			"rule holds for declare attach notify page ignore differs",
			"same service 1 0 1 0 0 0 1", "critical 1 1 0 0 0 0 1", "low (in shadow) 1 0 0 0 0 1 0", "the rest 1 0 0 1 0 0 0", "",
		}
		if code != 0 || errs != "" || len(got) != len(want)+1 || !strings.HasPrefix(got[len(got)-1], "3 alerts since ") || !strings.HasSuffix(got[len(got)-1], "UTC; of 2 something else became.") {
			t.Fatalf("%s: %d %s\n%s", how, code, errs, out)
		}
		for i, line := range want {
			if strings.ReplaceAll(got[i], "\x1b", "") != line || strings.Contains(got[i], "\x1b") {
				t.Errorf("%s:\n got  %q\n want %q", how, got[i], line)
			}
		}
	}
	wants("a store", "--config", config)
	if code, out, _ := cli(t, "rules", "test", config, "--config", config); code != 0 || !strings.HasPrefix(out, config+" has no alerts.rules of its own: these are the default rules.\n") {
		t.Errorf("the default rules are tried: %d %s", code, out)
	}
	if code, out, _ := cli(t, "rules", "test", rules, "--config", config); code != 0 || strings.Contains(out, "default rules") {
		t.Errorf("other rules are tried: %d %s", code, out)
	}
	db := open()
	defer db.Close()
	server := httptest.NewServer(web.New(web.Options{Store: db, Tokens: []web.Token{{Name: "ops", Secret: storyToken, Scope: web.Admin}}, Log: zerolog.Nop()}))
	defer server.Close()
	wants("a bot", "--server", server.URL, "--since", "7d")
	if code, out, _ := cli(t, "rules", "test", rules, "--server", server.URL, "--since", "40d"); code != 0 || !strings.Contains(out, "4 alerts since") || !strings.Contains(out, "long ago") {
		t.Errorf("40 days: %d %s", code, out)
	}
	if code, _, errs := cli(t, "rules", "test", rules, "--config", config); code != 1 || !strings.Contains(errs, "in use by pid") || !strings.Contains(errs, "--server http") {
		t.Errorf("a store in use: %d %s", code, errs)
	}
}

func TestRulesThatCannotBeTried(t *testing.T) {
	config, _ := rung(t)
	dir := filepath.Dir(config)
	bad := filepath.Join(dir, "bad.yaml")
	if err := os.WriteFile(bad, []byte("alerts:\n  rules:\n    - {name: x, when: 'alert.severty == 1', do: attach}\n    - {name: x, when: 'true', do: shout}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"rules"}, 2, "rules wants test FILE"}, {[]string{"rules", "tset"}, 2, "rules wants test FILE"}, {[]string{"rules", "test"}, 2, "accepts 1 arg"}, {[]string{"rules", "test", bad, bad}, 2, "accepts 1 arg"},
		{[]string{"rules", "test", config, "--since", "7 days"}, 2, "--since"}, {[]string{"rules", "test", config, "--since", "0"}, 2, "--since must be longer"},
		{[]string{"rules", "test", config, "--server", "nowhere"}, 2, "is no address"},
		{[]string{"rules", "test", bad, "--config", config}, 1, "bad.yaml:3:"}, {[]string{"rules", "test", bad, "--config", config}, 1, "bad.yaml:4:"},
		{[]string{"rules", "test", filepath.Join(dir, "none.yaml"), "--config", config}, 1, "name a file that has alerts.rules, such as your configuration"},
		{[]string{"rules", "test", config, "--config", filepath.Join(dir, "none.yaml")}, 1, "cannot be read"},
	} {
		code, out, errs := cli(t, c.args...)
		if code != c.code || !strings.Contains(errs, c.says) || code != 0 && out != "" {
			t.Errorf("%q: %d %q %q", c.args, code, out, errs)
		}
	}
}
