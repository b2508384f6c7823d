package incidents

import (
	"fmt"
	"slices"
	"time"
)

// PageOutcome says what has become of a page by what we did: it was accepted, is acknowledged or over there, or nobody was
// woken. What it says of a page that is that far already changes nothing.
type PageOutcome struct {
	Key   string
	State PageState
	ID    string // of what was made there; may be empty
	Why   string // it failed, or says less than it could: a sentence without its dot
	// Needless says that it failed because nobody needs to be woken any more, of which nobody is told.
	Needless bool
}

// PageLate says that a page was not accepted within a minute, and is tried further.
type PageLate struct {
	Key   string
	Why   string
	Until time.Time // when it is given up
}

// PageAnswered says that somebody there has acknowledged or ended a page.
type PageAnswered struct {
	Key   string
	State PageState // [PageAcknowledged] or [PageOver]
	By    string    // their name there; may be empty
	At    time.Time
}

// Verb is the row in [Lifecycle].
func (PageOutcome) Verb() string { return pagedVerb }

// Verb is the row in [Lifecycle].
func (PageLate) Verb() string { return pagedVerb }

// Verb is the row in [Lifecycle].
func (PageAnswered) Verb() string { return pagedVerb }

// pageStates are the states in their order; a page goes no way back.
var pageStates = []PageState{PageWanted, PageAccepted, PageAcknowledged, PageOver, PageFailed}

// page is the page of that key that is not that far yet.
func (d *decision) page(key string, to PageState) *Page {
	for i := range d.in.Pages {
		if p := &d.in.Pages[i]; p.Key == key && slices.Index(pageStates, p.State) < slices.Index(pageStates, to) {
			return p
		}
	}
	return nil
}

func (p *Page) event(d *decision, outcome, text string, more ...any) {
	data := append(p.Whom.data(), "key", p.Key, "rule", p.Rule, "outcome", outcome, "request", p.Seq)
	d.event(Paged, text, append(data, more...)...)
}

func (o PageOutcome) decide(d *decision) error {
	p := d.page(o.Key, o.State)
	if p == nil || o.State == PageFailed && p.State != PageWanted {
		return nil
	}
	p.State = o.State
	whom, there := p.Whom.String(), p.Whom.Title
	switch o.State {
	case PageFailed:
		outcome := "failed"
		if o.Needless {
			outcome = "needless"
		}
		text := "Nobody was woken: " + o.Why + "."
		if !o.Needless {
			text += " It was to be " + whom + "."
		}
		p.event(d, outcome, text, "why", o.Why)
		d.troubled(p, o.Needless)
	case PageAccepted:
		text := "Paged " + whom + " through " + there
		if o.Why != "" {
			text += ". " + o.Why
		}
		p.event(d, "accepted", text, "id", o.ID, "why", o.Why)
		if p.Answer(d.in) != "" { // it was answered while it was under way
			d.tell(PageAnswerDue, Fireboss.Person())
		}
	default:
		p.event(d, string(o.State), fmt.Sprintf("The page to %s is %s in %s, as %s is", whom, o.State, there, d.in.Number))
	}
	return nil
}

func (l PageLate) decide(d *decision) error {
	p := d.page(l.Key, PageAccepted)
	if p == nil || p.Late {
		return nil
	}
	p.Late = true
	p.event(d, "late", fmt.Sprintf("Not woken yet is %s: %s. It is tried again until %s", p.Whom, l.Why, told(l.Until)), "why", l.Why, "until", stamp(l.Until))
	d.troubled(p, false)
	return nil
}

// troubled tells whoever wanted somebody woken that nobody is; the channel, where that was a rule of alerts and nobody is
// responsible yet.
func (d *decision) troubled(p *Page, needless bool) {
	switch said := d.out.Events[len(d.out.Events)-1].Text; {
	case needless:
	case p.By.ID != "":
		d.tell(PageTrouble, p.By)
	case p.Rule == "":
		d.event(NoteAdded, said, "outcome", "unwoken", "key", p.Key)
	}
}

func (a PageAnswered) decide(d *decision) error {
	p := d.page(a.Key, a.State)
	if p == nil || p.State == PageFailed || a.State != PageAcknowledged && a.State != PageOver {
		return nil
	}
	at := a.At
	if at.IsZero() || inFuture(at, d.now) || longAgo(at) || at.Before(p.At) {
		at = d.now
	}
	p.State = a.State
	by := ""
	if name := Tidy(a.By); name != "" {
		by = " by " + shorten(name, MaxName)
	}
	if a.State == PageAcknowledged && d.in.Times.Acknowledged.IsZero() && d.in.Status.Open() {
		d.in.Times.Acknowledged = at.UTC().Truncate(time.Millisecond)
		d.eventAt(at, Acknowledged, "Acknowledged"+by+" in "+p.Whom.Title, append(p.Whom.data(), "key", p.Key, "by", Tidy(a.By))...)
		return nil
	}
	data := append(p.Whom.data(), "key", p.Key, "rule", p.Rule, "outcome", string(a.State), "by", Tidy(a.By))
	d.eventAt(at, Paged, fmt.Sprintf("The page to %s was %s%s in %s", p.Whom, a.State, by, p.Whom.Title), data...)
	return nil
}
