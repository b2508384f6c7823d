package bolt

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"runtime/debug"
	"slices"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// Apply decides a command and writes what follows from it; see [store.Store].
func (db *DB) Apply(ctx context.Context, c incidents.Command) (incidents.Outcome, error) {
	return writing(ctx, db, func(p *plan) (incidents.Outcome, error) { return p.apply(c) })
}

// Reader reads all events of an incident, as they are in the transaction of
// [DB.ApplyAll]. It is of no use outside of it.
type Reader func(incidents.Number) ([]incidents.Event, error)

// ApplyAll decides commands one after the other, each on what those before it left,
// and writes them in one transaction: all of them or, where one is refused or fails,
// none. next is told what became of the command before, and can read. It fills a store
// that nobody else uses yet: whoever writes meanwhile waits for its end, and fails with
// it.
func (db *DB) ApplyAll(ctx context.Context, next func(before incidents.Outcome, events Reader) (incidents.Command, bool)) error {
	var out incidents.Outcome
	var at rows
	events := func(n incidents.Number) ([]incidents.Event, error) { return at.eventsAfter(n, 0, math.MaxInt) }
	c, more := next(out, func(incidents.Number) ([]incidents.Event, error) { return nil, nil })
	if !more {
		return nil
	}
	return db.enter(&request{
		ctx: ctx,
		decide: func(p *plan) (err error) {
			at = p.rows
			out, err = p.apply(c)
			return err
		},
		more: func() bool {
			c, more = next(out, events)
			return more
		},
	})
}

// apply decides a command, unless its id was decided before.
func (p *plan) apply(c incidents.Command) (incidents.Outcome, error) {
	if out, known, err := p.repeated(c.ID); known || err != nil {
		return out, err
	}
	in, err := p.subject(c)
	if err != nil {
		return incidents.Outcome{}, err
	}
	now := p.db.options.Now()
	change, err := p.ask(in, c, now)
	if err != nil {
		return incidents.Outcome{}, err
	}
	out, err := p.record(in, change, c, now)
	if err != nil {
		return out, err
	}
	if m, merging := c.Do.(incidents.Merge); merging {
		if err := p.carry(c.Incident, m.Into); err != nil {
			return out, err
		}
	}
	return out, p.entail(change.Follow, now)
}

// entail decides and plans the commands that are part of a change. They see
// other incidents as they were before it, for it has not touched them.
func (p *plan) entail(list []incidents.Command, now time.Time) error {
	for _, c := range list {
		if _, known, err := p.repeated(c.ID); known || err != nil {
			return err
		}
		if slices.Contains(p.touched, c.Incident) {
			return fmt.Errorf("the command %s follows for %s, which changes already", c.ID, c.Incident)
		}
		in, err := p.subject(c)
		if err != nil {
			return err
		}
		change, err := p.ask(in, c, now)
		if err != nil {
			return err
		}
		if len(change.Follow) > 0 {
			return fmt.Errorf("the command %s follows, and has followers of its own", c.ID)
		}
		if _, err := p.record(in, change, c, now); err != nil {
			return err
		}
	}
	return nil
}

// subject is the incident that a command is about: the one it names, the zero
// one where there is none such, or for Open the one that it would become.
func (p *plan) subject(c incidents.Command) (incidents.Incident, error) {
	if _, opening := c.Do.(incidents.Open); opening {
		return incidents.Incident{Number: p.lastNumber() + 1}, nil
	}
	in, _, err := p.incident(c.Incident)
	return in, err
}

// ask looks up what the command needs and decides it.
func (p *plan) ask(in incidents.Incident, c incidents.Command, now time.Time) (change incidents.Change, err error) {
	facts, err := p.facts(in.Number, c.Do)
	if err != nil {
		return change, err
	}
	defer func() {
		if v := recover(); v != nil {
			change, err = incidents.Change{}, &store.PanicError{Command: c.ID, Value: v, Stack: debug.Stack()}
		}
	}()
	return incidents.Decide(p.db.options.Rules(), in, facts, c, now)
}

// facts are the events of this incident behind the outside ids, and the other
// incidents, that an act asks about.
func (p *plan) facts(n incidents.Number, act incidents.Act) (incidents.Facts, error) {
	facts := incidents.Facts{Behind: map[incidents.OutsideID][]incidents.Event{}, Others: map[incidents.Number]incidents.Incident{}}
	for _, other := range incidents.Others(act) {
		in, there, err := p.incident(other)
		if err != nil {
			return facts, err
		}
		if there {
			facts.Others[other] = in
		}
	}
	for _, id := range incidents.Needs(act) {
		list, err := p.standsFor(id, n)
		if err != nil {
			return facts, err
		}
		if len(list) > 0 {
			facts.Behind[id] = list
		}
	}
	if after, limit, recalled := incidents.Recalls(act); recalled {
		var err error
		if facts.Events, err = p.eventsAfter(n, after, cmp.Or(limit, math.MaxInt)); err != nil {
			return facts, err
		}
	}
	if incidents.Carries(act) {
		list, err := p.firing(n)
		if err != nil {
			return facts, err
		}
		for _, a := range list {
			facts.Alerts = append(facts.Alerts, a.For())
		}
	}
	err := p.recallTexts(n, act, &facts)
	return facts, err
}

// became is the row of a command that was decided.
type became struct {
	Incident incidents.Number `json:"incident"`
	First    uint64           `json:"first,omitempty"` // seqs of the events it caused; 0 where it changed nothing
	Last     uint64           `json:"last,omitempty"`
	Version  uint64           `json:"version"`
	At       time.Time        `json:"at"`
}

// repeated is the outcome of a command whose id was decided before.
func (p *plan) repeated(id string) (out incidents.Outcome, known bool, err error) {
	if id == "" {
		return out, false, nil
	}
	row := p.get(commands, key(id))
	if row == nil {
		return out, false, nil
	}
	var b became
	if err := json.Unmarshal(row, &b); err != nil {
		return out, false, p.unreadable("command "+id, err)
	}
	if out.Incident, _, err = p.incident(b.Incident); err != nil {
		return out, false, err
	}
	for seq := b.First; seq != 0 && seq <= b.Last; seq++ {
		e, _, err := p.event(b.Incident, seq)
		if err != nil {
			return out, false, err
		}
		out.Events = append(out.Events, e)
	}
	out.Repeated = true
	return out, true, nil
}

// record plans a change whole: the events with their place in the chain, the
// state with its indexes, and who has to know.
func (p *plan) record(was incidents.Incident, change incidents.Change, c incidents.Command, now time.Time) (incidents.Outcome, error) {
	in := change.Incident
	list, err := chain(was, change.Events, p.db.options.Rand)
	if err != nil {
		return incidents.Outcome{}, err
	}
	b := became{Incident: in.Number, Version: in.Version, At: now}
	if len(list) > 0 {
		last := list[len(list)-1]
		in.Seq, in.Head = last.Seq, last.Hash
		b.First, b.Last = list[0].Seq, last.Seq
	}
	for i, e := range list {
		p.putEvent(e)
		if id, linked := change.Links[i]; linked {
			p.link(id, in.Number, e.Seq, e.Origin)
		}
	}
	for _, f := range change.Files {
		if err := p.want(list, f); err != nil {
			return incidents.Outcome{}, err
		}
	}
	if err := p.putDocument(change.Document); err != nil {
		return incidents.Outcome{}, err
	}
	if err := p.redactAll(in, change); err != nil {
		return incidents.Outcome{}, err
	}
	if err := p.intend(in.Number, list, change.Messages); err != nil {
		return incidents.Outcome{}, err
	}
	p.putLoad(in.Number, list)
	if change.State {
		p.putState(was, in)
	}
	if was.Version > 0 && was.Private != in.Private {
		if err := p.tellAnew(in.Number); err != nil {
			return incidents.Outcome{}, err
		}
	}
	if change.State || len(list) > 0 {
		if err := p.putHead(was, in, now); err != nil {
			return incidents.Outcome{}, err
		}
	}
	p.remember(c.ID, b)
	return incidents.Outcome{Incident: in, Events: list}, nil
}

// remember writes down that a command was decided.
func (p *plan) remember(id string, b became) {
	if id != "" {
		p.putJSON(commands, key(id), nil, b)
		p.put(decided, key{}.moment(b.At).raw(id), none)
	}
}

// putHead writes where an incident's chain ends now, that this is not sealed
// yet, and that the mirrors are behind. Who closes an incident seals it.
func (p *plan) putHead(was, in incidents.Incident, now time.Time) error {
	p.touched = append(p.touched, in.Number)
	head := headRow(in)
	p.put(heads, key{}.number(in.Number), head)
	for _, mirror := range p.mirrors() {
		p.fallBehind(mirror, in.Number, now)
	}
	if in.Status == incidents.Closed && was.Status != incidents.Closed {
		_, _, err := p.seal(now, incidents.Head{Incident: in.Number, Seq: in.Seq, Hash: in.Head})
		return err
	}
	p.put(dirty, key{}.number(in.Number), none)
	return nil
}

// chain gives events their places after an incident's last one.
func chain(in incidents.Incident, list []incidents.Event, random io.Reader) ([]incidents.Event, error) {
	salts := make([]byte, 2*incidents.SaltSize*len(list))
	if _, err := io.ReadFull(random, salts); err != nil {
		return nil, fmt.Errorf("the system gave no random bytes, so nothing can be written: %w", err)
	}
	seq, head := in.Seq, in.Head
	chained := make([]incidents.Event, len(list))
	for i, e := range list {
		e, err := settled(e)
		if err != nil {
			return nil, err
		}
		seq++
		salt := salts[2*incidents.SaltSize*i : 2*incidents.SaltSize*(i+1) : 2*incidents.SaltSize*(i+1)]
		chained[i] = e.Chain(seq, head, salt)
		head = chained[i].Hash
	}
	return chained, nil
}
