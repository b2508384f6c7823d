package slack

import (
	"maps"
	"testing"
	"time"

	"fireboss/bot/slacksim"
)

// took is how much virtual time f lets pass.
func took(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

// A method that Slack answers with 429 is left alone as long as Slack asked, by
// whoever wants to call it; other methods go on.
func TestASlowedMethodIsLeftAloneAsLongAsSlackAsks(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		channel := w.channel("incidents").ID
		w.fault("conversations.members", "ratelimit", 1, "retry_after", 30)
		before := w.calls()
		member := func() {
			if _, err := w.client.isMember(w.Context(), channel, w.user("bob")); err != nil {
				w.Error(err)
			}
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			elapse(time.Second)
			if d := took(member); d < 29*time.Second {
				w.Errorf("another call of the method waited %s", d)
			}
		}()
		go func() {
			elapse(time.Second)
			if d := took(func() { _ = w.client.Connect(w.Context()) }); d > time.Second {
				w.Errorf("a call of another method waited %s", d)
			}
		}()
		if d := took(member); d < 30*time.Second {
			w.Errorf("it was called again after %s", d)
		}
		<-done
		if n := w.newCalls(before)["conversations.members"]; n != 3 {
			w.Errorf("%d calls, want the one that was refused and two more", n)
		}
	})
}

// Calls keep to the rates that Slack publishes, of each method and of messages
// into each channel, so that Slack has no reason to refuse them.
func TestCallsKeepToThePublishedRates(t *testing.T) {
	inWorld(t, slacksim.Options{RateLimits: true}, func(w *world) {
		one, two := w.channel("incidents").ID, w.channel("general").ID
		before := w.calls()
		post := func(channel string, n int) {
			for range n {
				if _, err := w.client.post(w.Context(), channel, &message{Text: "hello"}); err != nil {
					w.Error(err)
				}
			}
		}
		if d := took(func() { post(one, int(perChannel.burst)+10) }); d < 10*time.Second || d > 15*time.Second {
			w.Errorf("ten messages beyond the burst took %s in one channel, want one a second", d)
		}
		if d := took(func() { post(two, int(perChannel.burst)) }); d > time.Second {
			w.Errorf("another channel waited %s", d)
		}
		if d := took(func() {
			for range 2 * int(tier4.burst) {
				if _, err := w.client.isMember(w.Context(), one, w.user("bob")); err != nil {
					w.Error(err)
				}
			}
		}); d < 59*time.Second || d > 70*time.Second {
			w.Errorf("twice a minute's calls of a method took %s", d)
		}
		if got, want := w.newCalls(before), map[string]int{"chat.postMessage": 2*int(perChannel.burst) + 10, "conversations.members": 2 * int(tier4.burst)}; !maps.Equal(got, want) {
			w.Errorf("calls were %v, want %v: Slack refused some", got, want)
		}
	})
}

// A call whose answer never comes is given up, so that nobody waits for ever.
func TestACallThatHangsIsGivenUp(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.fault("conversations.members", "latency", 100, "ms", 3600_000)
		d := took(func() {
			if _, err := w.client.isMember(w.Context(), w.channel("incidents").ID, w.user("bob")); err == nil {
				w.Error("it was answered")
			}
		})
		if d < callTimeout || d > 6*callTimeout+10*time.Second {
			w.Errorf("it was given up after %s", d)
		}
	})
}
