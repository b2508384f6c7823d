package bot

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"hash/fnv"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
	"fireboss/integrations"
)

// hookDoor is the door of deliveries that outside systems send.
const hookDoor = "hook"

// Bounds of what waits to be worked. Beyond them senders are told to try again: they keep what is refused so.
const (
	mostWaiting  = 20_000
	mostBytes    = 256 << 20
	hookLanes    = 4                // sources are read side by side
	signalLanes  = 32               // and what they say is decided about, in order by alert
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
	log      zerolog.Logger
	told     func(source, outcome string)

	lanes   [hookLanes]chan store.Delivery
	signals [signalLanes]chan signalled
	waiting atomic.Int64 // deliveries
	bytes   atomic.Int64
	ready   atomic.Bool
	lapse   chan struct{} // something may lapse sooner than was known
	work    sync.WaitGroup
	after   sync.WaitGroup
}

func newAlertIntake(s store.Store, sources map[string]*integrations.Source, policy func() alerts.Policy, log zerolog.Logger) *alertIntake {
	a := &alertIntake{store: s, sources: sources, policy: policy, log: log, lapse: make(chan struct{}, 1)}
	for i := range a.lanes {
		a.lanes[i] = make(chan store.Delivery, mostWaiting)
	}
	for i := range a.signals {
		a.signals[i] = make(chan signalled, signalsAhead)
	}
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
	raw, err := r.Pack()
	if err != nil {
		return err
	}
	row := store.Delivery{ID: hookDoor + ":" + source + ":" + rand.Text(), Door: hookDoor, Key: source, At: r.At, Raw: raw}
	row, _, err = a.store.Receive(ctx, row)
	if err != nil {
		return err
	}
	crash(pointHookKept)
	row.Raw = raw
	a.add(context.WithoutCancel(ctx), row)
	return nil
}

// add has a delivery worked, behind those that its source sent before; false where the context ends first.
func (a *alertIntake) add(ctx context.Context, row store.Delivery) bool {
	a.waiting.Add(1)
	a.bytes.Add(int64(len(row.Raw)))
	h := fnv.New32a()
	_, _ = h.Write([]byte(row.Key))
	select {
	case a.lanes[h.Sum32()%hookLanes] <- row:
		return true
	case <-ctx.Done():
		return false
	}
}

// run works what comes until the context ends.
func (a *alertIntake) run(ctx context.Context) {
	for _, lane := range a.lanes {
		a.work.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case row := <-lane:
					a.one(ctx, row)
				}
			}
		})
	}
	for _, lane := range a.signals {
		a.work.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case s := <-lane:
					if a.patiently(ctx, s.heard.Delivery, func() error { return a.hear(ctx, s.policy, s.heard) }) {
						s.done()
					}
				}
			}
		})
	}
	a.work.Go(func() { a.lapses(ctx) })
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
	a.after.Go(func() { // more may wait than a lane holds
		for _, row := range rows {
			if row.Door == hookDoor || row.Door == watchDoor {
				row.Attempts++ // it is not the first time
				if !a.add(ctx, row) {
					return
				}
			}
		}
		a.ready.Store(true)
	})
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

// one works a delivery to its end; what it says may still be decided about when it returns.
func (a *alertIntake) one(ctx context.Context, row store.Delivery) {
	a.patiently(ctx, row.ID, func() error { return a.safely(ctx, row) })
}

// finish says that a delivery is worked.
func (a *alertIntake) finish(ctx context.Context, row store.Delivery) {
	crash(pointHookHeard)
	if a.patiently(ctx, row.ID, func() error { return a.store.Finish(ctx, row.ID, nil) }) {
		a.waiting.Add(-1)
		a.bytes.Add(-int64(len(row.Raw)))
	}
}

func (a *alertIntake) safely(ctx context.Context, row store.Delivery) (err error) {
	defer func() {
		if v := recover(); v != nil {
			a.log.Error().Str("delivery", row.ID).Interface("panic", v).Bytes("stack", debug.Stack()).Msg("a delivery could not be read and was given up")
			a.finish(ctx, row)
		}
	}()
	if row.Attempts > 0 {
		n, err := a.store.Attempted(ctx, row.ID)
		if err != nil {
			return err
		}
		if n > hookTries {
			a.log.Error().Str("delivery", row.ID).Int("attempts", n).Msg("a delivery that ends the process each time was given up")
			a.finish(ctx, row)
			return nil
		}
	}
	return a.tell(ctx, row)
}

// tell finds out what a delivery says, and has it decided about. An error is the store's.
func (a *alertIntake) tell(ctx context.Context, row store.Delivery) error {
	report, ok := a.read(ctx, row)
	if !ok {
		a.finish(ctx, row)
		return nil
	}
	return a.heard(ctx, row, report)
}

// read is what a delivery says; false where it says nothing that can be read.
func (a *alertIntake) read(ctx context.Context, row store.Delivery) (report alerts.Report, ok bool) {
	if row.Door == watchDoor {
		report, err := watchedReport(row)
		if err != nil {
			a.log.Error().Err(err).Str("delivery", row.ID).Msg("what a watched system told was given up")
		}
		return report, err == nil
	}
	source := a.sources[row.Key]
	if source == nil {
		a.log.Warn().Str("source", row.Key).Msg("a delivery was left that nothing in the configuration reads any more")
		return report, false
	}
	request, err := integrations.Unpack(row.Raw, row.At)
	if err != nil {
		a.log.Error().Err(err).Str("delivery", row.ID).Msg("a delivery was given up")
		return report, false
	}
	if report, err = source.Read(request); err != nil {
		a.told(row.Key, "unreadable")
		a.log.Warn().Str("source", row.Key).Str("what", err.Error()).Msg("a delivery says nothing that can be read")
		return report, false
	}
	if source.After != nil {
		a.beside(ctx, row.Key, source, request)
	}
	return report, true
}

// beside does what a delivery asks for besides; nobody waits for it.
func (a *alertIntake) beside(ctx context.Context, name string, source *integrations.Source, r integrations.Request) {
	a.after.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, afterFor)
		defer cancel()
		if err := source.After(ctx, r); err != nil {
			a.log.Error().Err(err).Str("source", name).Msg("what a delivery asks for could not be done")
		}
	})
}

// signalled is a signal that is to be heard, and who wants to know that it was.
type signalled struct {
	policy alerts.Policy
	heard  alerts.Heard
	done   func()
}

// signalsAhead is how many signals of a lane may wait to be heard.
const signalsAhead = 256

// heard works what a delivery says: its signals side by side, those of one alert in the order in which they came.
func (a *alertIntake) heard(ctx context.Context, row store.Delivery, r alerts.Report) error {
	id := hookDoor + ":" + row.Key + ":" + r.ID
	if r.ID != "" { // a second delivery with the sender's own id says nothing new
		seen, err := a.seen(ctx, id, row)
		if err != nil {
			return err
		}
		if seen {
			a.finish(ctx, row)
			return nil
		}
	}
	policy := a.policy()
	if len(r.Groups)+len(r.Changes)+len(r.Pages) == 0 && r.ID == "" { // nothing has to wait for them
		var left atomic.Int64
		left.Store(int64(len(r.Signals)) + 1)
		done := func() {
			if left.Add(-1) == 0 {
				a.finish(ctx, row)
			}
		}
		a.dispatch(ctx, policy, row, r.Signals, done)
		done()
		return nil
	}
	var all sync.WaitGroup
	all.Add(len(r.Signals))
	if !a.dispatch(ctx, policy, row, r.Signals, all.Done) {
		return ctx.Err()
	}
	if !waitFor(ctx, &all) {
		return ctx.Err()
	}
	for _, group := range r.Groups {
		if err := a.groupOver(ctx, policy, row, group, len(r.Signals)); err != nil {
			return err
		}
	}
	for _, news := range r.Pages {
		if err := a.answered(ctx, row, news); err != nil {
			return err
		}
	}
	for _, change := range r.Changes {
		if err := a.store.PutServiceChange(ctx, change); err != nil {
			return err
		}
	}
	if r.ID != "" {
		if err := a.remember(ctx, id, row); err != nil {
			return err
		}
	}
	a.finish(ctx, row)
	return nil
}

// dispatch has signals heard; false where the context ends first.
func (a *alertIntake) dispatch(ctx context.Context, p alerts.Policy, row store.Delivery, list []alerts.Signal, done func()) bool {
	for i, signal := range list {
		s := signalled{p, alerts.Heard{Source: row.Key, Signal: signal.Clean(row.At), Delivery: row.ID, Place: i + 1, At: row.At}, done}
		h := fnv.New32a()
		_, _ = h.Write([]byte(row.Key + "\x00" + s.heard.Signal.Fingerprint))
		select {
		case a.signals[h.Sum32()%signalLanes] <- s:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// waitFor waits until all are done; false where the context ends first.
func waitFor(ctx context.Context, all *sync.WaitGroup) bool {
	done := make(chan struct{})
	go func() {
		all.Wait()
		close(done)
	}()
	select {
	case <-done:
		return true
	case <-ctx.Done():
		return false
	}
}

// answered writes down what somebody has done there with a page of ours. What is said again changes nothing.
func (a *alertIntake) answered(ctx context.Context, row store.Delivery, p alerts.PageNews) error {
	n, ok := incidents.ParsePageKey(p.Key)
	if !ok {
		return nil
	}
	act := incidents.PageAnswered{Key: p.Key, By: p.By, At: p.At, State: incidents.PageAcknowledged}
	if p.Status == alerts.Resolved {
		act.State = incidents.PageOver
	}
	_, err := a.store.Apply(ctx, incidents.Command{
		ID:    "page news:" + row.Key + ":" + p.Key + ":" + string(p.Status),
		Actor: incidents.Actor{Kind: incidents.Integration, ID: "integration:" + row.Key, Name: row.Key, Admin: true}, At: row.At, Incident: n, Origin: "alerts", Do: act,
	})
	if refusal, no := incidents.AsRefusal(err); no {
		a.log.Warn().Str("source", row.Key).Str("refusal", refusal.Text).Msg("what was done with a page is not written down")
		return nil
	}
	return err
}

// seen says whether a delivery with the sender's id was worked before. One that was begun and not finished was not.
func (a *alertIntake) seen(ctx context.Context, id string, row store.Delivery) (bool, error) {
	earlier, fresh, err := a.store.Receive(ctx, store.Delivery{ID: id, Door: "hook id", At: row.At, Raw: []byte(row.ID)})
	if err != nil || fresh {
		return false, err
	}
	return earlier.Done, nil
}

func (a *alertIntake) remember(ctx context.Context, id string, row store.Delivery) error {
	return a.store.Finish(ctx, id, []byte(row.ID))
}

// hear decides about a signal. Where the rules want of an incident what is refused, such as a type that there is no more,
// people are told instead.
func (a *alertIntake) hear(ctx context.Context, p alerts.Policy, h alerts.Heard) error {
	alert, _, err := a.store.HearAlert(ctx, h, func(f alerts.Facts) alerts.Change { return p.Hear(h, f) })
	if refusal, refused := incidents.AsRefusal(err); refused {
		a.log.Error().Err(err).Str("fingerprint", h.Signal.Fingerprint).Msg("what the rules for alerts want is refused; people are told instead")
		instead := p.Instead(refusal.Text)
		alert, _, err = a.store.HearAlert(ctx, h, func(f alerts.Facts) alerts.Change { return instead.Hear(h, f) })
	}
	var panicked *store.PanicError
	if errors.As(err, &panicked) {
		a.log.Error().Err(err).Str("fingerprint", h.Signal.Fingerprint).Bytes("stack", panicked.Stack).Msg("an alert could not be decided about")
		return nil
	}
	if err == nil && !alert.LapsesAt.IsZero() {
		a.mayLapse()
	}
	return err
}

// groupOver ends what is left of a group that is over, of which its source did not name every alert.
func (a *alertIntake) groupOver(ctx context.Context, p alerts.Policy, row store.Delivery, group string, place int) error {
	open, err := a.store.OpenInGroup(ctx, row.Key, group)
	if err != nil {
		return err
	}
	for i, alert := range open {
		s := alert.Signal
		s.Status, s.Count, s.EndedAt, s.Expires = alerts.Resolved, 0, time.Time{}, time.Time{}
		if err := a.hear(ctx, p, alerts.Heard{Source: row.Key, Signal: s, Delivery: row.ID, Place: place + i + 1, At: row.At}); err != nil {
			return err
		}
	}
	return nil
}

func (a *alertIntake) mayLapse() {
	select {
	case a.lapse <- struct{}{}:
	default:
	}
}

// lapses ends alerts of which nothing was heard for too long.
func (a *alertIntake) lapses(ctx context.Context) {
	for ctx.Err() == nil {
		wait := a.lapseOnce(ctx, time.Now())
		select {
		case <-ctx.Done():
		case <-a.lapse:
		case <-time.After(wait):
		}
	}
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
			return p.Lapse(*f.Known, now), nil
		}); lapseErr != nil {
			err = lapseErr
		}
	}
	switch {
	case err != nil && ctx.Err() == nil:
		a.log.Error().Err(err).Msg("alerts that lapse could not be ended")
		return hookWait
	case len(due) == lapsesAtOnce:
		return 0
	case next.IsZero():
		return 24 * time.Hour
	}
	return next.Sub(now)
}
