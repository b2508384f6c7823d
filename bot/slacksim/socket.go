package slacksim

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/coder/websocket"
)

// socket is one connection of the app.
type socket struct {
	number int
	since  time.Time
	life   time.Duration
	debug  bool
	conn   *websocket.Conn
	out    chan []byte // frames to be written

	leaving bool // asked to leave: gets nothing more; guarded by the hub's lock
}

const (
	maxFrameBytes = 8 << 20          // what the app may send in one frame; far above what Slack reads
	writeDeadline = 10 * time.Second // a socket that takes a frame no faster is cut
)

// serveSocket is wss://…/link/: one ticket, one connection. Any Origin is welcome: slack-go sends Slack's.
func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	if !s.life.enter() {
		http.Error(w, "the workspace is shutting down", http.StatusServiceUnavailable)
		return
	}
	defer s.life.leave()
	t, ok := s.hub.redeem(r.URL.Query().Get("ticket"))
	if !ok {
		http.Error(w, "this ticket is unknown or was used; ask apps.connections.open for a fresh one", http.StatusBadRequest)
		return
	}
	frames := &frameWatch{}
	conn, err := websocket.Accept(watchedWriter{w, frames}, r, &websocket.AcceptOptions{InsecureSkipVerify: true, CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		return // Accept has answered
	}
	conn.SetReadLimit(maxFrameBytes)
	ctx, cancel := context.WithCancel(s.life.ctx)
	defer cancel()
	k := &socket{conn: conn, out: make(chan []byte, socketQueue)}
	k.debug = t.debug || r.URL.Query().Get("debug_reconnects") == "true"
	refusal, admitted := s.hub.admit(k)
	if !admitted {
		_ = k.write(ctx, mustJSON(refusal)) // it is closed either way
		conn.Close(websocket.StatusNormalClosure, "")
		return
	}
	defer s.hub.dismiss(k)
	defer conn.CloseNow()
	s.life.run(func(context.Context) { k.writeAll(ctx) })
	s.life.run(func(context.Context) { k.pingAll(ctx, cmp.Or(s.opt.PingEvery, pingInterval)) })
	s.life.run(func(context.Context) { s.hub.age(ctx, k) })
	for {
		_, frame, err := conn.Read(context.Background()) // ends when the connection does
		if err != nil {
			return
		}
		if frames.next() {
			s.hub.receive(frame)
		}
	}
}

// writeAll writes what waits until the socket ends.
func (k *socket) writeAll(ctx context.Context) {
	for {
		select {
		case frame := <-k.out:
			if k.write(ctx, frame) != nil {
				k.conn.CloseNow()
				return
			}
		case <-ctx.Done():
			k.conn.CloseNow()
			return
		}
	}
}

func (k *socket) write(ctx context.Context, frame []byte) error {
	ctx, cancel := context.WithTimeout(ctx, writeDeadline)
	defer cancel()
	return k.conn.Write(ctx, websocket.MessageText, frame)
}

// pingAll pings until the socket ends, and cuts it when no pong comes.
func (k *socket) pingAll(ctx context.Context, every time.Duration) {
	for wait(ctx, every) {
		pinging, cancel := context.WithTimeout(ctx, pongDeadline)
		err := k.conn.Ping(pinging)
		cancel()
		if err != nil {
			k.conn.CloseNow()
			return
		}
	}
}

// age asks the app for a fresh connection when this one has lived its time.
func (h *hub) age(ctx context.Context, k *socket) {
	if wait(ctx, k.life-warningTime) {
		h.retire(ctx, k)
	}
}

// retire ends a socket as Slack does: a warning, ten seconds, refresh_requested, the end.
func (h *hub) retire(ctx context.Context, k *socket) {
	h.tell(k, "warning", false)
	if wait(ctx, warningTime) {
		h.refresh(ctx, k)
	}
}

func (h *hub) refresh(ctx context.Context, k *socket) {
	h.tell(k, "refresh_requested", true)
	h.closeLater(ctx, k)
}

// tell sends a disconnect frame; with last, nothing is sent after it.
func (h *hub) tell(k *socket, reason string, last bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	k.leaving = k.leaving || last
	select {
	case k.out <- mustJSON(disconnectFrame(reason)):
	default: // it does not read; closing it will tell
	}
}

func (h *hub) closeLater(ctx context.Context, k *socket) {
	if wait(ctx, closeGrace) {
		k.conn.Close(websocket.StatusNormalClosure, "")
		k.conn.CloseNow()
	}
}

// disconnect does to one socket, or to all where number is 0, what the reason says; false where no such socket is
// connected.
func (h *hub) disconnect(reason string, number int) bool {
	h.mu.Lock()
	var chosen []*socket
	for _, k := range h.sockets {
		if number == 0 || k.number == number {
			chosen = append(chosen, k)
		}
	}
	found := len(chosen) > 0 || number == 0
	if reason == "link_disabled" && found {
		h.disabledUntil = h.now().Add(linkDisabledTime)
	}
	h.mu.Unlock()
	for _, k := range chosen {
		switch reason {
		case "warning":
			h.life.run(func(ctx context.Context) { h.retire(ctx, k) })
		case "refresh_requested":
			h.life.run(func(ctx context.Context) { h.refresh(ctx, k) })
		case "link_disabled":
			h.tell(k, reason, true)
			h.life.run(func(ctx context.Context) { h.closeLater(ctx, k) })
		case "abort":
			k.conn.CloseNow()
			h.dismiss(k)
		}
	}
	return found
}
