package slack

import (
	"strings"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/bot/slacksim"
	"fireboss/incidents"
)

// seen delivers an event and lets time pass until it is worked.
func (w *world) seen(id string, event map[string]any) {
	w.intake.Frame(eventFrame(id, event), func([]byte) error { return nil })
	elapse(5 * time.Second)
}

// Whoever sounds the alarm is offered to open an incident; who puts another emoji
// there, or does it elsewhere, is not.
func TestTheAlarm(t *testing.T) {
	for name, tt := range map[string]struct {
		alarm                    Alarm
		kind, user, emoji, place string
		want                     int
	}{
		"sounded":            {Alarm{"rotating_light", []string{"#incidents"}}, "reaction_added", "alice", "rotating_light", "incidents", 1},
		"by a channel's id":  {Alarm{"rotating_light", []string{"#general", "CINCIDENTS"}}, "reaction_added", "alice", "rotating_light", "incidents", 1},
		"another emoji":      {Alarm{"rotating_light", []string{"#incidents"}}, "reaction_added", "alice", "tada", "incidents", 0},
		"another channel":    {Alarm{"rotating_light", []string{"#incidents"}}, "reaction_added", "alice", "rotating_light", "random", 0},
		"no known channel":   {Alarm{"rotating_light", []string{"#nowhere"}}, "reaction_added", "alice", "rotating_light", "incidents", 0},
		"taken off":          {Alarm{"rotating_light", []string{"#incidents"}}, "reaction_removed", "alice", "rotating_light", "incidents", 0},
		"by a program":       {Alarm{"rotating_light", []string{"#incidents"}}, "reaction_added", "fireboss", "rotating_light", "incidents", 0},
		"off":                {Alarm{"", []string{"#incidents"}}, "reaction_added", "alice", "", "incidents", 0},
		"off, with an emoji": {Alarm{}, "reaction_added", "alice", "rotating_light", "incidents", 0},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				w.intake.Alarm = tt.alarm
				ch := w.channel(tt.place).ID
				said := w.do("message", map[string]any{"user": "@dave", "channel": ch, "text": "payments fail"})["ts"].(string)
				w.seen("1", map[string]any{"type": tt.kind, "user": w.user(tt.user), "reaction": tt.emoji, "item": map[string]any{"type": "message", "channel": ch, "ts": said}, "event_ts": formatTS(time.Now())})
				w.intake.Close(w.Context())
				got := 0
				for _, m := range w.state().Channels {
					for _, m := range m.Messages {
						got += strings.Count(m.Text, "Shall I open an incident")
					}
				}
				if got != tt.want {
					t.Errorf("it is offered %d times", got)
				}
			})
		})
	}
}

// What stands where not everybody can read counts as private, and so does what
// cannot be found out.
func TestWhatNotEverybodyCanRead(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		yes := true
		w.opened(incidents.Open{Title: "search is slow"}, w.channel("incidents").ID)
		elapse(time.Second)
		w.opened(incidents.Open{Title: "keys leaked", Private: &yes}, w.channel("random").ID) // which has yet to move
		secret, err := w.client.api.CreateConversationContext(w.Context(), slackgo.CreateConversationParams{ChannelName: "board", IsPrivate: true})
		if err != nil {
			t.Fatal(err)
		}
		direct, _, _, err := w.client.api.OpenConversationContext(w.Context(), &slackgo.OpenConversationParameters{Users: []string{w.user("bob")}})
		if err != nil {
			t.Fatal(err)
		}
		for name, tt := range map[string]struct {
			channel string
			want    bool
		}{
			"a public channel":                {w.channel("general").ID, false},
			"a private channel":               {secret.ID, true},
			"a direct message":                {direct.ID, true},
			"the channel of an incident":      {w.channel("incidents").ID, false},
			"the channel of a private one":    {w.channel("random").ID, true},
			"a channel that cannot be looked": {"C0NOWHERE", true},
		} {
			if got := w.intake.confidential(w.Context(), tt.channel); got != tt.want {
				t.Errorf("%s is private: %v", name, got)
			}
		}
	})
}

// Whoever comes into the channel of an incident that has begun before is told how
// it stands, and nobody else.
func TestWhoComesIsToldHowItStands(t *testing.T) {
	for name, tt := range map[string]struct {
		user  string
		after time.Duration
		then  incidents.Act // what happened before they come
		want  int
	}{
		"a newcomer":             {"bob", time.Hour, nil, 1},
		"who is there at once":   {"bob", 10 * time.Second, nil, 0},
		"of what is over":        {"bob", time.Hour, incidents.Resolve{}, 0},
		"the bot itself":         {"fireboss", time.Hour, nil, 0},
		"a program":              {"U0000ROBOT", time.Hour, nil, 0},
		"who may not see it yet": {"bob", time.Hour, incidents.MakePrivate{}, 0}, // the channel is still the public one
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				w.people.learn(slackgo.User{ID: "U0000ROBOT", Name: "robot", RealName: "robot", IsBot: true})
				ch := w.channel("incidents").ID
				in := w.opened(incidents.Open{Title: "slow"}, ch)
				if tt.then != nil {
					w.says(in.Number, "then", tt.then)
				}
				elapse(tt.after)
				user := tt.user
				if !strings.HasPrefix(user, "U") {
					user = w.user(user)
				}
				before := w.calls()
				w.seen("1", map[string]any{"type": "member_joined_channel", "channel": ch, "user": user, "event_ts": formatTS(time.Now())})
				w.intake.Close(w.Context())
				if got := w.newCalls(before)["chat.postEphemeral"]; got != tt.want {
					t.Errorf("it is told %d times", got)
				}
			})
		})
	}
}
