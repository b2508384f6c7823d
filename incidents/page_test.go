package incidents

import (
	"strings"
	"testing"
	"time"
)

// The systems of the tests.
var (
	oneKey   = Paging{Through: "pagerduty", Title: "PagerDuty", Rest: true}
	someKeys = Paging{Through: "pagerduty", Title: "PagerDuty", Services: []string{"mail", "Payments"}}
	bothKeys = Paging{Through: "pagerduty", Title: "PagerDuty", Services: []string{"mail"}, Rest: true}
	genie    = Paging{Through: "opsgenie", Title: "Opsgenie", Rest: true, Named: []string{WhomTeam, WhomEscalation, WhomSchedule, WhomPerson}}
)

// who is a [Whom] in a word.
func (w Whom) who() string { return strings.TrimSuffix(w.Through+" "+w.Kind+":"+w.Name, " :") }

func TestWhomIsMeant(t *testing.T) {
	in := Incident{Number: 7, Services: []string{"ledger"}}
	for _, c := range []struct {
		said   string
		paging []Paging
		want   string // empty: refused
		says   string
	}{
		{"checkout", []Paging{oneKey}, "pagerduty service:checkout", ""},
		{"CHECKOUT", []Paging{oneKey}, "pagerduty service:checkout", ""},
		{"whatever", []Paging{oneKey}, "pagerduty service:whatever", ""}, // there is one way, and nobody to be mistaken for
		{"PagerDuty", []Paging{oneKey}, "pagerduty", ""},
		{"@alice", []Paging{oneKey}, "", `Nobody was woken: PagerDuty cannot be asked for "@alice". Write one of: ledger, pagerduty, any service. Example: /incident page INC-7 ledger it is down. To call somebody in Slack: /incident invite INC-7 @alice @oncall`},
		{"alice@example.com", []Paging{oneKey}, "", "cannot be asked for"},
		{"team:db", []Paging{oneKey}, "", "cannot be asked for"},
		{"payments", []Paging{someKeys}, "pagerduty service:Payments", ""},
		{"service:payments", []Paging{someKeys}, "pagerduty service:Payments", ""},
		{"checkout", []Paging{someKeys}, "", "Write one of: Payments, mail. "},
		{"pagerduty", []Paging{someKeys}, "", "cannot be asked for"},
		{"ledger", []Paging{bothKeys}, "pagerduty service:ledger", ""},
		{"checkout", []Paging{bothKeys}, "pagerduty service:checkout", ""},
		{"chekout", []Paging{bothKeys}, "", "Write one of: ledger, mail, pagerduty. "},
		{"checkout", []Paging{genie}, "opsgenie service:checkout", ""},
		{"alice@example.com", []Paging{genie}, "opsgenie person:alice@example.com", ""},
		{"user:alice", []Paging{genie}, "opsgenie person:alice", ""},
		{"team:Site Reliability", []Paging{genie}, "opsgenie team:Site Reliability", ""},
		{`escalation:"db"`, []Paging{genie}, "opsgenie escalation:db", ""},
		{"Schedule:night", []Paging{genie}, "opsgenie schedule:night", ""},
		{"opsgenie", []Paging{genie}, "opsgenie", ""},
		{"db", []Paging{genie}, "", "team:NAME, escalation:NAME, schedule:NAME, an e-mail address"},
		{"team:", []Paging{genie}, "", "cannot be asked for"},
		{"mail", []Paging{genie, bothKeys}, "pagerduty service:mail", ""},
		{"pagerduty", []Paging{genie, bothKeys}, "pagerduty", ""},
		{"team:db", []Paging{bothKeys, genie}, "opsgenie team:db", ""},
		{"nobody", []Paging{bothKeys, genie}, "", "PagerDuty or Opsgenie cannot be asked"},
		{strings.Repeat("x", 200), []Paging{oneKey}, "", "more than 80 characters"},
		{"checkout", nil, "", "Nobody was woken: no paging integration is configured."},
	} {
		r := policy()
		r.Paging = c.paging
		whom, err := r.Whom(in, c.said)
		if c.want == "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%q: %+v, %v", c.said, whom, err)
		}
		if c.want != "" && (err != nil || whom.who() != c.want) {
			t.Errorf("%q is %q, %v; not %q", c.said, whom.who(), err, c.want)
		}
		if unknown := c.said == "whatever"; whom.Rest != unknown || unknown && whom.String() != "whoever is on call (whatever has no way of its own)" {
			t.Errorf("%q is %s, by the way for the rest: %v", c.said, whom, whom.Rest)
		}
	}
}

func paged(t *testing.T, o Open) *history {
	t.Helper()
	h := begin(t, o)
	h.rules.Paging = []Paging{oneKey}
	return h
}

func TestAPageFromWantedToOver(t *testing.T) {
	h := paged(t, Open{Severity: 1})
	c := h.does(bob, Wake{Who: "checkout", Text: "ten minutes\nalready"})
	if len(c.Messages) != 1 || c.Messages[0] != (Message{Kind: PageDue, Event: 0, To: Fireboss.Person()}) || h.last().Kind != PageRequested ||
		h.last().Text != "Wants whoever is on call for checkout woken through PagerDuty: ten minutes already" {
		t.Fatalf("%+v %+v", c.Events, c.Messages)
	}
	p, ok := h.in.PageOf(h.last().Seq)
	if !ok || p.Key != "fireboss:INC-1:page-"+h.last().Field("key")[len("fireboss:INC-1:page-"):] || p.By != bob || p.State != PageWanted || p.Key != h.last().Field("key") {
		t.Fatalf("%+v", p)
	}
	if n, ours := ParsePageKey(p.Key); n != 1 || !ours {
		t.Errorf("the key is of %s", n)
	}
	h.later(time.Minute)
	c = h.does(Fireboss.Person(), PageLate{Key: p.Key, Why: "PagerDuty is out of order (HTTP 500)", Until: h.at.Add(time.Hour)})
	if h.last().Text != "Not woken yet is whoever is on call for checkout: PagerDuty is out of order (HTTP 500). It is tried again until 2026-11-20 13:01 UTC" || len(c.Messages) != 1 || c.Messages[0].Kind != PageTrouble || c.Messages[0].To != bob {
		t.Errorf("%+v %+v", c.Events, c.Messages)
	}
	nothing(t, h.does(Fireboss.Person(), PageLate{Key: p.Key, Why: "again"}))
	h.does(Fireboss.Person(), PageOutcome{Key: p.Key, State: PageAccepted, ID: "x"})
	if h.last().Text != "Paged whoever is on call for checkout through PagerDuty" || h.last().Field("outcome") != "accepted" || h.last().Kind != Paged {
		t.Errorf("%+v", h.last())
	}
	nothing(t, h.does(Fireboss.Person(), PageOutcome{Key: p.Key, State: PageAccepted}))
	nothing(t, h.does(Fireboss.Person(), PageOutcome{Key: p.Key, State: PageFailed, Why: "x"}))
	nothing(t, h.does(Fireboss.Person(), PageLate{Key: p.Key}))

	// Who acknowledges there acknowledges here; it is not told there once more.
	c = h.does(Fireboss.Person(), PageAnswered{Key: p.Key, State: PageAcknowledged, By: "Dan", At: h.at})
	if h.last().Kind != Acknowledged || h.last().Text != "Acknowledged by Dan in PagerDuty" || h.in.Times.Acknowledged.IsZero() || len(c.Messages) != 0 {
		t.Errorf("%+v %+v", c.Events, c.Messages)
	}
	nothing(t, h.does(Fireboss.Person(), PageAnswered{Key: p.Key, State: PageAcknowledged, By: "Dan"}))
	c = h.does(bob, Resolve{})
	if len(c.Messages) == 0 || c.Messages[len(c.Messages)-1].Kind != PageAnswerDue || h.in.Pages[0].Answer(h.in) != PageOver {
		t.Errorf("%+v", c.Messages)
	}
	c = h.does(Fireboss.Person(), PageOutcome{Key: p.Key, State: PageOver})
	if h.last().Text != "The page to whoever is on call for checkout is resolved in PagerDuty, as INC-1 is" || len(c.Messages) != 0 {
		t.Errorf("%+v %+v", c.Events, c.Messages)
	}
	nothing(t, h.does(Fireboss.Person(), PageAnswered{Key: p.Key, State: PageOver}))
	nothing(t, h.does(Fireboss.Person(), PageAnswered{Key: "fireboss:INC-1:another", State: PageOver}))
	h.refuses(bob, Wake{Who: "@alice"}, CodeRefused, "cannot be asked")
}

// What is acknowledged or over here is so there, but not what was wanted after that.
func TestPagesAreAnswered(t *testing.T) {
	h := paged(t, Open{Severity: 1})
	h.does(bob, Wake{Who: "checkout"})
	first := h.in.Pages[0].Key
	h.does(Fireboss.Person(), PageOutcome{Key: first, State: PageAccepted})
	h.later(time.Minute)
	if c := h.does(bob, Acknowledge{}); len(c.Messages) != 1 || c.Messages[0].Kind != PageAnswerDue {
		t.Errorf("%+v", c.Messages)
	}
	h.later(time.Minute)
	h.does(bob, Wake{Who: "checkout"})
	h.does(Fireboss.Person(), PageOutcome{Key: h.in.Pages[1].Key, State: PageAccepted})
	if h.in.Pages[0].Answer(h.in) != PageAcknowledged || h.in.Pages[1].Answer(h.in) != "" {
		t.Errorf("%+v", h.in.Pages)
	}
	// Resolved there, it is only written down: the incident goes on.
	c := h.does(Fireboss.Person(), PageAnswered{Key: first, State: PageOver, By: " Dan\n", At: noon.Add(-time.Hour)})
	if h.last().Text != "The page to whoever is on call for checkout was resolved by Dan in PagerDuty" || !h.last().At.Equal(h.at) || !h.in.Status.Open() || len(c.Messages) != 0 {
		t.Errorf("%+v %+v", c.Events, c.Messages)
	}
	// What was accepted only after the end is ended.
	h.does(bob, Wake{Who: "checkout"})
	h.does(bob, Resolve{})
	if c := h.does(Fireboss.Person(), PageOutcome{Key: h.in.Pages[2].Key, State: PageAccepted}); len(c.Messages) != 1 || c.Messages[0].Kind != PageAnswerDue {
		t.Errorf("%+v", c.Messages)
	}
}

func TestAPageThatFails(t *testing.T) {
	h := paged(t, Open{Severity: 1})
	h.does(bob, Wake{Who: "checkout"})
	c := h.does(Fireboss.Person(), PageOutcome{Key: h.in.Pages[0].Key, State: PageFailed, Why: "PagerDuty does not take the key (HTTP 403)"})
	if h.last().Text != "Nobody was woken: PagerDuty does not take the key (HTTP 403). It was to be whoever is on call for checkout." || len(c.Messages) != 1 || c.Messages[0].To != bob || c.Messages[0].Kind != PageTrouble {
		t.Errorf("%+v %+v", c.Events, c.Messages)
	}
	nothing(t, h.does(Fireboss.Person(), PageOutcome{Key: h.in.Pages[0].Key, State: PageAccepted}))
	nothing(t, h.does(Fireboss.Person(), PageAnswered{Key: h.in.Pages[0].Key, State: PageAcknowledged}))
	h.does(bob, Wake{Who: "checkout"})
	if c := h.does(Fireboss.Person(), PageOutcome{Key: h.in.Pages[1].Key, State: PageFailed, Why: "INC-1 is resolved", Needless: true}); len(c.Messages) != 0 || len(c.Events) != 1 {
		t.Errorf("%+v", c)
	}
}

// The last step of the ladder wakes whoever is on call, once while they are being woken.
func TestTheLadderEndsWithAPage(t *testing.T) {
	for name, c := range map[string]struct {
		open   Open
		paging []Paging
		pages  string // keys and whom, with commas
		said   int    // how often people hear that nobody was woken
		words  string
	}{
		"a service of the incident": {Open{Severity: 1, Services: []string{"mail", "checkout"}}, []Paging{oneKey}, "fireboss:INC-1:commander pagerduty service:mail", 0, ""},
		"one with a key of its own": {Open{Severity: 2, Services: []string{"checkout", "mail"}}, []Paging{bothKeys}, "fireboss:INC-1:acknowledge pagerduty service:mail", 0, ""},
		"no service":                {Open{Severity: 1}, []Paging{genie}, "fireboss:INC-1:commander opsgenie", 0, ""},
		"no way":                    {Open{Severity: 1}, []Paging{someKeys}, "", 1, "no paging integration has a way to the services of INC-1"},
		"no paging":                 {Open{Severity: 1}, nil, "", 1, NobodyWoken},
		"it is not grave":           {Open{Severity: 3}, []Paging{oneKey}, "", 0, ""},
		"a drill":                   {Open{Severity: 1, Drill: true}, []Paging{oneKey}, "", 0, ""},
	} {
		h := begin(t, c.open)
		h.rules.Paging = c.paging
		h.lets(50*time.Minute, Remind{OnCall: []Person{bob}})
		var pages []string
		for _, p := range h.in.Pages {
			pages = append(pages, p.Key+" "+p.Whom.who())
			if e := h.events[p.Seq-1]; e.Kind != ReminderSent || e.Field("to") != "page" || e.Field("key") != p.Key || p.By != alice {
				t.Errorf("%s: %+v", name, e)
			}
		}
		said := 0
		for _, e := range h.events {
			if e.Kind == ReminderSent && strings.Contains(e.Text, "Nobody was woken") {
				said++
				if !strings.Contains(e.Text, c.words) {
					t.Errorf("%s: %s", name, e.Text)
				}
			}
		}
		if got := strings.Join(pages, ","); got != c.pages || said != c.said {
			t.Errorf("%s: %q, and it is said %d times", name, got, said)
		}
	}
}

func TestAPageThatNobodyNeedsAnyMore(t *testing.T) {
	acknowledged := Incident{Number: 1, Status: Triage, Times: Times{Acknowledged: noon}}
	led := Incident{Number: 1, Status: Triage, Roles: map[string]Person{CommanderRole: alice}}
	for _, c := range []struct {
		rule string
		in   Incident
		want string
	}{
		{ruleAcknowledge, acknowledged, "INC-1 is acknowledged"}, {ruleCommander, acknowledged, ""}, {"", acknowledged, ""},
		{ruleCommander, led, "somebody commands INC-1"}, {ruleAcknowledge, led, ""}, {"", led, ""},
		{"", Incident{Number: 1, Status: Resolved}, "INC-1 is resolved"},
	} {
		if got := (Page{Rule: c.rule}).Needless(c.in); got != c.want {
			t.Errorf("%q: %q, not %q", c.rule, got, c.want)
		}
	}
}
