package incidents

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// The standings of the tests.
var (
	oncall = Standing{Named: "@alice @oncall"}
	guest  = Standing{Outside: true}
	ops    = Actor{Kind: Integration, ID: "token:ops", Name: "ops"}
)

func standing(p Person, s Standing) Actor {
	a := p.Actor()
	a.Standing = s
	return a
}

// limited is a policy that keeps everything for some.
func limited() Rules {
	r := policy()
	r.Permissions = map[Permission][]string{
		MayDeclare: {"@oncall", "@grace"}, MaySetSeverity: {CommanderRole}, MayEnd: {"@oncall", CommanderRole}, MayDoForOthers: {"@oncall"}, MaySeePrivate: {"@ciso"},
	}
	return r
}

func TestPermissions(t *testing.T) {
	led := begin(t, Open{})
	led.does(alice, AssignRole{Role: CommanderRole, To: carol})
	unled := begin(t, Open{})
	tasked := begin(t, Open{})
	for _, to := range []Person{{}, bob, alice} {
		tasked.does(alice, AddTask{List: Tasks, Text: "look", Assignee: to})
	}
	for name, c := range map[string]struct {
		rules Rules
		in    Incident
		who   Actor
		act   Act
		says  string // of the refusal; empty: it is allowed
	}{
		"a member opens":            {policy(), Incident{Number: 2}, bob.Actor(), Open{Title: "x"}, ""},
		"a guest opens":             {policy(), Incident{Number: 2}, standing(bob, guest), Open{Title: "x"}, "Only members of this workspace may open incidents, and you are a guest here. Ask one of them, or whoever runs Fireboss to name you under permissions.declare."},
		"a token opens":             {limited(), Incident{Number: 2}, ops, Open{Title: "x"}, ""},
		"one of the group opens":    {limited(), Incident{Number: 2}, standing(alice, oncall), Open{Title: "x"}, ""},
		"another opens":             {limited(), Incident{Number: 2}, bob.Actor(), Open{Title: "x"}, "Only @oncall and @grace may open incidents. Ask one of them."},
		"a guest who is named":      {limited(), Incident{Number: 2}, standing(bob, Standing{Outside: true, Named: "@grace"}), Open{Title: "x"}, ""},
		"Slack does not say":        {limited(), Incident{Number: 2}, standing(bob, Standing{Unsure: "@oncall"}), Open{Title: "x"}, "Only @oncall and @grace may open incidents, and Slack does not say at the moment whether you may. Try again in a minute."},
		"the commander judges":      {limited(), led.in, carol.Actor(), ChangeSeverity{To: 2}, ""},
		"another judges":            {limited(), led.in, bob.Actor(), ChangeSeverity{To: 2}, "Only the commander (carol) may change the severity. Ask one of them."},
		"nobody commands":           {limited(), unled.in, bob.Actor(), ChangeSeverity{To: 2}, "Only the commander may change the severity, and there is none yet. To be it: /incident role INC-1 commander me"},
		"the commander ends":        {limited(), led.in, carol.Actor(), Resolve{}, ""},
		"another ends":              {limited(), led.in, bob.Actor(), Resolve{}, "Only @oncall and the commander (carol) may end an incident."},
		"another ends by status":    {limited(), led.in, bob.Actor(), ChangeStatus{To: Closed}, "Only @oncall and the commander (carol) may end an incident."},
		"another moves it along":    {limited(), led.in, bob.Actor(), ChangeStatus{To: Monitoring}, ""},
		"takes a role":              {limited(), led.in, bob.Actor(), AssignRole{Role: "scribe", To: bob}, ""},
		"gives a role":              {limited(), led.in, bob.Actor(), AssignRole{Role: "scribe", To: alice}, "Only @oncall may give roles and tasks to others. Ask one of them."},
		"takes a role away":         {limited(), led.in, bob.Actor(), AssignRole{Role: "ic"}, "Only @oncall may give roles"},
		"gives a role up":           {limited(), led.in, carol.Actor(), AssignRole{Role: "ic"}, ""},
		"takes what she has":        {limited(), led.in, carol.Actor(), AssignRole{Role: "ic", To: carol}, ""},
		"takes what another has":    {limited(), led.in, bob.Actor(), AssignRole{Role: "ic", To: bob}, "Only @oncall may give roles"},
		"offers command to himself": {limited(), led.in, bob.Actor(), HandOff{To: bob}, "You cannot offer command to yourself."},
		"offers command":            {limited(), led.in, bob.Actor(), HandOff{To: alice}, "Only @oncall may give roles"},
		"clears what nobody has":    {limited(), led.in, bob.Actor(), AssignRole{Role: "scribe"}, ""},
		"one of the group gives":    {limited(), led.in, standing(alice, oncall), AssignRole{Role: "scribe", To: bob}, ""},
		"adds a task":               {limited(), led.in, bob.Actor(), AddTask{List: Tasks, Text: "x"}, ""},
		"adds a task for himself":   {limited(), led.in, bob.Actor(), AddTask{List: Tasks, Text: "x", Assignee: bob}, ""},
		"adds a task for another":   {limited(), led.in, bob.Actor(), AddTask{List: Tasks, Text: "x", Assignee: alice}, "Only @oncall may give roles and tasks to others."},
		"takes a task of nobody's":  {limited(), tasked.in, bob.Actor(), AssignTask{List: Tasks, Number: 1, To: bob}, ""},
		"takes his own task":        {limited(), tasked.in, bob.Actor(), AssignTask{List: Tasks, Number: 2, To: bob}, ""},
		"takes another's task":      {limited(), tasked.in, bob.Actor(), AssignTask{List: Tasks, Number: 3, To: bob}, "Only @oncall may give roles and tasks to others."},
		"gives a task":              {limited(), tasked.in, bob.Actor(), AssignTask{List: Tasks, Number: 1, To: alice}, "Only @oncall may give roles and tasks to others."},
		"a member hides it":         {limited(), led.in, bob.Actor(), MakePrivate{}, ""},
		"a guest of it hides it":    {policy(), withGuest(led.in), standing(bob, guest), MakePrivate{}, "Only members of this workspace may say who else may see an incident, and you are a guest here."},
		"a guest of it writes":      {policy(), withGuest(led.in), standing(bob, guest), AddNote{Text: "x"}, ""},
		"a guest of it ends it":     {policy(), withGuest(led.in), standing(bob, guest), Resolve{}, "Only members of this workspace may end an incident"},
		"a guest elsewhere":         {policy(), led.in, standing(bob, guest), AddNote{Text: "x"}, "INC-1 does not exist or is not open to you."},
		"what was seen of a guest":  {policy(), led.in, standing(bob, guest), RecordMessage{ID: OutsideID{"slack", "C1/1"}, Text: "x", At: noon}, ""},
		"guests are let":            {Rules{Permissions: map[Permission][]string{MayEnd: {Members, Guests}}}, withGuest(led.in), standing(bob, guest), Resolve{}, ""},
		"guests alone are let":      {Rules{Permissions: map[Permission][]string{MayEnd: {Guests}}}, led.in, bob.Actor(), Resolve{}, "Only guests may end an incident."},
		"somebody without an id":    {limited(), unled.in, Actor{Kind: User}, ChangeSeverity{To: 2}, "Only the commander may change the severity"},
		"members beside a group":    {Rules{Permissions: map[Permission][]string{MayEnd: {Members, "@x"}}}, led.in, bob.Actor(), Resolve{}, ""},
		"guests alone, and members": {Rules{Permissions: map[Permission][]string{MayEnd: {Guests, Members}}}, led.in, bob.Actor(), Resolve{}, ""},
	} {
		_, err := Decide(c.rules, c.in, Facts{}, Command{ID: "x", Actor: c.who, Incident: 1, Do: c.act}, noon)
		r, refused := AsRefusal(err)
		switch {
		case c.says == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.says != "" && (!refused || !strings.Contains(r.Text, c.says)):
			t.Errorf("%s: %v\nwant %s", name, err, c.says)
		}
	}
}

// withGuest lets bob respond.
func withGuest(in Incident) Incident {
	in = in.clone()
	in.Responders = append(in.Responders, bob)
	return in
}

// Whatever else the policy lets guests do: who else sees a private incident is not
// theirs to say.
func TestAGuestLetsNobodyIntoAPrivateIncident(t *testing.T) {
	for _, act := range []Act{
		Invite{People: []Person{carol}}, AssignRole{Role: "scribe", To: carol}, HandOff{To: carol}, Merge{Into: 3},
		MakePublic{}, SetTLP{Level: "clear"}, GrantAccess{Who: carol}, DenyAccess{Who: carol},
	} {
		h := hidden(t).beside(Incident{Number: 3, Status: Triage, Private: true, Responders: []Person{bob}})
		all := []string{Members, Guests}
		h.rules.Permissions = map[Permission][]string{MayEnd: all, MayDoForOthers: all}
		h.does(alice, Invite{People: []Person{bob}})
		h.does(carol, AskAccess{})
		h.refusesActor(standing(bob, guest), act, CodeRefused, "Only members of this workspace may say who else may see an incident, and you are a guest here.")
		h.does(bob, act)
	}
	h := hidden(t) // those who see it anyway may be given what there is to do
	h.rules.Permissions = map[Permission][]string{MayDoForOthers: {Members, Guests}}
	h.does(alice, Invite{People: []Person{bob, carol}})
	for _, act := range []Act{AssignRole{Role: "scribe", To: carol}, AssignRole{Role: "scribe"}, HandOff{To: carol}} {
		if _, err := h.try(standing(bob, guest), act); err != nil {
			t.Errorf("%T: %v", act, err)
		}
	}
}

// May says for a verb what Decide would.
func TestMay(t *testing.T) {
	h := begin(t, Open{})
	for name, c := range map[string]struct {
		rules Rules
		in    Incident
		who   Actor
		verb  string
		says  string
	}{
		"allowed":                 {policy(), h.in, bob.Actor(), "sev", ""},
		"a verb that is no act":   {policy(), h.in, bob.Actor(), "timeline", ""},
		"by status":               {policy(), h.in, bob.Actor(), "reopen", "INC-1 is investigating already; there is nothing to reopen."},
		"by policy":               {limited(), h.in, bob.Actor(), "close", "Only @oncall and the commander may end an incident."},
		"not visible":             {policy(), hidden(t).in, bob.Actor(), "note", "INC-1 does not exist or is not open to you."},
		"open, from an incident":  {policy(), hidden(t).in, bob.Actor(), "open", ""},
		"open":                    {limited(), Incident{}, bob.Actor(), "open", "Only @oncall and @grace may open incidents."},
		"elsewhere":               {limited(), Incident{}, bob.Actor(), "sev", ""}, // whoever commands may
		"elsewhere, and a guest":  {policy(), Incident{}, standing(bob, guest), "close", "Only members of this workspace may end an incident"},
		"elsewhere, for a member": {policy(), Incident{}, bob.Actor(), "close", ""},
	} {
		err := c.rules.May(c.in, c.who, c.verb)
		if got := fmt.Sprint(err); c.says == "" && err != nil || c.says != "" && !strings.Contains(got, c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhomThePolicyNames(t *testing.T) {
	if got := limited().Refs(); !reflect.DeepEqual(got, []string{"@ciso", "@grace", "@oncall"}) {
		t.Errorf("%q", got)
	}
	if got := policy().Refs(); len(got) > 0 {
		t.Errorf("%q", got)
	}
	if !limited().SeesPrivate(Standing{Named: "@bob @ciso"}) || limited().SeesPrivate(Standing{Named: "@bob"}) || policy().SeesPrivate(Standing{}) {
		t.Error("who sees every private incident")
	}
}
