package commands

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
)

var errDisk = errors.New("bolt: disk on fire")

func checkFault(t *testing.T, r Reply) {
	t.Helper()
	want := "Something went wrong on our side, reference " + r.Reference + ". Your command may not have been carried out: look before you repeat it."
	if r.Fault == nil || len(r.Reference) != 8 || r.Text != want || r.Refused != "" || r.Incident != nil {
		t.Errorf("%+v", r)
	}
}

func TestFaults(t *testing.T) {
	w := play(t, nil)
	w.store.fail = errDisk
	for _, v := range verbs {
		if v.Name == "help" {
			continue
		}
		r := w.says("bob", v.Examples[0])
		checkFault(t, r)
		if !errors.Is(r.Fault, errDisk) {
			t.Errorf("%s: %v", v.Name, r.Fault)
		}
	}
	checkFault(t, w.says("bob", ""))
}

func TestAcknowledgedButByWhom(t *testing.T) {
	w := play(t, []line{{"bob", "ack", "You acknowledged INC-1. " + unled}})
	w.desk.Store = eventless{w.store}
	checkFault(t, w.says("bob", "ack"))
	checkFault(t, w.says("bob", "timeline"))
}

// eventless is a store whose events cannot be read.
type eventless struct{ *shaky }

func (eventless) Events(context.Context, incidents.Number, uint64, int) ([]incidents.Event, error) {
	return nil, errDisk
}

func TestADirectoryThatFails(t *testing.T) {
	w := play(t, nil)
	w.desk.People = town{fail: errDisk}
	for _, said := range []string{"lead @alice", "invite @alice", "handoff @alice", "task add x @alice", "task assign 1 @alice"} {
		checkFault(t, w.says("bob", said))
	}
	w.does("bob", "lead me")
}

func TestADeadline(t *testing.T) {
	w := play(t, nil)
	ctx, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	for _, said := range []string{"open x", "list", "show", "access INC-1"} {
		r := w.desk.Handle(ctx, w.request("bob", said))
		checkFault(t, r)
		if !errors.Is(r.Fault, context.DeadlineExceeded) {
			t.Error(r.Fault)
		}
	}
}

func TestAPanicIsAFault(t *testing.T) {
	w := play(t, nil)
	w.desk.Rules = func() incidents.Rules { panic("no rules") }
	r := w.says("bob", "roles")
	checkFault(t, r)
	if !strings.Contains(r.Fault.Error(), "no rules") || !strings.Contains(r.Fault.Error(), "role.go") {
		t.Error(r.Fault)
	}
}

func TestARequestWithoutAnIDChangesNothing(t *testing.T) {
	w := play(t, nil)
	req := w.request("bob", "ack")
	req.ID = ""
	checkFault(t, w.desk.Handle(t.Context(), req))
	if in := w.incident(1); !in.Times.Acknowledged.IsZero() {
		t.Error("it was carried out")
	}
}

func TestTheReferenceOfARequestStays(t *testing.T) {
	w := play(t, nil)
	w.store.fail = errDisk
	req := w.request("bob", "ack")
	a, b := w.desk.Handle(t.Context(), req), w.desk.Handle(t.Context(), req)
	if a.Text != b.Text || a.Reference == w.says("bob", "ack").Reference {
		t.Error(a.Text, b.Text)
	}
}

func TestADeskWithNothingButAStore(t *testing.T) {
	w := play(t, nil)
	w.desk.Rules, w.desk.People, w.desk.Dashboard = nil, nil, ""
	w.does("bob", "roles")
	w.does("bob", "service add checkout")
	if r := w.says("bob", "lead @alice"); r.Refused != incidents.CodeInvalid {
		t.Error(r.Text)
	}
	for range 40 {
		w.does("bob", "note x")
		w.does("bob", "open x")
	}
	if r := w.does("bob", "timeline"); strings.Contains(r.Text, "http") {
		t.Error(r.Text)
	}
	if r := w.does("bob", "list"); strings.Contains(r.Text, "http") {
		t.Error(r.Text)
	}
}

func TestARequestWithoutATimeIsOfNow(t *testing.T) {
	w := play(t, nil)
	w.at = time.Now()
	req := w.request("bob", "note at now x")
	req.At = time.Time{}
	if r := w.desk.Handle(t.Context(), req); r.Fault != nil || r.Refused != "" {
		t.Error(r.Text)
	}
}
