package slack

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// connection is one WebSocket to Slack.
type connection struct {
	conn     *websocket.Conn
	patience time.Duration // it is dead when it is silent for so long
	greeted  atomic.Bool   // Slack has said hello
	heard    atomic.Int64  // when there was a sign of life, in Unix nanoseconds
	writing  chan struct{} // held by who writes
	reading  sync.Mutex    // of the next
	stopped  bool
	asked    sync.Once
	replace  chan struct{} // closed when Slack wants another in its place
	closing  sync.Once
	closed   chan struct{}
}

func newConnection(conn *websocket.Conn, patience time.Duration) *connection {
	c := &connection{conn: conn, patience: patience, writing: make(chan struct{}, 1), replace: make(chan struct{}), closed: make(chan struct{})}
	conn.SetReadLimit(maxFrame)
	c.alive()
	conn.SetPongHandler(func(string) error { c.alive(); return nil })
	conn.SetPingHandler(func(data string) error {
		c.alive()
		err := conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeTimeout))
		if errors.Is(err, websocket.ErrCloseSent) {
			return nil
		}
		return err
	})
	go c.pingAll()
	return c
}

// alive notes a sign of life.
func (c *connection) alive() {
	c.reading.Lock()
	defer c.reading.Unlock()
	c.heard.Store(time.Now().UnixNano())
	if !c.stopped {
		_ = c.conn.SetReadDeadline(time.Now().Add(c.patience))
	}
}

// next reads the next text frame.
func (c *connection) next() ([]byte, error) {
	for {
		kind, raw, err := c.conn.ReadMessage()
		if err != nil {
			return nil, err
		}
		c.alive()
		if kind == websocket.TextMessage {
			return raw, nil
		}
	}
}

// write writes a text frame.
func (c *connection) write(b []byte) error {
	c.writing <- struct{}{}
	defer func() { <-c.writing }()
	_ = c.conn.SetWriteDeadline(time.Now().Add(writeTimeout))
	return c.conn.WriteMessage(websocket.TextMessage, b)
}

// pingAll asks for a sign of life whenever there was none for a while, until the connection is closed. Slack pings more
// often than that itself.
func (c *connection) pingAll() {
	askAfter, again := c.patience*2/3, c.patience/6
	timer := time.NewTimer(askAfter)
	defer timer.Stop()
	for {
		select {
		case <-c.closed:
			return
		case <-timer.C:
			if left := askAfter - time.Since(time.Unix(0, c.heard.Load())); left > 0 {
				timer.Reset(left)
				continue
			}
			timer.Reset(again)
			if c.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeTimeout)) != nil {
				c.conn.Close()
			}
		}
	}
}

// wantsReplacement notes that Slack asked for another connection.
func (c *connection) wantsReplacement() { c.asked.Do(func() { close(c.replace) }) }

// stopReading ends next; what was read can still be acknowledged.
func (c *connection) stopReading() {
	c.reading.Lock()
	defer c.reading.Unlock()
	c.stopped = true
	_ = c.conn.SetReadDeadline(time.Unix(1, 0)) // long ago
}

// close ends the connection, with a word to the other side.
func (c *connection) close() {
	c.closing.Do(func() {
		close(c.closed)
		_ = c.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
		c.conn.Close()
	})
}
