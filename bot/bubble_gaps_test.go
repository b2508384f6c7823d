package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"fireboss/bot/slacksim"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// The bot is away while people write, answer, change, take back and mark; when it
// is back the record is as if it had been there, each thing once.
func TestGapsAreClosed(t *testing.T) {
	for name, away := range map[string]func(b *bubble) (back func() error, err error){
		"stopped": func(b *bubble) (func() error, error) {
			return func() error { return b.start(context.Background()) }, b.stop()
		},
		"without a socket": func(b *bubble) (func() error, error) {
			b.call(http.MethodPost, "/sim/faults", map[string]any{"method": "apps.connections.open", "kind": "http500", "times": 1 << 20})
			b.call(http.MethodPost, "/sim/disconnect", map[string]any{"reason": "abort"})
			return func() error { b.call(http.MethodDelete, "/sim/faults", nil); return nil }, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, slacksim.Options{}, func(b *bubble) error {
				b.says("@alice", "#general", "open sev3 checkout is down")
				ch := b.place(1)
				b.call(http.MethodPost, "/sim/join", map[string]any{"user": "@bob", "channel": ch})
				old, threaded, doomed := b.told("@bob", ch, "old"), b.told("@bob", ch, "a question"), b.told("@bob", ch, "oops")
				pinned := b.told("@bob", ch, "important")
				b.acts("react", "@bob", ch, pinned, "pushpin")
				elapse(20 * time.Minute)
				back, err := away(b)
				if err != nil {
					return err
				}
				began := time.Now()
				b.told("@alice", ch, "missed")
				b.acts("edit", "@bob", ch, old, "new")
				b.told("@alice", ch, "an answer", "thread_ts", threaded)
				b.acts("delete", "@bob", ch, doomed, "")
				b.acts("unreact", "@bob", ch, pinned, "pushpin")
				todo := b.told("@bob", ch, "do it", "files", []any{map[string]any{"name": "how.txt", "content": "so"}})
				b.acts("react", "@alice", ch, todo, "white_check_mark")
				b.acts("react", "@bob", ch, todo, "pushpin")
				elapse(2 * time.Hour)
				if err := back(); err != nil {
					return err
				}
				elapse(10 * time.Minute)
				b.told("@bob", ch, "at last")
				if err := b.settle(); err != nil {
					return err
				}
				var wrong []error
				wrong = append(wrong, b.wants(1, incidents.MessagePosted, []string{"old", "a question", "", "important", "missed", "an answer", "do it", "at last"}),
					b.wants(1, incidents.MessageEdited, []string{"new"}), b.wants(1, incidents.MessageDeleted, []string{"A message was deleted by its author"}),
					b.wants(1, incidents.MessageMarked, []string{"Key event: bob: important", "Key event: bob: do it"}), b.wants(1, incidents.MessageUnmarked, []string{"A message is no key event any more"}),
					b.wants(1, incidents.TaskAdded, []string{"Task 1: do it"}), b.nowhere("oops"))
				events, err := b.prog.store.Events(context.Background(), 1, 0, 0)
				for _, e := range events {
					if e.Text == "missed" && (e.At.Sub(began) > time.Second || e.RecordedAt.Sub(e.At) < 20*time.Minute) || e.Text == "an answer" && e.Field("thread_seq") == "" {
						wrong = append(wrong, fmt.Errorf("%+v", e))
					}
				}
				files, err2 := b.prog.store.FilesOf(context.Background(), 1)
				if len(files) != 1 || files[0].State != store.FileKept {
					wrong = append(wrong, fmt.Errorf("files are %+v", files))
				}
				return errors.Join(append(wrong, err, err2)...)
			})
		})
	}
}

// Whoever was removed from a private channel while the bot was away, of which no message speaks, is not in the incident: those
// who were there before as little as those who came meanwhile.
func TestWhoWasRemovedMeanwhileIsNotIn(t *testing.T) {
	inBubble(t, idle(), func(b *bubble) error {
		b.says("@alice", "#general", "open private sev3 the keys are out")
		ch := b.place(1)
		b.call(http.MethodPost, "/sim/invite", map[string]any{"user": "@alice", "channel": ch, "who": "@dave"})
		elapse(time.Minute)
		if err := b.stop(); err != nil {
			return err
		}
		b.call(http.MethodPost, "/sim/kick", map[string]any{"user": "@alice", "channel": ch, "who": "@dave"})
		for _, who := range []string{"@bob", "@carol"} {
			b.call(http.MethodPost, "/sim/invite", map[string]any{"user": "@alice", "channel": ch, "who": who})
		}
		elapse(time.Minute)
		b.call(http.MethodPost, "/sim/kick", map[string]any{"user": "@alice", "channel": ch, "who": "@bob"})
		elapse(time.Hour) // nobody delivers it any more
		if err := b.start(context.Background()); err != nil {
			return err
		}
		elapse(10 * time.Minute)
		return errors.Join(b.settle(), b.sees(aliceID, 1, true), b.sees(bobID, 1, false), b.sees(carolID, 1, true), b.sees(daveID, 1, false))
	})
}

// A workspace may forget old messages by itself: they are not taken for deleted.
func TestWhatSlackForgetsIsKept(t *testing.T) {
	inBubble(t, idle(), func(b *bubble) error {
		b.says("@alice", "#general", "open sev3 checkout is down")
		ch := b.place(1)
		old := b.told("@alice", ch, "of yesterday")
		elapse(21 * time.Hour)
		young := b.told("@alice", ch, "of today")
		if err := b.stop(); err != nil {
			return err
		}
		b.acts("delete", "@alice", ch, old, "")
		b.acts("delete", "@alice", ch, young, "")
		elapse(time.Hour) // nobody delivers it any more
		if err := b.start(context.Background()); err != nil {
			return err
		}
		elapse(time.Minute)
		return b.expect(1, "message_posted message_deleted", "message_posted alice: of yesterday", "message_posted alice: (removed)", "message_deleted alice: A message was deleted by its author")
	})
}
