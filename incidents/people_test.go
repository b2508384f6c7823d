package incidents

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestRolesAreOnePersonsAtATime(t *testing.T) {
	h := begin(t, Open{}).later(time.Minute)
	c := h.does(alice, AssignRole{Role: "IC", To: bob})
	if kinds(c) != "role_assigned responder_joined" || c.Events[0].Text != "Incident commander is now bob" || c.Events[0].Field("role") != CommanderRole || c.Events[0].Field("to") != bob.ID {
		t.Errorf("%+v", c.Events)
	}
	if p, ok := h.in.Commander(); !ok || p != bob || !h.in.InCommand.Equal(h.at) || !h.in.IsResponder(bob.ID) {
		t.Errorf("%+v", h.in)
	}
	nothing(t, h.later(time.Minute).does(alice, AssignRole{Role: "lead", To: bob}))
	c = h.does(alice, AssignRole{Role: "commander", To: carol})
	if c.Events[0].Field("from_name") != "bob" || !h.in.InCommand.Equal(h.at) {
		t.Errorf("%s", c.Events[0].Data)
	}
	h.does(alice, AssignRole{Role: "comms", To: bob})
	if h.in.Roles["communications"] != bob || !h.in.InCommand.Equal(h.at) {
		t.Errorf("%+v", h.in.Roles)
	}
	c = h.does(alice, AssignRole{Role: "commander"})
	if kinds(c) != "role_cleared" || c.Events[0].Text != "Incident commander is nobody now; it was carol" || !h.in.InCommand.IsZero() {
		t.Errorf("%+v", c.Events)
	}
	nothing(t, h.does(alice, AssignRole{Role: "commander"}))
	h.refuses(alice, AssignRole{Role: "jester", To: bob}, CodeInvalid, `"jester" is not a role. There are: commander, communications, scribe.`)
}

func TestRolesOfOnesOwn(t *testing.T) {
	h := begin(t, Open{})
	h.rules.Roles = []Role{{Name: "commander", Title: "Boss"}, {Name: "medic", Title: "Medic", Aliases: []string{"doc"}}}
	h.does(alice, AssignRole{Role: "Doc", To: bob})
	if h.last().Kind != ResponderJoined || h.in.Roles["medic"] != bob {
		t.Errorf("%+v", h.in)
	}
	h.refuses(alice, AssignRole{Role: "scribe", To: bob}, CodeInvalid, "There are: commander, medic.")
}

func TestRespondersComeAndGo(t *testing.T) {
	h := begin(t, Open{})
	if c := h.does(bob, Join{}); kinds(c) != "responder_joined" || c.Events[0].Text != "bob joined" {
		t.Errorf("%+v", c)
	}
	nothing(t, h.does(bob, Join{}))
	if c := h.does(bob, Leave{}); kinds(c) != "responder_left" || c.Events[0].Field("who") != bob.ID || h.in.IsResponder(bob.ID) {
		t.Errorf("%+v", c)
	}
	nothing(t, h.does(bob, Leave{}))
	if c := h.does(alice, Invite{People: []Person{bob, carol, alice, bob}}); kinds(c) != "responder_joined responder_joined" || c.Events[0].Text != "bob was invited by alice" || c.Events[1].Field("invited_by") != alice.ID {
		t.Errorf("%+v", c)
	}
	nothing(t, h.does(alice, Invite{People: []Person{bob}}))
	h.refuses(alice, Invite{}, CodeInvalid, "Whom? Example: /incident invite @alice @oncall")
	h.does(alice, AssignRole{Role: "scribe", To: carol})
	h.refuses(carol, Leave{}, CodeRefused, "carol is scribe of INC-1. Hand that over first: /incident role scribe @somebody")
	if c := h.does(Fireboss.Person(), Departed{Who: carol}); kinds(c) != "responder_left" || h.in.Roles["scribe"] != carol {
		t.Errorf("%+v", c) // a role stays with its holder
	}
	if c := h.does(Fireboss.Person(), Departed{Who: bob}); kinds(c) != "responder_left" {
		t.Errorf("%+v", c)
	}
	if c := h.does(Fireboss.Person(), Arrived{Who: bob}); kinds(c) != "responder_joined" {
		t.Errorf("%+v", c)
	}
	nothing(t, h.does(Fireboss.Person(), Arrived{Who: Fireboss.Person()}))
	nothing(t, h.does(Fireboss.Person(), Arrived{}))
}

// Also of who came and left within a millisecond, in whatever order that is told.
func TestWhoOnlyLooksInIsNotKept(t *testing.T) {
	h := begin(t, Open{}).later(time.Minute)
	came := h.at.Add(-time.Second + 300*time.Microsecond)
	left := came.Add(time.Microsecond)
	h.does(Fireboss.Person(), Arrived{Who: bob, At: came})
	h.does(Fireboss.Person(), Departed{Who: bob, At: left})
	nothing(t, h.does(Fireboss.Person(), Arrived{Who: bob, At: came}))
	if h.in.IsResponder(bob.ID) {
		t.Error("late news of coming has brought back who left after it")
	}
	h.does(Fireboss.Person(), Arrived{Who: bob, At: left.Add(time.Microsecond)})
	nothing(t, h.does(Fireboss.Person(), Departed{Who: bob, At: left}))
	if !h.in.IsResponder(bob.ID) {
		t.Error("late news of leaving has sent away who came after it")
	}
}

func TestLateNewsOfComingDoesNotBringBackWhoHasLeft(t *testing.T) {
	h := begin(t, Open{}).later(time.Minute)
	came := h.at
	h.does(alice, Invite{People: []Person{bob}})
	h.later(time.Minute).does(bob, Leave{})
	nothing(t, h.later(time.Minute).does(Fireboss.Person(), Arrived{Who: bob, At: came}))
	if c := h.does(Fireboss.Person(), Arrived{Who: bob, At: h.at}); kinds(c) != "responder_joined" || len(h.in.Left) > 0 {
		t.Errorf("%+v, left %v", c.Events, h.in.Left)
	}
}

func TestHandoff(t *testing.T) {
	h := begin(t, Open{})
	h.does(alice, AssignRole{Role: CommanderRole, To: alice})
	h.later(time.Hour)
	c := h.does(alice, HandOff{To: bob, Text: " db is failing over "})
	if kinds(c) != "handoff_offered" || c.Events[0].Text != "alice offered command to bob: db is failing over" || len(c.Messages) != 1 || c.Messages[0] != (Message{Kind: HandoffOffer, Event: 0, To: bob}) {
		t.Errorf("%+v", c)
	}
	if p, _ := h.in.Commander(); p != alice || h.in.Handoff == nil || *h.in.Handoff != (Handoff{To: bob, From: alice, Text: "db is failing over", At: h.at, Seq: h.last().Seq}) {
		t.Errorf("%+v", h.in.Handoff)
	}
	nothing(t, h.does(alice, HandOff{To: bob, Text: "db is failing over"}))
	for _, other := range []HandOff{{To: carol, Text: "db is failing over"}, {To: bob, Text: "db has failed over"}, {To: bob, Text: "db is failing over"}} {
		if c := h.does(alice, other); kinds(c) != "handoff_offered" || len(c.Messages) != 1 || h.in.Handoff.To != other.To {
			t.Errorf("%+v is another offer: %+v", other, c)
		}
	}
	h.refuses(carol, AcceptHandoff{}, CodeRefused, "Command of INC-1 is not offered to you any more. To take it all the same: /incident lead me")
	c = h.later(time.Minute).does(bob, AcceptHandoff{})
	if kinds(c) != "handoff_accepted responder_joined" || c.Events[0].Text != "bob took command: db is failing over" || c.Events[0].Field("from") != alice.ID {
		t.Errorf("%+v", c)
	}
	if p, _ := h.in.Commander(); p != bob || h.in.Handoff != nil || !h.in.InCommand.Equal(h.at) {
		t.Errorf("%+v", h.in)
	}
	nothing(t, h.does(bob, AcceptHandoff{}))
	h.refuses(alice, HandOff{To: bob}, CodeRefused, "bob commands INC-1 already.")
	h.refuses(alice, HandOff{}, CodeInvalid, "To whom?")
	h.refuses(alice, HandOff{To: alice}, CodeRefused, "You cannot offer command to yourself. To take it: /incident lead me")
	h.refuses(alice, HandOff{To: carol, Text: strings.Repeat("x", MaxText+1)}, CodeInvalid, "at most 8000 fit")
}

func TestAnOfferEndsWhenCommandChanges(t *testing.T) {
	h := begin(t, Open{})
	h.does(alice, HandOff{To: bob})
	h.does(alice, AssignRole{Role: CommanderRole, To: carol})
	if h.in.Handoff != nil {
		t.Errorf("%+v", h.in.Handoff)
	}
	h.refuses(bob, AcceptHandoff{}, CodeRefused, "not offered to you any more")
}

func TestAnotherRoleLeavesTheOffer(t *testing.T) {
	h := begin(t, Open{})
	h.does(alice, HandOff{To: bob})
	h.does(alice, AssignRole{Role: "scribe", To: carol})
	if h.in.Handoff == nil {
		t.Error("the offer is gone")
	}
}

// hidden is a private incident that alice runs.
func hidden(t *testing.T) *history {
	yes := true
	return begin(t, Open{Title: "laptop stolen", Private: &yes})
}

func TestWhoMaySeeAPrivateIncident(t *testing.T) {
	h := hidden(t)
	h.does(alice, AssignRole{Role: "scribe", To: carol})
	for name, c := range map[string]struct {
		who  Actor
		want bool
	}{
		"the declarer":   {alice.Actor(), true},
		"a role":         {carol.Actor(), true},
		"somebody else":  {bob.Actor(), false},
		"the program":    {Fireboss, true},
		"a token":        {Actor{Kind: Integration, ID: "token:ops"}, false},
		"an admin token": {Actor{Kind: Integration, ID: "token:ops", Admin: true}, true},
		"nobody":         {Actor{}, false},
	} {
		if got := h.in.VisibleTo(c.who); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	h.does(alice, Leave{})
	if h.in.VisibleTo(alice.Actor()) {
		t.Error("who declared it and has left still sees it")
	}
	h.does(Fireboss.Person(), Departed{Who: carol})
	if !h.in.VisibleTo(carol.Actor()) {
		t.Error("who left the channel with a role does not see it any more")
	}
	if _, err := h.try(Fireboss, AssignRole{Role: "scribe"}); err != nil {
		t.Fatal(err)
	}
	if h.in.VisibleTo(carol.Actor()) {
		t.Error("who left the channel still sees it without the role")
	}
	if !begin(t, Open{}).in.VisibleTo(bob.Actor()) {
		t.Error("a public one is hidden")
	}
}

// An offer lets in the one it is made to, and nobody else, until it is answered.
func TestAnOfferIsSeenByWhomItIsMadeTo(t *testing.T) {
	h := hidden(t)
	h.does(alice, HandOff{To: bob})
	if !h.in.VisibleTo(bob.Actor()) || h.in.VisibleTo(carol.Actor()) {
		t.Errorf("bob sees it: %v, carol: %v", h.in.VisibleTo(bob.Actor()), h.in.VisibleTo(carol.Actor()))
	}
	if h.does(bob, DeclineHandoff{}); h.in.VisibleTo(bob.Actor()) {
		t.Error("bob declined and still sees it")
	}
	if (Incident{Private: true, Roles: map[string]Person{"scribe": {}}}).VisibleTo(Actor{Kind: Integration}) {
		t.Error("a program that nobody knows sees it")
	}
}

func TestWhoeverDeclaredItSeesIt(t *testing.T) {
	yes, ops := true, Actor{Kind: Integration, ID: "token:ops", Name: "ops"}
	h := &history{t: t, rules: policy(), in: Incident{Number: 1}, at: noon}
	if _, err := h.try(ops, Open{Title: "x", Private: &yes}); err != nil {
		t.Fatal(err)
	}
	if !h.in.VisibleTo(ops) {
		t.Error("the token that opened it cannot see it")
	}
}

func TestAnOfferOfCommandLetsIn(t *testing.T) {
	h := hidden(t)
	h.does(alice, HandOff{To: bob})
	h.does(bob, AcceptHandoff{})
	if p, _ := h.in.Commander(); p != bob {
		t.Errorf("%+v", p)
	}
}

// gone is what somebody hears of an incident that is not there for them.
func gone(n Number) *Refusal {
	text := n.String() + " does not exist or is not open to you."
	return &Refusal{Code: CodeNotFound, Text: text, Here: text, Incident: n}
}

func TestOutsidersAreToldNothing(t *testing.T) {
	for _, act := range everyAct() {
		h := hidden(t)
		if _, opening := act.(Open); opening {
			continue
		}
		_, seen := act.(witnessed)
		_, err := h.try(bob.Actor(), act)
		refusal, _ := AsRefusal(err)
		if !seen && (refusal == nil || *refusal != *gone(1)) {
			t.Errorf("%T: %v", act, err)
		}
		if seen && err != nil {
			t.Errorf("%T: %v", act, err)
		}
		missing := Command{ID: "c", Actor: bob.Actor(), At: noon, Incident: 1, Do: act}
		if _, none := Decide(policy(), Incident{}, Facts{}, missing, noon); !seen && none.Error() != err.Error() {
			t.Errorf("%T: %v, and where there is none: %v", act, err, none)
		}
	}
}

func TestAskForAccess(t *testing.T) {
	h := hidden(t)
	c := h.does(bob, AskAccess{})
	if kinds(c) != "access_requested" || len(c.Messages) != 1 || c.Messages[0] != (Message{Kind: AccessRequest, To: alice}) || c.Events[0].Text != "bob asked to be let in" {
		t.Errorf("%+v", c)
	}
	nothing(t, h.does(bob, AskAccess{})) // once is enough
	if c := h.does(carol, AskAccess{}); c.Messages[0].To != alice {
		t.Errorf("%+v", c.Messages)
	}
	h.does(alice, AssignRole{Role: CommanderRole, To: carol})
	if c := h.does(bob, AskAccess{}); c.Messages[0].To != carol {
		t.Errorf("somebody new runs it, and was not asked: %+v", c.Messages)
	}
	h.does(alice, Invite{People: []Person{bob}})
	h.does(bob, Leave{})
	if c := h.does(bob, AskAccess{}); len(c.Messages) != 1 {
		t.Error("who was in and left cannot ask again")
	}
	nothing(t, h.does(alice, AskAccess{}))
	nothing(t, begin(t, Open{}).does(bob, AskAccess{}))
}

func TestDecline(t *testing.T) {
	h := begin(t, Open{Severity: 1})
	h.does(alice, AssignRole{Role: CommanderRole, To: alice})
	nothing(t, h.does(carol, DeclineHandoff{})) // nobody has asked
	h.does(alice, HandOff{To: carol})
	nothing(t, h.does(bob, DeclineHandoff{Why: "it is not mine to decline"}))
	h.refuses(alice, DeclineHandoff{}, CodeRefused, "You command INC-1. To hand it over: /incident handoff @somebody")
	c := h.does(carol, DeclineHandoff{Why: "I am on a train"})
	if kinds(c) != "handoff_declined" || h.last().Text != "carol declined command: I am on a train" || h.in.Handoff != nil {
		t.Errorf("%s: %+v", kinds(c), h.last())
	}
	if len(c.Messages) != 1 || c.Messages[0] != (Message{Kind: HandoffRefused, To: alice}) {
		t.Errorf("%+v", c.Messages)
	}
	if p, _ := h.in.Commander(); p != alice {
		t.Errorf("%s commands", p.Name)
	}
	h.does(alice, HandOff{To: bob}) // and to somebody else
	h.does(bob, AcceptHandoff{})
}

// A button stands under the offer that it came with, and answers no other.
func TestAnAnswerToAnEarlierOffer(t *testing.T) {
	h := begin(t, Open{})
	h.does(alice, AssignRole{Role: CommanderRole, To: alice})
	h.does(alice, HandOff{To: carol, Text: "until six"})
	first := h.in.Handoff.Seq
	if h.events[first-1].Kind != HandoffOffered {
		t.Fatalf("%d is %+v", first, h.events[first-1])
	}
	h.does(bob, HandOff{To: carol, Text: "for good"})
	const words = "That offer of command of INC-1 no longer stands: bob has made you another one since. To accept that one: /incident accept, and to decline it: /incident decline"
	h.refuses(carol, AcceptHandoff{Offer: first}, CodeRefused, words)
	h.refuses(carol, DeclineHandoff{Offer: first, Why: "busy"}, CodeRefused, words)
	h.refuses(bob, AcceptHandoff{Offer: first}, CodeRefused, "Command of INC-1 is not offered to you any more.")
	h.does(carol, AcceptHandoff{Offer: h.in.Handoff.Seq})
	nothing(t, h.does(carol, AcceptHandoff{Offer: first})) // she commands it
	h.does(carol, HandOff{To: bob})
	h.in.Handoff.Seq = 0 // of a store that did not keep it
	h.does(bob, AcceptHandoff{Offer: 3})
}

func TestAnOfferThatNobodyAnswers(t *testing.T) {
	h := begin(t, Open{Severity: 1})
	h.does(bob, AssignRole{Role: CommanderRole, To: bob})
	h.does(alice, HandOff{To: carol})
	h.later(9 * time.Minute)
	nothing(t, h.does(alice, Remind{}))
	h.later(2 * time.Minute)
	c := h.does(alice, Remind{})
	if len(c.Messages) != 1 || c.Messages[0].To != alice || h.last().Field("rule") != "command" || !strings.HasPrefix(h.last().Text, "carol has not answered the offer to command INC-1 for 11 minutes.") {
		t.Errorf("%+v %+v", c.Messages, h.last())
	}
	h.later(20 * time.Minute)
	for _, d := range h.in.Deadlines {
		if d.Rule == commandOffered {
			t.Errorf("she is told again: %+v", d)
		}
	}
	h.does(alice, HandOff{To: alice2, Text: "a new offer counts anew"})
	if !slices.ContainsFunc(h.in.Deadlines, func(d Deadline) bool { return d.Rule == commandOffered }) {
		t.Errorf("%+v", h.in.Deadlines)
	}
}

// alice2 is somebody else.
var alice2 = Person{ID: "slack:T1/UA2", Name: "alice too"}

func TestWorkOfAPrivateIncident(t *testing.T) {
	for _, list := range []List{Tasks, Followups} {
		h := hidden(t)
		words := "INC-1 is private and not open to bob, so a " + list.Noun() + " of it cannot be theirs. Bring them in first: /incident invite @bob"
		h.refuses(alice, AddTask{List: list, Text: "look", Assignee: bob}, CodeRefused, words)
		h.does(alice, AddTask{List: list, Text: "look", Assignee: alice})
		h.refuses(alice, AssignTask{List: list, Number: 1, To: bob}, CodeRefused, words)
		h.does(alice, Invite{People: []Person{bob}})
		h.does(alice, AssignTask{List: list, Number: 1, To: bob})
		h.does(bob, MoveTask{List: list, Number: 1, To: TaskGone, Why: "somebody else\ndid it"})
		if got := h.last(); got.Text != title(list.Noun())+" 1 was dropped: look (somebody else did it)" || got.Field("why") != "somebody else did it" {
			t.Errorf("%+v", got)
		}
	}
}

func TestNobodyIsRemindedOfWhatIsRecordedAfterwards(t *testing.T) {
	h := begin(t, Open{Severity: 1, Started: noon.Add(-100 * time.Hour), Resolved: noon.Add(-98 * time.Hour)})
	if !h.in.Backfilled || len(h.in.Deadlines) > 0 || !h.in.Times.Detected.IsZero() || h.in.Times.Durations().Detect != nil || *h.in.Times.Durations().Resolve != 2*time.Hour {
		t.Errorf("%+v", h.in)
	}
	h.does(bob, Reopen{Why: "it is back"})
	if h.in.Backfilled || len(h.in.Deadlines) == 0 {
		t.Errorf("taken up again it is %+v", h.in)
	}
}
