package slacksim

import (
	"bufio"
	"encoding/binary"
	"net"
	"net/http"
	"sync"
)

// frameWatch follows the WebSocket frames that come over a connection, to tell which messages came in one frame. A
// library puts the others together; Slack does not, and drops them (found by slack-go's authors: its socketmode.go,
// defaultWriteBufferSize). https://www.rfc-editor.org/rfc/rfc6455#section-5.2
type frameWatch struct {
	mu     sync.Mutex
	header []byte // of the frame that is coming, as far as it came
	left   uint64 // bytes of that frame's payload to come
	parts  int    // frames so far of the message that is coming
	whole  []bool // of each message that came and was not asked for: whether it was one frame
}

// feed takes the next bytes of the connection.
func (f *frameWatch) feed(b []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for len(b) > 0 {
		if f.left > 0 {
			n := min(f.left, uint64(len(b)))
			f.left -= n
			b = b[n:]
			continue
		}
		f.header = append(f.header, b[0])
		b = b[1:]
		if len(f.header) >= 2 && len(f.header) == headerLength(f.header[1]) {
			f.frame()
		}
	}
}

// frame notes the frame whose header is complete.
func (f *frameWatch) frame() {
	const last, opcode, control = 0x80, 0x0f, 0x08
	if f.header[0]&opcode < control {
		f.parts++
		if f.header[0]&last != 0 {
			f.whole = append(f.whole, f.parts == 1)
			f.parts = 0
		}
	}
	f.left = payloadLength(f.header)
	f.header = f.header[:0]
}

// next says of the next message whether it came in one frame. It is asked once a message was read.
func (f *frameWatch) next() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.whole) == 0 {
		return false
	}
	whole := f.whole[0]
	f.whole = f.whole[1:]
	return whole
}

// A frame's second byte says whether its payload is masked, and how long it is or by how many bytes that is said.
const (
	frameMasked   = 0x80
	frameLength   = 0x7f
	frameLength16 = 126
	frameLength64 = 127
)

func headerLength(second byte) int {
	n := 2
	switch second & frameLength {
	case frameLength16:
		n += 2
	case frameLength64:
		n += 8
	}
	if second&frameMasked != 0 {
		n += 4
	}
	return n
}

func payloadLength(header []byte) uint64 {
	switch n := header[1] & frameLength; n {
	case frameLength16:
		return uint64(binary.BigEndian.Uint16(header[2:]))
	case frameLength64:
		return binary.BigEndian.Uint64(header[2:])
	default:
		return uint64(n)
	}
}

// watchedWriter is a ResponseWriter whose connection is watched once it is taken over.
type watchedWriter struct {
	http.ResponseWriter
	frames *frameWatch
}

// Hijack takes the connection over.
func (w watchedWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	early, _ := buffered.Reader.Peek(buffered.Reader.Buffered()) // what is there already cannot fail
	w.frames.feed(early)
	return watchedConn{conn, w.frames}, buffered, nil
}

type watchedConn struct {
	net.Conn
	frames *frameWatch
}

func (c watchedConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.frames.feed(b[:n])
	return n, err
}
