package bot

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"fireboss/bot/slacksim"
)

// simCall is one call of the Web API, as the workspace lists it.
type simCall struct {
	N      int64
	At     time.Time
	Method string
	Status int
	Error  string
	MS     float64
	Args   map[string]any
}

// ended is when the call was answered.
func (c simCall) ended() time.Time { return c.At.Add(time.Duration(c.MS * float64(time.Millisecond))) }

// callsSince are the calls after the n-th.
func (b *bubble) callsSince(n int64) (list []simCall, err error) {
	rec := httptest.NewRecorder()
	b.sim.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, fmt.Sprint(bubbleAddress, "/sim/calls?since=", n), nil))
	var out struct{ Calls []simCall }
	err = json.Unmarshal(rec.Body.Bytes(), &out)
	return out.Calls, err
}

// first is the first answer to a call of a method that went well.
func first(calls []simCall, method string) (c simCall, ok bool) {
	for _, c := range calls {
		if c.Method == method && c.Error == "" {
			return c, true
		}
	}
	return simCall{}, false
}

// TestTheDeclarerIsInTheChannelAfterTwoRoundTrips counts, with an answer of
// Slack's taking 100 ms and all else no time, how many have to come one after
// the other: the channel's and the invitation's; the card's comes beside the
// latter, and the pin's is the third.
func TestTheDeclarerIsInTheChannelAfterTwoRoundTrips(t *testing.T) {
	const trip = 100 * time.Millisecond
	for name, tt := range map[string]struct {
		text string
		warm time.Duration // since the start
		more time.Duration // round trips
	}{
		"with no severity":         {"open something is slow", time.Minute, 0},
		"with a severity":          {"open sev3 something is slow", time.Minute, 0},
		"with a group to be there": {"open sev1 checkout is down", time.Minute, 0},
		"private":                  {"open private somebody got in", time.Minute, 0},
		"a day after the last":     {"open sev2 search is down", 25 * time.Hour, 0},
		// While the list of people is still being read one more asks who it is.
		"right after the start": {"open sev1 search is down", 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, err := newBubble(slacksim.Options{Latency: trip})
				if err != nil {
					t.Fatal(err)
				}
				if err := b.start(t.Context()); err != nil {
					t.Fatal(err)
				}
				time.Sleep(tt.warm)
				before, err := b.callsSince(0)
				if err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				out := b.call(http.MethodPost, "/sim/slash", map[string]any{"user": "@alice", "channel": "#general", "command": "/incident", "text": tt.text})
				if ms, _ := out["ack_ms"].(float64); out["ok"] != true || ms > 300 {
					t.Errorf("the command ended as %v", out)
				}
				time.Sleep(10 * time.Second)
				after, err := b.callsSince(before[len(before)-1].N)
				if err != nil {
					t.Fatal(err)
				}
				for method, trips := range map[string]time.Duration{"conversations.create": 1, "conversations.invite": 2, "chat.postMessage": 2, "pins.add": 3} {
					c, ok := first(after, method)
					if took := c.ended().Sub(start); !ok || took > (trips+tt.more)*trip {
						t.Errorf("%s was answered %s after the command, want %d round trips of %s", method, took, trips+tt.more, trip)
					}
				}
				if _, asked := first(after, "users.info"); !asked && tt.warm > 24*time.Hour {
					t.Error("nobody asked again who it is, a day after")
				}
				if err := b.end(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}
