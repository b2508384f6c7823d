package slack

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// Mirror makes a channel, its card, its topic, its bookmark, the announcement
// and the messages of events match an incident as the store has it now. Sync
// may be called again after any crash: every step has a name or a mark by which
// it is found, and looks before it does anything a second time.
type Mirror struct {
	Client    *Client
	Directory *Directory
	Card      Card
	Log       zerolog.Logger
	// Store's own name, by which our channels and messages are told from those
	// of another store that counted the same numbers.
	StoreID string
	// Announce are the channels to announce an incident in; none for nobody.
	Announce func(incidents.Incident) []string
	// Said knows where we said what; the store does.
	Said Said
	// Account is the published postmortem of an incident as Markdown that begins with
	// its title, for the canvas of its channel; nil: there are no canvases.
	Account func(ctx context.Context, in incidents.Incident) (string, error)
	// Alerts are the newest alerts of an incident, at most so many; nil: they are not listed.
	Alerts func(ctx context.Context, n incidents.Number, limit int) ([]alerts.Alert, error)
	// Quiet keeps what happened in a thread below the card; see [loudly].
	Quiet bool
	// ArchiveAfter is how long after an incident is over its channel is archived;
	// 0: never.
	ArchiveAfter time.Duration

	mu    sync.Mutex
	sight map[incidents.Number]*sight // since this start; none: look at the next pass
}

// Said knows what stands for an event outside, and whom we told of it.
type Said interface {
	Outside(ctx context.Context, n incidents.Number, seq uint64) ([]incidents.OutsideID, error)
	Told(ctx context.Context, n incidents.Number, seq uint64) ([]store.Message, error)
	Incident(ctx context.Context, n incidents.Number) (incidents.Incident, error)
	Book
}

// Keys of a record's IDs.
const (
	idCard      = "card"     // ts
	idCardWas   = "card_was" // ts of the one before, which somebody deleted
	idCardSum   = "card_sum" // what it shows
	idPinned    = "pinned"
	idTopic     = "topic"
	idPurpose   = "purpose"
	idPurposed  = "purposed" // the purpose as we last set it
	idBookmark  = "bookmark"
	idInvited   = "invited"    // ids, separated by spaces
	idGone      = "gone"       // ids of those who left and did not come back
	idOut       = "out"        // ids of those who are to be removed
	idTaken     = "taken"      // the natural name, where somebody else has it
	idName      = "title"      // the title that the channel is named after
	idDoubles   = "doubles"    // messages to delete, channel/ts
	idLost      = "lost"       // why the channel is no place to talk any more
	idLostAt    = "lost_at"    // since when, RFC 3339
	idPosted    = "posted"     // ts of the last message of an event
	idThread    = "thread"     // ts of the card below which events were posted last
	idAnnounced = "announced:" // + channel as configured -> channel/ts
	idAnnSum    = "announced_sum:"
)

// pass is one Sync.
type pass struct {
	m      *Mirror
	in     incidents.Incident
	rec    store.Record
	events []incidents.Event
	save   func(store.Record, ...store.Link) error

	asking sync.WaitGroup
	calls  calls

	mu     sync.Mutex // of rec.IDs and links, for the parallel part
	links  []store.Link
	fresh  bool              // the channel was made in this very pass
	looked bool              // this pass looked how things stand outside
	found  map[uint64]string // events found in the channel: seq -> ts
}

// Sync brings the outside to what the incident is. events are those after the
// record's cursor, in order, or the first of them. save stores progress before
// the next step. The record that is answered is to be stored, also with an
// error: it holds how far it came.
func (m *Mirror) Sync(ctx context.Context, in incidents.Incident, rec store.Record, events []incidents.Event, save func(store.Record, ...store.Link) error) (store.Record, []store.Link, error) {
	rec.IDs = maps.Clone(rec.IDs)
	if rec.IDs == nil {
		rec.IDs = map[string]string{}
	}
	p := &pass{m: m, in: in, rec: rec, events: events, save: save, found: map[uint64]string{}}
	ctx, cancel := context.WithCancel(ctx)
	defer p.asking.Wait()
	defer cancel()
	err := p.run(ctx)
	p.judge(err)
	return p.rec, p.links, err
}

// Poke makes the next Sync look at everything again.
func (m *Mirror) Poke(n incidents.Number) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.sight, n)
}

func (p *pass) run(ctx context.Context) error {
	if p.rec.SyncedVersion >= p.in.Version && p.rec.CursorSeq >= p.in.Seq {
		ctx = putOff(ctx) // nobody waits for this look
	}
	p.comings()
	if err := p.move(); err != nil {
		return err
	}
	if done, err := p.rested(ctx); done || err != nil {
		return err
	}
	p.ask(ctx)
	if err := p.channel(ctx); err != nil {
		return errors.Join(p.unplaced(ctx, err), p.vacate(ctx))
	}
	if err := p.probe(ctx); err != nil {
		return err
	}
	if p.misplaced() {
		return &Later{After: time.Millisecond, Err: errors.New("the channel is not as private as its incident")}
	}
	if p.get(idLost) == reasonsLost["is_archived"] && p.due() {
		if err := p.shut(); err != nil { // somebody was before us
			return err
		}
		return p.besides(ctx)
	}
	if p.get(idLost) != "" {
		return worst(p.vacate(ctx), p.apart(ctx))
	}
	err := p.inside(ctx)
	if lost(err) {
		return p.confirm(ctx, err)
	}
	if err != nil {
		return err
	}
	if wait := p.m.unsure(p.in.Number); wait > 0 {
		return &Later{After: wait, Err: errSecondLook}
	}
	if wait := p.mending(); wait > 0 {
		return &Later{After: wait, Err: fmt.Errorf("%w: %s", errRefused, strings.Join(p.troubles(), " "))}
	}
	if err := p.putAway(putOff(ctx)); err != nil {
		return err
	}
	p.rec.SyncedVersion = p.in.Version
	return nil
}

// inside does everything within the channel: first what people wait for, then
// the rest side by side. A step that fails keeps no other from being taken, but
// that the card comes before the messages, for it says that they are recorded,
// unless Slack does not take this very card. What
// has to wait for its turn at Slack, and is not what people wait for, is put off.
func (p *pass) inside(ctx context.Context) error {
	first := p.sideBySide(ctx, p.invite, p.try(stepCard, p.firstCard))
	if lost(first) {
		return first
	}
	later := putOff(ctx)
	card, pin := p.try(stepCard, p.card), p.try(stepPin, p.pin)
	steps := []func(context.Context) error{
		p.inviteCalled, p.remove, p.undouble, p.vacate,
		func(context.Context) error { return worst(card(later), pin(later)) },
		func(context.Context) error { return p.try(stepAlerts, p.alertList)(later) },
		func(context.Context) error { return p.announceAll(later) },
		func(context.Context) error { return p.try(stepTopic, p.topic)(later) },
		func(context.Context) error { return p.try(stepPurpose, p.purpose)(later) },
		func(context.Context) error { return p.try(stepBookmark, p.bookmark)(later) },
		func(context.Context) error { return p.try(stepRename, p.rename)(later) },
		func(context.Context) error { return p.try(stepCanvas, p.canvas)(later) },
	}
	if p.get(idCard) != "" || unfit(p.get(idTrouble+stepCard)) {
		steps = append(steps, p.post)
	}
	err := worst(first, p.sideBySide(ctx, steps...))
	if lost(err) {
		return err
	}
	return worst(err, card(later)) // what was refused meanwhile stands on it
}

// sideBySide takes all steps at once and answers the gravest of their errors. A
// step that panics has failed.
func (p *pass) sideBySide(ctx context.Context, steps ...func(context.Context) error) error {
	errs := make([]error, len(steps))
	var wg sync.WaitGroup
	for i, step := range steps {
		wg.Go(func() {
			defer func() {
				if v := recover(); v != nil {
					p.m.Log.Error().Interface("panic", v).Bytes("stack", debug.Stack()).Str("incident", p.in.Number.String()).Msg("a step of the mirror panicked")
					errs[i] = errors.New("a step of the mirror panicked; see the log")
				}
			}()
			errs[i] = step(ctx)
		})
	}
	wg.Wait()
	return worst(errs...)
}

// worst is the gravest of some errors: that the channel is lost before any
// other, and what is only put off last, the soonest of it.
func worst(errs ...error) error {
	var plain error
	var soonest *Later
	for _, err := range errs {
		var later *Later
		switch {
		case err == nil:
		case lost(err):
			return err
		case errors.As(err, &later):
			if soonest == nil || later.After < soonest.After {
				soonest = later
			}
		case plain == nil:
			plain = err
		}
	}
	if plain == nil && soonest != nil {
		return soonest
	}
	return plain
}

// get and set keep the record's ids while steps run side by side.
func (p *pass) get(key string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.rec.IDs[key]
}

func (p *pass) set(key, value string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if value == "" {
		delete(p.rec.IDs, key)
		return
	}
	p.rec.IDs[key] = value
}

// keep stores the record as it is now.
func (p *pass) keep() error {
	p.mu.Lock()
	rec, links := p.rec, p.links
	rec.IDs = maps.Clone(rec.IDs)
	p.links = nil
	p.mu.Unlock()
	return p.save(rec, links...)
}

// mention calls a member of this workspace.
func (m *Mirror) mention(id string) string {
	if user, ok := m.Client.member(id); ok {
		return "<@" + user + ">"
	}
	return ""
}
