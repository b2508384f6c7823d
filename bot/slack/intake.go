package slack

import (
	"context"
	"encoding/json"
	"runtime/debug"
	"sync"
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
	// Poke says that something outside was changed by hand: look again.
	Poke func(incidents.Number)
	// Placed waits until an incident has its channel, or the context ends: so
	// that the answer to open can point there.
	Placed func(context.Context, incidents.Number)
	// Acked is told how long an acknowledgement took, by type of envelope; may be nil.
	Acked func(kind string, took time.Duration)
	// Crash is a place where a test may end the process; may be nil.
	Crash func(point string)

	once  sync.Once
	line  *queue
	ctx   context.Context // of all the work; ended by Close
	end   context.CancelFunc
	space chan struct{} // envelopes that are being made durable
}

// Slack waits three seconds for an acknowledgement; an answer has two of them.
const (
	answerIn  = 2 * time.Second
	lookUpIn  = 1500 * time.Millisecond
	placeIn   = 200 * time.Millisecond // an answer waits so long for the channel that it could point to
	workers   = 32
	inFlight  = 512
	maxTries  = 3
	workLimit = 30 * time.Second
)

func (in *Intake) start() {
	in.once.Do(func() {
		in.line, in.space = newQueue(workers), make(chan struct{}, inFlight)
		in.ctx, in.end = context.WithCancel(context.Background())
		if in.Acked == nil {
			in.Acked = func(string, time.Duration) {}
		}
		if in.Crash == nil {
			in.Crash = func(string) {}
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

	ack   sync.Once
	acked bool // by us, with success
}

// Frame takes one envelope in. It is called in the order of arrival and keeps
// that order within a channel.
func (in *Intake) Frame(raw []byte, send func([]byte) error) {
	in.start()
	a := &arrival{send: send, at: time.Now(), durable: make(chan struct{})}
	if err := lenient(raw, &a.env); err != nil || a.env.ID == "" {
		in.Log.Warn().Err(err).Msg("an envelope cannot be read")
		return
	}
	if a.env.Type != "slash_commands" && a.env.Type != "interactive" && a.env.Type != "events_api" {
		in.Log.Info().Str("type", a.env.Type).Msg("an envelope of a type that is not used here was acknowledged and left")
		in.acknowledge(a, nil)
		return
	}
	id, channel, user := a.env.deliveryID()
	key := in.key(channel, user)
	row := store.Delivery{ID: id, Door: Door, Key: key, At: a.at, Raw: raw}
	in.space <- struct{}{}
	go func() {
		defer func() { <-in.space }()
		in.receive(a, row)
	}()
	in.line.add(key, func() { in.arrived(a) })
}

// key is the line in which something is worked: an incident's channel keeps its
// order; elsewhere nobody has to wait for anybody else.
func (in *Intake) key(channel, user string) string {
	if user == "" {
		return channel
	}
	if _, err := in.Store.AtPlace(in.ctx, Door, channel); err == nil {
		return channel
	}
	return user
}

// receive makes an envelope durable, then acknowledges what needs no answer.
func (in *Intake) receive(a *arrival, row store.Delivery) {
	a.row, a.fresh, a.err = in.Store.Receive(in.ctx, row)
	close(a.durable)
	in.Crash("received")
	switch {
	case a.err != nil:
		in.Log.Error().Err(a.err).Str("delivery", row.ID).Msg("an envelope could not be stored; it is not acknowledged")
		if a.env.Type == "slash_commands" {
			in.acknowledge(a, errorMessage("Fireboss cannot write to its store right now, so nothing was done. Tell whoever runs it, and try again in a minute."))
		}
	case a.env.Type == "slash_commands":
		time.AfterFunc(answerIn-time.Since(a.at), func() { in.acknowledge(a, nil) })
	default:
		in.acknowledge(a, nil)
	}
}

// acknowledge answers Slack, once. It reports whether this call was the one,
// and Slack was reached.
func (in *Intake) acknowledge(a *arrival, payload *message) bool {
	mine := false
	a.ack.Do(func() {
		frame := map[string]any{"envelope_id": a.env.ID}
		if payload != nil {
			frame["payload"] = payload
		}
		b, err := json.Marshal(frame)
		if err == nil && len(b) > maxAck {
			return // too large: Slack would drop it without a word
		}
		if err == nil {
			err = a.send(b)
		}
		if err != nil {
			in.Log.Warn().Err(err).Str("envelope", a.env.ID).Msg("an acknowledgement did not reach Slack")
			return
		}
		in.Acked(a.env.Type, time.Since(a.at))
		mine = true
	})
	return mine
}

// arrived works an envelope in its turn.
func (in *Intake) arrived(a *arrival) {
	select {
	case <-a.durable:
	case <-in.ctx.Done():
		return
	}
	if a.err != nil {
		return
	}
	if !a.fresh {
		if a.row.Done && a.env.Type == "slash_commands" {
			var m message
			_ = json.Unmarshal(a.row.Result, &m)
			in.acknowledge(a, &m)
		}
		return // it was worked, or is in a line that will
	}
	in.work(a.env, a.row, a)
}

// Resume works what was received and not finished when the program last ended.
// Whoever waited may have seen a time-out, so the answer comes as a message.
func (in *Intake) Resume(ctx context.Context) error {
	in.start()
	rows, err := in.Store.Unfinished(ctx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.Door != Door {
			continue
		}
		var env envelope
		if err := lenient(row.Raw, &env); err != nil {
			in.finish(row.ID, nil)
			continue
		}
		in.line.add(row.Key, func() {
			if n, err := in.Store.Attempted(in.ctx, row.ID); err != nil || n > maxTries {
				in.Log.Error().Err(err).Str("delivery", row.ID).Int("attempts", n).Msg("a delivery that cannot be worked was given up")
				in.finish(row.ID, nil)
				return
			}
			in.work(env, row, nil)
		})
	}
	return nil
}

// work carries out one delivery. a is nil after a restart.
func (in *Intake) work(env envelope, row store.Delivery, a *arrival) {
	ctx, cancel := context.WithTimeout(in.ctx, workLimit)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			in.Log.Error().Interface("panic", p).Bytes("stack", debug.Stack()).Str("delivery", row.ID).Msg("working a delivery panicked")
			in.finish(row.ID, nil)
		}
	}()
	var answer *message
	switch env.Type {
	case "slash_commands":
		answer = in.workSlash(ctx, env, row, a)
	case "interactive":
		in.workClick(ctx, env, row)
	case "events_api":
		if err := in.workEvent(ctx, env, row); err != nil {
			in.Log.Error().Err(err).Str("delivery", row.ID).Msg("an event could not be worked; it is tried again at the next start")
			return
		}
	}
	in.Crash("worked")
	in.finish(row.ID, answer)
}

func (in *Intake) finish(id string, answer *message) {
	var result []byte
	if answer != nil {
		result, _ = json.Marshal(answer)
	}
	if err := in.Store.Finish(in.ctx, id, result); err != nil {
		in.Log.Error().Err(err).Str("delivery", id).Msg("a delivery could not be marked as done; it will be worked again, and change nothing")
	}
}

// Close lets what is being worked come to its end, within the context.
func (in *Intake) Close(ctx context.Context) {
	in.start()
	done := make(chan struct{})
	go func() {
		in.line.wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
		in.end()
		<-done
	}
	in.end()
}
