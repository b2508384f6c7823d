package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fireboss/bot/slacksim"
	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// slowDisk is a store that takes long over what arrives, or cannot keep it.
type slowDisk struct {
	store.Store
	takes func(d store.Delivery) time.Duration
	fails error

	mu   sync.Mutex
	kept map[string]bool
}

func (s *slowDisk) Receive(ctx context.Context, d store.Delivery) (store.Delivery, bool, error) {
	elapse(s.takes(d))
	if s.fails != nil {
		return store.Delivery{}, false, s.fails
	}
	row, fresh, err := s.Store.Receive(ctx, d)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil {
		s.kept = map[string]bool{}
	}
	s.kept[d.ID] = true
	return row, fresh, err
}

func (s *slowDisk) keeps(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept[id]
}

// The three kinds of what Slack wants acknowledged, with the ids of their
// deliveries.
func arrivals(w *world) map[string][]byte {
	message := map[string]any{"type": "message", "channel": w.channel("incidents").ID, "user": w.user("bob"), "text": "the mail is stuck", "ts": "1700000000.000100", "event_ts": "1700000000.000100"}
	return map[string][]byte{
		"slack:event:Ev1":       eventFrame("1", message),
		"slack:trigger:command": []byte(`{"envelope_id":"E2","type":"slash_commands","payload":{"channel_id":"C00GENERAL","user_id":"` + w.user("alice") + `","text":"open checkout is down","trigger_id":"command"}}`),
		"slack:trigger:click":   []byte(`{"envelope_id":"E3","type":"interactive","payload":{"type":"block_actions","trigger_id":"click","user":{"id":"` + w.user("alice") + `"},"channel":{"id":"C00GENERAL"},"actions":[{"action_id":"say:list","value":"list"}]}}`),
	}
}

// Acknowledged means durable: Slack does not send again what was acknowledged.
func TestNothingIsAcknowledgedBeforeItIsStored(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		disk := &slowDisk{Store: w.db, takes: func(store.Delivery) time.Duration { return 5 * time.Second }}
		w.intake.Store = disk
		var mu sync.Mutex
		acks := map[string]int{}
		for id, frame := range arrivals(w) {
			w.intake.Frame(frame, func([]byte) error {
				mu.Lock()
				defer mu.Unlock()
				if acks[id]++; !disk.keeps(id) {
					w.Errorf("%s was acknowledged before it was stored", id)
				}
				return nil
			})
		}
		elapse(time.Minute)
		w.intake.Close(w.Context())
		mu.Lock()
		defer mu.Unlock()
		if len(acks) != 3 {
			w.Errorf("acknowledged were %v", acks)
		}
	})
}

// What cannot be stored is left to Slack, which sends it again; a person who
// waits is told that nothing was done.
func TestWhatCannotBeStoredIsNotTaken(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.intake.Store = &slowDisk{Store: w.db, takes: func(store.Delivery) time.Duration { return 0 }, fails: errors.New("no space left on device")}
		var worked atomic.Bool
		w.intake.Desk = deskFunc(func(context.Context, commands.Request) commands.Reply {
			worked.Store(true)
			return commands.Reply{Text: "Done."}
		})
		acks := make(chan string, 10)
		for id, frame := range arrivals(w) {
			w.intake.Frame(frame, func(b []byte) error { acks <- id + " " + string(b); return nil })
		}
		elapse(time.Minute)
		w.intake.Close(w.Context())
		var got []string
		for len(acks) > 0 {
			got = append(got, <-acks)
		}
		if len(got) != 1 || !strings.Contains(got[0], "slack:trigger:command") || !strings.Contains(got[0], "nothing was done") {
			w.Errorf("acknowledged were %q", got)
		}
		if worked.Load() {
			w.Error("what was not stored was worked")
		}
	})
}

// An envelope is acknowledged once, however long its answer takes, and however
// often the same command comes: Slack sends it again where an acknowledgement
// was lost, on another connection perhaps while the first is still being worked.
func TestACommandIsWorkedOnceAndEachEnvelopeAcknowledgedOnce(t *testing.T) {
	for _, tt := range []struct {
		takes   time.Duration // of the answer
		answers int           // on acknowledgements
	}{{0, 3}, {time.Second, 3}, {10 * time.Second, 1}} {
		t.Run(tt.takes.String(), func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				var mu sync.Mutex
				asked := 0
				w.intake.Desk = deskFunc(func(context.Context, commands.Request) commands.Reply {
					mu.Lock()
					asked++
					mu.Unlock()
					elapse(tt.takes)
					return commands.Reply{Text: "There are no incidents."}
				})
				acks := map[string][]string{}
				come := func(envelope string) {
					raw := `{"envelope_id":"` + envelope + `","type":"slash_commands","payload":{"channel_id":"C00GENERAL","user_id":"` + w.user("alice") + `","text":"list","trigger_id":"T1"}}`
					w.intake.Frame([]byte(raw), func(b []byte) error {
						mu.Lock()
						defer mu.Unlock()
						acks[envelope] = append(acks[envelope], string(b))
						return nil
					})
				}
				come("E1")
				elapse(100 * time.Millisecond)
				come("E2") // while the first is being worked, where that takes long
				elapse(time.Minute)
				come("E3")
				elapse(time.Minute)
				w.intake.Close(w.Context())
				answers := 0
				for envelope, list := range acks {
					if len(list) != 1 {
						w.Errorf("%s was acknowledged %d times", envelope, len(list))
					}
					if strings.Contains(fmt.Sprint(list), "There are no incidents") {
						answers++
					}
				}
				if asked != 1 || len(acks) != 3 || answers != tt.answers {
					w.Errorf("worked %d times, %d of 3 acknowledged, %d answers on acknowledgements, want %d", asked, len(acks), answers, tt.answers)
				}
			})
		})
	}
}

// A click that comes again is answered once.
func TestAClickThatComesAgainIsAnsweredOnce(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		for range 3 {
			w.intake.Frame(arrivals(w)["slack:trigger:click"], func([]byte) error { return nil })
			elapse(time.Second)
		}
		w.intake.Close(w.Context())
		if got := w.whispered("alice"); len(got) != 1 {
			w.Errorf("alice reads %q", got)
		}
	})
}

// What happens in a channel is worked in the order in which it arrived, also
// where storing or working the first takes longer than the next.
func TestAChannelKeepsItsOrder(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		ch, bob := w.channel("incidents").ID, w.user("bob")
		in := w.opened(incidents.Open{Title: "x"}, ch)
		var arrived atomic.Int32
		w.intake.Store = &slowDisk{Store: w.db, takes: func(store.Delivery) time.Duration { // called in the order of arrival
			if arrived.Add(1) == 1 {
				return 5 * time.Second
			}
			return 0
		}}
		var mu sync.Mutex
		var got []string
		slow := true
		desk := w.intake.Desk
		w.intake.Desk = deskFunc(func(ctx context.Context, r commands.Request) commands.Reply {
			mu.Lock()
			was := slow
			slow = false
			mu.Unlock()
			if was {
				elapse(3 * time.Second)
			}
			reply := desk.Handle(ctx, r)
			mu.Lock()
			defer mu.Unlock()
			got = append(got, r.Text)
			return reply
		})
		none := func([]byte) error { return nil }
		for i := range 3 {
			ts := fmt.Sprintf("170000000%d.000100", i)
			w.intake.Frame(eventFrame(fmt.Sprint(i), map[string]any{"type": "message", "channel": ch, "user": bob, "text": fmt.Sprint("said ", i), "ts": ts, "event_ts": ts}), none)
			elapse(time.Millisecond)
		}
		for i := range 3 {
			w.intake.Frame(fmt.Appendf(nil, `{"envelope_id":"S%d","type":"slash_commands","payload":{"channel_id":%q,"user_id":%q,"text":"note %d","trigger_id":"T%d"}}`, i, ch, bob, i, i), none)
			elapse(time.Millisecond)
		}
		elapse(time.Minute)
		w.intake.Close(w.Context())
		events, err := w.db.Events(w.Context(), in.Number, 0, 0)
		if err != nil {
			w.Fatal(err)
		}
		var said []string
		for _, e := range events {
			if e.Kind == incidents.MessagePosted {
				said = append(said, e.Text)
			}
		}
		if !slices.Equal(said, []string{"said 0", "said 1", "said 2"}) || !slices.Equal(got, []string{"note 0", "note 1", "note 2"}) {
			w.Errorf("worked were %q and %q", said, got)
		}
	})
}
