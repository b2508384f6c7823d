package web

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// policed is a house in which alice looks after tokens, and carol may see all.
func policed(t *testing.T, c *crowd, change ...func(*Options)) *house {
	rules := testRules()
	rules.Permissions = map[incidents.Permission][]string{incidents.MayAdminister: {"@alice", "@carol"}, incidents.MaySeePrivate: {"@carol"}}
	carol := c.with("carol", incidents.Standing{Named: "@carol"})
	carol.Admin = true
	c.people[carol.ID] = carol
	return newHouse(t, append([]func(*Options){withPeople(c), func(o *Options) { o.Rules = func() incidents.Rules { return rules } }}, change...)...)
}

var shownToken = regexp.MustCompile(`fireboss_[A-Za-z0-9_-]{43}`)

func TestTokensPage(t *testing.T) {
	h := policed(t, newCrowd())
	alice := h.as("alice")
	alice.get("/tokens").shows(t, "ops", "in the configuration", "only by who may see them")
	g := alice.press("/tokens", "act", "create", "name", "ci", "scope", "write")
	secret := shownToken.FindString(g.body)
	if g.StatusCode != 200 || secret == "" || g.Header.Get("Cache-Control") != "private, no-store" {
		t.Fatalf("%d %s", g.StatusCode, g.body)
	}
	g.shows(t, "This is the token of <bdi>ci</bdi>", "never used", "by <bdi>alice</bdi>")
	page := alice.get("/tokens")
	page.hides(t, secret, store.SecretID(secret))
	id := h.openWith(secret, `{"title":"queue is stuck"}`)
	if in := decode[Incident](t, h.send(request("GET", "/api/v1/incidents/"+id, "", "Authorization", "Bearer "+secret))); in.DeclaredBy.ID != "token:ci" {
		t.Errorf("declared by %+v", in.DeclaredBy)
	}
	h.send(request("GET", "/api/v1/audit", "", "Authorization", "Bearer "+secret)).wants(t, 403, "forbidden")
	alice.get("/tokens").shows(t, "within the last hour")
	for name, c := range map[string]struct{ name, scope, says string }{
		"again":              {"ci", "read", "given once"},
		"of configuration":   {"ops", "read", "given once"},
		"no name":            {"", "read", "Give the token a name"},
		"a name in two":      {"a b", "read", "letters, digits"},
		"markup":             {"<b>", "read", "letters, digits"},
		"a very long name":   {strings.Repeat("x", 65), "read", "letters, digits"},
		"no scope":           {"x", "", "is no scope"},
		"a scope of its own": {"x", "root", "is no scope"},
		"more than she may":  {"x", "admin", "sees every private incident, and you may not"},
	} {
		g := alice.press("/tokens", "act", "create", "name", c.name, "scope", c.scope)
		if g.StatusCode != 422 || shownToken.MatchString(g.body) || unescaped(g.body) != "" {
			t.Errorf("%s: %d", name, g.StatusCode)
		}
		g.shows(t, c.says)
	}
	if g := h.as("carol").press("/tokens", "act", "create", "name", "root", "scope", "admin"); g.StatusCode != 200 || !shownToken.MatchString(g.body) {
		t.Errorf("one who may see all: %d", g.StatusCode)
	}
	if g := alice.press("/tokens", "act", "revoke", "name", "ci"); g.StatusCode != 303 {
		t.Errorf("%d %s", g.StatusCode, g.body)
	}
	h.send(request("GET", "/api/v1/incidents", "", "Authorization", "Bearer "+secret)).wants(t, 401, "unauthorized")
	alice.get("/tokens").shows(t, "revoked")
	for name, status := range map[string]int{"none": 404, "ops": 422} {
		if g := alice.press("/tokens", "act", "revoke", "name", name); g.StatusCode != status {
			t.Errorf("revoking %s: %d", name, g.StatusCode)
		}
	}
	if g := alice.press("/tokens", "act", "juggle"); g.StatusCode != 400 {
		t.Errorf("%d", g.StatusCode)
	}
	h.saysNoSecret()
}

// openWith opens an incident with a token.
func (h *house) openWith(secret, body string) string {
	h.t.Helper()
	g := h.send(request("POST", "/api/v1/incidents", body, "Authorization", "Bearer "+secret))
	g.wants(h.t, 201, "")
	return decode[Incident](h.t, g).ID
}

func TestWhoLooksAfterTokens(t *testing.T) {
	c := newCrowd()
	grace := c.with("grace", incidents.Standing{Outside: true, Named: "@alice"}) // whatever a guest is called
	c.people[grace.ID] = grace
	h := policed(t, c)
	for name, status := range map[string]int{"alice": 200, "bob": 403, "grace": 403} {
		b := h.as(name)
		if g := b.get("/tokens"); g.StatusCode != status || strings.Contains(g.body, "Make one") != (status == 200) {
			t.Errorf("%s: %d", name, g.StatusCode)
		}
		if g := b.press("/tokens", "act", "create", "name", name, "scope", "read"); g.StatusCode != status {
			t.Errorf("%s makes one: %d", name, g.StatusCode)
		}
		if menu := strings.Contains(b.get("/incidents").body, `href="/tokens"`); menu != (status == 200) {
			t.Errorf("%s has it in the menu: %v", name, menu)
		}
	}
	if g := h.browser().get("/tokens"); g.StatusCode != 403 {
		t.Errorf("nobody: %d", g.StatusCode)
	}
	if g := h.browser().post("/tokens", nil); g.StatusCode != 303 {
		t.Errorf("nobody makes one: %d", g.StatusCode)
	}
	list, err := h.store.APITokens(t.Context())
	if err != nil || len(list) != 1 {
		t.Errorf("%+v %v", list, err)
	}
}

// TestAGroupMakesAnAdmin who sees no more incidents than before.
func TestAGroupMakesAnAdmin(t *testing.T) {
	p := newIDP(t)
	p.who["groups"] = []string{"platform"}
	h := newHouse(t, withPeople(newCrowd()), withIDP(p, func(o *SignIn) { o.Roles = map[string]Role{"platform": RoleAdmin} }))
	h.open(Admin, `{"title":"keys leaked","private":true}`)
	b := h.browser()
	b.signsIn("/")
	if g := b.get("/tokens"); g.StatusCode != 200 {
		t.Errorf("%d", g.StatusCode)
	}
	if g := b.get("/incidents/INC-1"); g.StatusCode != 404 {
		t.Errorf("an admin of the pages sees a private incident: %d", g.StatusCode)
	}
	if g := b.press("/tokens", "act", "create", "name", "root", "scope", "admin"); g.StatusCode != 422 {
		t.Errorf("and makes a token that does: %d", g.StatusCode)
	}
	p.who["groups"] = []string{"x"}
	b = h.browser()
	b.signsIn("/")
	if g := b.get("/tokens"); g.StatusCode != 403 {
		t.Errorf("in no group: %d", g.StatusCode)
	}
}

func TestAGuestByGroupSeesWhatTheyAreIn(t *testing.T) {
	p := newIDP(t)
	p.who["groups"] = []string{"contractors"}
	h := newHouse(t, withPeople(newCrowd()), withIDP(p, func(o *SignIn) { o.Roles = map[string]Role{"contractors": RoleGuest} }))
	h.open(Write, `{"title":"the printer burns"}`)
	b := h.browser()
	b.signsIn("/")
	b.get("/incidents").hides(t, "the printer burns")
	if g := b.get("/incidents/INC-1"); g.StatusCode != 404 {
		t.Errorf("%d", g.StatusCode)
	}
}

func TestTokensOverTheAPI(t *testing.T) {
	h := newHouse(t)
	g := h.call(Admin, "POST", "/api/v1/tokens", `{"name":"ci","scope":"read"}`)
	g.wants(t, 201, "")
	made := decode[NewTokenJSON](t, g)
	if !shownToken.MatchString(made.Secret) || made.Name != "ci" || made.Scope != Read || made.By.ID != "token:ops" || made.Configured || g.Header.Get("Location") != "/api/v1/tokens/ci" || g.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%+v %v", made, g.Header)
	}
	h.call(Admin, "POST", "/api/v1/tokens", `{"name":"ci","scope":"read"}`, "Idempotency-Key", "k").wants(t, 422, "refused")
	h.call(Admin, "POST", "/api/v1/tokens", `{"name":"ops","scope":"read"}`).wants(t, 422, "refused")
	h.call(Admin, "POST", "/api/v1/tokens", `{"name":"x","scope":"root"}`).wants(t, 400, "invalid")
	h.call(Admin, "POST", "/api/v1/tokens", `{"name":"x","scope":"read","secret":"mine"}`).wants(t, 400, "invalid")
	g = h.call(Admin, "GET", "/api/v1/tokens", "")
	g.hides(t, made.Secret, store.SecretID(made.Secret), secrets[Admin])
	list := decode[TokenList](t, g)
	if len(list.Tokens) != 4 || !list.Tokens[0].Configured || list.Tokens[3].Name != "ci" || list.Tokens[3].LastUsed != nil {
		t.Errorf("%+v", list)
	}
	h.send(request("GET", "/api/v1/incidents", "", "Authorization", "Bearer "+made.Secret)).wants(t, 200, "")
	if g := h.call(Admin, "DELETE", "/api/v1/tokens/ci", ""); decode[TokenJSON](t, g).Revoked == nil {
		t.Errorf("%s", g.body)
	}
	h.send(request("GET", "/api/v1/incidents", "", "Authorization", "Bearer "+made.Secret)).wants(t, 401, "unauthorized")
	h.call(Admin, "DELETE", "/api/v1/tokens/none", "").wants(t, 404, "not_found")
	h.call(Admin, "DELETE", "/api/v1/tokens/ops", "").wants(t, 422, "refused")
	rows, err := h.store.Unfinished(t.Context())
	if err != nil || len(rows) > 0 {
		t.Errorf("%d deliveries are kept (%v), and one would have the secret", len(rows), err)
	}
	h.saysNoSecret()
}

// TestUseIsRarelyWritten: a program that calls often costs one write an hour.
func TestUseIsRarelyWritten(t *testing.T) {
	h, later := clocked(t, newCrowd())
	secret := decode[NewTokenJSON](t, h.call(Admin, "POST", "/api/v1/tokens", `{"name":"ci","scope":"read"}`)).Secret
	used := func() time.Time {
		h.send(request("GET", "/api/v1/incidents", "", "Authorization", "Bearer "+secret)).wants(t, 200, "")
		k, err := h.store.APIToken(t.Context(), store.SecretID(secret))
		if err != nil {
			t.Fatal(err)
		}
		return k.Used
	}
	first := used()
	later(usedEvery - time.Second)
	if at := used(); !at.Equal(first) || first.IsZero() {
		t.Errorf("used %v, then %v", first, at)
	}
	later(time.Second)
	if at := used(); !at.Equal(first.Add(usedEvery)) {
		t.Errorf("an hour later: %v", at)
	}
	h.store.touch = errDisk
	later(usedEvery)
	used()
}

// TestANameOfTheConfigurationIsItsAlone, also where it came there afterwards.
func TestANameOfTheConfigurationIsItsAlone(t *testing.T) {
	h := newHouse(t)
	k, secret, err := NewToken("ops", Admin, incidents.Person{}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := h.store.PutAPIToken(t.Context(), k); err != nil {
		t.Fatal(err)
	}
	h.send(request("GET", "/api/v1/incidents", "", "Authorization", "Bearer "+secret)).wants(t, 401, "unauthorized")
}
