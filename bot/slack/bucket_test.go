package slack

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestBucketKeepsTheRateAndIsFullAtTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, start := newBucket(rate{perMinute: 20, burst: 20}), time.Now()
		for range 20 {
			if err := b.take(t.Context(), urgent); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(start); took > 0 {
			t.Errorf("the first 20 calls waited %s", took)
		}
		for range 20 {
			if err := b.take(t.Context(), urgent); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(start); took < 59*time.Second || took > 61*time.Second {
			t.Errorf("40 calls took %s, want a minute", took)
		}
	})
}

func TestTheUrgentGoFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBucket(rate{perMinute: 60, burst: 1})
		_ = b.take(t.Context(), urgent)
		order := make(chan string, 2)
		go func() { _ = b.take(t.Context(), urgent); order <- "urgent" }()
		synctest.Wait()
		err := b.take(t.Context(), cosmetic)
		var later *Later
		if !errors.As(err, &later) || later.After < time.Second {
			t.Errorf("a cosmetic call that has to wait long got %v, want to be put off", err)
		}
		if got := <-order; got != "urgent" {
			t.Error(got)
		}
	})
}

// The token that an urgent call waits for is not for a cosmetic one, which may
// ask at the very moment at which it is there.
func TestACosmeticCallTakesNoTokenThatAnUrgentOneWaitsFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBucket(rate{perMinute: 60, burst: 1})
		b.count(1)
		if wait := b.try(cosmetic); wait < time.Second {
			t.Errorf("a cosmetic call waits %s", wait)
		}
		if wait := b.try(urgent); wait != 0 {
			t.Errorf("the urgent one waits %s", wait)
		}
	})
}

func TestRetryAfterHoldsTheMethodBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, start := newBucket(tier4), time.Now()
		b.block(30 * time.Second)
		if err := b.take(t.Context(), urgent); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took < 30*time.Second {
			t.Errorf("called again after %s", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		b.block(time.Hour)
		if err := b.take(ctx, urgent); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the context's end", err)
		}
	})
}
