package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"fireboss/bot/slacksim"
)

// heard wants somebody to have been told these texts of an incident that they
// follow, in this order, each once.
func (b *bubble) heard(name string, want ...string) error {
	var got []string
	for _, m := range b.shows(b.member(name), "INC-") {
		if button(m.Blocks, "Follow no more") != "" {
			got = append(got, m.words())
		}
	}
	if len(got) != len(want) {
		return fmt.Errorf("%s hears %d things, want %d: %q", name, len(got), len(want), got)
	}
	for i, words := range want {
		if !strings.Contains(got[i], words) {
			return fmt.Errorf("%s hears %q where %q should be", name, got[i], words)
		}
	}
	return nil
}

func TestSomebodyFollowsAnIncident(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev2 checkout is down")
		ch := b.place(1)
		answer := b.answers("@dave", "#general", "follow inc-1")
		if !strings.HasPrefix(answer, "You follow INC-1 now: each update comes to you as a direct message, and so does its end. To stop: /incident unfollow INC-1") {
			return errors.New(answer)
		}
		b.says("@dave", "#general", "follow INC-1") // twice is fine
		b.call(http.MethodPost, "/sim/join", map[string]any{"user": "@bob", "channel": ch})
		b.says("@bob", ch, "follow")
		b.says("@alice", ch, "update half of Europe is out next 20m")
		b.says("@bob", ch, "update all of Europe is back")
		b.says("@alice", ch, "note nobody else needs to know")
		if err := errors.Join(b.crash(), b.start(context.Background())); err != nil {
			return err
		}
		b.says("@alice", ch, "resolve rolled back")
		elapse(time.Minute)
		if err := errors.Join(
			b.heard("dave", "*Update:* half of Europe is out – alice", "*Update:* all of Europe is back – bob", "to resolved: rolled back – alice"),
			b.heard("bob", "half of Europe is out", "to resolved"),
			b.heard("alice"), b.heard("carol"),
			b.wantsSaid(1, b.member("dave"), "in <#"+ch+">\n*Update:* half of Europe"),
			b.wantsSaid(0, b.member("dave"), "nobody else needs to know"),
			b.wantsSaid(0, ch, "follows it"),
		); err != nil {
			return err
		}
		if err := b.presses("dave", "to resolved", "Follow no more"); err != nil {
			return err
		}
		b.says("@alice", "#general", "reopen INC-1 it is back")
		elapse(time.Minute)
		if err := errors.Join(b.heard("dave", "half of", "all of", "resolved"), b.heard("bob", "half of", "to resolved", "Reopened: it is back")); err != nil {
			return err
		}
		// What was blotted out is taken out of what followers were told, too.
		e, err := b.first(1, "update_posted")
		if err != nil {
			return err
		}
		b.says("@alice", ch, fmt.Sprintf("redact %d a name slipped out", e.Seq))
		elapse(time.Minute)
		return errors.Join(b.heard("dave", "This was removed.", "all of", "resolved"), b.wantsSaid(0, b.member("dave"), "half of Europe"), b.check())
	})
}

// Who may not see an incident any more hears nothing of it, whenever it is sent;
// who was let in does.
func TestFollowersOfWhatBecomesPrivate(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev1 ledger was copied")
		ch := b.place(1)
		for _, who := range []string{"@bob", "@carol", "@dave"} {
			b.says(who, "#general", "follow INC-1")
		}
		b.says("@alice", ch, "invite @bob")
		// Slack is slow: what was public when it was said is private when it is sent.
		b.call(http.MethodPost, "/sim/faults", map[string]any{"method": "conversations.open", "kind": "error", "error": "internal_error", "times": 200})
		b.says("@alice", ch, "update the first words")
		b.says("@alice", ch, "private keys are in the log")
		b.says("@alice", "#general", "update INC-1 the second words")
		elapse(time.Minute)
		b.call(http.MethodDelete, "/sim/faults", nil)
		elapse(10 * time.Minute)
		if err := errors.Join(b.heard("bob", "the first words", "the second words"), b.heard("carol"), b.heard("dave"),
			b.wantsSaid(0, daveID, "ledger"), b.wantsSaid(0, carolID, "ledger")); err != nil {
			return err
		}
		if got := b.answers("@dave", "#general", "unfollow INC-1"); !strings.Contains(got, "INC-1 does not exist or is not open to you.") {
			return errors.New(got)
		}
		b.call(http.MethodPost, "/sim/leave", map[string]any{"user": "@bob", "channel": b.room(1).ID})
		elapse(time.Second)
		b.says("@alice", "#general", "update INC-1 the third words")
		b.says("@alice", "#general", "close INC-1")
		elapse(time.Minute)
		return errors.Join(b.heard("bob", "the first words", "the second words"), b.heard("carol"), b.heard("dave"))
	})
}

// Whoever follows what is merged follows the other one from then on.
func TestFollowersFollowWhatWasMerged(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev1 checkout is down")
		b.says("@alice", "#general", "open sev2 payments are slow")
		b.says("@dave", "#general", "follow INC-2")
		b.says("@alice", b.place(2), "merge INC-1 one cause")
		b.says("@alice", b.place(1), "update it was the disk")
		elapse(time.Minute)
		return errors.Join(
			b.heard("dave", "Merged into INC-1, where the work goes on: one cause", "it was the disk"),
			b.check())
	})
}

// A button of an offer that a newer one has taken the place of says so.
func TestAButtonOfAnEarlierOffer(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@bob", "#general", "open sev1 checkout is down")
		ch := b.place(1)
		b.says("@bob", ch, "lead me")
		b.says("@bob", ch, "handoff @carol until six")
		b.says("@bob", ch, "handoff @carol for good")
		if err := b.presses("carol", "until six", "Accept"); err != nil {
			return err
		}
		const words = "That offer of command of INC-1 no longer stands: bob has made you another one since."
		if err := all(map[string]bool{
			"bob commands still": b.incident(1).Roles["commander"].Name == "bob",
			"carol is told why":  b.whispered(carolID, words) == 1,
		}); err != nil {
			return err
		}
		if err := b.presses("carol", "until six", "Decline"); err != nil {
			return err
		}
		if b.incident(1).Handoff == nil || b.whispered(carolID, words) != 2 {
			return fmt.Errorf("the newer offer is %+v", b.incident(1).Handoff)
		}
		if err := b.presses("carol", "for good", "Accept"); err != nil {
			return err
		}
		if b.incident(1).Roles["commander"].Name != "carol" {
			return errors.New("carol does not command")
		}
		return nil
	})
}

// whispered is how often somebody was shown these words for themselves.
func (b *bubble) whispered(user, words string) (n int) {
	st, err := b.state()
	if err != nil {
		return -1
	}
	for _, c := range st.Channels {
		for _, m := range c.Messages {
			if m.EphemeralTo == user && strings.Contains(strings.ReplaceAll(m.words(), "\u200b", ""), words) {
				n++
			}
		}
	}
	return n
}
