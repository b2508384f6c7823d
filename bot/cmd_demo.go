package bot

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"fireboss/bot/settings"
	"fireboss/bot/slacksim"
	"fireboss/integrations"
	"fireboss/integrations/alertmanager"
	"fireboss/integrations/prometheus"
)

// demoFlags are what the demo can be told.
type demoFlags struct {
	listen, workspace, data, config string
	empty                           bool
	sim                             slacksim.Options
}

func newDemo(e *env) *cobra.Command {
	var f demoFlags
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Try everything in one process: a Slack workspace, the bot and its pages",
		Args:  exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return e.demo(cmd.Context(), f, cmd.Flags().Changed)
		},
	}
	cmd.Flags().StringVar(&f.listen, "listen", defaultDashboard, "the `ADDRESS` of dashboard, hooks and API; port 0 picks a free one")
	cmd.Flags().StringVar(&f.workspace, "workspace", defaultWorkspace, "the `ADDRESS` of the workspace; port 0 picks a free one")
	cmd.Flags().StringVar(&f.data, "data", "", "the `FOLDER` that keeps everything; left out, a fresh temporary one")
	cmd.Flags().StringVar(&f.config, "config", "", "a configuration `FILE` instead of the built-in one; its Slack section is replaced")
	cmd.Flags().BoolVar(&f.empty, "empty", false, "begin without sample history")
	simulatorFlags(cmd, &f.sim)
	return cmd
}

func (e *env) demo(ctx context.Context, f demoFlags, asked func(string) bool) error {
	pages, err := e.listen(f.listen, asked("listen"))
	if err != nil {
		return err
	}
	at, err := e.listen(f.workspace, asked("workspace"))
	if err != nil {
		return errors.Join(err, pages.Close())
	}
	dir, err := dataFolder(f.data) // not before it is clear that something will be in it
	if err != nil {
		return errors.Join(err, pages.Close(), at.Close())
	}
	f.sim.Data = dir
	fire := newFire("http://" + at.Addr().String())
	w, err := startWorkspace(at, f.sim, fire.wrap)
	if err != nil {
		return errors.Join(err, pages.Close(), at.Close())
	}
	defer fire.end()
	return errors.Join(e.demoBot(ctx, f, dir, pages, w), w.stop())
}

// demoBot runs the bot beside the workspace.
func (e *env) demoBot(ctx context.Context, f demoFlags, dir string, pages net.Listener, w *workspace) error {
	token := e.getenv("FIREBOSS_API_TOKEN")
	if token == "" {
		var b [16]byte
		_, _ = rand.Read(b[:]) // never fails
		token = hex.EncodeToString(b[:])
	}
	s, err := e.demoSettings(f.config, dir, pages.Addr().String(), w.url, token)
	if err != nil {
		return errors.Join(err, pages.Close())
	}
	fresh := notThere(s.Store.Reveal())
	if err := writeConfig(filepath.Join(dir, "config.yaml"), s); err != nil {
		return errors.Join(err, pages.Close())
	}
	if fresh && !f.empty {
		if err := seed(ctx, s); err != nil {
			return errors.Join(err, pages.Close())
		}
	}
	p, err := newProgram(s, pages, nil, e.logger(), func(p *program) { p.demo = demoVisitors })
	if err != nil {
		return errors.Join(notHere(err, "stop that one first, or choose another folder with --data"), pages.Close())
	}
	if err := p.start(ctx); err != nil {
		return errors.Join(err, p.stop())
	}
	if err := p.untilReady(ctx); err != nil {
		return errors.Join(err, p.stop())
	}
	dashboard := "http://" + pages.Addr().String()
	fmt.Fprintf(e.stdout, "ready dashboard=%s workspace=%s api_token=%s data=%s\n", dashboard, w.url, token, dir)
	if e.terminal() {
		fmt.Fprintf(e.stderr, "\n  1. Open the workspace: %s\n  2. Type:               /incident open sev1 checkout is down\n  3. See the record:     %s\n     (be somebody there: %s/sign-in)\n\n", w.url, dashboard, dashboard)
	}
	return p.wait(ctx)
}

// demoVisitors are those of the workspace, as whom its visitors sign in with a click.
var demoVisitors = []string{"alice", "bob", "carol", "dave", "grace"}

func dataFolder(dir string) (string, error) {
	if dir == "" {
		tmp, err := os.MkdirTemp("", "fireboss-demo-")
		if err != nil {
			return "", fmt.Errorf("cannot make a folder for the demo's data: %w", err)
		}
		return tmp, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("cannot make the folder for --data: %w", err)
	}
	return dir, nil
}

func notThere(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, os.ErrNotExist)
}

// demoSettings are the built-in configuration, or the given one, with the
// workspace and the places of this demo put in.
func (e *env) demoSettings(config, dir, listen, workspace, token string) (settings.Settings, error) {
	s := builtIn(token)
	if config != "" {
		var err error
		if s, err = e.read(config, settings.Options{}); err != nil {
			return s, err
		}
	}
	if whole, err := filepath.Abs(dir); err == nil { // so that the configuration serves from any folder
		dir = whole
	}
	s.Store = settings.NewStore(filepath.Join(dir, "fireboss.db"))
	s.HTTP.Listen, s.HTTP.PublicURL = settings.Address(listen), settings.BaseURL("http://"+listen)
	s.HTTP.TLS, s.HTTP.BehindProxy = settings.TLS{}, false
	s.Slack.BotToken, s.Slack.AppToken = settings.NewSecret(slacksim.BotToken), settings.NewSecret(slacksim.AppToken)
	s.Slack.APIURL = settings.APIURL(workspace + "/api/")
	if s.Slack.Announce == "" {
		s.Slack.Announce = "#incidents"
	}
	tokens := []settings.APIToken{{Name: "demo", Token: settings.NewSecret(token), Scope: settings.ScopeAdmin}}
	for _, t := range s.APITokens {
		if t.Name != "demo" && t.Token.Reveal() != token {
			tokens = append(tokens, t)
		}
	}
	s.APITokens = tokens
	return s, nil
}

// builtIn is the demo's own configuration: the defaults, with people who come,
// services that can break, and monitoring that says so, with the token as its key.
// What is critical opens an incident.
func builtIn(token string) settings.Settings {
	s := settings.Defaults()
	key := integrations.Inbound{Keys: []integrations.Secret{{}}}
	key.Keys[0].SetSecret(token, "")
	s.Integrations = map[string]any{
		alertmanager.Name: &alertmanager.Config{Inbound: key},
		prometheus.Name:   &prometheus.Config{Inbound: key},
	}
	for i, r := range s.Alerts.Rules {
		if r.Do == settings.AlertDeclare {
			s.Alerts.Rules[i].Shadow = false
		}
	}
	s.Permissions.Admin = []settings.Grantee{"@alice"}
	s.Open.Invite = settings.Invitations{"sev1": {"@oncall"}}
	s.Open.Alarm.Channels = []settings.Channel{"#alerts", "#incidents"}
	s.Services = settings.Services{
		"checkout": {Tier: 1, Owner: "@oncall", Runbook: "https://runbooks.example.com/checkout", Dashboards: []settings.URL{"https://grafana.example.com/d/checkout"}},
		"search":   {Tier: 2, Owner: "@bob", Runbook: "https://runbooks.example.com/search"},
		"login":    {Tier: 1, Owner: "@oncall", Runbook: "https://runbooks.example.com/login"},
		"catalog":  {Tier: 2, Owner: "@bob"}, "warehouse": {Tier: 2, Owner: "@alice"}, "email": {Tier: 3, Owner: "@carol"}, "analytics": {Tier: 3, Owner: "@dave"},
	}
	return s
}

// writeConfig writes the configuration in effect for the other commands. The
// tokens of the demo are no secrets beyond this folder, which is its owner's.
func writeConfig(path string, s settings.Settings) error {
	b, err := settings.Effective(s, func(string) bool { return true })
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		return fmt.Errorf("cannot write the demo's configuration: %w", err)
	}
	return nil
}

// untilReady waits until Slack has said hello and the pages answer.
func (p *program) untilReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		err := p.ready(ctx)
		if err == nil {
			return p.answers(ctx)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the demo did not get ready: %w", err)
		case err := <-p.ended:
			return err
		case <-tick.C:
		}
	}
}

func (p *program) answers(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.listen.Addr().String()+"/readyz", nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return res.Body.Close()
}
