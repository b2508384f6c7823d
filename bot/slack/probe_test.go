package slack

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fireboss/bot/slacksim"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// late posts a message as Slack does that carries out a call whose caller is
// dead, and answers its ts.
func (w *world) late(channel, kind string, payload map[string]any) string {
	w.Helper()
	ts, err := w.client.post(w.Context(), channel, &message{Text: "late"}, metadata(kind, payload))
	if err != nil {
		w.Fatal(err)
	}
	return ts
}

// What the process before had asked of Slack may be carried out after the next
// one has looked, so that something is there twice. It looks a second time.
func TestWhatSlackCarriesOutLateIsTakenAway(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		in := w.busy()
		_ = w.pass(w.dashboard(), in.Number, func(i int) bool { return i == 1 })
		w.note(in.Number, "one more")
		m := w.dashboard()
		rec := w.sync(m, in.Number) // looks, and posts what is missing
		w.note(in.Number, "and another")
		mark := map[string]any{"incident": "INC-1", "store": w.db.Identity()}
		w.late(rec.Place, eventMark, map[string]any{"incident": "INC-1", "seq": 5})
		w.late(rec.Place, cardMark, mark)
		w.late(w.channel("incidents").ID, announcementMark, mark)
		elapse(time.Second)
		w.sync(m, in.Number) // posts another event: those that are there twice are older than the last one now
		elapse(6 * time.Second)
		rec = w.rest(m, in.Number)
		if got := w.outside(in.Number, rec.Place); got != "1 cards, 1 pins, 1 bookmarks, 1 announcements, events [2 3 4 5 6]" {
			w.Errorf("there are %s", got)
		}
	})
}

// Of two cards the one stays that is known, for it is the one that is pinned.
func TestOfTwoCardsTheKnownOneStays(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		in := w.busy()
		first := w.rest(w.dashboard(), in.Number)
		early := first.IDs[idCard]
		late := w.late(first.Place, cardMark, map[string]any{"incident": "INC-1", "store": w.db.Identity()})
		known := first
		known.IDs[idCard] = late // as if the first one had come late
		if err := w.db.PutRecord(w.Context(), known); err != nil {
			w.Fatal(err)
		}
		rec := w.rest(w.dashboard(), in.Number)
		w.note(in.Number, "go on")
		rec = w.rest(w.again(rec), in.Number)
		if rec.IDs[idCard] != late || slices.ContainsFunc(w.channel(rec.Place).Messages, func(m worldMessage) bool { return m.TS == early }) {
			w.Errorf("the card is %s, want %s without %s", rec.IDs[idCard], late, early)
		}
	})
}

// again is a mirror after a start, with the record of before.
func (w *world) again(rec store.Record) *Mirror {
	w.Helper()
	if err := w.db.PutRecord(w.Context(), rec); err != nil {
		w.Fatal(err)
	}
	return w.dashboard()
}

// A message that is there twice is known until it is deleted; one that somebody
// else has deleted is well.
func TestADoubleIsKnownUntilItIsGone(t *testing.T) {
	for name, fault := range map[string][]any{
		"Slack stumbles":   {"chat.delete", "error", 5, "error", "internal_error"},
		"Slack refuses":    {"chat.delete", "error", 1, "error", "cant_delete_message"},
		"deleted, unheard": {"chat.delete", "drop_after", 1},
		"gone meanwhile":   {"chat.delete", "error", 1, "error", "message_not_found"},
		"it takes a while": {"chat.delete", "latency", 1, "ms", 100},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				in := w.busy()
				rec := w.rest(w.dashboard(), in.Number)
				w.late(rec.Place, cardMark, map[string]any{"incident": "INC-1", "store": w.db.Identity()})
				w.fault(fault[0].(string), fault[1].(string), fault[2].(int), fault[3:]...)
				m := w.again(rec)
				for range 5 {
					w.sync(m, in.Number)
					elapse(20 * time.Second)
				}
				rec, err := w.db.Record(w.Context(), Door, in.Number)
				want := onceOfEach
				if name == "gone meanwhile" { // so Slack says; it is there
					want = strings.Replace(want, "1 cards", "2 cards", 1)
				}
				if got := w.outside(in.Number, rec.Place); got != want || rec.IDs[idDoubles] != "" || err != nil {
					w.Errorf("there are %s, doubles are %q (%v)", got, rec.IDs[idDoubles], err)
				}
			})
		})
	}
}

// After an answer that leaves open whether a message was posted it is looked for.
func TestAfterAnUnclearAnswerAMessageIsLookedFor(t *testing.T) {
	for _, kind := range []string{"drop_after", "drop_before", "http500"} {
		for _, first := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, first message %v", kind, first), func(t *testing.T) {
				inWorld(t, slacksim.Options{}, func(w *world) {
					in, m := w.busy(), w.dashboard()
					want := onceOfEach
					if !first {
						w.rest(m, in.Number)
						w.note(in.Number, "one more")
						want = strings.Replace(want, "4]", "4 5]", 1)
					}
					w.fault("chat.postMessage", kind, 2)
					w.sync(m, in.Number)
					rec := w.rest(m, in.Number)
					if got := w.outside(in.Number, rec.Place); got != want {
						w.Errorf("there are %s", got)
					}
				})
			})
		}
	}
}

// A look reads all that was written since, not only the first page of it.
func TestALookReadsAllPages(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		in := w.busy()
		_ = w.pass(w.dashboard(), in.Number, func(i int) bool { return i == 1 })
		rec, err := w.db.Record(w.Context(), Door, in.Number)
		if err != nil {
			w.Fatal(err)
		}
		w.do("join", map[string]any{"user": "@bob", "channel": rec.Place})
		for i := range 250 {
			w.do("message", map[string]any{"user": "@bob", "channel": rec.Place, "text": fmt.Sprint("said ", i)})
		}
		rec = w.rest(w.dashboard(), in.Number)
		if got := w.outside(in.Number, rec.Place); got != onceOfEach {
			w.Errorf("there are %s", got)
		}
	})
}

// A look finds what people have changed by hand while nobody was there.
func TestALookFindsWhatWasChangedByHand(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		in := w.busy()
		rec := w.rest(w.dashboard(), in.Number)
		was := w.channel(rec.Place)
		w.do("unpin", map[string]any{"user": "@alice", "channel": rec.Place, "ts": rec.IDs[idCard]})
		w.do("topic", map[string]any{"user": "@alice", "channel": rec.Place, "topic": "lunch at one"})
		_, purposed := w.client.api.SetPurposeOfConversationContext(w.Context(), rec.Place, "where we have lunch")
		if err := errors.Join(purposed, w.client.update(w.Context(), rec.Place, rec.IDs[idCard], &message{Text: "not the card"})); err != nil {
			w.Fatal(err)
		}
		rec = w.rest(w.again(rec), in.Number)
		now := w.channel(rec.Place)
		i := slices.IndexFunc(now.Messages, func(m worldMessage) bool { return m.TS == rec.IDs[idCard] })
		if mark := "Fireboss " + w.db.Identity()[:8] + " INC-1."; !strings.Contains(was.Purpose, mark) || now.Purpose != was.Purpose {
			w.Errorf("the purpose was %q and is %q, want the mark %q in it", was.Purpose, now.Purpose, mark)
		}
		if now.Topic != was.Topic || len(now.Pins) != 1 || i < 0 || now.Messages[i].Text == "not the card" {
			w.Errorf("the topic is %q, %d pins, the card %+v", now.Topic, len(now.Pins), now.Messages)
		}
	})
}

// What another store has announced, of an incident with the same number, is not
// ours to change; nor is the card of another incident.
func TestAnotherStoresMessagesAreLeftAlone(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		in := w.busy()
		_ = w.pass(w.dashboard(), in.Number, func(i int) bool { return i == 1 })
		rec, err := w.db.Record(w.Context(), Door, in.Number)
		if err != nil {
			w.Fatal(err)
		}
		elapse(time.Second)
		theirs := map[string]any{"incident": "INC-1", "store": "another"}
		announced, card := w.late(w.channel("incidents").ID, announcementMark, theirs), w.late(rec.Place, cardMark, theirs)
		other := w.late(w.channel("incidents").ID, announcementMark, map[string]any{"incident": "INC-2", "store": w.db.Identity()})
		rec = w.rest(w.dashboard(), in.Number)
		if got := w.outside(in.Number, rec.Place); got != strings.Replace(onceOfEach, "1 cards", "2 cards", 1) || rec.IDs[idCard] == card {
			w.Errorf("there are %s", got)
		}
		for _, ts := range []string{announced, other} {
			if !slices.ContainsFunc(w.channel("incidents").Messages, func(m worldMessage) bool { return m.TS == ts && m.Text == "late" }) {
				w.Error("an announcement that is not ours was changed or deleted")
			}
		}
	})
}

// Events stand in their order, also where one of them could not be posted at first.
func TestEventsAreInOrderThoughOneFails(t *testing.T) {
	for _, kind := range []string{"drop_before", "drop_after", "http500", "ratelimit"} {
		t.Run(kind, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				in, m := w.opened(incidents.Open{Title: "checkout is down"}, ""), w.dashboard()
				w.rest(m, in.Number)
				for i := range 3 {
					w.note(in.Number, fmt.Sprint("looked ", i))
				}
				w.fault("chat.postMessage", kind, 1, "retry_after", 1)
				rec := w.sync(m, in.Number)
				if rec.CursorSeq == 4 && kind != "ratelimit" {
					w.Error("what could not be posted is taken for posted")
				}
				rec = w.rest(m, in.Number)
				if got := w.outside(in.Number, rec.Place); got != onceOfEach {
					w.Errorf("there are %s", got)
				}
			})
		})
	}
}

// The card says that the channel is recorded, so it comes before the messages.
func TestTheCardComesBeforeTheMessages(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		in, m := w.busy(), w.dashboard()
		w.fault("chat.postMessage", "error", 1, "error", "internal_error")
		rec := w.rest(m, in.Number)
		list := w.channel(rec.Place).Messages
		slices.SortFunc(list, func(a, b worldMessage) int { return strings.Compare(a.TS, b.TS) })
		for _, msg := range list {
			if msg.Metadata == nil {
				continue // Slack's own words
			}
			if msg.Metadata.EventType != cardMark {
				w.Errorf("the first message is %q", msg.Text)
			}
			break
		}
	})
}
