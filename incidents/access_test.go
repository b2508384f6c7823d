package incidents

import (
	"testing"
	"time"
)

func TestAccessIsAskedOfWhoRunsIt(t *testing.T) {
	h := hidden(t)
	c := h.does(bob, AskAccess{})
	if kinds(c) != "access_requested" || len(c.Messages) != 1 || c.Messages[0] != (Message{Kind: AccessRequest, To: alice}) || h.in.VisibleTo(bob.Actor()) {
		t.Errorf("%+v", c)
	}
	nothing(t, h.does(bob, AskAccess{}))
	h.does(alice, AssignRole{Role: CommanderRole, To: carol})
	if c := h.does(bob, AskAccess{}); len(c.Messages) != 1 || c.Messages[0].To != carol {
		t.Errorf("another commander is not asked: %+v", c)
	}
	nothing(t, h.does(alice, AskAccess{}))
}

// Who has left is not asked, for they may not see it either.
func TestAccessIsNotAskedOfADeclarerWhoLeft(t *testing.T) {
	h := hidden(t)
	h.does(alice, Invite{People: []Person{carol}})
	h.does(alice, Leave{})
	if c := h.does(bob, AskAccess{}); len(c.Messages) != 1 || c.Messages[0].To != carol {
		t.Errorf("%+v", c.Messages)
	}
	h.does(carol, Invite{People: []Person{alice}})
	if c := h.does(bob, AskAccess{}); len(c.Messages) != 1 || c.Messages[0].To != alice {
		t.Errorf("who declared it is back: %+v", c.Messages)
	}
	h = hidden(t)
	h.does(alice, Leave{})
	if c := h.does(bob, AskAccess{}); kinds(c) != "access_requested" || len(c.Messages) != 0 {
		t.Errorf("nobody is there, and told was %+v", c.Messages)
	}
	nothing(t, h.does(bob, AskAccess{}))
}

func TestGrantAccess(t *testing.T) {
	h := hidden(t)
	h.does(bob, AskAccess{})
	h.refuses(bob, GrantAccess{Who: bob}, CodeNotFound, "INC-1 does not exist or is not open to you.")
	h.refuses(alice, GrantAccess{Who: carol}, CodeRefused, "carol does not wait to be let into INC-1. To bring them in: /incident invite @carol")
	c := h.does(alice, GrantAccess{Who: bob})
	if kinds(c) != "access_granted responder_joined" || c.Events[0].Text != "bob was let in by alice" || c.Events[0].Field("who") != bob.ID {
		t.Errorf("%+v", c)
	}
	if len(c.Messages) != 1 || c.Messages[0] != (Message{Kind: Welcome, To: bob}) || !h.in.VisibleTo(bob.Actor()) || len(h.in.Asked) > 0 {
		t.Errorf("%+v %+v", c.Messages, h.in.Asked)
	}
	nothing(t, h.does(alice, GrantAccess{Who: bob}))
	nothing(t, h.does(alice, DenyAccess{Who: bob}))
}

func TestAccessIsGrantedInWhateverStatus(t *testing.T) {
	for _, s := range Statuses {
		h := hidden(t)
		h.does(bob, AskAccess{})
		h.into(s)
		if h.does(alice, GrantAccess{Who: bob}); !h.in.VisibleTo(bob.Actor()) {
			t.Errorf("%s: bob is not in", s)
		}
	}
}

func TestDenyAccess(t *testing.T) {
	h := hidden(t)
	h.does(bob, AskAccess{})
	h.refuses(carol, DenyAccess{Who: bob}, CodeNotFound, "INC-1 does not exist")
	c := h.does(alice, DenyAccess{Who: bob})
	if kinds(c) != "access_denied" || c.Events[0].Text != "alice did not let bob in" || len(c.Messages) != 0 || h.in.VisibleTo(bob.Actor()) {
		t.Errorf("%+v", c)
	}
	nothing(t, h.does(alice, DenyAccess{Who: bob}))
	h.refuses(alice, GrantAccess{Who: bob}, CodeRefused, "The request of bob was denied before. To bring them in all the same: /incident invite @bob")
	nothing(t, h.later(time.Hour).does(bob, AskAccess{})) // no means no for a day
	if c := h.later(24*time.Hour).does(bob, AskAccess{}); len(c.Messages) != 1 {
		t.Errorf("bob may ask again the day after: %+v", c)
	}
	h.does(alice, DenyAccess{Who: bob})
	if h.does(alice, Invite{People: []Person{bob}}); len(h.in.Denied)+len(h.in.Asked) > 0 {
		t.Errorf("%v %v", h.in.Denied, h.in.Asked)
	}
	h.does(bob, Leave{})
	if c := h.does(bob, AskAccess{}); len(c.Messages) != 1 {
		t.Errorf("who was in since may ask at once: %+v", c)
	}
}

func TestAGuestAsksToBeLetIntoAPublicIncident(t *testing.T) {
	h, grace := begin(t, Open{}), Actor{Kind: User, ID: "slack:T1/UG", Name: "grace", Standing: Standing{Outside: true}}
	if h.in.VisibleTo(grace) {
		t.Error("a guest sees what everybody sees")
	}
	if _, err := h.try(grace, AskAccess{}); err != nil || h.in.Asked[grace.ID] != alice.ID {
		t.Errorf("%v %v", err, h.in.Asked)
	}
	if h.does(alice, GrantAccess{Who: grace.Person()}); !h.in.VisibleTo(grace) {
		t.Error("grace was let in and does not see it")
	}
}

// What the policy calls is not reminded of a private incident that it is not in.
func TestRemindersOfAPrivateIncidentGoToThoseWhoAreInIt(t *testing.T) {
	yes := true
	h := begin(t, Open{Title: "laptop stolen", Private: &yes, Severity: 1})
	told := map[string]bool{}
	for range 6 {
		h.later(10 * time.Minute)
		c, err := h.try(Fireboss, Remind{OnCall: []Person{alice, bob}})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range c.Messages {
			told[m.To.Name] = true
		}
	}
	if !told["alice"] || told["bob"] {
		t.Errorf("told were %v", told)
	}
}
