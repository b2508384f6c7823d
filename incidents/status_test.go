package incidents

import (
	"strings"
	"testing"
	"time"
)

func TestStatusesSetTheirMoments(t *testing.T) {
	h := begin(t, Open{})
	at := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Minute) }
	step := func(n int, act Act) {
		t.Helper()
		h.at = at(n)
		h.does(bob, act)
	}
	step(1, ChangeStatus{To: Triage})
	step(2, ChangeStatus{To: Identified, Why: " a  disk "})
	if e := h.last(); e.Text != "Status changed from triage to identified: a disk" || e.Field("why") != "a disk" || e.Field("from") != "triage" {
		t.Errorf("%s %s", e.Text, e.Data)
	}
	step(3, ChangeStatus{To: Monitoring})
	step(4, ChangeStatus{To: Identified})
	step(5, ChangeStatus{To: Monitoring})
	want := Times{Declared: noon, Detected: noon, Acknowledged: at(1), Identified: at(2), Mitigated: at(3)}
	if h.in.Times != want {
		t.Errorf("%+v", h.in.Times)
	}
	step(6, Resolve{Text: "over"})
	want.Resolved = at(6)
	if h.in.Times != want || h.in.EndedAs != EndedResolved {
		t.Errorf("%+v", h.in)
	}
	step(7, Close{Why: "done"})
	want.Closed = at(7)
	if h.in.Times != want || h.in.Status != Closed || h.in.EndedAs != EndedResolved {
		t.Errorf("%+v", h.in)
	}
	step(8, Reopen{Why: "back"})
	want.Resolved, want.Closed = time.Time{}, time.Time{}
	if h.in.Times != want || h.in.Status != Investigating || h.in.EndedAs != "" || h.in.Reopened != 1 {
		t.Errorf("%+v", h.in)
	}
	if e := h.last(); e.Text != "Reopened: back" || e.Field("was") != "resolved" || e.Field("reopened") != "1" {
		t.Errorf("%s %s", e.Text, e.Data)
	}
	step(9, Resolve{})
	want.Resolved = at(9) // the last such moment; mitigated stays the first
	if h.in.Times != want {
		t.Errorf("%+v", h.in.Times)
	}
}

func TestResolvedWithoutMonitoringIsMitigated(t *testing.T) {
	h := begin(t, Open{}).later(time.Minute)
	h.does(bob, ChangeStatus{To: Resolved, Why: "over"})
	if !h.in.Times.Mitigated.Equal(h.at) || !h.in.Times.Resolved.Equal(h.at) || h.last().Text != "Status changed from investigating to resolved: over" {
		t.Errorf("%+v", h.in.Times)
	}
}

func TestCloseResolvesFirst(t *testing.T) {
	h := begin(t, Open{})
	c := h.does(bob, ChangeStatus{To: Closed, Why: "done"})
	if kinds(c) != "status_changed status_changed" || c.Events[0].Field("to") != "resolved" || c.Events[1].Text != "Status changed from resolved to closed: done" || h.in.Times.Resolved.IsZero() || h.in.EndedAs != EndedResolved {
		t.Errorf("%+v", c.Events)
	}
}

func TestCancel(t *testing.T) {
	for want, act := range map[EndedAs]Act{EndedCanceled: Cancel{Why: "none"}, EndedFalsePositive: Cancel{FalsePositive: true, Why: "none"}} {
		h := begin(t, Open{})
		h.does(bob, act)
		if h.in.Status != Canceled || h.in.EndedAs != want || h.last().Field("ended_as") != string(want) || !h.in.Times.Resolved.IsZero() {
			t.Errorf("%+v", h.in)
		}
		h.does(bob, Reopen{Why: "it was one"})
		if h.in.EndedAs != "" || h.in.Status != Investigating {
			t.Errorf("%+v", h.in)
		}
	}
	h := begin(t, Open{})
	h.does(bob, Cancel{FalsePositive: true, Why: "a probe"})
	if got := h.last().Text; got != "Status changed from investigating to canceled (false positive): a probe" {
		t.Error(got)
	}
}

func TestEndingEmptiesWhatWasPending(t *testing.T) {
	for _, act := range []Act{Resolve{}, Close{}, Cancel{}, ChangeStatus{To: Canceled}} {
		h := begin(t, Open{})
		h.does(alice, PostUpdate{Text: "x", Next: time.Hour})
		h.does(alice, HandOff{To: bob})
		h.does(alice, act)
		if !h.in.Update.Next.IsZero() || h.in.Handoff != nil || h.in.Update.Text != "x" {
			t.Errorf("%T: %+v", act, h.in)
		}
	}
}

func TestSayingItTwiceIsNoError(t *testing.T) {
	h := begin(t, Open{})
	nothing(t, h.does(bob, ChangeStatus{To: Investigating}))
	h.does(bob, Resolve{})
	nothing(t, h.does(bob, Resolve{Text: "again"}))
	nothing(t, h.does(bob, ChangeStatus{To: Resolved}))
	h.does(bob, Close{})
	nothing(t, h.does(bob, Close{}))
	h = begin(t, Open{}).into(Canceled)
	nothing(t, h.does(bob, Cancel{FalsePositive: true}))
}

func TestReopenRefuses(t *testing.T) {
	h := begin(t, Open{})
	h.refuses(bob, Reopen{Why: "x"}, CodeRefused, "INC-1 is investigating already; there is nothing to reopen.")
	h.into(Resolved)
	h.refuses(bob, Reopen{Why: " \n"}, CodeInvalid, "Why is it open again? Example: /incident reopen errors are back in eu-west")
}

func TestReasonsHaveALimit(t *testing.T) {
	long := strings.Repeat("x", MaxText+1)
	for _, act := range []Act{ChangeStatus{To: Identified, Why: long}, ChangeStatus{To: Resolved, Why: long}, Resolve{Text: long}, Close{Why: long}, Cancel{Why: long}, ChangeSeverity{To: 2, Why: long}} {
		begin(t, Open{}).refuses(bob, act, CodeInvalid, "8001 characters, at most 8000 fit")
	}
	begin(t, Open{}).into(Closed).refuses(bob, Reopen{Why: long}, CodeInvalid, "8001 characters, at most 8000 fit")
}

func TestOnlyKnownStatusesAndSeverities(t *testing.T) {
	h := begin(t, Open{})
	h.refuses(bob, ChangeStatus{To: "burning"}, CodeInvalid, `"burning" is not a status.`)
	h.refuses(bob, ChangeStatus{}, CodeInvalid, "is not a status.")
	h.refuses(bob, ChangeSeverity{To: 6}, CodeInvalid, "sev1 (the worst) to sev5")
	h = &history{t: t, rules: policy(), in: Incident{Number: 1}, at: noon}
	h.refuses(bob, Open{Title: "x", Severity: -1}, CodeInvalid, "sev1 (the worst) to sev5")
}

func TestAcknowledgeAndSeverity(t *testing.T) {
	h := begin(t, Open{Severity: 3}).later(time.Minute)
	if c := h.does(bob, Acknowledge{}); kinds(c) != "acknowledged responder_joined" || c.Events[0].Text != "Acknowledged by bob" {
		t.Errorf("%+v", c)
	}
	if !h.in.Times.Acknowledged.Equal(h.at) || !h.in.IsResponder(bob.ID) {
		t.Errorf("%+v", h.in)
	}
	was := h.in.Times.Acknowledged
	nothing(t, h.later(time.Minute).does(carol, Acknowledge{}))
	if !h.in.Times.Acknowledged.Equal(was) || h.in.IsResponder(carol.ID) {
		t.Errorf("%+v", h.in)
	}
	c := h.does(bob, ChangeSeverity{To: 1, Why: "wider"})
	if h.in.Severity != 1 || c.Events[0].Text != "Severity changed from sev3 to sev1: wider" || c.Events[0].Field("calls") != "[@oncall @dave]" || len(h.in.Calls) != 2 {
		t.Errorf("%+v %+v", c, h.in.Calls)
	}
	nothing(t, h.does(bob, ChangeSeverity{To: 1, Why: "again"}))
	h.does(bob, ChangeSeverity{To: 4})
	h.does(bob, ChangeSeverity{To: 1})
	if h.last().Field("calls") != "" || len(h.in.Calls) != 2 {
		t.Errorf("they were called twice: %s", h.last().Data)
	}
	h.does(bob, ChangeSeverity{To: Unset})
	if h.last().Text != "Severity changed from sev1 to unset" {
		t.Error(h.last().Text)
	}
}

func TestAProgramThatAcknowledgesDoesNotCome(t *testing.T) {
	h := begin(t, Open{})
	ops := Actor{Kind: Integration, ID: "token:ops", Name: "ops"}
	if c, err := h.try(ops, Acknowledge{}); err != nil || kinds(c) != "acknowledged" || h.in.IsResponder(ops.ID) || h.in.Times.Acknowledged.IsZero() {
		t.Errorf("%+v %v", c, err)
	}
}
