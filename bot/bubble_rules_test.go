package bot

import (
	"fmt"
	"testing"
	"time"
)

// Every rule of the clock, as those who are reminded see it. It is Saturday, and
// where it matters the story begins on Monday. Those of laws and follow-ups have
// stories of their own.
func TestWhatEachRuleSays(t *testing.T) {
	t.Parallel()
	const channel = ""
	for _, c := range []struct {
		rule, open  string
		from        time.Duration // when it is opened, after Saturday midnight
		then        []string      // what alice says next
		after       time.Duration
		where       string // who is told; channel: everybody in it
		words       string
		before, now int // how often it stands there just before, and then
	}{
		{"acknowledge", "open sev2 x", 0, nil, 5 * time.Minute, channel, "Nobody has acknowledged INC-1 for 5 minutes", 0, 1},
		{"commander", "open sev1 x", 0, nil, 3 * time.Minute, channel, "Nobody has commanded INC-1 for 3 minutes", 0, 1},
		{"severity", "open x", 0, nil, 10 * time.Minute, aliceID, "Nobody has judged how severe INC-1 is", 0, 1},
		{"severity, of all", "open x", 0, nil, 25 * time.Minute, channel, "Nobody has judged how severe INC-1 is", 0, 1},
		{"update, before", "open sev1 x", 10 * time.Hour, []string{"lead me"}, 25 * time.Minute, aliceID, "An update of INC-1 is due in 5 minutes", 0, 1},
		{"update", "open sev1 x", 0, []string{"lead me"}, 30 * time.Minute, channel, "An update of INC-1 is due, the last word is", 0, 1},
		{"mitigate, at risk", "open sev1 x", 10 * time.Hour, []string{"lead me"}, 48 * time.Minute, aliceID, "INC-1 is to be mitigated soon", 0, 1},
		{"mitigate", "open sev1 x", 10 * time.Hour, []string{"lead me"}, time.Hour, aliceID, "INC-1 was to be mitigated after 1 hour", 0, 1},
		{"resolve, at risk", "open sev1 x", 10 * time.Hour, []string{"lead me"}, 192 * time.Minute, aliceID, "INC-1 is to be resolved soon", 0, 1},
		{"resolve", "open sev1 x", 10 * time.Hour, []string{"lead me"}, 4 * time.Hour, aliceID, "INC-1 was to be resolved after 4 hours", 0, 1},
		{"command", "open sev1 x", 10 * time.Hour, []string{"lead me"}, 4*time.Hour + 5*time.Second, aliceID, "You have commanded INC-1 for 4 hours", 0, 1},
		{"stale", "open sev4 x", 10 * time.Hour, nil, 14*24*time.Hour + 47*time.Hour, aliceID, "Nothing has happened in INC-1", 0, 1}, // a Saturday; so on Monday at nine
		{"close", "open sev4 x", 58 * time.Hour, []string{"resolve"}, 24*time.Hour + 5*time.Second, aliceID, "is still not closed", 0, 1},
	} {
		t.Run(c.rule, func(t *testing.T) {
			inBubble(t, idle(), func(b *bubble) error {
				if err := b.skips(c.from); err != nil {
					return err
				}
				opened := time.Now()
				b.says("@alice", "#general", c.open)
				ch := b.place(1)
				for _, said := range c.then {
					b.says("@alice", ch, said)
				}
				where := c.where
				if where == channel {
					where = ch
				}
				if c.after > 12*time.Hour {
					if err := b.skips(c.after - 12*time.Hour); err != nil {
						return err
					}
				}
				elapse(time.Until(opened.Add(c.after - 30*time.Second)))
				if n := len(b.shows(where, c.words)); n != c.before {
					return fmt.Errorf("half a minute before, %q stands there %d times, want %d", c.words, n, c.before)
				}
				elapse(time.Minute)
				return b.wantsSaid(c.now, where, c.words)
			})
		})
	}
}
