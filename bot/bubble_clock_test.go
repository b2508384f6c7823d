package bot

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"fireboss/bot/settings"
	"fireboss/bot/slacksim"
	"fireboss/incidents"
)

// shows are the messages of a channel, or of somebody's direct messages, that
// hold these words.
func (b *bubble) shows(where, words string) (found []simMessage) {
	st, err := b.state()
	if err != nil {
		return nil
	}
	for _, c := range st.Channels {
		if c.ID != where && !(strings.HasPrefix(where, "U") && strings.HasPrefix(c.ID, "D") && len(c.Members) == 2 && strings.Contains(strings.Join(c.Members, " "), where)) {
			continue
		}
		for _, m := range c.Messages {
			if m.EphemeralTo == "" && strings.Contains(m.words(), words) {
				found = append(found, m)
			}
		}
	}
	return found
}

// wantsSaid wants n messages with these words somewhere.
func (b *bubble) wantsSaid(n int, where, words string) error {
	if got := len(b.shows(where, words)); got != n {
		return fmt.Errorf("%q is said %d times, want %d", words, got, n)
	}
	return nil
}

const bobID, aliceID = "U000000BOB", "U0000ALICE"

func TestNobodyAcknowledges(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev1 checkout is down")
		ch := b.place(1)
		elapse(2 * time.Minute)
		if err := b.wantsSaid(0, ch, "Nobody has"); err != nil {
			return err
		}
		elapse(2 * time.Minute)
		if err := b.wantsSaid(1, ch, "Nobody has commanded INC-1 for 3 minutes"); err != nil {
			return err
		}
		b.says("@bob", ch, "lead me") // which acknowledges, too
		elapse(20 * time.Minute)
		if err := b.wantsSaid(1, ch, "Nobody has"); err != nil {
			return err
		}
		elapse(2 * time.Minute)
		if err := b.wantsSaid(1, bobID, "An update of INC-1 is due in 5 minutes"); err != nil {
			return err
		}
		elapse(5 * time.Minute)
		return b.wantsSaid(1, ch, "An update of INC-1 is due")
	})
}

func TestAReminderHasAButtonThatDoesIt(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev2 search is slow")
		ch := b.place(1)
		elapse(6 * time.Minute)
		found := b.shows(ch, "Nobody has acknowledged INC-1 for 5 minutes")
		if len(found) != 1 {
			return fmt.Errorf("there are %d reminders", len(found))
		}
		for _, label := range []string{"Acknowledge", "Take command"} {
			b.call(http.MethodPost, "/sim/click", map[string]any{"user": "@bob", "channel": ch, "ts": found[0].TS, "action_id": button(found[0].Blocks, label)})
		}
		elapse(10 * time.Second)
		in, err := b.prog.store.Incident(context.Background(), 1)
		if c, led := in.Commander(); err != nil || !led || c.Name != "bob" || in.Times.Acknowledged.IsZero() {
			return fmt.Errorf("after the clicks it is %+v (%w)", in, err)
		}
		return nil
	})
}

// A reminder comes once over all restarts; one that was missed comes late, says
// so, and brings no other with it.
func TestRemindersOverRestarts(t *testing.T) {
	t.Parallel()
	inBubble(t, idle(), func(b *bubble) error {
		b.says("@alice", "#general", "open sev1 checkout is down")
		ch := b.place(1)
		for range 40 { // the bot ends and comes back all the time
			elapse(10 * time.Second)
			if err := b.crash(); err != nil {
				return err
			}
			if err := b.start(context.Background()); err != nil {
				return err
			}
		}
		if err := b.wantsSaid(1, ch, "Nobody has commanded INC-1"); err != nil {
			return err
		}
		if err := b.stop(); err != nil {
			return err
		}
		elapse(3 * time.Hour)
		if err := b.start(context.Background()); err != nil {
			return err
		}
		elapse(30 * time.Second)
		late := b.shows(ch, "This comes late")
		if len(late) != 1 || !strings.Contains(late[0].words(), "Nobody has acknowledged") || !strings.Contains(late[0].words(), "An update of INC-1 is due") {
			return fmt.Errorf("after three hours it says %+v", late)
		}
		b.says("@bob", ch, "resolve it was nothing")
		elapse(12 * time.Hour)
		events, err := b.recorded(1, incidents.ReminderSent)
		if err != nil {
			return err
		}
		before := len(events)
		elapse(36 * time.Hour) // over a weekend
		if events, err = b.recorded(1, incidents.ReminderSent); err != nil || len(events) != before {
			return fmt.Errorf("after its end there are %d more reminders (%w)", len(events)-before, err)
		}
		elapse(2 * 24 * time.Hour)
		return b.wantsSaid(1, aliceID, "is still not closed")
	})
}

// A policy that is changed while the bot is down holds from its start on.
func TestANewPolicyHoldsFromTheStart(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev4 a small thing")
		if err := b.stop(); err != nil {
			return err
		}
		b.change = func(s *settings.Settings) { s.Clock.Acknowledge.Sev4 = s.Clock.Acknowledge.Sev1 }
		if err := b.start(context.Background()); err != nil {
			return err
		}
		elapse(time.Second)
		in, err := b.prog.store.Incident(context.Background(), 1)
		for _, d := range in.Shown() {
			if d.Rule == "acknowledge" {
				return err
			}
		}
		return fmt.Errorf("the deadlines are %+v (%w)", in.Deadlines, err)
	})
}
