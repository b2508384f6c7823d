package page_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"fireboss/bot/slacksim/page"
)

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

// object is a JSON object.
type object = map[string]any

// call is one act of a person as the page said it.
type call struct {
	path string
	body object
}

// workspace is a stand-in for the simulator: a canned state, a stream that tests push changes into, and a record of
// what people do. What a test does not answer itself is answered {"ok": true}.
type workspace struct {
	t   *testing.T
	url string

	first int // the revision of the state as it was at first

	mu      sync.Mutex
	rev     int
	state   object
	changes [][]byte // those after first
	more    chan struct{}
	cut     chan struct{} // closed while there is no stream
	calls   []call
	called  chan struct{}
	answers map[string]func(object) any
}

func newWorkspace(t *testing.T) *workspace {
	t.Helper()
	w := &workspace{t: t, more: make(chan struct{}), cut: make(chan struct{}), called: make(chan struct{}), answers: map[string]func(object) any{}}
	w.state = readJSON(t, "testdata/workspace.json")
	w.first = int(w.state["rev"].(float64))
	w.rev = w.first
	mux := http.NewServeMux()
	mux.HandleFunc("GET /sim/state", w.serveState)
	mux.HandleFunc("GET /sim/stream", w.serveStream)
	mux.HandleFunc("GET /sim/story", w.serveStory)
	mux.HandleFunc("POST /sim/{act}", w.serveAct)
	mux.Handle("/", page.Handler())
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	w.url = server.URL
	return w
}

func readJSON(t *testing.T, name string) object {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var v object
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v
}

func (w *workspace) serveState(rw http.ResponseWriter, _ *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	json.NewEncoder(rw).Encode(w.state)
}

func (w *workspace) serveStream(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	cut := w.cut
	w.mu.Unlock()
	select {
	case <-cut:
		http.Error(rw, "the workspace is away", http.StatusServiceUnavailable)
		return
	default:
	}
	var since int
	fmt.Sscan(r.URL.Query().Get("since"), &since)
	rw.Header().Set("Content-Type", "text/event-stream")
	flusher := rw.(http.Flusher)
	for sent := max(since-w.first, 0); ; {
		w.mu.Lock()
		changes, more := w.changes[min(sent, len(w.changes)):], w.more
		w.mu.Unlock()
		for _, c := range changes {
			fmt.Fprintf(rw, "data: %s\n\n", c)
			sent++
		}
		flusher.Flush()
		select {
		case <-more:
		case <-cut:
			return
		case <-r.Context().Done():
			return
		}
	}
}

func (w *workspace) serveStory(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	answer := w.answers["story?"]
	w.mu.Unlock()
	if answer == nil {
		http.NotFound(rw, r)
		return
	}
	json.NewEncoder(rw).Encode(answer(nil))
}

func (w *workspace) serveAct(rw http.ResponseWriter, r *http.Request) {
	var body object
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		http.Error(rw, err.Error(), http.StatusBadRequest)
		return
	}
	act := r.PathValue("act")
	w.mu.Lock()
	w.calls = append(w.calls, call{act, body})
	close(w.called)
	w.called = make(chan struct{})
	answer := w.answers[act]
	w.mu.Unlock()
	var answered any = object{"ok": true}
	if answer != nil {
		answered = answer(body)
	}
	json.NewEncoder(rw).Encode(answered)
}

// on says what the workspace answers to an act.
func (w *workspace) on(act string, answer func(object) any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answers[act] = answer
}

// push sends a change to every page.
func (w *workspace) push(kind string, change object) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rev++
	full := object{"rev": w.rev, "kind": kind}
	for k, v := range change {
		full[k] = v
	}
	raw, err := json.Marshal(full)
	if err != nil {
		w.t.Fatal(err)
	}
	w.changes = append(w.changes, raw)
	close(w.more)
	w.more = make(chan struct{})
}

// cutStream ends every stream and refuses new ones, until the function it gives is called.
func (w *workspace) cutStream() (restore func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	close(w.cut)
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.cut = make(chan struct{})
	}
}

// say pushes a message into a channel and gives its ts.
func (w *workspace) say(channel, user, text string, more object) string {
	w.mu.Lock()
	ts := fmt.Sprintf("%d.%06d", time.Now().Unix(), w.rev)
	w.mu.Unlock()
	m := object{"ts": ts, "user": user, "text": text, "blocks": []any{}, "reactions": []any{}}
	for k, v := range more {
		m[k] = v
	}
	w.push("message", object{"channel": channel, "message": m})
	return m["ts"].(string)
}

// waitCall waits for the next act of that kind that has not been waited for, and gives what it said.
func (w *workspace) waitCall(act string) object {
	w.t.Helper()
	deadline := time.After(patience)
	for {
		w.mu.Lock()
		for i, c := range w.calls {
			if c.path == act {
				w.calls = append(w.calls[:i], w.calls[i+1:]...)
				w.mu.Unlock()
				return c.body
			}
		}
		called, seen := w.called, fmt.Sprint(w.calls)
		w.mu.Unlock()
		select {
		case <-called:
		case <-deadline:
			w.t.Fatalf("the page did not say %q; it said %s", act, seen)
		}
	}
}

// channel is a channel of the state, to be changed before a page is opened.
func (w *workspace) channel(id string) object {
	w.t.Helper()
	for _, c := range w.state["channels"].([]any) {
		if c := c.(object); c["id"] == id {
			return c
		}
	}
	w.t.Fatalf("no channel %s", id)
	return nil
}

// add puts messages into a channel before a page is opened.
func (w *workspace) add(channel string, messages ...object) {
	c := w.channel(channel)
	for _, m := range messages {
		c["messages"] = append(c["messages"].([]any), m)
	}
}

// samples are the Block Kit samples: messages and views, by name.
func samples(t *testing.T) map[string]object {
	t.Helper()
	entries, err := os.ReadDir("testdata/blocks")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]object{}
	for _, e := range entries {
		found[strings.TrimSuffix(e.Name(), ".json")] = readJSON(t, "testdata/blocks/"+e.Name())
	}
	if len(found) == 0 {
		t.Fatal("no samples")
	}
	return found
}
