package slack

import (
	"context"
	"encoding/json"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// Door is this door's name: on deliveries, on mirrors' records, as the origin
// of events.
const Door = "slack"

// Desk answers requests; commands.Desk does.
type Desk interface {
	Handle(ctx context.Context, r commands.Request) commands.Reply
	Home(ctx context.Context, r commands.Request) (commands.Home, error)
}

// Intake takes envelopes in: durable first, then acknowledged, then worked. A
// slash command is worked before it is acknowledged, for its answer rides on
// the acknowledgement; where that takes longer than two seconds it is
// acknowledged empty and answered afterwards.
type Intake struct {
	Client    *Client
	Store     store.Store
	Desk      Desk
	Directory *Directory
	Card      Card
	Log       zerolog.Logger
	// Alarm opens incidents from messages that people react to.
	Alarm Alarm
	// Silent keeps what people write in a channel out of the record.
	Silent bool
	// Meanings are the emoji that mean something on a message of an incident's
	// channel, by name.
	Meanings map[string]Meaning
	// Poke says that something outside was changed by hand: look again.
	Poke func(incidents.Number)
	// Placed waits until an incident has its channel, or the context ends: so
	// that the answer to open can point there.
	Placed func(context.Context, incidents.Number)
	// Acked is told how long an acknowledgement took, by type of envelope; may be nil.
	Acked func(kind string, took time.Duration)

	once    sync.Once
	line    *queue
	ctx     context.Context // of all the work; ended by Close
	end     context.CancelFunc
	space   chan struct{} // envelopes that are being made durable
	aside   chan struct{} // answers that are being given
	answers sync.WaitGroup
	done    doneMarks
	moves   moves
}

// Slack waits three seconds for an acknowledgement; an answer has two of them.
const (
	answerIn    = 2 * time.Second
	repeatEvery = 20 * time.Millisecond // a look whether the same command was answered meanwhile
	workers     = 32
	inFlight    = 512
	asides      = 256
)

func (in *Intake) start() {
	in.once.Do(func() {
		in.ctx, in.end = context.WithCancel(context.Background())
		in.line, in.space, in.aside = newQueue(in.ctx, workers), make(chan struct{}, inFlight), make(chan struct{}, asides)
		if in.Acked == nil {
			in.Acked = func(string, time.Duration) {}
		}
	})
}

// arrival is one envelope on its way through.
type arrival struct {
	env     envelope
	send    func([]byte) error
	at      time.Time
	durable chan struct{} // closed when the next three are known
	row     store.Delivery
	fresh   bool
	err     error
	form    bool // it is a form, which is answered like a command

	acked atomic.Bool // or being acknowledged
}

// Frame takes one envelope in. It is called in the order of arrival and keeps
// that order within a channel.
func (in *Intake) Frame(raw []byte, send func([]byte) error) {
	in.start()
	a := &arrival{send: send, at: time.Now(), durable: make(chan struct{})}
	var err error
	if a.env, err = readEnvelope(raw); err != nil || a.env.ID == "" {
		in.Log.Warn().Err(err).Msg("an envelope cannot be read")
		return
	}
	if a.env.Type != "slash_commands" && a.env.Type != "interactive" && a.env.Type != "events_api" {
		in.Log.Info().Str("type", a.env.Type).Msg("an envelope of a type that is not used here was acknowledged and left")
		in.acknowledge(a, nil)
		return
	}
	a.form = a.env.isForm()
	id, channel := a.env.deliveryID()
	key := in.key(a.env.Type, id, channel)
	row := store.Delivery{ID: id, Door: Door, Key: key, At: a.at, Raw: raw}
	in.space <- struct{}{}
	go func() {
		defer func() { <-in.space }()
		in.receive(a, row)
	}()
	t := &task{env: a.env, a: a}
	in.line.add(key, func() time.Duration { return in.arrived(t) })
}

// key is the line in which something is worked: an incident's channel keeps its
// order; elsewhere no command waits for another.
func (in *Intake) key(kind, id, channel string) string {
	if kind == "events_api" {
		return channel
	}
	if _, err := in.Store.AtPlace(in.ctx, Door, channel); err == nil {
		return channel
	}
	return id
}

// receive makes an envelope durable, then acknowledges what needs no answer.
func (in *Intake) receive(a *arrival, row store.Delivery) {
	a.row, a.fresh, a.err = in.Store.Receive(in.ctx, row)
	close(a.durable)
	in.crash(pointReceived)
	switch {
	case a.err != nil:
		in.Log.Error().Err(a.err).Str("delivery", row.ID).Msg("an envelope could not be stored; it is not acknowledged")
		if a.env.Type == "slash_commands" {
			in.acknowledge(a, errorMessage("Fireboss cannot write to its store right now, so nothing was done. Tell whoever runs it, and try again in a minute."))
		}
	case a.env.Type == "slash_commands":
		time.AfterFunc(answerIn-time.Since(a.at), func() { in.acknowledge(a, nil) })
	case a.form:
		v := workingView(lateView(row.ID))
		time.AfterFunc(answerIn-time.Since(a.at), func() { in.acknowledge(a, formAnswer{Action: "update", View: &v}) })
	default:
		in.acknowledge(a, nil)
	}
}

// acknowledge answers Slack, once. It reports whether this call was the one,
// and the payload was taken along: one that is too large would be dropped by
// Slack without a word, and the acknowledgement with it.
func (in *Intake) acknowledge(a *arrival, payload any) (carried bool) {
	if !a.acked.CompareAndSwap(false, true) {
		return false
	}
	frame, whole := ackFrame(a.env.ID, payload)
	if err := a.send(frame); err != nil {
		in.Log.Warn().Err(err).Str("envelope", a.env.ID).Msg("an acknowledgement did not reach Slack")
		return false
	}
	in.crash(pointAcked)
	in.Acked(a.env.Type, time.Since(a.at))
	return whole
}

func (in *Intake) crash(point string) { in.Client.wire.crash(point) }

// ackFrame is an acknowledgement; whole reports whether the payload is in it.
func ackFrame(id string, payload any) (frame []byte, whole bool) {
	type ack struct {
		EnvelopeID string `json:"envelope_id"`
		Payload    any    `json:"payload,omitempty"`
	}
	if b, err := json.Marshal(ack{id, payload}); err == nil && len(b) <= maxAck {
		return b, true
	}
	b, _ := json.Marshal(ack{EnvelopeID: id}) // one string
	return b, false
}

// arrived works an envelope in its turn.
func (in *Intake) arrived(t *task) (again time.Duration) {
	a := t.a
	select {
	case <-a.durable:
	case <-in.ctx.Done():
		return 0
	}
	t.row = a.row
	switch {
	case a.err != nil:
		return 0
	case a.fresh:
		return in.work(t)
	case a.env.Type == "slash_commands" || a.form:
		in.beside(func() { in.repeat(a) })
	}
	return 0 // it was worked, or is in a line that will
}

// repeat answers a slash command, or a form, that came again with what its first delivery
// was answered, as soon as that is kept.
func (in *Intake) repeat(a *arrival) {
	row, err := a.row, error(nil)
	for !row.Done && err == nil && !a.acked.Load() && sleep(in.ctx, repeatEvery) == nil {
		row, _, err = in.Store.Receive(in.ctx, a.row)
	}
	if row.Done {
		in.acknowledge(a, stored(row.Result))
	}
}

// stored is the answer that was given to a delivery before; nil if there was none.
func stored(result []byte) any {
	if len(result) == 0 || !json.Valid(result) {
		return nil
	}
	return json.RawMessage(result)
}

// Close takes nothing more in and lets what is being worked come to its end,
// within the context.
func (in *Intake) Close(ctx context.Context) {
	in.start()
	done := make(chan struct{})
	go func() {
		defer close(done)
		<-in.line.close()
		in.answers.Wait() // only what was in line adds to them
		in.done.storing.Wait()
	}()
	select {
	case <-done:
	case <-ctx.Done():
		in.end()
		<-done
	}
	in.end()
}
