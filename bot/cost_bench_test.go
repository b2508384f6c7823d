//go:build linux

package bot

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"fireboss/bot/slacksim"
	"fireboss/incidents/store/bolt"
)

// costRounds is how often the program is started; the figures are medians.
const costRounds = 5

// BenchmarkIdle starts the program as a process of its own, against a workspace,
// and reports how long it takes until /readyz says so, and its anonymous memory
// a moment later. FIREBOSS_BENCH_BINARY names the binary to take, such as the one
// that is released; else it is the test's own, which is larger.
func BenchmarkIdle(b *testing.B) {
	f := newFleet(b)
	var starts, bare, memory []float64
	for range costRounds {
		begin := time.Now()
		if out, err := f.command("version").CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
		bare = append(bare, milliseconds(begin))
		p := f.start(b)
		starts = append(starts, p.ready)
		memory = append(memory, p.anonymous(b))
		p.stop(b)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(starts), "ms-to-ready")
	b.ReportMetric(median(bare), "ms-version")
	b.ReportMetric(median(memory), "MB-anonymous")
	if info, err := os.Stat(f.binary); err == nil && os.Getenv("FIREBOSS_BENCH_BINARY") != "" {
		b.ReportMetric(float64(info.Size())/1e6, "MB-binary")
	}
}

// BenchmarkManyOpen is BenchmarkIdle with ten thousand open incidents in the
// store; the memory is taken after somebody has looked at every list and page,
// and at its peak. FIREBOSS_BENCH=full takes the ten thousand; else there are fewer.
func BenchmarkManyOpen(b *testing.B) {
	f := newFleet(b)
	open := size(10_000, 300)
	db, err := bolt.Open(filepath.Join(f.dir, "fireboss.db"), bolt.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if err := db.AddMirror(b.Context(), "slack"); err != nil {
		b.Fatal(err)
	}
	fill := filler{b, db}
	fill.each(open, func(i int) { fill.incident(i, false) })
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	var starts, idle, used []float64
	for range costRounds {
		p := f.start(b)
		starts, idle = append(starts, p.ready), append(idle, p.anonymous(b))
		for _, path := range []string{"/incidents", "/incidents/INC-3", "/incidents?q=checkout", "/api/v1/incidents", "/api/v1/incidents?q=shard", "/api/v1/incidents/INC-3/events", "/metrics"} {
			p.get(b, path)
		}
		f.slash("list")
		f.slash("search checkout")
		used = append(used, p.anonymous(b))
		p.stop(b)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(starts), "ms-to-ready")
	b.ReportMetric(median(idle), "MB-anonymous")
	b.ReportMetric(median(used), "MB-anonymous-used")
	b.ReportMetric(float64(open), "incidents")
}

// fleet is a workspace and a folder in which the program is started again and again.
type fleet struct {
	binary, dir, config, address string
	sim                          *slacksim.Server
}

// newFleet makes both; more are further lines of the configuration.
func newFleet(b testing.TB, more ...string) *fleet {
	f := &fleet{binary: os.Getenv("FIREBOSS_BENCH_BINARY"), dir: b.TempDir()}
	if f.binary == "" {
		f.binary = os.Args[0]
	}
	var err error
	if f.sim, err = slacksim.New(slacksim.Options{}); err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(f.sim.Handler())
	b.Cleanup(func() { f.sim.Close(); server.Close() })
	free, err := net.Listen("tcp", "127.0.0.1:0") // so that its /readyz can be asked before it says where it is
	if err != nil {
		b.Fatal(err)
	}
	f.address = free.Addr().String()
	free.Close()
	f.config = filepath.Join(f.dir, "config.yaml")
	text := fmt.Sprintf("store: %q\nhttp: {listen: %q, public_url: %q}\nslack: {bot_token: xoxb-simulator, app_token: xapp-simulator, api_url: %q}\napi_tokens: [{name: ops, token: %q, scope: admin}]\n",
		filepath.Join(f.dir, "fireboss.db"), f.address, "http://"+f.address, server.URL+"/api/", storyToken) + strings.Join(more, "")
	if err := os.WriteFile(f.config, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	return f
}

func (f *fleet) command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(context.Background(), f.binary, args...)
	cmd.Env = append(os.Environ(), "FIREBOSS_TEST_PROGRAM=1")
	return cmd
}

// slash has somebody type a command in the workspace.
func (f *fleet) slash(text string) {
	body := fmt.Appendf(nil, `{"user":"@alice","channel":"#general","command":"/incident","text":%q}`, text)
	r := httptest.NewRequest(http.MethodPost, "/sim/slash", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	f.sim.Handler().ServeHTTP(httptest.NewRecorder(), r)
}

// ship is a program that runs.
type ship struct {
	*fleet
	cmd   *exec.Cmd
	ready float64 // ms from its start to its readiness
	log   bytes.Buffer
}

func (f *fleet) start(b testing.TB) *ship {
	p := &ship{fleet: f, cmd: f.command("serve", "--config", f.config)}
	p.cmd.Stderr = &p.log
	begin := time.Now()
	if err := p.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for time.Since(begin) < time.Minute {
		if res, err := http.Get("http://" + f.address + "/readyz"); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				p.ready = milliseconds(begin)
				return p
			}
		}
		<-tick.C
	}
	p.stop(b)
	b.Fatalf("it did not get ready:\n%s", p.log.String())
	return nil
}

// stop ends it as a service manager does.
func (p *ship) stop(b testing.TB) {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		b.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		b.Fatalf("%v\n%s", err, p.log.String())
	}
}

func (p *ship) get(b testing.TB, path string) string {
	r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, "http://"+p.address+path, nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+storyToken)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		b.Fatal(path, res.Status, err)
	}
	return string(body)
}

var rssAnon = regexp.MustCompile(`RssAnon:\s+(\d+) kB`)

// anonymous is the process's anonymous memory in MB: what is its own alone, and
// not, as the pages of the store and of the binary are, the kernel's to take back
// (proc_pid_status(5), RssAnon).
func (p *ship) anonymous(b testing.TB) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	m := rssAnon.FindSubmatch(status)
	if err != nil || m == nil {
		b.Fatalf("%v\n%s", err, status)
	}
	kB, _ := strconv.ParseFloat(string(m[1]), 64)
	return kB * 1024 / 1e6
}
