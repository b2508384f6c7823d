package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"fireboss/bot/slacksim"
	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// openView is a view as the workspace shows it.
type openView struct {
	ID, User, Type string
	Title          struct{ Text string }
	Blocks         []map[string]any
}

func (w *world) views() []openView {
	w.Helper()
	var st struct{ Views, Homes []openView }
	rec := httptest.NewRecorder()
	w.sim.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, wireAddress+"/sim/state", nil))
	if err := json.Unmarshal(rec.Body.Bytes(), &st); err != nil {
		w.Fatal(err)
	}
	return append(st.Views, st.Homes...)
}

// form waits for the one view that is open, and answers it.
func (w *world) form() openView {
	w.Helper()
	w.until("a form is open", func() bool { return len(w.views()) == 1 })
	return w.views()[0]
}

func (v openView) words() string {
	b, _ := json.Marshal(v.Blocks)
	return v.Title.Text + string(b)
}

// A form that takes longer than Slack waits says that it is being worked, and in
// the end what became of it.
func TestAFormThatTakesLong(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		desk := &commands.Desk{Store: w.db, People: w.people}
		w.intake.Desk = deskFunc(func(ctx context.Context, r commands.Request) commands.Reply {
			if r.Values != nil {
				elapse(5 * time.Second)
			}
			return desk.Handle(ctx, r)
		})
		w.connected(func() {
			w.slash("@alice", "#general", "")
			v := w.form()
			out := w.do("submit", map[string]any{"user": "@alice", "view_id": v.ID, "values": map[string]any{"title": "checkout is down"}})
			if out["ok"] != true || !strings.Contains(fmt.Sprint(out["response"]), "Working on it") {
				w.Errorf("after two seconds it is %v", out)
			}
			w.until("she reads what became of it", func() bool { return strings.Contains(w.form().words(), "Opened INC-1.") })
		})
	})
}

// Whoever sends a form again because Slack told them that it had failed wants one
// thing; with other words it is another.
func TestTheSameFormSentAgainIsOneCommand(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		in := w.opened(incidents.Open{Title: "x"}, w.channel("incidents").ID)
		sent := func(trigger, text string) {
			meta, _ := json.Marshal(carried{Say: "note " + in.Number.String(), Place: w.channel("incidents").ID})
			w.delivered("interactive", fields{
				"type": "view_submission", "trigger_id": trigger, "team": fields{"id": w.client.TeamID}, "user": fields{"id": w.user("bob"), "name": "bob"},
				"view": fields{"id": "V1", "type": "modal", "callback_id": formCallback, "private_metadata": string(meta),
					"state": fields{"values": fields{"text": fields{"text": fields{"type": "plain_text_input", "value": text}}}}},
			})
		}
		sent("T1", "seen")
		sent("T2", "seen")
		sent("T3", "seen again")
		notes := slices.DeleteFunc(w.kinds(in.Number), func(k string) bool { return k != "note_added" })
		if len(notes) != 2 {
			w.Errorf("there are %d notes", len(notes))
		}
		w.intake.Close(w.Context())
	})
}

// A form of which the process died is answered in words after the start.
func TestAFormLeftFromBeforeAStop(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		raw := `{"envelope_id":"E1","type":"slash_commands","payload":{"channel_id":"C00GENERAL","user_id":"` + w.user("alice") + `","text":"open","trigger_id":"T1"}}`
		if _, _, err := w.db.Receive(w.Context(), store.Delivery{ID: "slack:trigger:T1", Door: Door, Key: "x", At: time.Now(), Raw: []byte(raw)}); err != nil {
			w.Fatal(err)
		}
		elapse(time.Minute)
		if err := w.intake.Resume(w.Context()); err != nil {
			w.Fatal(err)
		}
		w.intake.Close(w.Context())
		if got := w.whispered("alice"); len(got) != 1 || !strings.Contains(got[0], "restarted") || !strings.Contains(got[0], "What is wrong?") {
			w.Errorf("alice reads %q", got)
		}
		if len(w.views()) > 0 {
			w.Errorf("a form was opened with an old trigger: %v", w.views())
		}
	})
}

// A form that is none of ours, or was one of another version, is not left waiting.
func TestAFormThatCannotBeRead(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		raw, _ := json.Marshal(fields{"envelope_id": "E1", "type": "interactive", "payload": fields{
			"type": "view_submission", "trigger_id": "T1", "user": fields{"id": w.user("bob")}, "view": fields{"id": "V1", "callback_id": "another"},
		}})
		acks := make(chan []byte, 2)
		w.intake.Frame(raw, func(b []byte) error { acks <- b; return nil })
		elapse(10 * time.Second)
		if got := string(<-acks); !strings.Contains(got, "open it again") || len(acks) > 0 {
			w.Errorf("it is answered %s, and %d times more", got, len(acks))
		}
		w.intake.Close(w.Context())
	})
}

// Where Slack does not open the form, the command is answered in words.
func TestAFormThatCannotBeOpened(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.fault("views.open", "error", 10, "error", "internal_error")
		w.connected(func() {
			out := w.slash("@alice", "#general", "open")
			if !strings.Contains(fmt.Sprint(out["response"], w.whispered("alice")), "What is wrong?") {
				w.until("alice is told in words", func() bool { return strings.Contains(fmt.Sprint(w.whispered("alice")), "What is wrong?") })
			}
		})
	})
}

// The answer to a call that opened a form may be lost: the form is there.
func TestAFormWhoseAnswerIsLost(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.fault("views.open", "drop_after", 1)
		w.connected(func() {
			if out := w.slash("@alice", "#general", "open"); out["response"] != nil {
				w.Errorf("it was answered as well: %v", out["response"])
			}
			if v := w.form(); v.Title.Text != "Open an incident" {
				w.Errorf("open is %+v", v)
			}
		})
	})
}

// FuzzViewState sends anything as what a form holds.
func FuzzViewState(f *testing.F) {
	f.Add(`{"values":{"title":{"title":{"type":"plain_text_input","value":"x"}}}}`, `{"say":"open"}`)
	f.Add(`{"values":{"to":{"to":{"type":"users_select","selected_user":"U111"}},"role":{"role":{"selected_option":{"value":"scribe"}}}}}`, `{"say":"role INC-1"}`)
	f.Add(`{"values":{"people":{"people":{"selected_users":["U111","<!channel>",7]}}}}`, `{"say":"invite INC-1","place":"C0PRIVATE"}`)
	f.Add(`{"values":[]}`, `{"say":"task INC-1 add","source":{"url":"javascript:alert(1)","text":"<!channel>"}}`)
	yes := true
	f.Fuzz(func(t *testing.T, state, meta string) {
		inWorld(t, slacksim.Options{}, func(w *world) {
			w.opened(incidents.Open{Title: "x"}, w.channel("incidents").ID)
			elapse(time.Second)
			w.opened(incidents.Open{Title: "keys leaked", Private: &yes}, "C0PRIVATE")
			private := fmt.Sprint(w.kinds(2))
			state = strings.ReplaceAll(state, "U111", w.user("carol"))
			if !json.Valid([]byte(state)) {
				state = "{}"
			}
			acks := w.delivered("interactive", fields{
				"type": "view_submission", "trigger_id": "T", "team": fields{"id": w.client.TeamID}, "user": fields{"id": w.user("bob"), "name": "bob"},
				"view": fields{"id": "V1", "type": "modal", "callback_id": formCallback, "private_metadata": meta, "state": json.RawMessage(state)},
			})
			if acks != 1 {
				t.Errorf("%d acknowledgements", acks)
			}
			if got := fmt.Sprint(w.kinds(2)); got != private {
				t.Errorf("bob changed what is not open to him: %s", got)
			}
			for _, c := range w.state().Channels {
				for _, m := range c.Messages {
					if strings.Contains(m.Text+string(m.Blocks), "<!channel>") {
						t.Errorf("everybody is called: %s", m.Text)
					}
				}
			}
			w.intake.Close(w.Context())
		})
	})
}
