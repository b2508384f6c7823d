package commands

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// A newcomer is told what the record says, and on what each line stands; it is told to them alone and changes nothing.
func TestACatchUpStandsOnTheRecord(t *testing.T) {
	w := newWorld(t)
	w.does("alice", "open sev2 checkout is down")
	w.does("bob", "lead INC-1 me")
	w.does("bob", "status INC-1 identified a disk is full")
	w.does("carol", "decision INC-1 we fail over")
	w.does("bob", "update INC-1 we fail over to the other site next 30m")
	for i := range 7 {
		w.does("bob", fmt.Sprintf("task INC-1 add look at disk %d", i+1))
	}
	before := len(w.events(1))
	r := w.says("dave", "catchup INC-1")
	if r.Refused != "" || len(r.Lines) < 8 || len(r.Choices) != 2 {
		t.Fatalf("%+v", r)
	}
	cited := regexp.MustCompile(`\[T\d+(, T\d+)*\]$`)
	var text []string
	for _, l := range r.Lines {
		text = append(text, l.Text)
		if !cited.MatchString(l.Text) && !strings.HasPrefix(l.Text, "Next: ") && !strings.HasPrefix(l.Text, "… and 2 more open tasks: /incident task INC-1 list") && !strings.HasPrefix(l.Text, "Times are in UTC") {
			t.Errorf("%q stands on nothing", l.Text)
		}
	}
	all := strings.Join(text, "\n")
	for _, want := range []string{"checkout is down", "identified", "a disk is full", "we fail over", "Bob is incident commander", "look at disk 5", "… and 2 more open tasks"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not in:\n%s", want, all)
		}
	}
	if strings.Contains(all, "look at disk 6") || len(w.events(1)) != before {
		t.Errorf("too much was said, or something was written:\n%s", all)
	}
}
