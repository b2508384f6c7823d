package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"fireboss/bot/slacksim"
	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/store"
	"fireboss/incidents/store/bolt"
)

// wire is a network in memory, so that real HTTP and WebSocket code runs in
// virtual time.
type wire struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (w *wire) Accept() (net.Conn, error) {
	select {
	case c := <-w.conns:
		return c, nil
	case <-w.closed:
		return nil, net.ErrClosed
	}
}

func (w *wire) Close() error   { close(w.closed); return nil }
func (w *wire) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8081} }

func (w *wire) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	far := buffered(theirs)
	select {
	case w.conns <- far:
		return buffered(ours), nil
	case <-w.closed:
		return nil, errors.Join(net.ErrClosed, far.Close()) // or its pump would outlive the world
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), far.Close())
	}
}

// bufferedConn is one end of a pipe that takes what is written without waiting
// for the reader, as a socket does: two sides that write at once would wait for
// each other.
type bufferedConn struct {
	net.Conn
	out  chan []byte
	done chan struct{}
	once sync.Once
}

func buffered(c net.Conn) net.Conn {
	b := &bufferedConn{Conn: c, out: make(chan []byte, 4096), done: make(chan struct{})}
	go b.pump()
	return b
}

// pump writes what was taken, at the end too.
func (b *bufferedConn) pump() {
	defer b.Conn.Close()
	for {
		select {
		case p := <-b.out:
			if _, err := b.Conn.Write(p); err != nil {
				return
			}
		case <-b.done:
			for len(b.out) > 0 {
				if _, err := b.Conn.Write(<-b.out); err != nil {
					return
				}
			}
			return
		}
	}
}

func (b *bufferedConn) Write(p []byte) (int, error) {
	select {
	case b.out <- bytes.Clone(p):
		return len(p), nil
	case <-b.done:
		return 0, net.ErrClosed
	}
}

func (b *bufferedConn) Close() error {
	b.once.Do(func() { _ = b.SetWriteDeadline(time.Now().Add(time.Second)); close(b.done) })
	return b.SetReadDeadline(time.Unix(1, 0)) // long ago
}

const wireAddress = "http://127.0.0.1:8081"

// world is a workspace with our door to it, in virtual time.
type world struct {
	*testing.T
	sim     *slacksim.Server
	client  *Client
	people  *Directory
	db      *bolt.DB
	intake  *Intake
	sockets []*Socket
	log     bytes.Buffer

	mu    sync.Mutex
	poked []incidents.Number
}

// deskFunc is a desk that answers as the test says.
type deskFunc func(context.Context, commands.Request) commands.Reply

func (f deskFunc) Handle(ctx context.Context, r commands.Request) commands.Reply { return f(ctx, r) }

func (f deskFunc) Home(context.Context, commands.Request) (commands.Home, error) {
	return commands.Home{}, nil
}

// inWorld runs a test in a world of its own, in which no socket is open yet.
func inWorld(t *testing.T, o slacksim.Options, test func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{T: t}
		var err error
		if w.sim, err = slacksim.New(o); err != nil {
			t.Fatal(err)
		}
		w.sim.SetBaseURL(wireAddress)
		line := &wire{conns: make(chan net.Conn), closed: make(chan struct{})}
		server, served := &http.Server{Handler: w.sim.Handler(), ReadHeaderTimeout: time.Minute}, make(chan struct{})
		go func() {
			defer close(served)
			_ = server.Serve(line) // ends with the test
		}()
		w.client = NewClient(Options{BotToken: slacksim.BotToken, AppToken: slacksim.AppToken, APIURL: wireAddress + "/api/", Dial: line.dial})
		if err := w.client.Connect(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.people = NewDirectory(w.client)
		if w.db, err = bolt.Open(filepath.Join(t.TempDir(), "fireboss.db"), bolt.Options{}); err != nil {
			t.Fatal(err)
		}
		w.intake = &Intake{
			Client: w.client, Store: w.db, Directory: w.people, Log: zerolog.New(zerolog.SyncWriter(&w.log)),
			Card:   Card{Rules: func() incidents.Rules { return incidents.Rules{} }},
			Desk:   &commands.Desk{Store: w.db, People: w.people},
			Poke:   func(n incidents.Number) { w.mu.Lock(); defer w.mu.Unlock(); w.poked = append(w.poked, n) },
			Placed: func(ctx context.Context, _ incidents.Number) { <-ctx.Done() },
		}
		for range 2 {
			w.sockets = append(w.sockets, &Socket{Client: w.client, Dial: line.dial, Log: zerolog.Nop(), Frame: w.intake.Frame})
		}
		w.sockets[0].Others, w.sockets[1].Others = w.sockets[1:], w.sockets[:1]
		test(w)
		if err := w.db.Close(); err != nil {
			t.Error(err)
		}
		w.client.Close()
		if err := w.sim.Close(); err != nil {
			t.Error(err)
		}
		server.Close()
		<-served
		time.Sleep(2 * time.Second) // connections give up
	})
}

// connected runs the sockets while it runs f.
func (w *world) connected(f func()) {
	ctx, cancel := context.WithCancel(w.Context())
	var all sync.WaitGroup
	for _, s := range w.sockets {
		all.Go(func() { s.Run(ctx) })
	}
	w.until("the sockets are up", func() bool { return len(w.state().Sockets) == len(w.sockets) })
	f()
	cancel()
	all.Wait()
	ending, stop := context.WithTimeout(w.Context(), 5*time.Second)
	defer stop()
	w.intake.Close(ending)
	for _, s := range w.sockets {
		s.Close()
	}
}

// until lets virtual time pass until something is so.
func (w *world) until(what string, so func() bool) {
	w.Helper()
	for range 1000 {
		synctest.Wait()
		if so() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	w.Fatalf("it never came to be that %s\n%s", what, w.log.String())
}

// do asks the workspace to do something.
func (w *world) do(what string, body map[string]any) map[string]any {
	w.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		w.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodPost, wireAddress+"/sim/"+what, bytes.NewReader(raw))
	req.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder()
	w.sim.Handler().ServeHTTP(rec, req)
	var out map[string]any
	if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil {
		w.Fatalf("/sim/%s: %s", what, rec.Body)
	}
	return out
}

// fault makes calls of a method fail; pairs say how.
func (w *world) fault(method, kind string, times int, pairs ...any) {
	w.Helper()
	f := map[string]any{"method": method, "kind": kind, "times": times}
	for i := 0; i+1 < len(pairs); i += 2 {
		f[pairs[i].(string)] = pairs[i+1]
	}
	if out := w.do("faults", f); out["ok"] != true {
		w.Fatalf("fault %v: %v", f, out)
	}
}

// slash types a command and answers what the workspace says of it.
func (w *world) slash(user, channel, text string) map[string]any {
	w.Helper()
	return w.do("slash", map[string]any{"user": user, "channel": channel, "command": "/incident", "text": text})
}

type worldState struct {
	Channels []worldChannel
	Sockets  []any
	Users    []struct{ ID, Name string }
	Canvases []worldCanvas
}

type worldCanvas struct{ ID, Title, Channel, Markdown string }

type worldChannel struct {
	ID, Name, Topic, Purpose string
	IsArchived               bool `json:"is_archived"`
	IsPrivate                bool `json:"is_private"`
	Members                  []string
	Pins                     []any
	Bookmarks                []any
	Messages                 []worldMessage
}

type worldMessage struct {
	TS, User, Text, Subtype string
	Blocks                  json.RawMessage
	ThreadTS                string `json:"thread_ts"`
	EphemeralTo             string `json:"ephemeral_to"`
	Metadata                *struct {
		EventType    string         `json:"event_type"`
		EventPayload map[string]any `json:"event_payload"`
	}
}

func (w *world) state() (st worldState) {
	w.Helper()
	rec := httptest.NewRecorder()
	w.sim.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, wireAddress+"/sim/state", nil))
	if err := json.Unmarshal(rec.Body.Bytes(), &st); err != nil {
		w.Fatal(err)
	}
	return st
}

// channel is a channel by its name or id.
func (w *world) channel(name string) worldChannel {
	w.Helper()
	for _, c := range w.state().Channels {
		if c.Name == name || c.ID == name {
			return c
		}
	}
	w.Fatalf("there is no channel %s", name)
	return worldChannel{}
}

// user is the id of a person.
func (w *world) user(name string) string {
	w.Helper()
	for _, u := range w.state().Users {
		if u.Name == name {
			return u.ID
		}
	}
	w.Fatalf("there is no %s", name)
	return ""
}

// calls counts the calls by method since the world began.
func (w *world) calls() map[string]int {
	w.Helper()
	rec := httptest.NewRecorder()
	w.sim.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, wireAddress+"/sim/calls", nil))
	var list struct{ Calls []struct{ Method string } }
	if err := json.Unmarshal(rec.Body.Bytes(), &list); err != nil {
		w.Fatal(err)
	}
	count := map[string]int{}
	for _, c := range list.Calls {
		count[c.Method]++
	}
	return count
}

// newCalls are the calls since those of before.
func (w *world) newCalls(before map[string]int) map[string]int {
	now := w.calls()
	maps.DeleteFunc(now, func(m string, n int) bool { return n == before[m] })
	for m := range now {
		now[m] -= before[m]
	}
	return now
}

// opened is an incident in the store that alice declared; with a place it is
// that of a channel which alice is in.
func (w *world) opened(o incidents.Open, place string) incidents.Incident {
	w.Helper()
	alice := incidents.Actor{Kind: incidents.User, ID: w.client.actorID(w.user("alice")), Name: "alice"}
	out, err := w.db.Apply(w.Context(), incidents.Command{ID: fmt.Sprint("open", time.Now().UnixNano()), Actor: alice, At: time.Now(), Origin: Door, Do: o})
	if err != nil {
		w.Fatal(err)
	}
	if place != "" {
		if err := w.db.PutRecord(w.Context(), store.Record{Mirror: Door, Incident: out.Incident.Number, Place: place}); err != nil {
			w.Fatal(err)
		}
	}
	return out.Incident
}

// mirror is a mirror that announces in #incidents.
func (w *world) mirror() *Mirror {
	return &Mirror{
		Client: w.client, Directory: w.people, Card: Card{Rules: func() incidents.Rules { return incidents.Rules{} }}, Log: zerolog.New(zerolog.SyncWriter(&w.log)),
		StoreID: w.db.Identity(), Announce: func(incidents.Incident) []string { return []string{"#incidents"} }, Said: w.db,
	}
}

// sync lets a mirror make one pass, and keeps what it answers.
func (w *world) sync(m *Mirror, n incidents.Number) store.Record {
	w.Helper()
	rec, err := w.db.Record(w.Context(), Door, n)
	if err != nil {
		w.Fatal(err)
	}
	in, err := w.db.Incident(w.Context(), n)
	if err != nil {
		w.Fatal(err)
	}
	events, err := w.db.Events(w.Context(), n, rec.CursorSeq, 0)
	if err != nil {
		w.Fatal(err)
	}
	save := func(r store.Record, links ...store.Link) error { return w.db.PutRecord(w.Context(), r, links...) }
	rec, links, _ := m.Sync(w.Context(), in, rec, events, save) // what failed is in the record
	if err := save(rec, links...); err != nil {
		w.Fatal(err)
	}
	return rec
}

// kinds are the kinds of an incident's events.
func (w *world) kinds(n incidents.Number) (list []string) {
	w.Helper()
	events, err := w.db.Events(w.Context(), n, 0, 0)
	if err != nil {
		w.Fatal(err)
	}
	for _, e := range events {
		list = append(list, string(e.Kind))
	}
	return list
}

// whispered are the texts that only one person saw, in all channels, and those
// of their direct messages with us.
func (w *world) whispered(name string) (list []string) {
	w.Helper()
	id := w.user(name)
	for _, c := range w.state().Channels {
		for _, m := range c.Messages {
			direct := len(c.Members) == 2 && slices.Contains(c.Members, id) && slices.Contains(c.Members, w.client.UserID) && strings.HasPrefix(c.ID, "D")
			if m.EphemeralTo == id || direct {
				list = append(list, m.Text)
			}
		}
	}
	return list
}

// elapse lets virtual time pass; it belongs within a world.
func elapse(d time.Duration) { time.Sleep(d) }
