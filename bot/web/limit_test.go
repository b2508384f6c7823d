package web

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

func TestLimiter(t *testing.T) {
	l, now := newLimiter(Limit{PerSecond: 2, Burst: 3}), noon
	for i, c := range []struct {
		key   string
		after time.Duration
		wait  time.Duration
	}{
		{"a", 0, 0}, {"a", 0, 0}, {"a", 0, 0}, {"a", 0, 500 * time.Millisecond}, {"b", 0, 0},
		{"a", 250 * time.Millisecond, 250 * time.Millisecond}, {"a", 250 * time.Millisecond, 0}, {"a", 0, 500 * time.Millisecond},
		{"a", -time.Hour, 500 * time.Millisecond}, {"a", 2 * time.Hour, 0}, {"a", 0, 0}, {"a", 0, 0}, {"a", 0, 500 * time.Millisecond},
	} {
		now = now.Add(c.after)
		if wait := l.take(c.key, now); wait != c.wait {
			t.Errorf("%d: wait %v, want %v", i, wait, c.wait)
		}
	}
}

func TestALimiterForgets(t *testing.T) {
	l := newLimiter(Limit{PerSecond: 1, Burst: 1})
	for i := range mostBuckets {
		l.take(fmt.Sprint(i), noon)
	}
	l.take("one", noon.Add(time.Hour))
	if len(l.buckets) != 1 {
		t.Errorf("%d are kept that are full again", len(l.buckets)-1)
	}
	for i := range 2*mostBuckets + 5 {
		l.take(fmt.Sprint(i), noon.Add(time.Hour))
	}
	if len(l.buckets) > mostBuckets {
		t.Errorf("%d are kept", len(l.buckets))
	}
}

func TestWhereARequestComesFrom(t *testing.T) {
	for _, c := range []struct {
		remote, forwarded string
		proxy             bool
		want              string
	}{
		{"192.0.2.7:4711", "", false, "192.0.2.7"}, {"[::ffff:192.0.2.7]:1", "", false, "192.0.2.7"},
		{"[2001:db8:1:2:3:4:5:6]:1", "", false, "2001:db8:1:2::/64"}, {"[fe80::1%eth0]:1", "", false, "fe80::/64"},
		{"192.0.2.7:4711", "198.51.100.9", false, "192.0.2.7"}, // nobody stands in front: it is made up
		{"10.0.0.1:80", "198.51.100.9", true, "198.51.100.9"}, {"10.0.0.1:80", "203.0.113.5, 198.51.100.9", true, "198.51.100.9"},
		{"10.0.0.1:80", "198.51.100.9:3000", true, "198.51.100.9"}, {"10.0.0.1:80", "[2001:db8::9]", true, "2001:db8::/64"},
		{"10.0.0.1:80", "", true, "10.0.0.1"}, {"10.0.0.1:80", "unknown", true, "elsewhere"}, {"@", "", false, "elsewhere"},
	} {
		r := request("GET", "/", "")
		r.RemoteAddr = c.remote
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := newHouse(t, func(o *Options) { o.BehindProxy = c.proxy }).site.from(r); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

func TestSigningInTooOften(t *testing.T) {
	c := newCrowd()
	h, later := clocked(t, c, withIDP(newIDP(t)), func(o *Options) { o.Demo = []string{"alice"} })
	for name, try := range map[string]func(b *browser) got{
		"with the provider":   func(b *browser) got { return b.get("/sign-in/start") },
		"coming back":         func(b *browser) got { return b.get(CallbackPath + "?state=x&code=y") },
		"with a link":         func(b *browser) got { return b.get("/sign-in/link/x") },
		"pressing its button": func(b *browser) got { return b.post("/sign-in/link/x", nil) },
		"in a demo":           func(b *browser) got { return b.post("/sign-in/demo", nil) },
	} {
		later(time.Hour)
		b, other := h.browser(), h.browser()
		if name != "in a demo" {
			b.remote = "192.0.2.7:4711"
		}
		other.remote, other.host = "192.0.2.8:4711", "fires.example.com:8080"
		var last got
		for range int(tryLimit.Burst) + 1 {
			last = try(b)
		}
		if last.StatusCode != http.StatusTooManyRequests || last.Header.Get("Retry-After") == "" {
			t.Errorf("%s: %d %v", name, last.StatusCode, last.Header)
		}
		last.shows(t, "very often")
		if g := try(other); g.StatusCode == http.StatusTooManyRequests {
			t.Errorf("%s: somebody else has to wait too", name)
		}
		later(3 * time.Second)
		if g := try(b); g.StatusCode == http.StatusTooManyRequests {
			t.Errorf("%s: after a while: %d", name, g.StatusCode)
		}
	}
}

func TestCallingTooOften(t *testing.T) {
	h, later := clocked(t, newCrowd())
	wrong := func() got { return h.send(outsider("GET", "/api/v1/incidents", "", "Authorization", "Bearer wrong")) }
	for range int(wrongOnes.Burst) {
		wrong().wants(t, 401, "unauthorized")
	}
	g := wrong()
	g.wants(t, 429, "too_many_requests")
	if g.Header.Get("Retry-After") != "1" {
		t.Errorf("%v", g.Header)
	}
	h.send(outsider("GET", "/api/v1/incidents", "")).wants(t, 429, "too_many_requests")
	h.send(outsider("GET", "/api/v1/incidents", "", "Authorization", "Bearer "+secrets[Read])).wants(t, 200, "")
	later(time.Second)
	wrong().wants(t, 401, "unauthorized")

	h.site.calls = newLimiter(Limit{PerSecond: 1, Burst: 5})
	for range 5 {
		h.call(Read, "GET", "/api/v1/incidents", "").wants(t, 200, "")
	}
	h.call(Read, "GET", "/api/v1/incidents", "").wants(t, 429, "too_many_requests")
	h.call(Admin, "GET", "/api/v1/incidents", "").wants(t, 200, "")
	h.call(Nobody, "GET", "/api/v1/openapi.json", "").wants(t, 200, "")
	later(time.Second)
	h.call(Read, "GET", "/api/v1/incidents", "").wants(t, 200, "")
}
