package incidents

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// The people of the tests.
var (
	alice = Person{ID: "slack:T1/UA", Name: "alice"}
	bob   = Person{ID: "slack:T1/UB", Name: "bob"}
	carol = Person{ID: "slack:T1/UC", Name: "carol"}
)

// noon is when every history begins.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func policy() Rules {
	return Rules{
		PrivateTypes: []string{"security"},
		Invite:       map[string][]string{"sev1": {"@oncall", "@dave"}, "tier1": {"@sre"}, "network": {"@net"}, "private": {"@ciso"}},
		Services:     map[string]Service{"checkout": {Tier: 1, Owner: "@shop"}, "search": {Owner: "@oncall"}},
		Clock:        DefaultClock(),
	}
}

// history is one incident and what was done with it.
type history struct {
	t      *testing.T
	rules  Rules
	in     Incident
	at     time.Time
	events []Event
	behind map[OutsideID][]Event
	others map[Number]Incident
	said   int
}

// begin is a history in which alice has opened INC-1.
func begin(t *testing.T, o Open) *history {
	t.Helper()
	h := &history{t: t, rules: policy(), in: Incident{Number: 1}, at: noon, behind: map[OutsideID][]Event{}}
	if o.Title == "" {
		o.Title = "checkout is down"
	}
	h.does(alice, o)
	return h
}

// later lets time pass.
func (h *history) later(d time.Duration) *history {
	h.at = h.at.Add(d)
	return h
}

// try decides an act and keeps what follows, as a store would: through JSON.
func (h *history) try(who Actor, act Act) (Change, error) {
	h.t.Helper()
	h.said++
	cmd := Command{ID: fmt.Sprint("c", h.said), Actor: who, At: h.at, Incident: h.in.Number, Origin: "slack", Do: act}
	change, err := Decide(h.rules, h.in, Facts{Behind: h.behind, Events: h.recalled(act), Others: h.others}, cmd, h.at)
	if err != nil {
		return change, err
	}
	for i := range change.Events {
		change.Events[i].Seq = uint64(len(h.events) + 1)
		h.events = append(h.events, change.Events[i])
		if id, ok := change.Links[i]; ok {
			h.behind[id] = append(h.behind[id], change.Events[i])
		}
	}
	h.redact(change.Redact)
	raw, err := json.Marshal(change.Incident)
	if err != nil {
		h.t.Fatal(err)
	}
	h.in = Incident{}
	if err := json.Unmarshal(raw, &h.in); err != nil {
		h.t.Fatal(err)
	}
	h.in.Seq = uint64(len(h.events))
	return change, nil
}

// recalled are the events that an act wants to know, as a store would find them.
func (h *history) recalled(act Act) []Event {
	after, limit, ok := Recalls(act)
	if !ok || after > uint64(len(h.events)) {
		return nil
	}
	list := h.events[after:]
	if limit > 0 && len(list) > limit {
		list = list[:limit]
	}
	return list
}

// redact takes texts away, as a store would.
func (h *history) redact(seqs []uint64) {
	for _, seq := range seqs {
		h.events[seq-1] = h.events[seq-1].Redact()
		for _, list := range h.behind {
			for i, e := range list {
				if e.Seq == seq {
					list[i] = e.Redact()
				}
			}
		}
	}
}

// does is try for what must be allowed.
func (h *history) does(who Person, act Act) Change {
	h.t.Helper()
	change, err := h.try(who.Actor(), act)
	if err != nil {
		h.t.Fatalf("%s: %#v: %v", who.Name, act, err)
	}
	return change
}

// refuses checks that an act is refused with these words and changes nothing.
func (h *history) refuses(who Person, act Act, code Code, words string) {
	h.t.Helper()
	h.refusesActor(who.Actor(), act, code, words)
}

// refusesActor is refuses for somebody of whom more is known than who they are.
func (h *history) refusesActor(who Actor, act Act, code Code, words string) {
	h.t.Helper()
	was := len(h.events)
	_, err := h.try(who, act)
	refusal, ok := AsRefusal(err)
	if !ok || refusal.Code != code || !strings.Contains(refusal.Here, words) {
		h.t.Errorf("%#.200v: %v; want %s: … %s …", act, err, code, words)
	}
	if len(h.events) != was {
		h.t.Error("a refusal left events")
	}
}

// in brings the incident into a status by the acts that lead there.
func (h *history) into(s Status) *history {
	h.t.Helper()
	switch s {
	case Closed:
		h.does(alice, Resolve{})
		h.does(alice, Close{})
	default:
		h.does(alice, ChangeStatus{To: s})
	}
	return h
}

// last is the last event.
func (h *history) last() Event { return h.events[len(h.events)-1] }

// kinds are those of a change's events.
func kinds(c Change) string {
	var list []string
	for _, e := range c.Events {
		list = append(list, string(e.Kind))
	}
	return strings.Join(list, " ")
}

// nothing checks that a change is none.
func nothing(t *testing.T, c Change) {
	t.Helper()
	if len(c.Events) > 0 || c.State || len(c.Messages) > 0 || len(c.Redact) > 0 {
		t.Errorf("something happened: %+v", c)
	}
}
