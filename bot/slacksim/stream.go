package slacksim

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// streamKeepalive is how often a quiet stream says that it is alive.
const streamKeepalive = 15 * time.Second

// serveStream answers GET /sim/stream?since=REV with server-sent events: every change after that revision, each
// one JSON object {rev, kind, …}, for as long as the reader stays.
func (s *Server) serveStream(w http.ResponseWriter, r *http.Request) {
	since := r.URL.Query().Get("since")
	if id := r.Header.Get("Last-Event-ID"); id != "" {
		since = id // a browser that connects again
	}
	rev, err := strconv.ParseInt(since, 10, 64)
	if since == "" {
		rev, err = s.feed.revision(), nil
	}
	flusher, ok := w.(http.Flusher)
	if err != nil || !ok {
		writeControlError(w, malformed("since must be the rev of /sim/state, a whole number."))
		return
	}
	// The server's limits are meant for answers that end. Who does not read is cut off at the next write.
	limits := http.NewResponseController(w)
	_ = limits.SetReadDeadline(time.Time{}) // where there is none, there is none to lift
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
	keepalive := time.NewTicker(streamKeepalive)
	defer keepalive.Stop()
	for {
		_ = limits.SetWriteDeadline(time.Now().Add(writeDeadline)) // as above
		changes, more, ok := s.feed.since(rev)
		if !ok {
			rev = s.feed.revision()
			fmt.Fprintf(w, "id: %d\ndata: %s\n\n", rev, resetChange(rev))
		}
		for _, change := range changes {
			rev++
			fmt.Fprintf(w, "id: %d\ndata: %s\n\n", rev, change)
		}
		flusher.Flush()
		_ = limits.SetWriteDeadline(time.Time{})
		select {
		case <-more:
		case <-keepalive.C:
			fmt.Fprint(w, ": alive\n\n")
		case <-r.Context().Done():
			return
		case <-s.life.ctx.Done():
			return
		}
	}
}
