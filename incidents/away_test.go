package incidents

import (
	"testing"
	"time"
)

// Who comes and goes is recorded for when it was, whoever tells of it first and
// however late, and who is there in the end responds.
func TestComingAndGoingStandAtTheirOwnTime(t *testing.T) {
	h := begin(t, Open{})
	came, left, back := noon.Add(time.Minute), noon.Add(2*time.Minute), noon.Add(2*time.Minute+350*time.Millisecond)
	h.later(10 * time.Minute)
	for _, act := range []Act{Arrived{Who: bob, At: came}, Departed{Who: bob, At: left}, Arrived{Who: bob, At: back}} {
		h.does(Fireboss.Person(), act)
	}
	for i, want := range []struct {
		kind Kind
		at   time.Time
	}{{ResponderJoined, came}, {ResponderLeft, left}, {ResponderJoined, back}} {
		if e := h.events[1+i]; e.Kind != want.kind || !e.At.Equal(want.at) || !e.RecordedAt.Equal(h.at) {
			t.Errorf("%+v, want %s at %s", e, want.kind, want.at)
		}
	}
	for _, again := range []Act{Arrived{Who: bob, At: came}, Departed{Who: bob, At: left}, Arrived{Who: bob, At: back}} {
		nothing(t, h.does(Fireboss.Person(), again))
	}
	if !h.in.IsResponder(bob.ID) || !h.in.Came[bob.ID].Equal(back) || len(h.in.Left) > 0 {
		t.Errorf("came %v, left %v", h.in.Came, h.in.Left)
	}
	gone := noon.Add(5 * time.Minute)
	h.does(Fireboss.Person(), Departed{Who: bob, At: gone})
	nothing(t, h.does(Fireboss.Person(), Arrived{Who: bob, At: back}))
	if h.in.IsResponder(bob.ID) || !h.in.Left[bob.ID].Equal(gone) || len(h.in.Came) > 0 {
		t.Errorf("came %v, left %v", h.in.Came, h.in.Left)
	}
}

func TestLateNewsOfLeavingDoesNotSendAwayWhoIsBack(t *testing.T) {
	h := begin(t, Open{}).later(time.Minute)
	left := h.at
	h.later(time.Minute).does(alice, Invite{People: []Person{bob}})
	nothing(t, h.later(time.Minute).does(Fireboss.Person(), Departed{Who: bob, At: left}))
	if c := h.does(Fireboss.Person(), Departed{Who: bob}); kinds(c) != "responder_left" || !h.last().At.Equal(h.at) {
		t.Errorf("%+v", c)
	}
}
