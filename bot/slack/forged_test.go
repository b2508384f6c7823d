package slack

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fireboss/bot/slacksim"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// fields are a JSON object.
type fields map[string]any

// delivered gives an envelope to the intake as Slack would, and answers how
// often it was acknowledged.
func (w *world) delivered(kind string, payload any) (acks int) {
	w.Helper()
	raw, err := json.Marshal(fields{"envelope_id": fmt.Sprint("E", time.Now().UnixNano()), "type": kind, "payload": payload})
	if err != nil {
		w.Fatal(err)
	}
	got := make(chan []byte, 10)
	w.intake.Frame(raw, func(b []byte) error { got <- b; return nil })
	elapse(10 * time.Second)
	if rows, err := w.db.Unfinished(w.Context()); err != nil || len(rows) > 0 {
		w.Errorf("%d deliveries are left (%v)", len(rows), err)
	}
	return len(got)
}

// click is the payload of a button of ours, pressed by somebody.
func (w *world) click(who, channel, value string, change ...fields) fields {
	p := fields{
		"type": "block_actions", "trigger_id": fmt.Sprint("t", time.Now().UnixNano()), "team": fields{"id": w.client.TeamID},
		"user": fields{"id": w.user(who), "name": who, "team_id": w.client.TeamID}, "channel": fields{"id": w.channel(channel).ID},
		"message": fields{"ts": "1700000000.000100"}, "container": fields{"type": "message", "message_ts": "1700000000.000100"},
		"actions": []fields{{"action_id": sayAction + "ack", "value": value, "type": "button"}},
	}
	for _, c := range change {
		for k, v := range c {
			p[k] = v
		}
	}
	return p
}

// TestForgedClicksChangeNothing: each is acknowledged, so that Slack does not
// say that we are broken, and answered in words or not at all.
func TestForgedClicksChangeNothing(t *testing.T) {
	huge := strings.Repeat("ack INC-1 ", 100_000)
	action := func(id string, value any) fields {
		return fields{"actions": []fields{{"action_id": id, "value": value}}}
	}
	for name, tt := range map[string]struct {
		value  string
		change fields
		says   string // to who pressed; empty: nothing
	}{
		"an action that does not exist":    {"ack INC-1", action("frobnicate", "ack INC-1"), ""},
		"an action almost ours":            {"ack INC-1", action("xsay:ack", "ack INC-1"), ""},
		"no action":                        {"", fields{"actions": []fields{}}, ""},
		"actions of another type":          {"", fields{"actions": "say:ack"}, ""},
		"a value of another type":          {"", action("say:ack", []int{1}), "/incident"},
		"a value that is no command":       {"frobnicate the disks", nil, "is not a verb"},
		"a huge value":                     {huge, nil, "INC-1"},
		"a huge action id":                 {"", action("say:"+huge, "frobnicate"), "is not a verb"},
		"an incident that does not exist":  {"ack INC-99", nil, "INC-99 does not exist or is not open to you."},
		"an incident that is over":         {"ack INC-2", nil, "INC-2"},
		"another one's access":             {"accept INC-1", nil, "not offered to you"},
		"a button of a workspace not ours": {"sev INC-1 1", fields{"team": fields{"id": "T0OTHER"}}, ""},
		"a person who is none":             {"sev INC-1 1", fields{"user": fields{"id": "U1><!channel", "name": "x"}}, ""},
		"nobody at all":                    {"sev INC-1 1", fields{"user": nil}, ""},
		"an unknown view":                  {"", fields{"type": "view_submission", "view": fields{"id": "V0NONE", "callback_id": "nothing", "state": fields{"values": fields{"a": fields{"b": 1}}}}}, ""},
		"a view that was closed":           {"", fields{"type": "view_closed", "view": nil}, ""},
		"a shortcut that does not exist":   {"", fields{"type": "shortcut", "callback_id": "say:ack"}, ""},
		"a type that does not exist":       {"sev INC-1 1", fields{"type": "hologram"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				w.opened(incidents.Open{Title: "checkout is down"}, w.channel("incidents").ID)
				elapse(time.Second) // or it would be the same command
				w.opened(incidents.Open{Title: "over", Resolved: time.Now()}, "")
				if tt.value == "ack INC-1" || tt.value == huge { // so that a press that counts changes nothing either
					alice := incidents.Actor{Kind: incidents.User, ID: w.client.actorID(w.user("alice")), Name: "alice"}
					if _, err := w.db.Apply(w.Context(), incidents.Command{ID: "acked", Actor: alice, At: time.Now(), Incident: 1, Do: incidents.Acknowledge{}}); err != nil {
						w.Fatal(err)
					}
				}
				before := fmt.Sprint(w.kinds(1), w.kinds(2))
				if acks := w.delivered("interactive", w.click("bob", "general", tt.value, tt.change)); acks != 1 {
					w.Errorf("%d acknowledgements", acks)
				}
				w.intake.Close(w.Context())
				if after := fmt.Sprint(w.kinds(1), w.kinds(2)); after != before {
					w.Errorf("events\n%s became\n%s", before, after)
				}
				if list, err := w.db.Incidents(w.Context(), store.Query{}); err != nil || len(list) != 2 {
					w.Errorf("there are %d incidents (%v)", len(list), err)
				}
				said := strings.Join(w.whispered("bob"), "\n")
				if !strings.Contains(strings.ToLower(said), strings.ToLower(tt.says)) || (tt.says == "") != (said == "") {
					w.Errorf("bob reads %.300q, want %q", said, tt.says)
				}
			})
		})
	}
}

// TestAButtonLetsNobodyDoMoreThanTyping: whatever its value was changed to, it
// is said by who pressed it, in their name and with their rights.
func TestAButtonLetsNobodyDoMoreThanTyping(t *testing.T) {
	yes := true
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.opened(incidents.Open{Title: "keys leaked", Private: &yes}, "C0PRIVATE")
		elapse(time.Second) // or it would be the same command
		w.opened(incidents.Open{Title: "checkout is down"}, w.channel("incidents").ID)
		before := fmt.Sprint(w.kinds(1))
		for _, value := range []string{"ack INC-1", "show INC-1", "invite INC-1 @bob", "join INC-1", "lead INC-1 me", "timeline INC-1", "rename INC-1 x", "accept INC-1", "list", "search keys"} {
			for _, channel := range []fields{{}, {"channel": fields{"id": "C0PRIVATE"}}} {
				if acks := w.delivered("interactive", w.click("bob", "general", value, channel)); acks != 1 {
					w.Errorf("%d acknowledgements", acks)
				}
			}
		}
		w.delivered("slash_commands", fields{"team_id": w.client.TeamID, "user_id": w.user("bob"), "channel_id": "C0PRIVATE", "text": "show", "trigger_id": "T9"})
		if got := fmt.Sprint(w.kinds(1)); got != before {
			w.Errorf("bob, who is not in it, made %s of %s", got, before)
		}
		for _, said := range w.whispered("bob") {
			if strings.Contains(said, "keys leaked") {
				w.Errorf("bob reads %q", said)
			}
		}
		w.delivered("interactive", w.click("carol", "incidents", "sev INC-2 1"))
		events, err := w.db.Events(w.Context(), 2, 0, 0)
		if err != nil {
			w.Fatal(err)
		}
		if e := events[len(events)-1]; e.Kind != incidents.SeverityChanged || e.Actor.ID != w.client.actorID(w.user("carol")) {
			w.Errorf("carol pressed, and it was %+v", e)
		}
		w.intake.Close(w.Context())
	})
}

// TestWhoIsInAPrivateChannelIsLetIn, once Slack says that they are.
func TestWhoIsInAPrivateChannelIsLetIn(t *testing.T) {
	yes := true
	for _, fails := range []bool{false, true} {
		inWorld(t, slacksim.Options{}, func(w *world) {
			place := w.channel("incidents")
			if w.do("join", map[string]any{"user": "@bob", "channel": "#incidents"}); !slices.Contains(w.channel("incidents").Members, w.user("bob")) {
				w.Fatal("bob is not in the channel")
			}
			in := w.opened(incidents.Open{Title: "keys leaked", Private: &yes}, place.ID)
			if fails {
				w.fault("conversations.members", "error", 100, "error", "internal_error")
			}
			w.delivered("slash_commands", fields{"team_id": w.client.TeamID, "user_id": w.user("bob"), "channel_id": place.ID, "text": "note I saw it", "trigger_id": "T1"})
			if noted := slices.Contains(w.kinds(in.Number), "note_added"); noted == fails {
				w.Errorf("bob's note was taken: %v; Slack says who is there: %v", noted, !fails)
			}
			w.intake.Close(w.Context())
		})
	}
}

// Who has left a private incident and is not out of its channel yet stays gone
// when the command by which they left is worked again after a stop.
func TestALeaveThatIsWorkedAgainDoesNotBringBack(t *testing.T) {
	yes := true
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.do("join", map[string]any{"user": "@bob", "channel": "#incidents"})
		place := w.channel("incidents").ID
		in := w.opened(incidents.Open{Title: "keys leaked", Private: &yes}, place)
		bob := incidents.Actor{Kind: incidents.User, ID: w.client.actorID(w.user("bob")), Name: "bob"}
		raw := `{"envelope_id":"E1","type":"slash_commands","payload":{"channel_id":"` + place + `","user_id":"` + w.user("bob") + `","text":"leave","trigger_id":"T1"}}`
		row := store.Delivery{ID: "slack:trigger:T1", Door: Door, Key: "x", At: time.Now(), Raw: []byte(raw)}
		if _, _, err := w.db.Receive(w.Context(), row); err != nil {
			w.Fatal(err)
		}
		for _, c := range []incidents.Command{{ID: "came", Do: incidents.Arrived{Who: bob.Person()}}, {ID: row.ID, Do: incidents.Leave{}}} {
			c.Actor, c.At, c.Incident, c.Origin = bob, row.At, in.Number, Door
			if _, err := w.db.Apply(w.Context(), c); err != nil {
				w.Fatal(err)
			}
		}
		if err := w.intake.Resume(w.Context()); err != nil {
			w.Fatal(err)
		}
		w.intake.Close(w.Context())
		now, err := w.db.Incident(w.Context(), in.Number)
		if err != nil || now.IsResponder(bob.ID) {
			w.Errorf("bob is a responder again (%v): %v", err, w.kinds(in.Number))
		}
	})
}

func TestOtherWorkspacesAreNotServed(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		in := w.opened(incidents.Open{Title: "x"}, w.channel("incidents").ID)
		before, place := fmt.Sprint(w.kinds(in.Number)), w.channel("incidents").ID
		event := func(team string, installed ...fields) fields {
			p := fields{
				"type": "event_callback", "event_id": fmt.Sprint("Ev", time.Now().UnixNano()), "team_id": team,
				"event": fields{"type": "message", "channel": place, "user": w.user("bob"), "text": "hello", "ts": fmt.Sprintf("1700000000.%06d", time.Now().UnixNano()%1e6)},
			}
			if installed != nil {
				p["authorizations"] = installed
			}
			return p
		}
		for what, acks := range map[string]int{
			"a command":                        w.delivered("slash_commands", fields{"team_id": "T0OTHER", "user_id": w.user("bob"), "channel_id": place, "text": "note x", "trigger_id": "T1"}),
			"an event":                         w.delivered("events_api", event("T0OTHER")),
			"an event of another installation": w.delivered("events_api", event("T0OTHER", fields{"team_id": "T0OTHER"})),
			"a mention":                        w.delivered("events_api", fields{"type": "event_callback", "event_id": "EvM", "team_id": "T0OTHER", "event": fields{"type": "app_mention", "channel": place, "user": w.user("bob"), "text": "note x", "ts": "1.2"}}),
		} {
			if acks != 1 {
				w.Errorf("%s: %d acknowledgements", what, acks)
			}
		}
		if got := fmt.Sprint(w.kinds(in.Number)); got != before {
			w.Errorf("%s became %s", before, got)
		}
		// In a channel shared with another organisation the team may be theirs.
		w.delivered("events_api", event("T0OTHER", fields{"team_id": w.client.TeamID}))
		if !slices.Contains(w.kinds(in.Number), "message_posted") {
			w.Error("a message of a shared channel was left")
		}
		w.intake.Close(w.Context())
	})
}

// TestIdsOfAnyLengthAreKept: what the store could not keep would be worked again for ever.
func TestIdsOfAnyLengthAreKept(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		long, place := strings.Repeat("x", 100_000), w.channel("incidents").ID
		in := w.opened(incidents.Open{Title: "x"}, place)
		for what, acks := range map[string]int{
			"a trigger":    w.delivered("slash_commands", fields{"user_id": w.user("bob"), "channel_id": place, "text": "note x", "trigger_id": long}),
			"an event":     w.delivered("events_api", fields{"type": "event_callback", "event_id": long, "event": fields{"type": "message", "channel": place, "user": w.user("bob"), "text": "hello", "ts": long}}),
			"a thread":     w.delivered("events_api", fields{"type": "event_callback", "event_id": "Ev2", "event": fields{"type": "message", "channel": place, "user": w.user("bob"), "text": "hello", "ts": "1.2", "thread_ts": long}}),
			"a mention":    w.delivered("events_api", fields{"type": "event_callback", "event_id": "Ev3", "event": fields{"type": "app_mention", "channel": place, "user": w.user("bob"), "text": "note y", "ts": long}}),
			"a channel":    w.delivered("events_api", fields{"type": "event_callback", "event_id": "Ev4", "event": fields{"type": "message", "channel": long, "user": w.user("bob"), "text": "hello", "ts": "1.3"}}),
			"a deletion":   w.delivered("events_api", fields{"type": "event_callback", "event_id": "Ev5", "event": fields{"type": "message", "subtype": "message_deleted", "channel": place, "deleted_ts": long + "y", "ts": "1.4"}}),
			"a far future": w.delivered("events_api", fields{"type": "event_callback", "event_id": "Ev6", "event": fields{"type": "message", "channel": place, "user": w.user("bob"), "text": "hello", "ts": "999999999999999999.000000"}}),
		} {
			if acks != 1 {
				w.Errorf("%s: %d acknowledgements", what, acks)
			}
		}
		count := map[string]int{}
		for _, k := range w.kinds(in.Number) {
			count[k]++
		}
		if count["note_added"] != 2 || count["message_posted"] != 3 || count["message_deleted"] != 1 {
			w.Errorf("recorded: %v\n%s", count, w.log.String())
		}
		w.intake.Close(w.Context())
	})
}

// FuzzFrame gives anything to a socket and what is an envelope to the intake:
// it is acknowledged at most once, by its own id, leaves nothing behind, calls
// nobody, and touches no private incident.
func FuzzFrame(f *testing.F) {
	seeds, err := filepath.Glob("testdata/*.json")
	if err != nil || len(seeds) == 0 {
		f.Fatal("no seeds in testdata", err)
	}
	for _, name := range seeds {
		if b, err := os.ReadFile(name); err == nil && len(b) < 5000 {
			f.Add(b)
		}
	}
	for _, text := range []string{"note <!channel>", "open <@UNOSUCH> x", "show INC-1", "rename <https://evil.example|https://bank.example>", "help"} {
		f.Add(fmt.Appendf(nil, `{"envelope_id":"E","type":"slash_commands","payload":{"team_id":"T111","user_id":"U111","channel_id":"C111","text":%q,"trigger_id":"T"}}`, text))
		f.Add(fmt.Appendf(nil, `{"envelope_id":"E","type":"interactive","payload":{"type":"block_actions","user":{"id":"U111"},"channel":{"id":"C111"},"actions":[{"action_id":"say:1","value":%q}],"trigger_id":"T"}}`, text))
		f.Add(fmt.Appendf(nil, `{"envelope_id":"E","type":"events_api","payload":{"type":"event_callback","event_id":"Ev","event":{"type":"app_mention","channel":{"id":"C111"},"user":"U111","text":"<@U333> %s","ts":"1.2"}}}`, text))
	}
	yes := true
	f.Fuzz(func(t *testing.T, raw []byte) {
		inWorld(t, slacksim.Options{}, func(w *world) {
			w.opened(incidents.Open{Title: "keys leaked", Private: &yes}, "C0PRIVATE")
			elapse(time.Second)
			w.opened(incidents.Open{Title: "checkout is down"}, w.channel("incidents").ID)
			raw = []byte(strings.NewReplacer("U111", w.user("bob"), "U222", w.user("bob"), "U333", w.client.UserID, "T111", w.client.TeamID, "C111", w.channel("incidents").ID).Replace(string(raw)))
			private := fmt.Sprint(w.kinds(1))
			acks := make(chan []byte, 10)
			_ = w.sockets[0].frame(&connection{replace: make(chan struct{})}, raw, func(b []byte) error { acks <- b; return nil })
			elapse(10 * time.Second)
			w.intake.Close(w.Context())
			if rows, err := w.db.Unfinished(w.Context()); err != nil || len(rows) > 0 || len(acks) > 1 {
				w.Errorf("%d acknowledgements, %d deliveries left (%v)", len(acks), len(rows), err)
			}
			if len(acks) == 1 {
				var ours, theirs struct {
					ID string `json:"envelope_id"`
				}
				ack := <-acks
				if json.Unmarshal(ack, &ours) != nil || len(ack) > maxAck || ours.ID == "" {
					w.Errorf("acknowledged by %q", ack)
				}
				// What cannot be read as a whole is acknowledged, too, or Slack sends it for ever.
				if lenient(raw, &theirs) == nil && ours != theirs {
					w.Errorf("acknowledged by %q, not as %q", ack, theirs.ID)
				}
			}
			if got := fmt.Sprint(w.kinds(1)); got != private {
				w.Errorf("the private incident has %s", got)
			}
			for _, said := range w.whispered("bob") {
				if bad := live(said); bad != "" || strings.Contains(said, "keys leaked") {
					w.Errorf("%q is live in %q", bad, said)
				}
			}
		})
	})
}
