package commands

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fireboss/incidents"
)

// secret is a world in which alice keeps INC-1 private, and there is no INC-2.
func secret(t *testing.T) *world {
	w := newWorld(t)
	w.does("alice", "open private sev1 laptop stolen")
	return w
}

func TestPrivateAndMissingAnswerAlike(t *testing.T) {
	w := secret(t)
	was := w.incident(1)
	for _, v := range verbs {
		if !v.about || v.Name == "access" {
			continue
		}
		for _, example := range v.Examples {
			_, args := cut(example)
			if v.Name == "show" {
				args = ""
			}
			private, missing := w.says("bob", v.Name+" INC-1 "+args), w.says("bob", v.Name+" INC-2 "+args)
			private.Text = strings.ReplaceAll(private.Text, "INC-1", "INC-2")
			for i, c := range private.Choices {
				private.Choices[i].Command = strings.ReplaceAll(c.Command, "INC-1", "INC-2")
			}
			if !reflect.DeepEqual(private, missing) {
				t.Errorf("%s %s:\n private %+v\n missing %+v", v.Name, args, private, missing)
			}
		}
	}
	if now := w.incident(1); !reflect.DeepEqual(now, was) {
		t.Errorf("bob changed it: %+v", now)
	}
}

// Whatever is wrong with what somebody says: of what is not open to them they
// hear one thing.
func TestNoMistakeTellsMoreThanNotFound(t *testing.T) {
	w := secret(t)
	for _, v := range verbs {
		if !v.about || v.Name == "access" {
			continue
		}
		for _, args := range []string{"", "zz", "x y z", "9", "add", "add x @zed", "done", "start zz", "at 25:00 x", "lunch 12:00", "--draft", "x next 0m", "@zed"} {
			for _, n := range []string{"INC-1", "INC-2"} {
				r := w.says("bob", v.Name+" "+n+" "+args)
				want := Reply{Text: n + " does not exist or is not open to you.", Refused: incidents.CodeNotFound, Choices: []Choice{{Label: "Ask for access", Command: "access " + n}}}
				if !reflect.DeepEqual(r, want) {
					t.Errorf("%s %s %s: %+v", v.Name, n, args, r)
				}
			}
		}
	}
	if r := w.says("bob", "sev INC-1 help"); r.Refused != "" || r.Incident != nil {
		t.Errorf("help is everybody's: %+v", r)
	}
	if r := w.says("alice", "sev INC-1 zz"); r.Refused != incidents.CodeInvalid {
		t.Errorf("%+v", r)
	}
}

func TestPrivateShowsInNoList(t *testing.T) {
	w := secret(t)
	for _, said := range []string{"list", "list all", "list sev1", "list laptop", "search laptop", "search stolen", "search INC-1"} {
		r := w.does("bob", said)
		if len(r.Lines) > 0 || r.Incident != nil || !strings.HasPrefix(r.Text, "There is no ") {
			t.Errorf("%q: %+v", said, r)
		}
		if r := w.does("alice", said); len(r.Lines) != 1 {
			t.Errorf("alice says %q: %+v", said, r)
		}
	}
	w.here = 1
	if r := w.says("bob", ""); r.Refused != incidents.CodeNotFound || r.Incident != nil || r.Card {
		t.Errorf("%+v", r)
	}
}

// Nor does it show in what somebody fills in, or in their home, whatever they had to
// do with it before.
func TestPrivateShowsInNoFormAndNoHome(t *testing.T) {
	w := secret(t)
	source := &incidents.Source{URL: "https://example.slack.com/archives/C1/p1", Text: "my bag is gone", Author: inhabitants["dave"], At: noon}
	r := w.request("alice", "open private laptop gone")
	r.Source = source
	w.desk.Handle(t.Context(), r)
	for _, text := range []string{
		"service INC-1 add checkout", "invite INC-1 @bob", "task INC-1 add look for the laptop @bob", "followup INC-1 add lock every laptop @bob", "resolve INC-1", "close INC-1", "open lights are out",
	} {
		w.does("alice", text)
	}
	w.does("bob", "leave INC-1")
	for _, who := range []string{"alice", "bob"} {
		sees := who == "alice"
		open, merge := w.request(who, "open"), w.request(who, "merge INC-3")
		open.Source, open.Redraw, open.Values = source, true, map[string][]string{"services": {"checkout"}}
		home, err := w.desk.Home(t.Context(), w.request(who, ""))
		if err != nil {
			t.Fatal(err)
		}
		for what, shown := range map[string]any{"form": w.desk.Handle(t.Context(), open).Form.Notes, "merge": w.desk.Handle(t.Context(), merge).Form, "home": home} {
			if got := fmt.Sprintf("%+v", shown); strings.Contains(got, "laptop") != sees {
				t.Errorf("the %s shows %s %s", what, who, got)
			}
		}
	}
}

// A home shows what is still to be done of what is over, to those who do it.
func TestHomeShowsWorkOfWhatIsOver(t *testing.T) {
	w := newWorld(t)
	for _, text := range []string{"open slow", "followup INC-1 add write an alert @bob", "followup INC-1 add buy disks @carol", "resolve INC-1", "close INC-1"} {
		w.does("alice", text)
	}
	home := func() string {
		home, err := w.desk.Home(t.Context(), w.request("bob", ""))
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%+v", home)
	}
	if got := home(); strings.Count(got, "write an alert") != 1 || strings.Contains(got, "buy disks") {
		t.Error(got)
	}
	w.does("bob", "followup INC-1 done 1")
	if got := home(); strings.Contains(got, "write an alert") {
		t.Error(got)
	}
}

func TestAnAdminTokenSeesPrivateOnes(t *testing.T) {
	w := secret(t)
	req := w.request("bob", "show INC-1")
	req.Actor = incidents.Actor{Kind: incidents.Integration, ID: "token:ops", Name: "ops", Admin: true}
	if r := w.desk.Handle(t.Context(), req); r.Incident == nil {
		t.Error(r.Text)
	}
	req.Actor.Admin = false
	if r := w.desk.Handle(t.Context(), req); r.Incident != nil || r.Refused != incidents.CodeNotFound {
		t.Error(r.Text)
	}
}

func TestAskForAccess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := secret(t)
		var took [2]time.Duration
		for i, n := range []string{"INC-1", "INC-2"} {
			began := time.Now()
			r := w.says("bob", "access "+n)
			took[i] = time.Since(began)
			if want := (Reply{Text: "If " + n + " exists, those who run it have been asked."}); !reflect.DeepEqual(r, want) {
				t.Errorf("%+v", r)
			}
		}
		if took[0] != took[1] || took[0] < accessPause {
			t.Errorf("it took %v", took)
		}
		messages, err := w.store.Outgoing(t.Context())
		if err != nil || len(messages) != 1 || messages[0].Kind != incidents.AccessRequest || messages[0].To.ID != inhabitants["alice"].ID {
			t.Errorf("%+v, %v", messages, err)
		}
		if got := w.does("alice", "access INC-1").Text; got != "INC-1 is open to you: /incident show INC-1" {
			t.Error(got)
		}
	})
}

func TestAskForAccessOfAStoreThatCannotWrite(t *testing.T) {
	w := secret(t)
	w.store.fail = errDisk
	a, b := w.says("bob", "access INC-1"), w.says("bob", "access INC-2")
	if a.Fault == nil || b.Fault == nil {
		t.Errorf("%+v %+v", a, b)
	}
}

func TestAskForAccessOfAStoreThatCanRead(t *testing.T) {
	w := secret(t)
	w.desk.Store = unwritable{w.store}
	if a, b := w.says("bob", "access INC-1"), w.says("bob", "access INC-2"); a.Fault == nil || b.Fault == nil {
		t.Errorf("%+v %+v", a, b)
	}
}

// unwritable is a store with a full disk: a command that would be refused
// anyway does not notice.
type unwritable struct{ *shaky }

func (unwritable) Writable(context.Context) error { return errDisk }

func TestWhoLeavesAPrivateIncidentSeesNoMoreOfIt(t *testing.T) {
	w := secret(t)
	w.does("alice", "invite INC-1 @bob")
	if r := w.does("bob", "show INC-1"); r.Incident == nil {
		t.Error(r.Text)
	}
	r := w.does("bob", "leave INC-1")
	if r.Incident != nil || len(r.Events) > 0 || r.Text != "You are no longer a responder of INC-1." {
		t.Errorf("%+v", r)
	}
	if r := w.says("bob", "show INC-1"); r.Refused != incidents.CodeNotFound {
		t.Error(r.Text)
	}
}

func TestATypeThatIsPrivate(t *testing.T) {
	w := newWorld(t)
	w.does("alice", "open private x")
	w.does("alice", "type INC-1 security")
	if r := w.says("bob", "show INC-1"); r.Refused != incidents.CodeNotFound {
		t.Error(r.Text)
	}
}

func TestPrivateAndPublic(t *testing.T) {
	w := newWorld(t)
	w.does("alice", "open sev1 checkout is down")
	w.here = 1
	r := w.does("bob", "private customer data is in the logs")
	if want := "INC-1 is private now. A private channel is made for 2 responders to go on in. " + incidents.StaysReadable; r.Text != want {
		t.Errorf("%s", r.Text)
	}
	if in := w.incident(1); !in.Private || !in.VisibleTo(inhabitants["bob"].Actor()) {
		t.Errorf("%+v", in)
	}
	if r := w.does("bob", "private again"); r.Text != "INC-1 is private already. Your words were not kept; to keep them: /incident note again" {
		t.Error(r.Text)
	}
	w.here = 0
	if r := w.says("carol", "public INC-1 confirm"); r.Refused != incidents.CodeNotFound {
		t.Errorf("%+v", r)
	}
	r = w.does("alice", "public INC-1 they know")
	if len(r.Choices) != 1 || r.Choices[0] != (Choice{Label: "Make it public", Command: "public INC-1 confirm they know"}) || len(r.Events) > 0 || !w.incident(1).Private {
		t.Errorf("%+v", r)
	}
	if len(r.Lines) != 3 || !strings.Contains(r.Lines[1].Text, `its title ("checkout is down"), its summary, who did what, and its timeline of 3 events, among them 0 messages`) {
		t.Errorf("%+v", r.Lines)
	}
	if r := w.does("alice", r.Choices[0].Command); !strings.HasPrefix(r.Text, "INC-1 is public now, and is announced.") || w.incident(1).Private {
		t.Error(r.Text)
	}
	for _, said := range []string{"public INC-1", "public INC-1 confirm"} {
		if r := w.does("carol", said); r.Text != "INC-1 is public already." {
			t.Error(r.Text)
		}
	}
}

func TestTLP(t *testing.T) {
	w := newWorld(t)
	w.does("alice", "open x")
	w.here = 1
	for said, want := range map[string]string{
		"tlp":           "INC-1 is TLP:AMBER. To change that: /incident tlp red",
		"tlp amber":     "INC-1 is TLP:AMBER: its text may travel within the organisation and its clients, as far as they need it.",
		"tlp TLP:Amber": "INC-1 is TLP:AMBER: its text may travel within the organisation and its clients, as far as they need it.",
	} {
		if r := w.does("bob", said); r.Text != want {
			t.Errorf("%s: %s", said, r.Text)
		}
	}
	if r := w.does("bob", "tlp red"); r.Text != "INC-1 is now TLP:RED: its text may travel to those who have it, and nobody else." || w.incident(1).TLP != "RED" {
		t.Error(r.Text)
	}
}

func TestAccessIsApprovedAndDenied(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := secret(t)
		ask := func(who string) { w.t.Helper(); w.does(who, "access INC-1") }
		ask("bob")
		ask("carol")
		for _, l := range []line{
			{"alice", "access INC-1 approve @bob", "bob can see INC-1 now, and is invited to its channel."},
			{"alice", "access INC-1 approve @bob", "bob can see INC-1 already."},
			{"bob", "access INC-1 deny @carol", "carol was not let into INC-1. They hear nothing of it, and can ask again in a day."},
			{"alice", "access INC-1 deny @carol", "The request of carol was denied already."},
			{"alice", "access INC-1 deny @bob", "bob can see INC-1 already. Who is to see it no more has to leave its channel, or be removed from it in Slack."},
		} {
			if got := w.does(l.who, l.said).Text; got != l.answer {
				t.Errorf("%s: %s", l.said, got)
			}
		}
		for said, want := range map[string]string{
			"access INC-1 approve @carol": "The request of carol was denied before. To bring them in all the same: /incident invite INC-1 @carol",
			"access INC-1 approve @dave":  "dave does not wait to be let into INC-1. To bring them in: /incident invite INC-1 @dave",
			"access INC-1 approve":        "Whom? One person at a time. Example: /incident access INC-1 approve @bob",
			"access INC-1 approve @a @b":  "Whom? One person at a time. Example: /incident access INC-1 approve @bob",
			"access INC-1 let @dave in":   `I did not understand "let @dave in". To let somebody in who asks: /incident access INC-1 approve @bob`,
		} {
			if r := w.says("alice", said); r.Refused == "" || r.Text != want {
				t.Errorf("%s: %s", said, r.Text)
			}
		}
		ask("dave")
		w.does("alice", "close INC-1")
		if got := w.does("alice", "access INC-1 approve @dave").Text; got != "dave can see INC-1 now. It is closed, so there is little left to do in it." {
			t.Error(got)
		}
		w.does("alice", "public INC-1 confirm")
		for said, want := range map[string]string{
			"access INC-1 approve @carol": "INC-1 is public now, so everybody can see it.",
			"access INC-1 deny @carol":    "INC-1 is public now, so everybody can see it; there is nothing to deny.",
		} {
			if got := w.does("alice", said).Text; got != want {
				t.Error(got)
			}
		}
	})
}

// Whoever may not see an incident can answer nobody's request, nor learn of any.
func TestRequestsAreAnsweredFromWithin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := secret(t)
		w.does("bob", "access INC-1")
		for _, args := range []string{"approve @bob", "deny @bob", "approve @carol", "approve @zed", "approve", "zz"} {
			for _, n := range []string{"INC-1", "INC-2"} {
				r := w.says("bob", "access "+n+" "+args)
				want := Reply{Text: n + " does not exist or is not open to you.", Refused: incidents.CodeNotFound, Choices: []Choice{{Label: "Ask for access", Command: "access " + n}}}
				if !reflect.DeepEqual(r, want) {
					t.Errorf("access %s %s: %+v", n, args, r)
				}
			}
		}
	})
}
