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

// What is blotted out is nowhere any more: neither in the store, nor where the bot
// has said it. What a person wrote stays in Slack, and who asked is told so.
func TestRedactionIsEverywhere(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev3 checkout is down")
		ch := b.place(1)
		b.says("@alice", ch, "note the password is hunter2")
		b.says("@alice", ch, "update log in with hunter2")
		b.says("@alice", ch, "summary everybody knows hunter2")
		b.told("@alice", ch, "hunter2 it is", "files", []any{map[string]any{"name": "pw.txt", "content": "hunter2hunter2"}})
		b.acts("edit", "@alice", ch, b.told("@alice", ch, "hunter2!"), "hunter2?")
		b.says("@alice", ch, "lead me")
		b.says("@alice", ch, "handoff @bob remember hunter2")
		b.says("@alice", ch, "task add change hunter2")
		b.says("@alice", ch, "task done 1")
		events, err := b.prog.store.Events(context.Background(), 1, 0, 0)
		if err != nil {
			return err
		}
		for _, e := range events {
			if strings.Contains(e.Text, "hunter2") && e.Kind != incidents.MessageEdited && e.Kind != incidents.TaskDone {
				b.says("@alice", ch, fmt.Sprintf("redact %d it slipped out", e.Seq))
			}
		}
		elapse(time.Minute)
		st, err := b.state()
		removed := 0
		for _, c := range st.Channels {
			for _, m := range c.Messages {
				if m.User == "U0FIREBOSS" && m.EphemeralTo == "" && strings.Contains(m.words(), "hunter2") {
					err = errors.Join(err, fmt.Errorf("#%s shows %q", c.Name, m.words()))
				}
				if strings.Contains(m.Text, "This was removed") {
					removed++
				}
				if strings.Contains(m.words(), "offers you command") && !strings.Contains(m.words(), "Accept") {
					err = errors.Join(err, fmt.Errorf("the offer is now %q", m.words()))
				}
			}
		}
		if removed != 4 { // the note, the update, and what was said of the task
			err = errors.Join(err, fmt.Errorf("%d messages say that they were removed", removed))
		}
		return errors.Join(err, b.nowhere("hunter2"))
	})
}

// A message of which nobody knows yet whether it was posted is blotted out too.
func TestRedactionOfWhatMayHaveBeenPosted(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev3 checkout is down")
		ch := b.place(1)
		elapse(time.Minute)
		b.call(http.MethodPost, "/sim/faults", map[string]any{"method": "chat.postMessage", "kind": "drop_after", "times": 1})
		for _, text := range []string{"note the password is hunter2", "redact 2"} {
			b.call(http.MethodPost, "/sim/slash", map[string]any{"user": "@alice", "channel": ch, "command": "/incident", "text": text})
		}
		elapse(time.Minute)
		st, err := b.state()
		for _, m := range st.channel(ch).Messages {
			if m.EphemeralTo == "" && strings.Contains(m.words(), "hunter2") {
				err = errors.Join(err, fmt.Errorf("the channel shows %q", m.words()))
			}
		}
		return errors.Join(err, b.expect(1, "note_added", "note_added alice: (removed)"))
	})
}

// Once a day what is kept no longer goes, whether the bot was restarted meanwhile
// or not; a legal hold stops it; and the timeline says what went, and by which rule.
func TestRetentionIsKept(t *testing.T) {
	t.Parallel()
	day := func(n int) settings.Duration { return settings.Duration(n) * settings.Duration(24*time.Hour) }
	inBubbleWith(t, idle(), func(s *settings.Settings) {
		s.Retention = settings.Retention{Messages: day(3), Drills: day(1)}
		s.Clock = settings.Clock{}
	}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev4 checkout is down")
		b.says("@alice", "#general", "open sev4 search is down")
		b.says("@alice", "#general", "drill sev4 the moonstone vanished")
		for n := 1; n <= 2; n++ {
			b.told("@alice", b.place(n), "cinnabar", "files", []any{map[string]any{"name": "a.txt", "content": "cinnabar"}})
		}
		b.says("@alice", b.place(2), "hold on the regulator asks")
		drill := b.drillPlace()
		b.says("@alice", drill, "note where is the moonstone")
		b.says("@alice", drill, "close")
		elapse(60 * time.Hour)
		kept := b.expect(1, "message_posted", "message_posted alice: cinnabar")
		if err := errors.Join(kept, b.nowhere("moonstone"), b.stop(), b.start(context.Background())); err != nil {
			return err
		}
		elapse(60 * time.Hour)
		err := errors.Join(
			b.expect(1, "message_posted redacted", "message_posted alice: (removed)", "redacted Fireboss: The text of 1 message, from event 2 to 2, was removed: it is kept for 3 days"),
			b.expect(2, "message_posted redacted hold_changed", "message_posted alice: cinnabar", "hold_changed alice: Legal hold: nothing of this is deleted: the regulator asks"))
		e, err2 := b.first(3, incidents.Redacted)
		if e.Field("rule") != "retention.drills" {
			err2 = errors.Join(err2, fmt.Errorf("the drill's went by %s", e.Data))
		}
		timer, err4 := b.prog.store.Timer(context.Background(), sweep)
		if wait := time.Until(timer.Next); wait <= 0 || wait > sweepEvery {
			err4 = errors.Join(err4, fmt.Errorf("it is swept next in %s", wait))
		}
		st, err3 := b.state()
		if words := b.cardOf(st, b.place(2)); !strings.Contains(words, "Legal hold since") || !strings.Contains(words, "by alice: the regulator asks. Nothing of this is deleted.") {
			err3 = errors.Join(err3, fmt.Errorf("the card says %s", words))
		}
		b.says("@alice", b.place(2), "hold off")
		elapse(30 * time.Hour)
		return errors.Join(err, err2, err3, err4, b.nowhere("cinnabar"))
	})
}

// drillPlace is the channel of the first drill.
func (b *bubble) drillPlace() (id string) {
	b.until(func(st simState) bool {
		for _, c := range st.Channels {
			if strings.HasPrefix(c.Name, "drill-") && len(c.Members) > 1 {
				id = c.ID
			}
		}
		return id != ""
	})
	return id
}

func (b *bubble) cardOf(st simState, channel string) string {
	for _, m := range st.channel(channel).Messages {
		if m.kind() == "fireboss_card" {
			return m.words()
		}
	}
	return ""
}
