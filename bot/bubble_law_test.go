package bot

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"fireboss/bot/slacksim"
)

// skips lets a stretch go by in which nothing happens, without the bot: its sockets
// are what virtual time costs.
func (b *bubble) skips(d time.Duration) error {
	if err := b.stop(); err != nil {
		return err
	}
	elapse(d)
	return b.start(context.Background())
}

// A clock that a law sets goes on over a weekend, over restarts and after the end
// of its incident, until somebody says that it was submitted.
func TestAClockOfALawGoesOn(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		if err := b.skips(12 * time.Hour); err != nil { // it is Saturday noon
			return err
		}
		b.says("@alice", "#general", "open sev4 a laptop is gone")
		ch := b.place(1)
		b.says("@alice", ch, "lead me")
		b.says("@alice", ch, "clock start gdpr")
		b.says("@alice", ch, "close it is locked")
		elapse(time.Minute)
		if err := b.wantsSaid(1, ch, "notification of the supervisory authority: *by"); err != nil { // the card
			return err
		}
		const soon, due = "of INC-1 is due in 18 hours", "of INC-1 is due now"
		if err := b.skips(53*time.Hour + 50*time.Minute); err != nil {
			return err
		}
		for range 30 { // Monday evening; the bot ends and comes back all the time
			if err := b.crash(); err != nil {
				return err
			}
			if err := b.start(context.Background()); err != nil {
				return err
			}
			elapse(time.Minute)
		}
		if err := b.wantsSaid(1, aliceID, soon); err != nil {
			return err
		}
		if err := b.skips(17 * time.Hour); err != nil {
			return err
		}
		elapse(time.Hour)
		if err := b.wantsSaid(1, aliceID, due); err != nil {
			return err
		}
		b.says("@alice", ch, "clock submitted gdpr notification")
		if err := b.skips(8 * 24 * time.Hour); err != nil {
			return err
		}
		elapse(time.Minute)
		if n := len(b.shows(aliceID, "GDPR")); n != 2 {
			return fmt.Errorf("alice is told %d times of the GDPR", n)
		}
		card := b.shows(ch, "submitted by alice")
		if len(card) != 1 || strings.Count(card[0].words(), "Nothing here is legal advice.") != 1 {
			return fmt.Errorf("the card says %v", card)
		}
		return b.check()
	})
}

// What nobody says was submitted goes to the channel after an hour.
func TestAClockOfALawThatNobodyKeeps(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev3 cards are copied")
		ch := b.place(1)
		b.says("@alice", ch, "resolve it was nothing")
		b.says("@alice", ch, "clock start dora")
		b.says("@alice", ch, "clock mark dora classified")
		elapse(4*time.Hour + time.Minute)
		if err := b.wantsSaid(1, aliceID, "DORA (RTS 2025/301 Art. 5): initial notification of INC-1 is due in 1 hour"); err != nil {
			return err
		}
		found := b.shows(ch, "initial notification of INC-1 is due now: 4 hours from classification as a major incident") // alice sleeps
		if len(found) != 1 {
			return fmt.Errorf("the channel hears of it %d times", len(found))
		}
		b.call(http.MethodPost, "/sim/click", map[string]any{"user": "@alice", "channel": ch, "ts": found[0].TS, "action_id": button(found[0].Blocks, "Submitted")})
		elapse(3 * time.Hour)
		if err := b.wantsSaid(0, ch, "was due"); err != nil {
			return err
		}
		return b.wantsSaid(1, ch, "submitted by alice")
	})
}

// Of follow-ups of several incidents their owner hears once a day, in one message,
// over restarts and after the incidents are closed.
func TestFollowupsInOneMessageAPersonAndDay(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		if err := b.skips(12 * time.Hour); err != nil { // it is Saturday noon
			return err
		}
		for n := range 3 {
			b.says("@alice", "#general", fmt.Sprintf("open sev4 thing %d", n))
			ch := b.place(n + 1)
			b.says("@alice", ch, "followup add mend it @bob due 4d") // Wednesday
			b.says("@alice", ch, "followup add say so due 4d")       // nobody's, so the commander's
			b.says("@alice", ch, "lead me")
			b.says("@alice", ch, "close")
		}
		day := func(want map[string]int) error {
			if err := b.skips(20*time.Hour + 50*time.Minute); err != nil { // until shortly before nine
				return err
			}
			elapse(20 * time.Minute)
			if err := b.skips(2*time.Hour + 50*time.Minute); err != nil {
				return err
			}
			for who, n := range want {
				if got := len(b.shows(who, "Follow-up")); got != n {
					return fmt.Errorf("on %s %s was told %d times, want %d", time.Now().Weekday(), who, got, n)
				}
			}
			return nil
		}
		for i, want := range []int{0, 0, 1, 2, 2, 2, 2, 2, 2, 2, 3} { // Sunday to Wednesday of the week after
			if i == 2 {
				if err := b.crash(); err != nil {
					return err
				}
				if err := b.start(context.Background()); err != nil {
					return err
				}
			}
			if err := day(map[string]int{bobID: want, aliceID: want}); err != nil {
				return err
			}
		}
		m := b.shows(bobID, "Follow-up 1 of INC-1 is due on")
		if len(m) != 1 || !strings.Contains(m[0].words(), "of INC-2 is due on") || !strings.Contains(m[0].words(), "of INC-3 is due on") {
			return fmt.Errorf("bob is told %v", m)
		}
		for n := range 3 {
			b.says("@bob", "#general", fmt.Sprintf("followup INC-%d done 1", n+1)) // he is in none of the channels
			b.says("@bob", "#general", fmt.Sprintf("followup INC-%d done 2", n+1))
		}
		if err := day(map[string]int{bobID: 3, aliceID: 3}); err != nil {
			return err
		}
		if err := b.skips(8 * 24 * time.Hour); err != nil {
			return err
		}
		elapse(time.Minute)
		return b.wantsSaid(3, bobID, "Follow-up")
	})
}
