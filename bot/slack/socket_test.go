package slack

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync"
	"sync/atomic"
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

// cable is a line on which, once it is cut, nothing arrives any more in either
// direction, not even that it has ended: the network is gone, and nobody says so.
type cable struct {
	cut  atomic.Bool
	long time.Duration // that what is sent is under way
}

func (l *cable) between(c net.Conn) net.Conn {
	near, far := net.Pipe()
	ours, theirs := buffered(near), buffered(far)
	go l.carry(theirs, c)
	go l.carry(c, theirs)
	return ours
}

func (l *cable) carry(to, from net.Conn) {
	for buf := make([]byte, 32<<10); ; {
		n, err := from.Read(buf)
		elapse(l.long)
		switch {
		case l.cut.Load():
		case err != nil:
			to.Close()
		default:
			_, _ = to.Write(buf[:n]) // its end is noticed by the other direction
		}
		if err != nil {
			from.Close()
			return
		}
	}
}

// wired connects the sockets by cables of some length, and answers those so far.
func (w *world) wired(long time.Duration) func() []*cable {
	var mu sync.Mutex
	var cables []*cable
	for _, s := range w.sockets {
		dial := s.Dial
		s.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := dial(ctx, network, address)
			if err != nil {
				return nil, err
			}
			mu.Lock()
			defer mu.Unlock()
			cables = append(cables, &cable{long: long})
			return cables[len(cables)-1].between(c), nil
		}
	}
	return func() []*cable {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(cables)
	}
}

// What Slack has sent on a connection before it hears that another takes its
// place is taken on the old one.
func TestWhatIsUnderWayOnAnOldConnectionIsTaken(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.wired(40 * time.Millisecond)
		w.connected(func() {
			elapse(time.Minute)
			w.do("disconnect", map[string]any{"reason": "warning"})
			elapse(10 * time.Millisecond)
			var all sync.WaitGroup
			for i := range 4 {
				all.Go(func() {
					if out := w.slash("@alice", "#general", "list"); out["response"] == nil {
						w.Errorf("command %d ended as %v", i, out)
					}
				})
			}
			all.Wait()
		})
	})
}

func TestASilentConnectionIsReplaced(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		cables := w.wired(0)
		w.connected(func() {
			for _, c := range cables() {
				c.cut.Store(true)
			}
			elapse(silence + 5*time.Second)
			for i, s := range w.sockets {
				if n := len(s.open()); n != 1 {
					w.Errorf("socket %d has %d connections", i, n)
				}
			}
			if n := len(cables()); n != 2*len(w.sockets) {
				w.Errorf("%d connections were made", n)
			}
			if out := w.slash("@alice", "#general", "list"); out["response"] == nil {
				w.Errorf("a command ended as %v", out)
			}
		})
	})
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
