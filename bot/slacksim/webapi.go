package slacksim

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// refusal is a method's answer with ok false.
type refusal struct {
	code   string
	fields object // besides ok and error
}

func (r *refusal) Error() string { return r.code }

// refuse answers with an error code and, where given, what Slack says more in response_metadata.messages.
func refuse(code string, messages ...string) error {
	r := &refusal{code: code}
	if len(messages) > 0 {
		r.fields = object{"response_metadata": object{"messages": messages}}
	}
	return r
}

// refuseWith answers with an error code and more fields.
func refuseWith(code string, fields object) error { return &refusal{code, fields} }

// call is one call of a method while it is being handled, under the world's lock.
type call struct {
	*world
	server *Server
	args   arguments
	name   string
	method *method
	base   string // our address: scheme://host:port
}

// handler does what a method does and returns its answer's fields besides ok. Its error is a refusal.
type handler func(c *call) (object, error)

// serveAPI is https://slack.com/api/METHOD.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		w.Header().Set("Allow", "GET, POST")
		http.Error(w, "the Web API takes GET and POST", http.StatusMethodNotAllowed)
		return
	}
	began := s.opt.Now()
	name := r.PathValue("method")
	m := methods[name]
	args, token, err := readArguments(r, m != nil && m.JSON)
	f := s.faults.take(name)
	out := s.answer(r, name, m, args, token, err, f)
	whole := s.waitLatency(r.Context(), f)
	record := callRecord{At: began.UTC(), Method: name, Args: args.record(), Status: out.status, Error: out.code}
	record.MS = float64(s.opt.Now().Sub(began).Microseconds()) / 1000
	if out.cut || !whole {
		record.Status, record.Error = 0, "connection_cut"
		s.calls.add(record)
		panic(http.ErrAbortHandler)
	}
	s.calls.add(record) // before the answer: who has it finds the call listed
	out.write(w, scopesOf(token.either(), s.opt.Scopes), m)
}

// outcome is what becomes of a call.
type outcome struct {
	status     int
	body       []byte
	code       string // the error's
	retryAfter int
	cut        bool
}

// answer decides a call: what was ordered to fail first, then what may not be, then the handler.
func (s *Server) answer(r *http.Request, name string, m *method, args arguments, token credentials, decodeErr error, f fault) outcome {
	switch f.Kind {
	case faultDropBefore:
		return outcome{cut: true}
	case faultHTTP500:
		return failed(http.StatusInternalServerError, refuse("internal_error"))
	case faultRateLimit:
		return limited(max(1, f.RetryAfter))
	case faultError:
		return failed(http.StatusOK, refuse(f.Error))
	}
	if m == nil || handlers[name] == nil {
		return failed(http.StatusOK, refuseWith("unknown_method", object{"req_method": name}))
	}
	if decodeErr != nil {
		return failed(http.StatusOK, decodeErr)
	}
	if err := s.authorize(name, m, token); err != nil {
		return failed(http.StatusOK, err)
	}
	if s.opt.RateLimits {
		if retryAfter := s.limiter.take(allowances(name, m, s.channelCalled(args["channel"]))); retryAfter > 0 {
			return limited(retryAfter)
		}
	}
	body, err := s.handle(&call{server: s, args: args, name: name, method: m, base: s.learnBase(r)})
	out := outcome{status: http.StatusOK, body: body}
	if err != nil {
		out = failed(http.StatusOK, err)
	}
	out.cut = f.Kind == faultDropAfter
	return out
}

// handle runs the method's handler with the world to itself. The answer is encoded while the world stands still.
func (s *Server) handle(c *call) (body []byte, err error) {
	if err := c.required(); err != nil {
		return nil, err
	}
	saved := s.update(func(w *world) {
		c.world = w
		var answer object
		if answer, err = handlers[c.name](c); err == nil {
			body = mustJSON(with(object{"ok": true}, answer))
		}
	})
	if err == nil && saved != nil {
		return nil, refuse("fatal_error", saved.Error())
	}
	return body, err
}

func (c *call) required() error {
	var missing []string
	for _, name := range c.method.Required {
		if c.args[name] != "" {
			continue
		}
		if code := missingArgument[c.name+" "+name]; code != "" {
			return refuse(code)
		}
		if !c.args.has(name) || !mayBeEmpty[name] {
			missing = append(missing, "[ERROR] missing required field: "+name)
		}
	}
	if missing != nil {
		return refuse("invalid_arguments", missing...)
	}
	return nil
}

// mayBeEmpty are required arguments that may be empty: a topic is cleared so.
var mayBeEmpty = map[string]bool{"topic": true, "purpose": true}

func (s *Server) authorize(name string, m *method, given credentials) error {
	token := given.either()
	if slices.Contains(appLevel, name) {
		token = given.header // "passing it as a POST parameter will result in an error"
	}
	switch {
	case slices.Contains(tokenless, name):
		return nil
	case token == "":
		return refuse("not_authed")
	case token != BotToken && token != AppToken:
		return refuse("invalid_auth")
	case (token == AppToken) != slices.Contains(appLevel, name):
		return refuse("not_allowed_token_type")
	}
	return s.needScope(m.Scopes)
}

// needScope refuses where the token has none of the scopes.
func (s *Server) needScope(scopes []string) error {
	if granted(scopes, s.opt.Scopes) {
		return nil
	}
	return refuseWith("missing_scope", object{"needed": strings.Join(scopes, ","), "provided": strings.Join(s.opt.Scopes, ",")})
}

// scopesOf are the scopes of a token, which every answer to it names.
func scopesOf(token string, granted []string) []string {
	switch token {
	case BotToken:
		return granted
	case AppToken:
		return []string{"connections:write"}
	}
	return nil
}

// waitLatency waits as long as the answer has to; false where the caller went away or the workspace ends.
func (s *Server) waitLatency(ctx context.Context, f fault) bool {
	delay := s.opt.Latency
	if f.Kind == faultLatency {
		delay += f.delay()
	}
	if delay <= 0 {
		return true
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.life.ctx, cancel)()
	return wait(ctx, delay)
}

// channelCalled is the id of the conversation that a message to name goes to, or the name where there is none yet: a
// conversation has one bucket, whatever it is called.
func (s *Server) channelCalled(name string) string {
	s.view(func(w *world) {
		if ch := w.addressed(name); ch != nil {
			name = ch.ID
		}
	})
	return name
}

func limited(retryAfter int) outcome {
	out := failed(http.StatusTooManyRequests, refuse("ratelimited"))
	out.retryAfter = retryAfter
	return out
}

func failed(status int, err error) outcome {
	r := &refusal{code: "internal_error"}
	errors.As(err, &r)
	return outcome{status: status, code: r.code, body: mustJSON(with(object{"ok": false, "error": r.code}, r.fields))}
}

func (o outcome) write(w http.ResponseWriter, scopes []string, m *method) {
	header := w.Header()
	header.Set("Content-Type", "application/json; charset=utf-8")
	if scopes != nil {
		header.Set("x-oauth-scopes", strings.Join(scopes, ","))
	}
	header.Set("x-slack-req-id", requestID())
	header.Set("Cache-Control", "no-store")
	if m != nil && len(m.Scopes) > 0 {
		header.Set("x-accepted-oauth-scopes", strings.Join(m.Scopes, ","))
	}
	if o.retryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(o.retryAfter))
	}
	w.WriteHeader(o.status)
	w.Write(o.body)
}

func requestID() string {
	var b [16]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
