package web

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// logSecrets are what stands in no log.
var logSecrets = regexp.MustCompile(`not-for-logs|eyJ[A-Za-z0-9_-]{10}|code_verifier|fireboss_[A-Za-z0-9_-]{20}|/sign-in/link/[A-Za-z0-9_-]{20}`)

// in answers who is signed in, by the store; the browser must have what opens it.
func (b *browser) in() (sess store.Session, ok bool) {
	b.h.t.Helper()
	sess, err := b.h.store.Session(b.h.t.Context(), store.SecretID(b.cookies[b.h.site.cookie(sessionKey)]))
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		b.h.t.Fatal(err)
	}
	return sess, err == nil
}

func (h *house) nobodyIsIn() {
	h.t.Helper()
	list, err := h.store.Sessions(h.t.Context(), "")
	if err != nil || len(list) > 0 {
		h.t.Errorf("there are sessions: %+v %v", list, err)
	}
}

func (h *house) saysNoSecret() {
	h.t.Helper()
	if s := logSecrets.FindString(h.log.String()); s != "" {
		h.t.Errorf("the log says %q: %s", s, h.log)
	}
}

func TestSignIn(t *testing.T) {
	for _, alg := range []string{"RS256", "ES256"} {
		p := newIDP(t)
		p.alg = alg
		h := newHouse(t, withPeople(newCrowd()), withIDP(p))
		b := h.browser()
		b.remote = "192.0.2.7:4711"
		if g := b.get("/incidents/INC-1?after=3"); g.StatusCode != 303 || g.Header.Get("Location") != "/sign-in?next=%2Fincidents%2FINC-1%3Fafter%3D3" || g.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%d %v", g.StatusCode, g.Header)
		}
		b.get("/sign-in?next=%2Fincidents").shows(t, "Sign in with", `href="/sign-in/start?next=%2Fincidents"`, "/incident dashboard")
		if n := p.asked["/.well-known/openid-configuration"]; n != 0 {
			t.Errorf("the provider was asked %d times before anybody wanted to sign in", n)
		}
		g := b.signsIn("/incidents?show=open")
		sess, ok := b.in()
		if g.StatusCode != 303 || g.Header.Get("Location") != "/incidents?show=open" || !ok {
			t.Fatalf("%s: %d %s\n%s", alg, g.StatusCode, g.body, h.log)
		}
		if want := (incidents.Person{ID: "oidc:" + p.issuer() + "|7", Name: "Zoe"}); sess.Person != want || sess.By != store.ByProvider || sess.Role != string(RoleMember) {
			t.Errorf("%+v", sess)
		}
		if got := p.query.Get("redirect_uri"); got != "http://fires.example.com:8080/sign-in/callback" {
			t.Errorf("redirect_uri is %q", got)
		}
		b.get("/incidents").shows(t, "<bdi>Zoe</bdi>")
		h.saysNoSecret()
	}
}

// TestSignInsThatDoNotHold: each way in which it can be wrong, one by one.
func TestSignInsThatDoNotHold(t *testing.T) {
	claim := func(name string, value any) func(*idp) {
		return func(p *idp) {
			p.spoil = func(c map[string]any) {
				c[name] = value
				if value == nil {
					delete(c, name)
				}
			}
		}
	}
	now := time.Now()
	for name, c := range map[string]struct {
		spoil  func(p *idp)
		back   func(b *browser, back string) string // what becomes of the way back
		status int
		says   string
	}{
		"another nonce":                    {claim("nonce", "x"), nil, 403, "does not hold"},
		"no nonce":                         {claim("nonce", nil), nil, 403, "does not hold"},
		"another audience":                 {claim("aud", "somebody-else"), nil, 403, "does not hold"},
		"several audiences, for whom":      {claim("aud", []string{idpClient, "somebody-else"}), nil, 403, "does not hold"},
		"made for another client":          {claim("azp", "somebody-else"), nil, 403, "does not hold"},
		"another issuer":                   {claim("iss", "https://evil.example"), nil, 403, "does not hold"},
		"an issuer that looks alike":       {func(p *idp) { p.spoil = func(c map[string]any) { c["iss"] = p.issuer() + "/" } }, nil, 403, "does not hold"},
		"expired":                          {claim("exp", now.Add(-10*time.Minute).Unix()), nil, 403, "does not hold"},
		"never expires":                    {claim("exp", nil), nil, 403, "does not hold"},
		"not yet":                          {claim("nbf", now.Add(time.Hour).Unix()), nil, 403, "does not hold"},
		"from the future":                  {claim("iat", now.Add(time.Hour).Unix()), nil, 403, "does not hold"},
		"names nobody":                     {claim("sub", ""), nil, 403, "does not hold"},
		"not signed":                       {func(p *idp) { p.alg = "none" }, nil, 403, "does not hold"},
		"signed with what everybody knows": {func(p *idp) { p.alg = "HS256" }, nil, 403, "does not hold"},
		"signed by somebody else":          {func(p *idp) { p.stolen = true }, nil, 403, "does not hold"},
		"the signature taken away":         {func(p *idp) { p.tamper = func(j string) string { return j[:strings.LastIndex(j, ".")+1] } }, nil, 403, "does not hold"},
		"claims changed on the way": {func(p *idp) {
			p.tamper = func(j string) string { s := strings.Split(j, "."); return s[0] + "." + s[1] + "AA." + s[2] }
		}, nil, 403, "does not hold"},
		"no id_token":              {func(p *idp) { p.tamper = func(string) string { return "" } }, nil, 403, "does not hold"},
		"an id_token that is none": {func(p *idp) { p.tamper = func(string) string { return "x.y" } }, nil, 403, "does not hold"},
		"another secret":           {func(p *idp) { p.secret = "changed" }, nil, 403, "does not hold"},
		"the token endpoint fails": {func(p *idp) {
			p.token = func(w http.ResponseWriter) bool { http.Error(w, "code-not-for-logs", 500); return true }
		}, nil, 403, "does not hold"},
		"the token endpoint redirects": {func(p *idp) {
			p.token = func(w http.ResponseWriter) bool {
				w.Header().Set("Location", "https://evil.example")
				w.WriteHeader(307)
				return true
			}
		}, nil, 403, "does not hold"},
		"the token endpoint talks for ever": {func(p *idp) {
			p.token = func(w http.ResponseWriter) bool {
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write([]byte(`{"access_token":"` + strings.Repeat("x", 3<<20)))
				return true
			}
		}, nil, 503, "does not answer"},
		"the provider says no":              {func(p *idp) { p.denies = "access_denied" }, nil, 403, "did not sign you in (access_denied)"},
		"the provider says what is no code": {func(p *idp) { p.denies = "<script>alert(1)</script>" }, nil, 403, "did not sign you in (an error)"},
		"another state":                     {nil, func(_ *browser, back string) string { return strings.Replace(back, "state=", "state=x", 1) }, 400, "did not ask for what came back"},
		"no state":                          {nil, func(_ *browser, back string) string { return strings.Replace(back, "state=", "estate=", 1) }, 400, "did not ask for what came back"},
		"another browser":                   {nil, func(b *browser, back string) string { clear(b.cookies); return back }, 400, "did not ask for what came back"},
		"an answer of another attempt":      {nil, func(b *browser, back string) string { b.goes("/"); return back }, 400, "did not ask for what came back"},
		"mixed up with another provider":    {nil, func(_ *browser, back string) string { return back + "&iss=https%3A%2F%2Fevil.example" }, 400, "did not ask for what came back"},
		"another code":                      {nil, func(_ *browser, back string) string { return strings.Replace(back, "code=", "code=x", 1) }, 403, "does not hold"},
		"no code":                           {nil, func(_ *browser, back string) string { return strings.Replace(back, "code=", "colour=", 1) }, 403, "does not hold"},
		"a code that another browser got": {nil, func(b *browser, back string) string {
			theirs, err := url.Parse(b.h.browser().goes("/"))
			if err != nil {
				b.h.t.Fatal(err)
			}
			mine, err := url.Parse(back)
			if err != nil {
				b.h.t.Fatal(err)
			}
			return CallbackPath + "?" + url.Values{"state": {mine.Query().Get("state")}, "code": {theirs.Query().Get("code")}}.Encode()
		}, 403, "does not hold"},
		"a cookie that is none": {nil, func(b *browser, back string) string { b.cookies[attemptKey] = "%%%"; return back }, 400, "did not ask for what came back"},
		"an empty attempt": {nil, func(b *browser, back string) string {
			b.cookies[attemptKey] = raw64([]byte(`{}`))
			return strings.Replace(back, "state=", "estate=", 1)
		}, 400, "did not ask for what came back"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newIDP(t)
			h := newHouse(t, withPeople(newCrowd()), withIDP(p))
			if c.spoil != nil {
				c.spoil(p)
			}
			b := h.browser()
			back := b.goes("/incidents")
			if c.back != nil {
				back = c.back(b, back)
			}
			g := b.get(back)
			if g.StatusCode != c.status || g.Header.Get("Location") != "" || b.cookies[sessionKey] != "" {
				t.Errorf("%d %v", g.StatusCode, g.Header)
			}
			g.shows(t, c.says, "Try again")
			g.hides(t, "<script>", "<b>", "not-for-logs", "evil.example")
			if b.cookies[attemptKey] != "" && name != "a cookie that is none" {
				t.Error("the attempt is still in the browser")
			}
			h.nobodyIsIn()
			h.saysNoSecret()
		})
	}
}

func TestAnAnswerIsTakenOnce(t *testing.T) {
	p := newIDP(t)
	h := newHouse(t, withPeople(newCrowd()), withIDP(p))
	b := h.browser()
	back := b.goes("/incidents")
	attempt := b.cookies[attemptKey]
	if g := b.get(back); g.StatusCode != 303 {
		t.Fatal(g.body)
	}
	if g := b.get(back); g.StatusCode != 400 {
		t.Errorf("the same answer again: %d", g.StatusCode)
	}
	b.cookies[attemptKey] = attempt // and whoever has kept the cookie
	if g := b.get(back); g.StatusCode != 403 {
		t.Errorf("the same code again: %d", g.StatusCode)
	}
}

func TestAnOldAttemptIsNotTaken(t *testing.T) {
	p, now := newIDP(t), time.Now()
	h := newHouse(t, withPeople(newCrowd()), withIDP(p), func(o *Options) { o.Now = func() time.Time { return now } })
	b := h.browser()
	back := b.goes("/incidents")
	now = now.Add(attemptLasts + time.Second)
	if g := b.get(back); g.StatusCode != 400 {
		t.Errorf("%d", g.StatusCode)
	}
}

func TestClocksThatDifferALittle(t *testing.T) {
	for name, spoil := range map[string]func(map[string]any){
		"behind": func(c map[string]any) { c["exp"] = time.Now().Add(-time.Minute).Unix() },
		"ahead": func(c map[string]any) {
			c["iat"], c["nbf"] = time.Now().Add(time.Minute).Unix(), time.Now().Add(time.Minute).Unix()
		},
	} {
		p := newIDP(t)
		p.spoil = spoil
		h := newHouse(t, withPeople(newCrowd()), withIDP(p))
		if g := h.browser().signsIn("/"); g.StatusCode != 303 {
			t.Errorf("%s: %d %s", name, g.StatusCode, h.log)
		}
	}
}

// TestAProviderThatIsDown breaks nothing but signing in with it.
func TestAProviderThatIsDown(t *testing.T) {
	p, now := newIDP(t), time.Now()
	p.down = true
	h := newHouse(t, withPeople(newCrowd()), withIDP(p), func(o *Options) { o.Now = func() time.Time { return now } })
	h.open(Write, down)
	alice := h.as("alice")
	for range 3 {
		g := h.browser().get("/sign-in/start")
		if g.StatusCode != 503 {
			t.Errorf("%d", g.StatusCode)
		}
		g.shows(t, "does not answer", "/incident dashboard")
	}
	if n := p.asked["/.well-known/openid-configuration"]; n != 1 {
		t.Errorf("it was asked %d times at once", n)
	}
	if g := alice.get("/incidents/INC-1"); g.StatusCode != 200 {
		t.Errorf("who is signed in: %d", g.StatusCode)
	}
	h.call(Read, "GET", "/api/v1/incidents", "").wants(t, 200, "")
	p.down = false
	now = now.Add(askAgain)
	if g := h.browser().signsIn("/"); g.StatusCode != 303 {
		t.Errorf("when it is back: %d", g.StatusCode)
	}
	p.down = true
	now = now.Add(believeMet + time.Second)
	if g := h.browser().get("/sign-in/start"); g.StatusCode != 303 {
		t.Errorf("what it said a day ago holds while it is down: %d", g.StatusCode)
	}
}

// TestWhoSomebodyIsHere: what the provider says makes a person of the workspace, or
// one of their own.
func TestWhoSomebodyIsHere(t *testing.T) {
	verified := func(address string, is any) map[string]any {
		return map[string]any{"sub": "7", "name": "Zoe", "email": address, "email_verified": is}
	}
	slackID := func(team, user string) map[string]any {
		return map[string]any{"sub": user, "name": "whoever", slackTeam: team, slackUser: user, "email": "bob@example.com", "email_verified": true}
	}
	for name, c := range map[string]struct {
		who    map[string]any
		change func(*SignIn)
		crowd  func(*crowd)
		status int
		id     string // oidc: their own
		says   string
	}{
		"signed in with Slack":           {slackID("T1", "UALICE"), nil, nil, 303, "slack:T1/UALICE", ""},
		"a guest, with Slack":            {slackID("T1", "UGRACE"), nil, nil, 303, "slack:T1/UGRACE", ""},
		"of another workspace":           {slackID("T2", "UALICE"), nil, nil, 403, "", "not a member of the Slack workspace"},
		"who has left":                   {slackID("T1", "UGONE"), nil, nil, 403, "", "not a member of the Slack workspace"},
		"ids that are none":              {slackID("T1/UALICE", "x"), nil, nil, 403, "", "not a member of the Slack workspace"},
		"a verified address":             {verified("Alice@Example.com", true), nil, nil, 303, "slack:T1/UALICE", ""},
		"verified, in quotes":            {verified("alice@example.com", "true"), nil, nil, 303, "slack:T1/UALICE", ""},
		"an address that anybody claims": {verified("alice@example.com", false), nil, nil, 303, "oidc", ""},
		"nobody says that it is theirs":  {map[string]any{"sub": "7", "name": "Zoe", "email": "alice@example.com"}, nil, nil, 303, "oidc", ""},
		"an address that nobody has":     {verified("zoe@id.example", true), nil, nil, 303, "oidc", ""},
		"not to be linked":               {verified("alice@example.com", true), func(o *SignIn) { o.LinkByEmail = false }, nil, 303, "oidc", ""},
		"Slack cannot be asked":          {verified("alice@example.com", true), nil, func(c *crowd) { c.err = errDisk }, 503, "", "does not answer"},
		"Slack cannot be asked, of them": {slackID("T1", "UALICE"), nil, func(c *crowd) { c.err = errDisk }, 503, "", "does not answer"},
		"a name that does harm":          {map[string]any{"sub": "7", "name": "<script>alert(1)</script>\u202e"}, nil, nil, 303, "oidc", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p, people := newIDP(t), newCrowd()
			p.who = c.who
			h := newHouse(t, withPeople(people), withIDP(p, func(o *SignIn) {
				if c.change != nil {
					c.change(o)
				}
			}))
			if c.crowd != nil {
				c.crowd(people)
			}
			b := h.browser()
			g := b.signsIn("/incidents")
			if g.StatusCode != c.status {
				t.Fatalf("%d %s %s", g.StatusCode, g.body, h.log)
			}
			g.shows(t, c.says)
			sess, ok := b.in()
			want := strings.Replace(c.id, "oidc", "oidc:"+p.issuer()+"|7", 1)
			if ok != (c.id != "") || sess.Person.ID != want || sess.Outside != strings.HasSuffix(c.id, "UGRACE") {
				t.Errorf("%+v", sess)
			}
			if ok {
				page := b.get("/incidents")
				if bad := unescaped(page.body); bad != "" || page.StatusCode != 200 {
					t.Errorf("%d, %q stands there unescaped", page.StatusCode, bad)
				}
			}
		})
	}
}

func TestWhatTheIDTokenLeavesOut(t *testing.T) {
	p := newIDP(t)
	p.who = map[string]any{"sub": "7"}
	p.info = map[string]any{"sub": "7", "name": "Alice A.", "email": "alice@example.com", "email_verified": true, "groups": []string{"sre"}}
	change := func(o *SignIn) { o.AllowedGroups, o.Roles = []string{"sre"}, map[string]Role{"sre": RoleAdmin} }
	h := newHouse(t, withPeople(newCrowd()), withIDP(p, change))
	b := h.browser()
	if g := b.signsIn("/"); g.StatusCode != 303 {
		t.Fatalf("%d %s %s", g.StatusCode, g.body, h.log)
	}
	if sess, _ := b.in(); sess.Person.ID != "slack:T1/UALICE" || sess.Role != "admin" {
		t.Errorf("%+v", sess)
	}
	p.info["sub"] = "8" // of somebody else
	if g := h.browser().signsIn("/"); g.StatusCode != 403 {
		t.Errorf("%d", g.StatusCode)
	}
}

func TestAPublicClient(t *testing.T) {
	p := newIDP(t)
	p.secret = ""
	h := newHouse(t, withPeople(newCrowd()), withIDP(p))
	if g := h.browser().signsIn("/"); g.StatusCode != 303 {
		t.Errorf("%d %s", g.StatusCode, h.log)
	}
}

func TestASecondFactorIsAskedFor(t *testing.T) {
	p := newIDP(t)
	p.who["acr"] = "gold"
	h := newHouse(t, withPeople(newCrowd()), withIDP(p, func(o *SignIn) { o.RequireMFA, o.ACR = true, []string{"gold", "silver"} }))
	if g := h.browser().signsIn("/"); g.StatusCode != 303 || p.query.Get("acr_values") != "gold silver" {
		t.Errorf("%d %v", g.StatusCode, p.query)
	}
	p.who["acr"] = "iron"
	g := h.browser().signsIn("/")
	g.shows(t, "second factor")
	if g.StatusCode != 403 {
		t.Errorf("%d", g.StatusCode)
	}
}
