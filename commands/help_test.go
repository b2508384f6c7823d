package commands

import (
	"slices"
	"strings"
	"testing"

	"fireboss/incidents"
)

// told are all lines of an answer.
func told(r Reply) string {
	lines := []string{r.Text}
	for _, l := range r.Lines {
		lines = append(lines, l.Text)
	}
	return strings.Join(lines, "\n")
}

func TestHelpMarksWhatIsNotPossible(t *testing.T) {
	w := newWorld(t)
	if got := told(w.does("bob", "help")); strings.Contains(got, "(") || !strings.Contains(got, "End it: resolve, close, reopen, cancel") {
		t.Error(got)
	}
	w.does("alice", "open sev1 checkout is down")
	w.here = 1
	if got := told(w.does("bob", "help")); !strings.Contains(got, "End it: resolve, close, (reopen), cancel") || !strings.HasSuffix(got, "you cannot do in INC-1 as it is now; /incident VERB help says why.") {
		t.Error(got)
	}
	if got := told(w.does("bob", "reopen help")); !strings.Contains(got, "Not for you now: INC-1 is investigating already; there is nothing to reopen.") {
		t.Error(got)
	}
	rules := w.desk.Rules()
	rules.Permissions = map[incidents.Permission][]string{incidents.MayDeclare: {"@oncall"}, incidents.MayEnd: {"commander"}}
	w.desk.Rules = func() incidents.Rules { return rules }
	got := told(w.does("bob", "help"))
	for _, want := range []string{"(open), (drill), list", "(resolve), (close), (reopen), (cancel)"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	for _, said := range []string{"resolve help", "help resolve"} {
		if got := told(w.does("bob", said)); !strings.Contains(got, "Not for you now: Only the commander may end an incident, and there is none yet. To be it: /incident role commander me") {
			t.Error(got)
		}
	}
	w.does("bob", "lead me")
	if got := told(w.does("bob", "help")); !strings.Contains(got, "End it: resolve, close, (reopen), cancel") {
		t.Error(got)
	}
}

// Help is given to whoever may not see the incident, and says nothing of it.
func TestHelpInAPrivateChannel(t *testing.T) {
	w := secret(t)
	want := told(w.does("bob", "help"))
	w.here = 1
	if got := told(w.does("bob", "help")); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func TestAGuestSeesWhatTheyAreIn(t *testing.T) {
	w := newWorld(t)
	w.does("alice", "open sev1 checkout is down")
	w.does("alice", "open sev2 search is slow")
	guest := func(text string) Reply {
		r := w.request("dave", text)
		r.Actor.Standing.Outside = true
		return w.desk.Handle(t.Context(), r)
	}
	if r := guest("open x"); r.Refused != incidents.CodeRefused || !strings.HasPrefix(r.Text, "Only members of this workspace may open incidents, and you are a guest here.") {
		t.Errorf("%+v", r)
	}
	if r := guest("list"); len(r.Lines) > 0 {
		t.Errorf("%+v", r)
	}
	if r := guest("show INC-1"); r.Refused != incidents.CodeNotFound {
		t.Errorf("%+v", r)
	}
	w.does("alice", "invite INC-1 @dave")
	if r := guest("list"); len(r.Lines) != 1 || r.Lines[0].Incident != 1 {
		t.Errorf("%+v", r)
	}
	if r := guest("note INC-1 it is the disk"); r.Refused != "" {
		t.Errorf("%+v", r)
	}
	if r := guest("resolve INC-1"); r.Refused != incidents.CodeRefused || !slices.Equal(r.Choices, nil) {
		t.Errorf("%+v", r)
	}
}
