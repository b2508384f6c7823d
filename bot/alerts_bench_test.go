package bot

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
	"fireboss/incidents/store/bolt"
	"fireboss/integrations"
	"fireboss/integrations/prometheus"
)

// BenchmarkAlerts sends alerts over 64 connections, in the protocol in which Prometheus sends them, to our door, to the
// packaged Alertmanager, which keeps them in memory, and to a handler that does nothing; they take turns. Every alert that
// was answered is looked for in the store afterwards.
func BenchmarkAlerts(b *testing.B) {
	for _, many := range []int{1, 50} {
		b.Run(fmt.Sprint(many), func(b *testing.B) {
			for range b.N {
				compareIngest(b, many)
			}
		})
	}
}

const senders = 64

func compareIngest(b *testing.B, many int) {
	rounds, lasts := size(5, 1), time.Duration(size(1000, 100))*time.Millisecond
	ours := newIngest(b)
	targets := []struct{ name, url string }{{"ours", ours.url}, {"nothing", serving(b, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
	}))}}
	if url := packaged(b); url != "" {
		targets = append(targets, struct{ name, url string }{"alertmanager", url})
	}
	rates, tails := map[string][]float64{}, map[string][]float64{}
	var sent atomic.Int64 // numbers that make alerts differ
	for range rounds {
		for _, t := range targets {
			rate, p99, answered := flooded(b, t.url, many, lasts, &sent)
			rates[t.name], tails[t.name] = append(rates[t.name], rate), append(tails[t.name], p99.Seconds())
			if t.name == "ours" {
				ours.answered += answered
				ours.drain(b)
			}
		}
	}
	ours.check(b)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(rates["ours"])*float64(many), "alerts/s")
	b.ReportMetric(median(tails["ours"])*1e3, "ms-p99")
	b.ReportMetric(median(rates["ours"])/median(rates["nothing"]), "×nothing")
	if rates["alertmanager"] != nil {
		b.ReportMetric(median(rates["ours"])/median(rates["alertmanager"]), "×alertmanager")
		b.ReportMetric(median(tails["ours"])/median(tails["alertmanager"]), "×alertmanager-p99")
	}
}

// serving is the address of a handler.
func serving(b *testing.B, h http.Handler) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: h}
	go func() { _ = server.Serve(l) }()
	b.Cleanup(func() { _ = server.Close() })
	return "http://" + l.Addr().String() + "/api/v2/alerts"
}

// ingest is our door before a store on the disk.
type ingest struct {
	url      string
	store    *bolt.DB
	intake   *alertIntake
	answered int64
}

func newIngest(b *testing.B) *ingest {
	b.Helper()
	db, err := bolt.Open(filepath.Join(b.TempDir(), "fireboss.db"), bolt.Options{Rules: func() incidents.Rules { return incidents.Rules{} }})
	if err != nil {
		b.Fatal(err)
	}
	config := prometheus.Kind.Config().(*prometheus.Config)
	var key integrations.Secret
	key.SetSecret("benchmark-key", "")
	config.Inbound.Keys = []integrations.Secret{key}
	system, err := prometheus.Kind.New(config, integrations.Deps{})
	if err != nil {
		b.Fatal(err)
	}
	policy := alerts.Policy{Rules: []alerts.Rule{{Name: "all", When: "true", Do: alerts.Ignore}}}
	if err := policy.Compile(); err != nil {
		b.Fatal(err)
	}
	intake := newAlertIntake(db, map[string]*integrations.Source{prometheus.Name: system.Alerts}, func() alerts.Policy { return policy }, zerolog.Nop())
	intake.told = func(string, string) {}
	ctx, stop := context.WithCancel(context.Background())
	if err := intake.resume(ctx); err != nil {
		b.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() { intake.run(ctx) })
	url := serving(b, intake.door(nil))
	b.Cleanup(func() {
		stop()
		running.Wait()
		_ = db.Close()
	})
	return &ingest{url: strings.Replace(url, "/api/", "/hooks/prometheus/benchmark-key/api/", 1), store: db, intake: intake}
}

// drain waits until all that was taken is worked.
func (g *ingest) drain(b *testing.B) {
	b.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	g.intake.rest(ctx)
	if ctx.Err() != nil {
		b.Fatal("what was taken is not worked")
	}
	g.intake.ready.Store(true)
}

// check looks for every alert that was answered.
func (g *ingest) check(b *testing.B) {
	b.Helper()
	list, err := g.store.Alerts(b.Context(), store.AlertQuery{})
	if err != nil || int64(len(list)) < g.answered {
		b.Fatalf("%d alerts were answered, %d are there (%v)", g.answered, len(list), err)
	}
}

// flooded sends as much as is taken for a while: how many requests a second, how long the slowest of a hundred took, and how
// many alerts were answered.
func flooded(b *testing.B, url string, many int, lasts time.Duration, sent *atomic.Int64) (rate float64, p99 time.Duration, answered int64) {
	b.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: senders, MaxConnsPerHost: senders}}
	defer client.CloseIdleConnections()
	var mu sync.Mutex
	var took []time.Duration
	var all sync.WaitGroup
	began := time.Now()
	for range senders {
		all.Go(func() {
			var mine []time.Duration
			for time.Since(began) < lasts {
				body := alertBody(many, sent.Add(int64(many)))
				at := time.Now()
				res, err := client.Post(url, "application/json", bytes.NewReader(body))
				if err != nil {
					b.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, res.Body)
				_ = res.Body.Close()
				switch res.StatusCode {
				case http.StatusOK:
					mine = append(mine, time.Since(at))
				case http.StatusServiceUnavailable: // it is to be sent again
				default:
					b.Errorf("%s answers %d", url, res.StatusCode)
					return
				}
			}
			mu.Lock()
			took = append(took, mine...)
			mu.Unlock()
		})
	}
	all.Wait()
	if len(took) == 0 {
		b.Fatalf("%s has taken nothing", url)
	}
	slices.Sort(took)
	return float64(len(took)) / time.Since(began).Seconds(), took[len(took)*99/100], int64(len(took) * many)
}

// alertBody is a list of so many alerts of 820 bytes each, which end with a number that no other has.
func alertBody(many int, last int64) []byte {
	var b bytes.Buffer
	b.WriteByte('[')
	now := time.Now().UTC()
	for i := range many {
		if i > 0 {
			b.WriteByte(',')
		}
		n := b.Len()
		fmt.Fprintf(&b, `{"labels":{"alertname":"HighErrorRate","cluster":"prod-eu","instance":"10.0.0.1:8080","job":"web","n":"%d","service":"checkout","severity":"warning","team":"sre"},"annotations":{"summary":"5%% of the requests fail","runbook_url":"https://runbooks.example.com/HighErrorRate","description":"`, last-int64(i))
		tail := fmt.Sprintf(`"},"startsAt":%q,"endsAt":%q,"generatorURL":"http://prometheus:9090/graph?g0.expr=rate"}`, now.Format(time.RFC3339Nano), now.Add(4*time.Minute).Format(time.RFC3339Nano))
		b.WriteString(strings.Repeat("x", max(0, 820-(b.Len()-n)-len(tail))))
		b.WriteString(tail)
	}
	b.WriteByte(']')
	return b.Bytes()
}

// packaged starts Debian's Alertmanager; empty where there is none.
func packaged(b *testing.B) string {
	b.Helper()
	if _, err := exec.LookPath("prometheus-alertmanager"); err != nil {
		b.Log(err)
		return ""
	}
	dir := b.TempDir()
	config := filepath.Join(dir, "alertmanager.yml")
	if err := os.WriteFile(config, []byte("route: {receiver: none, group_wait: 1h}\nreceivers: [{name: none}]\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()
	cmd := exec.Command("prometheus-alertmanager", "--config.file="+config, "--storage.path="+dir, "--web.listen-address="+address, "--cluster.listen-address=", "--log.level=error")
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for range 200 {
		if res, err := http.Get("http://" + address + "/-/ready"); err == nil {
			_ = res.Body.Close()
			return "http://" + address + "/api/v2/alerts"
		}
		<-tick.C
	}
	b.Fatal("Alertmanager does not start")
	return ""
}
