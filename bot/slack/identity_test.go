package slack

import (
	"errors"
	"testing"

	"fireboss/bot/slacksim"
	"fireboss/commands"
)

func TestWhoSignsIn(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.policed("@oncall")
		alice := w.person("alice")
		a, err := w.people.Actor(w.Context(), alice.ID)
		if err != nil || a.ID != alice.ID || a.Name != "alice" || a.Standing.Named != "@oncall" || a.Standing.Outside {
			t.Errorf("alice: %+v %v", a, err)
		}
		if a, err := w.people.Actor(w.Context(), w.person("grace").ID); err != nil || !a.Standing.Outside {
			t.Errorf("grace, a guest: %+v %v", a, err)
		}
		gone, robot := somebody("U1", "zoe", "zoe"), somebody("U2", "robot", "robot")
		gone.Deleted, robot.IsBot = true, true
		w.people.learn(gone)
		w.people.learn(robot)
		for _, id := range []string{"", "system", "token:ops", "oidc:https://id.example|7", "slack:T2/UALICE", w.client.actorID("U1"), w.client.actorID("U2"), w.client.actorID("U404"), w.client.actorID("../x")} {
			if a, err := w.people.Actor(w.Context(), id); !errors.Is(err, commands.ErrUnknown) {
				t.Errorf("%q: %+v %v", id, a, err)
			}
		}
	})
}

// Who cannot be asked about is not unknown: their session must not end by it.
func TestWhoSignsInWhileSlackStumbles(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.fault("users.info", "error", 100, "error", "internal_error")
		w.fault("users.lookupByEmail", "error", 100, "error", "missing_scope")
		if _, err := w.people.Actor(w.Context(), w.client.actorID(w.user("alice"))); err == nil || errors.Is(err, commands.ErrUnknown) {
			t.Errorf("alice: %v", err)
		}
		if _, err := w.people.ByEmail(w.Context(), "alice@example.com"); err == nil || errors.Is(err, commands.ErrUnknown) {
			t.Errorf("by her address: %v", err)
		}
	})
}

func TestByEmail(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		if p, err := w.people.ByEmail(w.Context(), "alice@example.com"); err != nil || p != w.person("alice") {
			t.Errorf("%+v %v", p, err)
		}
		if p, err := w.people.ByEmail(w.Context(), "mallory@example.com"); !errors.Is(err, commands.ErrUnknown) {
			t.Errorf("%+v %v", p, err)
		}
	})
}

// An answer that opens something is not kept, to be read by others or given again.
func TestASecretAnswerIsNotKept(t *testing.T) {
	m := whisperMessage("the key is sesame")
	m.secret = true
	if got, ok := remembered(m).(*message); !ok || got == m || got.Text == m.Text {
		t.Errorf("%+v", got)
	}
	if plain := whisperMessage("done"); remembered(plain) != any(plain) {
		t.Error("an ordinary answer is not kept")
	}
}
