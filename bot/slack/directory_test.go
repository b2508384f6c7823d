package slack

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/bot/slacksim"
	"fireboss/commands"
	"fireboss/incidents"
)

// somebody is a member as Slack tells of them.
func somebody(id, login, display string) slackgo.User {
	return slackgo.User{ID: id, Name: login, Profile: slackgo.UserProfile{DisplayName: display}}
}

func TestANameThatSeveralHaveCallsNobody(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.people.learn(somebody("U1", "robert1", "Robert"))
		w.people.learn(somebody("U2", "robert2", "Robert"))
		w.people.learn(somebody("U3", "robert", "Robert the Third"))
		if p, err := w.people.Person(w.Context(), "robert"); err != nil || p.ID != w.client.actorID("U3") {
			w.Errorf("who signs in as robert is %v (%v)", p, err) // one alone has that name
		}
		w.people.learn(somebody("U3", "bob3", "Robert the Third"))
		w.people.learn(somebody("U4", "r4", "Rob Ert"))
		w.people.learn(somebody("U5", "r5", "Rob Ert"))
		_, err := w.people.Person(w.Context(), "RobErt")
		if r, ok := incidents.AsRefusal(err); !ok || !strings.Contains(r.Error(), "people are called @RobErt here") {
			w.Errorf("a name of two: %v", err)
		}
		w.people.learn(somebody("U5", "r5", "Roberta"))
		gone := somebody("U4", "r4", "Roberta")
		gone.Deleted = true
		w.people.learn(gone)
		if p, err := w.people.Person(w.Context(), "roberta"); err != nil || p.ID != w.client.actorID("U5") {
			w.Errorf("the one who is left is %v (%v)", p, err)
		}
	})
}

func TestWhoIsNotThereIsNobody(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		for _, name := range []string{"zed", "U0000000002", "fireboss", w.client.UserID} {
			if p, err := w.people.Person(w.Context(), name); !errors.Is(err, commands.ErrUnknown) {
				w.Errorf("%s is %v (%v)", name, p, err)
			}
		}
		text, mentions := w.people.read(w.Context(), "<@U0000000002> <@"+w.client.UserID+"> <@"+w.user("bob")+"> <mailto:bob@example.com|bob@example.com>")
		if text != "@U0000000002 @fireboss @bob bob@example.com" || len(mentions) != 1 || mentions["@bob"].Name != "bob" {
			w.Errorf("%q mentions %v", text, mentions)
		}
	})
}

func TestTheListOfPeopleIsReadOnWhereItWasLeft(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.fault("users.list", "error", 5, "error", "internal_error")
		if _, err := w.people.Person(w.Context(), "alice"); err == nil {
			w.Error("alice was found though nobody could be asked")
		}
		if p, err := w.people.Person(w.Context(), "alice"); err != nil || p.Name != "alice" {
			w.Errorf("alice is %v (%v)", p, err)
		}
		before := w.calls()
		for range 5 {
			if _, err := w.people.Person(w.Context(), "zed"); !errors.Is(err, commands.ErrUnknown) {
				w.Errorf("zed: %v", err)
			}
		}
		if n := w.newCalls(before)["users.list"]; n > 0 {
			w.Errorf("a name that nobody has read the list of people %d times more", n)
		}
		elapse(2 * time.Minute)
		if _, err := w.people.Person(w.Context(), "zed"); !errors.Is(err, commands.ErrUnknown) || w.newCalls(before)["users.list"] != 1 {
			w.Errorf("after a while it is looked at again: %v, %v", err, w.newCalls(before))
		}
	})
}

func TestAMentionSaysWhatStandsBehindIt(t *testing.T) {
	in := &Intake{Client: &Client{UserID: "U0"}}
	for text, want := range map[string]string{
		"<@U0> ack": "ack", "<@U0>: sev 2": "sev 2", "<@U0|fireboss>, note x": "note x", "hey <@U0> ack": "ack", "ack <@U0>": "ack",
		"<@U0>": "", "<@U0": "<@U0", "<@U1> <@U0> lead <@U1>": "lead <@U1>",
	} {
		if got := in.addressed(text); got != want {
			t.Errorf("%q says %q, want %q", text, got, want)
		}
	}
}

// What Slack refuses stands on the card until it is taken, and is told to whoever
// leads where the card cannot be seen.
func TestWhatSlackRefusesIsSaidToWhoCanAct(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		m := w.mirror()
		in := w.opened(incidents.Open{Title: "checkout is down"}, "")
		w.fault("conversations.create", "error", 1, "error", "restricted_action")
		w.fault("pins.add", "error", 2, "error", "missing_scope")
		w.sync(m, in.Number)
		if said := w.whispered("alice"); len(said) != 1 || !strings.Contains(said[0], "does not let Fireboss make its channel") || !strings.Contains(said[0], "Ask a workspace admin") {
			w.Errorf("alice reads %q", said)
		}
		if warning := w.intake.warning(w.Context(), in.Number); !strings.Contains(warning, "make its channel") {
			w.Errorf("an answer warns of %q", warning)
		}
		rec := w.sync(m, in.Number)
		card := func() string {
			for _, msg := range w.channel(rec.Place).Messages {
				if msg.Metadata != nil && msg.Metadata.EventType == cardMark {
					return string(msg.Blocks)
				}
			}
			return ""
		}
		if !strings.Contains(card(), "does not let Fireboss pin the card: the app lacks a scope") || w.intake.warning(w.Context(), in.Number) != "" {
			w.Errorf("the card says %s", card())
		}
		w.sync(m, in.Number)
		w.sync(m, in.Number)
		if strings.Contains(card(), "does not let") || len(w.channel(rec.Place).Pins) != 1 || len(w.whispered("alice")) != 1 {
			w.Errorf("when it is mended the card says %s", card())
		}
	})
}

func TestADeniedTokenIsSaidUntilItIsTaken(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.fault("*", "error", 3, "error", "token_revoked")
		if _, err := w.client.isMember(w.Context(), w.channel("incidents").ID, "U1"); err == nil {
			w.Fatal("the call was taken")
		}
		if err := w.client.Denied(w.Context()); err == nil || !strings.Contains(err.Error(), "Install the app again") {
			w.Errorf("it says %v", err)
		}
		elapse(time.Minute)
		if err := w.client.Denied(w.Context()); err == nil {
			w.Error("it was asked again and is still denied, and that is not said")
		}
		elapse(time.Minute)
		if err := w.client.Denied(w.Context()); err != nil {
			w.Errorf("it is taken again, and it says %v", err)
		}
	})
}

// Whoever holds a private channel's incident is told that the channel is gone.
func TestALostPrivateChannelIsToldToWhoLeads(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		m := w.mirror()
		yes := true
		in := w.opened(incidents.Open{Title: "passwords were seen", Private: &yes}, "")
		rec := w.sync(m, in.Number)
		form := url.Values{"token": {slacksim.BotToken}, "channel": {rec.Place}}
		req := httptest.NewRequest(http.MethodPost, wireAddress+"/api/conversations.archive", strings.NewReader(form.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w.sim.Handler().ServeHTTP(httptest.NewRecorder(), req)
		m.Poke(in.Number)
		for range 3 {
			w.sync(m, in.Number)
		}
		if said := w.whispered("alice"); len(said) != 1 || !strings.Contains(said[0], "was archived") {
			w.Errorf("alice reads %q", said)
		}
		if all := w.channel("incidents").Messages; slices.ContainsFunc(all, func(m worldMessage) bool { return strings.Contains(m.Text, "passwords") }) {
			w.Error("a private incident was announced")
		}
	})
}

// Slack leaves a channel's name out of some texts. It is looked up once, and one
// that not everybody may know of is not named.
func TestChannelsAreReadByName(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		secret, err := w.client.api.CreateConversationContext(w.Context(), slackgo.CreateConversationParams{ChannelName: "inc-9-passwords", IsPrivate: true})
		if err != nil {
			w.Fatal(err)
		}
		general := w.channel("general").ID
		for text, want := range map[string]string{
			"see <#" + general + "|> and <#" + general + ">": "see #general and #general",
			"<#" + general + "|called so>":                   "#called so",
			"<#" + secret.ID + "|>":                          "#a-private-channel",
			"<#C0UNKNOWN1|>":                                 "#a-private-channel",
		} {
			for range 2 {
				if got, _ := w.people.read(w.Context(), text); got != want {
					w.Errorf("%s is read as %q, want %q", text, got, want)
				}
			}
		}
		w.fault("conversations.info", "error", 100, "error", "internal_error")
		if got, _ := w.people.read(w.Context(), "<#"+general+"|> <#"+w.channel("random").ID+"|>"); got != "#general #"+w.channel("random").ID {
			w.Errorf("where Slack does not tell it is read as %q", got)
		}
	})
}
