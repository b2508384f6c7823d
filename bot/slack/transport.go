package slack

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"
)

// CallObserver is told of every call to Slack: its method, how it ended ("ok",
// Slack's error code, "ratelimited", "http 500", "network") and how long it took.
type CallObserver func(method, outcome string, took time.Duration)

// transport is the one way to Slack. It is slack-go's HTTP client: it waits for
// the method's turn, learns from Retry-After, counts, and bounds time and size.
type transport struct {
	client  *http.Client
	observe CallObserver
	crash   func(point string)

	mu       sync.Mutex
	methods  map[string]*bucket
	channels map[string]*bucket
	scopes   string // as the last answer gave them
	denied   string // Slack's code, where it refused the token or the app at last
	asked    time.Time
}

func newTransport(client *http.Client, observe CallObserver, crash func(string)) *transport {
	if observe == nil {
		observe = func(string, string, time.Duration) {}
	}
	if crash == nil {
		crash = func(string) {}
	}
	return &transport{client: client, observe: observe, crash: crash, methods: map[string]*bucket{}, channels: map[string]*bucket{}}
}

type urgencyKey struct{}
type channelKey struct{}

// putOff marks calls that may come later.
func putOff(ctx context.Context) context.Context {
	return context.WithValue(ctx, urgencyKey{}, cosmetic)
}

// into names the channel that a message goes to, for its own limit.
func into(ctx context.Context, channel string) context.Context {
	return context.WithValue(ctx, channelKey{}, channel)
}

// Do makes one call.
func (t *transport) Do(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	method := path.Base(req.URL.Path)
	if err := t.wait(ctx, method); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	t.crash(before(method))
	start := time.Now()
	res, err := t.client.Do(req.WithContext(ctx))
	if err != nil {
		t.observe(method, "network", time.Since(start))
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswerSize))
	res.Body.Close()
	if err != nil {
		t.observe(method, "network", time.Since(start))
		return nil, err
	}
	t.crash(after(method))
	how := outcome(res, body)
	t.observe(method, how, time.Since(start))
	t.learn(method, res)
	t.judge(method, how)
	res.Body = io.NopCloser(strings.NewReader(string(body)))
	return res, nil
}

func (t *transport) wait(ctx context.Context, method string) error {
	u, _ := ctx.Value(urgencyKey{}).(urgency)
	if channel, ok := ctx.Value(channelKey{}).(string); ok && method == "chat.postMessage" {
		if err := t.bucketOf(t.channels, channel, perChannel).take(ctx, u); err != nil {
			return err
		}
	}
	r, ok := rates[method]
	if !ok {
		r = tier2
	}
	return t.bucketOf(t.methods, method, r).take(ctx, u)
}

func (t *transport) bucketOf(m map[string]*bucket, key string, r rate) *bucket {
	t.mu.Lock()
	defer t.mu.Unlock()
	b, ok := m[key]
	if !ok {
		if len(m) > 10000 { // channels of long ago; a fresh bucket is a full one
			clear(m)
		}
		b = newBucket(r)
		m[key] = b
	}
	return b
}

// learn takes from an answer what it says about limits and scopes.
func (t *transport) learn(method string, res *http.Response) {
	if s := res.Header.Get("X-Oauth-Scopes"); s != "" && method != "apps.connections.open" {
		t.mu.Lock()
		t.scopes = s
		t.mu.Unlock()
	}
	if res.StatusCode == http.StatusTooManyRequests {
		r, ok := rates[method]
		if !ok {
			r = tier2
		}
		t.bucketOf(t.methods, method, r).block(retryAfter(res.Header))
	}
}

// judge notes whether Slack takes the bot's token at all.
func (t *transport) judge(method, outcome string) {
	if method == "apps.connections.open" { // which has a token of its own; the socket tells of it
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case unauthorized(slackgo.SlackErrorResponse{Err: outcome}):
		t.denied = outcome
	case outcome == "ok":
		t.denied = ""
	}
}

// retryAfter reads Slack's own wish; a 429 without one waits half a minute.
func retryAfter(h http.Header) time.Duration {
	if n, err := strconv.Atoi(h.Get("Retry-After")); err == nil && n >= 0 && n < 3600 {
		return time.Duration(n)*time.Second + 50*time.Millisecond
	}
	return 30 * time.Second
}

func (t *transport) granted() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.FieldsFunc(t.scopes, func(r rune) bool { return r == ',' || r == ' ' })
}

// outcome names how a call ended.
func outcome(res *http.Response, body []byte) string {
	switch {
	case res.StatusCode == http.StatusTooManyRequests:
		return "ratelimited"
	case res.StatusCode != http.StatusOK:
		return "http " + strconv.Itoa(res.StatusCode)
	}
	var answer struct {
		OK    bool   `json:"ok"`
		Error string `json:"error"`
	}
	switch {
	case json.Unmarshal(body, &answer) != nil:
		return "no json"
	case !answer.OK && answer.Error != "":
		return answer.Error
	}
	return "ok"
}

// again makes a call, and makes it again when Slack says later or answers that
// it stumbled: at most a few times, and only where nothing can happen twice or
// it is known that nothing has happened.
func again[T any](ctx context.Context, idempotent bool, call func(context.Context) (T, error)) (T, error) {
	for try := 0; ; try++ {
		v, err := call(ctx)
		var limited *slackgo.RateLimitedError
		switch {
		case err == nil || try >= 4 || ctx.Err() != nil:
			return v, err
		case errors.As(err, &limited): // the transport waits as long as Slack asked
			if u, _ := ctx.Value(urgencyKey{}).(urgency); u == cosmetic {
				return v, &Later{After: limited.RetryAfter, Err: err}
			}
		case idempotent && temporary(err):
			if err := sleep(ctx, time.Duration(200<<try)*time.Millisecond); err != nil {
				return v, err
			}
		default:
			return v, err
		}
	}
}
