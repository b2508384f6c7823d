package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fireboss/bot/slacksim"
	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// says is a desk with one answer.
func says(r commands.Reply) deskFunc {
	return func(context.Context, commands.Request) commands.Reply { return r }
}

func TestAnAnswerTooLongForTheAcknowledgementComesAfterIt(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		long := commands.Reply{Text: "INC-1 has many events."}
		for i := range 30 {
			long.Lines = append(long.Lines, commands.Line{Text: fmt.Sprint(i, strings.Repeat(" said", 150))})
		}
		w.intake.Desk = says(long)
		w.connected(func() {
			out := w.slash("@alice", "#general", "timeline")
			if out["ok"] != true || out["response"] != nil {
				w.Errorf("the command ended as %v", out)
			}
			w.until("alice has her answer", func() bool { return len(w.whispered("alice")) == 1 })
		})
		if got := w.whispered("alice"); !strings.Contains(got[0], "INC-1 has many events.") {
			w.Errorf("alice reads %q", got)
		}
	})
}

func TestNobodyWaitsForAnotherPersonsAnswer(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		in := w.opened(incidents.Open{Title: "x"}, w.channel("incidents").ID)
		w.connected(func() {
			w.fault("chat.postEphemeral", "latency", 100, "ms", 15000)
			w.do("message", map[string]any{"user": "@bob", "channel": "#incidents", "text": "<@" + w.client.UserID + "> note one"})
			w.until("it is noted", func() bool { return slices.Contains(w.kinds(in.Number), "note_added") })
			start := time.Now()
			if out := w.slash("@alice", "#incidents", "note two"); out["response"] == nil || time.Since(start) > time.Second {
				w.Errorf("alice waited %s and got %v", time.Since(start), out)
			}
		})
	})
}

func TestSixtyOpensAtOnceAreAnsweredSoon(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.connected(func() {
			took := make(chan time.Duration)
			for i := range 60 {
				go func() {
					start := time.Now()
					out := w.slash("@alice", "#general", fmt.Sprint("open flood ", i))
					if out["response"] == nil {
						w.Errorf("no answer: %v", out)
					}
					took <- time.Since(start)
				}()
			}
			for range 60 {
				if d := <-took; d > 300*time.Millisecond {
					w.Errorf("an answer took %s", d)
				}
			}
		})
	})
}

func TestAMessageIsRecordedThoughSlackDoesNotSayWhoWroteIt(t *testing.T) {
	for _, kind := range []string{"latency", "ratelimit"} {
		t.Run(kind, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				in := w.opened(incidents.Open{Title: "x"}, w.channel("incidents").ID)
				w.connected(func() {
					w.fault("users.info", kind, 1000, "ms", 60000, "retry_after", 600)
					w.do("message", map[string]any{"user": "@bob", "channel": "#incidents", "text": "ask <@" + w.user("carol") + ">"})
					w.until("it is recorded", func() bool { return slices.Contains(w.kinds(in.Number), "message_posted") })
				})
				if rows, err := w.db.Unfinished(w.Context()); err != nil || len(rows) > 0 {
					w.Errorf("%d deliveries are left (%v)", len(rows), err)
				}
			})
		})
	}
}

func TestAPanicIsToldToTheOneWhoAsked(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.intake.Desk = deskFunc(func(context.Context, commands.Request) commands.Reply { panic("a fault of the program") })
		w.connected(func() {
			if out := fmt.Sprint(w.slash("@alice", "#general", "list")["response"]); !strings.Contains(out, "went wrong") {
				w.Errorf("alice got %s", out)
			}
		})
		if rows, err := w.db.Unfinished(w.Context()); err != nil || len(rows) > 0 {
			w.Errorf("%d deliveries are left (%v)", len(rows), err)
		}
	})
}

// faulty is a store whose first writes of some kind fail.
type faulty struct {
	store.Store
	mu      sync.Mutex
	applies int // so many more applies fail
	err     error
}

func (f *faulty) Apply(ctx context.Context, c incidents.Command) (incidents.Outcome, error) {
	f.mu.Lock()
	f.applies--
	fail := f.applies >= 0
	f.mu.Unlock()
	if fail {
		return incidents.Outcome{}, f.err
	}
	return f.Store.Apply(ctx, c)
}

func TestAnEventThatCouldNotBeStoredIsStoredLater(t *testing.T) {
	for _, tt := range []struct {
		name string
		err  error
		want int // messages recorded
	}{
		{"the disk is full for a while", errors.New("no space left on device"), 1},
		{"the rules refuse it", incidents.Refused("it has ended"), 0},
		{"the rules break over it", &store.PanicError{Command: "x", Value: "a fault of the program"}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				in := w.opened(incidents.Open{Title: "x"}, w.channel("incidents").ID)
				w.intake.Store = &faulty{Store: w.db, applies: 5, err: tt.err}
				w.connected(func() {
					w.do("message", map[string]any{"user": "@bob", "channel": "#incidents", "text": "the mail is stuck"})
					elapse(5 * time.Minute)
				})
				n := 0
				for _, k := range w.kinds(in.Number) {
					if k == "message_posted" {
						n++
					}
				}
				if rows, err := w.db.Unfinished(w.Context()); n != tt.want || err != nil || len(rows) > 0 {
					w.Errorf("%d messages are recorded, want %d; %d deliveries are left (%v)", n, tt.want, len(rows), err)
				}
			})
		})
	}
}

func TestADeliveryThatComesAgainDoesNothingAgain(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.connected(func() {
			out := w.slash("@alice", "#general", "open checkout is down")
			first := fmt.Sprint(out["response"])
			again := w.do("redeliver", map[string]any{"envelope_id": out["envelope_id"]})
			if got := fmt.Sprint(again["response"]); got != first {
				w.Errorf("the second answer is\n%s\nthe first was\n%s", got, first)
			}
		})
		if list, err := w.db.Incidents(w.Context(), store.Query{}); err != nil || len(list) != 1 {
			w.Errorf("there are %d incidents (%v)", len(list), err)
		}
	})
}

func TestWhatWasAcknowledgedBeforeAStopIsWorkedAndAnsweredAfterIt(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		raw := `{"envelope_id":"E1","type":"slash_commands","payload":{"channel_id":"C00GENERAL","user_id":"` + w.user("alice") + `","text":"open checkout is down","trigger_id":"T1"}}`
		row := store.Delivery{ID: "slack:trigger:T1", Door: Door, Key: "x", At: time.Now(), Raw: []byte(raw)}
		if _, _, err := w.db.Receive(w.Context(), row); err != nil {
			w.Fatal(err)
		}
		if err := w.intake.Resume(w.Context()); err != nil {
			w.Fatal(err)
		}
		w.intake.Close(w.Context())
		if got := w.whispered("alice"); len(got) != 1 || !strings.Contains(got[0], "restarted") || !strings.Contains(got[0], "INC-1") {
			w.Errorf("alice reads %q", got)
		}
	})
}

func TestADeliveryThatEndsTheProcessIsGivenUpAndThatIsSaid(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		raw := `{"envelope_id":"E1","type":"slash_commands","payload":{"channel_id":"C00GENERAL","user_id":"` + w.user("alice") + `","text":"open checkout is down","trigger_id":"T1"}}`
		row := store.Delivery{ID: "slack:trigger:T1", Door: Door, Key: "x", At: time.Now(), Raw: []byte(raw)}
		if _, _, err := w.db.Receive(w.Context(), row); err != nil {
			w.Fatal(err)
		}
		for range maxTries {
			if _, err := w.db.Attempted(w.Context(), row.ID); err != nil {
				w.Fatal(err)
			}
		}
		if err := w.intake.Resume(w.Context()); err != nil {
			w.Fatal(err)
		}
		w.intake.Close(w.Context())
		if got := w.whispered("alice"); len(got) != 1 || !strings.Contains(got[0], "gave it up") {
			w.Errorf("alice reads %q", got)
		}
		rows, err := w.db.Unfinished(w.Context())
		if list, _ := w.db.Incidents(w.Context(), store.Query{}); err != nil || len(rows) > 0 || len(list) > 0 {
			w.Errorf("%d deliveries are left, %d incidents there (%v)", len(rows), len(list), err)
		}
	})
}

func TestWhatCannotBeReadIsAcknowledgedAndLeft(t *testing.T) {
	for name, tt := range map[string]struct {
		raw  string
		acks int
	}{
		"no json":             {`{"envelope_id":`, 0},
		"no id":               {`{"type":"slash_commands"}`, 0},
		"an unknown type":     {`{"envelope_id":"E","type":"hologram","payload":{}}`, 1},
		"no payload":          {`{"envelope_id":"E","type":"slash_commands"}`, 1},
		"a payload of a list": {`{"envelope_id":"E","type":"events_api","payload":[1,2]}`, 1},
		"wrong types":         {`{"envelope_id":"E","type":"interactive","payload":{"type":7,"actions":"x","user":3}}`, 1},
		"an event of nothing": {`{"envelope_id":"E","type":"events_api","payload":{"type":"event_callback","event_id":"Ev1","event":null}}`, 1},
		"a limit":             {`{"envelope_id":"E","type":"events_api","payload":{"type":"app_rate_limited"}}`, 1},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				acks := make(chan []byte, 10)
				w.intake.Frame([]byte(tt.raw), func(b []byte) error { acks <- b; return nil })
				elapse(10 * time.Second)
				w.intake.Close(w.Context())
				if len(acks) != tt.acks {
					w.Errorf("%d acknowledgements, want %d", len(acks), tt.acks)
				}
				if rows, err := w.db.Unfinished(w.Context()); err != nil || len(rows) > 0 {
					w.Errorf("%d deliveries are left (%v)", len(rows), err)
				}
			})
		})
	}
}

// eventFrame is an event of the incident's channel as an envelope.
func eventFrame(id string, event map[string]any) []byte {
	raw, err := json.Marshal(map[string]any{"envelope_id": "E" + id, "type": "events_api",
		"payload": map[string]any{"type": "event_callback", "event_id": "Ev" + id, "event": event}})
	if err != nil {
		panic(err)
	}
	return raw
}

// Slack may send the same envelope on two connections at once, and the same event
// in two envelopes.
func TestTheSameEventTwiceAtOnceIsOneEvent(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		ch := w.channel("incidents").ID
		in := w.opened(incidents.Open{Title: "x"}, ch)
		acks := make(chan []byte, 100)
		send := func(b []byte) error { acks <- b; return nil }
		said := map[string]any{"type": "message", "channel": ch, "user": w.user("bob"), "text": "the mail is stuck", "ts": "1700000000.000100", "event_ts": "1700000000.000100"}
		for range 10 {
			go w.intake.Frame(eventFrame("1", said), send)
			go w.intake.Frame(eventFrame("2", said), send)
		}
		elapse(10 * time.Second)
		w.intake.Close(w.Context())
		if n := len(acks); n != 20 {
			w.Errorf("%d of 20 frames were acknowledged", n)
		}
		if got := strings.Join(w.kinds(in.Number), " "); strings.Count(got, "message_posted") != 1 {
			w.Errorf("the events are %s", got)
		}
	})
}

// Events that come late and in any order lead to the same end, also of two edits within one second.
func TestTheOrderOfEventsDoesNotMatter(t *testing.T) {
	for name, order := range map[string][]string{
		"as it happened":            {"said", "first", "second"},
		"the edits first":           {"second", "first", "said"},
		"the last edit in between":  {"second", "said", "first"},
		"taken back before it came": {"gone", "said", "second", "first"},
		"taken back in between":     {"first", "gone", "said", "second"},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				ch, bob := w.channel("incidents").ID, w.user("bob")
				in := w.opened(incidents.Open{Title: "x"}, ch)
				edit := func(text, at string) map[string]any {
					return map[string]any{"type": "message", "subtype": "message_changed", "channel": ch, "ts": at, "event_ts": at,
						"message": map[string]any{"type": "message", "user": bob, "text": text, "ts": "1700000000.000100", "edited": map[string]any{"user": bob, "ts": at[:10] + ".000000"}}} // as Slack says it
				}
				events := map[string]map[string]any{
					"said":   {"type": "message", "channel": ch, "user": bob, "text": "one", "ts": "1700000000.000100", "event_ts": "1700000000.000100"},
					"first":  edit("two", "1700000010.001000"),
					"second": edit("three", "1700000010.002000"),
					"gone":   {"type": "message", "subtype": "message_deleted", "channel": ch, "ts": "1700000030.000000", "event_ts": "1700000030.000000", "deleted_ts": "1700000000.000100"},
				}
				for _, what := range order {
					w.intake.Frame(eventFrame(what, events[what]), func([]byte) error { return nil })
					elapse(time.Minute)
				}
				w.intake.Close(w.Context())
				behind, err := w.db.Behind(w.Context(), place(ch, "1700000000.000100"))
				if err != nil {
					w.Fatal(err)
				}
				last, texts := "", 0
				for _, e := range behind {
					if e.Text != "" && e.Kind != incidents.MessageDeleted {
						texts++
					}
					if e.Kind == incidents.MessageEdited || e.Kind == incidents.MessagePosted && last == "" {
						last = e.Text
					}
				}
				if slices.Contains(order, "gone") {
					if texts > 0 {
						w.Errorf("a text that was taken back is still there: %+v", behind)
					}
				} else if last != "three" {
					w.Errorf("in the end it says %q, want three: %+v", last, behind)
				}
				if n := strings.Count(strings.Join(w.kinds(in.Number), " "), "message_posted"); n > 1 {
					w.Errorf("the message is there %d times", n)
				}
			})
		})
	}
}
