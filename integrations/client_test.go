package integrations

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
)

// calls is what an observer was told.
type calls []string

func (c *calls) observe(integration, outcome string, _ time.Duration) {
	*c = append(*c, integration+" "+outcome)
}

// service is a server, a client of it, and what the client's observer and log were told.
func service(t *testing.T, r Reach, h http.HandlerFunc) (*Client, *calls, *bytes.Buffer) {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	told, log := &calls{}, &bytes.Buffer{}
	out := &Outbound{Observe: told.observe, Log: zerolog.New(log).Level(zerolog.DebugLevel)}
	t.Cleanup(out.Close)
	r.Integration = "x"
	if r.Base == "" {
		r.Base, r.Private = s.URL+"/v1", true
	}
	r.Base = strings.Replace(r.Base, "SERVER", strings.TrimPrefix(s.URL, "http://"), 1)
	c, err := out.Client(r)
	if err != nil {
		t.Fatal(err)
	}
	return c, told, log
}

func request(t *testing.T, method, url, body string) *http.Request {
	var r io.Reader
	if body != "" {
		r = strings.NewReader(body)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, url, r)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func TestOnlyTheConfiguredAddress(t *testing.T) {
	c, told, _ := service(t, Reach{}, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "here") })
	base := c.base.String()
	res, err := c.Do(request(t, "GET", base+"/models?x=1", ""))
	if err != nil {
		t.Fatal(err)
	}
	if body, _ := io.ReadAll(res.Body); string(body) != "here" {
		t.Errorf("%s", body)
	}
	host := c.base.Host
	for _, elsewhere := range []string{
		"http://example.com/v1", "https://" + host + "/v1", "http://u:p@" + host + "/v1", "http://" + host + "/", "http://" + host + "/v1x", "http://127.0.0.1.example.com/v1",
		"http://127.0.0.1:1/v1", "http://169.254.169.254/v1",
	} {
		if _, err := c.Do(request(t, "GET", elsewhere, "")); !errors.Is(err, ErrElsewhere) {
			t.Errorf("%s: %v", elsewhere, err)
		}
	}
	if want := "x ok x blocked"; !strings.HasPrefix(strings.Join(*told, " "), want) {
		t.Error(*told)
	}
}

// Whatever a name resolves to, the address is looked at when it is connected to.
func TestPrivateAddresses(t *testing.T) {
	reached := false
	for _, base := range []string{"http://SERVER/v1", "http://localhost:1/v1", "http://[::1]:1/v1", "http://[::ffff:127.0.0.1]:1/v1", "http://0x7f000001:1/v1", "http://2130706433:1/v1"} {
		c, _, _ := service(t, Reach{Base: base, Tries: 1}, func(http.ResponseWriter, *http.Request) { reached = true })
		_, err := c.Do(request(t, "GET", c.base.String()+"/x", ""))
		if err == nil || reached {
			t.Errorf("%s was called", base)
		}
		if !strings.Contains(base, "0x7f") && !strings.Contains(base, "2130") && !errors.Is(err, ErrPrivate) { // the resolver may not know those
			t.Errorf("%s: %v", base, err)
		}
	}
	c, _, _ := service(t, Reach{Base: "http://169.254.169.254/latest", Private: true, Tries: 1}, nil)
	if _, err := c.Do(request(t, "GET", "http://169.254.169.254/latest/meta-data", "")); !errors.Is(err, ErrMetadata) {
		t.Error(err)
	}
}

func TestNoRedirect(t *testing.T) {
	var n atomic.Int32
	c, _, _ := service(t, Reach{}, func(w http.ResponseWriter, r *http.Request) {
		n.Add(1)
		http.Redirect(w, r, "/v1/elsewhere", http.StatusTemporaryRedirect)
	})
	res, err := c.Do(request(t, "POST", c.base.String()+"/x", "secret"))
	if err != nil || res.StatusCode != http.StatusTemporaryRedirect || n.Load() != 1 {
		t.Error(res, err, n.Load())
	}
}

func TestNoProxyOfTheEnvironment(t *testing.T) {
	proxied := false
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { proxied = true }))
	defer proxy.Close()
	t.Setenv("HTTP_PROXY", proxy.URL)
	t.Setenv("http_proxy", proxy.URL)
	c, _, _ := service(t, Reach{Base: "http://models.example.invalid/v1", Tries: 1}, nil)
	if _, err := c.Do(request(t, "GET", "http://models.example.invalid/v1/x", "")); err == nil || proxied {
		t.Error("the proxy was asked", err)
	}
}

func TestBoundedAnswer(t *testing.T) {
	c, told, _ := service(t, Reach{Body: 1000}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/small" {
			fmt.Fprint(w, strings.Repeat("x", 1000))
			return
		}
		for range 1000 {
			if _, err := fmt.Fprint(w, strings.Repeat("x", 100_000)); err != nil {
				return
			}
		}
	})
	if res, err := c.Do(request(t, "GET", c.base.String()+"/small", "")); err != nil || res.StatusCode != 200 {
		t.Error(err)
	}
	_, err := c.Do(request(t, "GET", c.base.String()+"/large", ""))
	if !errors.Is(err, ErrTooLarge) || len(*told) != 2 || (*told)[1] != "x too large" {
		t.Error(err, *told)
	}
}

// Nothing of what was said stands in errors or in the log.
func TestSaysNothingOfTheCall(t *testing.T) {
	c, _, log := service(t, Reach{Tries: 1}, func(w http.ResponseWriter, _ *http.Request) {
		conn, _, _ := w.(http.Hijacker).Hijack()
		conn.Close()
	})
	req := request(t, "POST", c.base.String()+"/hook-in-path?key=in-query", "in-body")
	req.Header.Set("Authorization", "Bearer in-header")
	_, err := c.Do(req)
	var told *Trouble
	if !errors.As(err, &told) || told.Again.Verdict != Unknown || told.Integration != "x" {
		t.Errorf("%#v", err)
	}
	for _, word := range []string{"in-path", "in-query", "in-body", "in-header"} {
		if strings.Contains(log.String()+err.Error(), word) {
			t.Errorf("%s stands in %s %s", word, log, err)
		}
	}
	if !strings.Contains(log.String(), `"outcome":"network"`) {
		t.Error(log)
	}
}

// quick is a client that within a bubble speaks to a handler over pipes.
func quick(t *testing.T, r Reach, h http.HandlerFunc) (*Client, *calls) {
	network := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	s := &http.Server{Handler: h}
	done := make(chan struct{})
	go func() { defer close(done); _ = s.Serve(network) }()
	told := &calls{}
	out := &Outbound{Observe: told.observe, Dial: network.dial}
	r.Integration, r.Base = "x", "http://x.test"
	c, err := out.Client(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { out.Close(); s.Close(); <-done })
	return c, told
}

// pipes is a network in memory.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error   { close(p.closed); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }
func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	a, b := net.Pipe()
	select {
	case p.conns <- b:
		return a, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func TestTriesAgain(t *testing.T) {
	for _, c := range []struct {
		name, method string
		repeatable   bool
		statuses     []int // of the first answers; then 200
		after        string
		want         int // the status at last
		tries        int
		least, most  time.Duration
	}{
		{"ok", "POST", false, nil, "", 200, 1, 0, 0},
		{"too many, and when", "POST", false, []int{429}, "7", 200, 2, 7 * time.Second, 7 * time.Second},
		{"too many, for too long", "POST", false, []int{429}, "600", 429, 1, 0, 0},
		{"overloaded", "POST", false, []int{503, 503}, "", 200, 3, 1500 * time.Millisecond, 3 * time.Second},
		{"overloaded for good", "GET", false, []int{503, 503, 503, 503}, "", 503, 3, 1500 * time.Millisecond, 3 * time.Second},
		{"it may have happened", "POST", false, []int{500}, "", 500, 1, 0, 0},
		{"it may have happened, which does no harm", "POST", true, []int{500}, "", 200, 2, 500 * time.Millisecond, 1 * time.Second},
		{"a question may be asked twice", "GET", false, []int{502}, "", 200, 2, 500 * time.Millisecond, 1 * time.Second},
		{"refused", "GET", false, []int{403}, "1", 403, 1, 0, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			var got []string
			client, _ := quick(t, Reach{}, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				got = append(got, string(body))
				if n := len(got) - 1; n < len(c.statuses) {
					w.Header().Set("Retry-After", c.after)
					w.WriteHeader(c.statuses[n])
				}
			})
			req := request(t, c.method, "http://x.test/a", "body")
			if c.repeatable {
				req = req.WithContext(Repeatable(req.Context()))
			}
			began := time.Now()
			res, err := client.Do(req)
			took := time.Since(began)
			if err != nil || res.StatusCode != c.want || len(got) != c.tries || took < c.least || took > c.most {
				t.Errorf("%s: %v %v after %d tries in %s", c.name, res, err, len(got), took)
			}
			for _, body := range got {
				if body != "body" {
					t.Errorf("%s: one try said %q", c.name, body)
				}
			}
		})
	}
}

func TestTimeLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, told := quick(t, Reach{Timeout: 10 * time.Second, Headers: 4 * time.Second, Tries: 1}, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/dribble" {
				for r.Context().Err() == nil {
					fmt.Fprint(w, "x")
					_ = http.NewResponseController(w).Flush()
					time.Sleep(time.Second)
				}
			}
			<-r.Context().Done()
		})
		for path, limit := range map[string]time.Duration{"/silent": 4 * time.Second, "/dribble": 10 * time.Second} {
			began := time.Now()
			_, err := client.Do(request(t, "GET", "http://x.test"+path, ""))
			if took := time.Since(began); err == nil || took != limit {
				t.Errorf("%s ended after %s: %v", path, took, err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := client.Do(request(t, "GET", "http://x.test/silent", "").WithContext(ctx)); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		for _, how := range *told {
			if how != "x timeout" {
				t.Error(*told)
			}
		}
	})
}

// A system that fails and fails is left in peace, asked once in a while, and used again when it works.
func TestBreaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken, asked := true, 0
		client, told := quick(t, Reach{Tries: 1}, func(w http.ResponseWriter, _ *http.Request) {
			if asked++; broken {
				w.WriteHeader(http.StatusInternalServerError)
			}
		})
		ask := func() error {
			_, err := client.Do(request(t, "GET", "http://x.test/a", ""))
			return err
		}
		for range opensAfter {
			if err := ask(); err != nil {
				t.Fatal(err)
			}
		}
		err := ask()
		var open *Trouble
		if !errors.As(err, &open) || !errors.Is(err, ErrOpen) || open.Again != (Again{Later, opensFor}) || asked != opensAfter {
			t.Fatalf("%v after %d calls", err, asked)
		}
		time.Sleep(opensFor)
		if err := ask(); err != nil || asked != opensAfter+1 { // half open, and broken still
			t.Fatal(err, asked)
		}
		if err := ask(); !errors.Is(err, ErrOpen) {
			t.Fatal(err)
		}
		time.Sleep(opensFor)
		broken = false
		for range 3 {
			if err := ask(); err != nil {
				t.Fatal(err)
			}
		}
		if asked != opensAfter+4 || (*told)[opensAfter] != "x open" {
			t.Error(asked, *told)
		}
	})
}

// While one call tries whether it works again, others are not made.
func TestHalfOpen(t *testing.T) {
	b := breaker{failures: 1, pause: time.Second}
	b.pass(noon)
	b.tell(false, true, noon)
	later := noon.Add(time.Second)
	if _, ok := b.pass(later); !ok {
		t.Fatal("nothing may try")
	}
	if _, ok := b.pass(later); ok {
		t.Error("two may try")
	}
	b.tell(false, false, later) // it was ended by us, and says nothing
	if _, ok := b.pass(later); !ok {
		t.Error("nothing may try any more")
	}
	b.tell(true, false, later)
	if _, ok := b.pass(later); !ok || b.row != 0 {
		t.Error("it is not closed")
	}
}

func TestClientWantsAURL(t *testing.T) {
	for _, base := range []string{"", "x", "ftp://x", "http://", "://"} {
		if _, err := new(Outbound).Client(Reach{Integration: "x", Base: base}); err == nil {
			t.Errorf("%q is taken", base)
		}
	}
}
