package slack

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"fireboss/bot/slacksim"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

func (w *world) person(name string) incidents.Person {
	w.Helper()
	return incidents.Person{ID: w.client.actorID(w.user(name)), Name: name}
}

// calling is a pass of an incident into which the policy calls these.
func (w *world) calling(m *Mirror, n incidents.Number, calls ...string) store.Record {
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
	in.Calls = calls
	save := func(r store.Record, links ...store.Link) error { return w.db.PutRecord(w.Context(), r, links...) }
	rec, links, err := m.Sync(w.Context(), in, rec, events, save)
	if err := save(rec, links...); err != nil {
		w.Fatal(err)
	}
	if err != nil {
		w.Logf("a pass: %v", err)
	}
	return rec
}

// Whoever acts from outside the channel, as by a reaction to a message of a public one, responds, and is let in.
func TestWhoActsFromOutsideComesIn(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		in, m := w.busy(), w.dashboard()
		w.rest(m, in.Number)
		carol := incidents.Actor{Kind: incidents.User, ID: w.client.actorID(w.user("carol")), Name: "carol"}
		if _, err := w.db.Apply(w.Context(), incidents.Command{ID: eventID + "eyes", Actor: carol, At: time.Now(), Incident: in.Number, Origin: Door, Do: incidents.Acknowledge{}}); err != nil {
			w.Fatal(err)
		}
		if members := w.channel(w.rest(m, in.Number).Place).Members; !slices.Contains(members, w.user("carol")) {
			w.Errorf("carol is on it, and in the channel are %v", members)
		}
	})
}

// Whoever has left is not brought back by the policy that called them; whom
// somebody invites again comes back.
func TestWhoHasLeftIsNotCalledBack(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		in, m := w.busy(), w.dashboard()
		rec := w.calling(m, in.Number, "@bob")
		there := func() bool { return slices.Contains(w.channel(rec.Place).Members, w.user("bob")) }
		if !there() {
			w.Fatal("the policy did not call bob")
		}
		w.says(in.Number, "came", incidents.Arrived{Who: w.person("bob")})
		w.calling(m, in.Number, "@bob")
		w.do("leave", map[string]any{"user": "@bob", "channel": rec.Place})
		w.says(in.Number, "left", incidents.Departed{Who: w.person("bob")})
		for range 2 {
			w.calling(m, in.Number, "@bob")
			w.calling(w.dashboard(), in.Number, "@bob")
		}
		if there() {
			w.Error("bob left and was called back")
		}
		w.says(in.Number, "invite", incidents.Invite{People: []incidents.Person{w.person("bob")}})
		w.calling(m, in.Number, "@bob")
		if !there() {
			w.Error("bob was invited and is not there")
		}
	})
}

// Whoever leaves a private incident is removed from its channel; whoever has
// come back meanwhile is not.
func TestWhoLeavesAPrivateIncidentIsRemovedUnlessTheyAreBack(t *testing.T) {
	for name, back := range map[string]bool{"left": false, "back again": true} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				yes := true
				in, m := w.opened(incidents.Open{Title: "passwords were seen", Private: &yes}, ""), w.dashboard()
				bob := []incidents.Person{w.person("bob")}
				w.says(in.Number, "in", incidents.Invite{People: bob})
				w.rest(m, in.Number)
				w.says(in.Number, "out", incidents.Departed{Who: bob[0]})
				w.fault("conversations.kick", "error", 5, "error", "internal_error") // so it waits
				w.sync(m, in.Number)
				if back {
					w.says(in.Number, "in again", incidents.Invite{People: bob})
				}
				rec := w.rest(m, in.Number)
				if there := slices.Contains(w.channel(rec.Place).Members, w.user("bob")); there != back {
					w.Errorf("bob is in the channel: %v, want %v", there, back)
				}
				if got := w.outside(in.Number, rec.Place); !strings.Contains(got, "0 announcements") {
					w.Errorf("of a private incident there are %s", got)
				}
			})
		})
	}
}

// A direct message that an earlier attempt may have sent is looked for by its key.
func TestALetterIsLookedForBeforeItIsSentAgain(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		in := w.busy()
		courier := Courier{Client: w.client}
		send := func(key string, tried bool) string {
			place, err := courier.Deliver(w.Context(), store.Message{Key: key, To: w.person("bob")}, in, incidents.Event{Text: "for you"}, tried)
			if err != nil {
				w.Error(err)
			}
			return place
		}
		first := send("one", true) // tried, and it never arrived
		if again := send("one", true); again != first {
			w.Errorf("it is at %s and was found at %s", first, again)
		}
		if other := send("two", true); other == first {
			w.Error("another message was taken for it")
		}
		if got := w.whispered("bob"); len(got) != 2 {
			w.Errorf("bob reads %q", got)
		}
	})
}

// Of a trouble that no card can show whoever leads is told once, whatever
// becomes of the answer or of the process.
func TestATroubleIsToldOnce(t *testing.T) {
	for name, tt := range map[string]struct {
		kind string
		keep bool // the end of the first pass
	}{"unclear": {"drop_after", true}, "killed": {"", false}} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				in, m := w.busy(), w.dashboard()
				m.Announce = func(incidents.Incident) []string { return nil }
				w.fault("conversations.create", "error", 100, "error", "restricted_action")
				if tt.kind != "" {
					w.fault("chat.postMessage", tt.kind, 1)
				}
				if tt.keep {
					w.sync(m, in.Number)
				} else {
					_ = w.pass(m, in.Number, func(int) bool { return true })
					m = w.dashboard()
					m.Announce = func(incidents.Incident) []string { return nil }
				}
				for range 3 {
					elapse(20 * time.Second)
					w.sync(m, in.Number)
				}
				if got := w.whispered("alice"); len(got) != 1 {
					w.Errorf("alice reads %q", got)
				}
			})
		})
	}
}

// A channel counts as lost only where Slack shows it so, and is looked at again,
// for nobody may tell when it is back.
func TestALostChannelIsLookedAtAgain(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		in, m := w.busy(), w.dashboard()
		w.rest(m, in.Number)
		w.note(in.Number, "one more")
		w.fault("chat.postMessage", "error", 1, "error", "channel_not_found") // and it is there
		rec := w.sync(m, in.Number)
		if rec.IDs[idLost] != "" {
			w.Errorf("a channel that is there is taken for lost: %s", rec.IDs[idLost])
		}
		w.rest(m, in.Number)
		w.do("archive", map[string]any{"user": "@alice", "channel": rec.Place})
		w.note(in.Number, "and another")
		if rec = w.sync(m, in.Number); !strings.Contains(rec.IDs[idLost], "archived") {
			w.Errorf("an archived channel is lost: %q", rec.IDs[idLost])
		}
		w.do("unarchive", map[string]any{"user": "@alice", "channel": rec.Place})
		w.do("invite", map[string]any{"user": "@alice", "channel": rec.Place, "who": "@fireboss"})
		rec = w.rest(m, in.Number)
		if got := w.outside(in.Number, rec.Place); got != strings.Replace(onceOfEach, "4]", "4 5 6]", 1) || rec.IDs[idLost] != "" {
			w.Errorf("there are %s, lost: %q", got, rec.IDs[idLost])
		}
	})
}

// Of one message Slack may make several events; it is one command.
func TestAMentionInTwoEventsIsOneCommand(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		ch := w.channel("incidents").ID
		in := w.opened(incidents.Open{Title: "x"}, ch)
		for _, id := range []string{"1", "2"} {
			w.intake.Frame(eventFrame(id, map[string]any{"type": "app_mention", "channel": ch, "user": w.user("bob"), "text": "<@" + w.client.UserID + "> note once", "ts": "1700000000.000100", "event_ts": "1700000000.000100"}), func([]byte) error { return nil })
			elapse(time.Second)
		}
		w.intake.Close(w.Context())
		if n := strings.Count(strings.Join(w.kinds(in.Number), " "), "note_added"); n != 1 {
			w.Errorf("it was noted %d times", n)
		}
	})
}

// An answer goes to Slack alone, whatever address stands in the payload.
func TestAnAnswerGoesToSlackAlone(t *testing.T) {
	called := 0
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called++ }))
	defer elsewhere.Close()
	in := &Intake{Client: NewClient(Options{})}
	for _, address := range []string{elsewhere.URL, "http://hooks.slack.com/x", "https://slack.com.example.com/x", "https://evilslack.com/x", "file:///x", ":", ""} {
		if err := in.respond(t.Context(), address, &message{Text: "secret"}); err == nil || !strings.Contains(err.Error(), "is not Slack's") {
			t.Errorf("%s: %v", address, err)
		}
	}
	if called > 0 {
		t.Error("it was called")
	}
}
