package slack

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"fireboss/incidents"
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
	// Crash is a place where a test may end the process; may be nil.
	Crash func(point string)

	mu    sync.Mutex
	sight map[incidents.Number]*sight // since this start; none: look at the next pass
}

// Keys of a record's IDs.
const (
	idCard      = "card"     // ts
	idCardSum   = "card_sum" // what it shows
	idPinned    = "pinned"
	idTopic     = "topic"
	idPurpose   = "purpose"
	idBookmark  = "bookmark"
	idInvited   = "invited"    // ids, separated by spaces
	idTaken     = "taken"      // the natural name, where somebody else has it
	idName      = "title"      // the title that the channel is named after
	idLost      = "lost"       // why the channel is no place to talk any more
	idPosted    = "posted"     // ts of the last message of an event
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
	err := p.run(ctx)
	return p.rec, p.links, err
}

// Poke makes the next Sync look at everything again.
func (m *Mirror) Poke(n incidents.Number) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.sight, n)
}

func (m *Mirror) crash(point string) {
	if m.Crash != nil {
		m.Crash(point)
	}
}

func (p *pass) run(ctx context.Context) error {
	if err := p.channel(ctx); err != nil {
		return err
	}
	if err := p.probe(ctx); err != nil {
		return err
	}
	if why := p.get(idLost); why != "" {
		if err := p.announceAll(ctx); err != nil {
			return err
		}
		return &Later{After: 10 * time.Minute, Err: errors.New(why)}
	}
	err := p.inside(ctx)
	if lost(err) {
		return p.lose(ctx, err)
	}
	if err != nil {
		return err
	}
	if wait := p.m.unsure(p.in.Number); wait > 0 {
		return &Later{After: wait, Err: errSecondLook}
	}
	p.rec.SyncedVersion = p.in.Version
	return nil
}

// inside does everything within the channel: first what people wait for, then
// the rest side by side.
func (p *pass) inside(ctx context.Context) error {
	if err := sideBySide(ctx, p.invite, p.card); err != nil {
		return err
	}
	p.m.crash("opened")
	later := putOff(ctx)
	return sideBySide(ctx, p.pin, p.post, p.announceAll, p.kick,
		func(context.Context) error { return p.topic(later) },
		func(context.Context) error { return p.purpose(later) },
		func(context.Context) error { return p.bookmark(later) },
		func(context.Context) error { return p.rename(later) })
}

// sideBySide takes all steps at once and answers the gravest of their errors:
// that the channel is lost before any other, and what is only put off last.
func sideBySide(ctx context.Context, steps ...func(context.Context) error) error {
	errs := make([]error, len(steps))
	var wg sync.WaitGroup
	for i, step := range steps {
		wg.Go(func() { errs[i] = step(ctx) })
	}
	wg.Wait()
	var worst error
	for _, err := range errs {
		var later *Later
		switch {
		case err == nil:
		case lost(err):
			return err
		case worst == nil || errors.As(worst, &later):
			worst = err
		}
	}
	return worst
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

// lose notes that the channel is no place to talk any more. The incident goes
// on without it, and that is said where it was announced.
func (p *pass) lose(ctx context.Context, err error) error {
	why := map[string]string{
		"is_archived":               "its channel was archived. Unarchive it to go on there",
		"not_in_channel":            "Fireboss was removed from its channel. Invite it again to go on there",
		"channel_not_found":         "its channel is gone, or Fireboss was removed from it",
		"channel_is_limited_access": "Fireboss has no access to its channel any more",
	}[code(err)]
	p.m.Log.Warn().Str("incident", p.in.Number.String()).Str("why", why).Msg("an incident's channel was lost")
	p.set(idLost, why)
	if err := p.announceAll(ctx); err != nil {
		p.m.Log.Warn().Err(err).Msg("the loss of a channel could not be announced")
	}
	if err := p.keep(); err != nil {
		return err
	}
	return &Later{After: 10 * time.Minute, Err: fmt.Errorf("%s: %s", p.in.Number, why)}
}
