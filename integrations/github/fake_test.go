package github_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"fireboss/integrations"
	"fireboss/integrations/github"
)

// double is what GitHub's API says of webhooks and their deliveries, over HTTP.
type double struct {
	mu       sync.Mutex
	hooks    map[string]string // JSON of the webhooks, by "/repos/…/hooks" or "/orgs/…/hooks"
	list     []sent            // deliveries of all of them, the oldest first
	requests []string
	arrives  int // the status that what is sent again is answered with
	late     bool
	refuse   func(w http.ResponseWriter, r *http.Request) bool // answers instead
	now      func() time.Time
}

// sent is one attempt of a delivery.
type sent struct {
	ID         int64     `json:"id"`
	GUID       string    `json:"guid"`
	At         time.Time `json:"delivered_at"`
	Redelivery bool      `json:"redelivery"`
	Status     string    `json:"status"`
	Code       int       `json:"status_code"`
	Event      string    `json:"event"`
	Action     *string   `json:"action"`
}

// one is a webhook as it should be.
const one = `{"id": 7, "active": true, "events": ["push", "workflow_run"], "config": {"url": "https://fires.example.com/hooks/github", "content_type": "json", "insecure_ssl": "0", "secret": "********"}, "last_response": {"code": 202, "status": "active", "message": "OK"}}`

func newDouble() *double {
	return &double{hooks: map[string]string{"/repos/octo-org/shop/hooks": "[" + one + "]"}, arrives: 200, now: time.Now}
}

// failed is a delivery that was answered so, a time ago. Numbers of attempts are larger than a float64 holds.
func (d *double) failed(guid, event string, code int, ago time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	again := slices.ContainsFunc(d.list, func(s sent) bool { return s.GUID == guid })
	d.list = append(d.list, sent{ID: 9007199254740993 + int64(len(d.list)), GUID: guid, Redelivery: again, At: d.now().Add(-ago).UTC().Truncate(time.Second), Code: code, Status: "x", Event: event})
}

var (
	ofDeliveries = regexp.MustCompile(`^(/(?:repos|orgs)/.*/hooks)/(\d+)/deliveries$`)
	ofAttempts   = regexp.MustCompile(`/hooks/7/deliveries/(\d+)/attempts$`)
)

func (d *double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.requests = append(d.requests, r.Method+" "+r.URL.RequestURI())
	switch attempt := ofAttempts.FindStringSubmatch(r.URL.Path); {
	case d.refuse != nil && d.refuse(w, r):
	case r.Header.Get("Authorization") != "Bearer gh-t0ken":
		refuse(w, 401, "Bad credentials")
	case r.Header.Get("User-Agent") == "" || !strings.Contains(r.Header.Get("Accept"), "json"):
		refuse(w, 403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header")
	case d.hooks[r.URL.Path] != "" && r.Method == http.MethodGet:
		fmt.Fprint(w, d.hooks[r.URL.Path])
	case ofDeliveries.MatchString(r.URL.Path) && r.Method == http.MethodGet:
		d.page(w, r)
	case attempt != nil && r.Method == http.MethodPost:
		d.again(w, attempt[1])
	default:
		refuse(w, 404, "Not Found")
	}
}

func refuse(w http.ResponseWriter, code int, message string) {
	w.WriteHeader(code)
	fmt.Fprintf(w, `{"message": %q, "documentation_url": "https://docs.github.com/rest"}`, message)
}

// page answers with three attempts, the newest first.
func (d *double) page(w http.ResponseWriter, r *http.Request) {
	all := slices.Clone(d.list)
	slices.SortStableFunc(all, func(a, b sent) int { return b.At.Compare(a.At) })
	from, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Query().Get("cursor"), "v1_"))
	to := min(from+3, len(all))
	if to < len(all) {
		w.Header().Set("Link", fmt.Sprintf(`<https://elsewhere.example.com/repositories/1/hooks/7/deliveries?cursor=v1_%d&per_page=100>; rel="next"`, to))
	}
	_ = json.NewEncoder(w).Encode(all[from:to])
}

// again sends something again.
func (d *double) again(w http.ResponseWriter, id string) {
	for _, s := range d.list {
		if strconv.FormatInt(s.ID, 10) == id {
			w.WriteHeader(http.StatusAccepted)
			fmt.Fprint(w, "{}")
			if !d.late {
				d.list = append(d.list, sent{ID: s.ID + 1000, GUID: s.GUID, At: d.now().UTC().Truncate(time.Second), Redelivery: true, Code: d.arrives, Event: s.Event})
			}
			return
		}
	}
	refuse(w, 404, "Not Found")
}

// posts are what was asked for again, and forgets all requests.
func (d *double) posts() (guids []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, r := range d.requests {
		if id, ok := strings.CutPrefix(strings.TrimSuffix(r, "/attempts"), "POST /repos/octo-org/shop/hooks/7/deliveries/"); ok {
			for _, s := range d.list {
				if strconv.FormatInt(s.ID, 10) == id {
					guids = append(guids, s.GUID)
				}
			}
		}
	}
	d.requests = nil
	return guids
}

// over is a network in memory to the double, and what is said in the log.
func (d *double) over(t *testing.T, c github.Config) (integrations.Integration, *bytes.Buffer) {
	t.Helper()
	network := pipes{make(chan net.Conn), make(chan struct{})}
	server := &http.Server{Handler: d, ReadHeaderTimeout: time.Minute}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(network) }()
	log := &bytes.Buffer{}
	out := &integrations.Outbound{Dial: network.dial}
	t.Cleanup(func() { out.Close(); _ = server.Close(); <-done })
	c.URL = "http://api.github.test/api/v3"
	server.Handler = http.StripPrefix("/api/v3", d)
	return d.made(t, c, integrations.Deps{Outbound: out, Log: zerolog.New(log), Public: "https://fires.example.com"}), log
}

func (d *double) made(t *testing.T, c github.Config, deps integrations.Deps) integrations.Integration {
	t.Helper()
	c.Token = secrets("gh-t0ken")[0]
	if c.Hooks == nil {
		c.Hooks = []string{"octo-org/shop"}
	}
	in, err := github.Kind.New(&c, deps)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// served is the double behind a server of this machine.
func (d *double) served(t *testing.T, c github.Config) integrations.Integration {
	t.Helper()
	s := httptest.NewServer(d)
	out := &integrations.Outbound{}
	t.Cleanup(func() { out.Close(); s.Close() })
	c.URL = integrations.BaseURL(s.URL)
	return d.made(t, c, integrations.Deps{Outbound: out, Public: "https://fires.example.com"})
}

// pipes is a network in memory.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}
func (p pipes) Close() error   { close(p.closed); return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }
func (p pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	a, b := net.Pipe()
	select {
	case p.conns <- b:
		return a, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
