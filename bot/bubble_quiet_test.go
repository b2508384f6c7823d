package bot

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"fireboss/bot/settings"
	"fireboss/bot/slacksim"
)

// quietly is a world in which the bot keeps to the thread below the card.
func quietly(t *testing.T, story func(b *bubble, ch string, root func() string) error) {
	t.Helper()
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		if err := b.stop(); err != nil {
			return err
		}
		b.change = func(s *settings.Settings) { s.Quiet = true }
		if err := b.start(context.Background()); err != nil {
			return err
		}
		b.says("@alice", "#general", "open sev2 checkout is slow")
		ch := b.place(1)
		elapse(10 * time.Second)
		return story(b, ch, func() string {
			for _, m := range b.shows(ch, "") {
				if m.kind() == "fireboss_card" {
					return m.TS
				}
			}
			return ""
		})
	})
}

// What happened stands below the card, once; updates and reminders in the channel.
func TestAQuietBotKeepsToAThread(t *testing.T) {
	quietly(t, func(b *bubble, ch string, root func() string) error {
		b.says("@alice", ch, "lead me")
		b.says("@alice", ch, "note the cache is cold")
		b.call(http.MethodPost, "/sim/faults", map[string]any{"method": "chat.postMessage", "kind": "drop_after", "times": 1})
		b.says("@alice", ch, "decision we warm it up")
		b.says("@alice", ch, "update it gets better")
		elapse(65 * time.Minute) // somebody is reminded to say more
		if err := b.crash(); err != nil {
			return err
		}
		if err := b.start(context.Background()); err != nil {
			return err
		}
		b.says("@alice", ch, "resolve it is warm")
		elapse(time.Minute)
		for words, in := range map[string]string{
			"Incident commander is now": root(), "the cache is cold": root(), "we warm it up": root(), "Status changed": root(), "it gets better – ": "", "An update of INC-1 is due, the last": "",
		} {
			found := b.shows(ch, words)
			if in == "" {
				found = b.eventsWith(ch, words)
			}
			if len(found) != 1 || found[0].ThreadTS != in {
				return fmt.Errorf("%q stands there %d times: %+v; the card is %s", words, len(found), found, root())
			}
		}
		return nil
	})
}

// eventsWith are the messages of events in a channel that hold these words.
func (b *bubble) eventsWith(ch, words string) (found []simMessage) {
	for _, m := range b.shows(ch, words) {
		if m.kind() == "fireboss_event" {
			found = append(found, m)
		}
	}
	return found
}

// A card that somebody deletes takes the thread with it; what follows stands below
// the new one, or where that is not there yet in the channel.
func TestAQuietBotWhoseCardIsDeleted(t *testing.T) {
	quietly(t, func(b *bubble, ch string, root func() string) error {
		b.says("@alice", ch, "note one")
		b.call(http.MethodPost, "/sim/delete", map[string]any{"user": "@fireboss", "channel": ch, "ts": root()})
		b.says("@alice", ch, "note two")
		b.says("@alice", ch, "sev 3")
		elapse(time.Minute)
		b.says("@alice", ch, "note three")
		elapse(10 * time.Second)
		last := b.eventsWith(ch, "three")
		if len(last) != 1 || last[0].ThreadTS != root() || root() == "" {
			return fmt.Errorf("%+v does not stand below %s", last, root())
		}
		return nil
	})
}
