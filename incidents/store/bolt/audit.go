package bolt

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// Audit recomputes every chain and every seal; see [store.Store]. It reads in
// short transactions, so what is written meanwhile does not disturb it: each
// incident is compared with its head in the transaction that read its last
// event.
func (db *DB) Audit(ctx context.Context) (store.Audit, error) {
	if db.options.readOnly { // nobody else warms it
		if err := warm(db.path); err != nil {
			return store.Audit{}, err
		}
	}
	a := audit{db: db, ctx: ctx}
	for n := incidents.Number(1); a.result.Wrong == ""; n++ {
		more, err := a.incident(n)
		if err != nil {
			return store.Audit{}, err
		}
		if !more {
			break
		}
	}
	if a.result.Wrong == "" {
		if err := a.seals(); err != nil {
			return store.Audit{}, err
		}
	}
	return a.result, nil
}

// audit is an audit under way.
type audit struct {
	db     *DB
	ctx    context.Context
	result store.Audit
	load   loads // of the incident, as its events have it
}

// wrong notes the first thing that does not hold.
func (a *audit) wrong(format string, args ...any) {
	if a.result.Wrong == "" {
		a.result.Wrong = fmt.Sprintf(format, args...)
	}
}

// incident checks one incident; false behind the last one.
func (a *audit) incident(n incidents.Number) (more bool, err error) {
	head := incidents.Head{Incident: n}
	a.load = loads{}
	for end := false; !end && a.result.Wrong == ""; {
		err := a.db.view(a.ctx, func(r rows) error {
			if more = n <= r.lastNumber(); !more {
				end = true
				a.beyond(r, n)
				return nil
			}
			end = a.events(r, &head)
			return nil
		})
		if err != nil {
			return false, err
		}
	}
	if more {
		a.result.Heads = append(a.result.Heads, head)
	}
	return more, nil
}

// beyond checks that nothing stands behind the last number, n-1, and that what
// is listed as open was given one.
func (a *audit) beyond(r rows, n incidents.Number) {
	for _, b := range []bucket{states, heads, events} {
		if last := r.last(b); last >= uint64(n) {
			a.wrong("%s is there, and its number was never given", incidents.Number(last))
		}
	}
	for _, b := range []bucket{states, heads} {
		k, _ := r.cursor(b).Last()
		a.follows(b, k, n)
	}
	r.prefix(openings, nil, func(k, _ []byte) bool {
		if r.get(states, k) == nil {
			a.wrong("%x is listed as an open incident, and is none", k)
		}
		return a.result.Wrong == ""
	})
}

// follows checks that before an incident's row stands the one with the number
// before it, and nothing else that a list would come upon.
func (a *audit) follows(b bucket, before []byte, n incidents.Number) {
	var want []byte
	if n > 1 {
		want = key{}.number(n - 1)
	}
	if !bytes.Equal(before, want) {
		a.wrong("among the %s before %s stands what is none (%x)", b.name, n, before)
	}
}

// events checks a page of events after head; true when the incident is done.
func (a *audit) events(r rows, head *incidents.Head) (end bool) {
	n := head.Incident
	c := r.cursor(events)
	k, v := c.Seek(key{}.event(n, head.Seq+1))
	for i := 0; k != nil; k, v = c.Next() {
		if of, _ := takeNumber(k); of != n {
			break
		}
		if i++; i > page {
			return false
		}
		var e incidents.Event
		err := json.Unmarshal(v, &e)
		if err == nil {
			err = e.Verify(n, head.Seq+1, head.Hash)
		} else {
			err = fmt.Errorf("%s:%d cannot be read", n, head.Seq+1)
		}
		if err != nil {
			a.wrong("%v", err)
			return true
		}
		head.Seq, head.Hash = e.Seq, e.Hash
		a.load.count(e)
		a.result.Events++
	}
	a.head(r, *head)
	return true
}

// head checks an incident's other rows against its last event.
func (a *audit) head(r rows, last incidents.Head) {
	row := r.get(heads, key{}.number(last.Incident))
	in, ok, err := r.incident(last.Incident)
	if row == nil || !ok || err != nil {
		a.wrong("%s is missing or cannot be read", last.Incident)
		return
	}
	for _, b := range []bucket{states, heads} {
		c := r.cursor(b)
		c.Seek(key{}.number(in.Number))
		before, _ := c.Prev()
		a.follows(b, before, in.Number)
	}
	a.found(r, in)
	if seq, hash := takeHead(row); seq != last.Seq || hash != last.Hash {
		a.wrong("%s should end with %s, and ends with %s", last.Incident,
			incidents.Head{Incident: last.Incident, Seq: seq, Hash: hash}, last)
	}
}

// found checks an incident's state, and the rows by which it is found. They are
// not in the chain, so who changes them on purpose can change them all; but
// what a disk does to one of them shows.
func (a *audit) found(r rows, in incidents.Incident) {
	k := key{}.number(in.Number)
	want, have := figuresRow(in, r.get(states, k)), r.get(figures, k)
	switch {
	case len(have) < hashSize:
		a.wrong("the figures of %s are missing or cannot be read", in.Number)
		return
	case !bytes.Equal(stateHash(have), stateHash(want)):
		a.wrong("the state of %s is not the one that was written", in.Number)
	case !bytes.Equal(have, want):
		a.wrong("the figures of %s are not those of its state", in.Number)
	}
	if !r.holds(in.Number, a.load) {
		a.wrong("the load of %s is not that of its events", in.Number)
	}
	if (r.get(openings, k) != nil) != in.Status.Open() {
		a.wrong("%s is %s, and is found as if it were not", in.Number, in.Status)
	}
	if r.get(days, dayKey(in)) == nil {
		a.wrong("%s is not found by the day of its declaration", in.Number)
	}
	for _, t := range traitsOf(in) {
		if r.get(traits, t.number(in.Number)) == nil {
			a.wrong("%s has the trait %q, and is not found by it", in.Number, t[:bytes.IndexByte(t, 0)])
		}
	}
	for _, d := range in.Deadlines {
		if !bytes.Equal(r.get(due, dueKey(in.Number, d)), dueRow(d)) {
			a.wrong("the deadline %s of %s is missing or was changed", d.Rule, in.Number)
		}
	}
	a.postmortem(r, in)
}

// postmortem checks that every version of an incident's postmortem can be read,
// and that there is none more.
func (a *audit) postmortem(r rows, in incidents.Incident) {
	n, last := in.Number, in.Postmortem.Version
	for v := 1; v <= last; v++ {
		if !r.intact(n, v) {
			a.wrong("version %d of the postmortem of %s is missing or cannot be read", v, n)
			return
		}
	}
	if k := seekBefore(r.cursor(postmortems), key{}.number(n+1)); bytes.HasPrefix(k, key{}.number(n)) && !bytes.Equal(k, documentKey(n, last)) {
		a.wrong("the postmortem of %s has a version behind its last, %d", n, last)
	}
}

// intact reports whether a version's own rows can be read, and those are there in
// which the rest of it stands.
func (r rows) intact(n incidents.Number, version int) bool {
	o, err := r.outline(n, version)
	if err != nil || o.Incident != n || o.Version != version {
		return false
	}
	for i, s := range o.Sections {
		if _, err := r.section(n, o.Stands[i], s.Slot); o.Stands[i] == version && err != nil || r.get(sections, sectionKey(n, o.Stands[i], s.Slot)) == nil {
			return false
		}
	}
	return true
}

// seals checks the chain of seals, that each sealed head is still there, and
// that each incident is sealed as it is or known to have changed since.
func (a *audit) seals() error {
	newest := map[incidents.Number]incidents.Head{}
	prev := incidents.Seal{}
	for end := false; !end && a.result.Wrong == ""; {
		err := a.db.view(a.ctx, func(r rows) error {
			k, row := r.cursor(seals).Seek(key{}.uint(prev.Seq + 1))
			if k == nil {
				end = true
				a.unsealed(r, newest)
				return nil
			}
			var s incidents.Seal
			err := json.Unmarshal(row, &s)
			if err == nil {
				err = s.Verify(prev.Seq+1, prev.Hash)
			} else {
				err = fmt.Errorf("seal %d cannot be read", prev.Seq+1)
			}
			if err != nil {
				a.wrong("%v", err)
				return nil
			}
			a.sealed(r, s)
			for _, h := range s.Heads {
				newest[h.Incident] = h
			}
			prev = s
			a.result.Seals++
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// sealed checks that the heads of a seal are still events of their incidents.
func (a *audit) sealed(r rows, s incidents.Seal) {
	for _, h := range s.Heads {
		e, ok, err := r.event(h.Incident, h.Seq)
		switch {
		case err != nil || !ok:
			a.wrong("seal %d holds %s, and that event is missing", s.Seq, h)
		case e.Hash != h.Hash:
			a.wrong("seal %d holds %s, and that event now has the hash %s", s.Seq, h, e.Hash)
		}
	}
}

// unsealed checks that what no seal holds is marked for the next one, so that
// nothing can be taken out of the seals.
func (a *audit) unsealed(r rows, newest map[incidents.Number]incidents.Head) {
	for _, seen := range a.result.Heads {
		k := key{}.number(seen.Incident)
		seq, hash := takeHead(r.get(heads, k))
		h := incidents.Head{Incident: seen.Incident, Seq: seq, Hash: hash}
		if newest[seen.Incident] != h && r.get(dirty, k) == nil {
			a.wrong("%s is neither in a seal nor waiting for the next one", h)
			return
		}
	}
}
