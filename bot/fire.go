package bot

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// fire plays a story in the simulated workspace through its real doors: people
// report, type, argue, fix and resolve, in about 90 seconds. Anybody can take
// over one of its people at any moment; that one then says no more by itself.
type fire struct {
	base   string        // of the workspace
	client *http.Client  // to the workspace
	pace   time.Duration // of one beat of the story

	mu      sync.Mutex
	run     *fireRun        // nil while none plays
	taken   map[string]bool // whose lines are somebody's own, by @name
	acting  string          // whose line comes next
	channel string          // of the incident, once there is one
	note    string          // what people should know: what is waited for, or how it ended
}

// fireRun is one playing of the story.
type fireRun struct {
	cancel context.CancelFunc
	done   chan struct{}
}

func newFire(base string) *fire {
	return &fire{base: base, client: http.DefaultClient, pace: time.Second, taken: map[string]bool{}}
}

// wrap adds the story's address to the workspace's.
func (f *fire) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/sim/story" {
			next.ServeHTTP(w, r)
			return
		}
		f.ServeHTTP(w, r)
	})
}

// ServeHTTP tells how the story stands (GET), starts it, stops it or hands one
// of its people over (POST).
func (f *fire) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	switch r.Method {
	case http.MethodGet:
	case http.MethodPost:
		var ask struct {
			Takeover string `json:"takeover"`
			Stop     bool   `json:"stop"`
		}
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4096)).Decode(&ask); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"ok":false,"error":"invalid_arguments","message":"The body must be JSON: {} starts the story, {\"stop\":true} ends it, {\"takeover\":\"@alice\"} hands alice over."}`))
			return
		}
		f.told(ask.Takeover, ask.Stop)
	default:
		w.Header().Set("Allow", "GET, POST")
		w.WriteHeader(http.StatusMethodNotAllowed)
		_, _ = w.Write([]byte(`{"ok":false,"error":"invalid_arguments","message":"Ask with GET, start, stop and take over with POST."}`))
		return
	}
	_ = json.NewEncoder(w).Encode(f.status())
}

func (f *fire) told(takeover string, stop bool) {
	switch {
	case stop:
		f.end()
	case takeover != "":
		f.takeOver("@" + strings.TrimPrefix(takeover, "@"))
	default:
		f.begin()
	}
}

// status is what the page shows of the story: place is the channel in which it
// plays now, try what a newcomer may type first.
func (f *fire) status() map[string]any {
	f.mu.Lock()
	defer f.mu.Unlock()
	place := f.channel
	if place == "" {
		place = fireStart
	}
	mine := []string{}
	for _, who := range fireCast {
		if f.taken[who] {
			mine = append(mine, who)
		}
	}
	return map[string]any{
		"ok": true, "available": true, "running": f.run != nil, "title": "People report, argue, fix and resolve an incident, in 90 seconds",
		"try": "/incident open sev1 checkout is down", "cast": fireCast, "taken": mine, "acting": f.acting, "channel": f.channel, "place": place, "note": f.note,
	}
}

// takeOver hands somebody to a person, for as long as the story plays.
func (f *fire) takeOver(who string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.run != nil && slices.Contains(fireCast, who) {
		f.taken[who] = true
	}
}

func (f *fire) isTaken(who string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.taken[who]
}

// begin starts the story, unless it plays.
func (f *fire) begin() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.run != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	run := &fireRun{cancel: cancel, done: make(chan struct{})}
	f.run, f.taken, f.acting, f.channel, f.note = run, map[string]bool{}, "", "", ""
	go func() {
		defer close(run.done)
		note := f.play(ctx)
		if ctx.Err() != nil {
			note = "" // it was stopped
		}
		cancel()
		f.mu.Lock()
		defer f.mu.Unlock()
		f.run, f.acting, f.note = nil, "", note
	}()
}

// end stops the story and waits for it.
func (f *fire) end() {
	f.mu.Lock()
	run := f.run
	f.mu.Unlock()
	if run != nil {
		run.cancel()
		<-run.done
	}
}

// show tells people how the story stands: whose line comes next, where, and
// what it waits for.
func (f *fire) show(acting, channel, note string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.acting, f.channel, f.note = acting, channel, note
}
