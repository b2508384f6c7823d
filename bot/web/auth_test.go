package web

import (
	"strings"
	"testing"
)

// TestScopes walks every route with every token.
func TestScopes(t *testing.T) {
	h := newHouse(t)
	h.open(Admin, `{"title":"checkout is down"}`)
	for _, r := range h.site.api() {
		path := strings.ReplaceAll(r.Path, "{id}", "INC-1")
		for _, s := range []Scope{Nobody, Read, Write, Admin} {
			g := h.call(s, r.Method, path, `{"text":"note it works","title":"x"}`)
			switch {
			case r.Needs != Nobody && s == Nobody:
				g.wants(t, 401, "unauthorized")
				if g.Header.Get("WWW-Authenticate") != `Bearer realm="fireboss"` {
					t.Errorf("%s %s: no WWW-Authenticate", r.Method, path)
				}
			case !s.allows(r.Needs):
				g.wants(t, 403, "forbidden")
			case g.StatusCode == 401 || g.StatusCode == 403:
				t.Errorf("%s %s refuses a %s token: %s", r.Method, path, s, g.body)
			}
		}
	}
}

func TestWhoHasNoToken(t *testing.T) {
	h := newHouse(t)
	for _, auth := range []string{"", "Bearer", "Bearer ", "Bearer   ", "Bearer wrong", "Bearer read-secre", "Bearer read-secrett", "Basic read-secret", "read-secret", "Bearer empty"} {
		r := request("GET", "/api/v1/incidents", "")
		if auth != "" {
			r.Header.Set("Authorization", auth)
		}
		h.send(r).wants(t, 401, "unauthorized")
	}
	h.send(request("GET", "/api/v1/incidents", "", "Authorization", "bearer read-secret")).wants(t, 200, "")
}

func TestNoTokensAtAll(t *testing.T) {
	h := newHouse(t, func(o *Options) { o.Tokens = []Token{{"empty", "", Admin}} })
	h.send(request("GET", "/api/v1/incidents", "", "Authorization", "Bearer ")).wants(t, 401, "unauthorized")
	h.send(request("GET", "/api/v1/incidents", "", "Authorization", "Bearer x")).wants(t, 401, "unauthorized")
}

func TestUnknownRoutesAndMethods(t *testing.T) {
	h := newHouse(t)
	h.call(Admin, "GET", "/api/v1/nothing", "").wants(t, 404, "not_found")
	h.call(Nobody, "GET", "/api/", "").wants(t, 404, "not_found")
	g := h.call(Admin, "DELETE", "/api/v1/incidents", "")
	g.wants(t, 405, "method_not_allowed")
	if got := g.Header.Get("Allow"); got != "GET, HEAD, OPTIONS, POST" {
		t.Errorf("Allow is %q", got)
	}
	h.call(Admin, "OPTIONS", "/api/v1/incidents", "").wants(t, 204, "")
	h.call(Admin, "HEAD", "/api/v1/incidents", "").wants(t, 200, "")
}
