package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// clocked is a house whose clock a test moves.
func clocked(t *testing.T, c *crowd, change ...func(*Options)) (h *house, later func(time.Duration)) {
	now := time.Now()
	h = newHouse(t, append([]func(*Options){withPeople(c), func(o *Options) {
		o.Now = func() time.Time { return now }
		o.Sessions = Sessions{Idle: time.Hour, Max: 3 * time.Hour}
	}}, change...)...)
	return h, func(d time.Duration) { now = now.Add(d) }
}

func (b *browser) isIn() bool {
	b.h.t.Helper()
	return strings.Contains(b.get("/incidents").body, `<details class="you">`)
}

func TestASessionEnds(t *testing.T) {
	h, later := clocked(t, newCrowd())
	idle, busy := h.as("bob"), h.as("alice")
	for i := range 5 {
		later(30 * time.Minute)
		if i == 2 && idle.isIn() {
			t.Error("an hour and a half without a look, and still signed in")
		}
		if !busy.isIn() {
			t.Errorf("somebody who looks was signed out after %d looks", i)
		}
	}
	later(30*time.Minute - time.Second)
	if !busy.isIn() {
		t.Error("signed out before the end")
	}
	later(time.Second)
	if busy.isIn() {
		t.Error("three hours in all have passed")
	}
}

// TestAShorterLifeHoldsForThoseWhoAreIn: the configuration of today counts.
func TestAShorterLifeHoldsForThoseWhoAreIn(t *testing.T) {
	h, later := clocked(t, newCrowd())
	b := h.as("alice")
	h.site.sessions.Max = 4 * time.Minute
	later(4*time.Minute - time.Second)
	if !b.isIn() {
		t.Error("signed out before the end")
	}
	later(time.Second)
	if b.isIn() {
		t.Error("in for longer than anybody may be now")
	}
}

// TestALookIsRarelyWritten: a page that is looked at often costs no write each time.
func TestALookIsRarelyWritten(t *testing.T) {
	h, later := clocked(t, newCrowd())
	b := h.as("alice")
	sess, _ := b.in()
	later(seenEvery - time.Second)
	b.isIn()
	if now, _ := b.in(); now != sess {
		t.Errorf("it was written: %+v", now)
	}
	later(time.Second)
	b.isIn()
	if now, _ := b.in(); !now.Seen.Equal(sess.Seen.Add(seenEvery)) || !now.Expires.Equal(now.Seen.Add(time.Hour)) {
		t.Errorf("it was not: %+v", now)
	}
}

func TestALookIsShownThoughTheDiskIsFull(t *testing.T) {
	h, later := clocked(t, newCrowd())
	b := h.as("alice")
	h.store.touch = errDisk
	later(seenEvery)
	if !b.isIn() || !strings.Contains(h.log.String(), "could not be noted") {
		t.Errorf("signed out, or not a word of it: %s", h.log)
	}
}

func TestCookies(t *testing.T) {
	for public, want := range map[string]string{
		"https://fires.example.com":      "__Host-fireboss=… Path=/ HttpOnly Secure SameSite=Lax Max-Age=604800",
		"http://fires.example.com:8080":  "fireboss=… Path=/ HttpOnly SameSite=Lax Max-Age=604800",
		"https://fires.example.com/base": "__Host-fireboss=… Path=/ HttpOnly Secure SameSite=Lax Max-Age=604800",
	} {
		p := newIDP(t)
		h := newHouse(t, withPeople(newCrowd()), withIDP(p), func(o *Options) { o.PublicURL = public })
		b := h.browser()
		client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		res, err := client.Get(b.get("/sign-in/start").Header.Get("Location"))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		_, query, _ := strings.Cut(res.Header.Get("Location"), "?")
		g := b.get(CallbackPath + "?" + query)
		for _, c := range g.Cookies() {
			if strings.HasSuffix(c.Name, "fireboss") {
				got := c.Name + "=… Path=" + c.Path
				for _, part := range strings.Split(c.Raw, "; ") {
					if part == "HttpOnly" || part == "Secure" || strings.HasPrefix(part, "SameSite") {
						got += " " + part
					}
				}
				if got += " Max-Age=604800"; c.MaxAge != 604800 || got != want || c.Domain != "" || len(c.Value) != 43 {
					t.Errorf("%s: %s", public, c.Raw)
				}
			}
		}
		if _, ok := b.in(); !ok {
			t.Errorf("%s: nobody is signed in", public)
		}
	}
}

// TestASignInRotates: what the browser had before opens nothing afterwards.
func TestASignInRotates(t *testing.T) {
	h := newHouse(t, withPeople(newCrowd()), withIDP(newIDP(t)))
	b := h.as("alice")
	before := b.cookies[sessionKey]
	b.signsIn("/")
	after := b.cookies[sessionKey]
	b.cookies[sessionKey] = before
	if before == after || b.isIn() {
		t.Error("the session from before still lives")
	}
	b.cookies[sessionKey] = after
	if !b.isIn() {
		t.Error("the new one does not")
	}
}

func TestTwoCookiesOfOneName(t *testing.T) {
	h := newHouse(t, withPeople(newCrowd()))
	alice, bob := h.as("alice"), h.as("bob")
	r := request("GET", "/incidents", "", "Cookie", "fireboss="+alice.cookies[sessionKey]+"; fireboss="+bob.cookies[sessionKey])
	if g := h.send(r); strings.Contains(g.body, "<bdi>alice</bdi>") || strings.Contains(g.body, "<bdi>bob</bdi>") {
		t.Error("one of two was taken")
	}
}

func TestSigningOut(t *testing.T) {
	h := newHouse(t, withPeople(newCrowd()))
	b := h.as("alice")
	secret := b.cookies[sessionKey]
	if g := b.post("/sign-out", nil); g.StatusCode != 403 || !b.isIn() {
		t.Errorf("without its token: %d", g.StatusCode)
	}
	if g := b.press("/sign-out"); g.StatusCode != 303 || g.Header.Get("Location") != "/sign-in?out" || b.cookies[sessionKey] != "" {
		t.Errorf("%d %v", g.StatusCode, g.Header)
	}
	b.get("/sign-in?out").shows(t, "You are signed out")
	b.cookies[sessionKey] = secret
	if b.isIn() {
		t.Error("who kept the cookie is still in")
	}
}

// TestWhoHasLeftIsSignedOut, in every browser; and who became a guest sees less.
func TestWhoHasLeftIsSignedOut(t *testing.T) {
	c := newCrowd()
	h, later := clocked(t, c)
	h.open(Write, down)
	alice, other, bob := h.as("alice"), h.as("alice"), h.as("bob")
	if !alice.isIn() || bob.get("/incidents/INC-1").StatusCode != 200 {
		t.Fatal("they were not in")
	}
	delete(c.people, "slack:T1/UALICE")
	c.people["slack:T1/UBOB"] = c.with("bob", incidents.Standing{Outside: true})
	later(believed)
	if alice.isIn() {
		t.Error("alice is in, though she has left")
	}
	if sess, _ := other.in(); sess.Live(h.site.now()) {
		t.Error("her other browser is in")
	}
	if g := bob.get("/incidents/INC-1"); g.StatusCode != 404 {
		t.Errorf("bob, a guest now: %d", g.StatusCode)
	}
}

// TestSlackIsDown: who is signed in stays it, as they were, and has no more rights
// than can be known; and no page waits for it again and again.
func TestSlackIsDown(t *testing.T) {
	c := newCrowd()
	rules := testRules()
	rules.Permissions = map[incidents.Permission][]string{incidents.MayAdminister: {"@alice"}, incidents.MaySeePrivate: {"@alice"}}
	h, later := clocked(t, c, func(o *Options) { o.Rules = func() incidents.Rules { return rules } })
	h.open(Write, down)
	alice, grace := h.as("alice"), h.as("grace")
	if g := alice.get("/tokens"); g.StatusCode != 200 {
		t.Fatalf("an admin: %d", g.StatusCode)
	}
	sess, _ := grace.in()
	sess.Outside = true
	if err := h.store.PutSession(t.Context(), sess); err != nil {
		t.Fatal(err)
	}
	c.err = errDisk
	later(believed)
	c.asked = 0
	for range 10 {
		if g := alice.get("/incidents/INC-1"); g.StatusCode != 200 || !strings.Contains(g.body, "<bdi>alice</bdi>") {
			t.Errorf("alice: %d", g.StatusCode)
		}
	}
	if g := alice.get("/tokens"); g.StatusCode != 403 {
		t.Errorf("whether alice is an admin is not known: %d", g.StatusCode)
	}
	if g := grace.get("/incidents/INC-1"); g.StatusCode != 404 {
		t.Errorf("grace was a guest when she came: %d", g.StatusCode)
	}
	if c.asked != 2 {
		t.Errorf("Slack was asked %d times for two people", c.asked)
	}
}

// TestWhatStaysOpenIsLookedAtAgain is for streams that outlive a session.
func TestWhatStaysOpenIsLookedAtAgain(t *testing.T) {
	h := newHouse(t, withPeople(newCrowd()))
	b := h.as("alice")
	var still []bool
	h.site.mux.Handle("/stream", h.site.gate(func(_ http.ResponseWriter, r *http.Request) {
		still = append(still, h.site.stillIn(r))
		if _, err := h.store.EndSessions(r.Context(), h.site.now(), func(store.Session) bool { return true }); err != nil {
			t.Error(err)
		}
		still = append(still, h.site.stillIn(r))
	}))
	b.get("/stream")
	h.browser().get("/stream")
	if len(still) != 4 || !still[0] || still[1] || !still[2] || !still[3] {
		t.Errorf("%v", still)
	}
}

func TestSessionsPage(t *testing.T) {
	h := newHouse(t, withPeople(newCrowd()))
	alice, phone, bob := h.as("alice"), h.as("alice"), h.as("bob")
	idOf := func(b *browser) string { s, _ := b.in(); return s.ID }
	page := alice.get("/sessions")
	page.shows(t, "this one", idOf(phone), "signed in", "End all but this one")
	page.hides(t, idOf(bob), "bob", "Others", alice.cookies[sessionKey])
	if g := alice.press("/sessions", "act", "one", "id", idOf(bob)); g.StatusCode != 303 || !bob.isIn() {
		t.Errorf("alice ended bob's session: %d", g.StatusCode)
	}
	for _, act := range []string{"person", "others", "", "all"} {
		if g := alice.press("/sessions", "act", act, "id", "slack:T1/UBOB"); g.StatusCode != 400 || !bob.isIn() {
			t.Errorf("%q: %d", act, g.StatusCode)
		}
	}
	if g := alice.press("/sessions", "act", "mine"); g.StatusCode != 303 || phone.isIn() || !alice.isIn() || !bob.isIn() {
		t.Errorf("all but this one: %d", g.StatusCode)
	}
	if g := alice.press("/sessions", "act", "one", "id", idOf(alice)); g.Header.Get("Location") != "/sign-in?out" || alice.isIn() {
		t.Errorf("this one: %v", g.Header)
	}
	if g := h.browser().get("/sessions"); g.StatusCode != 303 {
		t.Errorf("nobody: %d", g.StatusCode)
	}
}

func TestAnAdminEndsAnybodysSession(t *testing.T) {
	rules := testRules()
	rules.Permissions = map[incidents.Permission][]string{incidents.MayAdminister: {"@alice"}}
	h := newHouse(t, withPeople(newCrowd()), func(o *Options) { o.Rules = func() incidents.Rules { return rules } })
	alice, bob, laptop, carol := h.as("alice"), h.as("bob"), h.as("bob"), h.as("carol")
	idOf := func(b *browser) string { s, _ := b.in(); return s.ID }
	alice.get("/sessions").shows(t, "Others", "<bdi>bob</bdi>", idOf(bob), idOf(laptop), "Sign everybody else out")
	alice.press("/sessions", "act", "one", "id", idOf(laptop))
	if laptop.isIn() || !bob.isIn() {
		t.Error("one of bob's two")
	}
	alice.press("/sessions", "act", "person", "id", "slack:T1/UBOB")
	if bob.isIn() || !carol.isIn() {
		t.Error("all of bob's")
	}
	alice.press("/sessions", "act", "person", "id", "")
	if !carol.isIn() {
		t.Error("nobody is not everybody")
	}
	alice.press("/sessions", "act", "others")
	if carol.isIn() || !alice.isIn() {
		t.Error("everybody else's")
	}
}

func TestBrowserWords(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                                  "Firefox on Linux",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0":           "Edge on Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1": "Safari on iPhone",
		"Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36":                            "Chrome on Android",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36":                   "Chrome on macOS",
		"curl/8.0": "curl", "": "a browser", "<script>": "a browser",
	} {
		if got := browserWords(agent); got != want {
			t.Errorf("%s: %s, want %s", agent, got, want)
		}
	}
}
