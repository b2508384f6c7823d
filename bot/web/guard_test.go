package web

import (
	"html"
	"strings"
	"testing"
)

func TestWhoSeesPages(t *testing.T) {
	h := newHouse(t)
	h.open(Write, `{"title":"checkout is down"}`)
	for _, c := range []struct {
		remote, host string
		why          string // empty: they see them
	}{
		{"127.0.0.1:5000", "localhost:8080", ""},
		{"127.0.0.1:5000", "LOCALHOST", ""},
		{"127.0.0.1:5000", "localhost.", ""},
		{"127.8.9.1:5000", "127.0.0.1:8080", ""},
		{"[::1]:5000", "[::1]:8080", ""},
		{"[::1]:5000", "[::1]", ""},
		{"[::ffff:127.0.0.1]:5000", "fireboss.localhost:8080", ""},
		{"127.0.0.1:5000", "fires.example.com:8080", ""},
		{"127.0.0.1:5000", "Fires.Example.com", ""},
		{"192.0.2.7:5000", "localhost:8080", shutElsewhere},
		{"192.0.2.7:5000", "fires.example.com", shutElsewhere},
		{"[2001:db8::1]:5000", "[::1]:8080", shutElsewhere},
		{"0.0.0.0:1", "localhost", shutElsewhere},
		{"", "localhost", shutElsewhere},
		{"@", "localhost", shutElsewhere},
		{"127.0.0.1:5000", "evil.example.net:8080", shutName},
		{"127.0.0.1:5000", "localhost.evil.example.net", shutName},
		{"127.0.0.1:5000", "notlocalhost", shutName},
		{"127.0.0.1:5000", "192.0.2.7:8080", shutName},
		{"127.0.0.1:5000", "0.0.0.0:8080", shutName},
		{"127.0.0.1:5000", "", shutName},
	} {
		for _, path := range []string{"/", "/incidents", "/incidents/INC-1", "/incidents/INC-77", "/nothing"} {
			r := request("GET", path, "")
			r.RemoteAddr, r.Host = c.remote, c.host
			g := h.send(r)
			if shut := g.StatusCode == 403; shut != (c.why != "") {
				t.Errorf("%s as %q from %q: %d", path, c.host, c.remote, g.StatusCode)
			}
			if c.why != "" && (!strings.Contains(html.UnescapeString(g.body), c.why) || strings.Contains(g.body, "checkout")) {
				t.Errorf("%s as %q from %q does not say why", path, c.host, c.remote)
			}
		}
	}
}

func TestPagesStayShutBehindAProxy(t *testing.T) {
	h := newHouse(t)
	for _, header := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via", "True-Client-IP"} {
		if g := h.send(request("GET", "/incidents", "", header, "192.0.2.7")); g.StatusCode != 403 || !strings.Contains(g.body, shutProxy) {
			t.Errorf("with %s: %d", header, g.StatusCode)
		}
	}
	behind := newHouse(t, func(o *Options) { o.BehindProxy = true })
	if g := behind.page("/incidents"); g.StatusCode != 403 || !strings.Contains(g.body, shutProxy) {
		t.Errorf("behind_proxy: %d", g.StatusCode)
	}
	behind.call(Read, "GET", "/api/v1/incidents", "", "X-Forwarded-For", "192.0.2.7").wants(t, 200, "")
}

func TestAnUnreadablePublicURLOpensNothing(t *testing.T) {
	for _, u := range []string{"", "::", "http://"} {
		h := newHouse(t, func(o *Options) { o.PublicURL = u })
		r := request("GET", "/incidents", "")
		r.Host = "evil.example.net"
		if g := h.send(r); g.StatusCode != 403 {
			t.Errorf("public_url %q: %d", u, g.StatusCode)
		}
	}
}
