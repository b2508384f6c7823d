package incidents

import (
	"reflect"
	"testing"
	"time"
)

// beside lets other incidents stand beside the one of a history.
func (h *history) beside(list ...Incident) *history {
	h.others = map[Number]Incident{h.in.Number: h.in}
	for _, in := range list {
		h.others[in.Number] = in
	}
	return h
}

func TestMerge(t *testing.T) {
	h := begin(t, Open{}).beside(Incident{Number: 7, Status: Triage})
	h.rules.Pages = "https://fireboss.example/incidents/"
	h.does(bob, Join{})
	h.does(bob, AssignRole{Role: CommanderRole, To: bob})
	h.does(bob, HandOff{To: carol})
	h.does(bob, PostUpdate{Text: "so far", Next: time.Hour})
	c := h.does(bob, Merge{Into: 7, Why: "one cause"})
	if kinds(c) != "merged" || h.last().Text != "Merged into INC-7, where the work goes on: one cause" || h.last().Field("into") != "INC-7" || !h.last().Posted() {
		t.Errorf("%s: %+v", kinds(c), h.last())
	}
	in := h.in
	if in.Status != Canceled || in.EndedAs != EndedMerged || in.MergedInto != 7 || in.Handoff != nil || len(in.Deadlines) > 0 || !in.Times.Resolved.IsZero() {
		t.Errorf("%+v", in)
	}
	if want := []Link{{"https://fireboss.example/incidents/INC-7", "merged into INC-7"}}; !reflect.DeepEqual(in.Links, want) {
		t.Errorf("%+v", in.Links)
	}
	want := []Command{{ID: "c6>INC-7", Actor: bob.Actor(), At: h.at, Incident: 7, Origin: "slack", Do: absorb{From: 1, People: []Person{alice, bob}}}}
	if !reflect.DeepEqual(c.Follow, want) {
		t.Errorf("%+v", c.Follow)
	}
	h.refuses(bob, PostUpdate{Text: "here"}, CodeRefused, "INC-1 was merged into INC-7, so you cannot post an update. Go on there, or open it again first: /incident reopen WHY")
	c = h.does(bob, Reopen{Why: "it was another thing"})
	if h.in.MergedInto != 0 || h.in.EndedAs != "" || len(h.in.Links) > 0 {
		t.Errorf("reopened it is %+v", h.in)
	}
	if len(c.Follow) != 1 || c.Follow[0].Incident != 7 || c.Follow[0].Do != (release{From: 1}) {
		t.Errorf("%+v", c.Follow)
	}
}

func TestAbsorb(t *testing.T) {
	h := begin(t, Open{})
	h.rules.Pages = "https://fireboss.example/incidents/"
	h.does(carol, Join{})
	h.does(carol, Leave{})
	c := h.does(bob, absorb{From: 7, People: []Person{alice, bob, carol}})
	if kinds(c) != "merged responder_joined responder_joined" || c.Events[0].Text != "INC-7 was merged into INC-1" || c.Events[2].Text != "carol came along from INC-7" {
		t.Errorf("%s: %+v", kinds(c), c.Events)
	}
	if want := []Message{{Kind: MergedHere, Event: 0, To: carol}}; !reflect.DeepEqual(c.Messages, want) {
		t.Errorf("only who does not know it is told: %+v", c.Messages)
	}
	if !reflect.DeepEqual(h.in.Merged, []Number{7}) || !reflect.DeepEqual(h.in.Responders, []Person{alice, bob, carol}) || len(h.in.Links) != 1 || len(h.in.Left) != 0 {
		t.Errorf("%+v", h.in)
	}
	if bare := begin(t, Open{}); len(bare.does(bob, absorb{From: 7}).Events) != 1 || len(bare.in.Links) > 0 {
		t.Errorf("where incidents have no pages there is %+v", bare.in.Links)
	}
	if c := h.does(bob, absorb{From: 7}); kinds(c) != "merged" || len(h.in.Merged) != 1 || len(h.in.Links) != 1 {
		t.Errorf("merged once more: %s, %+v", kinds(c), h.in)
	}
}

func TestRelease(t *testing.T) {
	h := hidden(t)
	h.rules.Pages = "https://fireboss.example/incidents/"
	h.does(alice, absorb{From: 7})
	h.does(alice, Close{})
	c := h.does(bob, release{From: 7}) // who need not see it to reopen the other
	if kinds(c) != "unmerged" || h.last().Posted() || len(h.in.Merged) > 0 || len(h.in.Links) > 0 {
		t.Errorf("%s: %+v", kinds(c), h.in)
	}
	nothing(t, h.does(bob, release{From: 7}))
}

func TestMergeRefuses(t *testing.T) {
	secret := Incident{Number: 3, Status: Triage, Private: true, DeclaredBy: alice, Responders: []Person{alice}}
	wider := Incident{Number: 4, Status: Triage, Private: true, DeclaredBy: alice, Responders: []Person{alice, bob}, Roles: map[string]Person{"scribe": carol}}
	others := []Incident{
		{Number: 2, Status: Triage}, secret, wider, {Number: 5, Status: Resolved, EndedAs: EndedResolved},
		{Number: 6, Status: Canceled, EndedAs: EndedMerged, MergedInto: 2}, {Number: 8, Status: Triage, Drill: true},
		{Number: 10, Status: Triage, Private: true, Responders: []Person{alice}, Handoff: &Handoff{To: carol, From: alice}},
	}
	for _, c := range []struct {
		from  func(*testing.T) *history
		who   Person
		into  Number
		code  Code
		words string
	}{
		{public, alice, 1, CodeRefused, "INC-1 cannot be merged into itself. Name the incident in which the work goes on: /incident merge INC-7"},
		{public, alice, 9, CodeNotFound, "INC-9 does not exist or is not open to you."},
		{public, bob, 3, CodeNotFound, "INC-3 does not exist or is not open to you."},
		{public, alice, 3, CodeRefused, "INC-3 is private, and the channel of INC-1, which is public, would say that it exists. End this one instead: /incident cancel handled elsewhere"},
		{public, alice, 5, CodeRefused, "INC-5 is resolved; an incident is merged into one that goes on. Open that again first: /incident reopen INC-5 WHY"},
		{public, alice, 6, CodeRefused, "INC-6 was itself merged into INC-2. Merge into that one: /incident merge INC-2"},
		{public, alice, 8, CodeRefused, "A drill and a real incident cannot be merged: INC-1 is real and INC-8 is a drill."},
		{hidden, alice, 2, CodeRefused, "INC-1 is private and INC-2 is not: more people would learn of it."},
		{hidden, alice, 4, CodeRefused, "INC-4 is open to people who may not see INC-1, which is private. Bring them in first: /incident invite @bob @carol"},
		{hidden, alice, 10, CodeRefused, "INC-10 is open to people who may not see INC-1, which is private. Bring them in first: /incident invite @carol"},
	} {
		h := c.from(t).beside(others...)
		h.refuses(c.who, Merge{Into: c.into}, c.code, c.words)
	}
	h := hidden(t).beside(others...)
	h.does(alice, Merge{Into: 3}) // nobody sees it who does not see this one
	if h.in.MergedInto != 3 {
		t.Errorf("%+v", h.in)
	}
}

func public(t *testing.T) *history { return begin(t, Open{}) }
