package bot

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fireboss/bot/slacksim"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// What a watched system tells is heard once, and the watch goes on where it was after an error, a restart and a crash.
func TestAWatchGoesOn(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		var mu sync.Mutex
		var from []string // where each watch began
		watch := func(ctx context.Context, since string, told func(alerts.Report, string) error) error {
			mu.Lock()
			from = append(from, since)
			first := len(from) == 1
			mu.Unlock()
			for i := range 2 {
				next := fmt.Sprintf("%s%d", since, i)
				s := alerts.Signal{Fingerprint: next, Status: alerts.Firing, Severity: alerts.Low, Title: next}
				if err := told(alerts.Report{Signals: []alerts.Signal{s}}, next); err != nil {
					return err
				}
				since = next
			}
			if err := told(alerts.Report{Nothing: "a bookmark"}, since+"b"); err != nil {
				return err
			}
			if first {
				return errors.New("it broke off")
			}
			<-ctx.Done()
			return ctx.Err()
		}
		ctx, stop := context.WithCancel(context.Background())
		var watching sync.WaitGroup
		watching.Go(func() { b.prog.alerts.watch(ctx, "cluster", watch) })
		defer watching.Wait()
		defer stop()
		elapse(5 * time.Second)
		mu.Lock()
		defer mu.Unlock()
		if len(from) != 2 || from[0] != "" || from[1] != "01b" {
			return fmt.Errorf("it was watched from %q", from)
		}
		// A report that was kept, and its place was not: it comes again.
		if err := b.prog.alerts.watched(context.Background(), "cluster", alerts.Report{Signals: []alerts.Signal{{Fingerprint: "0", Status: alerts.Firing, Severity: alerts.Low}}}, "0"); err != nil {
			return err
		}
		elapse(5 * time.Second)
		list, err := b.prog.store.Alerts(context.Background(), store.AlertQuery{})
		if err != nil || len(list) != 4 {
			return fmt.Errorf("%d alerts (%w)", len(list), err)
		}
		for _, a := range list {
			if a.Count != 1 || a.Source != "cluster" {
				return fmt.Errorf("what came again is %+v", a)
			}
		}
		return b.watchedWhenThereIsRoom()
	})
}

// watchedWhenThereIsRoom: while too much waits to be worked, what a watched system tells waits as well.
func (b *bubble) watchedWhenThereIsRoom() error {
	intake := b.prog.alerts
	intake.waiting.Add(mostWaiting)
	var took atomic.Bool
	go func() {
		took.Store(intake.watched(context.Background(), "cluster", alerts.Report{Signals: []alerts.Signal{{Fingerprint: "late", Status: alerts.Firing, Severity: alerts.Low}}}, "late") == nil)
	}()
	elapse(time.Minute)
	if took.Load() {
		return errors.New("it is taken although too much waits")
	}
	intake.waiting.Add(-mostWaiting)
	elapse(5 * time.Second)
	if list, err := b.prog.store.Alerts(context.Background(), store.AlertQuery{}); err != nil || len(list) != 5 || !took.Load() {
		return fmt.Errorf("with room again there are %d alerts, taken %v (%w)", len(list), took.Load(), err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	intake.waiting.Add(mostWaiting)
	defer intake.waiting.Add(-mostWaiting)
	if err := intake.watched(ctx, "cluster", alerts.Report{Signals: []alerts.Signal{{Fingerprint: "never"}}}, "never"); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("it waits on: %w", err)
	}
	return nil
}
