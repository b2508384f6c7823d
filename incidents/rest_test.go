package incidents

import (
	"testing"
	"time"
)

func TestRests(t *testing.T) {
	closed := func(h *history) { h.does(alice, Close{}) }
	graveDraft := func(h *history) {
		h.does(alice, ChangeSeverity{To: 1})
		closed(h)
		h.does(alice, DraftPostmortem{Document: draft("It began", 1)})
	}
	for _, c := range []struct {
		name string
		does []func(*history)
		want time.Time
	}{
		{"open", nil, time.Time{}},
		{"resolved", []func(*history){func(h *history) { h.does(alice, Resolve{}) }}, time.Time{}},
		{"closed", []func(*history){closed}, noon.Add(time.Hour)},
		{"called off", []func(*history){func(h *history) { h.does(alice, Cancel{}) }}, noon.Add(time.Hour)},
		{"open again", []func(*history){closed, func(h *history) { h.does(alice, Reopen{Why: "back"}) }}, time.Time{}},
		{"a law wants something", []func(*history){func(h *history) { h.does(alice, StartClock{Name: "gdpr"}) }, closed}, time.Time{}},
		{"a law has what it wants", []func(*history){func(h *history) { h.does(alice, StartClock{Name: "gdpr"}) }, closed, func(h *history) {
			h.does(alice, SubmitStage{Name: "gdpr", Stage: "notification"})
		}}, noon.Add(time.Hour)},
		{"a follow-up of the declarer's", []func(*history){func(h *history) { h.does(alice, AddTask{List: Followups, Text: "mend"}) }, closed}, noon.Add(time.Hour)},
		{"a follow-up that is nobody's", []func(*history){func(h *history) { h.does(alice, AddTask{List: Followups, Text: "mend"}) }, closed, func(h *history) {
			h.does(alice, Leave{})
		}}, time.Time{}},
		{"a follow-up with an owner", []func(*history){func(h *history) { h.does(bob, AddTask{List: Followups, Text: "mend", Assignee: bob}) }, closed, func(h *history) {
			h.does(alice, Leave{})
		}}, noon.Add(time.Hour)},
		{"a draft that nobody reviews", []func(*history){graveDraft}, noon.Add(time.Hour)},
		{"a draft in review", []func(*history){graveDraft, func(h *history) { h.does(alice, ReviewPostmortem{By: bob}) }}, noon.Add(time.Hour)},
	} {
		h := begin(t, Open{}).later(time.Hour)
		for _, does := range c.does {
			does(h)
		}
		if got := h.in.Rests(); !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
