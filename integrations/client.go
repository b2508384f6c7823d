package integrations

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

// Observer is told of every call: by which integration, how it ended ("ok", "http 500", "timeout", "network", "open",
// "blocked", "too large", "canceled") and how long it took. A call that is tried again is told of each time.
type Observer func(integration, outcome string, took time.Duration)

// Outbound is the one way to outside systems, for all integrations. Whatever a stranger's text says, it calls no other
// address than the configuration's.
type Outbound struct {
	Observe Observer // may be nil
	Log     zerolog.Logger
	// Dial reaches an address; nil: the network. Of another one addresses are not
	// looked at: it has none.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)

	mu      sync.Mutex
	clients []*Client
}

// Reach is what an integration may call, and how long that may take.
type Reach struct {
	Integration string // its name
	Base        string // the address in its configuration: nothing else is called
	// Private allows the own network and this machine.
	Private bool
	Timeout time.Duration // of one call, with its answer; 0: 30 s
	Headers time.Duration // until the answer begins; 0: as long as all of it
	Body    int64         // bytes of an answer; 0: 1 MiB
	Tries   int           // of a call that may be made more than once; 0: 3
	Wait    time.Duration // the longest between two of them; who wants more gets the answer as it is; 0: 20 s
	// Authorities are who may vouch for its certificate; nil: those that this machine trusts.
	Authorities *x509.CertPool
}

// Client calls one integration's system. Its Do is that of an *http.Client.
type Client struct {
	reach   Reach
	base    *url.URL
	http    *http.Client
	observe Observer
	log     zerolog.Logger
	breaker breaker
}

// What a reach does not say.
const (
	usualTimeout = 30 * time.Second
	usualBody    = 1 << 20
	usualTries   = 3
	usualWait    = 20 * time.Second
	firstWait    = 500 * time.Millisecond

	opensAfter = 5 // failures in a row
	opensFor   = 30 * time.Second

	dialTimeout = 10 * time.Second
	maxHeaders  = 64 << 10
	idleFor     = 30 * time.Second
)

// Client makes the client of an integration. It is closed with the Outbound.
func (o *Outbound) Client(r Reach) (*Client, error) {
	base, err := url.Parse(r.Base)
	if err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http" {
		return nil, fmt.Errorf("integrations.%s: its address is no URL", r.Integration)
	}
	r.Timeout, r.Body = either(r.Timeout, usualTimeout), either(r.Body, usualBody)
	r.Tries, r.Wait = either(r.Tries, usualTries), either(r.Wait, usualWait)
	c := &Client{reach: r, base: base, observe: o.Observe, log: o.Log, breaker: breaker{failures: opensAfter, pause: opensFor}}
	if c.observe == nil {
		c.observe = func(string, string, time.Duration) {}
	}
	dial := o.Dial
	if dial == nil {
		dial = (&net.Dialer{Timeout: dialTimeout, Control: guard(r.Private)}).DialContext
	}
	c.http = &http.Client{
		Timeout: r.Timeout,
		Transport: &http.Transport{
			TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: r.Authorities},
			// No proxy of the environment: the address that is looked at would be the proxy's.
			DialContext: dial, Proxy: nil, ForceAttemptHTTP2: true, TLSHandshakeTimeout: dialTimeout, ResponseHeaderTimeout: r.Headers,
			MaxResponseHeaderBytes: maxHeaders, IdleConnTimeout: idleFor, MaxIdleConnsPerHost: 4,
		},
		// A redirect leads to where somebody else says, with what is in the request.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.clients = append(o.clients, c)
	return c, nil
}

func either[T comparable](value, usual T) T {
	var zero T
	if value == zero {
		return usual
	}
	return value
}

// Close ends the connections that wait to be used again.
func (o *Outbound) Close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, c := range o.clients {
		c.http.CloseIdleConnections()
	}
}

type repeatable struct{}

// Repeatable marks the calls of a context as such that do no harm when they are made
// twice, though their method does not say so.
func Repeatable(ctx context.Context) context.Context {
	return context.WithValue(ctx, repeatable{}, true)
}

// repeats says whether a request may be made more than once: by its method (RFC
// 9110, section 9.2.2), or because it was marked.
func repeats(req *http.Request) bool {
	switch req.Method {
	case http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete, http.MethodOptions:
	default:
		if req.Context().Value(repeatable{}) == nil {
			return false
		}
	}
	return req.Body == nil || req.Body == http.NoBody || req.GetBody != nil
}

// Do makes a call, again if need be, and answers as the last try did, with all of the answer read. An error is a
// *[Trouble].
func (c *Client) Do(req *http.Request) (*http.Response, error) {
	for try := 1; ; try++ {
		res, err := c.try(req)
		again := Judge(res, err, time.Now())
		wait, ok := c.wait(again, try, req)
		if !ok {
			return res, err
		}
		timer := time.NewTimer(wait)
		select {
		case <-req.Context().Done():
			timer.Stop()
			return res, err
		case <-timer.C:
		}
		if res != nil {
			_ = res.Body.Close()
		}
		if req.GetBody != nil {
			body, err := req.GetBody()
			if err != nil {
				return nil, trouble(c.reach.Integration, err)
			}
			req.Body = body
		}
	}
}

// wait says whether a call is to be tried again, and after what time.
func (c *Client) wait(again Again, try int, req *http.Request) (time.Duration, bool) {
	backoff := firstWait << (try - 1)
	backoff += rand.N(backoff / 2) //nolint:gosec // G404: when to try again is no secret
	wait := max(backoff, again.After)
	switch again.Verdict {
	case Later, Backoff:
	case Unknown:
		if !repeats(req) {
			return 0, false
		}
	default:
		return 0, false
	}
	if deadline, ok := req.Context().Deadline(); ok && time.Until(deadline) <= wait {
		return 0, false
	}
	canSend := req.Body == nil || req.GetBody != nil
	return wait, try < c.reach.Tries && wait <= c.reach.Wait && canSend
}

// try makes a call once.
func (c *Client) try(req *http.Request) (*http.Response, error) { return c.attempt(req, c.whole) }

// attempt makes a call once, if it may be made, and tells of it.
func (c *Client) attempt(req *http.Request, call func(*http.Request) (*http.Response, error)) (*http.Response, error) {
	name := c.reach.Integration
	if err := c.ours(req.URL); err != nil {
		c.observe(name, outcome(nil, err), 0)
		return nil, trouble(name, err)
	}
	if wait, ok := c.breaker.pass(time.Now()); !ok {
		c.observe(name, outcome(nil, ErrOpen), 0)
		return nil, &Trouble{Integration: name, Again: Again{Later, wait}, Outcome: "open", err: ErrOpen}
	}
	began := time.Now()
	res, err := call(req)
	took := time.Since(began)
	how := outcome(res, err)
	c.observe(name, how, took)
	c.log.Debug().Str("integration", name).Str("method", req.Method).Str("host", req.URL.Host).Str("outcome", how).Dur("took", took).Msg("an outside system was called")
	ours := err != nil && req.Context().Err() != nil // we ended it
	failed := !ours && (err != nil || res.StatusCode >= 500)
	c.breaker.tell(!ours && !failed, failed, time.Now())
	if err != nil {
		return nil, trouble(name, err)
	}
	return res, nil
}

// whole makes a call and reads its answer to the end.
func (c *Client) whole(req *http.Request) (*http.Response, error) {
	res, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	return c.all(res)
}

// all is an answer whose body was read to its end.
func (c *Client) all(res *http.Response) (*http.Response, error) {
	body, err := io.ReadAll(io.LimitReader(res.Body, c.reach.Body+1))
	_ = res.Body.Close()
	if err == nil && int64(len(body)) > c.reach.Body {
		err = ErrTooLarge // a part must not be taken for all of it
	}
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}

// ours says whether an address is that of the configuration, by scheme, host and
// port, and below its path.
func (c *Client) ours(u *url.URL) error {
	same := u.Scheme == c.base.Scheme && strings.EqualFold(u.Host, c.base.Host) && u.User == nil
	if rest, below := strings.CutPrefix(u.Path, strings.TrimRight(c.base.Path, "/")); !same || !below || rest != "" && rest[0] != '/' {
		return ErrElsewhere
	}
	return nil
}
