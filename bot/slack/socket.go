package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/rs/zerolog"
)

// Socket keeps one Socket Mode connection to Slack, made again whenever it ends.
// Two of them overlap: Slack sends each envelope to any of an app's connections,
// so that while one is refreshed the other goes on.
//
// The frames are read raw, not through slack-go's own loop: that decodes before
// it acknowledges, never acknowledges what it cannot parse, swallows the reason
// of a disconnect and reconnects without pause when Socket Mode is switched off.
type Socket struct {
	Client *Client
	// Dial reaches the socket's address; nil: the network.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	Log  zerolog.Logger
	// Frame is given every envelope, in the order of arrival; it must not block
	// for long. send writes an acknowledgement.
	Frame func(raw []byte, send func([]byte) error)
	// Greeted is called when Slack has said hello on a connection; may be nil. It
	// must not block.
	Greeted func()
	// Patience is how long a connection may be silent; 0: as long as Slack's own SDKs let it.
	Patience time.Duration
	// Others are the app's other sockets.
	Others []*Socket

	mu      sync.Mutex
	conns   []*connection // those that are open, the newest last
	trouble error         // why there is none
	reading sync.WaitGroup
}

// Bounds of a connection. Slack pings every few seconds; a connection that is
// silent for as long as this is dead. Its own SDKs use 30 seconds.
const (
	silence      = 30 * time.Second
	writeTimeout = 5 * time.Second
	overlap      = 30 * time.Second // at most, of a connection and the one in its place
	maxFrame     = 8 << 20
	wholeFrame   = maxAck + 1<<10  // written in one frame: Slack drops an acknowledgement that comes in pieces
	calm         = 5 * time.Second // a connection that lived so long worked: no backoff behind it
)

// Run keeps the connection until the context ends. Then it takes no more
// envelopes, but those it took can be acknowledged until Close.
func (s *Socket) Run(ctx context.Context) {
	pause := time.Duration(0)
	for ctx.Err() == nil {
		start := time.Now()
		err := s.once(ctx)
		if ctx.Err() != nil {
			break
		}
		s.note(err)
		pause = nextPause(pause, time.Since(start), err)
		if errors.Is(err, errRefresh) {
			s.Log.Info().Msg("Slack refreshes the socket")
		} else {
			s.Log.Warn().Err(err).Dur("again_in", pause).Msg("the socket to Slack ended")
		}
		if sleep(ctx, pause) != nil {
			break
		}
	}
	s.reading.Wait()
}

// Close ends the connections that are left. It is called after Run has ended.
func (s *Socket) Close() {
	for _, c := range s.open() {
		s.end(c)
	}
}

// open are the connections that can be written to.
func (s *Socket) open() []*connection {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.conns)
}

// errRefresh is Slack's own wish for a new connection.
var errRefresh = errors.New("Slack asked for a new connection")

// nextPause is how long to wait: not at all where Slack asked for the change
// itself, a minute where only a person can mend it, else doubling from a
// quarter of a second to half a minute, with jitter.
func nextPause(last, lived time.Duration, err error) time.Duration {
	if lived > calm {
		last = 0
	}
	switch {
	case errors.Is(err, errRefresh) && lived > calm:
		return time.Duration(rand.Int64N(int64(100 * time.Millisecond)))
	case credentials(err):
		return time.Minute
	}
	var later *Later
	if errors.As(err, &later) {
		return later.After
	}
	next := min(max(last*2, 250*time.Millisecond), 30*time.Second)
	return next/2 + time.Duration(rand.Int64N(int64(next)))
}

// once opens one connection and serves it to its end, or until Slack asks for
// one in its place.
func (s *Socket) once(ctx context.Context) error {
	c, err := s.connect(ctx)
	if err != nil {
		return err
	}
	var failed error // once done is closed
	done := make(chan struct{})
	s.reading.Go(func() {
		defer close(done)
		failed = s.read(c)
	})
	select {
	case <-done:
		s.end(c)
		return failed
	case <-c.replace:
		s.reading.Go(func() { s.outlive(ctx, c, done) })
		return errRefresh
	case <-ctx.Done():
		c.stopReading()
		<-done
		return ctx.Err()
	}
}

// outlive serves a connection that is being replaced until Slack ends it: what
// was sent on it is still acknowledged on it.
func (s *Socket) outlive(ctx context.Context, c *connection, done <-chan struct{}) {
	t := time.NewTimer(overlap)
	defer t.Stop()
	select {
	case <-done:
		s.end(c)
	case <-t.C:
		s.end(c)
		<-done
	case <-ctx.Done():
		c.stopReading()
		<-done
	}
}

func (s *Socket) connect(ctx context.Context) (*connection, error) {
	_, address, err := s.Client.api.StartSocketModeContext(ctx)
	if err != nil {
		return nil, explain("apps.connections.open", err)
	}
	dialer := websocket.Dialer{NetDialContext: s.Dial, HandshakeTimeout: 10 * time.Second, Proxy: http.ProxyFromEnvironment, WriteBufferSize: wholeFrame}
	conn, res, err := dialer.DialContext(ctx, address, http.Header{})
	if err != nil {
		return nil, fmt.Errorf("cannot open the socket: %w", withoutAddress(err))
	}
	res.Body.Close()
	c := newConnection(conn, cmp.Or(s.Patience, silence))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns = append(s.conns, c)
	return c, nil
}

// end closes a connection and forgets it.
func (s *Socket) end(c *connection) {
	c.close()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns = slices.DeleteFunc(s.conns, func(other *connection) bool { return other == c })
}

// read reads frames until the connection ends.
func (s *Socket) read(c *connection) error {
	send := func(b []byte) error { return s.send(c, b) }
	for {
		raw, err := c.next()
		if err != nil {
			return err
		}
		if err := s.frame(c, raw, send); err != nil {
			return err
		}
	}
}

// send writes by the connection on which an envelope came or, where that has
// ended, by any other: Slack knows an acknowledgement by its envelope.
func (s *Socket) send(c *connection, b []byte) error {
	err := c.write(b)
	if err == nil {
		return nil
	}
	for _, socket := range append([]*Socket{s}, s.Others...) {
		for _, other := range slices.Backward(socket.open()) {
			if other != c && other.write(b) == nil {
				return nil
			}
		}
	}
	return err
}

// frame tells Slack's own frames from envelopes.
func (s *Socket) frame(c *connection, raw []byte, send func([]byte) error) error {
	var head struct {
		Type       string `json:"type"`
		Reason     string `json:"reason"`
		EnvelopeID string `json:"envelope_id"`
	}
	v, ok := pick(raw, "envelope_id")
	if ok && v[0] != nil {
		head.EnvelopeID, ok = word(v[0])
	}
	if !ok || head.EnvelopeID == "" {
		if err := lenient(raw, &head); err != nil {
			s.Log.Warn().Err(err).Int("bytes", len(raw)).Msg("Slack sent a frame that cannot be read")
			return nil
		}
	}
	switch {
	case head.EnvelopeID != "":
		s.Frame(raw, send)
	case head.Type == "hello":
		c.greeted.Store(true)
		s.note(nil)
		s.Log.Info().Msg("connected to Slack")
		if s.Greeted != nil {
			s.Greeted()
		}
	case head.Type == "disconnect" && (head.Reason == "warning" || head.Reason == "refresh_requested"):
		c.wantsReplacement()
	case head.Type == "disconnect":
		return fmt.Errorf("Slack ended the connection: %s", reasons(head.Reason))
	}
	return nil
}

func reasons(r string) string {
	switch r {
	case "link_disabled":
		return "Socket Mode is switched off for the app (link_disabled). Switch it on at api.slack.com/apps"
	case "too_many_websockets":
		return "the app has ten connections already (too_many_websockets). Stop other copies of Fireboss"
	}
	return r
}

func (s *Socket) note(trouble error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trouble = trouble
}

// Up reports whether Slack has said hello on a connection that is still there;
// where there is none, why.
func (s *Socket) Up() (up bool, trouble error) {
	up = slices.ContainsFunc(s.open(), func(c *connection) bool { return c.greeted.Load() })
	s.mu.Lock()
	defer s.mu.Unlock()
	return up, s.trouble
}
