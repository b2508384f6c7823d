package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"fireboss/incidents"
	"fireboss/incidents/store"
	"fireboss/integrations"
)

// pager has people woken through outside systems. That somebody is to be is a row of the outbox, written with the
// change that wants it, and the other side knows each page by a key, so that one is one however often we were killed. It has
// an outbox of its own: nobody waits to be woken until letters are written.
type pager struct {
	store store.Store
	ways  map[string]way // by the integration's name
	pages string         // where the pages of incidents are, without their number; empty: nowhere
	log   zerolog.Logger

	mu      sync.Mutex
	rests   map[string]pageRest      // by a row's key
	waiting map[string]chan struct{} // by the place of the event that wants a page; closed once it was tried
}

// way is one system that wakes people.
type way struct {
	*integrations.Pager
	egress integrations.Egress
}

// pageRest is until when the other side is not asked again, and what it said.
type pageRest struct {
	until time.Time
	why   string
}

// Bounds of waking somebody.
const (
	pageTrial   = 30 * time.Second        // one attempt
	pageLate    = time.Minute             // not accepted by then, whoever wanted it is told
	pageFor     = time.Hour               // then it is given up
	pageUrgent  = 10 * time.Minute        // so long it is tried often: whoever sleeps does not know how soon the other side is back
	pageOften   = 30 * time.Second        // at most, between two attempts then
	pageRetry   = 5 * time.Minute         // and later
	pageTries   = 60                      // attempts at most
	pageAtLeast = 3                       // attempts, also of what was wanted long ago
	pageAnswer  = 1200 * time.Millisecond // whoever asks waits so long for what becomes of it
)

// pagerKinds are the rows that it works.
var pagerKinds = []string{incidents.PageDue, incidents.PageAnswerDue}

func newPager(s store.Store, ways map[string]way, pages string, log zerolog.Logger) *pager {
	return &pager{store: s, ways: ways, pages: pages, log: log, rests: map[string]pageRest{}, waiting: map[string]chan struct{}{}}
}

// outbox is the outbox of its rows.
func (p *pager) outbox() *outbox {
	o := newOutbox(p.store, nil, p.log)
	o.alone, o.wide, o.limit, o.tries = pagerKinds, true, pageTrial, pageTries
	o.errands = map[string]errand{incidents.PageDue: p.page, incidents.PageAnswerDue: p.answer}
	return o
}

// notYet is that a page was not accepted, and when it is tried again.
type notYet struct {
	error
	after time.Duration
}

// RetryAfter is when.
func (n *notYet) RetryAfter() time.Duration { return n.after }

// page sends the page that a row wants.
func (p *pager) page(ctx context.Context, m store.Message) error {
	in, err := p.store.Incident(ctx, m.Incident)
	if err != nil {
		return err
	}
	page, ok := in.PageOf(m.Seq)
	if !ok || page.State != incidents.PageWanted {
		return nil
	}
	if why := page.Needless(in); why != "" {
		return p.record(ctx, m, incidents.PageOutcome{Key: page.Key, State: incidents.PageFailed, Why: why, Needless: true})
	}
	way, there := p.ways[page.Whom.Through]
	if !there {
		return p.record(ctx, m, incidents.PageOutcome{Key: page.Key, State: incidents.PageFailed, Why: page.Whom.Title + " is not in the configuration any more"})
	}
	if rest := p.rest(m.Key); time.Now().Before(rest.until) {
		return p.later(ctx, m, page, errors.New(rest.why), rest)
	}
	letter, note, err := p.letter(ctx, way, in, page)
	if err != nil {
		return err
	}
	crash(pointPaging)
	made, err := way.Page(ctx, letter)
	crash(pointPaged)
	if err != nil {
		return p.unaccepted(ctx, m, page, err)
	}
	return p.record(ctx, m, incidents.PageOutcome{Key: page.Key, State: incidents.PageAccepted, ID: made.ID, Why: note})
}

// letter is what is sent, as far as it may leave; note says what may not.
func (p *pager) letter(ctx context.Context, w way, in incidents.Incident, page incidents.Page) (out integrations.Page, note string, err error) {
	out = integrations.Page{Key: page.Key, Whom: page.Whom}
	if p.pages != "" {
		out.Link = p.pages + in.Number.String()
	}
	var held *integrations.HeldError
	if err := w.egress.Admit(in); errors.As(err, &held) {
		out.Summary = w.egress.Summons(in)
		return out, "It says no more than the number, for " + held.Error(), nil
	}
	events, err := p.store.Events(ctx, in.Number, page.Seq-1, 1)
	if err != nil {
		return out, "", err
	}
	why, by := page.Says(), ""
	if len(events) == 1 && page.Rule == "" && !events[0].Redacted {
		why, by = events[0].Field("text"), events[0].Actor.Name
	}
	out.Severity = in.Severity
	if page.Whom.Kind == incidents.WhomService {
		out.Service = page.Whom.Name
	}
	cleared := func(text string) integrations.Cleared {
		c, clearErr := w.egress.Clear(in, text)
		err = errors.Join(err, clearErr)
		return c
	}
	out.Summary = cleared(summaryOf(in, why))
	for _, d := range [][2]string{{"severity", in.Severity.String()}, {"status", string(in.Status)}, {"services", strings.Join(in.Services, ", ")}, {"said", why}, {"asked_by", by}} {
		if d[1] != "" {
			out.Details = append(out.Details, integrations.Detail{Name: d[0], Text: cleared(d[1])})
		}
	}
	return out, "", err
}

// summaryOf is what somebody reads first who was woken.
func summaryOf(in incidents.Incident, why string) string {
	text := in.Number.String() + " " + in.Title
	if in.Severity != incidents.Unset {
		text = in.Number.String() + " (" + in.Severity.String() + ") " + in.Title
	}
	if in.Drill {
		text = "Drill: " + text
	}
	if said := incidents.Tidy(why); said != "" && !strings.Contains(strings.ToLower(incidents.Tidy(in.Title)), strings.ToLower(said)) {
		text += ": " + said // else the title says it: of an alert both are its title
	}
	return incidents.Tidy(text)
}

// unaccepted finds out what follows where a page was not accepted.
func (p *pager) unaccepted(ctx context.Context, m store.Message, page incidents.Page, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return err // we are stopping
	}
	no := &integrations.Unpaged{Again: integrations.Again{Verdict: integrations.Unknown}, Why: page.Whom.Title + " could not be asked", Cause: err}
	errors.As(err, &no)
	now := time.Now()
	over := now.Sub(page.At) >= pageFor && m.Attempts >= pageAtLeast || m.Attempts >= pageTries
	if over || no.Again.Verdict == integrations.Never {
		p.log.Error().Err(err).Str("incident", m.Incident.String()).Str("page", page.Key).Int("attempt", m.Attempts).Msg("nobody was woken")
	}
	switch {
	case no.Again.Verdict == integrations.Never:
		return p.record(ctx, m, incidents.PageOutcome{Key: page.Key, State: incidents.PageFailed, Why: no.Why})
	case over:
		return p.record(ctx, m, incidents.PageOutcome{Key: page.Key, State: incidents.PageFailed, Why: fmt.Sprintf("%s, for %s", no.Why, incidents.Span(now.Sub(page.At)))})
	}
	return p.later(ctx, m, page, err, pageRest{now.Add(pageWait(m.Attempts, now.Sub(page.At), no.Again.After)), no.Why})
}

// pageWait is how long a page rests after so many attempts, where it was wanted so long ago; after is what the other side asks for.
func pageWait(attempts int, since, after time.Duration) time.Duration {
	wait := time.Second << min(attempts, 9)
	if since < pageUrgent {
		wait = min(wait, pageOften)
	}
	return min(max(wait, after), pageRetry)
}

// later has a page tried again once it has rested, and whoever wanted it told a minute after that.
func (p *pager) later(ctx context.Context, m store.Message, page incidents.Page, err error, rest pageRest) error {
	p.mu.Lock()
	p.rests[m.Key] = rest
	p.mu.Unlock()
	p.tried(m)
	now, late := time.Now(), page.At.Add(pageLate)
	switch {
	case page.Late:
	case now.Before(late):
		return &notYet{err, min(rest.until.Sub(now), late.Sub(now))}
	default:
		told := p.apply(ctx, m, "late", incidents.PageLate{Key: page.Key, Why: rest.why, Until: page.At.Add(pageFor)})
		err = errors.Join(err, told)
	}
	return &notYet{err, max(rest.until.Sub(now), time.Second)}
}

func (p *pager) rest(key string) pageRest {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.rests[key]
}

// record writes down what became of a page.
func (p *pager) record(ctx context.Context, m store.Message, o incidents.PageOutcome) error {
	err := p.apply(ctx, m, string(o.State), o)
	if err == nil {
		p.mu.Lock()
		delete(p.rests, m.Key)
		p.mu.Unlock()
		p.tried(m)
	}
	return err
}

// apply has something decided once for a row.
func (p *pager) apply(ctx context.Context, m store.Message, what string, act incidents.Act) error {
	_, err := p.store.Apply(context.WithoutCancel(ctx), incidents.Command{
		ID: "page:" + m.Key + ":" + what, Actor: incidents.Fireboss, At: time.Now(), Incident: m.Incident, Do: act,
	})
	if refusal, no := incidents.AsRefusal(err); no {
		p.log.Warn().Str("incident", m.Incident.String()).Str("refusal", refusal.Text).Msg("what became of a page is not written down")
		return nil
	}
	return err
}

// answer tells the other sides that the pages of an incident are acknowledged or over, as it stands now.
func (p *pager) answer(ctx context.Context, m store.Message) error {
	in, err := p.store.Incident(ctx, m.Incident)
	if err != nil {
		return err
	}
	var failed []error
	for _, page := range in.Pages {
		to := page.Answer(in)
		way, there := p.ways[page.Whom.Through]
		if to == "" || !there {
			continue
		}
		err := way.Answer(ctx, integrations.PageAnswer{Key: page.Key, Whom: page.Whom, Over: to == incidents.PageOver})
		var no *integrations.Unpaged
		if errors.As(err, &no) && no.Again.Verdict == integrations.Never {
			p.log.Warn().Err(err).Str("incident", in.Number.String()).Str("page", page.Key).Msg("a page could not be answered")
			continue
		}
		if err == nil {
			err = p.apply(ctx, m, page.Key+":"+string(to), incidents.PageOutcome{Key: page.Key, State: to})
		}
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

func placeOf(n incidents.Number, seq uint64) string {
	return n.String() + ":" + strconv.FormatUint(seq, 10)
}

// tried says that a page was tried.
func (p *pager) tried(m store.Message) {
	p.mu.Lock()
	defer p.mu.Unlock()
	place := placeOf(m.Incident, m.Seq)
	if c, ok := p.waiting[place]; ok {
		close(c)
		delete(p.waiting, place)
	}
}

// outcome waits a moment for what becomes of the page that an event wants; false where that is not known yet.
func (p *pager) outcome(ctx context.Context, n incidents.Number, seq uint64) (incidents.Event, bool) {
	place := placeOf(n, seq)
	p.mu.Lock()
	c, ok := p.waiting[place]
	if !ok {
		c = make(chan struct{})
		p.waiting[place] = c
	}
	p.mu.Unlock()
	defer p.tried(store.Message{Incident: n, Seq: seq}) // nobody waits any more
	in, err := p.store.Incident(ctx, n)
	if page, ok := in.PageOf(seq); err == nil && ok && page.State == incidents.PageWanted {
		select {
		case <-c:
		case <-ctx.Done():
		case <-time.After(pageAnswer):
		}
	}
	events, err := p.store.Events(ctx, n, seq, 0)
	if err != nil {
		return incidents.Event{}, false
	}
	for _, e := range events {
		if e.Kind == incidents.Paged && e.Field("request") == strconv.FormatUint(seq, 10) {
			return e, true
		}
	}
	return incidents.Event{}, false
}

// pager is the outbox of those who are to be woken, and what waits for what becomes of it.
func (p *program) pager(now func() incidents.Rules) (*outbox, func(context.Context, incidents.Number, uint64) (incidents.Event, bool)) {
	pager := newPager(p.store, p.outside.ways, now().Pages, p.log)
	return pager.outbox(), pager.outcome
}
