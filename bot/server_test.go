package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fireboss/bot/slacksim"
)

// pipes is a listener whose connections hold nothing: who does not read makes
// the other side wait, as a full socket does.
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
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080} }

// served runs a test against a server of ours, in virtual time.
func served(t *testing.T, h http.Handler, test func(t *testing.T, dial func() net.Conn)) {
	t.Helper()
	line := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	server, done := newServer(h), make(chan struct{})
	go func() {
		defer close(done)
		if err := server.Serve(line); !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	}()
	test(t, func() net.Conn {
		ours, theirs := net.Pipe()
		line.conns <- theirs
		return ours
	})
	server.Close()
	<-done
}

// dribble writes a byte every few seconds until the other side has had enough,
// and answers after how long that was.
func dribble(c net.Conn, begin, more string) time.Duration {
	start := time.Now()
	go func() { _, _ = io.Copy(io.Discard, c) }() // an answer, if there is one
	if _, err := io.WriteString(c, begin); err != nil {
		return time.Since(start)
	}
	for i := 0; time.Since(start) < time.Hour; i++ {
		if _, err := c.Write([]byte{more[i%len(more)]}); err != nil {
			break
		}
		time.Sleep(3 * time.Second)
	}
	return time.Since(start)
}

// TestSlowClientsKeepNoConnection sends and reads a byte now and then.
func TestSlowClientsKeepNoConnection(t *testing.T) {
	reading := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err == nil {
			fmt.Fprint(w, "read")
		}
	})
	for name, tt := range map[string]struct {
		begin, more string
		handler     http.Handler
		most        time.Duration
	}{
		"no byte of a request":              {"", "", nil, headersIn},
		"headers":                           {"GET / HTTP/1.1\r\nHost: localhost\r\nX: ", "a", nil, headersIn},
		"headers without end":               {"GET / HTTP/1.1\r\nHost: localhost\r\n", "X: a\r\n", nil, headersIn},
		"a body that is read":               {"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n", "a", reading, requestIn},
		"a body that nobody reads":          {"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n", "a", nil, requestIn},
		"chunks":                            {"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n", reading, requestIn},
		"a body behind an answer":           {"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n", "a", nil, requestIn},
		"one whole request, and then a bit": {"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "G", nil, idleFor},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := tt.handler
				if h == nil {
					h = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello") })
				}
				served(t, h, func(t *testing.T, dial func() net.Conn) {
					c := dial()
					defer c.Close()
					var took time.Duration
					if tt.more == "" {
						start := time.Now()
						_, _ = io.Copy(io.Discard, c)
						took = time.Since(start)
					} else {
						took = dribble(c, tt.begin, tt.more)
					}
					if took > tt.most+5*time.Second {
						t.Errorf("it was cut after %s", took)
					}
				})
			})
		})
	}
}

// TestWhoDoesNotReadIsCut asks for much and reads nothing of it.
func TestWhoDoesNotReadIsCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan time.Duration, 1)
		much := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			start := time.Now()
			_, _ = w.Write(bytes.Repeat([]byte("x"), 10<<20))
			ended <- time.Since(start)
		})
		served(t, much, func(t *testing.T, dial func() net.Conn) {
			c := dial()
			defer c.Close()
			if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
			if took := <-ended; took > answerIn {
				t.Errorf("it waited %s for the reader", took)
			}
		})
	})
}

func TestHeadersHaveAnEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		never := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was handled") })
		served(t, never, func(t *testing.T, dial func() net.Conn) {
			c := dial()
			defer c.Close()
			go func() {
				_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: localhost\r\nX: "+strings.Repeat("x", 2*maxHeaders)+"\r\n\r\n")
			}()
			answer, _ := io.ReadAll(c)
			if !strings.HasPrefix(string(answer), "HTTP/1.1 431 ") {
				t.Errorf("the answer is %.100q", answer)
			}
		})
	})
}

// TestTheWorkspacesStreamGoesOn beyond the limits of answers that end, as long
// as somebody reads it, and not a minute longer.
func TestTheWorkspacesStreamGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim, err := slacksim.New(slacksim.Options{})
		if err != nil {
			t.Fatal(err)
		}
		served(t, sim.Handler(), func(t *testing.T, dial func() net.Conn) {
			read, idle := dial(), dial()
			defer read.Close()
			defer idle.Close()
			const ask = "GET /sim/stream HTTP/1.1\r\nHost: localhost\r\n\r\n"
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				defer cancel()
				_, _ = io.Copy(io.Discard, read)
			}()
			for _, c := range []net.Conn{read, idle} {
				if _, err := io.WriteString(c, ask); err != nil {
					t.Fatal(err)
				}
			}
			time.Sleep(time.Hour)
			if ctx.Err() != nil {
				t.Error("a stream that was read has ended")
			}
			_ = idle.SetReadDeadline(time.Now().Add(time.Minute)) // an error where it was cut
			if _, err := io.ReadAll(idle); errors.Is(err, os.ErrDeadlineExceeded) {
				t.Error("a stream that nobody reads goes on")
			}
		})
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestOtherSitesCannotStartAFire: what is added to the workspace is kept from
// the pages of other sites as the workspace is.
func TestOtherSitesCannotStartAFire(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	fire := newFire("http://" + l.Addr().String())
	w, err := startWorkspace(l, slacksim.Options{}, fire.wrap)
	if err != nil {
		t.Fatal(err)
	}
	defer fire.end()
	for origin, status := range map[string]int{"https://evil.example": 403, w.url: 200} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url+"/sim/story", strings.NewReader(`{"takeover":"alice"}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Origin", origin)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != status {
			t.Errorf("from %s: %d", origin, res.StatusCode)
		}
	}
	http.DefaultClient.CloseIdleConnections()
	if err := w.stop(); err != nil {
		t.Error(err)
	}
}
