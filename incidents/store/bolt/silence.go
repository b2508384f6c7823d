package bolt

import (
	"context"
	"encoding/json"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// silence reads a silence; false where there is none.
func (r rows) silence(n alerts.SilenceNumber) (s alerts.Silence, ok bool, err error) {
	row := r.get(silences, key{}.uint(uint64(n)))
	if row == nil {
		return s, false, nil
	}
	if err := json.Unmarshal(row, &s); err != nil {
		return s, false, r.unreadable(n.String(), err)
	}
	return s, true, nil
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
	err = db.write(ctx, func(p *plan) (failed error) {
		n = 0
		p.prefix(silenceEnds, nil, func(k, _ []byte) bool {
			at, rest := takeMoment(k)
			if !at.Before(before) || n == forgottenAtOnce {
				return false
			}
			number, _ := takeUint(rest)
			var s alerts.Silence
			var there bool
			if s, there, failed = p.silence(alerts.SilenceNumber(number)); failed != nil || !there || !silenceDue(s).IsZero() {
				return failed == nil
			}
			n++
			p.removeSilenceIndexes(s)
			p.remove(silences, key{}.uint(number))
			p.remove(silenceRequests, key(s.Request))
			return true
		})
		return failed
	})
	return n, err
}
