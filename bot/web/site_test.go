package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/store"
	"fireboss/incidents/store/bolt"
)

// house is a site over a real store and a real desk.
type house struct {
	t     *testing.T
	store *brittle
	desk  *moody
	site  *Site
	log   *record
	when  func() time.Time // the store's clock; nil: the real one
}

// The tokens of every test, by scope.
var secrets = map[Scope]string{Read: "read-secret", Write: "write-secret", Admin: "admin-secret"}

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func newHouse(t *testing.T, change ...func(*Options)) *house {
	t.Helper()
	h := &house{t: t, log: &record{}}
	db, err := bolt.Open(filepath.Join(t.TempDir(), "fireboss.db"), bolt.Options{Rules: testRules, Now: h.clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	h.store = &brittle{Store: db}
	h.desk = &moody{Desk: &commands.Desk{Store: h.store, Rules: testRules, People: nobody{}}}
	o := Options{
		Store: h.store, Desk: h.desk, Rules: testRules, PublicURL: "http://fires.example.com:8080",
		Tokens: []Token{{"reader", secrets[Read], Read}, {"writer", secrets[Write], Write}, {"ops", secrets[Admin], Admin}, {"empty", "", Admin}},
		Log:    zerolog.New(h.log),
	}
	for _, f := range change {
		f(&o)
	}
	h.site = New(o)
	return h
}

func (h *house) clock() time.Time {
	if h.when != nil {
		return h.when()
	}
	return time.Now()
}

func testRules() incidents.Rules {
	return incidents.Rules{
		PrivateTypes: []string{"security"}, Clock: incidents.DefaultClock(),
		Services: map[string]incidents.Service{"checkout": {Tier: 1, Owner: "@oncall", Runbook: "https://runbooks.example.com/checkout", Dashboards: []string{"https://graphs.example.com/checkout", "https://graphs.example.com/cards"}}},
	}
}

// nobody is a directory without people.
type nobody struct{}

func (nobody) Person(context.Context, string) (incidents.Person, error) {
	return incidents.Person{}, commands.ErrUnknown
}

func (nobody) Group(context.Context, string) ([]incidents.Person, error) {
	return nil, commands.ErrUnknown
}

// brittle is a store whose methods fail where a test says so.
type brittle struct {
	store.Store
	apply, finish, read, backup error
	touch                       error // noting that somebody was seen
	halfBackup                  bool
	received                    func() // called when a delivery is durable
}

var errDisk = errors.New("disk on fire")

func (b *brittle) Apply(ctx context.Context, c incidents.Command) (incidents.Outcome, error) {
	if b.apply != nil {
		return incidents.Outcome{}, b.apply
	}
	return b.Store.Apply(ctx, c)
}

func (b *brittle) TouchSession(ctx context.Context, id string, seen, expires time.Time) error {
	if b.touch != nil {
		return b.touch
	}
	return b.Store.TouchSession(ctx, id, seen, expires)
}

func (b *brittle) TouchAPIToken(ctx context.Context, id string, at time.Time, every time.Duration) error {
	if b.touch != nil {
		return b.touch
	}
	return b.Store.TouchAPIToken(ctx, id, at, every)
}

func (b *brittle) Receive(ctx context.Context, d store.Delivery) (store.Delivery, bool, error) {
	row, fresh, err := b.Store.Receive(ctx, d)
	if b.received != nil {
		b.received()
	}
	return row, fresh, err
}

func (b *brittle) Finish(ctx context.Context, id string, result []byte) error {
	if b.finish != nil {
		return b.finish
	}
	return b.Store.Finish(ctx, id, result)
}

func (b *brittle) Incident(ctx context.Context, n incidents.Number) (incidents.Incident, error) {
	if b.read != nil {
		return incidents.Incident{}, b.read
	}
	return b.Store.Incident(ctx, n)
}

func (b *brittle) Incidents(ctx context.Context, q store.Query) ([]incidents.Incident, error) {
	if b.read != nil {
		return nil, b.read
	}
	return b.Store.Incidents(ctx, q)
}

func (b *brittle) Figures(ctx context.Context, q store.FiguresQuery) ([]incidents.Figures, error) {
	if b.read != nil {
		return nil, b.read
	}
	return b.Store.Figures(ctx, q)
}

func (b *brittle) Backup(ctx context.Context, w io.Writer) error {
	if b.halfBackup {
		if _, err := io.WriteString(w, "half"); err != nil {
			return err
		}
	}
	if b.backup != nil {
		return b.backup
	}
	return b.Store.Backup(ctx, w)
}

// moody is a desk that fails where a test says so.
type moody struct {
	Desk
	fault bool
	panic bool
	calls atomic.Int64
}

func (m *moody) Handle(ctx context.Context, r commands.Request) commands.Reply {
	m.calls.Add(1)
	switch {
	case m.panic:
		panic("the desk fell over")
	case m.fault:
		return commands.Reply{Text: "It failed; look for REF1 in the log.", Fault: errDisk, Reference: "REF1"}
	}
	return m.Desk.Handle(ctx, r)
}

// record is a log that can be read.
type record struct {
	mu sync.Mutex
	b  strings.Builder
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.Write(p)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.String()
}

// got is an answer, read.
type got struct {
	*http.Response
	body string
}

// request is what a test sends; headers come in pairs.
func request(method, path, body string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.RemoteAddr, r.Host = "127.0.0.1:50000", "localhost:8080"
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func (h *house) send(r *http.Request) got {
	h.t.Helper()
	w := httptest.NewRecorder()
	h.site.ServeHTTP(w, r)
	resp := w.Result()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return got{resp, string(body)}
}

// call is one call of the API with the token of a scope.
func (h *house) call(s Scope, method, path, body string, headers ...string) got {
	h.t.Helper()
	if s != Nobody {
		headers = append(headers, "Authorization", "Bearer "+secrets[s])
	}
	return h.send(request(method, path, body, headers...))
}

// open opens an incident and answers its id.
func (h *house) open(s Scope, body string, headers ...string) string {
	h.t.Helper()
	g := h.call(s, "POST", "/api/v1/incidents", body, headers...)
	g.wants(h.t, 201, "")
	return decode[Incident](h.t, g).ID
}

// wants checks the status and, for a problem, its code.
func (g got) wants(t *testing.T, status int, code string) {
	t.Helper()
	if g.StatusCode != status {
		t.Fatalf("%d, want %d: %s", g.StatusCode, status, g.body)
	}
	if code == "" {
		return
	}
	if kind := g.Header.Get("Content-Type"); kind != "application/problem+json" {
		t.Errorf("a problem of type %q", kind)
	}
	p := decode[Problem](t, g)
	if p.Code != code || p.Status != status || p.Type == "" || p.Title == "" || p.Detail == "" {
		t.Errorf("problem %+v, want code %s and all else filled", p, code)
	}
}

func decode[T any](t *testing.T, g got) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(g.body), &v); err != nil {
		t.Fatalf("%v in %s", err, g.body)
	}
	return v
}

// say carries out a command as an admin.
func (h *house) say(id, text string) CommandAnswer {
	h.t.Helper()
	g := h.call(Admin, "POST", "/api/v1/incidents/"+id+"/commands", fmt.Sprintf(`{"text":%q}`, text))
	g.wants(h.t, 200, "")
	return decode[CommandAnswer](h.t, g)
}
