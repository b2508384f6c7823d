package integrations

import (
	"bufio"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"
)

// say writes to whoever reads a stream.
func say(w http.ResponseWriter, text string) {
	fmt.Fprintln(w, text)
	w.(http.Flusher).Flush()
}

func TestStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := quick(t, Reach{Timeout: 5 * time.Second, Body: 10}, func(w http.ResponseWriter, r *http.Request) {
			for _, pause := range []time.Duration{0, 20, 30, 29, 31} { // longer than a call may take, in all
				select {
				case <-time.After(pause * time.Second):
					say(w, fmt.Sprintf("after %d", pause))
				case <-r.Context().Done():
					return
				}
			}
		})
		began := time.Now()
		res, err := c.Stream(request(t, "GET", "http://x.test/a", ""), 30500*time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		var got []string
		lines := bufio.NewScanner(res.Body)
		for lines.Scan() {
			got = append(got, lines.Text())
		}
		var trouble *Trouble
		if took := time.Since(began); len(got) != 4 || !errors.As(lines.Err(), &trouble) || !errors.Is(trouble, ErrSilent) || trouble.Outcome != "timeout" || took != 109500*time.Millisecond {
			t.Errorf("%v %v after %s", got, lines.Err(), took)
		}
	})
}

func TestStreamThatDoesNotBegin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, told := quick(t, Reach{Timeout: 5 * time.Second}, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		began := time.Now()
		res, err := c.Stream(request(t, "GET", "http://x.test/a", ""), time.Hour)
		if c.breaker.row != 1 {
			t.Error("it does not count as a failure")
		}
		if res != nil || !errors.Is(err, ErrSilent) || time.Since(began) != 5*time.Second || (*told)[0] != "x timeout" {
			t.Errorf("%v %v after %s", res, err, time.Since(began))
		}
	})
}

func TestStreamEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gone := make(chan struct{}, 2)
		c, _ := quick(t, Reach{}, func(w http.ResponseWriter, r *http.Request) {
			say(w, "a")
			<-r.Context().Done()
			gone <- struct{}{}
		})
		ctx, cancel := context.WithCancel(t.Context())
		for _, end := range []func(*http.Response){func(res *http.Response) { res.Body.Close() }, func(*http.Response) { cancel() }} {
			res, err := c.Stream(request(t, "GET", "http://x.test/a", "").WithContext(ctx), time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			end(res)
			<-gone
			if _, err := res.Body.Read(make([]byte, 10)); err == nil {
				_, err = res.Body.Read(make([]byte, 10))
				if err == nil {
					t.Error("it can be read after its end")
				}
			}
			res.Body.Close()
		}
	})
}

// What is refused is a whole answer, within its bounds, and is asked for once.
func TestStreamRefused(t *testing.T) {
	for _, c := range []struct {
		status int
		text   string
		want   error
	}{{403, "no", nil}, {410, "gone", nil}, {500, "broken", nil}, {404, "much too long", ErrTooLarge}} {
		synctest.Test(t, func(t *testing.T) {
			n := 0
			client, _ := quick(t, Reach{Body: 8}, func(w http.ResponseWriter, _ *http.Request) {
				n++
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.text)
			})
			res, err := client.Stream(request(t, "GET", "http://x.test/a", ""), time.Hour)
			if !errors.Is(err, c.want) || err == nil && res.StatusCode != c.status || n != 1 {
				t.Errorf("%d: %v %v after %d", c.status, res, err, n)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		client, _ := quick(t, Reach{}, nil)
		if _, err := client.Stream(request(t, "GET", "http://elsewhere.test/a", ""), time.Hour); !errors.Is(err, ErrElsewhere) {
			t.Error(err)
		}
	})
}

// A system with an authority of its own is known by that.
func TestAuthorities(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "here") }))
	defer s.Close()
	own := x509.NewCertPool()
	own.AddCert(s.Certificate())
	for _, c := range []struct {
		pool *x509.CertPool
		ok   bool
	}{{own, true}, {nil, false}, {x509.NewCertPool(), false}} {
		out := &Outbound{}
		client, err := out.Client(Reach{Integration: "x", Base: s.URL, Private: true, Tries: 1, Authorities: c.pool})
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.Do(request(t, "GET", s.URL+"/a", ""))
		if (err == nil) != c.ok {
			t.Errorf("%v: %v %v", c.ok, res, err)
		}
		out.Close()
	}
}
