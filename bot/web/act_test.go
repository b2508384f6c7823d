package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// crowd is the workspace of the tests, by id.
type crowd struct {
	people map[string]incidents.Actor
	emails map[string]string
	err    error // Slack does not answer
	asked  int
}

func newCrowd() *crowd {
	c := &crowd{people: map[string]incidents.Actor{}, emails: map[string]string{}}
	for _, name := range []string{"alice", "bob", "carol", "dave", "grace"} {
		id := "slack:T1/U" + strings.ToUpper(name)
		a := incidents.Actor{Kind: incidents.User, ID: id, Name: name, Standing: incidents.Standing{Outside: name == "grace"}}
		c.people[id], c.emails[name+"@example.com"] = a, id
	}
	c.people["slack:T1/UALICE"] = c.with("alice", incidents.Standing{Named: "@alice"})
	return c
}

func (c *crowd) with(name string, s incidents.Standing) incidents.Actor {
	a := c.people["slack:T1/U"+strings.ToUpper(name)]
	a.Standing = s
	return a
}

func (c *crowd) Person(_ context.Context, name string) (incidents.Person, error) {
	a, ok := c.people["slack:T1/U"+strings.ToUpper(name)]
	if !ok {
		return incidents.Person{}, errors.Join(c.err, commands.ErrUnknown)
	}
	return a.Person(), c.err
}

func (c *crowd) Group(context.Context, string) ([]incidents.Person, error) {
	return nil, commands.ErrUnknown
}

func (c *crowd) Actor(_ context.Context, id string) (incidents.Actor, error) {
	c.asked++
	if c.err != nil {
		return incidents.Actor{}, c.err
	}
	a, ok := c.people[id]
	if !ok {
		return a, commands.ErrUnknown
	}
	return a, nil
}

func (c *crowd) ByEmail(_ context.Context, address string) (incidents.Person, error) {
	if c.err != nil {
		return incidents.Person{}, c.err
	}
	a, ok := c.people[c.emails[address]]
	if !ok {
		return incidents.Person{}, commands.ErrUnknown
	}
	return a.Person(), nil
}

// browser is a browser of somebody.
type browser struct {
	h       *house
	cookies map[string]string
	remote  string
	host    string
}

func (h *house) browser() *browser {
	return &browser{h: h, cookies: map[string]string{}, remote: "127.0.0.1:50000", host: "localhost:8080"}
}

// as is a browser in which somebody of the crowd is signed in.
func (h *house) as(name string) *browser {
	h.t.Helper()
	b, now := h.browser(), h.site.now()
	secret, id := store.NewSecret("")
	person := incidents.Person{ID: "slack:T1/U" + strings.ToUpper(name), Name: name}
	err := h.store.PutSession(h.t.Context(), store.Session{ID: id, Person: person, By: store.ByProvider, Created: now, Seen: now, Expires: now.Add(time.Hour)})
	if err != nil {
		h.t.Fatal(err)
	}
	b.cookies[h.site.cookie(sessionKey)] = secret
	return b
}

func (b *browser) do(r *http.Request) got {
	b.h.t.Helper()
	r.RemoteAddr, r.Host = b.remote, b.host
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	g := b.h.send(r)
	for _, c := range g.Cookies() {
		b.cookies[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	return g
}

func (b *browser) get(path string) got {
	b.h.t.Helper()
	return b.do(request("GET", path, ""))
}

// post sends a form, as a browser does that is on one of our pages.
func (b *browser) post(path string, fields url.Values, headers ...string) got {
	b.h.t.Helper()
	return b.do(request("POST", path, fields.Encode(), append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)...))
}

// token is what the forms of this browser carry.
func (b *browser) token() string { return formToken(b.cookies[b.h.site.cookie(sessionKey)]) }

// press sends a form with its token.
func (b *browser) press(path string, fields ...string) got {
	b.h.t.Helper()
	v := url.Values{csrfField: {b.token()}}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Add(fields[i], fields[i+1])
	}
	return b.post(path, v, "Sec-Fetch-Site", "same-origin")
}

// csrfOf finds the token in a page.
var csrfOf = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// withPeople gives a site its people.
func withPeople(c *crowd) func(*Options) { return func(o *Options) { o.People = c } }

// try is a form that a test puts at an address of its own.
func (h *house) try() (done *int) {
	done = new(int)
	h.site.mux.Handle("/try", h.site.act(func(r *http.Request) (page, error) {
		if h.site.viewer(r).ID == "" {
			return page{}, errors.New("nobody did it")
		}
		*done++
		return page{goTo: "/incidents"}, nil
	}))
	return done
}

func TestOnlyAGenuineFormActs(t *testing.T) {
	h := newHouse(t, withPeople(newCrowd()))
	done, alice, bob := h.try(), h.as("alice"), h.as("bob")
	token := url.Values{csrfField: {alice.token()}}
	for name, c := range map[string]struct {
		who     *browser
		fields  url.Values
		headers []string
		status  int
	}{
		"a form of ours":             {alice, token, []string{"Sec-Fetch-Site", "same-origin", "Origin", "http://localhost:8080"}, 303},
		"a browser without metadata": {alice, token, []string{"Origin", "http://localhost:8080"}, 303},
		"the public address":         {alice, token, []string{"Origin", "http://fires.example.com:8080"}, 303},
		"no browser":                 {alice, token, nil, 303},
		"a script of ours":           {alice, nil, []string{"Sec-Fetch-Site", "same-origin", csrfHeader, alice.token()}, 303},
		"no token":                   {alice, nil, []string{"Sec-Fetch-Site", "same-origin"}, 403},
		"an empty token":             {alice, url.Values{csrfField: {""}}, []string{"Sec-Fetch-Site", "same-origin"}, 403},
		"a token of another session": {alice, url.Values{csrfField: {bob.token()}}, []string{"Sec-Fetch-Site", "same-origin"}, 403},
		"the session itself":         {alice, url.Values{csrfField: {alice.cookies["fireboss"]}}, []string{"Sec-Fetch-Site", "same-origin"}, 403},
		"a wrong header beside it":   {alice, token, []string{"Sec-Fetch-Site", "same-origin", csrfHeader, "x"}, 403},
		"another site":               {alice, token, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		"a sister of this site":      {alice, token, []string{"Sec-Fetch-Site", "same-site"}, 403},
		"another origin":             {alice, token, []string{"Origin", "https://evil.example"}, 403},
		"another port":               {alice, token, []string{"Origin", "http://localhost:8081"}, 403},
		"no origin to speak of":      {alice, token, []string{"Origin", "null"}, 403},
		"a token in the address":     {alice, nil, []string{"Sec-Fetch-Site", "same-origin"}, 403},
		"nobody":                     {h.browser(), token, []string{"Sec-Fetch-Site", "same-origin"}, 303},
		"a session that nobody has":  {&browser{h: h, cookies: map[string]string{"fireboss": "x"}, remote: "127.0.0.1:1", host: "localhost:8080"}, token, nil, 303},
	} {
		before, path := *done, "/try"
		if name == "a token in the address" {
			path += "?csrf=" + alice.token()
		}
		g := c.who.post(path, c.fields, c.headers...)
		acted, signIn := *done > before, strings.HasPrefix(g.Header.Get("Location"), "/sign-in")
		if g.StatusCode != c.status || acted != (c.status == 303 && !signIn) || signIn != (len(c.who.cookies) == 0 || c.who.cookies["fireboss"] == "x") {
			t.Errorf("%s: %d %s, acted: %v", name, g.StatusCode, g.Header.Get("Location"), acted)
		}
	}
	if g := alice.get("/try"); g.StatusCode != 405 {
		t.Errorf("GET: %d", g.StatusCode)
	}
	if g := alice.do(request("POST", "/try", strings.Repeat("x", maxBody+1), "Content-Type", "application/x-www-form-urlencoded")); g.StatusCode != 400 {
		t.Errorf("a form of a megabyte: %d", g.StatusCode)
	}
}

func TestAPartOfAPageGoesToTheSignInAsAWhole(t *testing.T) {
	h := newHouse(t)
	h.try()
	g := h.browser().post("/try", nil, "Hx-Request", "true", "Referer", "http://localhost:8080/incidents/INC-1")
	if g.StatusCode != 401 || g.Header.Get("Hx-Redirect") != "/sign-in?next=%2Fincidents%2FINC-1" {
		t.Errorf("%d %v", g.StatusCode, g.Header)
	}
}

// TestASignedInPersonSeesWhatTheyAreIn: on every page, as in Slack.
func TestASignedInPersonSeesWhatTheyAreIn(t *testing.T) {
	c := newCrowd()
	h := newHouse(t, withPeople(c))
	h.open(Write, `{"title":"the printer burns"}`)
	out, err := h.store.Apply(t.Context(), incidents.Command{ID: "1", Actor: c.people["slack:T1/UBOB"], At: h.site.now(), Do: incidents.Open{Title: "keys leaked", Private: new(true)}})
	if err != nil {
		t.Fatal(err)
	}
	private := "/incidents/" + out.Incident.Number.String()
	for name, sees := range map[string][2]bool{"bob": {true, true}, "alice": {true, false}, "grace": {false, false}} {
		b := h.as(name)
		if got := b.get("/incidents/INC-1").StatusCode == 200; got != sees[0] {
			t.Errorf("%s sees the public one: %v", name, got)
		}
		if got := b.get(private).StatusCode == 200; got != sees[1] {
			t.Errorf("%s sees the private one: %v", name, got)
		}
		list := b.get("/incidents").body
		if strings.Contains(list, "the printer burns") != sees[0] || strings.Contains(list, "keys leaked") != sees[1] {
			t.Errorf("the list of %s: %s", name, list)
		}
	}
	a := c.people["slack:T1/UALICE"]
	a.Admin = true // the policy lets her
	c.people[a.ID] = a
	h.site.known.list = nil
	if g := h.as("alice").get(private); g.StatusCode != 200 {
		t.Errorf("whom the policy lets see all: %d", g.StatusCode)
	}
}

func TestASignedInBrowserMayBeAnywhere(t *testing.T) {
	h := newHouse(t, withPeople(newCrowd()))
	h.open(Write, down)
	b := h.as("alice")
	b.remote, b.host = "192.0.2.7:4711", "fires.example.com:8080"
	g := b.get("/incidents")
	g.shows(t, "<bdi>alice</bdi>", "checkout", "You see here what you see in Slack")
	if g.StatusCode != 200 || g.Header.Get("Cache-Control") != "private, no-store" || g.Header.Get("Vary") != "Cookie" {
		t.Errorf("%d %v", g.StatusCode, g.Header)
	}
	for _, path := range []string{"/", "/nothing", "/incidents/INC-77"} {
		if g := b.get(path); g.Header.Get("Cache-Control") != "private, no-store" || g.Header.Get("Vary") != "Cookie" {
			t.Errorf("%s may be kept by others: %v", path, g.Header)
		}
	}
}
