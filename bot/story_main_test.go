package bot

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The main job, from open to closed, by typing alone.
func TestStoryAnIncidentIsRunToItsEnd(t *testing.T) {
	s := tell(t)
	s.Alice.Says("/incident open sev1 checkout is down").Expect("INC-1")
	s.channel = "#inc-1-checkout-is-down"
	s.until("alice and the people on call are in the channel", func() bool {
		c, _ := s.find(s.channel)
		return slices.Contains(c.Members, s.user("@alice")) && slices.Contains(c.Members, s.user("@bob"))
	})
	s.Sees(s.channel, "checkout is down", "sev1", "recorded", "nobody yet")
	s.Sees("#incidents", "INC-1", "checkout is down")

	s.Bob.Says("/incident ack").Expect("INC-1")
	s.Sees(s.channel, "Acknowledged by bob")
	s.Bob.Says("/incident lead me").Expect("command")
	s.Sees(s.channel, "Incident commander is now bob")
	s.Alice.Says("I think it is the release from noon")
	s.Bob.Says("/incident status identified release 2241")
	s.Bob.Says("/incident decision we roll back release 2241")
	s.Bob.Says("/incident task add roll back @alice due 20m").Expect("task 1")
	s.Alice.Says("/incident task done 1")
	s.Bob.Says("/incident update payments work for half of the customers next 20m")
	s.Sees(s.channel, "Update:", "half of the customers")
	s.Sees("#incidents", "half of the customers")
	s.Bob.Says("/incident status monitoring")
	s.Bob.Says("/incident resolve errors are gone")
	s.Bob.Says("/incident close").Expect("closed")
	s.Sees(s.channel, "sealed with")
	s.Settles()

	in := s.incident("INC-1")
	if in["status"] != "closed" || in["ended_as"] != "resolved" {
		t.Errorf("status %v, ended as %v", in["status"], in["ended_as"])
	}
	s.checkWhole("INC-1", s.channel)
	if code, body := s.get("/incidents/INC-1"); code != http.StatusOK || !strings.Contains(body, "checkout is down") {
		t.Errorf("the incident's page: %d", code)
	}
}

// checkWhole checks what must hold of every incident and its channel, whatever
// happened on the way: one card, pinned; each event that people should see
// posted once, in order; one announcement; the chain verifies.
func (s *story) checkWhole(id, channel string) {
	s.t.Helper()
	s.Settles()
	c := s.the(channel)
	cards, last := 0, 0
	var seen []int
	for _, m := range c.Messages {
		switch m.kind() {
		case "fireboss_card":
			cards++
		case "fireboss_event":
			seq := int(m.Metadata.EventPayload["seq"].(float64))
			if seq <= last {
				s.t.Errorf("%s: event %d was posted after %d", channel, seq, last)
			}
			last = seq
			seen = append(seen, seq)
		}
	}
	if cards != 1 || len(c.Pins) != 1 {
		s.t.Errorf("%s has %d cards and %d pins, want one of each", channel, cards, len(c.Pins))
	}
	var want []int
	for i, e := range s.events(id) {
		if e.Seq != i+1 {
			s.t.Errorf("%s: event %d stands at %d", id, e.Seq, i+1)
		}
		if postedKinds[e.Kind] || e.Kind == "reminder_sent" && e.Data["to"] == "channel" {
			want = append(want, e.Seq)
		}
	}
	if !slices.Equal(seen, want) {
		s.t.Errorf("%s shows events %v, want %v", channel, seen, want)
	}
	s.checkAnnounced(id, 1)
	if code, body := s.get("/api/v1/audit"); code != http.StatusOK || !strings.Contains(body, `"ok":true`) {
		s.t.Errorf("audit: %d %s", code, body)
	}
}

func (s *story) checkAnnounced(id string, want int) {
	s.t.Helper()
	n := 0
	for _, m := range s.the("#incidents").Messages {
		if m.kind() == "fireboss_announcement" && m.Metadata.EventPayload["incident"] == id {
			n++
		}
	}
	if n != want {
		s.t.Errorf("%s is announced %d times, want %d", id, n, want)
	}
}

// postedKinds are those of which the contract wants a message each.
var postedKinds = map[string]bool{
	"severity_changed": true, "status_changed": true, "role_assigned": true, "role_cleared": true, "acknowledged": true, "update_posted": true,
	"note_added": true, "decision_made": true, "task_added": true, "task_done": true, "handoff_accepted": true, "impact_changed": true,
	"postmortem_published": true,
}

// opened opens an incident and goes to its channel, and bob goes with alice.
func (s *story) opened(text string) string {
	s.t.Helper()
	before := len(s.state().Channels)
	s.Alice.Says("/incident open " + text)
	name := ""
	s.until("the channel exists and alice is in it", func() bool {
		channels := s.state().Channels
		if len(channels) <= before {
			return false
		}
		c := channels[len(channels)-1]
		name = "#" + c.Name
		return slices.Contains(c.Members, s.user("@alice"))
	})
	s.channel = name
	if out := s.call("join", map[string]any{"user": "@bob", "channel": name}); out["ok"] != true {
		s.t.Fatalf("bob joins %s: %v", name, out)
	}
	s.until("bob responds", func() bool { return strings.Contains(fmt.Sprint(s.incident(s.newest())["responders"]), "bob") })
	return name
}

// newest is the id of the newest incident.
func (s *story) newest() string {
	s.t.Helper()
	_, body := s.get("/api/v1/incidents?limit=1")
	var list struct{ Incidents []struct{ ID string } }
	if err := json.Unmarshal([]byte(body), &list); err != nil || len(list.Incidents) == 0 {
		s.t.Fatalf("the incidents: %v %s", err, body)
	}
	return list.Incidents[0].ID
}

func TestStoryButtonsOfTheCardWork(t *testing.T) {
	s := tell(t)
	ch := s.opened("search is slow")
	s.Sees(ch, "search is slow")
	s.Bob.Clicks(ch, "Acknowledge")
	s.Sees(ch, "Acknowledged by bob")
	s.Bob.Clicks(ch, "Take command")
	s.Sees(ch, "Incident commander is now bob")
	s.until("the buttons that no longer apply are gone", func() bool {
		for _, m := range s.the(ch).Messages {
			if m.kind() == "fireboss_card" {
				return button(m.Blocks, "Acknowledge") == "" && button(m.Blocks, "Take command") == ""
			}
		}
		return false
	})
	s.Bob.Clicks(ch, "Resolve")
	s.Sees(ch, "to resolved")
	s.checkWhole("INC-1", ch)
}

func TestStoryAMentionIsTheSameCommandAlsoInAThread(t *testing.T) {
	s := tell(t)
	ch := s.opened("queue is stuck")
	card := s.Sees(ch, "queue is stuck")
	bot := s.user("@fireboss")
	s.call("message", map[string]any{"user": "@bob", "channel": ch, "text": "<@" + bot + "> ack", "thread_ts": card.TS})
	s.Sees(ch, "Acknowledged by bob")
	s.until("bob alone sees the answer, in the thread", func() bool {
		return slices.ContainsFunc(s.the(ch).Messages, func(m simMessage) bool {
			return m.EphemeralTo == s.user("@bob") && m.ThreadTS == card.TS
		})
	})
	if out := s.call("slash", map[string]any{"user": "@bob", "channel": ch, "command": "/incident", "text": "ack", "thread_ts": card.TS}); out["ok"] == true {
		t.Error("the workspace took a slash command in a thread, which Slack refuses")
	}
}

func TestStoryWhatPeopleWriteIsRecordedAndCanBeTakenBack(t *testing.T) {
	s := tell(t)
	ch := s.opened("mail is late")
	ts := s.Bob.Says("the password is hunter2").raw["ts"]
	s.Dave.SaysIn("#general", "this is nobody's business")
	s.until("it is recorded", func() bool { return s.recorded("hunter2") })
	s.call("edit", map[string]any{"user": "@bob", "channel": ch, "ts": ts, "text": "the password was hunter2, changed"})
	s.until("the edit is recorded", func() bool { return s.recorded("changed") })
	s.call("delete", map[string]any{"user": "@bob", "channel": ch, "ts": ts})
	s.until("the text is gone", func() bool { return !s.recorded("hunter2") })
	if s.recorded("nobody's business") {
		t.Error("something outside the incident's channel was recorded")
	}
	kinds := fmt.Sprint(s.kinds("INC-1"))
	for _, k := range []string{"message_posted", "message_edited", "message_deleted"} {
		if strings.Count(kinds, k) != 1 {
			t.Errorf("%s: want it once in %s", k, kinds)
		}
	}
	if code, body := s.get("/api/v1/audit"); code != http.StatusOK || !strings.Contains(body, `"ok":true`) {
		t.Errorf("after the redaction the chain does not verify: %s", body)
	}
}

func (s *story) recorded(text string) bool {
	s.t.Helper()
	return slices.ContainsFunc(s.events("INC-1"), func(e storyEvent) bool { return strings.Contains(e.Text, text) })
}

func (s *story) kinds(id string) []string {
	s.t.Helper()
	var list []string
	for _, e := range s.events(id) {
		list = append(list, e.Kind)
	}
	return list
}

func TestStoryPrivateStaysPrivate(t *testing.T) {
	s := tell(t)
	s.Alice.Says("/incident open sev2 private somebody reads our mail").Expect("INC-1")
	s.until("the private channel exists", func() bool {
		c, ok := s.find("#inc-1-somebody-reads-our-mail")
		return ok && c.IsPrivate && slices.Contains(c.Members, s.user("@alice"))
	})
	s.Alice.Says("/incident open printer is on fire").Expect("INC-2")
	s.Sees("#incidents", "INC-2")
	s.Settles()
	for _, text := range []string{"list all", "search mail", "show INC-1", "timeline INC-1", "ack INC-1", "sev INC-1 1", "resolve INC-1"} {
		a := s.Dave.Says("/incident " + text)
		if strings.Contains(a.Text, "mail") && text != "search mail" || strings.Contains(a.Text, "reads our") {
			t.Errorf("%q shows dave a private incident:\n%s", text, a.Text)
		}
	}
	private, missing := s.Dave.Says("/incident show INC-1").Text, s.Dave.Says("/incident show INC-9").Text
	if strings.ReplaceAll(private, "INC-1", "INC-9") != missing {
		t.Errorf("a private incident and a missing one differ:\n%s\n%s", private, missing)
	}
	for _, c := range s.state().Channels {
		for _, m := range c.Messages {
			if !c.IsPrivate && strings.Contains(m.words(), "reads our mail") && m.EphemeralTo != s.user("@alice") {
				t.Errorf("#%s shows the private incident: %s", c.Name, m.words())
			}
		}
	}
	s.checkAnnounced("INC-1", 0)
	if _, body := s.get("/incidents"); strings.Contains(body, "reads our mail") {
		t.Error("the pages show a private incident")
	}
	s.channel = "#inc-1-somebody-reads-our-mail"
	s.Alice.Says("/incident invite @bob")
	s.until("bob is let in", func() bool { return slices.Contains(s.the(s.channel).Members, s.user("@bob")) })
	s.Bob.Says("/incident ack").Expect("INC-1")
}

func TestStoryTheCardComesBack(t *testing.T) {
	s := tell(t)
	ch := s.opened("cards are lost")
	card := s.Sees(ch, "cards are lost")
	s.Settles()
	s.call("delete", map[string]any{"user": "@alice", "channel": ch, "ts": card.TS}) // she is an admin
	s.until("there is a new card, pinned", func() bool {
		c := s.the(ch)
		return len(c.Pins) == 1 && slices.ContainsFunc(c.Messages, func(m simMessage) bool { return m.kind() == "fireboss_card" && m.TS != card.TS })
	})
	s.checkWhole("INC-1", ch)
}

func TestStoryCommandIsHandedOver(t *testing.T) {
	s := tell(t)
	ch := s.opened("sev2 the night is long")
	s.Bob.Says("/incident lead me")
	s.Bob.Says("/incident handoff @carol the database is failing over").Expect("carol")
	var place string
	s.until("carol is asked, alone", func() bool {
		for _, c := range s.state().Channels {
			if !slices.Contains(c.Members, s.user("@carol")) || len(c.Members) != 2 {
				continue
			}
			if slices.ContainsFunc(c.Messages, func(m simMessage) bool { return strings.Contains(m.words(), "the database is failing over") }) {
				place = c.ID
				return true
			}
		}
		return false
	})
	s.clickIn(place, s.Carol, "Accept")
	s.Sees(ch, "carol took command")
	if got := fmt.Sprint(s.incident("INC-1")["roles"]); !strings.Contains(got, "carol") || strings.Contains(got, "bob") {
		t.Errorf("roles: %s", got)
	}
}

// clickIn presses a button in a place that is given by its id.
func (s *story) clickIn(id string, p *who, label string) {
	s.t.Helper()
	for _, c := range s.state().Channels {
		if c.ID != id {
			continue
		}
		for _, m := range slices.Backward(c.Messages) {
			if action := button(m.Blocks, label); action != "" {
				if out := s.call("click", map[string]any{"user": p.name, "channel": id, "ts": m.TS, "action_id": action}); out["ok"] != true {
					s.t.Fatalf("%s clicks %q: %v", p.name, label, out)
				}
				return
			}
		}
	}
	s.t.Fatalf("there is no button %q", label)
}

func TestStorySomebodyAsksToBeLetIn(t *testing.T) {
	s := tell(t)
	s.Alice.Says("/incident open private a laptop was stolen").Expect("INC-1")
	s.Dave.Says("/incident show INC-1").Expect("INC-1 does not exist or is not open to you.", "Ask for access")
	s.clickIn("C00GENERAL", s.Dave, "Ask for access")
	var place string
	s.until("alice is asked", func() bool {
		for _, c := range s.state().Channels {
			if slices.ContainsFunc(c.Messages, func(m simMessage) bool {
				return m.EphemeralTo == "" && strings.Contains(m.words(), "dave asks to be let into")
			}) {
				place = c.ID
				return len(c.Members) == 2 && slices.Contains(c.Members, s.user("@alice"))
			}
		}
		return false
	})
	s.clickIn(place, s.Alice, "Approve")
	s.until("dave is in", func() bool {
		return slices.Contains(s.the("#inc-1-a-laptop-was-stolen").Members, s.user("@dave"))
	})
	s.Dave.Says("/incident show INC-1").Expect("laptop")
}

func TestStoryAFireIsPlayed(t *testing.T) {
	s := tell(t)
	f := newFire(s.workspace)
	f.pace = 0
	f.begin()
	s.until("it is resolved", func() bool {
		code, body := s.get("/api/v1/incidents/INC-1")
		return code == http.StatusOK && strings.Contains(body, `"status":"resolved"`)
	})
	f.end()
	s.Settles()
	var name string
	for _, c := range s.state().Channels {
		if strings.HasPrefix(c.Name, "inc-1-") {
			name = c.Name
		}
	}
	s.checkWhole("INC-1", name)
}

func TestStoryTheChannelIsLostAndTheIncidentGoesOn(t *testing.T) {
	s := tell(t)
	ch := s.opened("sev2 the lights are out")
	s.Settles()
	if out := s.call("leave", map[string]any{"user": "@fireboss", "channel": ch}); out["ok"] != true {
		t.Fatalf("somebody removes the bot: %v", out)
	}
	s.Sees("#incidents", "INC-1", "removed from its channel")
	s.Alice.SaysIn("#general", "/incident update INC-1 we work by candle light").Expect("INC-1")
	s.Sees("#incidents", "candle light")
	if out := s.call("join", map[string]any{"user": "@fireboss", "channel": ch}); out["ok"] != true {
		t.Fatalf("somebody invites the bot again: %v", out)
	}
	s.Sees(ch, "candle light")
	s.until("the announcement says so no more", func() bool {
		return !slices.ContainsFunc(s.the("#incidents").Messages, func(m simMessage) bool { return strings.Contains(m.words(), "removed from") })
	})
	s.checkWhole("INC-1", ch)
}

func TestStoryANameIsTaken(t *testing.T) {
	s := tell(t)
	s.opened("first")
	s.takeName("inc-2-second")
	s.Alice.SaysIn("#general", "/incident open second").Expect("INC-2")
	s.until("it has a name of its own", func() bool {
		c, ok := s.find("#inc-2-second-2")
		return ok && strings.Contains(c.Purpose, "was taken") && slices.Contains(c.Members, s.user("@alice"))
	})
}

// takeName makes a channel as an earlier Fireboss with another store left it.
func (s *story) takeName(name string) {
	s.t.Helper()
	made := s.slack("conversations.create", "name", name)
	id := made["channel"].(map[string]any)["id"].(string)
	s.slack("conversations.setPurpose", "channel", id, "purpose", "Fireboss 0badcafe INC-2.")
}

// slack calls a method of Slack's as the app, with pairs of name and value.
func (s *story) slack(method string, args ...string) map[string]any {
	s.t.Helper()
	form := url.Values{"token": {"xoxb-simulator"}}
	for i := 0; i+1 < len(args); i += 2 {
		form.Set(args[i], args[i+1])
	}
	res, err := http.PostForm(s.workspace+"/api/"+method, form)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	var out map[string]any
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil || out["ok"] != true {
		s.t.Fatalf("%s: %v %v", method, err, out)
	}
	return out
}

func TestStoryNothingIsRecordedWhereNobodyWantsIt(t *testing.T) {
	s := newStory(t)
	s.data = t.TempDir()
	config := filepath.Join(s.data, "quiet.yaml")
	if err := os.WriteFile(config, []byte("store: x.db\nrecord: {messages: none}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.bot = run(t, "demo", "--listen", "127.0.0.1:0", "--workspace", "127.0.0.1:0", "--empty", "--data", s.data, "--config", config)
	ready := s.bot.line("ready ")
	s.workspace, s.dashboard = field(ready, "workspace"), field(ready, "dashboard")
	ch := s.opened("quiet please")
	s.Sees(ch, "is not recorded")
	s.Bob.Says("between you and me")
	s.Bob.Says("/incident note for the record")
	s.Settles()
	if kinds := strings.Join(s.kinds("INC-1"), " "); !strings.Contains(kinds, "note_added") || strings.Contains(kinds, "message_") {
		t.Errorf("recorded: %s", kinds)
	}
}

func TestStoryTheCardIsUnpinnedAndTheChannelArchived(t *testing.T) {
	s := tell(t)
	ch := s.opened("sev2 hands off")
	card := s.Sees(ch, "hands off")
	s.Settles()
	if out := s.call("unpin", map[string]any{"user": "@bob", "channel": ch, "ts": card.TS}); out["ok"] != true {
		t.Fatal(out)
	}
	s.until("the card is pinned again", func() bool { return len(s.the(ch).Pins) == 1 })
	if out := s.call("archive", map[string]any{"user": "@alice", "channel": ch}); out["ok"] != true {
		t.Fatal(out)
	}
	s.Sees("#incidents", "INC-1", "its channel was archived")
	s.Alice.SaysIn("#general", "/incident update INC-1 it goes on").Expect("INC-1")
	s.Sees("#incidents", "it goes on")
	if out := s.call("unarchive", map[string]any{"user": "@alice", "channel": ch}); out["ok"] != true {
		t.Fatal(out)
	}
	// Whoever unarchives a channel may have to bring the bot back.
	s.call("join", map[string]any{"user": "@fireboss", "channel": ch})
	s.Sees(ch, "it goes on")
	s.checkWhole("INC-1", ch)
}
