package incidents

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

// withTypes is a history under a policy with types of its own.
func withTypes(t *testing.T, o Open) *history {
	t.Helper()
	h := &history{t: t, rules: policy(), in: Incident{Number: 1}, at: noon, behind: map[OutsideID][]Event{}}
	h.rules.Types = []Type{
		{Name: "third-party", Checklist: []string{"open a ticket", "watch their page"}, Fields: []Field{
			{Name: "supplier", Ask: "Whose trouble is it?", Required: BeforeResolve},
			{Name: "paid", Values: []string{"Yes", "no"}, Required: BeforeClose},
			{Name: "ticket"},
		}},
		{Name: "security", Checklist: []string{"keep the evidence"}},
	}
	if o.Title == "" {
		o.Title = "checkout is down"
	}
	h.does(alice, o)
	return h
}

func TestATypeBringsItsChecklist(t *testing.T) {
	h := withTypes(t, Open{})
	if len(h.in.Tasks) != 0 {
		t.Errorf("the type that nobody named has %+v", h.in.Tasks)
	}
	c := h.does(bob, ChangeType{Type: "Third Party"})
	if kinds(c) != "type_changed task_added" || h.in.Type != "third-party" || h.last().Text != "Checklist for third-party: 1. open a ticket; 2. watch their page" {
		t.Errorf("%s: %+v", kinds(c), h.last())
	}
	h.does(bob, MoveTask{List: Tasks, Number: 1, To: TaskFinished})
	h.does(bob, ChangeType{Type: "security"})
	if c := h.does(bob, ChangeType{Type: "third_party"}); kinds(c) != "type_changed" {
		t.Errorf("the second time it brings %s", kinds(c))
	}
	want := []Task{{Number: 1, Text: "open a ticket", State: TaskFinished}, {Number: 2, Text: "watch their page", State: TaskOpen}, {Number: 3, Text: "keep the evidence", State: TaskOpen}}
	if !reflect.DeepEqual(h.in.Tasks, want) {
		t.Errorf("%+v", h.in.Tasks)
	}
	if h := withTypes(t, Open{Type: "third party"}); len(h.in.Tasks) != 2 || h.in.Type != "third-party" {
		t.Errorf("opened as one: %+v", h.in)
	}
	if h := withTypes(t, Open{Type: "security", Resolved: noon.Add(-time.Hour)}); len(h.in.Tasks) != 0 {
		t.Errorf("over, and still to do: %+v", h.in.Tasks)
	}
	if h := withTypes(t, Open{Type: "weather"}); h.in.Type != "weather" {
		t.Errorf("a type of one's own is %q", h.in.Type)
	}
}

func TestFieldsThatHaveToBeSet(t *testing.T) {
	h := withTypes(t, Open{Type: "third-party"})
	supplier, paid := h.rules.Types[0].Fields[0], h.rules.Types[0].Fields[1]
	for _, c := range []struct {
		act    Act
		words  string
		fields []Field
		gate   Gate
	}{
		{Resolve{}, "INC-1 is of the type third-party and cannot be resolved before supplier is set (supplier: Whose trouble is it?). Set it, and say it again: /incident field supplier TEXT", []Field{supplier}, BeforeResolve},
		{ChangeStatus{To: Resolved}, "cannot be resolved before supplier is set", []Field{supplier}, BeforeResolve},
		{Close{}, "cannot be closed before supplier and paid are set (supplier: Whose trouble is it?). Set each, and say it again: /incident field supplier TEXT", []Field{supplier, paid}, BeforeClose},
		{ChangeStatus{To: Closed}, "cannot be closed before supplier and paid are set", []Field{supplier, paid}, BeforeClose},
	} {
		h.refuses(bob, c.act, CodeRefused, c.words)
		_, err := h.try(bob.Actor(), c.act)
		refusal, _ := AsRefusal(err)
		if want := (&Want{Of: 1, Gate: c.gate, Fields: c.fields}); !reflect.DeepEqual(refusal.Want, want) {
			t.Errorf("%#v wants %+v", c.act, refusal.Want)
		}
	}
	h.does(bob, SetField{Name: "supplier", Value: "a cloud"})
	h.does(bob, Resolve{})
	h.refuses(bob, Close{}, CodeRefused, "cannot be closed before paid is set. Set it, and say it again: /incident field paid Yes")
	h.refuses(bob, SetField{Name: "paid", Value: "perhaps"}, CodeInvalid, `paid can be Yes, no, not "perhaps". Example: /incident field paid Yes`)
	h.does(bob, SetField{Name: "paid", Value: "yes"})
	if h.in.Fields["paid"] != "Yes" {
		t.Errorf("%q", h.in.Fields["paid"])
	}
	h.does(bob, Close{})
	h.does(bob, Reopen{Why: "back"})
	h.does(bob, SetField{Name: "supplier"})
	h.refuses(bob, Resolve{}, CodeRefused, "before supplier is set")
	h.does(bob, Cancel{}) // what was none needs no account
}

func TestMeaningsAreThePolicys(t *testing.T) {
	r := Rules{Meanings: map[Severity]string{1: "the shop is shut"}}
	if r.Meaning(1) != "the shop is shut" || r.Meaning(2) != Severity(2).Meaning() {
		t.Errorf("%q, %q", r.Meaning(1), r.Meaning(2))
	}
}

func TestARoleIsExplainedOnce(t *testing.T) {
	h := begin(t, Open{})
	h.rules.Roles = []Role{{Name: CommanderRole, Title: "Incident commander", Instructions: "Decide."}, {Name: "scribe", Title: "Scribe"}}
	told := func(c Change) string {
		var list []string
		for _, m := range c.Messages {
			list = append(list, m.Kind+" "+m.To.Name)
		}
		return strings.Join(list, " ")
	}
	for _, c := range []struct {
		who  Person
		act  Act
		want string
	}{
		{alice, AssignRole{Role: CommanderRole, To: alice}, "role_instructions alice"},
		{alice, AssignRole{Role: "scribe", To: bob}, ""}, // it has none
		{alice, HandOff{To: bob}, "handoff_offer bob"},
		{bob, AcceptHandoff{}, "role_instructions bob"},
		{bob, AssignRole{Role: CommanderRole, To: alice}, ""}, // alice knows
		{bob, AssignRole{Role: CommanderRole}, ""},
	} {
		if got := told(h.does(c.who, c.act)); got != c.want {
			t.Errorf("%#v: %q, want %q", c.act, got, c.want)
		}
	}
}

func TestSuggestedSeverity(t *testing.T) {
	r := policy()
	r.Suggest = map[int]Severity{1: 2, 2: 3}
	r.Services = map[string]Service{"checkout": {Tier: 1}, "mail": {Tier: 2}, "wiki": {Tier: 4}, "blog": {}}
	for _, c := range []struct {
		sev      Severity
		services []string
		want     Severity
		why      string
	}{
		{Unset, []string{"checkout"}, 2, "checkout is a tier-1 service"},
		{3, []string{"mail", "checkout"}, 2, "checkout is a tier-1 service"},
		{Unset, []string{"wiki", "mail"}, 3, "mail is a tier-2 service"},
		{2, []string{"checkout"}, Unset, ""},
		{1, []string{"checkout"}, Unset, ""},
		{3, []string{"mail"}, Unset, ""},
		{5, []string{"wiki", "blog", "unknown"}, Unset, ""},
		{Unset, nil, Unset, ""},
	} {
		in := Incident{Severity: c.sev, Services: c.services}
		sev, why := r.Suggested(in)
		if offered := r.Offered(in); sev == Unset && offered != "2" || sev != Unset && "sev"+offered != sev.String() {
			t.Errorf("%v: offered is %s where %s is suggested", c.services, offered, sev)
		}
		if sev != c.want || why != c.why {
			t.Errorf("%s with %q: %s, %q", c.sev, c.services, sev, why)
		}
	}
}
