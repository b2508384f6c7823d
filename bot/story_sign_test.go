package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fireboss/bot/slack"
	"fireboss/commands"
)

// surfer is somebody at the pages, with a browser that keeps cookies and follows no
// redirect.
type surfer struct {
	s      *story
	client *http.Client
}

func (s *story) surfer() *surfer {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &surfer{s, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// seen is a page as it came.
type seen struct {
	code     int
	location string
	body     string
}

func (b *surfer) send(req *http.Request, err error) seen {
	b.s.t.Helper()
	if err != nil {
		b.s.t.Fatal(err)
	}
	res, err := b.client.Do(req)
	if err != nil {
		b.s.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.s.t.Fatal(err)
	}
	return seen{res.StatusCode, res.Header.Get("Location"), string(body)}
}

func (b *surfer) opens(path string) seen {
	b.s.t.Helper()
	return b.send(http.NewRequestWithContext(b.s.t.Context(), http.MethodGet, b.s.dashboard+path, nil))
}

var hidden = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// submits sends the form of a page with what was filled in.
func (b *surfer) submits(page seen, path string, fields ...string) seen {
	b.s.t.Helper()
	v := url.Values{}
	if m := hidden.FindStringSubmatch(page.body); m != nil {
		v.Set("csrf", m[1])
	}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Set(fields[i], fields[i+1])
	}
	req, err := http.NewRequestWithContext(b.s.t.Context(), http.MethodPost, b.s.dashboard+path, strings.NewReader(v.Encode()))
	if err == nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	return b.send(req, err)
}

var signInLink = regexp.MustCompile(`/sign-in/link/[A-Za-z0-9_-]{43}`)

// linkOf is the link that somebody was given.
func (s *story) linkOf(text string) string {
	s.t.Helper()
	link := signInLink.FindString(text)
	if link == "" {
		s.t.Fatalf("there is no link in %q", text)
	}
	return link
}

func TestStoryALinkFromSlackSignsInOnce(t *testing.T) {
	s := tellApart(t)
	s.Alice.Says("/incident open private a laptop was stolen").Expect("INC-1")
	old := s.linkOf(s.Alice.Says("/incident dashboard").Expect("signs you in as alice, once", "http://127.0.0.1:8080/sign-in/link/").Text)
	link := s.linkOf(s.Alice.Says("/inc dashboard").Text)
	for _, c := range s.state().Channels {
		for _, m := range c.Messages {
			if signInLink.MatchString(m.words()) && m.EphemeralTo != s.user("@alice") {
				t.Errorf("#%s shows the link to others", c.Name)
			}
		}
	}
	alice, scanner := s.surfer(), s.surfer()
	if p := alice.opens("/incidents/INC-1"); p.code != http.StatusNotFound {
		t.Errorf("before: %d", p.code)
	}
	if p := scanner.opens(old); p.code != http.StatusGone {
		t.Errorf("the older link: %d", p.code)
	}
	for range 3 { // previews and scanners of mail
		scanner.opens(link)
	}
	page := alice.opens(link)
	if page.code != http.StatusOK || !strings.Contains(page.body, "Sign in as <bdi>alice</bdi>") {
		t.Fatalf("%d %s", page.code, page.body)
	}
	if p := scanner.submits(seen{}, link); p.code != http.StatusForbidden {
		t.Errorf("a form without its token: %d", p.code)
	}
	if p := alice.submits(page, link); p.code != http.StatusSeeOther || p.location != "/" {
		t.Fatalf("%d %s", p.code, p.body)
	}
	if p := alice.opens("/incidents/INC-1"); p.code != http.StatusOK || !strings.Contains(p.body, "a laptop was stolen") {
		t.Errorf("afterwards: %d", p.code)
	}
	if p := alice.submits(page, link); p.code != http.StatusSeeOther || p.location != "/" {
		t.Errorf("pressed twice: %d %s", p.code, p.location)
	}
	if p := scanner.submits(scanner.opens(old), link); p.code != http.StatusForbidden {
		t.Errorf("the same link in another browser: %d", p.code)
	}
	if p := s.surfer().opens(link); p.code != http.StatusGone {
		t.Errorf("the same link again: %d", p.code)
	}
	s.Grace.Says("/incident dashboard").Expect("you are a guest here")
	if code, body := s.post("/api/v1/incidents/INC-1/commands", map[string]any{"text": "dashboard"}); code != http.StatusUnprocessableEntity || signInLink.MatchString(body) {
		t.Errorf("a program: %d %s", code, body)
	}
	s.nothingKeeps(strings.TrimPrefix(link, "/sign-in/link/"))
}

// nothingKeeps looks for a secret in all that the bot writes.
func (s *story) nothingKeeps(secret string) {
	s.t.Helper()
	s.Settles()
	if code := s.bot.end(15); code != 0 {
		s.t.Errorf("stop: %d", code)
	}
	kept, err := os.ReadFile(filepath.Join(s.data, "fireboss.db"))
	if err != nil || len(kept) == 0 {
		s.t.Fatal(err)
	}
	for where, text := range map[string]string{"the store": string(kept), "the log": s.bot.log()} {
		if strings.Contains(text, secret) {
			s.t.Errorf("%s has the secret %s…", where, secret[:6])
		}
	}
}

// The bot is killed when it has made a link and has not said it yet: it says another
// one when it is back.
func TestStoryALinkComesAfterACrash(t *testing.T) {
	s := tellApart(t)
	s.Settles()
	s.kill()
	s.startBotTo("a command was applied")
	s.call("slash", map[string]any{"user": "@bob", "channel": "#general", "command": "/incident", "text": "dashboard"})
	s.until("it is gone", s.bot.gone)
	s.startBot()
	var said string
	s.until("bob is told, alone", func() bool {
		for _, c := range s.state().Channels {
			for _, m := range c.Messages {
				if signInLink.MatchString(m.words()) && (m.EphemeralTo == s.user("@bob") || len(c.Members) == 2 && slices.Contains(c.Members, s.user("@bob"))) {
					said = m.words()
				}
			}
		}
		return said != ""
	})
	b := s.surfer()
	link := s.linkOf(said)
	if p := b.submits(b.opens(link), link); p.code != http.StatusSeeOther {
		t.Errorf("%d %s", p.code, p.body)
	}
	if p := b.opens("/incidents"); !strings.Contains(p.body, "<bdi>bob</bdi>") {
		t.Error("bob is not signed in")
	}
	s.kill()
	s.startBot()
	if p := b.opens("/incidents"); !strings.Contains(p.body, "<bdi>bob</bdi>") {
		t.Error("bob was signed out by a restart")
	}
}

// becomes clicks a name of the demo.
func (b *surfer) becomes(name string) {
	b.s.t.Helper()
	page := b.opens("/sign-in?next=/incidents")
	if p := b.submits(page, "/sign-in/demo", "name", name, "next", "/incidents"); p.code != http.StatusSeeOther || p.location != "/incidents" {
		b.s.t.Fatalf("%s: %d %s", name, p.code, p.body)
	}
}

func TestStoryTheDemoIsEnteredWithAClick(t *testing.T) {
	s := tell(t)
	s.Bob.Says("/incident open private somebody reads our mail").Expect("INC-1")
	s.Bob.Says("/incident open search is slow").Expect("INC-2")
	b := s.surfer()
	if p := b.opens("/incidents"); p.code != http.StatusOK || !strings.Contains(p.body, `href="/sign-in?next=%2fincidents"`) && !strings.Contains(p.body, `href="/sign-in?next=%2Fincidents"`) {
		t.Errorf("without a click one looks as any member, and can sign in: %d %s", p.code, p.body)
	}
	for name, sees := range map[string][2]int{"alice": {404, 200}, "bob": {200, 200}, "grace": {404, 404}} {
		b.becomes(name)
		for i, path := range []string{"/incidents/INC-1", "/incidents/INC-2"} {
			if p := b.opens(path); p.code != sees[i] {
				t.Errorf("%s sees %s: %d, want %d", name, path, p.code, sees[i])
			}
		}
	}
	b.becomes("grace")
	if p := b.opens("/tokens"); p.code != http.StatusForbidden {
		t.Errorf("grace sees the tokens: %d", p.code)
	}
	b.becomes("alice")
	made := b.submits(b.opens("/tokens"), "/tokens", "act", "create", "name", "ci", "scope", "read")
	secret := regexp.MustCompile(`fireboss_[A-Za-z0-9_-]{43}`).FindString(made.body)
	if made.code != http.StatusOK || secret == "" {
		t.Fatalf("%d %s", made.code, made.body)
	}
	s.says("INC-2", "incident", "list", "--server", s.dashboard, "--token", secret)
	if p := b.opens("/tokens"); strings.Contains(p.body, secret) || !strings.Contains(p.body, "within the last hour") {
		t.Errorf("the page of tokens: %s", p.body)
	}
	b.submits(b.opens("/tokens"), "/tokens", "act", "revoke", "name", "ci")
	s.refuses("it was revoked", "incident", "list", "--server", s.dashboard, "--token", secret)
	if p := b.submits(b.opens("/incidents"), "/sign-out"); p.code != http.StatusSeeOther || p.location != "/sign-in?out" {
		t.Errorf("%d %s", p.code, p.location)
	}
	if p := b.opens("/tokens"); p.code != http.StatusForbidden {
		t.Errorf("after signing out: %d", p.code)
	}
	s.nothingKeeps(secret)
}

func TestStoryTokensAtTheCommandLine(t *testing.T) {
	s := tellApart(t)
	config := filepath.Join(s.data, "config.yaml")
	server := []string{"--server", s.dashboard, "--token", storyToken}
	s.refuses("in use by pid", "token", "list", "--config", config)
	secret := strings.TrimSpace(s.says("fireboss_", append([]string{"token", "create", "ci", "--scope", "write"}, server...)...))
	s.refuses("given once", append([]string{"token", "create", "ci"}, server...)...)
	s.refuses("given once", append([]string{"token", "create", "ops"}, server...)...) // stands in the configuration
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.dashboard+"/api/v1/incidents", strings.NewReader(`{"title":"queue is stuck"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+secret)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var in struct {
		DeclaredBy struct{ ID string } `json:"declared_by"`
	}
	if err := json.NewDecoder(res.Body).Decode(&in); err != nil || res.StatusCode != http.StatusCreated || in.DeclaredBy.ID != "token:ci" {
		t.Errorf("%d %+v %v", res.StatusCode, in, err)
	}
	list := s.says("used 20", append([]string{"token", "list"}, server...)...)
	if !strings.Contains(list, "in the configuration") || strings.Contains(list, secret) {
		t.Errorf("the list: %s", list)
	}
	s.says("ci is revoked", append([]string{"token", "revoke", "ci"}, server...)...)
	s.refuses("it was revoked", "incident", "list", "--server", s.dashboard, "--token", secret)
	s.refuses("no token", append([]string{"token", "revoke", "none"}, server...)...)
	s.refuses("in the configuration", append([]string{"token", "revoke", "ops"}, server...)...)
	if code := s.bot.end(15); code != 0 {
		t.Fatalf("stop: %d", code)
	}
	backup := strings.TrimSpace(s.says("fireboss_", "token", "create", "backup", "--scope", "admin", "--config", config))
	s.refuses("given once", "token", "create", "ci", "--config", config)
	s.refuses("given once", "token", "create", "ops", "--config", config)
	s.refuses("letters, digits", "token", "create", "a b", "--config", config)
	s.refuses("no token", "token", "revoke", "none", "--config", config)
	s.refuses("take it out there", "token", "revoke", "ops", "--config", config)
	s.says("made", "token", "list", "--config", config)
	if code, _, err := cli(t, "token", "create", "x", "--scope", "all", "--config", config); code != 2 || !strings.Contains(err, "none of read, write, admin") {
		t.Errorf("a scope that is none: %d %s", code, err)
	}
	s.startBot()
	s.says("INC-1", "incident", "list", "--server", s.dashboard, "--token", backup)
	if strings.Contains(s.bot.log(), secret) || strings.Contains(s.bot.log(), backup) {
		t.Error("the log tells a token")
	}
}

// tellOf is tellApart with more lines in the bot's configuration.
func tellOf(t *testing.T, also string) *story {
	t.Helper()
	s := newStory(t)
	s.data, s.also = t.TempDir(), also
	s.sim = run(t, "simulator", "--listen", "127.0.0.1:0")
	s.workspace = field(s.sim.line("ready "), "workspace")
	s.startBot()
	return s
}

func TestStoryPagesAreForThoseWhoSignIn(t *testing.T) {
	var calls string
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{ // who has hung up needs no answer
			"issuer": calls, "authorization_endpoint": calls + "/authorize", "token_endpoint": calls + "/token", "jwks_uri": calls + "/keys",
		})
	}))
	defer provider.Close()
	calls = provider.URL
	s := tellOf(t, fmt.Sprintf("sign_in: {issuer: %q, client_id: fireboss, client_secret: not-for-logs, require_mfa: true, acr: [gold], name: Example SSO}\npermissions: {admin: \"@bob\"}\n", provider.URL))
	config := filepath.Join(s.data, "config.yaml")
	s.says("is in order", "check", "--config", config)
	b := s.surfer()
	if p := b.opens("/incidents"); p.code != http.StatusSeeOther || p.location != "/sign-in?next=%2Fincidents" {
		t.Errorf("%d %s", p.code, p.location)
	}
	if p := b.opens("/sign-in"); !strings.Contains(p.body, "Sign in with <bdi>Example SSO</bdi>") {
		t.Errorf("%s", p.body)
	}
	to, err := url.Parse(b.opens("/sign-in/start?next=/incidents").location)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"client_id": "fireboss", "redirect_uri": "http://127.0.0.1:8080/sign-in/callback", "scope": "openid profile email", "acr_values": "gold", "code_challenge_method": "S256", "response_type": "code"} {
		if got := to.Query().Get(name); got != want || !strings.HasPrefix(to.String(), provider.URL+"/authorize?") {
			t.Errorf("%s is %q, want %q, in %s", name, got, want, to)
		}
	}
	link := s.linkOf(s.Bob.Says("/incident dashboard").Text)
	if p := b.submits(b.opens(link), link); p.code != http.StatusSeeOther {
		t.Errorf("a link from Slack: %d", p.code)
	}
	if p := b.opens("/tokens"); p.code != http.StatusOK {
		t.Errorf("bob is an admin: %d", p.code)
	}
	calls = "https://id.example"
	s.refuses(`the provider calls itself "https://id.example"`, "check", "--config", config)
	provider.Close()
	s.refuses("the provider does not say what it is", "check", "--config", config)
	if strings.Contains(s.bot.log(), "not-for-logs") {
		t.Error("the log tells a secret")
	}
}

func TestManifestOfSignIn(t *testing.T) {
	config := filepath.Join(t.TempDir(), "config.yaml")
	for text, want := range map[string]string{
		`sign_in: {issuer: "https://slack.com", client_id: "1.2", client_secret: s}`: "https://fires.example.com/sign-in/callback",
		`sign_in: {issuer: "https://id.example.com", client_id: x}`:                  "users:read.email",
	} {
		if err := os.WriteFile(config, []byte("http: {public_url: \"https://fires.example.com\"}\n"+text), 0o600); err != nil {
			t.Fatal(err)
		}
		code, out, err := cli(t, "manifest", "--config", config)
		if code != 0 || !strings.Contains(out, want) || strings.Contains(out, "users:read.email") == strings.Contains(out, "openid") {
			t.Errorf("%s: %d %s%s", text, code, out, err)
		}
	}
}

// The pages answer before Slack has said which workspace it is. Whoever is signed in
// is not unknown then, for who is unknown is signed out.
func TestBeforeSlackHasSaidWhoWeAre(t *testing.T) {
	v := &visitors{Directory: slack.NewDirectory(slack.NewClient(slack.Options{APIURL: "http://127.0.0.1:1/api/"}))}
	_, person := v.Person(t.Context(), "alice")
	_, actor := v.Actor(t.Context(), "slack:T1/U1")
	_, byEmail := v.ByEmail(t.Context(), "alice@example.com")
	for _, err := range []error{person, actor, byEmail} {
		if err == nil || errors.Is(err, commands.ErrUnknown) {
			t.Errorf("%v", err)
		}
	}
}
