package slack

import (
	"context"
	"errors"
	"fmt"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// Gaps closes the gaps in the record: what was said, changed, taken back or marked,
// and who came and went, in the channels of incidents while nobody listened. Slack sends again what was
// not taken, but only for some minutes; what it knows for longer is a channel's
// history. It is read after each connection, since the last look, and now and then
// besides, and each message is recorded once, whoever told of it first.
type Gaps struct {
	Intake *Intake

	wake chan struct{}
}

// readMark is the mirror in whose records stands how far a channel was read.
const readMark = "slack history"

// idRead is the ts of the last message that a look has seen.
const idRead = "read"

// Bounds of looking.
const (
	lookAfter  = 3 * time.Second // a connection: what Slack sends again at once comes first
	lookEvery  = time.Hour
	lookPause  = 10 * time.Second // between two looks, at least: a connection that comes and goes costs no more
	lookAgain  = time.Minute      // after one that failed
	overlapped = 7 * time.Minute  // before the last message: Slack sends again for six minutes
	deepPages  = 5                // of 200 messages: how far back changes and answers are looked for
	newest     = 200              // incidents; those of them that have just ended are looked at too
	afterwards = 24 * time.Hour   // they are closed
	// missing is how young a message must be to be taken for deleted because it is
	// not there: a workspace may be set to forget older ones by itself, after a day
	// at the earliest.
	missing = 20 * time.Hour
)

// NewGaps makes what closes the gaps of an intake.
func NewGaps(in *Intake) *Gaps { return &Gaps{Intake: in, wake: make(chan struct{}, 1)} }

// Connected says that there is a connection again; it does not block.
func (g *Gaps) Connected() {
	select {
	case g.wake <- struct{}{}:
	default:
	}
}

// Run looks until the context ends.
func (g *Gaps) Run(ctx context.Context) {
	g.Intake.start()
	wait, deep := lookEvery, false
	for {
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-g.wake:
			timer.Stop()
			deep = true
			if sleep(ctx, lookAfter) != nil {
				return
			}
		case <-timer.C:
		}
		wait = lookEvery
		if err := g.once(ctx, deep); err != nil {
			if ctx.Err() != nil {
				return
			}
			g.Intake.Log.Warn().Err(err).Dur("again_in", lookAgain).Msg("what was missed in a channel cannot be read now")
			wait = lookAgain
		} else {
			deep = false
		}
		if sleep(ctx, lookPause) != nil {
			return
		}
	}
}

// once looks at the channel of every incident that people work on.
func (g *Gaps) once(ctx context.Context, deep bool) error {
	open, err := g.Intake.Store.Incidents(ctx, store.Query{Open: true})
	if err != nil {
		return err
	}
	last, err := g.Intake.Store.Incidents(ctx, store.Query{Limit: newest})
	if err != nil {
		return err
	}
	for _, in := range last {
		over := in.Over()
		if in.Status == incidents.Resolved || in.Status.Ended() && time.Since(over) < afterwards {
			open = append(open, in)
		}
	}
	var failed error
	for _, in := range open {
		if err := g.patiently(ctx, in.Number, deep); err != nil {
			failed = fmt.Errorf("%s: %w", in.Number, err)
		}
	}
	return failed
}

// patiently looks at one channel, when it is its turn at Slack: others are more
// urgent.
func (g *Gaps) patiently(ctx context.Context, n incidents.Number, deep bool) error {
	for {
		err := g.look(ctx, n, deep)
		var later *Later
		if !errors.As(err, &later) {
			return err
		}
		if err := sleep(ctx, later.After); err != nil {
			return err
		}
	}
}
