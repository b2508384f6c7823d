package slack

import (
	"context"
	"errors"
	"testing"
	"time"

	"fireboss/bot/slacksim"
	"fireboss/commands"
)

// slowly is a desk that needs some time for every answer.
func slowly(d time.Duration) deskFunc {
	return func(ctx context.Context, _ commands.Request) commands.Reply {
		if sleep(ctx, d) != nil {
			return commands.Reply{Text: "cut off"}
		}
		return commands.Reply{Text: "done"}
	}
}

func TestNobodyNoticesThatTheSocketsAreRefreshed(t *testing.T) {
	for _, reason := range []string{"warning", "refresh_requested"} {
		t.Run(reason, func(t *testing.T) {
			inWorld(t, slacksim.Options{Latency: 100 * time.Millisecond}, func(w *world) {
				w.intake.Desk = slowly(500 * time.Millisecond)
				w.connected(func() {
					elapse(time.Minute)
					early := make(chan map[string]any)
					go func() { early <- w.slash("@alice", "#general", "list") }()
					elapse(100 * time.Millisecond)
					w.do("disconnect", map[string]any{"reason": reason})
					if out := <-early; out["response"] == nil {
						w.Errorf("a command under way ended as %v", out)
					}
					for i := range 20 { // the old ones end, the new ones go on
						if out := w.slash("@alice", "#general", "list"); out["response"] == nil {
							w.Errorf("command %d ended as %v", i, out)
						}
						elapse(time.Second)
					}
					if n := len(w.state().Sockets); n != len(w.sockets) {
						w.Errorf("there are %d sockets", n)
					}
				})
			})
		})
	}
}

func TestAnAcknowledgementGoesByAnotherSocketWhereItsOwnWasCut(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.intake.Desk = slowly(500 * time.Millisecond)
		w.connected(func() {
			for i := range 4 { // by whichever of the two
				out := make(chan map[string]any)
				go func() { out <- w.slash("@alice", "#general", "list") }()
				elapse(100 * time.Millisecond)
				w.do("disconnect", map[string]any{"reason": "abort", "socket": w.state().Sockets[0].(map[string]any)["id"]})
				if got := <-out; got["response"] == nil {
					w.Errorf("command %d ended as %v", i, got)
				}
				elapse(time.Minute)
			}
		})
	})
}

func TestSocketsComeBack(t *testing.T) {
	for _, reason := range []string{"link_disabled", "abort"} {
		t.Run(reason, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				w.connected(func() {
					before := w.calls()
					w.do("disconnect", map[string]any{"reason": reason})
					elapse(30 * time.Second)
					for _, s := range w.sockets {
						if up, trouble := s.Up(); !up {
							w.Errorf("after %s a socket is still down: %v", reason, trouble)
						}
					}
					if n := w.newCalls(before)["apps.connections.open"]; n > 8 {
						w.Errorf("it took %d calls for two sockets", n)
					}
				})
			})
		})
	}
}

func TestASlashCommandUnderWayIsAcknowledgedAtTheStop(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.intake.Desk = slowly(time.Second)
		out := make(chan map[string]any, 1)
		w.connected(func() {
			go func() { out <- w.slash("@alice", "#general", "list") }()
			elapse(100 * time.Millisecond)
		})
		if got := <-out; got["response"] == nil {
			w.Errorf("the command ended as %v", got)
		}
	})
}

func TestPauses(t *testing.T) {
	refused := explain("apps.connections.open", slackError("invalid_auth"))
	for _, tt := range []struct {
		name        string
		last, lived time.Duration
		err         error
		min, max    time.Duration
	}{
		{"Slack wants a fresh one", 0, time.Hour, errRefresh, 0, 100 * time.Millisecond},
		{"Slack wants fresh ones all the time", time.Second, time.Second, errRefresh, time.Second, 3 * time.Second},
		{"it broke off", 0, time.Second, errors.New("EOF"), 125 * time.Millisecond, 375 * time.Millisecond},
		{"it breaks off all the time", 20 * time.Second, time.Second, errors.New("EOF"), 15 * time.Second, 45 * time.Second},
		{"it broke off after a calm hour", 20 * time.Second, time.Hour, errors.New("EOF"), 125 * time.Millisecond, 375 * time.Millisecond},
		{"a token is wrong", 0, time.Second, refused, time.Minute, time.Minute},
		{"Slack says later", 0, time.Second, &Later{After: 7 * time.Second, Err: errBusy}, 7 * time.Second, 7 * time.Second},
	} {
		for range 50 {
			if got := nextPause(tt.last, tt.lived, tt.err); got < tt.min || got > tt.max {
				t.Errorf("%s: %s, want %s to %s", tt.name, got, tt.min, tt.max)
			}
		}
	}
}
