package slack

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/bot/slacksim"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// ours are the texts that we wrote in a channel and that are still there.
func (w *world) ours(channel string) (texts []string) {
	for _, m := range w.channel(channel).Messages {
		if m.User == w.client.UserID && m.Subtype == "" {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

// hushed is an incident that was shown and has become private since.
func (w *world) hushed(m *Mirror) (in incidents.Incident, old string) {
	w.Helper()
	in = w.busy()
	old = w.rest(m, in.Number).Place
	w.says(in.Number, "private", incidents.MakePrivate{})
	return in, old
}

// What Slack carries out only after we have looked is taken away by a second look.
func TestWhatArrivesLateInAChannelThatWasLeftIsTakenAway(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		m := w.dashboard()
		in, old := w.hushed(m)
		w.sync(m, in.Number)
		if len(w.ours(old)) > 0 {
			w.Errorf("the earlier channel still says %q", w.ours(old))
		}
		for _, channel := range []string{old, w.channel("incidents").ID} {
			if _, err := w.client.post(w.Context(), channel, &message{Text: "checkout is down"}, metadata(announcementMark, map[string]any{"incident": in.Number.String(), "store": m.StoreID})); err != nil {
				w.Fatal(err)
			}
		}
		rec := w.rest(m, in.Number)
		if got := append(w.ours(old), w.ours("incidents")...); len(got) > 0 {
			w.Errorf("what arrived late is still there: %q", got)
		}
		if got := w.outside(in.Number, rec.Place); !strings.Contains(got, "1 cards, 1 pins, 1 bookmarks, 0 announcements") {
			w.Errorf("%s", got)
		}
		if l := readLeft(rec.IDs[idLeft+old]); l.stage != vacated || l.kind != "public" {
			w.Errorf("%+v", l)
		}
	})
}

// Nobody waits in the new channel until the old one is clean.
func TestALongChannelIsSweptInParts(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		m, in := w.dashboard(), w.busy()
		for i := range 60 {
			w.note(in.Number, fmt.Sprint("number ", i))
		}
		old := w.rest(m, in.Number).Place
		w.says(in.Number, "private", incidents.MakePrivate{})
		rec := w.sync(m, in.Number)
		if got := w.outside(in.Number, rec.Place); rec.Place == old || !strings.HasPrefix(got, "1 cards") {
			w.Errorf("the new channel is %s: %s", rec.Place, got)
		}
		if n := len(w.ours(old)); n == 0 || n > 60 {
			w.Errorf("after one pass %d messages are left in the old channel", n)
		}
		if w.rest(m, in.Number); len(w.ours(old)) > 0 {
			w.Errorf("left are %q", w.ours(old))
		}
	})
}

// Where people were faster and archived the channel nothing can be taken back; the
// card says so, and it is not given out as done.
func TestAChannelThatPeopleArchivedIsToldOf(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		m := w.dashboard()
		in, old := w.hushed(m)
		if err := w.client.api.ArchiveConversationContext(w.Context(), old); err != nil {
			w.Fatal(err)
		}
		rec := w.sync(m, in.Number)
		if stage := readLeft(rec.IDs[idLeft+old]).stage; stage == vacated || rec.IDs[idTrouble+stepVacate+old] != "is_archived" {
			w.Errorf("it is %s, trouble %q", stage, rec.IDs[idTrouble+stepVacate+old])
		}
		card := ""
		for _, msg := range w.channel(rec.Place).Messages {
			card += strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(msg.Blocks))
		}
		if !strings.Contains(card, "Slack does not let Fireboss clear and archive the channel that this had before, <#"+old+">: ask a workspace admin to do it by hand (is_archived).") {
			w.Errorf("the card says %s", card)
		}
	})
}

// A channel that was left is not taken for the incident's again, whatever it is called.
func TestAChannelThatWasLeftIsNotTakenAgain(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		m := w.dashboard()
		in, old := w.hushed(m)
		w.fault("conversations.rename", "error", 100, "error", "restricted_action")
		second := w.sync(m, in.Number).Place
		w.says(in.Number, "public", incidents.MakePublic{})
		third := w.sync(m, in.Number).Place
		if second == old || third == second || third == old || w.channel(third).IsPrivate || !w.channel(second).IsPrivate {
			w.Errorf("the channels were %s, %s, %s", old, second, third)
		}
	})
}

// Whoever is told of troubles of a private incident may see it.
func TestTroublesOfAPrivateIncidentAreToldToWhoMaySeeIt(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		yes := true
		in := w.opened(incidents.Open{Title: "passwords were seen", Private: &yes}, "")
		w.says(in.Number, "in", incidents.Invite{People: []incidents.Person{w.person("bob")}})
		w.says(in.Number, "out", incidents.Departed{Who: w.person("alice")})
		w.fault("conversations.create", "error", 100, "error", "restricted_action")
		w.sync(w.dashboard(), in.Number)
		for name, want := range map[string]int{"alice": 0, "bob": 1} {
			ch, _, _, err := w.client.api.OpenConversationContext(w.Context(), &slackgo.OpenConversationParameters{Users: []string{w.user(name)}})
			if err != nil {
				w.Fatal(err)
			}
			if got := w.ours(ch.ID); len(got) != want {
				w.Errorf("%s is told %q", name, got)
			}
		}
	})
}

// In a channel that was left nothing is recorded any more but that something is
// taken back, and nobody responds who comes into it.
func TestAChannelThatWasLeftIsNotRecorded(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		m := w.dashboard()
		in, old := w.hushed(m)
		w.sync(m, in.Number)
		before := len(w.kinds(in.Number))
		for i, event := range []map[string]any{
			{"type": "message", "user": w.user("bob"), "text": "hello?", "ts": "1700000000.000100"},
			{"type": "member_joined_channel", "user": w.user("carol"), "event_ts": "1700000001.000100"},
			{"type": "member_left_channel", "user": w.user("alice"), "event_ts": "1700000002.000100"},
			{"type": "message", "subtype": "message_deleted", "deleted_ts": "1600000000.000100", "ts": "1700000003.000100", "previous_message": map[string]any{"user": w.user("bob"), "text": "it"}},
		} {
			event["channel"] = old
			w.intake.Frame(eventFrame(fmt.Sprint(i), event), func([]byte) error { return nil })
		}
		elapse(10 * time.Second)
		w.intake.Close(w.Context())
		if got := strings.Join(w.kinds(in.Number)[before:], " "); got != "message_deleted" {
			w.Errorf("recorded were %s", got)
		}
	})
}

// Whoever came into the earlier channel only just before is invited into the new one.
func TestWhoCameJustBeforeAMoveIsMoved(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		m, in := w.dashboard(), w.busy()
		old := w.rest(m, in.Number).Place
		w.do("join", map[string]any{"user": "@bob", "channel": old})
		w.says(in.Number, eventID+"came", incidents.Arrived{Who: w.person("bob")})
		w.says(in.Number, "private", incidents.MakePrivate{})
		w.fault("conversations.create", "error", 1, "error", "internal_error") // so that it takes two passes
		rec := w.rest(m, in.Number)
		if !slices.Contains(w.channel(rec.Place).Members, w.user("bob")) {
			w.Errorf("in the new channel are %v", w.channel(rec.Place).Members)
		}
	})
}

// Before the incident has moved, its channel is still open to everybody: who comes
// into it, or asks from it, is not in the incident.
func TestNobodyIsLetInBeforeTheMove(t *testing.T) {
	for name, secret := range map[string]string{"looked at": "no", "not looked at": ""} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				ch := w.channel("incidents").ID
				in := w.opened(incidents.Open{Title: "passwords were seen"}, ch)
				rec := store.Record{Mirror: Door, Incident: in.Number, Place: ch, IDs: map[string]string{idSecret: secret}}
				if err := w.db.PutRecord(w.Context(), rec); err != nil {
					w.Fatal(err)
				}
				w.says(in.Number, "private", incidents.MakePrivate{})
				w.intake.Frame(eventFrame("1", map[string]any{"type": "member_joined_channel", "channel": ch, "user": w.user("carol"), "event_ts": formatTS(time.Now())}), func([]byte) error { return nil })
				elapse(time.Second)
				bob := incidents.Actor{Kind: incidents.User, ID: w.client.actorID(w.user("bob"))}
				if n := w.intake.here(w.Context(), question{id: "q", at: time.Now(), user: w.user("bob"), channel: ch}, bob); n != 0 {
					w.Errorf("bob asks from %s", n)
				}
				w.intake.Close(w.Context())
				now, err := w.db.Incident(w.Context(), in.Number)
				if err != nil || len(now.Responders) != 1 {
					w.Errorf("in it are %v (%v)", now.Responders, err)
				}
			})
		})
	}
}

// The new channel whose making was not answered is found by the name that it could
// not have: so the old one keeps its own until then.
func TestANewChannelIsMadeOnceThoughItsMakingWasNotAnswered(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		m := w.dashboard()
		in, old := w.hushed(m)
		before := len(w.state().Channels)
		w.fault("conversations.create", "drop_after", 1)
		rec := w.rest(m, in.Number)
		if n := len(w.state().Channels) - before; n != 1 || rec.PlaceName != "inc-1-checkout-is-down-2" {
			w.Errorf("%d channels were made, and it is in #%s", n, rec.PlaceName)
		}
		if name := w.channel(old).Name; name != "was-inc-1" {
			w.Errorf("the earlier one is #%s", name)
		}
	})
}
