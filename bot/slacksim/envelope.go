package slacksim

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"
)

// The two ways in which the app does not answer a person, by Slack's names.
var (
	errDispatchFailed   = errors.New("dispatch_failed")   // no socket was connected
	errOperationTimeout = errors.New("operation_timeout") // no ack within three seconds
)

// envelope is one frame that the app has to acknowledge.
type envelope struct {
	id      string
	frame   []byte
	accepts bool // an answer may come with the ack

	awaited  int           // how many deliveries of it wait for the ack; guarded by the hub's lock
	sentAt   time.Time     // the last one's
	acked    chan struct{} // closed when acknowledged; then ackedAt and response are set
	ackedAt  time.Time
	response json.RawMessage
}

// retry is what an event's envelope says of its being sent again.
type retry struct {
	attempt int
	reason  string
}

func newEnvelope(kind string, payload json.RawMessage, accepts bool, again *retry) *envelope {
	id := newUUID()
	frame := object{"envelope_id": id, "type": kind, "payload": payload, "accepts_response_payload": accepts}
	if again != nil {
		frame["retry_attempt"], frame["retry_reason"] = again.attempt, again.reason
	}
	return &envelope{id: id, frame: mustJSON(frame), accepts: accepts, acked: make(chan struct{})}
}

// send sends e over any live socket.
func (h *hub) send(e *envelope) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.push(e.frame) {
		return errDispatchFailed
	}
	h.awaits(e)
	h.sent = append(h.sent, e)
	if len(h.sent) > keptEnvelopes {
		h.sent = slices.Delete(h.sent, 0, 1)
	}
	return nil
}

// await waits until e is acknowledged, at most three seconds from its sending.
func (h *hub) await(e *envelope) error {
	timer := time.NewTimer(ackDeadline)
	defer timer.Stop()
	select {
	case <-e.acked:
		return nil
	case <-timer.C:
	case <-h.life.ctx.Done():
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	select {
	case <-e.acked:
		return nil
	default:
	}
	if e.awaited--; e.awaited == 0 {
		delete(h.waiting, e.id)
	}
	return errOperationTimeout
}

// redeliver sends an envelope once more, the very same, as Slack at times does. It returns the envelope whose ack
// to await, or nil where none with this id was sent lately.
func (h *hub) redeliver(id string) (*envelope, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	i := slices.IndexFunc(h.sent, func(e *envelope) bool { return e.id == id })
	if i < 0 {
		return nil, nil
	}
	e := h.waiting[id]
	if e == nil {
		e = &envelope{id: id, frame: h.sent[i].frame, accepts: h.sent[i].accepts, acked: make(chan struct{})}
	}
	if !h.push(e.frame) {
		return e, errDispatchFailed
	}
	h.awaits(e)
	return e, nil
}

// awaits notes that e was delivered just now; whoever sent it calls await. The caller holds the lock.
func (h *hub) awaits(e *envelope) {
	e.sentAt = h.now()
	e.awaited++
	h.waiting[e.id] = e
}

// deliverEvent sends an event now and again until it is acknowledged or Slack's attempts are used up. Every
// attempt is an envelope of its own around the same event.
func (h *hub) deliverEvent(payload json.RawMessage) {
	e := newEnvelope("events_api", payload, false, &retry{})
	err := h.send(e)
	h.life.run(func(ctx context.Context) {
		if err == nil {
			err = h.await(e)
		}
		for i, delay := range h.retries {
			if err == nil || !wait(ctx, delay) {
				return
			}
			e = newEnvelope("events_api", payload, false, &retry{attempt: i + 1, reason: "timeout"})
			if err = h.send(e); err == nil {
				err = h.await(e)
			}
		}
	})
}

// answered says whether an ack carried anything: the Node SDK acknowledges with an empty object.
func answered(response json.RawMessage) bool {
	trimmed := bytes.TrimSpace(response)
	return len(trimmed) > 0 && !bytes.Equal(trimmed, []byte("null")) && !bytes.Equal(trimmed, []byte("{}"))
}
