package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"fireboss/bot/settings"
	"fireboss/bot/slacksim"
	"fireboss/incidents"
)

// channelNamed is the channel of that name.
func (b *bubble) channelNamed(name string) simChannel {
	st, err := b.state()
	if err != nil {
		return simChannel{}
	}
	for _, c := range st.Channels {
		if c.Name == name {
			return c
		}
	}
	return simChannel{}
}

// channelByID is the channel of that id.
func (b *bubble) channelByID(id string) simChannel {
	st, err := b.state()
	if err != nil {
		return simChannel{}
	}
	return st.channel(id)
}

// called is how often Slack was asked to do something, and did it.
func (b *bubble) called(method string) (n int) {
	list, _ := b.call(http.MethodGet, "/sim/calls", nil)["calls"].([]any)
	for _, c := range list {
		if m, _ := c.(map[string]any); m["method"] == method && m["error"] == "" {
			n++
		}
	}
	return n
}

// sooner has channels archived an hour after the end, from the next start on.
func sooner(s *settings.Settings) { s.Open.Archive = settings.Duration(time.Hour) }

func (b *bubble) restartWith(change func(*settings.Settings)) error {
	b.change = change
	return errors.Join(b.stop(), b.start(context.Background()))
}

const day30 = 30 * 24 * time.Hour

// A channel is archived thirty days after its incident is closed, once, and an
// incident that is opened again goes on in another, linked both ways.
func TestAChannelIsArchivedAWhileAfterClosing(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev2 checkout is down")
		old := b.place(1)
		b.call(http.MethodPost, "/sim/join", map[string]any{"user": "@bob", "channel": old})
		b.says("@bob", old, "note it is the disk")
		b.says("@alice", old, "close mended")
		elapse(time.Minute)
		if err := b.skips(day30 - 30*time.Minute); err != nil {
			return err
		}
		elapse(time.Minute)
		if b.channelNamed("inc-1-checkout-is-down").IsArchived {
			return errors.New("it is archived too soon")
		}
		elapse(time.Hour)
		if c := b.channelNamed("inc-1-checkout-is-down"); !c.IsArchived || c.ID != old {
			return errors.New("it is not archived")
		}
		// What is written meanwhile, and restarts, change nothing about it.
		b.says("@carol", "#general", "note INC-1 the disk was old")
		b.says("@bob", "#general", "followup INC-1 add buy a new one @bob")
		for range 3 {
			if err := errors.Join(b.crash(), b.skips(25*time.Hour)); err != nil {
				return err
			}
			elapse(2 * time.Hour)
		}
		if err := errors.Join(b.settle(), b.check()); err != nil {
			return err
		}
		if got := b.called("conversations.archive"); got != 1 {
			return fmt.Errorf("it was archived %d times", got)
		}
		answer := b.answers("@carol", "#general", "reopen INC-1 it is back")
		elapse(time.Minute)
		now := b.channelNamed("inc-1-checkout-is-down-2")
		if err := all(map[string]bool{
			"carol is told where, not " + answer: strings.Contains(answer, "<#"+now.ID+">") || strings.Contains(answer, "it goes on in another one"),
			"there is another":                   now.ID != "" && !now.IsArchived && b.room(1).ID == now.ID,
			"with those in it":                   slices.Contains(now.Members, aliceID) && slices.Contains(now.Members, bobID),
			"the old one says":                   len(b.shows(old, "If it is opened again, it goes on in another channel, which <http://")) == 1,
			"the new one links":                  len(b.shows(now.ID, "Earlier, and archived since: <#"+old+">")) == 1,
			"what was missed":                    len(b.shows(now.ID, "the disk was old")) == 1,
			"that it is back":                    len(b.shows(now.ID, "Reopened: it is back")) == 1,
			"nothing twice":                      len(b.shows(now.ID, "it is the disk")) == 0,
			"the announcement":                   len(b.shows("CINCIDENTS", "in <#"+now.ID+">")) == 1 && len(b.shows("CINCIDENTS", old)) == 0,
			"old messages stay":                  len(b.shows(old, "it is the disk")) == 1,
			"no word of archive":                 len(b.shows(now.ID, ":file_cabinet:")) == 0,
		}); err != nil {
			return err
		}
		b.says("@alice", now.ID, "note the new disk is no better")
		b.says("@alice", now.ID, "close")
		if err := b.skips(day30); err != nil {
			return err
		}
		elapse(time.Hour)
		if !b.channelNamed(now.Name).IsArchived {
			return errors.New("the second one is not archived")
		}
		b.says("@alice", "#general", "reopen INC-1 once more")
		elapse(time.Minute)
		if third := b.room(1); third.Name != "inc-1-checkout-is-down-3" || len(b.shows(third.ID, "<#"+old+">, <#"+now.ID+">")) != 1 {
			return fmt.Errorf("the third is #%s", third.Name)
		}
		return errors.Join(b.settle(), b.check())
	})
}

// Whatever happens to the call that archives, and to us, it is archived once, or
// goes on where it was taken up before.
func TestArchivingSurvives(t *testing.T) {
	t.Parallel()
	for i, fault := range []map[string]any{
		{"method": "conversations.archive", "kind": "drop_before", "times": 1},
		{"method": "conversations.archive", "kind": "drop_after", "times": 1},
		{"method": "conversations.archive", "kind": "error", "error": "internal_error", "times": 2},
		{"method": "conversations.archive", "kind": "ratelimit", "retry_after": 30, "times": 1},
		{"method": "conversations.archive", "kind": "latency", "ms": 15000, "times": 1},
		{"method": "conversations.info", "kind": "error", "error": "internal_error", "times": 3},
		{"method": "chat.update", "kind": "http500", "times": 2},
	} {
		for j, then := range []string{"nothing", "crash", "reopen", "crash and reopen", "reopen and crash"} {
			if (i+j)%of(1, 3) != 0 {
				continue // they take turns
			}
			t.Run(fmt.Sprint(fault["method"], " ", fault["kind"], ", ", then), func(t *testing.T) {
				inBubble(t, slacksim.Options{}, func(b *bubble) error {
					if err := b.restartWith(sooner); err != nil {
						return err
					}
					b.says("@alice", "#general", "open sev2 checkout is down")
					b.says("@alice", "#general", "close INC-1")
					b.call(http.MethodPost, "/sim/faults", fault)
					elapse(time.Hour - 3*time.Second) // it is archived within the next seconds
					for range 5 {
						elapse(time.Second)
						if b.called("conversations.archive") > 0 {
							break
						}
					}
					if err := b.undergoes(then); err != nil {
						return err
					}
					if err := errors.Join(b.settle(), b.check()); err != nil {
						return err
					}
					elapse(2 * time.Hour)
					if err := errors.Join(b.settle(), b.check()); err != nil {
						return err
					}
					in, now := b.incident(1), b.room(1)
					if in.Status.Open() == now.IsArchived {
						return fmt.Errorf("it is %s, and its channel #%s archived: %v", in.Status, now.Name, now.IsArchived)
					}
					if n := b.called("conversations.archive"); n > 1 {
						return fmt.Errorf("it was archived %d times", n)
					}
					return nil
				})
			})
		}
	}
}

// undergoes lets these things happen, one right after the other.
func (b *bubble) undergoes(what string) error {
	for one := range strings.SplitSeq(what, " and ") {
		switch one {
		case "crash":
			if err := errors.Join(b.crash(), b.start(context.Background())); err != nil {
				return err
			}
		case "reopen":
			b.call(http.MethodPost, "/sim/slash", map[string]any{"user": "@alice", "channel": "#general", "command": "/incident", "text": "reopen INC-1 it is back"})
		}
	}
	return nil
}

// Crashes at any moment around the time at which it is archived.
func TestArchivingSurvivesACrashAtAnyMoment(t *testing.T) {
	t.Parallel()
	for at := 0; at < 12; at += of(1, 4) {
		inBubble(t, slacksim.Options{Latency: 40 * time.Millisecond}, func(b *bubble) error {
			if err := b.restartWith(sooner); err != nil {
				return err
			}
			b.says("@alice", "#general", "open sev2 checkout is down")
			b.says("@alice", "#general", "close INC-1")
			over := b.incident(1).Rests()
			elapse(time.Until(over.Add(time.Hour + time.Duration(at)*30*time.Millisecond)))
			if err := b.undergoes([]string{"crash", "reopen and crash", "crash and reopen"}[at%3]); err != nil {
				return err
			}
			if err := errors.Join(b.settle(), b.check()); err != nil {
				return fmt.Errorf("%d: %w", at, err)
			}
			if in, now := b.incident(1), b.room(1); in.Status.Open() == now.IsArchived {
				return fmt.Errorf("%d: it is %s, and its channel #%s archived: %v", at, in.Status, now.Name, now.IsArchived)
			}
			return nil
		})
	}
}

func TestWhatIsTakenUpInTimeIsNotArchived(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		if err := b.restartWith(sooner); err != nil {
			return err
		}
		b.says("@alice", "#general", "open sev2 checkout is down")
		b.says("@alice", "#general", "close INC-1")
		b.says("@alice", "#general", "open sev4 a law is behind it")
		b.says("@alice", "#general", "clock INC-2 start gdpr")
		b.says("@alice", "#general", "close INC-2")
		b.says("@alice", "#general", "open sev4 it was nothing")
		b.says("@alice", "#general", "cancel INC-3")
		elapse(50 * time.Minute)
		b.says("@alice", "#general", "reopen INC-1 it is back")
		elapse(3 * time.Hour)
		if err := all(map[string]bool{
			"open again":          !b.room(1).IsArchived && b.room(1).Name == "inc-1-checkout-is-down",
			"a law waits":         !b.room(2).IsArchived,
			"called off":          b.room(3).IsArchived,
			"archived only once":  b.called("conversations.archive") == 1,
			"nobody is told more": len(b.shows(aliceID, "archive")) == 0,
		}); err != nil {
			return err
		}
		b.says("@alice", "#general", "clock INC-2 submitted gdpr notification")
		elapse(2 * time.Hour)
		if !b.room(2).IsArchived {
			return errors.New("what the law wanted is done, and the channel is there")
		}
		b.says("@alice", "#general", "clock INC-2 start dora") // people have to hear of this
		elapse(time.Minute)
		if now := b.room(2); now.IsArchived || now.Name != "inc-2-a-law-is-behind-it-2" {
			return fmt.Errorf("a clock of a law runs, and the channel is #%s", now.Name)
		}
		return errors.Join(b.settle(), b.check())
	})
}

// With archive: 0 nothing is.
func TestNothingIsArchivedWhereNobodyWantsIt(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		if err := b.restartWith(func(s *settings.Settings) { s.Open.Archive = 0 }); err != nil {
			return err
		}
		b.says("@alice", "#general", "open sev2 checkout is down")
		b.says("@alice", "#general", "close INC-1")
		if err := b.skips(400 * 24 * time.Hour); err != nil {
			return err
		}
		elapse(3 * time.Hour)
		if b.room(1).IsArchived {
			return errors.New("it is archived")
		}
		return nil
	})
}

// A channel that a person opens by hand stays open, and shows what was said
// meanwhile; reopened, the incident goes on there.
func TestAPersonOpensAnArchivedChannel(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		if err := b.restartWith(sooner); err != nil {
			return err
		}
		b.says("@alice", "#general", "open sev2 checkout is down")
		ch := b.place(1)
		b.says("@alice", ch, "note the password is hunter2")
		b.says("@alice", ch, "close")
		elapse(2 * time.Hour)
		e, err := b.first(1, incidents.NoteAdded)
		if err != nil {
			return err
		}
		b.says("@alice", "#general", fmt.Sprintf("redact INC-1 %d it slipped out", e.Seq))
		b.says("@alice", "#general", "note INC-1 it was changed")
		elapse(time.Minute)
		if err := all(map[string]bool{
			"it is archived":             b.room(1).IsArchived,
			"no app can change it":       len(b.shows(ch, "hunter2")) == 1,
			"alice is told, once":        len(b.shows(aliceID, "what was blotted out still stands in its channel, which is archived")) == 1,
			"nothing is behind":          b.unsettled() == "",
			"the note is not in Slack":   len(b.shows(ch, "it was changed")) == 0,
			"its text is in the archive": b.nowhere("hunter2") == nil,
		}); err != nil {
			return err
		}
		b.call(http.MethodPost, "/sim/unarchive", map[string]any{"user": "@alice", "channel": ch})
		elapse(5 * time.Hour)
		if err := all(map[string]bool{
			"it stays open":   !b.room(1).IsArchived,
			"it is taken out": len(b.shows(ch, "hunter2")) == 0,
			"the note shows":  len(b.shows(ch, "it was changed")) == 1,
		}); err != nil {
			return err
		}
		b.says("@alice", ch, "reopen it is back")
		elapse(time.Minute)
		if b.room(1).ID != ch {
			return errors.New("it goes on elsewhere")
		}
		b.says("@alice", ch, "close")
		elapse(2 * time.Hour)
		if !b.room(1).IsArchived {
			return errors.New("closed again, it is not archived")
		}
		b.call(http.MethodPost, "/sim/unarchive", map[string]any{"user": "@alice", "channel": ch})
		b.says("@alice", "#general", "reopen INC-1 it is back") // and opened by hand at the same time
		elapse(time.Minute)
		if b.room(1).ID != ch || b.room(1).IsArchived {
			return errors.New("opened by hand, and it goes on elsewhere")
		}
		return errors.Join(b.settle(), b.check())
	})
}

// A private incident stays private over it, and those who are in it stay in it. One
// that becomes private after that says what can be read in the archive.
func TestPrivateIncidentsAndArchiving(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		if err := b.restartWith(sooner); err != nil {
			return err
		}
		b.says("@alice", "#general", "open sev2 private keys leaked")
		b.says("@alice", b.place(1), "invite @bob")
		b.says("@alice", b.place(1), "close")
		b.says("@carol", "#general", "open sev2 ledger was copied")
		public := b.place(2)
		b.says("@carol", public, "close")
		elapse(2 * time.Hour)
		old := b.room(1)
		if !old.IsArchived || !b.room(2).IsArchived {
			return errors.New("they are not archived")
		}
		if err := errors.Join(b.sees(aliceID, 1, true), b.sees(bobID, 1, true), b.sees(carolID, 1, false)); err != nil {
			return err
		}
		b.says("@bob", "#general", "reopen INC-1 more keys")
		b.says("@carol", "#general", "reopen INC-2 it was sold")
		elapse(time.Minute)
		second := b.room(2)
		b.says("@carol", second.ID, "private nobody is to know")
		elapse(5 * time.Minute)
		now, then := b.room(1), b.room(2)
		if err := errors.Join(all(map[string]bool{
			"private again":              now.ID != old.ID && now.IsPrivate && slices.Contains(now.Members, bobID) && len(now.Members) == 3,
			"the other is private":       then.IsPrivate && then.ID != second.ID && then.ID != public,
			"carol can see what is left": len(b.shows(then.ID, "Slack does not let Fireboss clear and archive the channel that this had before, <#"+public+">")) == 1,
		}), b.sees(bobID, 1, true), b.sees(carolID, 1, false)); err != nil {
			return err
		}
		b.call(http.MethodPost, "/sim/unarchive", map[string]any{"user": "@carol", "channel": public})
		elapse(time.Hour)
		return errors.Join(b.settle(), b.check(), all(map[string]bool{
			"opened by hand, it is cleared": strings.HasPrefix(b.channelByID(public).Name, "was-inc-2") && b.channelByID(public).IsArchived,
			"and the card says no more":     len(b.shows(then.ID, "Slack does not let")) == 0,
		}))
	})
}

// Where Slack does not let us, the card says so, and it is tried once a day.
func TestArchivingThatSlackRefuses(t *testing.T) {
	t.Parallel()
	inBubble(t, idle(), func(b *bubble) error {
		if err := b.restartWith(sooner); err != nil {
			return err
		}
		b.says("@alice", "#general", "open sev2 checkout is down")
		b.says("@alice", "#general", "close INC-1")
		b.call(http.MethodPost, "/sim/faults", map[string]any{"method": "conversations.archive", "kind": "error", "error": "restricted_action", "times": 2})
		elapse(46 * time.Hour)
		tried := 0
		calls, _ := b.call(http.MethodGet, "/sim/calls", nil)["calls"].([]any)
		for _, c := range calls {
			if m, _ := c.(map[string]any); m["method"] == "conversations.archive" {
				tried++
			}
		}
		if err := all(map[string]bool{
			"twice in two days": tried == 2, "it is not archived": !b.room(1).IsArchived, "nothing is behind": b.unsettled() == "",
			"the card says so":   len(b.shows(b.room(1).ID, "Slack does not let Fireboss archive this channel: ")) == 1,
			"and not that it is": len(b.shows(b.room(1).ID, ":file_cabinet:")) == 0,
		}); err != nil {
			return err
		}
		elapse(24 * time.Hour)
		if !b.room(1).IsArchived {
			return errors.New("it may be archived, and is not")
		}
		return nil
	})
}
