package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"
)

// fire plays a story in the simulated workspace through its real doors: people
// report, type, argue, fix and resolve, in about 90 seconds. Anybody can take
// over one of its people at any moment; that one then falls silent.
type fire struct {
	base string        // of the workspace
	pace time.Duration // of one beat of the story

	mu     sync.Mutex
	cancel context.CancelFunc
	taken  map[string]bool
	acting string
	done   sync.WaitGroup
}

// act is one thing that somebody does.
type act struct {
	wait time.Duration // beats after the one before
	who  string
	verb string // slash, message or join
	text string
	in   string // channel; empty: the incident's
}

var fireStory = []act{
	{1, "@dave", "message", "Is anybody else seeing errors on checkout? Three customers called.", "#general"},
	{5, "@alice", "message", "Yes. The error rate went from 0.1 % to 38 % at the last minute.", "#general"},
	{4, "@alice", "slash", "open sev2 checkout answers with errors", "#general"},
	{4, "@bob", "join", "", ""},
	{2, "@bob", "slash", "ack", ""},
	{3, "@bob", "slash", "lead me", ""},
	{4, "@bob", "slash", "service add checkout", ""},
	{1, "@carol", "join", "", ""},
	{3, "@alice", "message", "It began with release 2241, six minutes ago. I would roll back.", ""},
	{5, "@carol", "message", "Wait, 2241 also carries the tax fix. Rolling back breaks invoices.", ""},
	{5, "@bob", "slash", "sev 1 every second payment fails", ""},
	{4, "@bob", "slash", "role communications @carol", ""},
	{5, "@carol", "slash", "update About half of all payments fail. We know since when and are deciding how to go back. next 20m", ""},
	{5, "@bob", "slash", "status identified release 2241 sends an empty currency", ""},
	{4, "@bob", "slash", "decision We roll back 2241 now and redo the tax fix tomorrow.", ""},
	{4, "@bob", "slash", "task add roll back release 2241 @alice", ""},
	{6, "@alice", "message", "Rolling back … done. Watching.", ""},
	{4, "@alice", "slash", "task done 1", ""},
	{5, "@bob", "slash", "status monitoring errors are down to 0.1 %", ""},
	{5, "@carol", "slash", "followup add test releases with an empty currency @alice", ""},
	{6, "@bob", "slash", "resolve payments work again", ""},
}

func newFire(base string) *fire {
	return &fire{base: base, pace: time.Second, taken: map[string]bool{}}
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
	if r.Method == http.MethodPost {
		var ask struct {
			Takeover string `json:"takeover"`
			Stop     bool   `json:"stop"`
		}
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4096)).Decode(&ask); err != nil {
			http.Error(w, `{"ok":false,"error":"the body must be JSON, such as {}"}`, http.StatusBadRequest)
			return
		}
		switch {
		case ask.Stop:
			f.end()
		case ask.Takeover != "":
			f.mu.Lock()
			f.taken["@"+strings.TrimPrefix(ask.Takeover, "@")] = true
			f.mu.Unlock()
		default:
			f.begin()
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"ok": true, "available": true, "running": f.cancel != nil, "title": "Start a fire", "acting": f.acting,
	})
}

// begin starts the story, unless it runs.
func (f *fire) begin() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.cancel != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	f.cancel, f.taken = cancel, map[string]bool{}
	f.done.Add(1)
	go func() {
		defer f.done.Done()
		f.play(ctx)
		f.mu.Lock()
		defer f.mu.Unlock()
		cancel()
		f.cancel, f.acting = nil, ""
	}()
}

// end stops the story and waits for it.
func (f *fire) end() {
	f.mu.Lock()
	if f.cancel != nil {
		f.cancel()
	}
	f.mu.Unlock()
	f.done.Wait()
}

func (f *fire) play(ctx context.Context) {
	channel := ""
	for _, a := range fireStory {
		t := time.NewTimer(a.wait * f.pace)
		select {
		case <-ctx.Done():
			t.Stop()
			return
		case <-t.C:
		}
		f.mu.Lock()
		taken := f.taken[a.who]
		f.acting = a.who
		f.mu.Unlock()
		if taken {
			continue
		}
		in := a.in
		if in == "" {
			if in = channel; in == "" {
				return // nobody opened the incident: the one who should was taken over
			}
		}
		before := f.channels(ctx)
		if err := f.say(ctx, a, in); err != nil {
			return
		}
		if strings.HasPrefix(a.text, "open ") {
			channel = f.opened(ctx, before)
		}
	}
}

func (f *fire) say(ctx context.Context, a act, channel string) error {
	body := map[string]string{"user": a.who, "channel": channel}
	switch a.verb {
	case "slash":
		body["command"], body["text"] = "/incident", a.text
	case "message":
		body["text"] = a.text
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.base+"/sim/"+a.verb, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return res.Body.Close()
}

// channels are the ids of all channels there are.
func (f *fire) channels(ctx context.Context) map[string]string {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.base+"/sim/state", nil)
	if err != nil {
		return nil
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil
	}
	defer res.Body.Close()
	var state struct {
		Channels []struct{ ID, Name string }
	}
	if json.NewDecoder(res.Body).Decode(&state) != nil {
		return nil
	}
	ids := map[string]string{}
	for _, c := range state.Channels {
		ids[c.ID] = c.Name
	}
	return ids
}

var errNoChannel = errors.New("no channel was opened")

// opened is the incident's channel that was not there before; empty if none comes.
func (f *fire) opened(ctx context.Context, before map[string]string) string {
	ctx, cancel := context.WithTimeoutCause(ctx, 10*time.Second, errNoChannel)
	defer cancel()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		for id, name := range f.channels(ctx) {
			if _, old := before[id]; !old && strings.HasPrefix(name, "inc-") {
				return id
			}
		}
		select {
		case <-ctx.Done():
			return ""
		case <-tick.C:
		}
	}
}
