package commands

import (
	"strings"
	"testing"
)

// A drafted update says what the record says, stands in the form, and is not posted.
func TestAnUpdateIsDrafted(t *testing.T) {
	w := newWorld(t)
	w.does("alice", "open sev2 checkout is down")
	w.does("alice", "service INC-1 add checkout")
	w.does("bob", "status INC-1 identified a disk is full")
	before := len(w.events(1))
	r := w.says("carol", "update INC-1 --draft")
	if r.Refused != "" || r.Form == nil || len(r.Lines) == 0 || !strings.HasPrefix(r.Form.Command, "update INC-1") {
		t.Fatalf("%+v", r)
	}
	text := r.Form.Fields[0].Value[0]
	if !strings.Contains(text, "checkout") || strings.Contains(text, "alice") || strings.Contains(text, "bob") || strings.Contains(text, "[T") {
		t.Errorf("the draft is %q", text)
	}
	if len(w.events(1)) != before {
		t.Errorf("it was posted: %+v", w.events(1)[before:])
	}
}
