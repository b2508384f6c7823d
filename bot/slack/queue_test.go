package slack

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestQueueKeepsTheOrderOfAKeyAndLetsOthersPass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(4)
		var mu sync.Mutex
		got := map[string]string{}
		start := time.Now()
		for i := range 5 {
			for _, key := range []string{"a", "b"} {
				q.add(key, func() {
					time.Sleep(time.Second) // virtual: stands for work
					mu.Lock()
					defer mu.Unlock()
					got[key] += fmt.Sprint(i)
				})
			}
		}
		q.wait()
		if got["a"] != "01234" || got["b"] != "01234" {
			t.Errorf("order: %v", got)
		}
		if took := time.Since(start); took != 5*time.Second {
			t.Errorf("two lines of five seconds took %s; they wait for each other", took)
		}
	})
}
