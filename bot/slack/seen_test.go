package slack

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fireboss/bot/slacksim"
	"fireboss/commands"
	"fireboss/incidents"
)

// Slack tells of much that is no news: it unfolds links, and programs talk too.
func TestWhatIsNoNewsIsNotRecorded(t *testing.T) {
	for name, event := range map[string]map[string]any{
		"a link is unfolded": {"type": "message", "subtype": "message_changed", "ts": "1700000010.000000",
			"message": map[string]any{"user": "U00000BOB0", "text": "see https://example.com", "ts": "1700000000.000100"}, "previous_message": map[string]any{"user": "U00000BOB0", "text": "see https://example.com"}},
		"a program writes":             {"type": "message", "bot_id": "B1", "user": "U00000BOB0", "text": "deployed"},
		"we write":                     {"type": "message", "user": "U0FIREBOSS", "text": "Severity changed"},
		"our own message is changed":   {"type": "message", "subtype": "message_changed", "message": map[string]any{"user": "U0FIREBOSS", "text": "the card", "ts": "1700000000.000100"}},
		"somebody joins, Slack writes": {"type": "message", "subtype": "channel_join", "user": "U00000BOB0", "text": "bob has joined"},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				ch := w.channel("incidents").ID
				in := w.opened(incidents.Open{Title: "x"}, ch)
				before := len(w.kinds(in.Number))
				event["channel"] = ch
				if event["ts"] == nil {
					event["ts"] = "1700000000.000100"
				}
				w.intake.Frame(eventFrame("1", event), func([]byte) error { return nil })
				elapse(10 * time.Second)
				w.intake.Close(w.Context())
				if got := w.kinds(in.Number)[before:]; len(got) > 0 {
					w.Errorf("recorded were %v", got)
				}
			})
		})
	}
}

// Each action of a click is a command of its own: the second must not be taken
// for the first that comes again.
func TestEachActionOfAClickIsCarriedOut(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		ch := w.channel("incidents").ID
		in := w.opened(incidents.Open{Title: "x"}, ch)
		raw := `{"envelope_id":"E1","type":"interactive","payload":{"type":"block_actions","trigger_id":"T1","user":{"id":"` + w.user("alice") + `"},"channel":{"id":"` + ch + `"},
			"actions":[{"action_id":"say:one","value":"note one"},{"action_id":"say:two","value":"note two"}]}}`
		w.intake.Frame([]byte(raw), func([]byte) error { return nil })
		elapse(10 * time.Second)
		w.intake.Close(w.Context())
		if got := strings.Join(w.kinds(in.Number), " "); strings.Count(got, "note_added") != 2 {
			w.Errorf("the events are %s", got)
		}
	})
}

// What is cut off by the stop is neither answered as if it had failed nor
// finished: the next start carries it out.
func TestWhatTheStopCutsOffIsWorkedByTheNextStart(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.intake.Desk = deskFunc(func(ctx context.Context, _ commands.Request) commands.Reply {
			<-ctx.Done()
			return commands.Reply{Text: "Something went wrong on our side.", Fault: errors.New("cut off")}
		})
		acks := make(chan string, 10)
		w.intake.Frame(arrivals(w)["slack:trigger:command"], func(b []byte) error { acks <- string(b); return nil })
		elapse(100 * time.Millisecond)
		over, cancel := context.WithTimeout(w.Context(), time.Second)
		defer cancel()
		w.intake.Close(over)
		elapse(time.Minute)
		for len(acks) > 0 {
			if a := <-acks; strings.Contains(a, "went wrong") {
				w.Errorf("the acknowledgement is %s", a)
			}
		}
		next := &Intake{Client: w.client, Store: w.db, Directory: w.people, Log: w.intake.Log, Card: w.intake.Card, Desk: &commands.Desk{Store: w.db, People: w.people}, Poke: w.intake.Poke, Placed: w.intake.Placed}
		if err := next.Resume(w.Context()); err != nil {
			w.Fatal(err)
		}
		next.Close(w.Context())
		if _, err := w.db.Incident(w.Context(), 1); err != nil || len(w.whispered("alice")) != 1 {
			w.Errorf("after the next start: %v, and alice reads %q", err, w.whispered("alice"))
		}
	})
}

// Slack tells late, and in any order, of who comes and goes. What is not so any
// more is not believed.
func TestOldNewsOfComingAndGoing(t *testing.T) {
	type news struct {
		joined bool
		ago    time.Duration
	}
	for name, tt := range map[string]struct {
		there bool // bob, now
		news  []news
		want  string // what is recorded
	}{
		"he comes":                        {true, []news{{true, 0}}, "responder_joined"},
		"he comes and goes":               {false, []news{{true, 2 * time.Second}, {false, 0}}, "responder_joined responder_left"},
		"going overtakes coming":          {false, []news{{false, 0}, {true, 2 * time.Second}}, ""},
		"he had come, and has gone since": {false, []news{{true, time.Minute}}, ""},
		"he had gone, and is back":        {true, []news{{true, 0}, {false, time.Minute}}, "responder_joined"},
		"he had come a while ago":         {true, []news{{true, time.Minute}}, "responder_joined"},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				elapse(time.Hour)
				ch := w.channel("incidents").ID
				in := w.opened(incidents.Open{Title: "x"}, ch)
				what := "leave"
				if tt.there {
					what = "join"
				}
				w.do(what, map[string]any{"user": "@bob", "channel": ch})
				before := len(w.kinds(in.Number))
				for i, n := range tt.news {
					kind := "member_left_channel"
					if n.joined {
						kind = "member_joined_channel"
					}
					w.intake.Frame(eventFrame(fmt.Sprint(i), map[string]any{"type": kind, "channel": ch, "user": w.user("bob"), "event_ts": formatTS(time.Now().Add(-n.ago))}), func([]byte) error { return nil })
					elapse(time.Millisecond)
				}
				elapse(time.Second)
				w.intake.Close(w.Context())
				if got := strings.Join(w.kinds(in.Number)[before:], " "); got != tt.want {
					w.Errorf("recorded is %q, want %q", got, tt.want)
				}
			})
		})
	}
}
