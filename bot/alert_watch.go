package bot

import (
	"context"
	"encoding/json"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// watchDoor is the door of what is told by a system that is watched.
const watchDoor = "watch"

// Pauses between two watches of one system: twice as long each time, until one has told something.
const (
	firstWatch = time.Second
	lastWatch  = time.Minute
)

// watcher has a system tell while things happen; see [integrations.Integration.Watch].
type watcher func(ctx context.Context, since string, told func(report alerts.Report, since string) error) error

// watch has a system tell until the context ends. Where it got to is a row of the store, and so is what it tells: a report
// whose place was not written down before we died comes again, under the same id.
func (a *alertIntake) watch(ctx context.Context, name string, w watcher) {
	wait := firstWatch
	for ctx.Err() == nil {
		timer, err := a.store.Timer(ctx, watchDoor+" "+name)
		if err == nil {
			err = w(ctx, timer.Spec, func(r alerts.Report, since string) error {
				wait = firstWatch
				return a.watched(ctx, name, r, since)
			})
		}
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			a.log.Warn().Err(err).Str("source", name).Dur("again", wait).Msg("what is watched has to be watched anew")
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
		wait = min(2*wait, lastWatch)
	}
}

// fullLook is how often is looked whether there is room again.
const fullLook = 100 * time.Millisecond

// room waits until something more can be taken. Whoever sends is told to come again; a system that is watched is read on
// when there is room, and what it has to tell waits there.
func (a *alertIntake) room(ctx context.Context) error {
	for a.busy() != nil {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(fullLook):
		}
	}
	return nil
}

// watched keeps what a system told, and where it got to.
func (a *alertIntake) watched(ctx context.Context, name string, r alerts.Report, since string) error {
	if len(r.Signals)+len(r.Groups)+len(r.Changes) > 0 {
		if err := a.room(ctx); err != nil {
			return err
		}
		raw, err := json.Marshal(r)
		if err != nil {
			return err
		}
		row := store.Delivery{ID: watchDoor + ":" + name + ":" + since, Door: watchDoor, Key: name, At: time.Now(), Raw: raw}
		row, fresh, err := a.store.Receive(ctx, row)
		if err != nil {
			return err
		}
		if fresh {
			row.Raw = raw
			a.add(row)
		}
	}
	return a.store.PutTimer(ctx, store.Timer{Name: watchDoor + " " + name, Spec: since})
}

// watchedReport is what was kept of it.
func watchedReport(row store.Delivery) (r alerts.Report, err error) {
	err = json.Unmarshal(row.Raw, &r)
	return r, err
}
