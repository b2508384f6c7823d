package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"fireboss/bot/settings"
	"fireboss/bot/slacksim"
	"fireboss/incidents"
)

const moving = "responder_joined responder_left"

// moves lets somebody come to a channel or leave it.
func (b *bubble) moves(what, who, channel string) {
	b.call(http.MethodPost, "/sim/"+what, map[string]any{"user": who, "channel": channel})
}

// Who comes and goes while the bot is away is recorded when it is back: once, for
// when it was, whatever is recorded of messages.
func TestWhoCameAndWentMeanwhile(t *testing.T) {
	for _, messages := range []settings.Messages{settings.MessagesAll, settings.MessagesNone} {
		t.Run(string(messages), func(t *testing.T) {
			inBubbleWith(t, slacksim.Options{}, func(s *settings.Settings) { s.Record.Messages = messages }, func(b *bubble) error {
				b.says("@alice", "#general", "open sev3 checkout is down")
				ch := b.place(1)
				b.moves("join", "@bob", ch)
				elapse(20 * time.Minute)
				if err := b.stop(); err != nil {
					return err
				}
				began := time.Now()
				for _, m := range []struct{ what, who string }{{"leave", "@bob"}, {"join", "@carol"}, {"join", "@dave"}, {"leave", "@carol"}, {"join", "@bob"}} {
					b.moves(m.what, m.who, ch)
					elapse(time.Minute)
				}
				elapse(2 * time.Hour) // nobody delivers it any more
				if err := b.start(context.Background()); err != nil {
					return err
				}
				elapse(2 * time.Hour) // it looks again
				err := b.expect(1, moving,
					"responder_joined bob: bob joined", "responder_left bob: bob left", "responder_joined carol: carol joined",
					"responder_joined dave: dave joined", "responder_left carol: carol left", "responder_joined bob: bob joined")
				events, err2 := b.prog.store.Events(context.Background(), 1, 0, 0)
				next := began
				for _, e := range events {
					if !strings.Contains(moving, string(e.Kind)) || e.RecordedAt.Before(began) {
						continue
					}
					if late := e.At.Sub(next); late.Abs() > time.Second {
						err = errors.Join(err, fmt.Errorf("%q stands at %s, want %s", e.Text, e.At, next))
					}
					next = next.Add(time.Minute)
				}
				return errors.Join(err, err2)
			})
		})
	}
}

// Whoever leaves and is back at once responds, and whoever comes and is gone at
// once does not, though the news of it is late.
func TestComingBackAtOnce(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev3 checkout is down")
		ch := b.place(1)
		b.moves("join", "@bob", ch)
		elapse(time.Minute)
		for i := range 3 {
			b.call(http.MethodPost, "/sim/disconnect", map[string]any{"reason": "abort"})
			b.moves("leave", "@bob", ch)
			b.moves("join", "@carol", ch)
			elapse(350 * time.Millisecond)
			b.moves("join", "@bob", ch)
			b.moves("leave", "@carol", ch)
			elapse(20 * time.Second)
			in, err := b.prog.store.Incident(context.Background(), 1)
			if err != nil || !in.IsResponder("slack:T0FIREBOSS/"+bobID) || len(in.Left) > 1 {
				return errors.Join(err, fmt.Errorf("round %d: responders are %v, left %v", i, in.Responders, in.Left))
			}
			for _, p := range in.Responders {
				if p.Name == "carol" {
					return fmt.Errorf("round %d: carol has left and responds", i)
				}
			}
		}
		_, err := b.first(1, incidents.ResponderLeft)
		return err
	})
}

// Each lost connection is followed by a look soon, also one that was lost just
// after another.
func TestEachGapIsClosedSoon(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev3 checkout is down")
		ch := b.place(1)
		elapse(time.Minute)
		var want []string
		for i := range 3 {
			b.call(http.MethodPost, "/sim/faults", map[string]any{"method": "apps.connections.open", "kind": "http500", "times": 1 << 20})
			b.call(http.MethodPost, "/sim/disconnect", map[string]any{"reason": "abort"})
			said := fmt.Sprintf("missed %d", i)
			b.call(http.MethodPost, "/sim/message", map[string]any{"user": "@alice", "channel": ch, "text": said})
			want = append(want, "message_posted alice: "+said)
			b.call(http.MethodDelete, "/sim/faults", nil)
			elapse(20 * time.Second)
			if err := b.expect(1, "message_posted", want...); err != nil {
				return err
			}
		}
		return nil
	})
}

// What was made of a message by a reaction goes with it, here and in the channel,
// also where the message itself was never recorded; a hold keeps it.
func TestWhatWasMadeOfADeletedMessageGoesEverywhere(t *testing.T) {
	for _, messages := range []settings.Messages{settings.MessagesAll, settings.MessagesNone} {
		for _, away := range []bool{false, true} {
			t.Run(fmt.Sprint(messages, " away ", away), func(t *testing.T) {
				inBubbleWith(t, slacksim.Options{}, func(s *settings.Settings) { s.Record.Messages = messages }, func(b *bubble) error {
					b.says("@alice", "#general", "open sev3 checkout is down")
					b.says("@alice", "#general", "open sev3 search is down")
					for n := 1; n <= 2; n++ {
						ch := b.place(n)
						word := []string{"cinnabar", "moonstone"}[n-1]
						ts := b.told("@alice", ch, "change the password "+word)
						b.acts("react", "@bob", ch, ts, "white_check_mark")
						b.acts("react", "@bob", ch, ts, "memo")
						if n == 2 {
							b.says("@alice", ch, "hold on the regulator asks")
						}
						elapse(time.Minute)
						if away {
							if err := b.stop(); err != nil {
								return err
							}
						}
						b.acts("delete", "@alice", ch, ts, "")
						if away {
							elapse(time.Hour)
							if err := b.start(context.Background()); err != nil {
								return err
							}
						}
						elapse(time.Minute)
					}
					st, err := b.state()
					for n, word := range []string{"cinnabar", "moonstone"} {
						shown := 0
						for _, m := range st.channel(b.place(n + 1)).Messages {
							if m.User == "U0FIREBOSS" && m.EphemeralTo == "" && strings.Contains(m.words(), word) {
								shown++
							}
						}
						if (shown > 0) != (n == 1) {
							err = errors.Join(err, fmt.Errorf("%d messages of the bot show %q", shown, word))
						}
					}
					return errors.Join(err, b.nowhere("cinnabar"),
						b.expect(1, "task_added message_deleted", "task_added bob: (removed)", deletedBy(messages, away)+"A message was deleted by its author"),
						b.expect(2, "task_added message_deleted", "task_added bob: Task 1: change the password moonstone", deletedBy(messages, away)+"A message was deleted by its author; its text is kept"))
				})
			})
		}
	}
}

// deletedBy is who is said to have deleted a message: nobody knows whose it was
// where it was not recorded and nobody listened.
func deletedBy(messages settings.Messages, away bool) string {
	if away && messages == settings.MessagesNone {
		return "message_deleted Fireboss: "
	}
	return "message_deleted alice: "
}
