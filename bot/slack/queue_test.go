package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestQueueWaitsForWorkInItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(t.Context(), 4)
		first := false
		q.add("a", func() time.Duration { time.Sleep(time.Second); first = true; return 0 }) // virtual: stands for work
		err := q.do(t.Context(), "a", func(context.Context) error {
			if !first {
				t.Error("it overtook what came before")
			}
			return errUnseen
		})
		if !errors.Is(err, errUnseen) {
			t.Error(err)
		}
		q.add("a", func() time.Duration { time.Sleep(time.Hour); return 0 })
		short, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := q.do(short, "a", func(ctx context.Context) error { return ctx.Err() }); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("waited until %v", err)
		}
		<-q.close()
		if err := q.do(t.Context(), "a", func(context.Context) error { return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("a closed queue says %v", err)
		}
	})
}

func TestQueueKeepsTheOrderOfAKeyAndLetsOthersPass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(t.Context(), 4)
		var mu sync.Mutex
		got := map[string]string{}
		start := time.Now()
		for i := range 5 {
			for _, key := range []string{"a", "b"} {
				q.add(key, func() time.Duration {
					time.Sleep(time.Second) // virtual: stands for work
					mu.Lock()
					defer mu.Unlock()
					got[key] += fmt.Sprint(i)
					return 0
				})
			}
		}
		<-q.close()
		if got["a"] != "01234" || got["b"] != "01234" {
			t.Errorf("order: %v", got)
		}
		if took := time.Since(start); took != 5*time.Second {
			t.Errorf("two lines of five seconds took %s; they wait for each other", took)
		}
		if q.add("a", func() time.Duration { return 0 }) {
			t.Error("a closed queue took a job")
		}
	})
}

func TestAJobThatIsToBeWorkedAgainKeepsItsPlaceAndHoldsUpNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		q, start := newQueue(ctx, 1), time.Now()
		var mu sync.Mutex
		var got []string
		note := func(what string) {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, fmt.Sprintf("%s %s", what, time.Since(start)))
		}
		tries := 0
		q.add("a", func() time.Duration {
			note("a1")
			if tries++; tries < 3 {
				return time.Minute
			}
			return 0
		})
		q.add("a", func() time.Duration { note("a2"); return 0 })
		synctest.Wait()
		q.add("b", func() time.Duration { note("b1"); return 0 })
		<-q.close()
		if want := []string{"a1 0s", "b1 0s", "a1 1m0s", "a1 2m0s", "a2 2m0s"}; !slices.Equal(got, want) {
			t.Errorf("worked %q, want %q", got, want)
		}
	})
}

func TestAClosedQueueWaitsForNoFurtherTryWhenItsTimeIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		q := newQueue(ctx, 1)
		q.add("a", func() time.Duration { return time.Hour })
		synctest.Wait()
		cancel()
		start := time.Now()
		<-q.close()
		if took := time.Since(start); took != 0 {
			t.Errorf("closing took %s", took)
		}
	})
}
