package bot

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
	"fireboss/integrations"
)

// hookDoor is the door of deliveries that outside systems send.
const hookDoor = "hook"

// Bounds of what waits to be worked. Beyond them senders are told to try again: they keep what is refused so.
const (
	mostWaiting  = 100_000
	mostBytes    = 256 << 20
	hookLanes    = 4                // sources are worked side by side
	hookTries    = 3                // of a delivery that ended the process
	hookWait     = 2 * time.Second  // before something is tried again that the store did not take
	afterFor     = 30 * time.Second // what a source does beside
	lapsesAtOnce = 100
)

// alertIntake makes alerts, and what follows from them, of what outside systems send. What is sent is durable before it is
// answered and worked afterwards, in order by source; what was not finished when the program ended is worked after the
// start.
type alertIntake struct {
	store   store.Store
	sources map[string]*integrations.Source
	policy  func() alerts.Policy
	// watchers are the systems that tell by themselves, by name.
	watchers map[string]watcher
	pulse    *pulse
	began    time.Time // before this nothing was heard
	log      zerolog.Logger
	told     func(source, outcome string)

	lanes   [hookLanes]*lane
	waiting atomic.Int64 // deliveries
	bytes   atomic.Int64
	ready   atomic.Bool
	crowd   crowd
	lapse   bell // something may lapse sooner than was known
	work    sync.WaitGroup
	after   sync.WaitGroup
}

func newAlertIntake(s store.Store, sources map[string]*integrations.Source, policy func() alerts.Policy, log zerolog.Logger) *alertIntake {
	a := &alertIntake{store: s, sources: sources, policy: policy, log: log, lapse: newBell(), crowd: newCrowd(), began: time.Now()}
	for i := range a.lanes {
		a.lanes[i] = newLane()
	}
	a.pulse = a.newPulse()
	return a
}

// door is where they are sent to.
func (a *alertIntake) door(told func(source, outcome string)) *integrations.Door {
	return &integrations.Door{Sources: a.sources, Keep: a.keep, Ready: a.busy, Told: told, Log: a.log}
}

// busy says why nothing can be taken now.
func (a *alertIntake) busy() error {
	switch {
	case !a.ready.Load():
		return errors.New("it is starting or stopping")
	case a.waiting.Load() >= mostWaiting || a.bytes.Load() >= mostBytes:
		return fmt.Errorf("%d deliveries wait to be worked", a.waiting.Load())
	}
	return nil
}

// keep makes a delivery durable and has it worked.
func (a *alertIntake) keep(ctx context.Context, source string, r integrations.Request) error {
	defer a.crowd.comes()()
	raw, err := r.Pack()
	if err != nil {
		return err
	}
	row, _, err := a.store.Receive(ctx, store.Delivery{ID: hookID(source, r.At), Door: hookDoor, Key: source, At: r.At, Raw: raw, Once: true})
	if err != nil {
		return err
	}
	crash(pointHookKept)
	row.Raw = raw
	a.add(row)
	return nil
}

// hookID is an id for a delivery. It begins with the time, so that the rows of those that come together are together in
// the store, and costs fewer pages of each commit.
func hookID(source string, at time.Time) string {
	return hookDoor + ":" + source + ":" + strconv.FormatInt(at.UnixMicro(), 36) + "-" + rand.Text()[:13]
}

// add has a delivery worked, behind those that its source sent before.
func (a *alertIntake) add(row store.Delivery) {
	a.waiting.Add(1)
	a.bytes.Add(int64(len(row.Raw)))
	h := fnv.New32a()
	_, _ = h.Write([]byte(row.Key))
	a.lanes[h.Sum32()%hookLanes].add(row)
}

// run works what comes until the context ends.
func (a *alertIntake) run(ctx context.Context) {
	for _, lane := range a.lanes {
		a.work.Go(func() { a.worked(ctx, lane) })
	}
	a.work.Go(func() { a.lapses(ctx) })
	a.work.Go(func() { a.pulse.run(ctx) })
	for name, w := range a.watchers {
		a.work.Go(func() { a.watch(ctx, name, w) })
	}
	a.work.Wait()
	a.after.Wait()
}

// resume takes up what was kept before the program last ended, and lets more come.
func (a *alertIntake) resume(ctx context.Context) error {
	rows, err := a.store.Unfinished(ctx)
	if err != nil {
		return err
	}
	rows = slices.DeleteFunc(rows, func(row store.Delivery) bool { return row.Door != hookDoor && row.Door != watchDoor })
	if err := a.again(ctx, rows); err != nil {
		return err
	}
	for _, row := range rows {
		a.add(row)
	}
	a.ready.Store(true)
	return nil
}

// Bounds of counting attempts after a start.
const (
	triedAtOnce = 1000
	triedLarge  = 64 << 10 // bytes: what is larger is counted when it is worked
)

// again counts that deliveries are worked once more. Most of them were only waiting when the process ended, and are worked
// together; what is found a second time after that may have ended it, and is worked alone.
func (a *alertIntake) again(ctx context.Context, rows []store.Delivery) error {
	var waited []string
	for i := range rows {
		if rows[i].Attempts == 0 && len(rows[i].Raw) < triedLarge {
			waited = append(waited, rows[i].ID)
		} else {
			rows[i].Attempts++
		}
	}
	for ids := range slices.Chunk(waited, triedAtOnce) {
		if err := a.store.AttemptedAll(ctx, ids); err != nil {
			return err
		}
	}
	return nil
}

// rest lets nothing more in, and waits until what came is worked. What is not is worked after the next start.
func (a *alertIntake) rest(ctx context.Context) {
	a.ready.Store(false)
	for a.waiting.Load() > 0 {
		select {
		case <-ctx.Done():
			return
		case <-time.After(restLook):
		}
	}
}

// restLook is how often is looked whether all is worked.
const restLook = 20 * time.Millisecond

// patiently does something until it is done, which only the store can keep it from, and then not for ever; false where
// the context ends first.
func (a *alertIntake) patiently(ctx context.Context, delivery string, do func() error) bool {
	for ctx.Err() == nil {
		err := do()
		if err == nil {
			return true
		}
		if ctx.Err() != nil {
			break
		}
		a.log.Error().Err(err).Str("delivery", delivery).Msg("a delivery cannot be worked now")
		select {
		case <-ctx.Done():
		case <-time.After(hookWait):
		}
	}
	return false
}

func (a *alertIntake) mayLapse() {
	a.lapse.ring()
}

// lapses ends alerts of which nothing was heard for too long, and has the rules asked about those that are silenced no
// longer.
func (a *alertIntake) lapses(ctx context.Context) {
	rounds(ctx, a.lapse, func(ctx context.Context, now time.Time) time.Duration {
		return min(a.lapseOnce(ctx, now), a.askOnce(ctx, now), longestSleep) // clocks are set
	})
}

// lapseOnce ends what is due, and says how long there is nothing more to do.
func (a *alertIntake) lapseOnce(ctx context.Context, now time.Time) time.Duration {
	due, next, err := a.store.LapsedAlerts(ctx, now, lapsesAtOnce)
	for _, n := range due {
		p := a.policy()
		if _, _, lapseErr := a.store.ChangeAlert(ctx, n, func(f alerts.Facts) (alerts.Change, error) {
			if f.Known.LapsesAt.IsZero() || f.Known.LapsesAt.After(now) {
				return alerts.Change{}, nil // it was heard of since
			}
			return p.Lapse(*f.Known, a.began, now), nil
		}); lapseErr != nil {
			err = lapseErr
		}
	}
	switch {
	case err != nil && ctx.Err() == nil:
		a.log.Error().Err(err).Msg("alerts that lapse could not be ended")
		return hookWait
	case len(due) > 0:
		return 0 // there may be more, or some of them were given more time
	case next.IsZero():
		return 24 * time.Hour
	}
	return next.Sub(now)
}
