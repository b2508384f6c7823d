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

const carolID, daveID, graceID = "U0000CAROL", "U00000DAVE", "U0000GRACE"

// room is the channel that an incident has now.
func (b *bubble) room(n incidents.Number) simChannel {
	rec, err := b.prog.store.Record(context.Background(), "slack", n)
	if err != nil {
		return simChannel{}
	}
	st, err := b.state()
	if err != nil {
		return simChannel{}
	}
	return st.channel(rec.Place)
}

// sees wants somebody to see an incident, or not to.
func (b *bubble) sees(user string, n incidents.Number, want bool) error {
	in, err := b.prog.store.Incident(context.Background(), n)
	if err != nil {
		return err
	}
	if got := in.VisibleTo(incidents.Actor{Kind: incidents.User, ID: "slack:T0FIREBOSS/" + user}); got != want {
		return fmt.Errorf("%s sees %s: %v, want %v (responders %v)", user, n, got, want, in.Responders)
	}
	return nil
}

// answered is what somebody is answered to a command.
func (b *bubble) answered(who, channel, text string) string {
	out := b.call(http.MethodPost, "/sim/slash", map[string]any{"user": who, "channel": channel, "command": "/incident", "text": text})
	elapse(2 * time.Second)
	response, _ := out["response"].(map[string]any)
	return words(response)
}

func TestAnIncidentBecomesPrivate(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev1 checkout is down")
		old := b.place(1)
		b.call(http.MethodPost, "/sim/join", map[string]any{"user": "@bob", "channel": old})
		b.call(http.MethodPost, "/sim/message", map[string]any{"user": "@bob", "channel": old, "text": "look at the keys"})
		for i := range 30 {
			b.says("@bob", old, fmt.Sprintf("note number %d", i))
		}
		if said := b.answered("@alice", old, "private keys are in the log"); !strings.Contains(said, "INC-1 is private now.") || !strings.Contains(said, "stays readable") {
			return fmt.Errorf("alice is answered %q", said)
		}
		elapse(5 * time.Minute)
		now := b.room(1)
		st, err := b.state()
		if err != nil {
			return err
		}
		was := st.channel(old)
		var wrong []error
		if now.ID == old || !now.IsPrivate || !slices.Contains(now.Members, aliceID) || !slices.Contains(now.Members, bobID) || slices.Contains(now.Members, carolID) {
			wrong = append(wrong, fmt.Errorf("the channel is now %+v", now))
		}
		if was.Name != "was-inc-1" || !was.IsArchived {
			wrong = append(wrong, fmt.Errorf("the earlier channel is #%s, archived %v", was.Name, was.IsArchived))
		}
		return errors.Join(append(wrong,
			b.wantsSaid(1, old, "look at the keys"), b.wantsSaid(0, old, "note number"), b.wantsSaid(0, "CINCIDENTS", "checkout"),
			b.wantsSaid(1, now.ID, "Private from now on: keys are in the log"), b.wantsSaid(1, now.ID, "Earlier channel: <#"+old+">"),
			b.sees(bobID, 1, true), b.sees(carolID, 1, false))...)
	})
}

func TestAnIncidentBecomesPublic(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev1 private laptop stolen")
		old := b.place(1)
		b.call(http.MethodPost, "/sim/message", map[string]any{"user": "@alice", "channel": old, "text": "it was mine"})
		elapse(2 * time.Second)
		said := b.answered("@alice", old, "public")
		if !strings.Contains(said, "Nothing is done yet") || !strings.Contains(said, "among them 1 message written in the private channel") || !b.room(1).IsPrivate {
			return fmt.Errorf("alice is answered %q", said)
		}
		b.says("@alice", old, "public confirm")
		elapse(time.Minute)
		now := b.room(1)
		st, err := b.state()
		if err != nil {
			return err
		}
		if was := st.channel(old); now.ID == old || now.IsPrivate || now.Name != "inc-1-laptop-stolen-2" || !was.IsArchived || !was.IsPrivate || !slices.Contains(now.Members, aliceID) {
			return fmt.Errorf("%+v was %+v", now, was)
		}
		if said := b.answered("@carol", "#general", "private INC-1 they should not"); strings.Contains(said, now.ID) || !strings.Contains(said, "INC-1 is private now.") {
			return fmt.Errorf("carol is sent to the channel that is left: %q", said)
		}
		elapse(2 * time.Minute)
		again := b.room(1)
		if !again.IsPrivate || again.ID == old || !slices.Contains(again.Members, carolID) {
			return fmt.Errorf("%+v", again)
		}
		return errors.Join(b.wantsSaid(1, old, "INC-1 is public now and goes on in <#"+now.ID+">"), b.wantsSaid(1, old, "it was mine"))
	})
}

// While the private channel cannot be made, nobody comes in by the public one.
func TestNobodyComesIntoAPrivateIncidentByItsPublicChannel(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev1 ledger was copied")
		old := b.place(1)
		b.call(http.MethodPost, "/sim/faults", map[string]any{"method": "conversations.create", "kind": "error", "error": "restricted_action", "times": 20})
		b.says("@alice", old, "private")
		b.call(http.MethodPost, "/sim/join", map[string]any{"user": "@dave", "channel": old})
		elapse(3 * time.Second)
		said := b.answered("@dave", old, "show INC-1") + b.answered("@dave", old, "") + b.answered("@dave", old, "timeline INC-1")
		if strings.Contains(said, "ledger") || !strings.Contains(said, "INC-1 does not exist or is not open to you.") {
			return fmt.Errorf("dave is answered %q", said)
		}
		elapse(time.Minute)
		st, err := b.state()
		if err != nil {
			return err
		}
		for _, c := range st.Channels {
			for _, m := range c.Messages {
				if !c.IsPrivate && m.User == "U0FIREBOSS" && m.Subtype == "" && m.EphemeralTo == "" && strings.Contains(m.words(), "ledger") {
					return fmt.Errorf("#%s still says %q", c.Name, m.words())
				}
			}
		}
		if err := errors.Join(b.sees(daveID, 1, false), b.wantsSaid(1, aliceID, "Slack does not let Fireboss make its channel")); err != nil {
			return err
		}
		b.call(http.MethodDelete, "/sim/faults", nil)
		elapse(10 * time.Minute)
		if now := b.room(1); !now.IsPrivate || slices.Contains(now.Members, daveID) {
			return fmt.Errorf("the channel is %+v", now)
		}
		return nil
	})
}

// press presses the button of this name on the newest direct message that has one.
func (b *bubble) press(user, label string) error {
	st, err := b.state()
	if err != nil {
		return err
	}
	for _, c := range st.Channels {
		if !strings.HasPrefix(c.ID, "D") || !slices.Contains(c.Members, user) {
			continue
		}
		for _, m := range slices.Backward(c.Messages) {
			if action := button(m.Blocks, label); action != "" {
				b.call(http.MethodPost, "/sim/click", map[string]any{"user": user, "channel": c.ID, "ts": m.TS, "action_id": action})
				elapse(5 * time.Second)
				return nil
			}
		}
	}
	return fmt.Errorf("%s was sent no button %s", user, label)
}

func TestSomebodyAsksToBeLetIn(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev1 private laptop stolen")
		ch := b.place(1)
		b.says("@bob", "#general", "access INC-1")
		b.says("@carol", "#general", "access INC-1")
		elapse(5 * time.Second)
		if err := errors.Join(b.wantsSaid(1, aliceID, "bob asks to be let into"), b.wantsSaid(1, aliceID, "carol asks to be let into")); err != nil {
			return err
		}
		if err := b.press(aliceID, "Deny"); err != nil { // of carol's, who came last
			return err
		}
		if err := errors.Join(b.wantsSaid(0, carolID, "laptop"), b.wantsSaid(0, carolID, "INC-1"), b.sees(carolID, 1, false), b.sees(bobID, 1, false)); err != nil {
			return err
		}
		b.says("@alice", "#general", "access INC-1 approve @bob")
		elapse(5 * time.Second)
		if !slices.Contains(b.room(1).Members, bobID) || b.room(1).ID != ch {
			return fmt.Errorf("bob is not in the channel: %v", b.room(1).Members)
		}
		if err := errors.Join(b.sees(bobID, 1, true), b.wantsSaid(1, bobID, "alice let you into *INC-1  laptop stolen*")); err != nil {
			return err
		}
		b.call(http.MethodPost, "/sim/leave", map[string]any{"user": "@bob", "channel": ch})
		elapse(5 * time.Second)
		return b.sees(bobID, 1, false)
	})
}

// Guests run no incident, and see only the one that they are in.
func TestAGuest(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev1 ledger was copied")
		if said := b.answered("@grace", "#general", "open sev1 mine"); !strings.Contains(said, "Only members of this workspace may open incidents, and you are a guest here.") {
			return fmt.Errorf("grace is answered %q", said)
		}
		if said := b.answered("@grace", "#general", "list"); strings.Contains(said, "ledger") {
			return fmt.Errorf("grace is answered %q", said)
		}
		b.says("@alice", "#general", "invite INC-1 @grace")
		elapse(5 * time.Second)
		ch := b.room(1)
		if !slices.Contains(ch.Members, graceID) {
			return fmt.Errorf("grace is not in %v", ch.Members)
		}
		if said := b.answered("@grace", ch.ID, "note the disk is full"); !strings.Contains(said, "timeline") {
			return fmt.Errorf("grace is answered %q", said)
		}
		if said := b.answered("@grace", ch.ID, "resolve"); !strings.Contains(said, "Only members of this workspace may end an incident") {
			return fmt.Errorf("grace is answered %q", said)
		}
		return nil
	})
}

// The program is ended at one moment after another of a move, with every call on
// its way for a while; check wants one channel, one card, and nothing left behind.
func TestAMoveIsCutOffAnywhere(t *testing.T) {
	t.Parallel()
	for i, said := range []string{"private keys are in the log", "public confirm"} {
		for at := range 40 {
			if (at+2*i)%of(1, 4) != 0 {
				continue // they take turns
			}
			inBubble(t, slacksim.Options{Latency: 200 * time.Millisecond}, func(b *bubble) error {
				open := "open sev2 ledger was copied"
				if said == "public confirm" {
					open = "open sev2 private ledger was copied"
				}
				b.says("@alice", "#general", open)
				ch := b.place(1)
				elapse(10 * time.Second)
				b.says("@alice", ch, "invite @bob")
				b.says("@alice", ch, "note the backup, too")
				elapse(5 * time.Second)
				b.call(http.MethodPost, "/sim/slash", map[string]any{"user": "@alice", "channel": ch, "command": "/incident", "text": said})
				elapse(time.Duration(at)*200*time.Millisecond + 100*time.Millisecond)
				if err := errors.Join(b.crash(), b.start(context.Background()), b.settle()); err != nil {
					return fmt.Errorf("at %d: %w", at, err)
				}
				now := b.room(1)
				if now.ID == ch || !slices.Contains(now.Members, aliceID) || !slices.Contains(now.Members, bobID) || len(now.Pins) != 1 {
					return fmt.Errorf("at %d the channel is %+v", at, now)
				}
				st, err := b.state()
				if was := st.channel(ch); err != nil || !was.IsArchived {
					return fmt.Errorf("at %d the earlier channel is #%s and goes on (%w)", at, was.Name, err)
				}
				ours := 0
				for _, c := range st.Channels {
					if c.Creator == "U0FIREBOSS" && c.ID != ch {
						ours++
					}
				}
				if ours != 1 {
					return fmt.Errorf("at %d there are %d new channels", at, ours)
				}
				return nil
			})
			if t.Failed() {
				return
			}
		}
	}
}

// What the configuration keeps for some is kept for them at Slack's door, where it
// is found out who is who.
func TestPermissionsOfTheConfiguration(t *testing.T) {
	keep := func(s *settings.Settings) {
		s.Permissions.Severity = []settings.Grantee{"commander"}
		s.Permissions.End = []settings.Grantee{"@oncall", "commander"}
		s.Permissions.Private = []settings.Grantee{"@carol"}
	}
	inBubbleWith(t, slacksim.Options{}, keep, func(b *bubble) error {
		elapse(time.Minute)
		b.says("@alice", "#general", "open sev2 ledger was copied")
		b.says("@alice", "#general", "open private sev2 keys were copied")
		for _, l := range []struct{ who, said, answer string }{
			{"@dave", "sev INC-1 1", "Only the commander may change the severity, and there is none yet. To be it: /incident role INC-1 commander me"},
			{"@carol", "lead INC-1 me", "You are now commander of INC-1."},
			{"@dave", "sev INC-1 1", "Only the commander (carol) may change the severity."},
			{"@carol", "sev INC-1 1", "INC-1 is now sev1."},
			{"@dave", "resolve INC-1", "Only @oncall and the commander (carol) may end an incident."},
			{"@bob", "resolve INC-1", "INC-1 is now resolved"},
			{"@dave", "show INC-2", "INC-2 does not exist or is not open to you."},
			{"@carol", "show INC-2", "keys were copied"},
		} {
			if got := b.answered(l.who, "#general", l.said); !strings.Contains(strings.ReplaceAll(got, "incident commander", "commander"), l.answer) {
				return fmt.Errorf("%s says %q and is answered %q", l.who, l.said, got)
			}
		}
		return b.sees(carolID, 2, false) // she may look, and is not in it
	})
}
