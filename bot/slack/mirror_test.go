package slack

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/bot/slacksim"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// made is a channel that the app made, perhaps before.
func (w *world) made(name string, private bool, purpose string) string {
	w.Helper()
	ch, err := w.client.api.CreateConversationContext(w.Context(), slackgo.CreateConversationParams{ChannelName: name, IsPrivate: private})
	if err != nil {
		w.Fatal(err)
	}
	if purpose != "" {
		if _, err := w.client.api.SetPurposeOfConversationContext(w.Context(), ch.ID, purpose); err != nil {
			w.Fatal(err)
		}
	}
	return ch.ID
}

// A channel of the right name is the incident's only if we made it for this very
// incident: else somebody's words would stand in another's channel, or a private
// incident in a public one.
func TestWhichChannelIsTakenForTheIncidents(t *testing.T) {
	const name = "inc-1-checkout-is-down"
	for _, tt := range []struct {
		what    string
		private bool // the incident
		early   bool // it was made long before the declaration
		make    func(w *world) string
		adopted bool
	}{
		{"ours, just made", false, false, func(w *world) string { return w.made(name, false, "") }, true},
		{"ours, marked as this incident's", false, false, func(w *world) string { return w.made(name, false, "Fireboss "+w.db.Identity()[:8]+" INC-1.") }, true},
		{"ours, private as it must be", true, false, func(w *world) string { return w.made(name, true, "") }, true},
		{"ours, and public", true, false, func(w *world) string { return w.made(name, false, "") }, false},
		{"ours, and private", false, false, func(w *world) string { return w.made(name, true, "") }, false},
		{"ours, from before the declaration", false, true, func(w *world) string { return w.made(name, false, "") }, false},
		{"ours, marked as another store's", false, false, func(w *world) string { return w.made(name, false, "Fireboss 0badcafe INC-1.") }, false},
		{"ours, marked as another incident's", false, false, func(w *world) string { return w.made(name, false, "Fireboss "+w.db.Identity()[:8]+" INC-11.") }, false},
		{"ours, archived", false, false, func(w *world) string {
			id := w.made(name, false, "")
			if err := w.client.api.ArchiveConversationContext(w.Context(), id); err != nil {
				w.Fatal(err)
			}
			return id
		}, false},
		{"somebody else's, with us in it", false, false, func(w *world) string {
			w.do("create", map[string]any{"user": "@bob", "name": name})
			w.do("invite", map[string]any{"user": "@bob", "channel": "#" + name, "who": "@fireboss"})
			return w.channel(name).ID
		}, false},
		{"somebody else's", false, false, func(w *world) string {
			w.do("create", map[string]any{"user": "@bob", "name": name})
			return w.channel(name).ID
		}, false},
	} {
		t.Run(tt.what, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				id := ""
				if tt.early {
					id = tt.make(w)
					elapse(10 * time.Minute)
				}
				in := w.opened(incidents.Open{Title: "checkout is down", Private: &tt.private}, "")
				if !tt.early {
					id = tt.make(w)
				}
				rec := w.sync(w.mirror(), in.Number)
				if adopted := rec.Place == id; adopted != tt.adopted || rec.Place == "" {
					w.Errorf("the incident is in %q, the other channel is %s", rec.Place, id)
				}
				if c := w.channel(rec.Place); c.IsPrivate != tt.private || c.Name != rec.PlaceName {
					w.Errorf("its channel is %s, private: %v", c.Name, c.IsPrivate)
				}
			})
		})
	}
}

// pass makes one pass from a record; keep says whether what is saved for the
// n-th time (from 1) is kept, as by a process that is killed later.
func (w *world) pass(m *Mirror, n incidents.Number, keep func(i int) bool) error {
	w.Helper()
	rec, err := w.db.Record(w.Context(), Door, n)
	if err != nil {
		w.Fatal(err)
	}
	in, err := w.db.Incident(w.Context(), n)
	if err != nil {
		w.Fatal(err)
	}
	events, err := w.db.Events(w.Context(), n, rec.CursorSeq, 0)
	if err != nil {
		w.Fatal(err)
	}
	saved := 0
	_, _, err = m.Sync(w.Context(), in, rec, events, func(r store.Record, links ...store.Link) error {
		if saved++; keep(saved) {
			return w.db.PutRecord(w.Context(), r, links...)
		}
		return nil
	})
	return err
}

// rest makes passes until nothing is to be done, as the worker does.
func (w *world) rest(m *Mirror, n incidents.Number) store.Record {
	w.Helper()
	for range 20 {
		in, err := w.db.Incident(w.Context(), n)
		if err != nil {
			w.Fatal(err)
		}
		if rec := w.sync(m, n); rec.SyncedVersion == in.Version && rec.CursorSeq == in.Seq {
			return rec
		}
		elapse(6 * time.Second)
	}
	w.Fatalf("%s is never shown\n%s", n, w.log.String())
	return store.Record{}
}

// outside is what stands in Slack of an incident: how many cards, pins,
// bookmarks and announcements, and the events in order.
func (w *world) outside(n incidents.Number, place string) string {
	w.Helper()
	c := w.channel(place)
	cards, announced, events := 0, 0, []string{}
	slices.SortFunc(c.Messages, func(a, b worldMessage) int { return cmp.Compare(a.TS, b.TS) })
	for _, m := range c.Messages {
		switch {
		case m.Metadata == nil:
		case m.Metadata.EventType == cardMark:
			cards++
		case m.Metadata.EventType == eventMark:
			events = append(events, fmt.Sprint(m.Metadata.EventPayload["seq"]))
		}
	}
	for _, m := range w.channel("incidents").Messages {
		if m.Metadata != nil && m.Metadata.EventType == announcementMark && m.Metadata.EventPayload["incident"] == n.String() && m.Metadata.EventPayload["store"] == w.db.Identity() {
			announced++
		}
	}
	return fmt.Sprintf("%d cards, %d pins, %d bookmarks, %d announcements, events %v", cards, len(c.Pins), len(c.Bookmarks), announced, events)
}

// busy is an incident with three events that are posted.
func (w *world) busy() incidents.Incident {
	w.Helper()
	in := w.opened(incidents.Open{Title: "checkout is down"}, "")
	for i := range 3 {
		w.note(in.Number, fmt.Sprint("looked ", i))
	}
	return in
}

func (w *world) note(n incidents.Number, text string) {
	w.Helper()
	w.says(n, "note "+text, incidents.AddNote{Text: text})
}

// says lets alice do something.
func (w *world) says(n incidents.Number, id string, act incidents.Act) {
	w.Helper()
	alice := incidents.Actor{Kind: incidents.User, ID: w.client.actorID(w.user("alice")), Name: "alice"}
	if _, err := w.db.Apply(w.Context(), incidents.Command{ID: id, Actor: alice, At: time.Now(), Incident: n, Origin: Door, Do: act}); err != nil {
		w.Fatal(err)
	}
}

func (w *world) dashboard() *Mirror {
	m := w.mirror()
	m.Card.Dashboard = "https://fireboss.example.com"
	return m
}

const onceOfEach = "1 cards, 1 pins, 1 bookmarks, 1 announcements, events [2 3 4]"

// A process that is killed has done what its record does not know of. The next
// one finds it, and does nothing a second time, however much later it starts.
func TestWhatAKilledPassHasDoneIsFound(t *testing.T) {
	for _, later := range []time.Duration{0, 10 * time.Minute} {
		for name, keep := range map[string]func(i int) bool{
			"nothing was kept":     func(int) bool { return false },
			"the channel was kept": func(i int) bool { return i == 1 },
		} {
			t.Run(fmt.Sprint(name, " ", later), func(t *testing.T) {
				inWorld(t, slacksim.Options{}, func(w *world) {
					in := w.busy()
					_ = w.pass(w.dashboard(), in.Number, keep) // it is killed before its end is kept
					elapse(later)
					channels := len(w.state().Channels)
					rec := w.rest(w.dashboard(), in.Number)
					if got := w.outside(in.Number, rec.Place); got != onceOfEach {
						w.Errorf("there are %s", got)
					}
					if n := len(w.state().Channels); n != channels {
						w.Errorf("there are %d channels, there were %d", n, channels)
					}
					behind, err := w.db.Behind(w.Context(), place(rec.Place, rec.IDs[idPosted]))
					if err != nil || len(behind) != 1 || behind[0].Seq != 4 {
						w.Errorf("the last message stands for %v (%v)", behind, err)
					}
				})
			})
		}
	}
}

// Where the first look fails, one is taken before anything is done all the same.
func TestALookThatFailedIsTakenAgain(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		in := w.busy()
		_ = w.pass(w.dashboard(), in.Number, func(i int) bool { return i == 1 })
		w.fault("conversations.history", "error", 5, "error", "internal_error")
		m, before := w.dashboard(), w.calls()
		w.sync(m, in.Number)
		rec := w.rest(m, in.Number)
		if got := w.outside(in.Number, rec.Place); got != onceOfEach || w.newCalls(before)["chat.delete"] > 0 {
			w.Errorf("there are %s, after %v", got, w.newCalls(before))
		}
	})
}

// The channel is kept before anything is done in it, so that what people write
// there is recorded from the first message on.
func TestTheChannelIsKeptBeforeAnybodyIsInIt(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		in := w.busy()
		kept := false
		err := w.pass(w.dashboard(), in.Number, func(i int) bool {
			calls := w.calls()
			kept = kept || i == 1 && calls["conversations.create"] == 1 && calls["conversations.invite"]+calls["chat.postMessage"] == 0
			return true
		})
		if !kept || err != nil {
			w.Errorf("the channel was kept late (%v)", err)
		}
	})
}

// A pass that finds everything as it should be calls nobody.
func TestWhatIsShownIsNotShownAgain(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		in, m := w.busy(), w.dashboard()
		rec := w.rest(m, in.Number)
		before := w.calls()
		w.sync(m, in.Number)
		if calls := w.newCalls(before); len(calls) > 0 || w.outside(in.Number, rec.Place) != onceOfEach {
			w.Errorf("calls were %v, there are %s", calls, w.outside(in.Number, rec.Place))
		}
	})
}

// A step that panics keeps no other from being taken, and the pass from being
// taken for done.
func TestAStepThatPanicsKeepsNoOtherFromBeingTaken(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		in, m := w.busy(), w.dashboard()
		m.Announce = func(incidents.Incident) []string { panic("a fault of the program") }
		rec := w.sync(m, in.Number)
		if got := w.outside(in.Number, rec.Place); got != "1 cards, 1 pins, 1 bookmarks, 0 announcements, events [2 3 4]" || rec.SyncedVersion == in.Version {
			w.Errorf("there are %s, and version %d is shown", got, rec.SyncedVersion)
		}
	})
}

// What failed is not taken for shown.
func TestAPassThatFailedIsNotTakenForDone(t *testing.T) {
	for _, method := range []string{"pins.add", "conversations.setTopic", "conversations.invite", "chat.postMessage", "bookmarks.add", "conversations.setPurpose"} {
		t.Run(method, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				in, m := w.busy(), w.dashboard()
				w.fault(method, "error", 5, "error", "internal_error")
				rec := w.sync(m, in.Number)
				if now, err := w.db.Incident(w.Context(), in.Number); err != nil || rec.SyncedVersion == now.Version && rec.CursorSeq == now.Seq {
					w.Errorf("though %s failed, version %d and event %d are shown (%v)", method, rec.SyncedVersion, rec.CursorSeq, err)
				}
				rec = w.rest(m, in.Number)
				if got := w.outside(in.Number, rec.Place); got != onceOfEach {
					w.Errorf("there are %s", got)
				}
			})
		})
	}
}

// A message is ours by who wrote it and by what its mark says; people and other
// apps can write the same marks.
func TestWhichMessagesAreOurs(t *testing.T) {
	p := &pass{m: &Mirror{Client: &Client{UserID: "U0", BotID: "B0"}, StoreID: "s1"}, in: incidents.Incident{Number: 1}}
	for _, tt := range []struct {
		user, bot, incident string
		want                bool
	}{
		{"U0", "B0", "INC-1", true}, {"", "B0", "INC-1", true}, {"U0", "", "INC-1", true},
		{"U1", "", "INC-1", false}, {"U1", "B1", "INC-1", false}, {"U0", "B0", "INC-11", false}, {"U0", "B0", "", false},
	} {
		m := slackgo.Message{Msg: slackgo.Msg{User: tt.user, BotID: tt.bot, Metadata: slackgo.SlackMetadata{EventPayload: map[string]any{"incident": tt.incident}}}}
		if got := p.ours(m); got != tt.want {
			t.Errorf("of %s/%s, marked %q: ours is %v", tt.user, tt.bot, tt.incident, got)
		}
	}
}

// A channel that has its new name already, for the answer that said so was lost,
// gets no suffix.
func TestARenameThatWasCarriedOutIsKnown(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		in, m := w.busy(), w.dashboard()
		w.rest(m, in.Number)
		w.says(in.Number, "rename", incidents.Rename{Title: "search is slow"})
		w.fault("conversations.rename", "drop_after", 1)
		w.fault("conversations.rename", "error", 1, "error", "name_taken") // by itself
		rec := w.rest(m, in.Number)
		if c := w.channel(rec.Place); c.Name != "inc-1-search-is-slow" || rec.PlaceName != c.Name {
			w.Errorf("the channel is #%s, and known as #%s", c.Name, rec.PlaceName)
		}
	})
}

// What Slack refuses for good is tried again, later and later, for somebody may
// mend it without a word.
func TestWhatIsRefusedIsTriedAgain(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		in, m := w.busy(), w.dashboard()
		w.fault("pins.add", "error", 100, "error", "restricted_action")
		last := time.Duration(0)
		for i := range 8 {
			err := w.pass(m, in.Number, func(int) bool { return true })
			w.sync(m, in.Number)
			var later *Later
			if !errors.As(err, &later) || later.After < last || later.After < firstMending {
				w.Fatalf("pass %d ends with %v, the one before said %s", i, err, last)
			}
			last = later.After
			elapse(last)
		}
		if last < 10*time.Minute {
			w.Errorf("after many passes it is tried again after %s", last)
		}
	})
}

// An announcement was to say that the channel is lost, and could not; then the
// channel was there again, and the announcement says what it should.
func TestATroubleEndsWithWhatWasRefused(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		in := w.busy()
		w.rest(w.dashboard(), in.Number)
		m := w.dashboard() // after a start it looks
		for _, method := range []string{"conversations.info", "chat.update"} {
			w.fault(method, "error", 1, "error", "channel_not_found")
		}
		if rec := w.sync(m, in.Number); rec.IDs[idTrouble+stepAnnounce+"#incidents"] == "" {
			w.Fatalf("nothing was refused: %v", rec.IDs)
		}
		elapse(time.Minute)
		if rec := w.rest(m, in.Number); rec.IDs[idTrouble+stepAnnounce+"#incidents"] != "" {
			w.Errorf("a trouble is left: %v", rec.IDs)
		}
	})
}
