package integrations

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"crypto/hmac"
	"crypto/sha256"

	"github.com/rs/zerolog"

	"fireboss/incidents/alerts"
)

func secretOf(s string) (secret Secret) {
	secret.SetSecret(s, "")
	return secret
}

// kept is what a door has kept, and what it has logged.
type kept struct {
	Door
	requests []Request
	sources  []string
	told     []string
	log      strings.Builder
	fails    error
	busy     error
}

func newKept() *kept {
	k := &kept{}
	nothing := func(Request) (alerts.Report, error) { return alerts.Report{Nothing: "x"}, nil }
	signed := Signature{Secrets: []Secret{secretOf("new-secret"), secretOf("old-secret")}}
	k.Door = Door{
		Sources: map[string]*Source{
			"keyed":  {Keys: []Secret{secretOf("old-key-1"), secretOf("new-key-2")}, Headers: []string{"X-Event"}, Read: nothing},
			"signed": {Verify: func(r Request) error { return signed.Verify(r.Body, r.Header.Get("X-Signature")) }, Read: nothing, Limit: 100},
			"unsure": {Verify: func(Request) error { return fmt.Errorf("no certificate: %w", ErrUnsure) }, Read: nothing},
		},
		Keep: func(_ context.Context, source string, r Request) error {
			if k.fails == nil {
				k.sources, k.requests = append(k.sources, source), append(k.requests, r)
			}
			return k.fails
		},
		Ready: func() error { return k.busy },
		Told:  func(source, outcome string) { k.told = append(k.told, source+" "+outcome) },
		Now:   func() time.Time { return time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC) },
		Log:   zerolog.New(&k.log),
	}
	return k
}

// sends sends a body to a path, with headers as "Name: value".
func (k *kept) sends(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	k.ServeHTTP(w, r)
	return w
}

func codeOf(secret, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	return hex.EncodeToString(mac.Sum(nil))
}

func TestTheDoor(t *testing.T) {
	const good = `{"a":1}`
	for _, c := range []struct {
		name, method, path, body string
		headers                  []string
		status                   int
		told                     string
	}{
		{"a key", "POST", "/hooks/keyed", good, []string{"Authorization: Bearer new-key-2"}, 200, "keyed kept"},
		{"a key, as some write it", "POST", "/hooks/keyed", good, []string{"Authorization: bearer new-key-2"}, 200, "keyed kept"},
		{"a key, and nothing before it", "POST", "/hooks/keyed", good, []string{"Authorization: new-key-2"}, 200, "keyed kept"},
		{"a key of another scheme", "POST", "/hooks/keyed", good, []string{"Authorization: Token new-key-2"}, 401, "keyed forged"},
		{"the key from before", "POST", "/hooks/keyed", good, []string{"Authorization: Bearer old-key-1"}, 200, "keyed kept"},
		{"as a password", "POST", "/hooks/keyed", good, []string{"Authorization: Basic dXNlcjpuZXcta2V5LTI="}, 200, "keyed kept"},
		{"in the path", "POST", "/hooks/keyed/new-key-2", good, nil, 200, "keyed kept"},
		{"in the path, with more behind", "POST", "/hooks/keyed/new-key-2/api/v2/alerts", good, nil, 200, "keyed kept"},
		{"no key", "POST", "/hooks/keyed", good, nil, 401, "keyed forged"},
		{"an empty one", "POST", "/hooks/keyed", good, []string{"Authorization: Bearer "}, 401, "keyed forged"},
		{"a wrong one", "POST", "/hooks/keyed", good, []string{"Authorization: Bearer new-key-3"}, 401, "keyed forged"},
		{"a part of it", "POST", "/hooks/keyed/new-key", good, nil, 401, "keyed forged"},
		{"another's", "POST", "/hooks/signed/new-key-2", good, nil, 401, "signed forged"},
		{"signed", "POST", "/hooks/signed", good, []string{"X-Signature: " + codeOf("new-secret", good)}, 200, "signed kept"},
		{"signed by the secret from before", "POST", "/hooks/signed", good, []string{"X-Signature: " + codeOf("old-secret", good)}, 200, "signed kept"},
		{"signed, and changed", "POST", "/hooks/signed", good + " ", []string{"X-Signature: " + codeOf("new-secret", good)}, 401, "signed forged"},
		{"not signed", "POST", "/hooks/signed", good, nil, 401, "signed forged"},
		{"not to be told now", "POST", "/hooks/unsure", good, nil, 503, "unsure busy"},
		{"unknown", "POST", "/hooks/nobody", good, nil, 404, " unknown"},
		{"nothing", "POST", "/hooks/", good, nil, 404, " unknown"},
		{"a key without a name", "POST", "/hooks/new-key-2", good, nil, 404, " unknown"},
		{"a look", "GET", "/hooks/keyed/new-key-2", "", nil, 405, "keyed unreadable"},
		{"no JSON", "POST", "/hooks/keyed/new-key-2", "hello", nil, 400, "keyed unreadable"},
		{"empty", "POST", "/hooks/keyed/new-key-2", "", nil, 400, "keyed unreadable"},
		{"cut off", "POST", "/hooks/keyed/new-key-2", `{"a":`, nil, 400, "keyed unreadable"},
		{"ten thousand deep", "POST", "/hooks/keyed/new-key-2", strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000), nil, 400, "keyed unreadable"},
		{"a form", "POST", "/hooks/keyed/new-key-2", "payload=%7B%7D", []string{"Content-Type: application/x-www-form-urlencoded"}, 400, "keyed unreadable"},
		{"compressed", "POST", "/hooks/keyed/new-key-2", good, []string{"Content-Encoding: gzip"}, 415, "keyed unreadable"},
		{"larger than it may be", "POST", "/hooks/signed", `"` + strings.Repeat("x", 100) + `"`, nil, 413, "signed too large"},
		{"of the default limit and more", "POST", "/hooks/keyed/new-key-2", `"` + strings.Repeat("x", DefaultLimit) + `"`, nil, 413, "keyed too large"},
	} {
		k := newKept()
		w := k.sends(c.method, c.path, c.body, c.headers...)
		if w.Code != c.status || len(k.told) != 1 || k.told[0] != c.told || (len(k.requests) == 1) != (c.status == 200) {
			t.Errorf("%s: %d, told %q, %d kept", c.name, w.Code, k.told, len(k.requests))
		}
		if held := k.held.Load(); held != 0 {
			t.Errorf("%s: %d bytes are held", c.name, held)
		}
		if c.status == 503 && w.Header().Get("Retry-After") == "" {
			t.Errorf("%s: it does not say when to come back", c.name)
		}
		for _, secret := range []string{"new-key-2", "old-key-1", "new-secret"} {
			if strings.Contains(k.log.String()+w.Body.String(), secret) {
				t.Errorf("%s: %q is in the log or the answer: %s %s", c.name, secret, k.log.String(), w.Body)
			}
		}
	}
}

// Where nothing is configured the log says what was looked for there, tidied and cut.
func TestAnUnknownAddressIsInTheLog(t *testing.T) {
	for path, want := range map[string]string{
		"/hooks/promethues/key-of-theirs": `"path":"/hooks/promethues"`, "/hooks/": `"path":"/hooks/"`, "/hooks/a%0A%1Bb": `"path":"/hooks/a b"`,
		"/hooks/" + strings.Repeat("x", 5000): `"path":"/hooks/` + strings.Repeat("x", 59) + `…"`,
	} {
		k := newKept()
		k.sends("POST", path, "{}")
		if got := k.log.String(); !strings.Contains(got, want) || strings.Contains(got, "theirs") {
			t.Errorf("%.40q is logged as %.200s", path, got)
		}
	}
}

// What is kept is what came: the body to the byte, the path without the key, and only the headers that are read.
func TestWhatIsKept(t *testing.T) {
	k := newKept()
	body := "{\"a\": \"\\u00e9\",\n \"b\":9007199254740993}"
	k.sends("POST", "/hooks/keyed/new-key-2/api/v2/alerts", body, "X-Event: one", "X-Event: two", "Cookie: x", "Authorization: Bearer old-key-1")
	if len(k.requests) != 1 {
		t.Fatal(k.told)
	}
	raw, err := k.requests[0].Pack()
	if err != nil {
		t.Fatal(err)
	}
	r, err := Unpack(raw, k.requests[0].At)
	if err != nil || string(r.Body) != body || r.Path != "/api/v2/alerts" || len(r.Header) != 1 || len(r.Header.Values("X-Event")) != 2 || !r.At.Equal(k.Now()) {
		t.Errorf("%v: %+v", err, r)
	}
	for cut := range len(raw) - len(body) {
		if _, err := Unpack(raw[:cut], r.At); err == nil {
			t.Errorf("of %d bytes a delivery was made", cut)
		}
	}
}

// What cannot be kept is to be sent again: senders drop what is answered 4xx.
func TestTheDoorIsShut(t *testing.T) {
	for name, set := range map[string]func(*kept){"busy": func(k *kept) { k.busy = errors.New("starting") }, "full": func(k *kept) { k.fails = errors.New("disk full") }} {
		k := newKept()
		set(k)
		if w := k.sends("POST", "/hooks/keyed/new-key-2", "{}"); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") != "5" || k.told[0] != "keyed busy" || strings.Contains(w.Body.String(), "disk full") {
			t.Errorf("%s: %d %v %s", name, w.Code, k.told, w.Body)
		}
	}
}

// neverEnds is a body without an end.
type neverEnds struct{}

func (neverEnds) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// Whatever lengths strangers say and however much they send at once, no more than so much of it is held.
func TestWhatIsHeldIsBounded(t *testing.T) {
	k := newKept()
	k.Sources["signed"].Limit = 100 << 20
	k.held.Store(mostHeld)
	long := `"` + strings.Repeat("x", 1<<20) + `"`
	if w := k.sends("POST", "/hooks/signed", long); w.Code != http.StatusServiceUnavailable || k.told[0] != "signed busy" || k.held.Load() != mostHeld {
		t.Errorf("where there is no room a large one is answered %d, %d bytes are held", w.Code, k.held.Load()-mostHeld)
	}
	if w := k.sends("POST", "/hooks/keyed/new-key-2", "{}"); w.Code != http.StatusOK {
		t.Errorf("where there is no room a small one is answered %d", w.Code)
	}
	k.held.Store(0)
	if w := k.sends("POST", "/hooks/signed", long, "X-Signature: "+codeOf("old-secret", long)); w.Code != http.StatusOK || string(k.requests[1].Body) != long || k.held.Load() != 0 {
		t.Errorf("where there is room it is answered %d, %d bytes are held", w.Code, k.held.Load())
	}
	endless := httptest.NewRequest(http.MethodPost, "/hooks/keyed/new-key-2", neverEnds{})
	endless.ContentLength = -1
	body, no := k.body(httptest.NewRecorder(), endless, k.Sources["keyed"])
	if no == nil || no.status != http.StatusRequestEntityTooLarge || cap(body) > 4*DefaultLimit {
		t.Errorf("what does not end is refused by %+v, after %d bytes", no, cap(body))
	}
	r := httptest.NewRequest(http.MethodPost, "/hooks/signed", strings.NewReader("x"))
	r.ContentLength = 90 << 20 // a lie
	body, _ = k.body(httptest.NewRecorder(), r, k.Sources["signed"])
	if cap(body) > 32<<10 {
		t.Errorf("%d bytes are held for what somebody only says", cap(body))
	}
}

func TestRecent(t *testing.T) {
	came := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	for ago, ok := range map[time.Duration]bool{0: true, 5 * time.Minute: true, -5 * time.Minute: true, 5*time.Minute + 1: false, -6 * time.Minute: false} {
		if err := Recent(came.Add(-ago), came, 5*time.Minute); (err == nil) != ok {
			t.Errorf("signed %s before: %v", ago, err)
		}
	}
}

func FuzzUnpack(f *testing.F) {
	raw, _ := Request{Path: "/x", Header: http.Header{"A": {"b"}}, Body: []byte("{}")}.Pack()
	f.Add(raw)
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := Unpack(raw, time.Time{})
		if err != nil {
			return
		}
		again, err := r.Pack()
		if err != nil {
			t.Fatal(err)
		}
		if back, err := Unpack(again, time.Time{}); err != nil || !bytes.Equal(back.Body, r.Body) || back.Path != r.Path {
			t.Errorf("%v: %+v became %+v", err, r, back)
		}
	})
}
