package web

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

func (h *house) page(path string) got {
	h.t.Helper()
	return h.send(request("GET", path, ""))
}

func (g got) shows(t *testing.T, all ...string) {
	t.Helper()
	for _, s := range all {
		if !strings.Contains(g.body, s) {
			t.Errorf("%q is not on the page", s)
		}
	}
}

// hides looks past the random tokens of forms, which may happen to have any short word
// in them.
func (g got) hides(t *testing.T, all ...string) {
	t.Helper()
	body := onceField.ReplaceAllString(csrfOf.ReplaceAllString(g.body, ""), "")
	for _, s := range all {
		if strings.Contains(body, s) {
			t.Errorf("%q is on the page", s)
		}
	}
}

// furnish opens incidents that between them show every part of every template.
func (h *house) furnish() {
	h.t.Helper()
	h.open(Write, `{"title":"login is slow","severity":"sev3"}`)
	h.say("INC-1", "resolve a bad cache")
	h.open(Write, `{"title":"checkout is down","severity":"sev1","services":["checkout","cards"],"summary":"No card works.\nCash does.","started":"2026-01-01T00:00:00Z","drill":true}`)
	for _, text := range []string{
		"role commander me", "ack", "update cards fail in Europe next 30m", "task add check the backups", "task add tell support due 1h", "task add undo it",
		"task done 1", "task drop 3", "followup add write it down", "link https://status.example.com status page", "field region eu-west",
		"note at 2026-01-01T00:10:00Z traffic moved", "decision roll back",
	} {
		h.say("INC-2", text)
	}
	h.open(Write, `{"title":"alarm of no fire"}`)
	h.say("INC-3", "cancel false-positive a test alert")
	h.open(Admin, `{"title":"leaked keys","type":"security"}`)
	h.open(Write, `{"title":"nobody has judged this"}`)
	h.say("INC-1", "reopen it is slow again")
}

func TestIncidentPage(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	if err := h.store.PutRecord(t.Context(), store.Record{Mirror: Mirror, Incident: 2, Place: "C1", PlaceName: "inc-2-checkout-is-down", LastError: "Slack says: <ratelimited>", NextTry: time.Now().Add(time.Minute), Attempts: 3}); err != nil {
		t.Fatal(err)
	}
	g := h.page("/incidents/INC-2")
	if g.StatusCode != 200 {
		t.Fatal(g.body)
	}
	g.shows(t, "<title>PRACTICE INC-2 checkout is down", "SEV1", "critical", "#inc-2-checkout-is-down", "No card works.\nCash does.", "cards fail in Europe",
		"Incident commander", "<bdi>ops</bdi>", "nobody", "Mitigate", "overdue", "check the backups", `class="task done"`, `class="task dropped"`, "due in 59 min",
		"Follow-ups", "https://runbooks.example.com/checkout", "Dashboard 2", "@oncall", `href="https://status.example.com"`, "status page", "eu-west",
		"Impact started", "1 Jan, 00:00", "To detect", `id="e1"`, `href="#e1"`, "traffic moved", "written down", "Slack is behind", "Slack says: &lt;ratelimited&gt;", "chained. The last is <code>")
	g.hides(t, "ZgotmplZ", "&lt;no value&gt;")
	h.page("/incidents/INC-5").shows(t, "There is no Slack channel yet")
	if g := h.page("/incidents/inc-2"); g.StatusCode != 200 {
		t.Errorf("in small letters: %d", g.StatusCode)
	}
}

func TestPagesShowNoPrivateIncident(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	g, absent := h.page("/incidents/INC-4"), h.page("/incidents/INC-999")
	if g.StatusCode != 404 || g.body != strings.ReplaceAll(absent.body, "INC-999", "INC-4") {
		t.Errorf("one can tell a private incident from none:\n%s\n%s", g.body, absent.body)
	}
	g.shows(t, "INC-4 does not exist or is not open to you.")
}

func TestListPageShowsNoPrivateIncident(t *testing.T) {
	h := newHouse(t)
	for _, body := range []string{`{"title":"leaked keys","private":true}`, `{"title":"leaked once","private":true,"resolved":"2026-01-01T00:00:00Z"}`} {
		h.open(Admin, body)
	}
	for _, path := range []string{"/", "/incidents", "/incidents?q=leaked", "/incidents?status=open", "/incidents?sort=oldest", "/incidents?sort=severity", "/incidents?before=INC-9", "/incidents?q=INC-2"} {
		h.page(path).hides(t, ">leaked", "/incidents/INC-")
	}
	for _, path := range []string{"/incidents.csv", "/incidents.json", "/incidents.csv?q=leaked", "/incidents.json?sort=longest"} {
		h.page(path).hides(t, "leaked", "INC-")
	}
}

func TestLongTimelineIsTurned(t *testing.T) {
	h := newHouse(t)
	h.open(Write, down)
	for i := range eventsShown + 50 { // of which every tenth is a key event
		text := fmt.Sprintf("note number %d", i+1)
		if i%10 == 9 {
			text = fmt.Sprintf("decision number %d", i+1)
		}
		h.say("INC-1", text)
	}
	g := h.page("/incidents/INC-1")
	g.shows(t, fmt.Sprintf("number %d<", eventsShown+50), "Earlier events", "?before=52#timeline", `id="e52"`)
	g.hides(t, "Later events", `id="e1"`, `id="e51"`)
	g = h.page("/incidents/INC-1?after=0")
	g.shows(t, `id="e1"`, "Later events", "?after=200#timeline")
	g.hides(t, "Earlier events", `id="e201"`)
	g = h.page("/incidents/INC-1?before=52")
	g.shows(t, `id="e1"`, `id="e51"`, "?after=51#timeline")
	g.hides(t, `id="e52"`, "Earlier events")
	g = h.page("/incidents/INC-1?show=key")
	g.shows(t, "Declared", "number 10<", "number 250<", `id="show-key" aria-current="true"`)
	g.hides(t, "number 11<", "Earlier events", "Later events")
	g = h.page("/incidents/INC-1?at=11")
	g.shows(t, `id="e11"`, `id="e1"`, "Later events")
	h.page("/incidents/INC-1?at=120").shows(t, `id="e120" class="event plain here"`, `id="e71"`, "Earlier events")
	h.page("/incidents/INC-1?show=messages").shows(t, "None of the events is like that")
	for _, bad := range []string{"after=x", "before=-1", "at=x", "show=best", "after=1&before=3", "ask=sudo", "audit=no"} {
		if g := h.page("/incidents/INC-1?" + bad); g.StatusCode != 400 {
			t.Errorf("%s: %d", bad, g.StatusCode)
		}
	}
}

func TestPagesInWords(t *testing.T) {
	h := newHouse(t)
	for path, says := range map[string]string{
		"/nothing": "There is no page at /nothing.", "/incidents/INC-9": "INC-9 does not exist or is not open to you.",
		"/incidents/nine": "is not an incident", "/static/nothing.css": "There is no page at", "/<b>x": "There is no page at /&lt;b&gt;x.",
	} {
		g := h.page(strings.ReplaceAll(strings.ReplaceAll(path, "<", "%3C"), ">", "%3E"))
		if g.StatusCode != 404 {
			t.Errorf("%s: %d", path, g.StatusCode)
		}
		g.shows(t, says, "All incidents")
	}
	h.store.read = errDisk
	for _, path := range []string{"/", "/incidents", "/incidents/INC-1", "/incidents?q=inc-1", "/incidents?status=open", "/incidents?sort=oldest", "/incidents?to=2026-01-01", "/incidents.csv", "/incidents.json"} {
		g := h.page(path)
		if g.StatusCode != 500 {
			t.Errorf("%s: %d", path, g.StatusCode)
		}
		g.shows(t, "Something failed here", "in the log")
		g.hides(t, errDisk.Error())
	}
	if g := h.send(request("POST", "/incidents", "")); g.StatusCode != 405 {
		t.Errorf("POST: %d", g.StatusCode)
	}
}

// hostile are texts that people write who wish us ill.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, `</title><svg onload=alert(1)>`,
	`{{.}}`, `javascript:alert(1)`, `<!--`, `]]>`, "\u202eevil", `&lt;b&gt;`,
}

func TestWhatPeopleWroteIsText(t *testing.T) {
	h := newHouse(t)
	for i, s := range hostile {
		q := fmt.Sprintf("%q", s)
		id := h.open(Write, `{"title":`+q+`,"summary":`+q+`,"services":[`+q+`]}`)
		for _, verb := range []string{"note", "update", "decision", "task add", "followup add", "field region", "summary"} {
			h.call(Write, "POST", "/api/v1/incidents/"+id+"/commands", `{"text":`+fmt.Sprintf("%q", verb+" "+s)+`}`)
		}
		if err := h.store.PutRecord(t.Context(), store.Record{Mirror: Mirror, Incident: 1, Place: "C1", PlaceName: s, LastError: s}); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/", "/incidents", "/incidents/" + id, "/incidents/INC-1"} {
			g := h.page(path)
			if bad := unescaped(g.body); bad != "" || g.StatusCode != 200 {
				t.Errorf("text %d on %s: %d, %q stands there unescaped", i, path, g.StatusCode, bad)
			}
		}
		if bad := unescaped(h.page("/incidents?q=" + url.QueryEscape(s)).body); bad != "" {
			t.Errorf("text %d in the search: %q stands there unescaped", i, bad)
		}
	}
}

// The same for who is signed in, and in every form that a page opens.
func TestWhatPeopleWroteIsTextInForms(t *testing.T) {
	h := staffed(t)
	alice := h.as("alice")
	for i, s := range hostile {
		h.declare("alice", incidents.Open{Title: fmt.Sprintf("x%d %s", i, s), Severity: 2, Summary: s, Services: []string{"s"}})
		n := h.newest()
		for _, say := range []string{"lead me", "update " + s + " next 5m", "task add " + s, "followup add " + s, "field region " + s, "type " + s, "summary " + s, "note " + s, "link https://example.com " + s, "handoff @bob " + s, "clock start gdpr " + s, s} {
			g := alice.press(incidentPath(n), "once", strings.Repeat("A", 20), "say", say)
			if to := g.Header.Get("Location"); g.StatusCode == 303 {
				g = alice.get(strings.TrimSuffix(to, "#act"))
			}
			if bad := unescaped(g.body); bad != "" || g.StatusCode >= 400 && g.StatusCode != 422 {
				t.Errorf("%q is answered %d, %q", say, g.StatusCode, bad)
			}
		}
		paths := []string{"/", "/incidents", "/incidents/new", "/followups", "/insights", "/postmortems", incidentPath(n) + "?show=messages", incidentPath(n) + "?at=2", incidentPath(n) + "?audit=check", "/live?incident=" + url.QueryEscape(s), "/nothing/" + url.PathEscape(s)}
		for verb := range asked {
			paths = append(paths, incidentPath(n)+"?ask="+url.QueryEscape(verb))
		}
		for _, p := range append(paths, incidentPath(n)+"?ask="+url.QueryEscape(s), incidentPath(n)+"?said="+url.QueryEscape(s), "/incidents?q="+url.QueryEscape(s)+"&service="+url.QueryEscape(s)) {
			if g := alice.get(p); unescaped(g.body) != "" || g.StatusCode >= 500 {
				t.Errorf("%q on %s: %d, %q", s, p, g.StatusCode, unescaped(g.body))
			}
		}
	}
}

var quoted = regexp.MustCompile(`"[^"]*"`)

// unescaped is what of a page could run, and is none of ours: elements and attributes are read as a browser reads them.
// A regular expression over whole pages was two thirds of the time that these tests took.
func unescaped(body string) string {
	if strings.Contains(body, "ZgotmplZ") { // what html/template writes for what it took for an attack
		return "ZgotmplZ"
	}
	for z := html.NewTokenizer(strings.NewReader(body)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			if t := z.Token(); runsByItself(t) {
				return t.String()
			}
		}
	}
}

// runsByItself says whether an element is one that only the texts of these tests have.
func runsByItself(t html.Token) bool {
	for _, a := range t.Attr {
		value := strings.ToLower(strings.TrimSpace(a.Val))
		switch {
		case strings.HasPrefix(a.Key, "on"), (a.Key == "href" || a.Key == "src" || a.Key == "action") && strings.HasPrefix(value, "javascript:"), t.Data == "img" && a.Key == "src" && value == "x":
			return true
		}
	}
	return t.Data == "b" || t.Data == "script" && len(t.Attr) == 0
}

func TestUnescapedFindsWhatRuns(t *testing.T) {
	for _, s := range []string{`<script>alert(1)</script>`, `<p title=""><img src=x onerror=alert(1)>`, `<p title='' onmouseover='alert(1)'>`, `</title><svg onload=alert(1)>`, `<a href=" javascript:alert(1)">`, `<b>x</b>`, `<p class="ZgotmplZ">`} {
		if unescaped("<!doctype html><title>x</title><p>"+s) == "" {
			t.Errorf("%q was not found", s)
		}
	}
	for _, s := range []string{`<script src="/static/x.js" defer></script>`, `<p title="&#34; onload=x &lt;b&gt;">`, `<img src="/x.png" alt="x">`, `javascript:alert(1)`} {
		if bad := unescaped(s); bad != "" {
			t.Errorf("%q was found in %q", bad, s)
		}
	}
}

func TestHeadersOfPages(t *testing.T) {
	h := policed(t, newCrowd(), func(o *Options) { o.Demo = []string{"alice"} })
	h.furnish()
	h.alarmed()
	h.say("INC-1", "resolve once more")
	h.say("INC-1", "postmortem draft")
	h.say("INC-1", "postmortem edit summary Short. [T1]")
	inline := regexp.MustCompile(`(?i)<script>|<script[^>]*>[^<]|<style|\sstyle=|\son[a-z]+=|https?://[^"]*\.(css|js|woff2?)`)
	alice := h.as("alice")
	for _, path := range []string{"/", "/incidents", "/incidents/INC-2", "/insights?period=all", "/followups", "/alerts", "/alerts/noise", "alice: /alerts", "/nothing", "/sign-in", h.link("bob"), "/sign-in/link/x", "/sessions", "/tokens", "alice: /", "alice: /incidents", "alice: /incidents/INC-2", "alice: /incidents/INC-2?ask=sev", "alice: /incidents/new", "/postmortems", "/incidents/INC-1/postmortem", "alice: /incidents/INC-1/postmortem", "alice: /incidents/INC-1/postmortem?edit=summary", "/incidents/INC-1/postmortem?from=1&to=2", "alice: /followups", "alice: /sessions", "alice: /tokens", "alice: /sign-in"} {
		g := h.page(strings.TrimPrefix(path, "alice: "))
		if rest, hers := strings.CutPrefix(path, "alice: "); hers {
			g = alice.get(rest)
		}
		if csp := g.Header.Get("Content-Security-Policy"); csp != "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'" {
			t.Errorf("%s: policy %q", path, csp)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY", "Cross-Origin-Resource-Policy": "same-origin"} {
			if got := g.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
		if bad := inline.FindString(g.body); bad != "" {
			t.Errorf("%s: %q is not allowed by our own policy", path, bad)
		}
	}
	secure := newHouse(t, func(o *Options) { o.PublicURL = "https://fires.example.com" })
	if secure.page("/incidents").Header.Get("Strict-Transport-Security") == "" || h.page("/incidents").Header.Get("Strict-Transport-Security") != "" {
		t.Error("HSTS belongs to https and to nothing else")
	}
}

func TestAssetsAreKeptForEver(t *testing.T) {
	h := newHouse(t)
	g := h.page("/incidents")
	paths := regexp.MustCompile(`/static/[^"]+`).FindAllString(g.body, -1)
	if len(paths) < 2 {
		t.Fatalf("the page names %v", paths)
	}
	for _, p := range paths {
		r := request("GET", p, "")
		r.RemoteAddr = "192.0.2.7:1234" // open to everybody, for the page that says why pages are shut
		a := h.send(r)
		if a.StatusCode != 200 || !strings.Contains(a.Header.Get("Cache-Control"), "immutable") || a.body == "" {
			t.Errorf("%s: %d %v", p, a.StatusCode, a.Header)
		}
		if kind := a.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/css") && !strings.HasPrefix(kind, "text/javascript") && kind != "image/svg+xml" {
			t.Errorf("%s is %q", p, kind)
		}
	}
}
