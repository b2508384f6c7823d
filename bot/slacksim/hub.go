package slacksim

import (
	"encoding/json"
	"slices"
	"sync"
	"time"
)

// hub is the workspace's side of Socket Mode: which sockets are connected, and which envelopes wait for an ack.
type hub struct {
	life    *lifetime
	feed    *feed
	now     func() time.Time
	retries []time.Duration

	mu            sync.Mutex
	tickets       []ticket
	sockets       []*socket
	opened        int // sockets so far: the last one's number
	turn          int // which socket gets the next envelope
	disabledUntil time.Time
	waiting       map[string]*envelope // sent and not acknowledged, by id
	sent          []*envelope          // the last ones sent, for redelivery
}

// ticket is a socket URL that was given out and not used.
type ticket struct {
	id    string
	debug bool // debug_reconnects=true: a short life
}

const (
	keptTickets   = 100  // unused socket URLs
	keptEnvelopes = 1000 // for redelivery
	socketQueue   = 256  // frames that wait for one socket
)

func newHub(s *Server) *hub {
	return &hub{life: &s.life, feed: s.feed, now: s.opt.Now, retries: s.opt.RetryDelays, waiting: map[string]*envelope{}}
}

// issue makes a ticket for one socket.
func (h *hub) issue(debug bool) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	t := ticket{newUUID(), debug}
	h.tickets = append(h.tickets, t)
	if len(h.tickets) > keptTickets {
		h.tickets = slices.Delete(h.tickets, 0, 1)
	}
	return t.id
}

// redeem uses a ticket up; false where there is none such.
func (h *hub) redeem(id string) (t ticket, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	i := slices.IndexFunc(h.tickets, func(t ticket) bool { return t.id == id })
	if i < 0 {
		return ticket{}, false
	}
	t = h.tickets[i]
	h.tickets = slices.Delete(h.tickets, i, i+1)
	return t, true
}

// admit takes a socket among the live ones and returns its first frame: hello, or the refusal with which it has
// to be closed.
func (h *hub) admit(k *socket) (first object, admitted bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.now().Before(h.disabledUntil):
		return disconnectFrame("link_disabled"), false
	case len(h.sockets) >= maxSockets:
		refusal := disconnectFrame("too_many_websockets")
		refusal["num_connections"] = len(h.sockets)
		refusal["connection_info"] = object{"app_id": appID}
		return refusal, false
	}
	h.opened++
	k.number, k.since = h.opened, h.now()
	k.life = lifeOf(k)
	k.out <- mustJSON(helloFrame(k, len(h.sockets)+1)) // before anything else can be sent to it
	h.sockets = append(h.sockets, k)
	h.socketsChanged()
	return nil, true
}

// lifeOf is how long a socket lives until Slack asks for a fresh one. Lives differ a little, so that sockets that
// were opened together do not end together.
func lifeOf(k *socket) time.Duration {
	if k.debug {
		return debugLife
	}
	return connectionLife - time.Duration(k.number%maxSockets)*time.Minute
}

func helloFrame(k *socket, connections int) object {
	return object{
		"type": "hello", "num_connections": connections, "connection_info": object{"app_id": appID},
		"debug_info": object{
			"host": socketHost, "started": k.since.UTC().Format("2006-01-02 15:04:05.000"), "build_number": 54,
			"approximate_connection_time": int(k.life.Seconds()),
		},
	}
}

// socketHost is the machine that Slack's frames name.
const socketHost = "applink-simulator"

func disconnectFrame(reason string) object {
	return object{"type": "disconnect", "reason": reason, "debug_info": object{"host": socketHost}}
}

// dismiss takes a socket from the live ones.
func (h *hub) dismiss(k *socket) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if i := slices.Index(h.sockets, k); i >= 0 {
		h.sockets = slices.Delete(h.sockets, i, i+1)
		h.socketsChanged()
	}
}

// socketsChanged tells the page; the caller holds the lock.
func (h *hub) socketsChanged() { h.feed.add("sockets", object{"sockets": h.describe()}) }

func (h *hub) describe() []object {
	described := []object{}
	for _, k := range h.sockets {
		described = append(described, object{"id": k.number, "connected_at": k.since.UTC().Format(time.RFC3339Nano)})
	}
	return described
}

// state is the sockets key of /sim/state.
func (h *hub) state() []object {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.describe()
}

// push hands a frame to a live socket, each in its turn; false where none can take it. The caller holds the lock.
func (h *hub) push(frame []byte) bool {
	for range h.sockets {
		h.turn++
		k := h.sockets[h.turn%len(h.sockets)]
		if k.leaving {
			continue
		}
		select {
		case k.out <- frame:
			return true
		default: // it does not read; another may
		}
	}
	return false
}

// receive takes what came over a socket. What is no ack, or is too long, is dropped as Slack drops it.
func (h *hub) receive(frame []byte) {
	if len(frame) >= ackSizeLimit {
		return
	}
	var ack struct {
		Envelope string          `json:"envelope_id"`
		Payload  json.RawMessage `json:"payload"`
	}
	if json.Unmarshal(frame, &ack) != nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	e := h.waiting[ack.Envelope]
	if e == nil {
		return // unknown, late or acknowledged before
	}
	delete(h.waiting, ack.Envelope)
	if e.accepts {
		e.response = ack.Payload
	}
	e.ackedAt = h.now()
	close(e.acked)
}
