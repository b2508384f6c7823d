package bolt

import (
	"bytes"
	"context"
	"math"
	"slices"

	bbolt "go.etcd.io/bbolt"

	"fireboss/incidents"
)

// Search finds incidents by words; see [store.Store].
func (db *DB) Search(ctx context.Context, asked []string, limit int) ([]incidents.Number, error) {
	var parts []string
	for _, w := range asked {
		parts = append(parts, incidents.Words(w)...)
	}
	if len(parts) == 0 {
		return nil, nil
	}
	if limit > 0 {
		list, ok, err := db.newest(ctx, parts, limit)
		if ok || err != nil {
			return list, err
		}
	}
	return db.searchAll(ctx, parts, limit)
}

// searchAll finds incidents by going through all that have one of the words.
func (db *DB) searchAll(ctx context.Context, parts []string, limit int) ([]incidents.Number, error) {
	var found map[incidents.Number]bool
	for i, w := range parts {
		with := map[incidents.Number]bool{}
		err := db.view(ctx, func(r rows) error {
			r.withWord(w, func(n incidents.Number) {
				if i == 0 || found[n] {
					with[n] = true
				}
			})
			return nil
		})
		if err != nil {
			return nil, err
		}
		if found = with; len(found) == 0 {
			return nil, nil
		}
	}
	list := make([]incidents.Number, 0, len(found))
	for n := range found {
		list = append(list, n)
	}
	slices.Sort(list)
	slices.Reverse(list)
	if limit > 0 && len(list) > limit {
		list = list[:limit]
	}
	return list, nil
}

// withWord calls f with the incidents that have a word beginning with w, some
// of them more than once. It leaps from incident to incident: how often a word
// occurs in one costs nothing.
func (r rows) withWord(w string, f func(incidents.Number)) {
	c := r.cursor(words)
	for k, _ := c.Seek([]byte(w)); k != nil && bytes.HasPrefix(k, []byte(w)); {
		end := len(k) - 16 // number and seq
		n, _ := takeNumber(k[end:])
		f(n)
		k, _ = c.Seek(key(bytes.Clone(k[:end])).event(n+1, 0))
	}
}

// fewEndings is for how many words that begin alike it is worth looking for each
// of them: beyond, going through all of them is no slower.
const fewEndings = 64

// newest finds incidents from the newest on, so that it costs no more where
// older ones match too. ok is false where too many words begin as one of the
// parts does.
func (db *DB) newest(ctx context.Context, parts []string, limit int) (list []incidents.Number, ok bool, err error) {
	for behind, more := incidents.Number(math.MaxUint64), true; more; {
		err = db.view(ctx, func(r rows) error {
			l := leaps{rows: r, in: words, left: leapsAtOnce}
			for _, p := range parts {
				e := r.endings(words, key(p))
				if len(e) > fewEndings {
					more = false
					return nil
				}
				l.lists = append(l.lists, e)
			}
			for ok = true; len(list) < limit; list = append(list, behind) {
				if behind, more = l.next(behind); more || behind == 0 {
					return nil
				}
			}
			return nil
		})
		if err != nil || !ok {
			return nil, false, err
		}
	}
	return list, true, nil
}

// endings are the words that begin so, as their keys begin; at most one more than
// are worth it.
func (r rows) endings(in bucket, w key) (list []key) {
	c := r.cursor(in)
	for k, _ := c.Seek(w); k != nil && bytes.HasPrefix(k, w) && len(list) <= fewEndings; {
		word := bytes.Clone(k[:bytes.IndexByte(k, 0)+1]) // with the zero behind it
		list = append(list, word)
		k, _ = c.Seek(append(word[:len(word)-1:len(word)-1], 1)) // no letter is a one
	}
	return list
}

// leaps goes through the incidents that a row of each of some lists stands for, as
// their keys begin, from the newest on or from the oldest.
type leaps struct {
	rows
	in     bucket
	lists  [][]key
	oldest bool
	left   int // how many rows it may still look for
}

// leapsAtOnce is how many rows are looked for in one transaction, which takes a few
// milliseconds.
const leapsAtOnce = 5000

// next is the incident behind one; 0: there is none. Each list in turn says what it has
// behind, until all have said the same. more is true where it leapt often enough for one
// transaction: then it is to go on behind n.
func (l *leaps) next(behind incidents.Number) (n incidents.Number, more bool) {
	for i, agree := 0, 0; ; i = (i + 1) % len(l.lists) {
		l.left -= len(l.lists[i])
		var at incidents.Number // that behind which n is the next
		if l.oldest {
			n = l.firstWith(l.lists[i], behind)
			at = n - 1
		} else {
			n = l.lastWith(l.lists[i], behind)
			at = n + 1
		}
		if n == 0 {
			return 0, false
		}
		if at != behind {
			if behind = at; l.left < 0 {
				return behind, true
			}
			agree = 0
		}
		if agree++; agree == len(l.lists) {
			return n, false
		}
	}
}

// lastWith is the last incident before one that any row stands for whose key begins
// so; 0: there is none.
func (l *leaps) lastWith(list []key, before incidents.Number) (last incidents.Number) {
	c := l.cursor(l.in)
	for _, begins := range list {
		k := seekBefore(c, begins[:len(begins):len(begins)].number(before))
		if k != nil && bytes.HasPrefix(k, begins) {
			n, _ := takeNumber(k[len(begins):])
			last = max(last, n)
		}
	}
	return last
}

// firstWith is the first incident after one that any row stands for whose key begins
// so; 0: there is none.
func (l *leaps) firstWith(list []key, after incidents.Number) (first incidents.Number) {
	if after == math.MaxUint64 {
		return 0
	}
	c := l.cursor(l.in)
	for _, begins := range list {
		k, _ := c.Seek(begins[:len(begins):len(begins)].number(after + 1))
		if k == nil || !bytes.HasPrefix(k, begins) {
			continue
		}
		if n, _ := takeNumber(k[len(begins):]); first == 0 || n < first {
			first = n
		}
	}
	return first
}

// seekBefore moves to the last key before one.
func seekBefore(c *bbolt.Cursor, k key) []byte {
	found, _ := c.Seek(k)
	if found == nil {
		found, _ = c.Last()
	} else {
		found, _ = c.Prev()
	}
	return found
}
