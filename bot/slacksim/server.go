package slacksim

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Tokens the workspace accepts; any other is invalid_auth.
const (
	BotToken = "xoxb-simulator" // the app's bot token
	AppToken = "xapp-simulator" // the app-level token, for apps.connections.open alone
)

// Options say how a workspace behaves. The zero value is a workspace in memory that answers at once.
type Options struct {
	// Data is the folder that keeps the workspace, in workspace.db; "" keeps it in memory.
	Data string
	// Latency delays the answer of every Web API call; its effect comes at once.
	Latency time.Duration
	// RateLimits applies Slack's published tiers.
	RateLimits bool
	// RetryDelays are the waits before an event that was not acknowledged is sent again.
	// nil means Slack's: at once, a minute, five minutes.
	RetryDelays []time.Duration
	// Scopes are what the bot token was granted; nil grants all that an incident bot can ask for.
	Scopes []string
	// PingEvery is how often a socket is pinged; 0 means as often as Slack does. Clients
	// give up after 30 s without one.
	PingEvery time.Duration
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Server is one workspace with one app installed. Make it with [New], serve [Server.Handler], end it with
// [Server.Close].
type Server struct {
	opt     Options
	handler http.Handler
	life    lifetime
	hub     *hub
	limiter *limiter
	faults  *faults
	calls   *callLog
	feed    *feed
	journal *journal

	mu    sync.Mutex // guards world
	world *world
}

// New makes a workspace, or takes up the one that opt.Data holds. It fails where that file cannot be read.
func New(opt Options) (*Server, error) {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.RetryDelays == nil {
		opt.RetryDelays = eventRetryDelays
	}
	if opt.Scopes == nil {
		opt.Scopes = allScopes
	}
	s := &Server{opt: opt}
	s.life.init()
	s.journal = newJournal()
	s.feed = newFeed(opt.Now())
	s.limiter = newLimiter(opt.Now)
	s.faults = &faults{}
	s.calls = &callLog{}
	s.hub = newHub(s)
	s.world = newWorld(s)
	if opt.Data == "" {
		s.world.seed()
	} else if err := s.open(opt.Data); err != nil {
		return nil, err
	}
	s.handler = s.Guarded(s.routes())
	return s, nil
}

// Handler serves the whole workspace: the Web API below /api/, the socket at /link/, files, response URLs, the
// control API below /sim/ and the page at /.
func (s *Server) Handler() http.Handler { return s.handler }

// SetBaseURL says by which address the app reaches this workspace ("http://127.0.0.1:8081"). Without it, the
// address is the Host of the last apps.connections.open.
func (s *Server) SetBaseURL(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.world.base, s.world.baseFixed = strings.TrimSuffix(url, "/"), true
}

// Close cuts all sockets, ends every goroutine of the workspace and closes its file. Requests that are being
// answered end soon after; ending them is the HTTP server's part.
func (s *Server) Close() error {
	s.life.end()
	return s.journal.close()
}

// update runs f with the world to itself, then makes what f changed durable. What f asked to be told to the app
// is on its way before any later change. Its error is that of the file.
func (s *Server) update(f func(w *world)) error {
	func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		f(s.world)
	}()
	return s.journal.flush()
}

// view runs f with the world to itself; f changes nothing.
func (s *Server) view(f func(w *world)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(s.world)
}

// lifetime ends the server's goroutines together.
type lifetime struct {
	ctx    context.Context
	cancel context.CancelFunc
	mu     sync.Mutex
	ended  bool
	wg     sync.WaitGroup
}

func (l *lifetime) init() { l.ctx, l.cancel = context.WithCancel(context.Background()) }

// enter counts the caller's goroutine among those that end waits for; false means that the server has ended.
func (l *lifetime) enter() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return false
	}
	l.wg.Add(1)
	return true
}

func (l *lifetime) leave() { l.wg.Done() }

// run starts f as one of the server's goroutines, unless the server has ended.
func (l *lifetime) run(f func(ctx context.Context)) {
	if !l.enter() {
		return
	}
	go func() {
		defer l.leave()
		f(l.ctx)
	}()
}

func (l *lifetime) end() {
	l.mu.Lock()
	l.ended = true
	l.mu.Unlock()
	l.cancel()
	l.wg.Wait()
}

// wait waits for d, or says false where ctx ended first.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
