package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// outsider is a request from another machine, without a token.
func outsider(method, path, body string, headers ...string) *http.Request {
	r := request(method, path, body, headers...)
	r.RemoteAddr, r.Host = "192.0.2.7:4711", "evil.example"
	return r
}

// paths are all that answers, and what does not.
func (h *house) paths() []string {
	list := []string{
		"/", "/incidents", "/incidents/INC-1", "/incidents/INC-2", "/incidents/INC-99", "/insights", "/insights?period=all", "/followups", "/alerts", "/alerts?incident=INC-2", "/live", "/live?incident=INC-1", "/live?alerts=all", "/incidents.csv", "/incidents.json", "/incidents/new", "/postmortems", "/incidents/INC-1/files/1/F1",
		"/incidents/INC-1/postmortem", "/incidents/INC-1/postmortem.md", "/incidents/INC-1/postmortem.html", "/incidents/INC-1/postmortem?edit=summary", "/incidents/INC-2/postmortem", "/incidents/INC-2/postmortem.md", "/static/", "/static/fireboss.css", "/healthz", "/readyz", "/metrics",
		"/hooks/alertmanager", "/hooks/webhook/KEY", "/nothing", "/sessions", "/tokens", "/sign-out", "/sign-in/demo", "/api", "/api/", "/api/v1", "/api/v2/incidents", "/debug/pprof/", "/.git/config", "/config.yaml", "/fireboss.db",
		"/static/../templates/frame.html", "/static/%2e%2e/%2e%2e/etc/passwd", "/static/..%2f..%2fetc%2fpasswd", "/incidents/..%2f..%2fapi%2fv1%2fbackup", "/incidents/%00", "/incidents/INC-1%0d%0aSet-Cookie:%20x=y",
		"//evil.example/..", "/%2f%2fevil.example", "/incidents//INC-1", "/api/v1/incidents/INC-1/../../backup", "/api/v1//backup", "/API/V1/BACKUP", "/api/v1/backup/", "/api/v1/backup;x=1", "/incidents/" + strings.Repeat("x", 20000),
	}
	for _, r := range h.site.api() {
		list = append(list, strings.ReplaceAll(r.Path, "{id}", "INC-1"), strings.ReplaceAll(r.Path, "{id}", "INC-2"))
	}
	return list
}

// TestNobodyGetsInWithoutProof tries every path with every method and all that
// could be mistaken for a proof, as somebody on another machine.
func TestNobodyGetsInWithoutProof(t *testing.T) {
	h := newHouse(t, func(o *Options) {
		o.Metrics = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "up 1") })
	})
	h.open(Write, `{"title":"checkout is down"}`)
	h.open(Admin, `{"title":"checkout keys leaked","private":true}`)
	form := "application/x-www-form-urlencoded"
	tricks := [][]string{
		nil, {"Authorization", "Bearer wrong"}, {"Authorization", "Basic " + secrets[Admin]}, {"Authorization", secrets[Admin]}, {"Authorization", "Bearer " + secrets[Admin] + "x"},
		{"X-Api-Key", secrets[Admin]}, {"Cookie", "token=" + secrets[Admin]}, {"X-Forwarded-For", "127.0.0.1"}, {"X-Real-Ip", "127.0.0.1"}, {"Host", "localhost"},
		{"X-Original-Url", "/api/v1/backup"}, {"X-Http-Method-Override", "GET"}, {"Origin", "http://localhost:8080", "Content-Type", "text/plain"}, {"Content-Type", form},
	}
	for _, path := range h.paths() {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW"} {
			for _, trick := range tricks {
				for _, query := range []string{"", "?token=" + secrets[Admin] + "&access_token=" + secrets[Admin]} {
					g := h.send(outsider(method, path+query, `{"title":"x","text":"note x"}`, trick...))
					open := g.StatusCode < 300 && (method == "OPTIONS" || slices.Contains([]string{"/healthz", "/readyz", "/metrics", "/api/v1/openapi.json"}, path))
					if g.StatusCode >= 500 || g.StatusCode < 300 && !open || strings.Contains(g.body, "checkout") && path != "/api/v1/openapi.json" || len(g.body) > 50_000 && path != "/api/v1/openapi.json" {
						t.Errorf("%s %.80s with %v: %d %.200s", method, path+query, trick, g.StatusCode, g.body)
					}
					if g.Header.Get("Set-Cookie") != "" || strings.HasPrefix(g.Header.Get("Location"), "//") || strings.Contains(g.Header.Get("Location"), "evil.example:") || g.Header.Get("X-Content-Type-Options") != "nosniff" {
						t.Errorf("%s %.80s: headers %v", method, path, g.Header)
					}
				}
			}
		}
	}
	if got := ids(h.list(Admin, "")); got != "INC-2 INC-1" {
		t.Errorf("there are %s", got)
	}
}

// TestBodiesThatWouldCostMuch: what is too large or too deep is refused before
// it is taken apart, and nothing of it is kept.
func TestBodiesThatWouldCostMuch(t *testing.T) {
	h := newHouse(t)
	h.open(Write, down)
	deep := func(open, inner, end string) string {
		return strings.Repeat(open, 100_000) + inner + strings.Repeat(end, 100_000)
	}
	for name, body := range map[string]string{
		"a deep list": deep("[", "", "]"), "a deep object": deep(`{"a":`, "1", "}"), "a deep list within": `{"title":` + deep("[", "", "]") + `}`, "deep services": `{"services":` + deep("[", `"x"`, "]") + `}`,
		"a deep list without end": `{"text":` + strings.Repeat("[", 500_000), "a large string": `{"title":"` + strings.Repeat("x", maxBody) + `"}`, "many names": `{` + strings.Repeat(`"a":1,`, 150_000) + `"title":"x"}`,
		"many services": `{"title":"x","services":[` + strings.Repeat(`"a",`, 200_000) + `"` + strings.Repeat("b", 100) + `"]}`, "a million commas": `{` + strings.Repeat(",", 1_000_000), "a huge number": `{"severity":` + strings.Repeat("9", 900_000) + `}`,
		"zeros": strings.Repeat("\x00", 900_000), "a byte order mark": "\ufeff" + down,
	} {
		for _, path := range []string{"/api/v1/incidents", "/api/v1/incidents/INC-1/commands"} {
			g := h.call(Write, "POST", path, body)
			g.wants(t, 400, "invalid")
			if len(g.body) > 2000 {
				t.Errorf("%s: an answer of %d bytes", name, len(g.body))
			}
		}
	}
	huge := `{"text":"note ` + strings.Repeat("x", 900_000) + `"}`
	if g := h.call(Write, "POST", "/api/v1/incidents/INC-1/commands", huge); g.StatusCode != 400 || len(g.body) > 2000 {
		t.Errorf("a huge note: %d %.200s", g.StatusCode, g.body)
	}
	rows, err := h.store.Unfinished(t.Context())
	if err != nil || len(rows) > 0 {
		t.Errorf("%d deliveries are left (%v)", len(rows), err)
	}
}

// TestContentTypesAndMethodsOpenNothing: a POST that a form of another site can
// send needs the token too, which a browser does not add by itself.
func TestContentTypesAndMethodsOpenNothing(t *testing.T) {
	h := newHouse(t)
	for _, kind := range []string{"application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", ""} {
		for _, origin := range []string{"https://evil.example", "null", "http://localhost:8080"} {
			g := h.send(request("POST", "/api/v1/incidents", down, "Content-Type", kind, "Origin", origin, "Sec-Fetch-Site", "cross-site"))
			g.wants(t, 401, "unauthorized")
			if g.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Error("other sites may read answers")
			}
		}
	}
	for _, path := range []string{"/", "/incidents", "/incidents/INC-1", "/nothing", "/hooks/alertmanager"} {
		for _, method := range []string{"POST", "PUT", "DELETE", "PATCH"} {
			g := h.send(request(method, path, down))
			signIn := method == "POST" && path == "/incidents/INC-1" && strings.HasPrefix(g.Header.Get("Location"), "/sign-in")
			if g.StatusCode != 405 && !signIn {
				t.Errorf("%s %s: %d", method, path, g.StatusCode)
			}
		}
	}
	for _, encoding := range []string{"gzip", "deflate", "br, identity", "chunked"} {
		h.call(Write, "POST", "/api/v1/incidents", down, "Content-Encoding", encoding).wants(t, 400, "invalid")
	}
}

// TestALinkOnAPageShowsWhereItLeads: its name could claim anything.
func TestALinkOnAPageShowsWhereItLeads(t *testing.T) {
	h := newHouse(t)
	h.open(Write, down)
	h.say("INC-1", "link https://evil.example/x https://bank.example")
	h.page("/incidents/INC-1").shows(t, `<a href="https://evil.example/x" rel="noopener noreferrer nofollow"><bdi>https://bank.example</bdi></a> <span class="meta"><bdi>evil.example</bdi></span>`)
	for _, bad := range []string{"javascript:alert(1)", "data:text/html,x", "https://bank.example@evil.example"} {
		h.call(Write, "POST", "/api/v1/incidents/INC-1/commands", `{"text":"link `+bad+`"}`).wants(t, 400, "invalid")
	}
}

// FuzzAPI asks the API anything: it answers with JSON and a status that its
// description has, keeps nothing half done, and shows no private incident.
func FuzzAPI(f *testing.F) {
	documented := map[int]bool{http.StatusNoContent: true} // OPTIONS
	for _, c := range classes {
		documented[c.Status] = c.Status != http.StatusInternalServerError
	}
	documented[http.StatusOK], documented[http.StatusCreated] = true, true
	for _, path := range []string{"incidents/INC-1", "incidents/INC-2", "incidents/INC-2/commands", "audit", "openapi.json", "x", "incidents/\x00", "incidents/INC-1\r\nX: y"} {
		f.Add(true, path, "", "", "")
	}
	for _, query := range []string{"limit=1&cursor=INC-2", "q=down&status=open&severity=1", "limit=99999999999999999999", "q=%ff%00", "a;b", "%zz"} {
		f.Add(true, "incidents", query, "", "")
	}
	f.Add(true, "incidents/INC-1/events", "after=1&limit=1", "", "")
	for _, body := range []string{openExample, `{"title":"<!channel>","type":"x y"}`, `{"title":"x","started":"0000-01-01T00:00:00+23:59"}`} {
		f.Add(false, "incidents", "", body, "key")
	}
	for _, body := range []string{commandExample, `{"text":"open x"}`, `{"text":"note at 0000-01-01T00:00:00+23:59 x"}`, `{"text":"show INC-2"}`, `{"text":"search keys"}`} {
		f.Add(false, "incidents/INC-1/commands", "", body, "")
	}
	f.Fuzz(func(t *testing.T, get bool, path, query, body, key string) {
		h := newHouse(t)
		h.open(Write, down)
		h.open(Admin, `{"title":"keys leaked","private":true}`)
		method := http.MethodPost
		if get {
			method = http.MethodGet
		}
		r := request(method, "/", body, "Authorization", "Bearer "+secrets[Write], "Idempotency-Key", key)
		r.URL = &url.URL{Path: "/api/v1/" + path, RawQuery: query}
		g := h.send(r)
		if g.StatusCode == http.StatusMovedPermanently || g.StatusCode == http.StatusTemporaryRedirect { // to the same path, tidied
			if to := g.Header.Get("Location"); !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") {
				t.Errorf("%q leads to %q", path, to)
			}
			return
		}
		var doc map[string]any
		if !documented[g.StatusCode] || json.Unmarshal([]byte(g.body), &doc) != nil || !utf8.ValidString(g.body) {
			t.Fatalf("%s %q?%q %q: %d %.300s\n%s", method, path, query, body, g.StatusCode, g.body, h.log)
		}
		if strings.Contains(g.body, "keys leaked") {
			t.Errorf("%s %q?%q %q tells of a private incident: %s", method, path, query, body, g.body)
		}
		if code, _ := doc["code"].(string); g.StatusCode >= 400 && (code == "" || doc["detail"] == "" || g.Header.Get("Content-Type") != "application/problem+json") {
			t.Errorf("%s %q: no problem: %s", method, path, g.body)
		}
		if rows, err := h.store.Unfinished(t.Context()); err != nil || len(rows) > 0 {
			t.Errorf("%d deliveries are left (%v)", len(rows), err)
		}
		if a := decode[AuditAnswer](t, h.call(Admin, "GET", "/api/v1/audit", "")); !a.OK {
			t.Errorf("the chain is broken: %s", a.Says)
		}
	})
}

// FuzzPages asks for any page, with a text of people on it: no HTML comes of
// either, and no answer but those of pages.
func FuzzPages(f *testing.F) {
	for i, s := range hostile {
		f.Add([]string{"/incidents", "/incidents/INC-1", "/x", "/incidents/" + s, s}[i%5], "q="+url.QueryEscape(s)+"&after=0", s)
	}
	f.Fuzz(func(t *testing.T, path, query, text string) {
		if strings.ContainsFunc(query, unicode.IsControl) || !strings.HasPrefix(path, "/") {
			return // net/http takes no such address
		}
		h := newHouse(t)
		title, err := json.Marshal(map[string]any{"title": "x" + string([]rune(text)[:min(len([]rune(text)), 50)]), "summary": text, "services": []string{"s"}})
		if err != nil {
			t.Fatal(err)
		}
		h.call(Write, "POST", "/api/v1/incidents", string(title))
		for _, at := range []url.URL{{Path: path, RawQuery: query}, {Path: "/incidents", RawQuery: query}, {Path: "/incidents/INC-1"}} {
			if strings.HasPrefix(at.Path, "/api/") {
				continue
			}
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr, r.Host, r.URL = "127.0.0.1:50000", "localhost:8080", &at
			g := h.send(r)
			switch g.StatusCode {
			case 200, 301, 303, 307, 400, 404:
			default:
				t.Errorf("%q: %d %.300s", at.String(), g.StatusCode, g.body)
			}
			if bad := unescaped(g.body); bad != "" || bytes.ContainsRune([]byte(g.body), 0) {
				t.Errorf("%q with %q: %q stands there unescaped", at.String(), text, bad)
			}
			if to := g.Header.Get("Location"); to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//")) {
				t.Errorf("%q leads to %q", at.String(), to)
			}
		}
	})
}
