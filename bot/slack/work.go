package slack

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"fireboss/incidents/store"
)

// Bounds of working a delivery.
const (
	lookUpIn   = 1500 * time.Millisecond // what is asked of Slack on the way; without it things go on
	pointIn    = 200 * time.Millisecond  // the answer to open waits so long, from its arrival, for the channel it could point to
	maxTries   = 3                       // starts after which a delivery that ends the process is given up
	workLimit  = 30 * time.Second
	firstRetry = time.Second     // of an event that could not be stored
	lastRetry  = 5 * time.Second // it holds up its line, and people wait in it
)

// answering is what is left of a delivery when its change is made: to tell the
// one who asked. It answers what was said, to be kept; nil: nothing.
type answering func(context.Context) any

// task is one delivery while it is worked.
type task struct {
	env   envelope
	row   store.Delivery
	a     *arrival // nil after a restart
	tries int
}

// work carries out a delivery in its turn. The answer is given aside: nobody
// who is next in the line waits until Slack has taken it.
func (in *Intake) work(t *task) (again time.Duration) {
	ctx, cancel := context.WithTimeout(in.ctx, workLimit)
	defer cancel()
	answer, err := in.carryOut(ctx, t)
	switch {
	case in.ctx.Err() != nil:
		return 0 // we are stopping; the next start works it
	case err != nil:
		again = min(firstRetry<<min(t.tries, 6), lastRetry)
		t.tries++
		in.Log.Error().Err(err).Str("delivery", t.row.ID).Dur("again_in", again).Msg("an event could not be stored")
		return again
	}
	in.crash(pointWorked)
	in.conclude(t, answer)
	return 0
}

// conclude gives the answer, if there is one to give, and is done with a
// delivery.
func (in *Intake) conclude(t *task, answer answering) {
	if answer == nil {
		in.finish(t.row.ID, nil)
		return
	}
	in.beside(func() {
		ctx, cancel := context.WithTimeout(in.ctx, workLimit)
		defer cancel()
		said := in.guarded(ctx, t, answer)
		in.crash(pointAnswered)
		in.finish(t.row.ID, said)
	})
}

// carryOut makes the change that a delivery wants. An error says that it should
// be worked again; a panic is told to the one who asked.
func (in *Intake) carryOut(ctx context.Context, t *task) (answer answering, err error) {
	defer func() {
		if p := recover(); p != nil {
			in.Log.Error().Interface("panic", p).Bytes("stack", debug.Stack()).Str("delivery", t.row.ID).Msg("working a delivery panicked")
			answer, err = in.sorry(t, "Something went wrong on our side. Your command may not have been carried out: look before you repeat it."), nil
		}
	}()
	switch t.env.Type {
	case "slash_commands":
		return in.workSlash(ctx, t), nil
	case "interactive":
		return in.workInteraction(ctx, t), nil
	case "events_api":
		return in.workEvent(ctx, t)
	}
	return nil, nil
}

// guarded gives an answer; after a panic there is none.
func (in *Intake) guarded(ctx context.Context, t *task, answer answering) (said any) {
	defer func() {
		if p := recover(); p != nil {
			in.Log.Error().Interface("panic", p).Bytes("stack", debug.Stack()).Str("delivery", t.row.ID).Msg("answering panicked")
			said = nil
		}
	}()
	return answer(ctx)
}

// beside does something while the line goes on, or, where very much is being
// done so already, in its place.
func (in *Intake) beside(f func()) {
	select {
	case in.aside <- struct{}{}:
		in.answers.Go(func() {
			defer func() { <-in.aside }()
			f()
		})
	default:
		f()
	}
}

// sorry tells the one who asked, if somebody did, that it went wrong.
func (in *Intake) sorry(t *task, text string) answering {
	m := errorMessage(text)
	switch t.env.Type {
	case "slash_commands":
		return func(ctx context.Context) any { return in.answerSlash(ctx, t, m) }
	case "interactive":
		i, _ := readInteraction(t.env.Payload)
		return func(ctx context.Context) any {
			if v := resultView(m); t.a != nil && in.acknowledge(t.a, formAnswer{Action: "update", View: &v}) {
				return m // a form, which was waiting for it
			}
			in.answerLater(ctx, i.ResponseURL, i.User.ID, t.row.At, m)
			return m
		}
	}
	return nil
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
		t := &task{row: row}
		if err := lenient(row.Raw, &t.env); err != nil {
			in.finish(row.ID, nil)
			continue
		}
		in.line.add(row.Key, func() time.Duration { return in.resume(t) })
	}
	return nil
}

// resume works a delivery of an earlier start, unless working it has ended the
// process too often.
func (in *Intake) resume(t *task) (again time.Duration) {
	if t.tries > 0 {
		return in.work(t)
	}
	n, err := in.Store.Attempted(in.ctx, t.row.ID)
	switch {
	case in.ctx.Err() != nil || errors.Is(err, store.ErrNotFound):
		return 0
	case err != nil:
		in.Log.Error().Err(err).Str("delivery", t.row.ID).Msg("a delivery of an earlier start cannot be worked now")
		return lastRetry
	case n <= maxTries:
		return in.work(t)
	}
	in.Log.Error().Str("delivery", t.row.ID).Int("attempts", n).Msg("a delivery that ends the process each time was given up")
	in.conclude(t, in.sorry(t, "Fireboss broke down over what you asked for, several times, and gave it up. Look what became of it before you repeat it, and tell whoever runs Fireboss."))
	return 0
}
