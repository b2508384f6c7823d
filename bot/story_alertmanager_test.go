package bot

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"fireboss/incidents"
	"fireboss/integrations"
	"fireboss/integrations/alertmanager"
)

// monitoring is Debian's own Prometheus and Alertmanager, which watch some targets of this test and tell the bot of them.
type monitoring struct {
	s       *story
	targets []*target
	door    *httptest.Server        // stands before the bot, and refuses so often
	bot     atomic.Pointer[url.URL] // where it is now
	refuses atomic.Int32
	refused atomic.Int32
	manager string // Alertmanager's address
}

// target is a service that can be down, at an address that stays.
type target struct {
	t       *testing.T
	address string
	server  *http.Server
}

func (g *target) up() {
	g.t.Helper()
	l, err := net.Listen("tcp", g.address)
	if err != nil {
		g.t.Fatal(err)
	}
	g.address = l.Addr().String()
	g.server = &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "alive 1\n") })}
	go func() { _ = g.server.Serve(l) }()
}

func (g *target) down() { _ = g.server.Close() }

// monitor starts both, for so many targets. An alert of theirs is critical and is of the service checkout.
func (s *story) monitor(targets int, manager string) *monitoring {
	s.t.Helper()
	for _, name := range []string{"prometheus", "prometheus-alertmanager"} {
		if _, err := exec.LookPath(name); err != nil {
			if os.Getenv("FIREBOSS_TEST_REQUIRE_ALL") == "1" {
				s.t.Fatal(err)
			}
			s.t.Skip(err)
		}
	}
	m := &monitoring{s: s, manager: manager}
	for range targets {
		g := &target{t: s.t, address: "127.0.0.1:0"}
		g.up()
		s.t.Cleanup(g.down)
		m.targets = append(m.targets, g)
	}
	m.leadsTo(s.dashboard)
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(m.bot.Load()) }}
	m.door = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if m.refuses.Add(-1) >= 0 {
			m.refused.Add(1)
			http.Error(w, "busy", http.StatusServiceUnavailable)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	s.t.Cleanup(m.door.Close)
	m.startBoth()
	return m
}

// leadsTo says where the bot is.
func (m *monitoring) leadsTo(address string) {
	m.s.t.Helper()
	at, err := url.Parse(address)
	if err != nil {
		m.s.t.Fatal(err)
	}
	m.bot.Store(at)
}

func (m *monitoring) startBoth() {
	dir := m.s.t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			m.s.t.Fatal(err)
		}
		return path
	}
	manager, addresses := m.manager, []string{}
	for _, g := range m.targets {
		addresses = append(addresses, g.address)
	}
	rules := file("rules.yml", `groups: [{name: a, interval: 200ms, rules: [{alert: TargetDown, expr: "up == 0", labels: {severity: critical, service: checkout}, annotations: {summary: "{{ $labels.instance }} is down"}}]}]`)
	scrape := file("prometheus.yml", fmt.Sprintf("global: {scrape_interval: 200ms, scrape_timeout: 200ms, evaluation_interval: 200ms}\nrule_files: [%q]\nscrape_configs: [{job_name: web, static_configs: [{targets: [%s]}]}]\nalerting: {alertmanagers: [{static_configs: [{targets: [%q]}]}]}\n",
		rules, strings.Join(addresses, ","), manager))
	route := file("alertmanager.yml", fmt.Sprintf("route: {receiver: bot, group_by: [alertname], group_wait: 100ms, group_interval: 300ms, repeat_interval: 1h}\nreceivers: [{name: bot, webhook_configs: [{url: %q, max_alerts: 1, http_config: {authorization: {credentials: %s}}}]}]\n",
		m.door.URL+"/hooks/alertmanager", storyToken))
	m.runs("prometheus-alertmanager", "--config.file="+route, "--storage.path="+filepath.Join(dir, "am"), "--web.listen-address="+manager, "--cluster.listen-address=")
	m.runs("prometheus", "--config.file="+scrape, "--storage.tsdb.path="+filepath.Join(dir, "prom"), "--web.listen-address="+free(m.s.t), "--rules.alert.resend-delay=1s")
}

func (m *monitoring) runs(name string, args ...string) {
	cmd := exec.Command(name, args...)
	log, err := os.Create(filepath.Join(m.s.t.TempDir(), "log"))
	if err != nil {
		m.s.t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		m.s.t.Fatal(err)
	}
	m.s.t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		if m.s.t.Failed() {
			text, _ := os.ReadFile(log.Name())
			m.s.t.Logf("%s said:\n%s", name, text[max(0, len(text)-4000):])
		}
		_ = log.Close()
	})
}

// free is an address that nobody listens at.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// silences has somebody silence the real Alertmanager, and end that again.
func (m *monitoring) silences() {
	s := m.s
	s.t.Helper()
	out := &integrations.Outbound{}
	defer out.Close()
	in, err := alertmanager.Kind.New(&alertmanager.Config{URL: integrations.BaseURL("http://" + m.manager)}, integrations.Deps{Outbound: out})
	if err != nil {
		s.t.Fatal(err)
	}
	if err := in.Check(s.t.Context()); err != nil {
		s.t.Error(err)
	}
	there := func() string {
		out, err := http.Get("http://" + m.manager + "/api/v2/silences")
		if err != nil {
			s.t.Fatal(err)
		}
		defer out.Body.Close()
		body, _ := io.ReadAll(out.Body)
		return string(body)
	}
	s.call("slash", map[string]any{"user": "@bob", "channel": "#general", "command": "/incident", "text": `silence labels.service=~"search|mail",team!="a \"b\"" 2h a new disk`})
	s.until("it is silenced there", func() bool { return strings.Contains(there(), `"state":"active"`) })
	if got := there(); strings.Count(got, `"id":`) != 1 || !strings.Contains(got, "Fireboss SI-1 #") || !strings.Contains(got, `"isRegex":true,"name":"service","value":"search|mail"`) || !strings.Contains(got, `"isEqual":false`) || !strings.Contains(got, `a \"b\"`) {
		s.t.Errorf("there is %s", got)
	}
	s.call("slash", map[string]any{"user": "@bob", "channel": "#general", "command": "/incident", "text": "silence end SI-1"})
	s.until("it is ended there", func() bool { return strings.Contains(there(), `"state":"expired"`) })
}

// A target dies, and an incident opens; it comes back, and the alert is over. The real Prometheus and Alertmanager say so,
// and say it again where they were told to.
func TestStoryARealAlertmanager(t *testing.T) {
	s := newStory(t)
	s.data = t.TempDir()
	s.sim = run(t, "simulator", "--listen", "127.0.0.1:0")
	s.workspace = field(s.sim.line("ready "), "workspace")
	manager := free(t)
	s.also = fmt.Sprintf("integrations: {alertmanager: {key: %s, url: 'http://%s'}}\nalerts: {rules: [{name: near, when: open.same_group or open.same_service, do: attach}, {name: critical, when: 'alert.severity == \"critical\"', do: declare, severity: sev1}]}\n", storyToken, manager)
	s.startBot()
	m := s.monitor(3, manager)
	incident := func() string { _, body := s.get("/api/v1/incidents/INC-1"); return body }
	events := func(kind incidents.Kind) int {
		_, body := s.get("/api/v1/incidents/INC-1/events?limit=1000")
		return strings.Count(body, fmt.Sprintf(`"kind":%q`, kind))
	}

	m.refuses.Store(2) // the first words of it are to be said again
	m.targets[0].down()
	s.until("the target's death opened an incident", func() bool { return strings.Contains(incident(), m.targets[0].address+" is down") })
	if m.refused.Load() != 2 || !strings.Contains(incident(), `"severity":"sev1"`) || !strings.Contains(incident(), `"status":"triage"`) || events(incidents.AlertAttached) != 1 {
		t.Errorf("refused %d times, %d alerts: %s", m.refused.Load(), events(incidents.AlertAttached), incident())
	}
	m.targets[0].up()
	s.until("the alert is over", func() bool { return events(incidents.AlertResolved) == 1 })
	m.silences()

	// Three die; Alertmanager was told to name one alert of a group, and says that the group is over.
	for _, g := range m.targets {
		g.down()
	}
	s.until("at least one of them is known", func() bool { return events(incidents.AlertAttached) >= 2 })
	s.bot.kill() // whatever was taken is worked in the next life
	s.startBot()
	m.leadsTo(s.dashboard)
	for _, g := range m.targets {
		g.up()
	}
	s.until("all that is known is over", func() bool {
		return events(incidents.AlertAttached) >= 2 && events(incidents.AlertResolved) == events(incidents.AlertAttached)
	})
	if _, body := s.get("/api/v1/incidents"); strings.Count(body, `"number":`) != 1 {
		t.Errorf("more than one incident was opened: %s", body)
	}
}
