package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fireboss/bot/settings"
	"fireboss/bot/slacksim"
	"fireboss/incidents"
)

// inBubble runs a story in virtual time in a world whose bot is at work, and
// checks at its end that everything came to rest and is whole.
func inBubble(t *testing.T, o slacksim.Options, story func(b *bubble) error) {
	t.Helper()
	inBubbleWith(t, o, nil, story)
}

// inBubbleWith is inBubble with other settings.
func inBubbleWith(t *testing.T, o slacksim.Options, change func(*settings.Settings), story func(b *bubble) error) {
	t.Helper()
	inBubbleBeside(t, o, nil, change, story)
}

// inBubbleBeside is inBubbleWith with what begin puts into the world.
func inBubbleBeside(t *testing.T, o slacksim.Options, begin func(*bubble), change func(*settings.Settings), story func(b *bubble) error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b, err := newBubble(o)
		if err != nil {
			t.Fatal(err)
		}
		b.change = change
		if begin != nil {
			begin(b)
		}
		if err = b.start(t.Context()); err == nil {
			err = story(b)
		}
		if err == nil {
			err = errors.Join(b.settle(), b.check())
		}
		if err = errors.Join(err, b.end()); err != nil {
			t.Errorf("%v\n%s", err, b.log.String())
		}
	})
}

// recorded are the texts of an incident's events of a kind, in order.
func (b *bubble) recorded(n incidents.Number, kind incidents.Kind) (texts []string, err error) {
	events, err := b.prog.store.Events(context.Background(), n, 0, 0)
	for _, e := range events {
		if e.Kind == kind {
			texts = append(texts, e.Text)
		}
	}
	return texts, err
}

// wants checks that exactly these texts were recorded.
func (b *bubble) wants(n incidents.Number, kind incidents.Kind, want []string) error {
	got, err := b.recorded(n, kind)
	slices.Sort(got)
	want = slices.Sorted(slices.Values(want))
	if err == nil && !slices.Equal(got, want) {
		err = fmt.Errorf("%s has %s %q, want %q", n, kind, got, want)
	}
	return err
}

func (b *bubble) writes(who, channel, text string) {
	b.call(http.MethodPost, "/sim/message", map[string]any{"user": who, "channel": channel, "text": text})
}

// Ten times a minute, for ten minutes, a connection is replaced or cut while
// people write and give commands at that very moment; the other one goes on, and
// what was sent on the one that is replaced is taken there, so nobody notices.
func TestTenReconnectsAMinute(t *testing.T) {
	t.Parallel()
	for _, reasons := range [][]string{{"warning"}, {"refresh_requested"}, {"abort"}, {"warning", "abort", "refresh_requested"}} {
		t.Run(strings.Join(reasons, " "), func(t *testing.T) {
			inBubble(t, slacksim.Options{}, func(b *bubble) error {
				return b.flap(1, 0, func(i int, sockets []any) map[string]any {
					socket, _ := sockets[i%len(sockets)].(map[string]any)
					return map[string]any{"reason": reasons[i%len(reasons)], "socket": socket["id"]}
				})
			})
		})
	}
}

// All connections at once, every time: there are moments in which nobody is
// there. What people write then Slack sends again.
func TestAllConnectionsAtOnceTenTimesAMinute(t *testing.T) {
	t.Parallel()
	for _, reason := range []string{"warning", "refresh_requested", "abort"} {
		t.Run(reason, func(t *testing.T) {
			inBubble(t, slacksim.Options{}, func(b *bubble) error {
				return b.flap(0.9, 3*time.Second, func(int, []any) map[string]any { return map[string]any{"reason": reason} })
			})
		})
	}
}

// flap does something to the connections every six seconds while alice writes, at
// the same moment, and gives commands, that much later. All that she wrote and
// all that was acknowledged must be there; want is which part of the commands
// has to get through. What Slack sends again after a minute does not meet the
// next cut.
func (b *bubble) flap(want float64, later time.Duration, how func(i int, sockets []any) map[string]any) error {
	b.says("@alice", "#general", "open sev2 the network flaps")
	ch := b.place(1)
	var messages, notes []string
	times := of(100, 25)
	for i := range times {
		st, err := b.state()
		if err != nil {
			return err
		}
		b.call(http.MethodPost, "/sim/disconnect", how(i, st.Sockets))
		message, note := fmt.Sprintf("said %d", i), fmt.Sprintf("noted %d", i)
		b.writes("@alice", ch, message)
		messages = append(messages, message)
		time.Sleep(later)
		out := b.call(http.MethodPost, "/sim/slash", map[string]any{"user": "@alice", "channel": ch, "command": "/incident", "text": "note " + note})
		if out["ok"] == true {
			notes = append(notes, note)
		}
		time.Sleep(6100*time.Millisecond - later)
	}
	if err := b.settle(); err != nil {
		return err
	}
	var missed error
	if part := float64(len(notes)) / float64(times); part < want {
		missed = fmt.Errorf("only %.2f of %d commands got through, want %.2f", part, times, want)
	}
	return errors.Join(missed, b.wants(1, incidents.MessagePosted, messages), b.wants(1, incidents.NoteAdded, notes))
}

// No socket can be had for an hour, in which people write. All of it is recorded
// afterwards, once, and the bot is itself again.
func TestAnHourWithoutSockets(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev2 the proxy is broken")
		ch := b.place(1)
		b.call(http.MethodPost, "/sim/faults", map[string]any{"method": "apps.connections.open", "kind": "http500", "times": 1 << 20})
		b.call(http.MethodPost, "/sim/disconnect", map[string]any{"reason": "abort"})
		time.Sleep(time.Second)
		for i := range 60 {
			b.writes("@alice", ch, fmt.Sprintf("minute %d", i))
			if out := b.call(http.MethodPost, "/sim/slash", map[string]any{"user": "@alice", "channel": ch, "command": "/incident", "text": "note lost"}); out["error"] != "dispatch_failed" {
				return fmt.Errorf("a command without a socket ended as %v", out)
			}
			if err := b.prog.ready(context.Background()); err == nil {
				return errors.New("it says it is ready")
			}
			time.Sleep(time.Minute)
		}
		if err := b.settle(); err != nil {
			return err
		}
		var said []string
		for i := range 60 {
			said = append(said, fmt.Sprintf("minute %d", i))
		}
		b.says("@alice", ch, "note again")
		return errors.Join(b.wants(1, incidents.MessagePosted, said), b.wants(1, incidents.NoteAdded, []string{"again"}))
	})
}
