package slacksim

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestOtherSitesCannotUseTheWorkspace sends what a browser would send for a page of another site.
func TestOtherSitesCannotUseTheWorkspace(t *testing.T) {
	s, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	s.SetBaseURL(server.URL)
	own := strings.TrimPrefix(server.URL, "http://")
	message := `{"user":"alice","channel":"#general","text":"hello"}`
	for name, tt := range map[string]struct {
		method, path, host string
		headers            []string
		status             int
	}{
		"a program":                        {"POST", "/sim/message", own, nil, 200},
		"its own page":                     {"POST", "/sim/message", own, []string{"Sec-Fetch-Site", "same-origin", "Origin", server.URL}, 200},
		"its own page in an old browser":   {"POST", "/sim/message", own, []string{"Origin", server.URL}, 200},
		"localhost":                        {"GET", "/sim/state", "localhost:8081", nil, 200},
		"a name below localhost":           {"GET", "/sim/state", "work.localhost", nil, 200},
		"the machine's name":               {"GET", "/sim/state", "mymachine:8081", nil, 200},
		"IPv6":                             {"GET", "/sim/state", "[::1]:8081", nil, 200},
		"a form of another site":           {"POST", "/sim/message", own, []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example", "Content-Type", "text/plain"}, 403},
		"a form in an old browser":         {"POST", "/sim/message", own, []string{"Origin", "https://evil.example"}, 403},
		"a sandboxed frame":                {"POST", "/sim/message", own, []string{"Origin", "null"}, 403},
		"another port of this machine":     {"POST", "/sim/message", own, []string{"Sec-Fetch-Site", "same-site", "Origin", "http://127.0.0.1:1"}, 403},
		"a slash command":                  {"POST", "/sim/slash", own, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		"the Web API with the known token": {"POST", "/api/chat.postMessage", own, []string{"Sec-Fetch-Site", "cross-site", "Content-Type", "application/x-www-form-urlencoded"}, 403},
		"faults":                           {"DELETE", "/sim/faults", own, []string{"Origin", "https://evil.example"}, 403},
		"a name pointed at this machine":   {"GET", "/sim/state", "evil.example:8081", nil, 403},
		"the same, with the page":          {"GET", "/", "evil.example", nil, 403},
		"the same, acting":                 {"POST", "/sim/message", "evil.example", []string{"Sec-Fetch-Site", "same-origin", "Origin", "http://evil.example"}, 403},
		"a name that begins like ours":     {"GET", "/sim/state", "localhost.evil.example", nil, 403},
		"an address of another machine":    {"GET", "/sim/state", "192.0.2.7", nil, 403},
	} {
		req, err := http.NewRequestWithContext(t.Context(), tt.method, server.URL+tt.path, strings.NewReader(message))
		if err != nil {
			t.Fatal(err)
		}
		req.Host = tt.host
		for i := 0; i+1 < len(tt.headers); i += 2 {
			req.Header.Set(tt.headers[i], tt.headers[i+1])
		}
		resp, err := server.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != tt.status || tt.status == 403 && strings.Contains(string(body), "alice") {
			t.Errorf("%s: %d %.200s", name, resp.StatusCode, body)
		}
		if resp.Header.Get("Access-Control-Allow-Origin") != "" || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: headers %v", name, resp.Header)
		}
	}
}

// TestElsewhereTheWorkspaceHasAnyName: in a container it is reached by the container's.
func TestElsewhereTheWorkspaceHasAnyName(t *testing.T) {
	s, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.SetBaseURL("http://work.example:8081")
	r := httptest.NewRequestWithContext(t.Context(), "GET", "http://simulator.internal:8081/sim/state", nil) // of no listener
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	if w.Code != 200 || !s.known("work.example") || s.known("evil.example") {
		t.Errorf("%d %.100s", w.Code, w.Body)
	}
}
