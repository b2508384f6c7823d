//go:build linux

package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/rs/zerolog"
	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/store/bolt"
)

// ackWindow is how many envelopes are in flight.
const ackWindow = 64

// ackSizes are how many rounds there are, of how many envelopes: with ackWindow of
// them in flight, and one after the other. As many as make the medians steady
// take FIREBOSS_BENCH=full; CI runs each benchmark once, with fewer.
func ackSizes() (rounds, flying, single int) {
	if os.Getenv("FIREBOSS_BENCH") == "full" {
		return 7, 2000, 400
	}
	return 5, 400, 100
}

// BenchmarkAcks compares how fast envelopes are acknowledged: by us, who write
// each to the disk before, and by slack-go's own loop, which writes nothing.
// Both stand on the same WebSocket library and take turns within one run; what
// counts is the ratio of the medians.
//
// What is acknowledged is also worked, in the same time on the same processors:
// a click on a button that says nothing, a message in a channel of no incident,
// and a command. The command is worked and answered before it is acknowledged,
// for its answer rides on the acknowledgement; slack-go's loop sends none.
func BenchmarkAcks(b *testing.B) {
	for _, kind := range []string{"block_actions", "message", "slash"} {
		b.Run(kind, func(b *testing.B) { compareAcks(b, envelopes[kind]) })
	}
}

func compareAcks(b *testing.B, envelope func(i int) []byte) {
	s := newAckServer(b)
	ours, work := s.ours(b)
	theirs := s.slackGo(b)
	rates, next := map[string][]float64{}, 0
	frames := func(n int) []*websocket.PreparedMessage {
		list := make([]*websocket.PreparedMessage, n)
		for i := range list {
			next++
			m, err := websocket.NewPreparedMessage(websocket.TextMessage, envelope(next))
			if err != nil {
				b.Fatal(err)
			}
			list[i] = m
		}
		return list
	}
	var single, sync []time.Duration
	rounds, flying, alone := ackSizes()
	for range rounds {
		took, _ := burst(b, ours, frames(flying), ackWindow)
		work()
		rates["ours"] = append(rates["ours"], float64(flying)/took.Seconds())
		took, _ = burst(b, theirs, frames(flying), ackWindow)
		rates["theirs"] = append(rates["theirs"], float64(flying)/took.Seconds())
		_, each := burst(b, ours, frames(alone), 1)
		work()
		single = append(single, quantile(each, 0.99))
		sync = append(sync, quantile(datasyncs(b), 0.5))
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(rates["ours"]), "acks/s")
	b.ReportMetric(median(rates["ours"])/median(rates["theirs"]), "×slack-go")
	b.ReportMetric(float64(median(single).Microseconds()), "µs-p99")
	b.ReportMetric(float64(median(single))/float64(median(sync)), "p99×fdatasync")
}

func median[T float64 | time.Duration](list []T) T { return quantile(list, 0.5) }

func quantile[T float64 | time.Duration](list []T, q float64) T {
	list = slices.Sorted(slices.Values(list))
	return list[min(int(q*float64(len(list))), len(list)-1)]
}

// burst sends envelopes, so many of them in flight, and answers how long it took
// until all were acknowledged, and how long each.
func burst(b *testing.B, c *ackConn, frames []*websocket.PreparedMessage, window int) (all time.Duration, each []time.Duration) {
	b.Helper()
	runtime.GC() // or one way pays for the other's garbage
	sent := make([]time.Time, 0, len(frames))
	begin := time.Now()
	for acked := range frames {
		for len(sent) < len(frames) && len(sent)-acked < window {
			sent = append(sent, time.Now())
			if err := c.WritePreparedMessage(frames[len(sent)-1]); err != nil {
				b.Fatal(err)
			}
		}
		if ack, ok := <-c.acks; !ok || !strings.Contains(string(ack), `"envelope_id":"`) {
			b.Fatalf("%q is no acknowledgement", ack)
		}
		each = append(each, time.Since(sent[acked])) // in order only where one is in flight
	}
	return time.Since(begin), each
}

// datasyncs are the times of writes of a page into a file that has it already,
// made durable: what the disk can do at best.
func datasyncs(b *testing.B) (list []time.Duration) {
	f, err := os.Create(filepath.Join(b.TempDir(), "page"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	page := make([]byte, 4096)
	for i := range 200 {
		begin := time.Now()
		if _, err := f.WriteAt(page, 0); err != nil {
			b.Fatal(err)
		}
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			b.Fatal(err)
		}
		if i > 0 { // the first has made the file longer
			list = append(list, time.Since(begin))
		}
	}
	return list
}

// ackServer is Slack's side of Socket Mode and no more, so that what is
// measured is the other side.
type ackServer struct {
	*httptest.Server
	conns chan *ackConn
}

// ackConn is Slack's end of a connection.
type ackConn struct {
	*websocket.Conn
	acks chan []byte // closed with the connection
}

// serve reads what comes, and pings as Slack does: a client ends a connection on
// which it hears nothing.
func (c *ackConn) serve() {
	done := make(chan struct{})
	go func() {
		tick := time.NewTicker(5 * time.Second)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				_ = c.WriteControl(websocket.PingMessage, nil, time.Now().Add(time.Second)) // a broken one is noticed by the reader
			}
		}
	}()
	defer close(done)
	defer close(c.acks)
	for {
		_, ack, err := c.ReadMessage()
		if err != nil {
			return
		}
		c.acks <- ack
	}
}

func newAckServer(b *testing.B) *ackServer {
	s := &ackServer{conns: make(chan *ackConn)}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }} // slack-go sends its own
	mux := http.NewServeMux()
	mux.HandleFunc("/link", func(w http.ResponseWriter, r *http.Request) {
		c, err := upgrader.Upgrade(w, r, nil)
		if err == nil && c.WriteJSON(map[string]any{"type": "hello", "num_connections": 1}) == nil {
			conn := &ackConn{c, make(chan []byte, ackWindow)}
			s.conns <- conn
			conn.serve()
		}
	})
	mux.HandleFunc("/api/apps.connections.open", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"ok":true,"url":"ws%s/link"}`, strings.TrimPrefix(s.URL, "http"))
	})
	mux.HandleFunc("/api/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"ok":false,"error":"user_not_found"}`) })
	s.Server = httptest.NewServer(mux)
	b.Cleanup(s.Close)
	return s
}

// connected runs a client and answers the server's end of its connection.
func (s *ackServer) connected(b *testing.B, run func(context.Context)) *ackConn {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); run(ctx) }()
	c := <-s.conns
	b.Cleanup(func() { cancel(); c.Close(); <-ended })
	return c
}

// slackGo is slack-go's loop as its documentation shows it.
func (s *ackServer) slackGo(b *testing.B) *ackConn {
	api := slackgo.New("xoxb-x", slackgo.OptionAppLevelToken("xapp-x"), slackgo.OptionAPIURL(s.URL+"/api/"))
	client := socketmode.New(api, socketmode.OptionLog(log.New(io.Discard, "", 0)))
	return s.connected(b, func(ctx context.Context) {
		go func() {
			for {
				select {
				case <-ctx.Done():
					return
				case e := <-client.Events:
					if e.Request != nil {
						client.Ack(*e.Request)
					}
				}
			}
		}()
		_ = client.RunContext(ctx) // ends with the benchmark
	})
}

// ours is our door, with a store on the disk; work waits until everything that
// was taken in is worked.
func (s *ackServer) ours(b *testing.B) (c *ackConn, work func()) {
	db, err := bolt.Open(filepath.Join(b.TempDir(), "fireboss.db"), bolt.Options{})
	if err != nil {
		b.Fatal(err)
	}
	client := NewClient(Options{BotToken: "xoxb-x", AppToken: "xapp-x", APIURL: s.URL + "/api/"})
	people := NewDirectory(client)
	people.learn(slackgo.User{ID: "U061F7AUR", Name: "alice", TZ: "UTC"})
	in := &Intake{
		Client: client, Store: db, Directory: people, Log: zerolog.Nop(),
		Card:   Card{Rules: func() incidents.Rules { return incidents.Rules{} }},
		Desk:   says(commands.Reply{Text: "There is no open incident."}),
		Placed: func(context.Context, incidents.Number) {},
	}
	socket := &Socket{Client: client, Log: zerolog.Nop(), Frame: in.Frame}
	c = s.connected(b, socket.Run)
	b.Cleanup(func() { in.Close(context.Background()); socket.Close(); client.Close(); db.Close() })
	return c, func() {
		for {
			if rows, err := db.Unfinished(context.Background()); err != nil {
				b.Fatal(err)
			} else if len(rows) == 0 {
				return
			}
			runtime.Gosched()
		}
	}
}

// envelopes are what Slack sends, the i-th.
var envelopes = map[string]func(i int) []byte{
	"slash": func(i int) []byte {
		return fmt.Appendf(nil, `{"envelope_id":"%08x-4b7f-4a6b-9c1e-000000000000","payload":{"token":"bHKJ2n9AW6Ju3MjciOHfbA1b","team_id":"T0SIM","team_domain":"example","channel_id":"C00GENERAL","channel_name":"general","user_id":"U061F7AUR","user_name":"alice","command":"/incident","text":"list","api_app_id":"A0SIM","is_enterprise_install":"false","response_url":"https://hooks.slack.com/commands/T0SIM/%d/abc","trigger_id":"%d.98765.abcd2358fdea"},"type":"slash_commands","accepts_response_payload":true}`, i, i, i)
	},
	"message": func(i int) []byte {
		return fmt.Appendf(nil, `{"envelope_id":"%08x-4b7f-4a6b-9c1e-000000000000","payload":{"token":"bHKJ2n9AW6Ju3MjciOHfbA1b","team_id":"T0SIM","context_team_id":"T0SIM","api_app_id":"A0SIM","event":{"type":"message","user":"U061F7AUR","ts":"%d.000200","client_msg_id":"8b6c0c2e-0000-4d57-9c5e-6a3f3a4b0c1d","text":"I see errors in the payments service","team":"T0SIM","blocks":[{"type":"rich_text","block_id":"p3Kz","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"I see errors in the payments service"}]}]}],"channel":"C00GENERAL","event_ts":"%d.000200","channel_type":"channel"},"type":"event_callback","event_id":"Ev%08x","event_time":1605869634,"authorizations":[{"team_id":"T0SIM","user_id":"U0FIREBOSS","is_bot":true}],"is_ext_shared_channel":false},"type":"events_api","accepts_response_payload":false,"retry_attempt":0,"retry_reason":""}`, i, 1605869634+i, 1605869634+i, i)
	},
	"block_actions": func(i int) []byte {
		return fmt.Appendf(nil, `{"envelope_id":"%08x-4b7f-4a6b-9c1e-000000000000","payload":{"type":"block_actions","user":{"id":"U061F7AUR","username":"alice","name":"alice","team_id":"T0SIM"},"api_app_id":"A0SIM","token":"bHKJ2n9AW6Ju3MjciOHfbA1b","container":{"type":"message","message_ts":"1548261231.000200","channel_id":"C00GENERAL","is_ephemeral":false},"trigger_id":"%d.98765.abcd2358fdea","team":{"id":"T0SIM","domain":"example"},"enterprise":null,"is_enterprise_install":false,"channel":{"id":"C00GENERAL","name":"general"},"message":{"type":"message","user":"U0FIREBOSS","ts":"1548261231.000200","bot_id":"B0FIREBOSS","app_id":"A0SIM","text":"INC-12 checkout is down","team":"T0SIM","blocks":%s},"state":{"values":{}},"response_url":"https://hooks.slack.com/actions/T0SIM/%d/abc","actions":[{"action_id":"open-dashboard","block_id":"card","text":{"type":"plain_text","text":"Dashboard","emoji":true},"type":"button","action_ts":"1548426417.840180"}]},"type":"interactive","accepts_response_payload":false}`, i, i, thirteenBlocks, i)
	},
}

// thirteenBlocks are the blocks of a message as long as a card with all its parts.
var thirteenBlocks = func() []byte {
	list := []slackgo.Block{slackgo.NewHeaderBlock(plainText("INC-12  checkout is down", maxHeader))}
	for i := range 9 {
		list = append(list, section(fmt.Sprintf("*Part %d*\nAbout one payment in three fails in Europe. We talk to the card processor. <https://runbooks.example.com/checkout|runbook>", i)))
	}
	var fields []*slackgo.TextBlockObject
	for _, f := range []string{"*Severity*\nsev1", "*Status*\ninvestigating", "*Commander*\nalice", "*Since*\n10:00"} {
		fields = append(fields, mrkdwn(f))
	}
	list = append(list, slackgo.NewSectionBlock(nil, fields, nil),
		choices([]commands.Choice{{Label: "Acknowledge", Command: "ack INC-12"}, {Label: "Take command", Command: "lead INC-12 me"}, {Label: "Resolve", Command: "resolve INC-12"}}),
		contextLine("This channel is recorded."))
	raw, err := json.Marshal(list)
	if err != nil {
		panic(err)
	}
	return raw
}()
