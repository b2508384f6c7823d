package slacksim

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// memoryNet is a network of one listener, in memory, so that it works within a synctest bubble.
type memoryNet struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newMemoryNet() *memoryNet {
	return &memoryNet{conns: make(chan net.Conn), closed: make(chan struct{})}
}

func (m *memoryNet) Accept() (net.Conn, error) {
	select {
	case c := <-m.conns:
		return c, nil
	case <-m.closed:
		return nil, net.ErrClosed
	}
}

func (m *memoryNet) Close() error   { m.once.Do(func() { close(m.closed) }); return nil }
func (m *memoryNet) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

func (m *memoryNet) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case m.conns <- theirs:
		return ours, nil
	case <-m.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// sim is a served workspace and a client of it.
type sim struct {
	t      testing.TB
	server *Server
	client *http.Client
	base   string
	faulty bool // faults are ordered: errors need not be the method's
}

// serve starts a workspace in memory; the test's end closes it.
func serve(t testing.TB, opt Options) *sim {
	t.Helper()
	server, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	network := newMemoryNet()
	transport := &http.Transport{DialContext: network.dial}
	s := &sim{t: t, server: server, client: &http.Client{Transport: transport}, base: "http://sim.test"}
	serving := &http.Server{Handler: server.Handler()}
	done := make(chan struct{})
	go func() { defer close(done); serving.Serve(network) }()
	t.Cleanup(func() {
		server.Close()
		serving.Close()
		transport.CloseIdleConnections()
		<-done
	})
	return s
}

// reply is a decoded answer.
type reply struct {
	status int
	header http.Header
	body   map[string]any
	raw    []byte
}

func (r reply) ok() bool      { return r.body["ok"] == true }
func (r reply) error() string { s, _ := r.body["error"].(string); return s }

// at walks into the answer: r.at("channel", "id").
func (r reply) at(path ...any) any { return dig(r.body, path...) }

func dig(v any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			o, _ := v.(map[string]any)
			v = o[step]
		case int:
			list, _ := v.([]any)
			if step < 0 || step >= len(list) {
				return nil
			}
			v = list[step]
		}
	}
	return v
}

func (s *sim) do(req *http.Request) (reply, error) {
	resp, err := s.client.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return reply{}, err
	}
	r := reply{status: resp.StatusCode, header: resp.Header, raw: raw}
	json.Unmarshal(raw, &r.body)
	return r, nil
}

// try calls a method as an app does: a form, the token in the header.
func (s *sim) try(method string, args map[string]string) (reply, error) {
	form := url.Values{}
	for k, v := range args {
		form.Set(k, v)
	}
	token := BotToken
	if method == "apps.connections.open" {
		token = AppToken
	}
	req, _ := http.NewRequestWithContext(s.t.Context(), "POST", s.base+"/api/"+method, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer "+token)
	r, err := s.do(req)
	if err == nil && r.status == http.StatusOK && !s.faulty {
		conform(s.t, "api/"+method, r.raw)
		checkError(s.t, method, r.error())
	}
	return r, err
}

// call is try that has to reach the method, whatever that answers.
func (s *sim) call(method string, pairs ...string) reply {
	s.t.Helper()
	args := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i]] = pairs[i+1]
	}
	r, err := s.try(method, args)
	if err != nil {
		s.t.Fatalf("%s: %v", method, err)
	}
	return r
}

// must is call that has to succeed.
func (s *sim) must(method string, pairs ...string) reply {
	s.t.Helper()
	r := s.call(method, pairs...)
	if !r.ok() {
		s.t.Fatalf("%s %q answered %s", method, pairs, r.raw)
	}
	return r
}

// refused is call that has to be refused with a code.
func (s *sim) refused(code, method string, pairs ...string) reply {
	s.t.Helper()
	r := s.call(method, pairs...)
	if r.error() != code {
		s.t.Fatalf("%s %q answered %s, want error %s", method, pairs, r.raw, code)
	}
	return r
}

// sim calls the control API.
func (s *sim) control(path string, body any) reply {
	s.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	req, _ := http.NewRequestWithContext(s.t.Context(), "POST", s.base+"/sim/"+path, bytes.NewReader(raw))
	r, err := s.do(req)
	if err != nil {
		s.t.Fatalf("/sim/%s: %v", path, err)
	}
	return r
}

// does is control that has to succeed.
func (s *sim) does(path string, body any) reply {
	s.t.Helper()
	r := s.control(path, body)
	if !r.ok() || r.status != http.StatusOK {
		s.t.Fatalf("/sim/%s %v answered %d %s", path, body, r.status, r.raw)
	}
	return r
}

func (s *sim) get(path string) reply {
	s.t.Helper()
	req, _ := http.NewRequestWithContext(s.t.Context(), "GET", s.base+path, nil)
	r, err := s.do(req)
	if err != nil {
		s.t.Fatalf("%s: %v", path, err)
	}
	return r
}

// channel is a channel of /sim/state, by name.
func (s *sim) channel(name string) map[string]any {
	s.t.Helper()
	for _, ch := range s.get("/sim/state").at("channels").([]any) {
		if dig(ch, "name") == name {
			return ch.(map[string]any)
		}
	}
	s.t.Fatalf("there is no channel %s", name)
	return nil
}

// texts are a channel's messages in /sim/state.
func (s *sim) texts(name string) []string {
	s.t.Helper()
	var texts []string
	for _, m := range s.channel(name)["messages"].([]any) {
		texts = append(texts, dig(m, "text").(string))
	}
	return texts
}

// app is an app on one socket that collects what it is sent and acknowledges it.
type app struct {
	t      testing.TB
	conn   *websocket.Conn
	frames chan map[string]any // in order of arrival, hello first
	done   chan struct{}       // closed when the socket has ended
}

// ack is what an app answers to an envelope: a payload or nil; false does not acknowledge.
type ack func(frame map[string]any) (payload any, acknowledge bool)

func ackAll(map[string]any) (any, bool)  { return nil, true }
func ackNone(map[string]any) (any, bool) { return nil, false }

// connect opens a socket and reads hello.
func (s *sim) connect(answer ack) *app {
	s.t.Helper()
	a := s.dial(answer)
	if hello := a.next(); hello["type"] != "hello" {
		s.t.Fatalf("the first frame is %v, not hello", hello)
	}
	return a
}

// dial opens a socket and reads nothing yet.
func (s *sim) dial(answer ack) *app {
	s.t.Helper()
	link := s.must("apps.connections.open").at("url").(string)
	conn, _, err := websocket.Dial(context.Background(), link, &websocket.DialOptions{HTTPClient: s.client})
	if err != nil {
		s.t.Fatal(err)
	}
	conn.SetReadLimit(-1)
	a := &app{t: s.t, conn: conn, frames: make(chan map[string]any, 10000), done: make(chan struct{})}
	go a.read(answer)
	s.t.Cleanup(func() { conn.CloseNow(); <-a.done })
	return a
}

func (a *app) read(answer ack) {
	defer close(a.done)
	defer close(a.frames) // what came before the end can still be read
	for {
		_, raw, err := a.conn.Read(context.Background())
		if err != nil {
			return
		}
		var frame map[string]any
		if json.Unmarshal(raw, &frame) != nil {
			continue
		}
		if sample := sampleOf(frame); sample != "" {
			payload, _ := json.Marshal(frame["payload"])
			conform(a.t, sample, payload)
		}
		a.frames <- frame
		id, _ := frame["envelope_id"].(string)
		if id == "" {
			continue
		}
		payload, acknowledge := answer(frame)
		if !acknowledge {
			continue
		}
		message := map[string]any{"envelope_id": id}
		if payload != nil {
			message["payload"] = payload
		}
		out, _ := json.Marshal(message)
		if a.conn.Write(context.Background(), websocket.MessageText, out) != nil {
			return
		}
	}
}

// next is the next frame, within ten minutes of the clock the test has.
func (a *app) next() map[string]any {
	a.t.Helper()
	select {
	case f, open := <-a.frames:
		if !open {
			a.t.Fatal("the socket ended before the frame came")
		}
		return f
	case <-time.After(10 * time.Minute):
		a.t.Fatal("no frame came")
	}
	return nil
}

// event waits for the event of a kind, and passes over others.
func (a *app) event(kind string) map[string]any {
	a.t.Helper()
	for {
		if event, _ := dig(a.next(), "payload", "event").(map[string]any); event["type"] == kind {
			return event
		}
	}
}

// postJSON sends JSON to an address as it stands.
func (s *sim) postJSON(link, body string) reply {
	s.t.Helper()
	req, _ := http.NewRequestWithContext(s.t.Context(), "POST", link, strings.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	r, err := s.do(req)
	if err != nil {
		s.t.Fatalf("%s: %v", link, err)
	}
	return r
}

// later lets so much of a bubble's time pass.
func later(d time.Duration) { <-time.After(d) }

// unixIn is the Unix second so long from now.
func unixIn(d time.Duration) string { return strconv.FormatInt(time.Now().Add(d).Unix(), 10) }
