//go:build linux

package bot

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// alertsConfig is what the program is told beside the rest to take Prometheus' alerts.
const alertsConfig = "integrations: {prometheus: {key: benchmark-key}}\nalerts: {rules: [{name: all, when: \"true\", do: ignore}]}\n"

// BenchmarkAlerts sends alerts over 64 connections, in the protocol in which Prometheus sends them, to our program, to the
// packaged Alertmanager, which keeps them in memory, and to a handler that does nothing: each is a process of its own, and
// they take turns. At the end our program is killed, and every alert that it answered is looked for in its store.
func BenchmarkAlerts(b *testing.B) {
	for _, c := range []struct{ many, requests int }{{1, size(15_000, 1500)}, {50, size(1000, 100)}} {
		b.Run(fmt.Sprint(c.many), func(b *testing.B) {
			for range b.N {
				compareIngest(b, c.many, c.requests)
			}
		})
	}
}

func compareIngest(b *testing.B, many, requests int) {
	f := newFleet(b, alertsConfig)
	ours := f.start(b)
	alive := true
	b.Cleanup(func() {
		if alive {
			ours.kill()
		}
	})
	type target struct{ name, url string }
	targets := []target{{"ours", ours.hook()}, {"nothing", nothing(b)}}
	if url := packaged(b); url != "" {
		targets = append(targets, target{"alertmanager", url})
	}
	rates, tails, drained := map[string][]float64{}, map[string][]float64{}, []float64{}
	var last atomic.Int64 // numbers that make alerts differ
	var answered []int64
	busy := 0
	for round := range 1 + size(5, 1) { // the first warms up
		for _, t := range targets {
			s, err := newSender(t.url, many)
			if err != nil {
				b.Fatal(err)
			}
			s.last.Store(last.Load())
			began := time.Now()
			s.send(requests)
			took := time.Since(began).Seconds()
			last.Store(s.last.Load())
			if s.err != nil || len(s.took) == 0 {
				b.Fatalf("%s: %v", t.name, s.err)
			}
			if t.name == "ours" {
				answered, busy = append(answered, s.answered...), busy+s.busy
				ours.drain(b)
				drained = append(drained, float64(len(s.took)*many)/time.Since(began).Seconds())
			}
			if round > 0 {
				rates[t.name], tails[t.name] = append(rates[t.name], float64(len(s.took))/took), append(tails[t.name], p99(s.took).Seconds())
			}
		}
	}
	if os.Getenv("FIREBOSS_TEST_PROFILE") != "" { // it is written at the end
		ours.stop(b)
	} else {
		ours.kill()
	}
	alive = false
	checkAnswered(b, f, many, answered)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(rates["ours"])*float64(many), "alerts/s")
	b.ReportMetric(median(drained), "decided/s")
	b.ReportMetric(median(tails["ours"])*1e3, "ms-p99")
	b.ReportMetric(median(rates["ours"])/median(rates["nothing"]), "×nothing")
	b.ReportMetric(float64(busy), "busy")
	if rates["alertmanager"] != nil {
		b.ReportMetric(median(rates["ours"])/median(rates["alertmanager"]), "×alertmanager")
		b.ReportMetric(median(tails["ours"])/median(tails["alertmanager"]), "×alertmanager-p99")
	}
}

// hook is where Prometheus would send to.
func (p *ship) hook() string {
	return "http://" + p.address + "/hooks/prometheus/benchmark-key/api/v2/alerts"
}

// drain waits until all that was taken is decided about.
func (p *ship) drain(b testing.TB) {
	b.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for began := time.Now(); time.Since(began) < 2*time.Minute; <-tick.C {
		if strings.Contains(p.get(b, "/metrics"), "\nfireboss_hooks_waiting 0\n") {
			return
		}
	}
	b.Fatal("what was taken is not decided about")
}

// kill ends it as kill -9 does.
func (p *ship) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// nothing is the address of such a process.
func nothing(b *testing.B) string {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "FIREBOSS_TEST_NOTHING=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		b.Fatal("the handler that does nothing does not start")
	}
	return lines.Text()
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
	cmd := exec.CommandContext(context.Background(), "prometheus-alertmanager", "--config.file="+config, "--storage.path="+dir, "--web.listen-address="+address, "--cluster.listen-address=", "--log.level=error")
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
