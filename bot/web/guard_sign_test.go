package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// TestNobodyIsSentElsewhere: wherever one is sent after signing in, it is a page here.
func TestNobodyIsSentElsewhere(t *testing.T) {
	for next, want := range map[string]string{
		"/incidents": "/incidents", "/incidents?q=a b": "/", "/incidents?q=a%20b": "/incidents?q=a%20b", "/incidents/INC-1#e4": "/incidents/INC-1#e4", "/a?next=https://evil.example": "/a?next=https://evil.example",
		"": "/", "incidents": "/", "//evil.example": "/", "///evil.example": "/", `/\evil.example`: "/", `\\evil.example`: "/", "/%2fevil.example": "/", "/%5cevil.example": "/", "https://evil.example": "/",
		"https:/evil.example": "/", "javascript:alert(1)": "/", "/\t/evil.example": "/", "/\n/evil.example": "/", " /incidents": "/", "/\u2028/x": "/", "http:incidents": "/", "/%zz": "/",
		"/sign-in": "/", "/sign-in/start?next=/": "/", "/sign-out": "/", "/" + strings.Repeat("x", maxNext): "/",
	} {
		if got := local(next); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
	h := newHouse(t, withPeople(newCrowd()), withIDP(newIDP(t)))
	for _, next := range []string{"//evil.example", `/\evil.example`, "https://evil.example/", "/\t/evil.example"} {
		g := h.browser().signsIn(next)
		if g.StatusCode != 303 || g.Header.Get("Location") != "/" {
			t.Errorf("%q: %d %s", next, g.StatusCode, g.Header.Get("Location"))
		}
		h.browser().get("/sign-in?next="+url.QueryEscape(next)).hides(t, "evil.example")
	}
	b := h.browser() // whoever plants a cookie of an attempt, too
	back := b.goes("/incidents")
	a, _ := readAttempt(b.cookies[attemptKey])
	a.Next = "//evil.example"
	b.cookies[attemptKey] = a.encode()
	if g := b.get(back); g.Header.Get("Location") != "/" {
		t.Errorf("%d %s", g.StatusCode, g.Header.Get("Location"))
	}
}

// TestEveryPageIsShutWhereOneSignsIn, also on this machine, and says nothing of what
// is there.
func TestEveryPageIsShutWhereOneSignsIn(t *testing.T) {
	h := newHouse(t, withPeople(newCrowd()), withIDP(newIDP(t)))
	h.open(Write, `{"title":"the printer burns"}`)
	for _, path := range []string{"/", "/incidents", "/incidents?q=printer", "/incidents/INC-1", "/incidents/INC-77", "/sessions", "/tokens", "/nothing"} {
		for _, remote := range []string{"127.0.0.1:5000", "192.0.2.7:5000"} {
			b := h.browser()
			b.remote = remote
			g := b.get(path)
			if to := g.Header.Get("Location"); g.StatusCode != 303 || !strings.HasPrefix(to, "/sign-in") || strings.Contains(g.body, "printer") && !strings.Contains(path, "printer") {
				t.Errorf("%s: %d %s", path, g.StatusCode, to)
			}
		}
	}
	h.page("/healthz").shows(t, "ok")
	h.call(Read, "GET", "/api/v1/incidents", "").wants(t, 200, "")
}

func TestSignInPageWithoutAProvider(t *testing.T) {
	h := newHouse(t, withPeople(newCrowd()))
	b := h.browser()
	b.remote = "192.0.2.7:4711"
	g := b.get("/sign-in")
	g.shows(t, "/incident dashboard")
	g.hides(t, "Sign in with", "<form")
	if g.StatusCode != 200 || len(g.Cookies()) > 0 {
		t.Errorf("%d %v", g.StatusCode, g.Cookies())
	}
	for _, path := range []string{"/sign-in/start", CallbackPath + "?code=x&state=y"} {
		if g := b.get(path); g.StatusCode != 404 {
			t.Errorf("%s: %d", path, g.StatusCode)
		}
	}
	if g := b.post("/sign-in/demo", url.Values{"name": {"alice"}}); g.StatusCode != 404 {
		t.Errorf("the demo's door: %d", g.StatusCode)
	}
}

// TestTheDemosClickIsForThisMachineAlone.
func TestTheDemosClickIsForThisMachineAlone(t *testing.T) {
	h := newHouse(t, withPeople(newCrowd()), func(o *Options) { o.Demo = []string{"alice", "grace", "nemo"} })
	click := func(b *browser, name string, headers ...string) got {
		t.Helper()
		g := b.get("/sign-in?next=/incidents")
		token := ""
		if m := csrfOf.FindStringSubmatch(g.body); m != nil {
			token = m[1]
		}
		return b.post("/sign-in/demo", url.Values{csrfField: {token}, "name": {name}, "next": {"/incidents"}}, headers...)
	}
	b := h.browser()
	page := b.get("/sign-in")
	page.shows(t, `value="alice"`, `value="grace"`)
	page.hides(t, "nemo", "bob")
	if g := click(b, "alice", "Sec-Fetch-Site", "same-origin"); g.StatusCode != 303 || g.Header.Get("Location") != "/incidents" {
		t.Fatalf("%d %s", g.StatusCode, g.body)
	}
	if sess, ok := b.in(); !ok || sess.Person.ID != "slack:T1/UALICE" || sess.By != store.ByDemo {
		t.Errorf("%+v", sess)
	}
	if g := click(b, "grace"); g.StatusCode != 303 {
		t.Errorf("somebody else next: %d", g.StatusCode)
	}
	if sess, _ := b.in(); !sess.Outside {
		t.Errorf("%+v", sess)
	}
	for name, c := range map[string]struct {
		remote, host, name string
		headers            []string
		status             int
	}{
		"another machine":   {"192.0.2.7:4711", "localhost:8080", "alice", nil, 403},
		"another name":      {"127.0.0.1:5000", "evil.example", "alice", nil, 403},
		"through a proxy":   {"127.0.0.1:5000", "localhost:8080", "alice", []string{"X-Forwarded-For", "192.0.2.7"}, 403},
		"from another site": {"127.0.0.1:5000", "localhost:8080", "alice", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		"not of the demo":   {"127.0.0.1:5000", "localhost:8080", "bob", nil, 400},
		"not there":         {"127.0.0.1:5000", "localhost:8080", "nemo", nil, 400},
	} {
		b := h.browser()
		b.remote, b.host = c.remote, c.host
		g := click(b, c.name, c.headers...)
		if _, in := b.in(); g.StatusCode != c.status || in {
			t.Errorf("%s: %d", name, g.StatusCode)
		}
	}
	if g := h.browser().post("/sign-in/demo", url.Values{"name": {"alice"}}); g.StatusCode != 403 {
		t.Errorf("without a token: %d", g.StatusCode)
	}
}

// link keeps a link of somebody of the crowd.
func (h *house) link(name string) string {
	h.t.Helper()
	secret, id := store.NewSecret("")
	now := h.site.now()
	err := h.store.PutSignInLink(h.t.Context(), store.SignInLink{ID: id, Person: incidents.Person{ID: "slack:T1/U" + strings.ToUpper(name), Name: name}, Created: now, Expires: now.Add(10 * time.Minute)})
	if err != nil {
		h.t.Fatal(err)
	}
	return "/sign-in/link/" + secret
}

// presses opens a link and presses its button.
func (b *browser) presses(link string) got {
	b.h.t.Helper()
	token := ""
	if m := csrfOf.FindStringSubmatch(b.get(link).body); m != nil {
		token = m[1]
	}
	return b.post(link, url.Values{csrfField: {token}}, "Sec-Fetch-Site", "same-origin")
}

func TestALinkForOneUse(t *testing.T) {
	c := newCrowd()
	h, later := clocked(t, c)
	link := h.link("alice")
	b := h.browser()
	b.remote, b.host = "192.0.2.7:4711", "fires.example.com:8080"
	for range 5 {
		g := b.get(link)
		g.shows(t, "Sign in as <bdi>alice</bdi>", "Sign in</button>")
		if g.StatusCode != 200 || g.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%d %v", g.StatusCode, g.Header)
		}
	}
	h.nobodyIsIn()
	if g := b.do(request("HEAD", link, "")); g.StatusCode != 200 {
		t.Errorf("HEAD: %d", g.StatusCode)
	}
	for name, headers := range map[string][]string{"no token": nil, "another site": {"Sec-Fetch-Site", "cross-site"}} {
		if g := b.post(link, nil, headers...); g.StatusCode != 403 {
			t.Errorf("%s: %d", name, g.StatusCode)
		}
	}
	h.nobodyIsIn()
	if g := b.presses(link); g.StatusCode != 303 || g.Header.Get("Location") != "/" {
		t.Fatalf("%d %s", g.StatusCode, g.body)
	}
	if sess, ok := b.in(); !ok || sess.By != store.ByLink || sess.Person.ID != "slack:T1/UALICE" {
		t.Errorf("%+v", sess)
	}
	for name, link := range map[string]string{"used": link, "of nobody": "/sign-in/link/x", "empty": "/sign-in/link/%20", "its hash": "/sign-in/link/" + store.SecretID(strings.TrimPrefix(link, "/sign-in/link/"))} {
		other := h.browser()
		if g := other.get(link); g.StatusCode != http.StatusGone || !strings.Contains(g.body, "/incident dashboard") {
			t.Errorf("%s: %d", name, g.StatusCode)
		}
		if g := other.presses(link); g.StatusCode == 303 {
			t.Errorf("%s opens", name)
		}
	}
	late := h.link("bob")
	later(10 * time.Minute)
	if g := h.browser().get(late); g.StatusCode != http.StatusGone {
		t.Errorf("ten minutes later: %d", g.StatusCode)
	}
	h.saysNoSecret()
}

// TestALinkIsForWhoeverTheyAreNow: between the link and the button somebody may have
// left, or become a guest.
func TestALinkIsForWhoeverTheyAreNow(t *testing.T) {
	c := newCrowd()
	h := newHouse(t, withPeople(c))
	alice, bob, carol := h.link("alice"), h.link("bob"), h.link("carol")
	delete(c.people, "slack:T1/UALICE")
	c.people["slack:T1/UBOB"] = c.with("bob", incidents.Standing{Outside: true})
	for _, link := range []string{alice, bob} {
		if g := h.browser().presses(link); g.StatusCode != http.StatusGone {
			t.Errorf("%d", g.StatusCode)
		}
	}
	h.nobodyIsIn()
	c.err = errDisk // Slack is down: an incident is run here then
	if g := h.browser().presses(carol); g.StatusCode != 303 {
		t.Errorf("while Slack is down: %d", g.StatusCode)
	}
}

// TestWhatCannotBeReadIsAFault, and lets nobody in.
func TestWhatCannotBeReadIsAFault(t *testing.T) {
	h := newHouse(t, withPeople(newCrowd()))
	b := h.as("alice")
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/incidents", "/sign-in", "/sign-in/link/x", "/sessions"} {
		g := b.get(path)
		if g.StatusCode != 500 {
			t.Errorf("%s: %d", path, g.StatusCode)
		}
		g.shows(t, "Something failed here")
	}
	h.send(request("GET", "/api/v1/incidents", "", "Authorization", "Bearer wrong")).wants(t, 500, "internal")
}
