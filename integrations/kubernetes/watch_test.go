package kubernetes_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// ear is the program: it keeps what it was told, and how far that goes.
type ear struct {
	mu    sync.Mutex
	pods  []string
	since string
	calls int
	fails error // what it answers instead of keeping anything
}

func (e *ear) told(report alerts.Report, since string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.calls++
	if e.fails != nil {
		return e.fails
	}
	for _, s := range report.Signals {
		e.pods = append(e.pods, s.Labels["name"])
	}
	e.since = since
	return nil
}

func (e *ear) refuses(with error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.fails = with
}

func (e *ear) heard() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return strings.Join(e.pods, " ")
}

func (e *ear) at() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.since
}

// listens runs the watch as the program does: again after an error. What is returned stops it and says with what errors
// it has ended.
func listens(t *testing.T, in integrations.Integration, e *ear) func() []error {
	ctx, cancel := context.WithCancel(t.Context())
	var ended []error
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			err := in.Watch(ctx, e.at(), e.told)
			if ctx.Err() == nil {
				ended = append(ended, err)
			}
			select {
			case <-time.After(10 * time.Second):
			case <-ctx.Done():
			}
		}
	}()
	return func() []error { cancel(); <-done; return ended }
}

// passes lets time pass and everything that is due in it happen.
func passes(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// A story of a watch, each step of which is something that happens to it, and what has been heard after it.
func TestWatch(t *testing.T) {
	type step struct {
		do    func(a *api, e *ear)
		after time.Duration
		want  string
	}
	warns := func(names ...string) func(*api, *ear) {
		return func(a *api, _ *ear) {
			for _, n := range names {
				a.warns(n)
			}
		}
	}
	cut := func(how string) func(*api, *ear) { return func(a *api, _ *ear) { a.cut(how) } }
	nothing := func(*api, *ear) {}
	for _, c := range []struct {
		name    string
		section string
		before  func(a *api, e *ear)
		steps   []step
		errors  int
	}{
		{"what there is, and what comes", "", func(a *api, _ *ear) {
			a.happens("ADDED", warning("old", "BackOff", time.Now().Add(-31*time.Minute)))
			a.happens("ADDED", warning("noise", "DNSConfigForming", time.Now()))
			a.warns("a")
			a.warns("b")
			a.warns("c")
		}, []step{{nothing, time.Second, "a b c"}, {warns("d"), 0, "a b c d"}, {warns("e", "f"), 0, "a b c d e f"}}, 0},
		{"ended by the cluster, again and again", "", warns("a"), []step{{nothing, time.Hour, "a"}, {warns("b"), 10 * time.Second, "a b"}, {nothing, time.Hour, "a b"}}, 0},
		{"cut between two lines", "", warns("a"), []step{{warns("b"), time.Second, "a b"}, {cut(""), 0, "a b"}, {warns("c"), time.Minute, "a b c"}, {nothing, time.Hour, "a b c"}}, 0},
		{"cut within a line", "", warns("a"), []step{{warns("b"), time.Second, "a b"}, {cut("line"), 0, "a b"}, {warns("c"), time.Minute, "a b c"}}, 0},
		{"cut before anything was told", "", warns("a"), []step{{nothing, time.Second, "a"}, {cut("line"), time.Minute, "a"}, {warns("b"), time.Minute, "a b"}}, 1},
		{"the cluster has forgotten, and says so while it is watched", "", warns("a"), []step{
			{warns("b"), time.Second, "a b"}, {cut("gone"), 0, "a b"}, {warns("c"), time.Minute, "a b c"}, {warns("d"), 0, "a b c d"},
		}, 0},
		{"forgotten while it was cut", "", warns("a"), []step{
			{warns("b"), time.Second, "a b"}, {func(a *api, _ *ear) { a.cut(""); a.warns("c"); a.warns("d"); a.forgets() }, time.Minute, "a b c d"}, {warns("e"), 0, "a b c d e"},
		}, 0},
		{"the cluster is in trouble", "", warns("a"), []step{{nothing, time.Second, "a"}, {cut("broken"), time.Minute, "a"}, {warns("b"), 0, "a b"}}, 1},
		{"a change of what was told is told, that it is forgotten is not", "", warns("a"), []step{
			{func(a *api, _ *ear) { a.happens("MODIFIED", warning("a", "BackOff", time.Now())) }, time.Second, "a a"},
			{func(a *api, _ *ear) { a.happens("DELETED", warning("a", "BackOff", time.Now())) }, time.Second, "a a"}, {cut("gone"), time.Minute, "a a"},
		}, 0},
		{"the program does not keep it", "", warns("a"), []step{
			{nothing, time.Second, "a"}, {func(a *api, e *ear) { e.refuses(errors.New("the disk is full")); a.warns("b") }, time.Second, "a"},
			{func(_ *api, e *ear) { e.refuses(nil) }, time.Minute, "a b"}, {warns("c"), 0, "a b c"},
		}, 1},
		{"nothing comes, not even an end", "", func(a *api, _ *ear) { a.deaf = true; a.warns("a") }, []step{
			{nothing, time.Second, "a"}, {func(a *api, _ *ear) { a.mu.Lock(); a.deaf = false; a.mu.Unlock() }, 10 * time.Minute, "a"}, {warns("b"), 10 * time.Second, "a b"},
		}, 1},
		{"started again where it got to", "", func(a *api, e *ear) { a.warns("a"); a.warns("b"); e.since = "101" }, []step{{nothing, time.Second, "b"}, {warns("c"), 0, "b c"}}, 0},
		{"started again too late", "", func(a *api, e *ear) { a.warns("a"); a.warns("b"); a.forgets(); e.since = "101"; a.warns("c") }, []step{{nothing, time.Minute, "b c"}}, 0},
		{"another cluster, or one from a backup", "", func(a *api, e *ear) { a.warns("a"); e.since = "999999" }, []step{{nothing, time.Minute, "a"}, {warns("b"), 0, "a b"}}, 0},
		{"pages that run out", "", func(a *api, _ *ear) { warns("a", "b", "c", "d", "e")(a, nil); a.pageEnds = 2 }, []step{{nothing, time.Minute, "a b c d e"}}, 0},
		{"a cluster that repeats itself", "", func(a *api, _ *ear) { warns("a", "b")(a, nil); a.repeats = true }, []step{{warns("c"), time.Second, "a b c"}, {cut(""), time.Minute, "a b c"}, {warns("d"), time.Hour, "a b c d"}}, 0},
		{"a namespace", "namespaces: shop", warns("a"), []step{{nothing, time.Second, "a"}, {warns("b"), 0, "a b"}}, 0},
		{"other namespaces", "namespaces: [pay, x]", warns("a"), []step{{warns("b"), time.Hour, ""}}, 0},
		{"too long a line", "", warns("a"), []step{
			{func(a *api, _ *ear) {
				w := warning("long", "BackOff", time.Now())
				w["message"] = strings.Repeat("x", 3<<20)
				a.happens("ADDED", w)
				a.warns("b")
			}, time.Second, "a b"},
		}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a, e := newAPI(), &ear{}
				c.before(a, e)
				stop := listens(t, of(t, a, c.section), e)
				synctest.Wait()
				for i, s := range c.steps {
					if i == 0 {
						passes(time.Second) // the first watch is open
					}
					s.do(a, e)
					passes(s.after)
					if got := e.heard(); got != s.want {
						t.Errorf("after step %d it has heard %q, not %q", i+1, got, s.want)
					}
				}
				if ended := stop(); len(ended) != c.errors {
					t.Errorf("it has ended with %v", ended)
				}
			})
		})
	}
}

// A bookmark is where it goes on after a start, so that a cluster that forgets is no trouble to who only waited.
func TestBookmarks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, e := newAPI(), &ear{}
		stop := listens(t, of(t, a, ""), e)
		passes(time.Second)
		for range 5 {
			a.happens("ADDED", warning("noise", "DNSConfigForming", time.Now()))
		}
		if synctest.Wait(); e.at() != "100" {
			t.Errorf("what is not told is kept as %s", e.at())
		}
		if passes(time.Minute); e.at() != "105" || e.heard() != "" {
			t.Errorf("the bookmark is kept as %s", e.at())
		}
		if passes(time.Hour); e.calls != 2 { // the list, and the bookmark once
			t.Errorf("it was told %d times", e.calls)
		}
		stop()
		a.forgets()
		a.warns("a")
		a.mu.Lock()
		before := len(a.requests)
		a.mu.Unlock()
		stop = listens(t, of(t, a, ""), e)
		passes(time.Second)
		stop()
		if e.heard() != "a" || len(a.requests) != before+1 || !strings.Contains(a.requests[before], "resourceVersion=105") || !strings.Contains(a.requests[before], "/base/api/v1/events?") {
			t.Errorf("%s after %v", e.heard(), a.requests[before:])
		}
	})
}

// It does not ask again at once, nor always after the same time.
func TestJitter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, e := newAPI(), &ear{}
		var at []time.Time
		a.refuse = func(_ http.ResponseWriter, r *http.Request) bool {
			a.mu.Lock()
			defer a.mu.Unlock()
			if r.URL.Query().Get("watch") != "" {
				at = append(at, time.Now())
				return true // an answer that ends at once
			}
			return false
		}
		stop := listens(t, of(t, a, ""), e)
		passes(time.Minute)
		stop()
		pauses := map[time.Duration]bool{}
		for i := 1; i < len(at); i++ {
			pause := at[i].Sub(at[i-1])
			pauses[pause] = true
			if pause < time.Second || pause > 2*time.Second {
				t.Errorf("it paused for %s", pause)
			}
		}
		if len(pauses) < 10 {
			t.Errorf("its pauses are %v", pauses)
		}
	})
}

// What keeps it from watching is said.
func TestRefused(t *testing.T) {
	for _, c := range []struct {
		when, want string
		code       int
		reason     string
	}{
		{"", "token: the cluster does not take it", 401, "Unauthorized"},
		{"", `may not see events, it wants the verbs list and watch: "events is forbidden: User \"x\" cannot list"`, 403, `events is forbidden: User "x" cannot list`},
		{"watch", `may not see events`, 403, "no"},
		{"watch", `the cluster answers 500: "broken"`, 500, "broken"},
		{"watch", `no longer knows`, 410, "Gone"},
	} {
		synctest.Test(t, func(t *testing.T) {
			a := newAPI()
			a.refuse = func(w http.ResponseWriter, r *http.Request) bool {
				refused := r.URL.Query().Get("watch") != "" || c.when == ""
				if refused {
					status(w, c.code, c.reason, c.reason)
				}
				return refused
			}
			e := &ear{}
			stop := listens(t, of(t, a, ""), e)
			passes(15 * time.Second)
			if ended := stop(); len(ended) == 0 || !strings.Contains(ended[0].Error(), c.want) {
				t.Errorf("%d: %v", c.code, ended)
			}
		})
	}
}

// Whatever happens to a watch, in whatever order, each warning is told once, and in order.
func TestNothingIsLostOrToldTwice(t *testing.T) {
	for seed := range uint64(30) {
		synctest.Test(t, func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 0))
			a, e := newAPI(), &ear{}
			in := of(t, a, "quiet: 100h")
			stop := listens(t, in, e)
			var want []string
			for i := range 200 {
				switch r.IntN(10) {
				case 0:
					a.cut([]string{"", "line", "gone", "broken"}[r.IntN(4)])
				case 1:
					a.forgets()
				case 2: // the program is stopped and started
					stop()
					stop = listens(t, in, e)
				case 3:
					passes(time.Duration(r.Int64N(int64(10 * time.Minute))))
				case 4:
					a.happens("ADDED", warning("noise", "DNSConfigForming", time.Now()))
				default:
					want = append(want, strconv.Itoa(i))
					a.warns(strconv.Itoa(i))
				}
				if r.IntN(2) == 0 {
					passes(time.Duration(r.Int64N(int64(5 * time.Second))))
				}
			}
			passes(20 * time.Minute)
			stop()
			if !slices.Equal(e.pods, want) {
				t.Errorf("seed %d: it heard %v, not %v", seed, e.pods, want)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		section string
		list    string
		review  string
		want    string
	}{
		{"token: t0ken", `{"metadata":{"resourceVersion":"1"}}`, `{"status":{"allowed":true}}`, ""},
		{"token: t0ken", `{"metadata":{"resourceVersion":"1"}}`, `{"status":{"allowed":false}}`, "token: its service account may list events but not watch them"},
		{"token: t0ken", `{"metadata":{"resourceVersion":"1"}}`, ``, ""},
		{"token: t0ken", `{}`, ``, "url: what answers at http://k8s.test/base is no API of Kubernetes"},
		{"token: t0ken", `<html>`, ``, "url: http://k8s.test/base does not answer as a cluster does: the body is not JSON"},
		{"token_file: /nowhere/token", `{}`, ``, "token_file: the file cannot be read"},
	} {
		synctest.Test(t, func(t *testing.T) {
			a := newAPI()
			var asked []string
			a.refuse = func(w http.ResponseWriter, r *http.Request) bool {
				asked = append(asked, r.Method+" "+r.URL.Path+" "+r.URL.Query().Get("limit"))
				if r.Method == http.MethodPost {
					if c.review == "" {
						status(w, 403, "Forbidden", "you may not ask")
					}
					fmt.Fprint(w, c.review)
				} else {
					fmt.Fprint(w, c.list)
				}
				return true
			}
			err := made(t, a, c.section).Check(t.Context())
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v", c.list, err)
			}
			if c.want == "" && !slices.Equal(asked, []string{"GET /base/api/v1/events 1", "POST /base/apis/authorization.k8s.io/v1/selfsubjectaccessreviews "}) {
				t.Error(asked)
			}
		})
	}
}
