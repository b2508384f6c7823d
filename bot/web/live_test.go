package web

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// ear hears what a stream says, in virtual time. Its end of the answer is a pipe.
type ear struct {
	t      *testing.T
	status int
	header http.Header
	body   *io.PipeWriter
	said   chan string
	done   chan struct{}
	hangUp context.CancelFunc
}

func (e *ear) Header() http.Header         { return e.header }
func (e *ear) WriteHeader(status int)      { e.status = status }
func (e *ear) Write(b []byte) (int, error) { return e.body.Write(b) }
func (e *ear) Flush()                      {}

// listen opens a stream as nobody in particular.
func (h *house) listen(path string) *ear { return h.browser().listen(path) }

// listen opens a stream in a browser.
func (b *browser) listen(path string) *ear {
	h := b.h
	ctx, cancel := context.WithCancel(context.Background())
	from, to := io.Pipe()
	e := &ear{t: h.t, status: http.StatusOK, header: http.Header{}, body: to, said: make(chan string, 100), done: make(chan struct{}), hangUp: cancel}
	go func() {
		for lines := bufio.NewScanner(from); lines.Scan(); {
			if s := lines.Text(); s != "" && s != "data: 1" {
				e.said <- s
			}
		}
	}()
	go func() {
		defer close(e.done)
		defer to.Close()
		r := request("GET", path, "").WithContext(ctx)
		for name, value := range b.cookies {
			r.AddCookie(&http.Cookie{Name: name, Value: value})
		}
		h.site.ServeHTTP(e, r)
	}()
	return e
}

// hears is what was said since it was last asked.
func (e *ear) hears() string {
	synctest.Wait()
	var list []string
	for {
		select {
		case s := <-e.said:
			list = append(list, s)
		default:
			return strings.Join(list, ", ")
		}
	}
}

func (e *ear) wants(want string) {
	e.t.Helper()
	if got := e.hears(); got != want {
		e.t.Errorf("the stream says %q, want %q", got, want)
	}
}

// ends fails the test where the stream goes on.
func (e *ear) ends() {
	e.t.Helper()
	synctest.Wait()
	select {
	case <-e.done:
	default:
		e.t.Error("the stream goes on")
	}
}

// inHouse runs a test in virtual time, with the store telling the site of changes
// as the program has it.
func inHouse(t *testing.T, test func(h *house)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, withPeople(newCrowd()))
		test(h)
		h.site.HangUp()
		synctest.Wait()
	})
}

// changes says something and tells the site, which the store does elsewhere.
func (h *house) changes(n incidents.Number, text string) {
	h.say(n.String(), text)
	h.site.Tell(n)
}

func TestAStreamTellsOfChanges(t *testing.T) {
	inHouse(t, func(h *house) {
		h.open(Write, down)
		all, one := h.listen("/live"), h.listen("/live?incident=inc-1")
		for _, e := range []*ear{all, one} {
			if e.wants("retry: 5000"); e.header.Get("Content-Type") != "text/event-stream" || e.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%v", e.header)
			}
		}
		h.changes(1, "note one")
		all.wants("event: changed")
		one.wants("event: changed")
		for range 10 { // a burst
			h.changes(1, "note more")
		}
		all.wants("")
		time.Sleep(gather)
		all.wants("event: changed")
		one.wants("event: changed")
		time.Sleep(beat)
		all.wants(": alive")
		h.open(Write, `{"title":"another"}`)
		h.site.Tell(2)
		all.wants("event: changed")
		one.wants(": alive")
		h.changes(1, "resolve")
		time.Sleep(gather)
		all.wants("event: changed")
		time.Sleep(gather)
		h.changes(1, "note of what is over")
		all.wants("")
		all.hangUp()
		all.ends()
		h.site.HangUp()
		one.ends()
		if late := h.listen("/live"); late.hears() == "" || late.status != http.StatusServiceUnavailable {
			t.Errorf("after the end a stream is answered %d", late.status)
		}
	})
}

// Of a private incident a stream tells whoever may not see it nothing, whatever
// happens: not that it came, changed or ended. That one which they saw is seen no
// more, they hear once, as the list itself would show it.
func TestAStreamTellsNothingPrivate(t *testing.T) {
	inHouse(t, func(h *house) {
		h.open(Write, down)
		h.open(Admin, `{"title":"leaked keys","private":true}`)
		h.open(Write, `{"title":"soon private"}`)
		all, one := h.listen("/live"), h.listen("/live?incident=INC-3")
		all.wants("retry: 5000")
		one.wants("retry: 5000")
		for range 3 {
			h.changes(2, "note they are used")
			all.wants("")
			time.Sleep(gather)
		}
		h.changes(2, "resolve")
		all.wants("")
		h.changes(1, "note a change that they may see comes at once")
		all.wants("event: changed")
		time.Sleep(gather)
		h.changes(3, "private")
		all.wants("event: changed")
		one.wants("event: gone")
		one.ends()
		time.Sleep(gather)
		h.changes(3, "note what nobody else sees")
		all.wants("")
		private, absent := h.page("/live?incident=INC-2"), h.page("/live?incident=INC-999")
		if private.StatusCode != 404 || strings.ReplaceAll(absent.body, "INC-999", "INC-2") != private.body {
			t.Errorf("one can tell a private incident from none:\n%d %s\n%s", private.StatusCode, private.body, absent.body)
		}
		all.hangUp()
		all.ends()
	})
}

// Who is in a private incident hears of it, until they are not, or are signed out.
func TestAStreamOfWhoIsSignedIn(t *testing.T) {
	inHouse(t, func(h *house) {
		bob := incidents.Actor{Kind: incidents.User, ID: "slack:T1/UBOB", Name: "bob"}
		_, err := h.store.Apply(t.Context(), incidents.Command{ID: "1", Actor: bob, At: time.Now(), Do: incidents.Open{Title: "keys leaked", Private: new(true)}})
		if err != nil {
			t.Fatal(err)
		}
		his, one, hers := h.as("bob").listen("/live"), h.as("bob").listen("/live?incident=INC-1"), h.as("alice").listen("/live")
		for _, e := range []*ear{his, one, hers} {
			e.wants("retry: 5000")
		}
		h.changes(1, "note they are used")
		his.wants("event: changed")
		one.wants("event: changed")
		hers.wants("")
		time.Sleep(gather)
		if _, err := h.store.Apply(t.Context(), incidents.Command{ID: "2", Actor: bob, At: time.Now(), Incident: 1, Do: incidents.Leave{}}); err != nil {
			t.Fatal(err)
		}
		h.site.Tell(1)
		his.wants("event: changed") // it leaves the page
		one.wants("event: gone")
		one.ends()
		time.Sleep(gather)
		h.changes(1, "note what bob sees no more")
		his.wants("")
		if _, err := h.store.EndSessions(t.Context(), time.Now(), func(store.Session) bool { return true }); err != nil {
			t.Fatal(err)
		}
		time.Sleep(beat)
		his.wants("event: gone")
		his.ends()
		h.site.Tell(1)
		hers.ends()
	})
}

// Whose session has ended hears that at once when something changes, and nothing of what.
func TestAStreamOfWhoWasSignedOut(t *testing.T) {
	inHouse(t, func(h *house) {
		h.open(Write, down)
		e := h.as("alice").listen("/live")
		e.hears()
		if _, err := h.store.EndSessions(t.Context(), time.Now(), func(store.Session) bool { return true }); err != nil {
			t.Fatal(err)
		}
		h.changes(1, "note one thing more")
		e.wants("event: gone")
		e.ends()
	})
}

// Streams end with the server: it waits for none of them.
func TestStreamsEndWithTheServer(t *testing.T) {
	inHouse(t, func(h *house) {
		h.open(Write, down)
		h.open(Write, `{"title":"search is slow"}`)
		idle, resting := h.listen("/live?incident=INC-2"), h.listen("/live?incident=INC-1")
		idle.hears()
		h.changes(1, "note it rests after this")
		resting.hears()
		h.site.HangUp()
		idle.ends()
		resting.ends()
		late := h.listen("/live")
		late.ends()
		if late.status != http.StatusServiceUnavailable {
			t.Errorf("a stream that comes too late: %d", late.status)
		}
	})
}

func TestStreamsAreBounded(t *testing.T) {
	l := newLive()
	var own []*listener
	for range maxOwn {
		own = append(own, l.join("alice", 0, false))
	}
	if l.join("alice", 0, false) != nil {
		t.Error("one person has as many streams as they like")
	}
	l.leave(own[0])
	if l.join("alice", 1, false) == nil {
		t.Error("a stream that ended counts for ever")
	}
	for i := len(l.list); i < maxListeners; i++ {
		if l.join(strings.Repeat("x", i), 0, false) == nil {
			t.Fatalf("stream %d is refused", i)
		}
	}
	if l.join("bob", 0, false) != nil {
		t.Error("there are more streams than there may be")
	}
	for one := range l.list {
		l.leave(one)
	}
	if len(l.own) > 0 {
		t.Errorf("there are none, and yet %v", l.own)
	}
}

// A stream that cannot hold what it is told begins anew, and does not grow.
func TestAStreamThatIsToldTooMuch(t *testing.T) {
	inHouse(t, func(h *house) {
		e := h.listen("/live")
		e.hears()
		many := make([]incidents.Number, 3*maxPending)
		for i := range many {
			many[i] = incidents.Number(i + 1)
		}
		h.site.Tell(many...)
		e.ends()
		e.wants("")
	})
}

// Who does not read any more is let go, and so is everybody when the store fails.
func TestAStreamThatBreaks(t *testing.T) {
	inHouse(t, func(h *house) {
		h.open(Write, down)
		broken, failing := h.listen("/live"), h.listen("/live?incident=INC-1")
		broken.hears()
		failing.hears()
		broken.body.CloseWithError(errors.New("gone"))
		h.store.read = errDisk
		h.site.Tell(1)
		failing.ends()
		time.Sleep(beat)
		broken.ends()
		failing.wants("")
	})
}

func TestPagesSayWhereTheyAreTold(t *testing.T) {
	h := newHouse(t)
	h.page("/").shows(t, `<body data-live="/live">`, "live-", "htmx.min-", `"allowEval":false`)
}
