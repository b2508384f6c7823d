package bolt

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// silence reads a silence; false where there is none.
func (r rows) silence(n alerts.SilenceNumber) (s alerts.Silence, ok bool, err error) {
	row := r.get(silences, key{}.uint(uint64(n)))
	if row == nil {
		return s, false, nil
	}
	if s, ok = r.read.find(n, row); ok {
		return s, true, nil
	}
	if err := json.Unmarshal(row, &s); err != nil {
		return s, false, r.unreadable(n.String(), err)
	}
	r.read.keep(s, row)
	return s, true, nil
}

// readSilences are silences as they were read from their rows: each is asked about every alert that is decided about, in the
// transaction of that, and reading its expressions anew takes longer than all the rest. As the row is looked at, what never
// came to be committed does no harm. They are shared: nobody changes what they point to.
type readSilences struct {
	mu   sync.Mutex
	list map[alerts.SilenceNumber]readSilence
}

type readSilence struct {
	row     []byte
	silence alerts.Silence
}

// find is the silence of a row that was read before.
func (k *readSilences) find(n alerts.SilenceNumber, row []byte) (alerts.Silence, bool) {
	if k == nil {
		return alerts.Silence{}, false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if known, ok := k.list[n]; ok && bytes.Equal(known.row, row) {
		return known.silence, true
	}
	return alerts.Silence{}, false
}

// keep keeps a silence for the next time. Of those that are over by then none is asked for again, so that all are dropped
// once there are many.
func (k *readSilences) keep(s alerts.Silence, row []byte) {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.list == nil || len(k.list) >= 2*alerts.MostSilences {
		k.list = map[alerts.SilenceNumber]readSilence{}
	}
	k.list[s.Number] = readSilence{bytes.Clone(row), s}
}

// silencesInForce are those that hold at a moment, by when they end.
func (r rows) silencesInForce(at time.Time) (list []alerts.Silence, err error) {
	c := r.cursor(silenceEnds)
	for k, _ := c.Seek(key{}.moment(at)); k != nil; k, _ = c.Next() {
		_, rest := takeMoment(k)
		n, _ := takeUint(rest)
		s, there, err := r.silence(alerts.SilenceNumber(n))
		if err != nil {
			return nil, err
		}
		if there && s.InForce(at) {
			list = append(list, s)
		}
	}
	return list, nil
}

// heldSilences counts those that are not over at a moment.
func (r rows) heldSilences(at time.Time) (n int) {
	c := r.cursor(silenceEnds)
	for k, _ := c.Seek(key{}.moment(at)); k != nil; k, _ = c.Next() {
		if end, _ := takeMoment(k); end.After(at) {
			n++
		}
	}
	return n
}

// silenceDue is when there is something to do for one outside; zero: not.
func silenceDue(s alerts.Silence) (at time.Time) {
	for _, p := range s.Places {
		if !p.NextTry.IsZero() && (at.IsZero() || p.NextTry.Before(at)) {
			at = p.NextTry
		}
	}
	return at
}

// putSilence plans a silence in the place of the one before, if there was one.
func (p *plan) putSilence(was, s alerts.Silence) {
	n := uint64(s.Number)
	if was.Number != 0 {
		p.removeSilenceIndexes(was)
	}
	p.putJSON(silences, key{}.uint(n), nil, s)
	p.put(silenceEnds, key{}.moment(s.End()).uint(n), none)
	if at := silenceDue(s); !at.IsZero() {
		p.put(silencesDue, key{}.moment(at).uint(n), none)
	}
}

func (p *plan) removeSilenceIndexes(s alerts.Silence) {
	n := uint64(s.Number)
	p.remove(silenceEnds, key{}.moment(s.End()).uint(n))
	if at := silenceDue(s); !at.IsZero() {
		p.remove(silencesDue, key{}.moment(at).uint(n))
	}
}

type addedSilence struct {
	silence alerts.Silence
	fresh   bool
}

// AddSilence stores one; see [store.Silences].
func (db *DB) AddSilence(ctx context.Context, s alerts.Silence) (alerts.Silence, bool, error) {
	added, err := writing(ctx, db, func(p *plan) (addedSilence, error) {
		if row := p.get(silenceRequests, key(s.Request)); row != nil {
			n, _ := takeUint(row)
			before, there, err := p.silence(alerts.SilenceNumber(n))
			if err != nil || there {
				return addedSilence{before, false}, err
			}
		}
		if p.heldSilences(s.From) >= alerts.MostSilences {
			return addedSilence{}, incidents.Refused("%d silences are in force, and no more can be: each is asked about every alert. End one that is not needed any more, or write one matcher for several, like service=~\"checkout|cart\". To see them: /incident silence list", alerts.MostSilences)
		}
		s := s
		var last uint64
		if row := p.get(meta, metaSilence); row != nil {
			last, _ = takeUint(row)
		}
		s.Number = alerts.SilenceNumber(last + 1)
		p.put(meta, metaSilence, key{}.uint(last+1))
		p.put(silenceRequests, key(s.Request), key{}.uint(last+1))
		p.putSilence(alerts.Silence{}, s)
		return addedSilence{s, true}, nil
	})
	return added.silence, added.fresh, err
}

// ChangeSilence decides what becomes of one; see [store.Silences].
func (db *DB) ChangeSilence(ctx context.Context, n alerts.SilenceNumber, decide func(alerts.Silence) (alerts.Silence, error)) (alerts.Silence, error) {
	return writing(ctx, db, func(p *plan) (alerts.Silence, error) {
		was, there, err := p.silence(n)
		if err != nil {
			return was, err
		}
		if !there {
			return was, store.ErrNotFound
		}
		s, err := decide(was)
		if err != nil {
			return was, err
		}
		p.putSilence(was, s)
		if s.End().Before(was.End()) {
			err = p.unquiet(s)
		}
		return s, err
	})
}

// unquiet plans that the rules are asked at once about what a silence has silenced.
func (p *plan) unquiet(s alerts.Silence) (err error) {
	p.prefix(alertQuiet, nil, func(k, _ []byte) bool {
		_, rest := takeMoment(k)
		n, _ := takeUint(rest)
		var a alerts.Alert
		var there bool
		if a, there, err = p.alert(alerts.Number(n)); err != nil || !there {
			return err == nil
		}
		if now, changed := a.Unquiet(s); changed {
			p.removeAlertIndexes(a)
			p.putAlert(now)
		}
		return true
	})
	return err
}

// Silence is one; see [store.Silences].
func (db *DB) Silence(ctx context.Context, n alerts.SilenceNumber) (s alerts.Silence, err error) {
	err = db.view(ctx, func(r rows) error {
		var there bool
		if s, there, err = r.silence(n); err == nil && !there {
			err = store.ErrNotFound
		}
		return err
	})
	return s, err
}

// Silences lists them; see [store.Silences].
func (db *DB) Silences(ctx context.Context, limit int) (list []alerts.Silence, err error) {
	err = db.view(ctx, func(r rows) (failed error) {
		list = nil
		r.backwards(silences, nil, 0, func(n uint64) bool {
			var s alerts.Silence
			var there bool
			if s, there, failed = r.silence(alerts.SilenceNumber(n)); failed == nil && there {
				list = append(list, s)
			}
			return failed == nil && (limit == 0 || len(list) < limit)
		})
		return failed
	})
	return list, err
}

// SilencesInForce lists those that hold at a moment; see [store.Silences].
func (db *DB) SilencesInForce(ctx context.Context, at time.Time) (list []alerts.Silence, err error) {
	err = db.view(ctx, func(r rows) (failed error) {
		list, failed = r.silencesInForce(at)
		return failed
	})
	return list, err
}

// DueSilences lists those for which there is something to do outside; see [store.Silences].
func (db *DB) DueSilences(ctx context.Context, now time.Time, limit int) (due []alerts.Silence, next time.Time, err error) {
	err = db.view(ctx, func(r rows) (err error) {
		due = nil
		next, err = r.due(silencesDue, now, limit, func(n uint64) error {
			s, there, err := r.silence(alerts.SilenceNumber(n))
			if err == nil && there {
				due = append(due, s)
			}
			return err
		})
		return err
	})
	return due, next, err
}

// ForgetSilences drops those that were over long ago; see [store.Silences].
func (db *DB) ForgetSilences(ctx context.Context, before time.Time) (n int, err error) {
	for behind := key(nil); ; {
		var dropped int
		if dropped, behind, err = db.forgetSilences(ctx, before, behind); err != nil {
			return n, err
		}
		if n += dropped; behind == nil {
			return n, nil
		}
	}
}

// forgetSilences drops some of them, those behind a key; it answers behind which there are more, nil: there are none.
func (db *DB) forgetSilences(ctx context.Context, before time.Time, behind key) (n int, more key, err error) {
	err = db.write(ctx, func(p *plan) (failed error) {
		n, more = 0, nil
		c := p.cursor(silenceEnds)
		looked := 0
		for k, _ := c.Seek(append(slices.Clone(behind), 0)); k != nil; k, _ = c.Next() {
			at, rest := takeMoment(k)
			if !at.Before(before) {
				return nil
			}
			number, _ := takeUint(rest)
			s, there, err := p.silence(alerts.SilenceNumber(number))
			if err != nil {
				return err
			}
			if there && silenceDue(s).IsZero() {
				n++
				p.removeSilenceIndexes(s)
				p.remove(silences, key{}.uint(number))
				p.remove(silenceRequests, key(s.Request))
			}
			if looked++; looked == forgottenAtOnce {
				more = bytes.Clone(k)
				return nil
			}
		}
		return nil
	})
	return n, more, err
}
