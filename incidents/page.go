package incidents

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// PagePrefix is how the key begins of everything that Fireboss makes in an outside system to wake somebody.
const PagePrefix = "fireboss:"

// Paging is an outside system that wakes people, and whom it can be asked for.
type Paging struct {
	Through  string   // the integration's name: "pagerduty"
	Title    string   // what people call it: "PagerDuty"
	Services []string // those that have a way of their own
	Rest     bool     // there is a way for everything else
	Named    []string // the sorts of [Whom] that it finds by their names
}

// The sorts of people who can be woken.
const (
	WhomOnCall     = "" // whoever is on call, by the way for everything else
	WhomService    = "service"
	WhomTeam       = "team"
	WhomEscalation = "escalation"
	WhomSchedule   = "schedule"
	WhomPerson     = "person" // by their e-mail address
)

// Whom is who is to be woken, as an outside system is asked for them.
type Whom struct {
	Through string `json:"through"`        // the integration's name
	Title   string `json:"title"`          // what people call it
	Kind    string `json:"kind,omitempty"` // a sort
	Name    string `json:"name,omitempty"`
	Rest    bool   `json:"rest,omitempty"` // it is by the way for everything else, since nobody knows a service of that name
}

// String is who that is, in a sentence.
func (w Whom) String() string {
	switch w.Kind {
	case WhomOnCall:
		return "whoever is on call"
	case WhomService:
		if w.Rest {
			return "whoever is on call (" + w.Name + " has no way of its own)"
		}
		return "whoever is on call for " + w.Name
	case WhomSchedule:
		return "whoever is on call by the schedule " + w.Name
	case WhomPerson:
		return w.Name
	}
	return "the " + w.Kind + " " + w.Name
}

// PageState is how far a page has come. It only moves on.
type PageState string

// The states of a page, in their order.
const (
	PageWanted       PageState = "wanted"   // the other side has not accepted it yet
	PageAccepted     PageState = "accepted" // somebody is being woken
	PageAcknowledged PageState = "acknowledged"
	PageOver         PageState = "resolved"
	PageFailed       PageState = "failed" // nobody was woken
)

// Page is somebody who is to be woken.
type Page struct {
	Key   string    `json:"key"`            // by which the other side knows it
	Rule  string    `json:"rule,omitempty"` // of the clock; empty: somebody asked for it
	Whom  Whom      `json:"whom"`
	By    Person    `json:"by,omitzero"` // who is told where it fails
	At    time.Time `json:"at"`
	Seq   uint64    `json:"seq"` // of the event that wants it
	State PageState `json:"state"`
	Late  bool      `json:"late,omitempty"` // it was said that it was not accepted in time
}

// open reports whether somebody is being woken, or about to be.
func (p Page) open() bool { return p.State == PageWanted || p.State == PageAccepted }

// Needless says why nobody needs to be woken any more; empty: somebody does.
func (p Page) Needless(in Incident) string {
	_, led := in.Commander()
	switch {
	case in.Status.Ended():
		return fmt.Sprintf("%s is %s", in.Number, in.Status)
	case p.Rule == ruleAcknowledge && !in.Times.Acknowledged.IsZero():
		return fmt.Sprintf("%s is acknowledged", in.Number)
	case p.Rule == ruleCommander && led:
		return fmt.Sprintf("somebody commands %s", in.Number)
	}
	return ""
}

// Answer is what the other side is to be told of a page that it has accepted, as the incident stands now: that it is
// acknowledged or over; empty: nothing. What was wanted after the incident was acknowledged is not acknowledged by that.
func (p Page) Answer(in Incident) PageState {
	acknowledged := in.Times.Acknowledged
	switch {
	case p.State != PageAccepted && p.State != PageAcknowledged:
		return ""
	case in.Status.Ended():
		return PageOver
	case p.State == PageAccepted && !acknowledged.IsZero() && !p.At.After(acknowledged):
		return PageAcknowledged
	}
	return ""
}

// Says is what somebody who is woken by the clock is told first.
func (p Page) Says() string {
	switch p.Rule {
	case ruleAcknowledge:
		return "nobody has acknowledged it"
	case ruleCommander:
		return "nobody commands it"
	}
	return ""
}

// PageOf is the page that an event of the incident wants.
func (in Incident) PageOf(seq uint64) (Page, bool) {
	i := slices.IndexFunc(in.Pages, func(p Page) bool { return p.Seq == seq })
	if i < 0 {
		return Page{}, false
	}
	return in.Pages[i], true
}

// ParsePageKey is the incident that a page is about, by its key.
func ParsePageKey(key string) (Number, bool) {
	rest, ours := strings.CutPrefix(key, PagePrefix)
	number, _, reason := strings.Cut(rest, ":")
	n, err := ParseNumber(number)
	return n, ours && reason && err == nil
}

// Wake wakes somebody.
type Wake struct {
	Who  string
	Text string // what they are told
}

const (
	pageVerb  = "page"
	pagedVerb = "paged"
)

// Verb is the row in [Lifecycle].
func (Wake) Verb() string { return pageVerb }

func (w Wake) decide(d *decision) error {
	whom, err := d.rules.Whom(d.in, w.Who)
	if err != nil {
		return err
	}
	text, err := d.reason(w.Text)
	if err != nil {
		return err
	}
	if len(d.in.Pages) >= maxList {
		return Refused("%s has woken people %d times already; that is all it can. To call somebody in Slack: %s", d.in.Number, maxList, d.say("invite", "@alice @oncall"))
	}
	by := Person{}
	if d.cmd.Actor.Kind == User {
		by = d.cmd.Actor.Person()
	}
	d.want(whom, by, text)
	return nil
}

// want has somebody woken; by is who is told where that fails.
func (d *decision) want(whom Whom, by Person, text string) {
	key := fmt.Sprintf("%s%s:page-%d", PagePrefix, d.in.Number, d.nextSeq())
	d.in.Pages = append(d.in.Pages, Page{Key: key, Whom: whom, By: by, At: d.now, Seq: d.nextSeq(), State: PageWanted})
	d.event(PageRequested, because("Wants "+whom.String()+" woken through "+whom.Title, text), append(whom.data(), "key", key, "text", text)...)
	d.tell(PageDue, Fireboss.Person())
}

func (w Whom) data() []any { return []any{"through", w.Through, "kind", w.Kind, "who", w.Name} }

// wake has the clock wake somebody about a rule. It is nil where nobody is to be woken: in a drill, for what is
// less severe than sev2, where somebody is being woken already, or where there is no way to anybody; why is then the reason, if people should hear of it.
func (d *decision) wake(rule string) (page *Page, why string) {
	ringing := func(p Page) bool { return p.Rule != "" && p.open() }
	if d.in.Drill || d.in.Severity > 2 || slices.ContainsFunc(d.in.Pages, ringing) || len(d.in.Pages) >= maxList {
		return nil, ""
	}
	if len(d.rules.Paging) == 0 {
		return nil, NobodyWoken
	}
	whom, ok := d.rules.onCall(d.in)
	if !ok {
		return nil, "Nobody was woken: no paging integration has a way to the services of " + d.in.Number.String() + "."
	}
	key := fmt.Sprintf("%s%s:%s", PagePrefix, d.in.Number, rule)
	if n := 1 + len(slices.DeleteFunc(slices.Clone(d.in.Pages), func(p Page) bool { return p.Rule != rule })); n > 1 {
		key += fmt.Sprintf("-%d", n) // the one before was acknowledged or is over, and wakes nobody again
	}
	by, _ := d.responsible()
	return &Page{Key: key, Rule: rule, Whom: whom, By: by, At: d.now, State: PageWanted}, ""
}

// NobodyWoken is what people are told where nothing outside can wake anybody.
const NobodyWoken = "Nobody was woken: no paging integration is configured."

// answerPages has the other side told where what has happened answers a page.
func (d *decision) answerPages(was Incident) {
	acknowledged := was.Times.Acknowledged.IsZero() && !d.in.Times.Acknowledged.IsZero()
	ended := !was.Status.Ended() && d.in.Status.Ended()
	if !acknowledged && !ended {
		return
	}
	if slices.ContainsFunc(d.in.Pages, func(p Page) bool { return p.Answer(d.in) != "" }) {
		d.tell(PageAnswerDue, Fireboss.Person())
	}
}
