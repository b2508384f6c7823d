package incidents

import (
	"reflect"
	"slices"
	"testing"
	"time"
)

// hears is who is told of a change because they follow, and of which kind of event.
func hears(c Change) (list []string) {
	for _, m := range c.Messages {
		if m.Kind == FollowedUpdate {
			list = append(list, m.To.Name+" "+string(c.Events[m.Event].Kind))
		}
	}
	return list
}

func TestWhatFollowersHear(t *testing.T) {
	h := begin(t, Open{})
	if c := h.does(bob, Follow{}); kinds(c) != "follower_added" || h.last().Text != "bob follows it" || h.last().Posted() || len(c.Messages) > 0 {
		t.Errorf("%+v", c)
	}
	nothing(t, h.does(bob, Follow{}))
	h.does(carol, Follow{})
	for _, c := range []struct {
		name string
		who  Person
		act  Act
		want []string
	}{
		{"an update", alice, PostUpdate{Text: "half of it works"}, []string{"bob update_posted", "carol update_posted"}},
		{"their own update", bob, PostUpdate{Text: "all of it works"}, []string{"carol update_posted"}},
		{"a note", alice, AddNote{Text: "seen"}, nil},
		{"a step on the way", alice, ChangeStatus{To: Identified}, nil},
		{"resolved", alice, Resolve{Text: "fixed"}, []string{"bob status_changed", "carol status_changed"}},
		{"closed", alice, Close{}, []string{"bob status_changed", "carol status_changed"}},
		{"open again", alice, Reopen{Why: "it is back"}, []string{"bob status_changed", "carol status_changed"}},
		{"closed at once, in one word", alice, Close{}, []string{"bob status_changed", "carol status_changed"}},
		{"open once more", carol, Reopen{Why: "it is back"}, []string{"bob status_changed"}},
		{"called off", alice, Cancel{}, []string{"bob status_changed", "carol status_changed"}},
	} {
		h.later(time.Minute)
		if got := hears(h.does(c.who, c.act)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	h.does(alice, Reopen{Why: "it is back"})
	if c := h.does(carol, Unfollow{}); kinds(c) != "follower_removed" || h.last().Text != "carol follows it no more" || h.last().Posted() {
		t.Errorf("%+v", c)
	}
	nothing(t, h.does(carol, Unfollow{}))
	if got := hears(h.does(alice, PostUpdate{Text: "well"})); !slices.Equal(got, []string{"bob update_posted"}) {
		t.Errorf("%q", got)
	}
}

// Who closes what was not resolved says two things; followers hear the last.
func TestFollowersHearTheLastOfTwoWords(t *testing.T) {
	h := begin(t, Open{})
	h.does(bob, Follow{})
	c := h.does(alice, Close{})
	if len(c.Messages) != 1 || c.Events[c.Messages[0].Event].Field("to") != string(Closed) {
		t.Errorf("%+v", c.Messages)
	}
}

func TestWhoCannotFollow(t *testing.T) {
	h := begin(t, Open{})
	for _, a := range []Actor{Fireboss, {Kind: Integration, ID: "token:ops", Name: "ops", Admin: true}} {
		h.refusesActor(a, Follow{}, CodeRefused, "Only people can be told directly. A program reads what happens in INC-1 at /api/v1/incidents/INC-1/events.")
	}
	h = hidden(t)
	h.refuses(bob, Follow{}, CodeNotFound, "INC-1 does not exist")
	looker := carol.Actor()
	looker.Admin = true
	h.refusesActor(looker, Follow{}, CodeRefused, "You may look at INC-1, but you are not in it, and it is told only to those who are. To come in: /incident join")
	h = begin(t, Open{}).beside(Incident{Number: 7, Status: Triage})
	h.does(alice, Merge{Into: 7})
	h.refuses(bob, Follow{}, CodeRefused, "INC-1 was merged into INC-7, where the work goes on. Follow that one: /incident follow INC-7")
}

// Who may not see it any more is told nothing, and is again once they may.
func TestWhoMayNotSeeItIsNotTold(t *testing.T) {
	h := begin(t, Open{})
	h.does(bob, Follow{})
	h.does(carol, Follow{})
	h.does(alice, Invite{People: []Person{carol}})
	h.does(alice, MakePrivate{})
	if got := hears(h.does(alice, PostUpdate{Text: "a key leaked"})); !slices.Equal(got, []string{"carol update_posted"}) || h.in.Follows(bob.ID) || !slices.Equal(h.in.Following(), []Person{carol}) {
		t.Errorf("%q", got)
	}
	h.does(carol, Leave{})
	if got := hears(h.does(alice, PostUpdate{Text: "two keys leaked"})); len(got) > 0 {
		t.Errorf("%q", got)
	}
	h.does(alice, MakePublic{})
	if got := hears(h.does(alice, PostUpdate{Text: "it is over"})); !slices.Equal(got, []string{"bob update_posted", "carol update_posted"}) {
		t.Errorf("%q", got)
	}
}

// A guest sees what they are in, and hears of nothing else.
func TestAGuestFollowsWhatTheyAreIn(t *testing.T) {
	grace := Person{ID: "slack:T1/UG", Name: "grace"}
	guest := grace.Actor()
	guest.Standing.Outside = true
	h := begin(t, Open{})
	h.refusesActor(guest, Follow{}, CodeNotFound, "INC-1 does not exist")
	h.does(alice, Invite{People: []Person{grace}})
	if _, err := h.try(guest, Follow{}); err != nil {
		t.Fatal(err)
	}
	if got := hears(h.does(alice, PostUpdate{Text: "so far"})); !slices.Equal(got, []string{"grace update_posted"}) {
		t.Errorf("%q", got)
	}
	h.does(grace, Departed{Who: grace})
	if got := hears(h.does(alice, PostUpdate{Text: "not for guests"})); len(got) > 0 {
		t.Errorf("%q", got)
	}
}

// Those who followed what was merged follow on, as far as they may see it, and
// are told once.
func TestFollowersFollowAMerge(t *testing.T) {
	dave := Person{ID: "slack:T1/UD", Name: "dave"}
	h := begin(t, Open{}).beside(Incident{Number: 7, Status: Triage, Responders: []Person{carol}})
	for _, who := range []Person{alice, bob, carol, dave} {
		h.does(who, Follow{})
	}
	h.does(bob, Join{})
	h.does(carol, Join{})
	c := h.does(alice, Merge{Into: 7})
	if got := hears(c); !slices.Equal(got, []string{"carol merged", "dave merged"}) { // bob is told where to go by the other one
		t.Errorf("%q", got)
	}
	if got := c.Follow[0].Do.(absorb).Followers; !reflect.DeepEqual(got, h.in.Followers) {
		t.Errorf("%+v", got)
	}
	h = begin(t, Open{})
	h.does(bob, Follow{})
	grace := Follower{Person{ID: "slack:T1/UG", Name: "grace"}, true}
	c = h.does(alice, absorb{From: 7, People: []Person{carol}, Followers: []Follower{{bob, false}, {carol, true}, {dave, false}, grace}})
	if kinds(c) != "merged responder_joined follower_added follower_added" || c.Events[3].Text != "dave followed INC-7 and follows it now" || len(hears(c)) > 0 {
		t.Errorf("%s: %+v", kinds(c), c.Events)
	}
	if got := h.in.Following(); !slices.Equal(got, []Person{bob, carol, dave}) {
		t.Errorf("%+v", got)
	}
}
