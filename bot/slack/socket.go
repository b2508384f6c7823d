package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/rs/zerolog"
)

// Socket is one Socket Mode connection, made again whenever it ends. Two of
// them overlap: Slack sends each envelope to any of an app's connections, so
// that while one is refreshed the other goes on.
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
	// for long. send writes an acknowledgement to this connection.
	Frame func(raw []byte, send func([]byte) error)

	mu      sync.Mutex
	conn    *websocket.Conn
	since   time.Time // of the hello
	heard   time.Time
	trouble error // why it is not connected
	starts  int
}

// Slack pings every few seconds; a connection that is silent for as long as
// this is dead. Its own SDKs use 30 seconds.
const (
	silence      = 30 * time.Second
	pingEvery    = 10 * time.Second
	writeTimeout = 5 * time.Second
	maxFrame     = 8 << 20
	calm         = time.Minute // a connection that lived so long resets the backoff
)

// Run keeps the connection until the context ends.
func (s *Socket) Run(ctx context.Context) {
	pause := time.Duration(0)
	for ctx.Err() == nil {
		start := time.Now()
		err := s.once(ctx)
		s.set(nil, err)
		if ctx.Err() != nil {
			return
		}
		pause = nextPause(pause, time.Since(start), err)
		s.Log.Warn().Err(err).Dur("again_in", pause).Msg("the socket to Slack ended")
		if sleep(ctx, pause) != nil {
			return
		}
	}
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
	case errors.Is(err, errRefresh) && lived > 5*time.Second:
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

// once opens one connection and serves it to its end.
func (s *Socket) once(ctx context.Context) error {
	_, address, err := s.Client.api.StartSocketModeContext(ctx)
	if err != nil {
		return explain("apps.connections.open", err)
	}
	dialer := websocket.Dialer{NetDialContext: s.Dial, HandshakeTimeout: 10 * time.Second, Proxy: http.ProxyFromEnvironment}
	conn, res, err := dialer.DialContext(ctx, address, http.Header{})
	if err != nil {
		return fmt.Errorf("cannot open the socket: %w", err)
	}
	res.Body.Close()
	conn.SetReadLimit(maxFrame)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.keepAlive(ctx, conn)
	}()
	err = s.read(conn)
	cancel()
	<-done
	return err
}

// keepAlive pings, and closes the connection when the context ends.
func (s *Socket) keepAlive(ctx context.Context, conn *websocket.Conn) {
	tick := time.NewTicker(pingEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
			conn.Close()
			return
		case <-tick.C:
			if err := conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeTimeout)); err != nil {
				conn.Close()
			}
		}
	}
}

func (s *Socket) read(conn *websocket.Conn) error {
	var writing sync.Mutex
	send := func(b []byte) error {
		writing.Lock()
		defer writing.Unlock()
		_ = conn.SetWriteDeadline(time.Now().Add(writeTimeout))
		return conn.WriteMessage(websocket.TextMessage, b)
	}
	alive := func() {
		s.mu.Lock()
		s.heard = time.Now()
		s.mu.Unlock()
		_ = conn.SetReadDeadline(time.Now().Add(silence))
	}
	alive()
	conn.SetPongHandler(func(string) error { alive(); return nil })
	conn.SetPingHandler(func(data string) error {
		alive()
		err := conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeTimeout))
		if errors.Is(err, websocket.ErrCloseSent) {
			return nil
		}
		return err
	})
	for {
		kind, raw, err := conn.ReadMessage()
		if err != nil {
			return err
		}
		alive()
		if kind != websocket.TextMessage {
			continue
		}
		if err := s.frame(conn, raw, send); err != nil {
			return err
		}
	}
}

// frame tells Slack's own frames from envelopes.
func (s *Socket) frame(conn *websocket.Conn, raw []byte, send func([]byte) error) error {
	var head struct {
		Type       string `json:"type"`
		Reason     string `json:"reason"`
		EnvelopeID string `json:"envelope_id"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		s.Log.Warn().Err(err).Int("bytes", len(raw)).Msg("Slack sent a frame that cannot be read")
		return nil
	}
	switch {
	case head.EnvelopeID != "":
		s.Frame(raw, send)
	case head.Type == "hello":
		s.set(conn, nil)
		s.Log.Info().Msg("connected to Slack")
	case head.Type == "disconnect" && head.Reason == "warning":
		s.Log.Info().Msg("Slack will refresh the socket")
	case head.Type == "disconnect" && head.Reason == "refresh_requested":
		return errRefresh
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

func (s *Socket) set(conn *websocket.Conn, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conn, s.trouble = conn, err
	if conn != nil {
		s.since, s.starts = time.Now(), s.starts+1
	}
}

// Up reports whether Slack has said hello on this connection, and how often it
// has; where it is not up, why.
func (s *Socket) Up() (up bool, hellos int, trouble error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn != nil, s.starts, s.trouble
}
