package slacksim

import (
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
)

// A ticket opens one socket.
func TestTicketsAreForOneUse(t *testing.T) {
	s := serve(t, Options{})
	link := s.must("apps.connections.open").at("url").(string)
	dial := func() error {
		conn, _, err := websocket.Dial(t.Context(), link, &websocket.DialOptions{HTTPClient: s.client})
		if err == nil {
			conn.CloseNow()
		}
		return err
	}
	if err := dial(); err != nil {
		t.Fatal(err)
	}
	if dial() == nil {
		t.Error("the same ticket opened a second socket")
	}
}

// hello says all that Slack's does, and an eleventh socket is refused.
func TestHelloAndTooManySockets(t *testing.T) {
	s := serve(t, Options{})
	for n := 1; n <= maxSockets; n++ {
		hello := s.dial(ackAll).next()
		if hello["num_connections"] != float64(n) || dig(hello, "connection_info", "app_id") != appID ||
			dig(hello, "debug_info", "host") == nil || dig(hello, "debug_info", "approximate_connection_time") == nil {
			t.Errorf("hello = %v", hello)
		}
	}
	a := s.dial(ackAll)
	if f := a.next(); f["reason"] != "too_many_websockets" || f["num_connections"] != float64(maxSockets) {
		t.Errorf("the eleventh socket got %v", f)
	}
	<-a.done
}

// An ack counts on whichever socket it comes; one of 20 KB or more is dropped without a word.
func TestAcks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, Options{})
		first, second := s.connect(ackNone), s.connect(ackNone)
		go func() {
			var frame map[string]any
			var other *app
			select {
			case frame = <-first.frames:
				other = second
			case frame = <-second.frames:
				other = first
			}
			other.conn.Write(t.Context(), websocket.MessageText, []byte(`{"envelope_id":"`+frame["envelope_id"].(string)+`"}`))
		}()
		s.does("slash", map[string]string{"user": "alice", "channel": "#general", "command": "/incident"})

		long := s.connect(func(map[string]any) (any, bool) {
			return map[string]any{"text": strings.Repeat("x", ackSizeLimit)}, true
		})
		first.conn.CloseNow()
		second.conn.CloseNow()
		synctest.Wait()
		if r := s.control("slash", map[string]string{"user": "alice", "channel": "#general", "command": "/incident"}); r.error() != "operation_timeout" {
			t.Errorf("a long ack: %s", r.raw)
		}
		if f := long.next(); f["type"] != "slash_commands" {
			t.Errorf("frame = %v", f)
		}
	})
}

// 20 KB is 20,480 bytes on the wire, all of the frame: one less is read.
func TestLongestAck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, Options{})
		a := s.connect(ackNone)
		for length, code := range map[int]string{ackSizeLimit - 1: "", ackSizeLimit: "operation_timeout"} {
			answered := make(chan reply, 1)
			go func() {
				answered <- s.control("slash", map[string]string{"user": "alice", "channel": "#general", "command": "/incident"})
			}()
			head := `{"envelope_id":"` + a.next()["envelope_id"].(string) + `","payload":{"text":"`
			frame := head + strings.Repeat("x", length-len(head)-len(`"}}`)) + `"}}`
			if err := a.conn.Write(t.Context(), websocket.MessageText, []byte(frame)); err != nil {
				t.Fatal(err)
			}
			if r := <-answered; r.error() != code {
				t.Errorf("an ack of %d bytes: error %q, want %q", len(frame), r.error(), code)
			}
		}
	})
}

// An ack in several frames is dropped without a word, as by Slack: the next one counts again.
func TestAckInPieces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, Options{})
		a := s.connect(ackNone)
		for pieces, code := range map[int]string{1: "", 2: "operation_timeout", 5: "operation_timeout"} {
			answered := make(chan reply, 1)
			go func() {
				answered <- s.control("slash", map[string]string{"user": "alice", "channel": "#general", "command": "/incident"})
			}()
			frame := `{"envelope_id":"` + a.next()["envelope_id"].(string) + `","payload":{"text":"` + strings.Repeat("x", 300) + `"}}`
			a.write(frame, pieces)
			a.write(`{"envelope_id":"nobody's"}`, 1)
			if r := <-answered; r.error() != code {
				t.Errorf("an ack in %d frames: error %q, want %q", pieces, r.error(), code)
			}
		}
	})
}

// write sends a message in so many frames and, where there are several, a last one that is empty.
func (a *app) write(message string, pieces int) {
	a.t.Helper()
	if pieces == 1 {
		if err := a.conn.Write(a.t.Context(), websocket.MessageText, []byte(message)); err != nil {
			a.t.Fatal(err)
		}
		return
	}
	w, err := a.conn.Writer(a.t.Context(), websocket.MessageText)
	if err != nil {
		a.t.Fatal(err)
	}
	for i := range pieces {
		if _, err := w.Write([]byte(message[i*len(message)/pieces : (i+1)*len(message)/pieces])); err != nil {
			a.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		a.t.Fatal(err)
	}
}

// Each reason ends a socket in its own way.
func TestDisconnect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, Options{})
		for reason, want := range map[string]struct {
			frames string
			after  time.Duration
		}{
			"warning":           {"warning refresh_requested", warningTime + closeGrace},
			"refresh_requested": {"refresh_requested", closeGrace},
			"link_disabled":     {"link_disabled", closeGrace},
			"abort":             {"", 0},
		} {
			a := s.connect(ackAll)
			began := time.Now()
			s.does("disconnect", map[string]any{"reason": reason})
			<-a.done
			if got := time.Since(began); got != want.after {
				t.Errorf("%s ended the socket after %v, want %v", reason, got, want.after)
			}
			var reasons []string
			for len(a.frames) > 0 {
				reasons = append(reasons, (<-a.frames)["reason"].(string))
			}
			if got := strings.Join(reasons, " "); got != want.frames {
				t.Errorf("%s sent %q, want %q", reason, got, want.frames)
			}
		}
	})
}

// After link_disabled nobody gets in for a second.
func TestLinkDisabled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, Options{})
		if r := s.control("disconnect", map[string]any{"reason": "link_disabled", "socket": 9}); r.status != 400 {
			t.Errorf("a socket that there is not: %d %s", r.status, r.raw)
		}
		s.connect(ackAll)
		s.does("disconnect", map[string]any{"reason": "link_disabled"})
		if f := s.dial(ackAll).next(); f["reason"] != "link_disabled" {
			t.Errorf("at once: %v", f)
		}
		later(linkDisabledTime)
		s.connect(ackAll)
	})
}

// The same envelope comes again when asked for.
func TestRedeliver(t *testing.T) {
	s := serve(t, Options{})
	a := s.connect(ackAll)
	id := s.does("slash", map[string]string{"user": "alice", "channel": "#general", "command": "/incident"}).at("envelope_id")
	s.does("redeliver", map[string]any{"envelope_id": id})
	if one, two := a.next(), a.next(); one["envelope_id"] != id || two["envelope_id"] != id {
		t.Errorf("envelopes %v and %v, want twice %v", one["envelope_id"], two["envelope_id"], id)
	}
}

// An envelope that comes again while it waits has three seconds from then: an ack after the first three is its.
func TestRedeliverWhileWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, Options{})
		a := s.connect(ackNone)
		typed := make(chan reply, 1)
		go func() {
			typed <- s.control("slash", map[string]string{"user": "alice", "channel": "#general", "command": "/incident"})
		}()
		id, _ := a.next()["envelope_id"].(string)
		later(2 * time.Second)
		again := make(chan reply, 1)
		go func() { again <- s.control("redeliver", map[string]any{"envelope_id": id}) }()
		a.next()
		later(2 * time.Second)
		if r := <-typed; r.error() != "operation_timeout" {
			t.Errorf("the first: %s", r.raw)
		}
		if err := a.conn.Write(t.Context(), websocket.MessageText, []byte(`{"envelope_id":"`+id+`"}`)); err != nil {
			t.Fatal(err)
		}
		if r := <-again; !r.ok() || r.at("ack_ms") != 2000.0 {
			t.Errorf("the second: %s", r.raw)
		}
	})
}

// A connection for debugging lives six minutes.
func TestDebugReconnects(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, Options{})
		link := s.must("apps.connections.open").at("url").(string) + "&debug_reconnects=true"
		conn, _, err := websocket.Dial(t.Context(), link, &websocket.DialOptions{HTTPClient: s.client})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		for err == nil {
			_, _, err = conn.Read(t.Context())
		}
		if got := time.Since(began); got != debugLife+closeGrace {
			t.Errorf("it lived %v", got)
		}
	})
}

// An app that has died without a word is noticed: nothing is lost on its socket for longer than half a minute.
func TestDeadSocket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, Options{})
		link := s.must("apps.connections.open").at("url").(string)
		conn, _, err := websocket.Dial(t.Context(), link, &websocket.DialOptions{HTTPClient: s.client})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.CloseNow()
		if _, _, err := conn.Read(t.Context()); err != nil {
			t.Fatal(err)
		}
		later(pingInterval + pongDeadline + time.Second) // and it reads no more
		if sockets := s.get("/sim/state").at("sockets").([]any); len(sockets) != 0 {
			t.Errorf("sockets = %v", sockets)
		}
	})
}

// Everybody at once: no race, no loss, timestamps in order.
func TestManyAtOnce(t *testing.T) {
	s := serve(t, Options{})
	first, second := s.connect(ackAll), s.connect(ackAll)
	stream := s.stream(s.get("/sim/state").at("rev"))
	const each = 40
	var all sync.WaitGroup
	for _, who := range []string{"alice", "bob", "carol", "dave"} {
		all.Go(func() {
			for range each {
				s.does("message", map[string]string{"user": who, "channel": "#incidents", "text": "x"})
			}
		})
		all.Go(func() {
			for range each {
				s.must("chat.postMessage", "channel", "CINCIDENTS", "text", "y")
				s.does("slash", map[string]string{"user": who, "channel": "#incidents", "command": "/inc"})
			}
		})
	}
	all.Wait()
	last := ""
	messages := s.channel("incidents")["messages"].([]any)
	for _, m := range messages {
		if ts := dig(m, "ts").(string); ts <= last {
			t.Fatalf("%s comes after %s", ts, last)
		} else {
			last = ts
		}
	}
	if len(messages) != 8*each {
		t.Errorf("%d messages, want %d", len(messages), 8*each)
	}
	for range messages {
		stream.next("message")
	}
	for events := 0; events < 8*each; {
		var frame map[string]any
		select {
		case frame = <-first.frames:
		case frame = <-second.frames:
		}
		if dig(frame, "payload", "event", "type") == "message" {
			events++
		}
	}
}
