package slack

import (
	"testing"

	slackgo "github.com/slack-go/slack"

	"fireboss/bot/slacksim"
	"fireboss/incidents"
)

// policed lets the directory look up what these permissions ask for.
func (w *world) policed(refs ...string) {
	rules := incidents.Rules{Permissions: map[incidents.Permission][]string{incidents.MayEnd: refs, incidents.MaySeePrivate: {"@dave"}}}
	w.people.Rules = func() incidents.Rules { return rules }
}

func TestStanding(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.policed("@oncall", "@Alice", w.user("bob"), "commander", "members", "@nobody")
		for name, want := range map[string]incidents.Actor{
			"alice": {Standing: incidents.Standing{Named: "@Alice @oncall"}},
			"bob":   {Standing: incidents.Standing{Named: "@oncall " + w.user("bob")}},
			"carol": {},
			"dave":  {Standing: incidents.Standing{Named: "@dave"}, Admin: true},
			"grace": {Standing: incidents.Standing{Outside: true}},
		} {
			who := w.person(name)
			want.Kind, want.ID, want.Name = incidents.User, who.ID, who.Name
			if got, _ := w.people.actor(w.Context(), w.user(name), ""); got != want {
				t.Errorf("%+v, want %+v", got, want)
			}
		}
		stranger := somebody("U77", "zoe", "zoe")
		stranger.IsStranger = true
		w.people.learn(stranger)
		if got, _ := w.people.actor(w.Context(), "U77", ""); !got.Standing.Outside {
			t.Errorf("somebody of another company counts as a member: %+v", got)
		}
	})
}

// Everybody can give themselves a display name.
func TestADisplayNameGivesNoStanding(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.policed("@boss")
		w.people.learn(somebody("U1", "eve", "boss"))
		w.people.learn(slackgo.User{ID: "U2", Name: "mallory", RealName: "@boss"})
		for _, id := range []string{"U1", "U2"} {
			if got, _ := w.people.actor(w.Context(), id, "boss"); got.Standing.Named != "" {
				t.Errorf("%+v", got)
			}
		}
	})
}

// Where nothing is kept for anybody, who acts costs no call once they are known.
func TestStandingAsksOnlyForWhatThePolicyNames(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.people.Rules = func() incidents.Rules { return incidents.Rules{} }
		bob := w.user("bob")
		w.people.actor(w.Context(), bob, "")
		before := w.calls()
		w.people.actor(w.Context(), bob, "")
		if n := w.newCalls(before); len(n) > 0 {
			t.Errorf("%v", n)
		}
		w.policed("@oncall")
		w.people.actor(w.Context(), bob, "")
		before = w.calls()
		w.people.actor(w.Context(), bob, "")
		if n := w.newCalls(before); len(n) > 0 {
			t.Errorf("%v", n)
		}
	})
}

// While Slack does not say who is in a group, nobody is; that it is so is known.
func TestStandingThatSlackDoesNotTell(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.policed("@oncall")
		w.fault("usergroups.list", "error", 10, "error", "internal_error")
		if got, _ := w.people.actor(w.Context(), w.user("bob"), ""); got.Standing != (incidents.Standing{Unsure: "@dave @oncall"}) {
			t.Errorf("%+v", got.Standing)
		}
		if got, _ := w.people.actor(w.Context(), w.user("bob"), ""); got.Standing != (incidents.Standing{Named: "@oncall"}) {
			t.Errorf("%+v", got.Standing)
		}
	})
}
