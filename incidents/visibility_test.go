package incidents

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestMakePrivate(t *testing.T) {
	h := begin(t, Open{Severity: 1})
	h.does(carol, Join{})
	c := h.does(bob, MakePrivate{Why: " keys are  in the log "})
	if kinds(c) != "responder_joined visibility_changed" || !c.Events[1].Posted() {
		t.Fatalf("%+v", c)
	}
	e := c.Events[1]
	if !strings.HasPrefix(e.Text, "Private from now on: keys are in the log. What people wrote in the earlier channel") || e.Field("from") != "public" || e.Field("to") != "private" {
		t.Errorf("%+v", e)
	}
	if !h.in.Private || !h.in.WasPublic || !reflect.DeepEqual(h.in.Calls, []string{"@ciso"}) {
		t.Errorf("%+v", h.in)
	}
	for _, p := range []Person{alice, bob, carol} {
		if !h.in.VisibleTo(p.Actor()) {
			t.Errorf("%s was in it, and does not see it", p.Name)
		}
	}
	if h.in.VisibleTo(Actor{Kind: User, ID: "slack:T1/UD"}) {
		t.Error("everybody sees it")
	}
	nothing(t, h.does(bob, MakePrivate{Why: "again"}))
	h.refuses(bob, MakePrivate{Why: strings.Repeat("x", MaxText+1)}, CodeInvalid, "at most 8000 fit")
}

func TestMakePublic(t *testing.T) {
	yes := true
	h := begin(t, Open{Severity: 1, Private: &yes})
	nothing(t, begin(t, Open{}).does(alice, MakePublic{}))
	h.does(bob, AskAccess{})
	h.refuses(bob, MakePublic{}, CodeNotFound, "INC-1 does not exist")
	c := h.does(alice, MakePublic{Why: "it is in the papers"})
	if kinds(c) != "visibility_changed" || c.Events[0].Text != "Public from now on: it is in the papers" || c.Events[0].Field("calls") != "[@oncall @dave]" {
		t.Errorf("%+v", c)
	}
	if h.in.Private || h.in.WasPublic || len(h.in.Asked) > 0 || !h.in.VisibleTo(bob.Actor()) {
		t.Errorf("%+v", h.in)
	}
}

// Who sees a private incident would learn of the one that it was merged with.
func TestNothingThatWasMergedBecomesPublic(t *testing.T) {
	h := hidden(t).beside(Incident{Number: 3, Status: Triage, Private: true, Responders: []Person{alice}})
	h.does(alice, absorb{From: 7})
	h.refuses(alice, MakePublic{}, CodeRefused, "INC-1 and INC-7 were merged, and INC-7 is private; who sees one would learn of the other. Take them apart first: /incident reopen INC-7 WHY")
	h.does(alice, release{From: 7})
	h.does(alice, Merge{Into: 3})
	h.refuses(alice, MakePublic{}, CodeRefused, "INC-1 and INC-3 were merged, and INC-3 is private; who sees one would learn of the other. Take them apart first: /incident reopen WHY")
	h.does(alice, Reopen{Why: "another thing"})
	h.does(alice, MakePublic{})
}

// Everybody can come into the channel that a private incident had before.
func TestWhoComesIntoThePublicChannelIsNotLetIn(t *testing.T) {
	h := begin(t, Open{})
	h.does(alice, MakePrivate{})
	nothing(t, h.does(Fireboss.Person(), Arrived{Who: bob, Public: true}))
	if h.in.VisibleTo(bob.Actor()) {
		t.Error("bob came by a public channel and sees it")
	}
	h.does(Fireboss.Person(), Arrived{Who: bob})
	if !h.in.VisibleTo(bob.Actor()) {
		t.Error("bob is in the private channel and does not see it")
	}
	if c := begin(t, Open{}).does(Fireboss.Person(), Arrived{Who: bob, Public: true}); kinds(c) != "responder_joined" {
		t.Errorf("%+v", c)
	}
}

func TestTLP(t *testing.T) {
	h := begin(t, Open{})
	for said, want := range map[string]string{"red": "RED", "TLP:Green": "GREEN", "amber-strict": "AMBER+STRICT", "amber + strict": "AMBER+STRICT", "white": "CLEAR", "amber": "AMBER"} {
		if got, ok := ParseTLP(said); !ok || got != want {
			t.Errorf("%q is %q, %v", said, got, ok)
		}
	}
	nothing(t, h.does(bob, SetTLP{Level: "amber"}))
	if c := h.does(bob, SetTLP{Level: "red"}); kinds(c) != "tlp_changed" || h.in.TLP != "RED" || c.Events[0].Text != "TLP changed from AMBER to RED: its text may travel to those who have it, and nobody else" {
		t.Errorf("%+v", c)
	}
	h.refuses(bob, SetTLP{Level: "pink"}, CodeInvalid, `"pink" is not a level of the traffic light protocol. There are: clear, green, amber, amber+strict, red. Example: /incident tlp amber+strict`)
	for _, level := range TLPLevels {
		if TLPMeaning(level) == "" {
			t.Errorf("%s has no meaning", level)
		}
	}
}

// Whoever may not bring people into a private incident brings nobody in by offering
// them command, and guests take nothing away from others.
func TestGuestsLetNobodyIn(t *testing.T) {
	private := true
	h := begin(t, Open{Private: &private})
	h.does(alice, Invite{People: []Person{bob, carol}})
	visitor := standing(bob, guest)
	h.refusesActor(visitor, HandOff{To: Person{ID: "slack:T1/UZ", Name: "zoe"}}, CodeRefused, "Only members of this workspace may")
	h.refusesActor(visitor, HandOff{To: carol}, CodeRefused, "Only members of this workspace may")
	h.does(carol, AssignRole{Role: CommanderRole, To: carol})
	h.refusesActor(visitor, AssignRole{Role: CommanderRole, To: bob}, CodeRefused, "Only members of this workspace may")
}

// Whoever was denied and asks again later can be let in.
func TestAskingAgainAfterADenial(t *testing.T) {
	private := true
	h := begin(t, Open{Private: &private})
	h.does(carol, AskAccess{})
	h.does(alice, DenyAccess{Who: carol})
	h.later(25 * time.Hour)
	if c := h.does(carol, AskAccess{}); kinds(c) != "access_requested" {
		t.Fatalf("asking again causes %s", kinds(c))
	}
	h.does(alice, GrantAccess{Who: carol})
	if !h.in.VisibleTo(carol.Actor()) {
		t.Error("carol was let in and cannot see it")
	}
}
