package kubernetes_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"fireboss/integrations"
	"fireboss/integrations/kubernetes"
)

// api is what the contract of a cluster's API says of events, over HTTP.
type api struct {
	mu       sync.Mutex
	version  int      // of the newest change
	forgot   int      // changes up to this one are no longer known (410)
	changes  []change // all there were
	changed  chan struct{}
	cuts     map[chan string]bool // the watches that are open; what is sent is how they end
	requests []string

	refuse   func(w http.ResponseWriter, r *http.Request) bool // answers instead
	deaf     bool                                              // does not end watches when asked to, and sends no bookmarks
	repeats  bool                                              // tells again of what it has told, as it should not
	pageEnds int                                               // how many pages' ends are still to expire
}

type change struct {
	version int
	kind    string
	object  map[string]any
}

func newAPI() *api {
	return &api{version: 100, changed: make(chan struct{}), cuts: map[chan string]bool{}}
}

// warning is an event as the API keeps it.
func warning(name, reason string, at time.Time) map[string]any {
	return map[string]any{
		"involvedObject": map[string]any{"kind": "Pod", "namespace": "shop", "name": name, "uid": name},
		"reason":         reason, "message": "it is so", "type": "Warning", "eventTime": at.UTC().Format(time.RFC3339Nano),
	}
}

// happens makes a change.
func (a *api) happens(kind string, object map[string]any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.version++
	object["metadata"] = map[string]any{"uid": fmt.Sprint("e", a.version), "resourceVersion": strconv.Itoa(a.version)}
	a.changes = append(a.changes, change{a.version, kind, object})
	close(a.changed)
	a.changed = make(chan struct{})
}

// warns is a new warning about a pod.
func (a *api) warns(name string) { a.happens("ADDED", warning(name, "BackOff", time.Now())) }

// cut ends all open watches: "line" within a line, "" between two, "gone" and "broken" with an ERROR.
func (a *api) cut(how string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for c := range a.cuts {
		c <- how
		delete(a.cuts, c)
	}
}

// forgets makes the API forget all changes up to now.
func (a *api) forgets() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.forgot = a.version
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	a.requests = append(a.requests, r.Method+" "+r.URL.RequestURI())
	refuse := a.refuse
	a.mu.Unlock()
	switch {
	case refuse != nil && refuse(w, r):
	case r.Header.Get("Authorization") != "Bearer t0ken":
		status(w, 401, "Unauthorized", "Unauthorized")
	case strings.HasSuffix(r.URL.Path, "/selfsubjectaccessreviews"):
		fmt.Fprint(w, `{"status":{"allowed":true}}`)
	case r.URL.Query().Get("fieldSelector") != "type=Warning":
		status(w, 400, "BadRequest", "these tests want no others")
	case r.URL.Query().Get("watch") == "":
		a.list(w, r)
	default:
		a.watch(w, r)
	}
}

func status(w http.ResponseWriter, code int, reason, message string) {
	w.WriteHeader(code)
	fmt.Fprintf(w, `{"kind":"Status","reason":%q,"message":%q,"code":%d}`, reason, message, code)
}

// list answers with pages of two events.
func (a *api) list(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	from, _ := strconv.Atoi(r.URL.Query().Get("continue"))
	if from > 0 && a.pageEnds > 0 {
		a.pageEnds--
		status(w, 410, "Expired", "the continue token is too old")
		return
	}
	items, next := []map[string]any{}, ""
	for i := from; i < len(a.changes); i++ {
		if len(items) == 2 {
			next = strconv.Itoa(i)
			break
		}
		if a.changes[i].kind != "DELETED" {
			items = append(items, a.changes[i].object)
		}
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"metadata": map[string]any{"resourceVersion": strconv.Itoa(a.version), "continue": next}, "items": items})
}

func (a *api) watch(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	from, _ := strconv.Atoi(q.Get("resourceVersion"))
	length, _ := strconv.Atoi(q.Get("timeoutSeconds"))
	a.mu.Lock()
	switch {
	case from > a.version:
		a.mu.Unlock()
		w.WriteHeader(504)
		fmt.Fprint(w, `{"kind":"Status","reason":"Timeout","code":504,"message":"Too large resource version","details":{"causes":[{"reason":"ResourceVersionTooLarge"}]}}`)
		return
	case from < a.forgot:
		a.mu.Unlock()
		tell(w, "ERROR", json.RawMessage(`{"kind":"Status","code":410,"reason":"Expired","message":"too old resource version"}`))
		return
	}
	if a.repeats {
		from -= 3
	}
	cut := make(chan string, 1)
	a.cuts[cut] = true
	defer func() { a.mu.Lock(); delete(a.cuts, cut); a.mu.Unlock() }()
	w.(http.Flusher).Flush()
	marks, end := time.NewTicker(time.Minute), time.NewTimer(time.Duration(length)*time.Second)
	defer marks.Stop()
	defer end.Stop()
	if a.deaf {
		marks.Stop()
		end.Stop()
	}
	for {
		for _, c := range a.changes {
			if c.version > from {
				tell(w, c.kind, c.object)
				from = c.version
			}
		}
		more := a.changed
		a.mu.Unlock()
		select {
		case <-more:
		case <-marks.C:
			tell(w, "BOOKMARK", json.RawMessage(fmt.Sprintf(`{"metadata":{"resourceVersion":"%d"}}`, from)))
		case <-end.C:
			return
		case <-r.Context().Done():
			return
		case how := <-cut:
			ends(w, how)
			return
		}
		a.mu.Lock()
	}
}

func ends(w http.ResponseWriter, how string) {
	switch how {
	case "gone":
		tell(w, "ERROR", json.RawMessage(`{"kind":"Status","code":410,"reason":"Gone","message":"too old"}`))
	case "broken":
		tell(w, "ERROR", json.RawMessage(`{"kind":"Status","code":500,"reason":"InternalError","message":"etcd is away"}`))
	case "line":
		fmt.Fprint(w, `{"type":"ADDED","object":{"metadata":{"resourceVersion":"9`)
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	case "":
		panic(http.ErrAbortHandler)
	}
}

func tell(w http.ResponseWriter, kind string, object any) {
	text, _ := json.Marshal(map[string]any{"type": kind, "object": object})
	fmt.Fprintf(w, "%s\n", text)
	w.(http.Flusher).Flush()
}

// pipes is a network in memory, so that a bubble's time goes on while it is waited for.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error   { close(p.closed); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }
func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	a, b := net.Pipe()
	select {
	case p.conns <- b:
		return a, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// of is an integration that watches the API with the token that it takes.
func of(t *testing.T, a *api, section string) integrations.Integration {
	t.Helper()
	return made(t, a, "token: t0ken, "+section)
}

// made is an integration by its settings but the address.
func made(t *testing.T, a *api, section string) integrations.Integration {
	t.Helper()
	network := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	s := &http.Server{Handler: a}
	done := make(chan struct{})
	go func() { defer close(done); _ = s.Serve(network) }()
	out := &integrations.Outbound{Dial: network.dial}
	c, err := configured(t, `url: "http://k8s.test/base", `+section)
	if err != nil {
		t.Fatal(err)
	}
	in, err := kubernetes.Kind.New(c, integrations.Deps{Outbound: out})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { out.Close(); s.Close(); <-done })
	return in
}
