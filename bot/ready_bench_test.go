package bot

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"fireboss/bot/settings"
	"fireboss/bot/slacksim"
)

// BenchmarkOpenToReady opens incidents, on real sockets and a real disk, with a
// workspace that takes 100 ms for an answer, and reports by how much a declarer
// is later in the channel than two round trips want, and the pin than three. What
// a round trip takes is measured beside it, with calls that do nothing.
//
// That there are two, and three, is counted in virtual time by
// TestTheDeclarerIsInTheChannelAfterTwoRoundTrips.
func BenchmarkOpenToReady(b *testing.B) {
	const latency = 100 * time.Millisecond
	sim, err := slacksim.New(slacksim.Options{Latency: latency})
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(sim.Handler())
	w := &bubble{sim: sim}
	s := builtIn("simulated-key")
	s.Store = settings.NewStore(filepath.Join(b.TempDir(), "fireboss.db"))
	s.Slack.BotToken, s.Slack.AppToken = settings.NewSecret(slacksim.BotToken), settings.NewSecret(slacksim.AppToken)
	s.Slack.APIURL = settings.APIURL(server.URL + "/api/")
	listen, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	p, err := newProgram(s, listen, nil, zerolog.Nop())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := p.stop(); err != nil {
			b.Error(err)
		}
		sim.Close()
		server.Close()
	})
	if err := p.start(b.Context()); err != nil {
		b.Fatal(err)
	}
	if err := p.untilReady(b.Context()); err != nil {
		b.Fatal(err)
	}
	var trips, declarer, pin, ack []float64
	for round := range size(15, 5) { // Slack lets twenty channels be made at once (tier 2)
		trips = append(trips, bareCall(b, server.URL))
		before, err := w.callsSince(0)
		if err != nil {
			b.Fatal(err)
		}
		begin := time.Now()
		out := w.call(http.MethodPost, "/sim/slash", map[string]any{"user": "@alice", "channel": "#general", "command": "/incident", "text": fmt.Sprintf("open sev1 number %d", round)})
		ms, _ := out["ack_ms"].(float64)
		ack = append(ack, ms)
		calls := untilCalled(b, w, before[len(before)-1].N, "pins.add")
		invited, _ := first(calls, "conversations.invite")
		pinned, _ := first(calls, "pins.add")
		declarer = append(declarer, float64(invited.ended().Sub(begin).Microseconds())/1000)
		pin = append(pin, float64(pinned.ended().Sub(begin).Microseconds())/1000)
	}
	trip := median(trips)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(trip, "ms-round-trip")
	b.ReportMetric(median(declarer)-2*trip, "ms-over-2-trips")
	b.ReportMetric(median(pin)-3*trip, "ms-over-3-trips-to-pin")
	b.ReportMetric(median(ack), "ms-ack")
}

// bareCall is how many ms a call takes that does nothing.
func bareCall(b *testing.B, workspace string) float64 {
	begin := time.Now()
	res, err := http.Post(workspace+"/api/api.test", "application/x-www-form-urlencoded", strings.NewReader("token="+slacksim.BotToken))
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	var out map[string]any
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		b.Fatal(err)
	}
	return milliseconds(begin)
}

// untilCalled waits until a method was called after the n-th call, and answers
// the calls since.
func untilCalled(b *testing.B, w *bubble, n int64, method string) []simCall {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for begin := time.Now(); time.Since(begin) < 30*time.Second; <-tick.C {
		calls, err := w.callsSince(n)
		if err != nil {
			b.Fatal(err)
		}
		if _, ok := first(calls, method); ok {
			return calls
		}
	}
	b.Fatalf("%s was not called", method)
	return nil
}
