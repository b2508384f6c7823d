package bot

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fireboss/bot/slacksim"
)

// TestFiftyIncidentsAtOnce opens fifty incidents in the same moment, in a
// workspace that keeps to Slack's published limits and answers in 100 ms.
//
// conversations.create is of tier 2: twenty at once, then twenty a minute
// (docs.slack.dev/apis/web-api/rate-limits). So the k-th declarer can be in a
// channel (k-20) × 3 s after the command, and the fiftieth after 90 s. A topic,
// a purpose, a pin and a bookmark are of tier 2 as well, and nobody waits for them.
func TestFiftyIncidentsAtOnce(t *testing.T) {
	const (
		many  = 50
		burst = 20
		every = 3 * time.Second
		trip  = 100 * time.Millisecond
	)
	synctest.Test(t, func(t *testing.T) {
		b, err := newBubble(slacksim.Options{Latency: trip, RateLimits: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.start(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		before, err := b.callsSince(0)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		var all sync.WaitGroup
		for i := range many {
			all.Go(func() {
				out := b.call(http.MethodPost, "/sim/slash", map[string]any{
					"user": []string{"@alice", "@bob", "@carol", "@dave"}[i%4], "channel": "#general", "command": "/incident", "text": fmt.Sprintf("open sev2 fire %d", i),
				})
				if ms, _ := out["ack_ms"].(float64); out["ok"] != true || out["response"] == nil || ms > 300 {
					t.Errorf("a command ended as %v", out)
				}
			})
		}
		all.Wait()
		time.Sleep(10 * time.Minute)
		calls, err := b.callsSince(before[len(before)-1].N)
		if err != nil {
			t.Fatal(err)
		}
		entered := map[string][]time.Duration{}
		limited := map[string]int{}
		invited, carded := map[any]time.Time{}, map[any]time.Time{} // by channel
		for _, c := range calls {
			switch {
			case c.Status == http.StatusTooManyRequests:
				limited[c.Method]++
			case c.Error == "":
				entered[c.Method] = append(entered[c.Method], c.ended().Sub(start))
			}
			channel := c.Args["channel"]
			if _, known := carded[channel]; c.Method == "chat.postMessage" && !known {
				carded[channel] = c.ended()
			} else if c.Method == "conversations.invite" {
				invited[channel] = c.ended()
			}
		}
		in := entered["conversations.invite"]
		slices.Sort(in)
		if len(in) != many {
			t.Fatalf("%d declarers are in a channel, want %d", len(in), many)
		}
		var latest time.Duration
		for k, took := range in {
			could := 2*trip + time.Duration(max(0, k+1-burst))*every
			latest = max(latest, took-could)
		}
		// A call that comes a moment too early is told to come a whole second later.
		if latest > every {
			t.Errorf("a declarer waited %s longer than Slack's limits want", latest)
		}
		for channel, at := range invited {
			if late := carded[channel].Sub(at); late > 0 {
				t.Errorf("the card of %s came %s after the declarer: what nobody waits for went first", channel, late)
			}
		}
		t.Logf("declarer 1: %s, %d: %s, %d: %s; at most %s later than the limits allow; told to come later: %v", in[0], burst, in[burst-1], many, in[many-1], latest, limited)
		for _, m := range []string{"chat.postMessage", "pins.add", "conversations.setTopic", "conversations.setPurpose", "bookmarks.add"} {
			slices.Sort(entered[m])
			t.Logf("%s: %d, the last %s", m, len(entered[m]), slices.Max(entered[m]))
		}
		if err := b.settle(); err != nil {
			t.Error(err)
		} else if err := b.check(); err != nil {
			t.Error(err)
		}
		if err := b.end(); err != nil {
			t.Error(err)
		}
	})
}
