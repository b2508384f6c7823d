package commands

import (
	"errors"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

func TestDashboardGivesALinkForOneUse(t *testing.T) {
	w := newWorld(t)
	w.desk.Dashboard = "https://fires.example.com"
	link := func(r Reply) string {
		t.Helper()
		_, secret, ok := strings.Cut(r.Text, "https://fires.example.com"+SignInPath)
		if !ok || !r.Secret || len(secret) != 43 || !strings.Contains(r.Text, "as alice, once, until ") {
			t.Fatalf("%+v", r)
		}
		return store.SecretID(secret)
	}
	first := link(w.does("alice", "dashboard"))
	l, err := w.store.SignInLink(t.Context(), first)
	if err != nil || l.Person != inhabitants["alice"] || !l.Serves(time.Now()) || l.Expires.Sub(l.Created) != 10*time.Minute {
		t.Errorf("%+v %v", l, err)
	}
	second := link(w.does("alice", "dashboard"))
	if err := w.store.UseSignInLink(t.Context(), first, time.Now(), store.Session{ID: "s"}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the link before it still serves: %v", err)
	}
	if err := w.store.UseSignInLink(t.Context(), second, time.Now(), store.Session{ID: "s"}); err != nil {
		t.Error(err)
	}
}

func TestWhoGetsNoLink(t *testing.T) {
	for name, c := range map[string]struct {
		actor     incidents.Actor
		dashboard string
		says      string
	}{
		"a guest":   {incidents.Actor{Kind: incidents.User, ID: "slack:T1/UG", Name: "grace", Standing: incidents.Standing{Outside: true}}, "https://fires.example.com", "you are a guest here"},
		"a program": {incidents.Actor{Kind: incidents.Integration, ID: "token:ops", Name: "ops", Admin: true}, "https://fires.example.com", "said by a program"},
		"nobody":    {incidents.Actor{Kind: incidents.User}, "https://fires.example.com", "said by a program"},
		"no pages":  {inhabitants["alice"].Actor(), "", "no pages"},
	} {
		w := newWorld(t)
		w.desk.Dashboard = c.dashboard
		r := w.desk.Handle(t.Context(), Request{ID: "1", Actor: c.actor, At: noon, Text: "dashboard"})
		if r.Refused != incidents.CodeRefused || r.Secret || !strings.Contains(r.Text, c.says) || strings.Contains(r.Text, SignInPath) {
			t.Errorf("%s: %+v", name, r)
		}
	}
}
