package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// Bounds of the streams that tell open pages of changes. A page without a stream
// asks every minute, so whoever gets none loses little.
const (
	maxListeners = 500              // streams at a time, of everybody
	maxOwn       = 20               // of one person
	maxPending   = 5000             // incidents that a stream has not looked at; one with more begins anew
	beat         = 20 * time.Second // how often a quiet stream shows that it lives
	gather       = time.Second      // a burst of changes is told once
	streamWrite  = 10 * time.Second // who does not read for so long is cut off
	comeAgain    = 5 * time.Second  // before a browser connects anew
)

// live are the streams that are open. What it is told of it passes on as numbers;
// whether somebody may know of them their own stream finds out.
type live struct {
	mu    sync.Mutex
	list  map[*listener]bool
	own   map[string]int // how many somebody has, by id
	ended chan struct{}  // closed when no stream may go on
	over  bool
}

// listener is one stream.
type listener struct {
	who    string
	only   incidents.Number // 0: all
	alerts bool             // it hears of alerts, and of nothing else
	wake   chan struct{}

	mu      sync.Mutex
	changed map[incidents.Number]bool
	lost    bool // it was told of more than it can hold
	heard   bool // something is not as it was about alerts
}

func newLive() *live {
	return &live{list: map[*listener]bool{}, own: map[string]int{}, ended: make(chan struct{})}
}

// join adds a stream; nil where there are too many.
func (l *live) join(who string, only incidents.Number, alerts bool) *listener {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over || len(l.list) >= maxListeners || l.own[who] >= maxOwn {
		return nil
	}
	one := &listener{who: who, only: only, alerts: alerts, wake: make(chan struct{}, 1), changed: map[incidents.Number]bool{}}
	l.list[one] = true
	l.own[who]++
	return one
}

func (l *live) leave(one *listener) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.list, one)
	if l.own[one.who]--; l.own[one.who] <= 0 {
		delete(l.own, one.who)
	}
}

// tell says that incidents changed. It does not block.
func (l *live) tell(list []incidents.Number) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for one := range l.list {
		if !one.alerts {
			one.note(list)
		}
	}
}

// tellAlerts says that alerts changed. It does not block.
func (l *live) tellAlerts() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for one := range l.list {
		if one.alerts {
			one.hear()
		}
	}
}

// end ends all streams, for good.
func (l *live) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.over {
		l.over = true
		close(l.ended)
	}
}

func (one *listener) note(list []incidents.Number) {
	one.mu.Lock()
	defer one.mu.Unlock()
	for _, n := range list {
		if one.only != 0 && n != one.only {
			continue
		}
		if one.changed[n] = true; len(one.changed) > maxPending {
			one.changed, one.lost = map[incidents.Number]bool{}, true
		}
		one.poke()
	}
}

// hear notes that something changed about alerts.
func (one *listener) hear() {
	one.mu.Lock()
	defer one.mu.Unlock()
	one.heard = true
	one.poke()
}

func (one *listener) poke() {
	select {
	case one.wake <- struct{}{}:
	default:
	}
}

// hears says whether something changed about alerts since it was last asked.
func (one *listener) hears() (heard bool) {
	one.mu.Lock()
	defer one.mu.Unlock()
	heard, one.heard = one.heard, false
	return heard
}

// take are the changes since it was last asked.
func (one *listener) take() (changed map[incidents.Number]bool, lost bool) {
	one.mu.Lock()
	defer one.mu.Unlock()
	changed, lost = one.changed, one.lost
	one.changed = map[incidents.Number]bool{}
	return changed, lost
}

// Tell says that something about these incidents is not as it was: they changed,
// or how far they are shown elsewhere did. It does not block.
func (s *Site) Tell(list ...incidents.Number) { s.live.tell(list) }

// TellAlerts says that something about alerts is not as it was. It does not block.
func (s *Site) TellAlerts() { s.live.tellAlerts() }

// HangUp ends the streams to open pages, which would keep a server that shuts
// down waiting. There are none afterwards.
func (s *Site) HangUp() { s.live.end() }

// stream answers GET /live, /live?incident=INC-12 and /live?alerts=all with server-sent events
// (https://html.spec.whatwg.org/multipage/server-sent-events.html): "changed"
// where a page that this person looks at is not as it was, and "gone" where they
// may not see that incident any more. Nothing else is said: what changed, the page
// fetches, and for what they may not see nothing comes, at no time.
func (s *Site) stream(w http.ResponseWriter, r *http.Request) {
	watch, err := s.watch(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	one := s.live.join(watch.who.ID, watch.only, watch.alerts)
	if one == nil {
		w.Header().Set("Retry-After", "60")
		send(w, http.StatusServiceUnavailable, "text/plain; charset=utf-8", []byte("There are too many open pages; this one asks every minute."))
		return
	}
	defer s.live.leave(one)
	line := newLine(w)
	if line.say(fmt.Sprintf("retry: %d", comeAgain.Milliseconds())) != nil || watch.begin(r.Context()) != nil {
		return // the page connects again
	}
	quiet := time.NewTicker(beat)
	defer quiet.Stop()
	for {
		select {
		case <-one.wake:
		case <-quiet.C:
			if !s.stillIn(r) {
				_ = line.say("event: gone\ndata: 1") // and whoever does not hear it is gone
				return
			}
			if line.say(": alive") != nil {
				return
			}
			continue
		case <-r.Context().Done():
			return
		case <-s.live.ended:
			return
		}
		said, err := watch.look(r, one)
		if err != nil || said != "" && line.say("event: "+said+"\ndata: 1") != nil || said == "gone" {
			return
		}
		// What nobody hears of delays nothing either.
		if said != "" && !rest(r.Context(), s.live.ended) {
			return
		}
	}
}

// rest lets a burst of changes become one; false where the stream is over.
func rest(ctx context.Context, ended <-chan struct{}) bool {
	pause := time.NewTimer(gather)
	defer pause.Stop()
	select {
	case <-pause.C:
		return true
	case <-ctx.Done():
	case <-ended:
	}
	return false
}

// line is the stream's end of a connection.
type line struct {
	w     http.ResponseWriter
	limit *http.ResponseController
}

func newLine(w http.ResponseWriter) line {
	l := line{w, http.NewResponseController(w)}
	// The server's limits are meant for answers that end. Where there are none, there are none to lift.
	_ = l.limit.SetReadDeadline(time.Time{})
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx holds back what it proxies otherwise
	w.WriteHeader(http.StatusOK)
	return l
}

// say writes one message and sees it off.
func (l line) say(s string) error {
	_ = l.limit.SetWriteDeadline(time.Now().Add(streamWrite)) // as above
	if _, err := fmt.Fprint(l.w, s, "\n\n"); err != nil {
		return err
	}
	return l.limit.Flush()
}

// errLost ends a stream that was told of more than it can hold.
var errLost = errors.New("web: a stream was told of too many changes")

// watch is what one stream looks at, for whom.
type watch struct {
	site *Site
	who  incidents.Actor
	only incidents.Number // 0: what is open
	// alerts says that it looks at alerts, which everybody may know of.
	alerts bool
	// shown are the open incidents that this person's page shows: that one of them is
	// seen no more they may know.
	shown map[incidents.Number]bool
}

func (s *Site) watch(r *http.Request) (*watch, error) {
	q := readQuery(r.URL.RawQuery, "incident", "alerts")
	alerts := q.oneOf("alerts", "all") != ""
	if alerts && q.given("incident") {
		q.wrong("incident and alerts do not go together. Send one of them.")
	}
	if q.err != nil {
		return nil, q.err
	}
	w := &watch{site: s, who: s.viewer(r), alerts: alerts, shown: map[incidents.Number]bool{}}
	if q.given("incident") {
		in, err := s.incident(r.Context(), q.text("incident"), w.who)
		if err != nil {
			return nil, err
		}
		w.only = in.Number
	}
	return w, nil
}

// begin notes what is shown now.
func (w *watch) begin(ctx context.Context) error {
	if w.only != 0 || w.alerts {
		return nil
	}
	list, err := w.site.store.Incidents(ctx, store.Query{Open: true, Where: visibleTo(w.who)})
	for _, in := range list {
		w.shown[in.Number] = true
	}
	return err
}

// look says what to tell of what has changed: nothing, changed or gone.
func (w *watch) look(r *http.Request, one *listener) (string, error) {
	who, ok := w.site.viewerNow(r)
	if !ok {
		return "gone", nil
	}
	w.who = who
	if w.alerts {
		if one.hears() {
			return "changed", nil
		}
		return "", nil
	}
	changed, lost := one.take()
	if lost {
		return "", errLost
	}
	said := ""
	for n := range changed {
		in, err := w.site.store.Incident(r.Context(), n)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return "", err
		}
		sees := err == nil && in.VisibleTo(w.who)
		shows := sees && (w.only != 0 || in.Status.Open())
		if w.only != 0 && !sees {
			return "gone", nil
		}
		if shows || w.shown[n] {
			said = "changed"
		}
		if delete(w.shown, n); shows {
			w.shown[n] = true
		}
	}
	return said, nil
}
