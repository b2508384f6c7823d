package slack

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fireboss/bot/slacksim"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// What an emoji on a message does, and what does nothing; and whatever Slack tells
// late or out of order, what is there now counts.
func TestReactions(t *testing.T) {
	type react struct {
		who, name string
		take      bool          // off instead
		ago       time.Duration // that the event is old
		untold    bool          // Slack does not tell of it
	}
	for name, tt := range map[string]struct {
		acts []react
		want string // what is recorded
	}{
		"a mark":                          {[]react{{who: "@bob", name: "pushpin"}}, "message_marked"},
		"a mark with a skin":              {[]react{{who: "@bob", name: "eyes::skin-tone-2"}}, "acknowledged"},
		"nothing":                         {[]react{{who: "@bob", name: "tada"}}, ""},
		"on and off":                      {[]react{{who: "@bob", name: "pushpin"}, {who: "@bob", name: "pushpin", take: true}}, "message_marked message_unmarked"},
		"one of two off":                  {[]react{{who: "@bob", name: "pushpin"}, {who: "@carol", name: "pushpin"}, {who: "@bob", name: "pushpin", take: true}}, "message_marked"},
		"on, told late, and off since":    {[]react{{who: "@bob", name: "pushpin", untold: true}, {who: "@bob", name: "pushpin", take: true}, {who: "@bob", name: "pushpin", ago: time.Minute}}, ""},
		"on, told late":                   {[]react{{who: "@carol", name: "pushpin", untold: true}, {who: "@carol", name: "pushpin", ago: time.Minute}}, "message_marked"},
		"a task, taken off":               {[]react{{who: "@bob", name: "white_check_mark"}, {who: "@bob", name: "white_check_mark", take: true}}, "task_added"},
		"a task off leaves the mark":      {[]react{{who: "@bob", name: "pushpin"}, {who: "@bob", name: "white_check_mark"}, {who: "@bob", name: "white_check_mark", take: true}}, "message_marked task_added"},
		"the bot itself":                  {[]react{{who: "@fireboss", name: "pushpin"}}, ""},
		"two who are on it":               {[]react{{who: "@bob", name: "eyes"}, {who: "@carol", name: "eyes"}}, "acknowledged"},
		"on it no more, acknowledged yet": {[]react{{who: "@bob", name: "eyes"}, {who: "@bob", name: "eyes", take: true}}, "acknowledged"},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				w.intake.Meanings = map[string]Meaning{"pushpin": MeansKey, "white_check_mark": MeansTask, "memo": MeansFollowup, "eyes": MeansOnIt}
				elapse(time.Hour)
				ch := w.channel("incidents").ID
				in := w.opened(incidents.Open{Title: "x"}, ch)
				w.do("join", map[string]any{"user": "@carol", "channel": ch})
				said := w.do("message", map[string]any{"user": "@alice", "channel": ch, "text": "look"})["ts"].(string)
				w.intake.Frame(eventFrame("0", map[string]any{"type": "message", "channel": ch, "user": w.user("alice"), "text": "look", "ts": said}), func([]byte) error { return nil })
				elapse(time.Second)
				before := len(w.kinds(in.Number))
				for i, a := range tt.acts {
					what, kind := "react", "reaction_added"
					if a.take {
						what, kind = "unreact", "reaction_removed"
					}
					if a.ago == 0 && a.who != "@fireboss" {
						emoji, _, _ := strings.Cut(a.name, "::")
						w.do(what, map[string]any{"user": a.who, "channel": ch, "ts": said, "name": emoji})
					}
					if a.untold {
						continue
					}
					w.intake.Frame(eventFrame(fmt.Sprint("r", i), map[string]any{"type": kind, "user": w.user(strings.TrimPrefix(a.who, "@")), "reaction": a.name,
						"item": map[string]any{"type": "message", "channel": ch, "ts": said}, "event_ts": formatTS(time.Now().Add(-a.ago))}), func([]byte) error { return nil })
					elapse(time.Second)
				}
				w.intake.Close(w.Context())
				var got []string
				for _, k := range w.kinds(in.Number)[before:] {
					if k != string(incidents.ResponderJoined) {
						got = append(got, k)
					}
				}
				if strings.Join(got, " ") != tt.want {
					w.Errorf("recorded is %v, want %s", got, tt.want)
				}
			})
		})
	}
}

// A reaction on a message that nobody recorded, and that cannot be read now, is
// tried for a while and then left; the line goes on.
func TestAReactionOnAMessageThatCannotBeRead(t *testing.T) {
	for name, fault := range map[string]string{"for now": "internal_error", "at all": "missing_scope"} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				w.intake.Meanings = map[string]Meaning{"pushpin": MeansKey}
				ch := w.channel("incidents").ID
				in := w.opened(incidents.Open{Title: "x"}, ch)
				said := w.do("message", map[string]any{"user": "@alice", "channel": ch, "text": "look"})["ts"].(string)
				w.do("react", map[string]any{"user": "@alice", "channel": ch, "ts": said, "name": "pushpin"})
				w.fault("conversations.replies", "error", 1000, "error", fault)
				before := len(w.kinds(in.Number))
				w.intake.Frame(eventFrame("1", map[string]any{"type": "reaction_added", "user": w.user("alice"), "reaction": "pushpin", "item": map[string]any{"type": "message", "channel": ch, "ts": said}, "event_ts": formatTS(time.Now())}), func([]byte) error { return nil })
				w.intake.Frame(eventFrame("2", map[string]any{"type": "message", "channel": ch, "user": w.user("alice"), "text": "next", "ts": formatTS(time.Now())}), func([]byte) error { return nil })
				elapse(2 * time.Minute)
				w.intake.Close(w.Context())
				if got := strings.Join(w.kinds(in.Number)[before:], " "); got != "message_posted" {
					w.Errorf("recorded is %s", got)
				}
				if rows, err := w.db.Unfinished(w.Context()); err != nil || len(rows) > 0 {
					w.Errorf("%d deliveries are left, %v", len(rows), err)
				}
			})
		})
	}
}

// Where nothing of the channel is recorded a mark records nothing either; a task
// keeps the words that it is made of.
func TestAReactionWhereNothingIsRecorded(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.intake.Meanings, w.intake.Silent = map[string]Meaning{"pushpin": MeansKey, "white_check_mark": MeansTask}, true
		ch := w.channel("incidents").ID
		in := w.opened(incidents.Open{Title: "x"}, ch)
		said := w.do("message", map[string]any{"user": "@alice", "channel": ch, "text": "look"})["ts"].(string)
		w.seen("0", map[string]any{"type": "message", "channel": ch, "user": w.user("alice"), "text": "look", "ts": said})
		for i, name := range []string{"pushpin", "white_check_mark"} {
			w.do("react", map[string]any{"user": "@bob", "channel": ch, "ts": said, "name": name})
			w.seen(fmt.Sprint("r", i), map[string]any{"type": "reaction_added", "user": w.user("bob"), "reaction": name, "item": map[string]any{"type": "message", "channel": ch, "ts": said}, "event_ts": formatTS(time.Now())})
		}
		w.intake.Close(w.Context())
		if got := strings.Join(w.kinds(in.Number), " "); got != "declared task_added" {
			w.Errorf("recorded is %s", got)
		}
	})
}

// What a program wrote is no conversation, but whoever marks it wants it kept;
// what we say ourselves is not, unless an event stands behind it.
func TestWhatProgramsWroteCanBeMarked(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		ch := w.channel("incidents").ID
		in := w.opened(incidents.Open{Title: "x"}, ch)
		w.intake.start()
		bob, _ := w.people.actor(w.Context(), w.user("bob"), "")
		for ts, m := range map[string]event{
			"1700000001.000000": {BotID: "B9", Username: "grafana", Text: "CPU is high", TS: "1700000001.000000"},
			"1700000002.000000": {User: quoted(w.client.UserID), Text: "the card", TS: "1700000002.000000"},
			"1700000003.000000": {BotID: w.client.BotID, Text: "an answer", TS: "1700000003.000000"},
		} {
			if _, err := w.intake.mean(w.Context(), in.Number, ch, MeansKey, bob, &m, ts, store.Delivery{ID: ts, At: time.Now()}); err != nil {
				w.Error(err)
			}
		}
		w.intake.Close(w.Context())
		events, err := w.db.Events(w.Context(), in.Number, 1, 0)
		if err != nil || len(events) != 2 || events[0].Actor.Name != "grafana" || events[0].Actor.Kind != incidents.Integration || events[1].Text != "Key event: grafana: CPU is high" {
			w.Errorf("%+v, %v", events, err)
		}
	})
}
