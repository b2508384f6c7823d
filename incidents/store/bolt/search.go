package bolt

import (
	"bytes"
	"context"
	"math"
	"slices"

	"fireboss/incidents"
)

// Search finds incidents by words; see [store.Store].
func (db *DB) Search(ctx context.Context, asked []string, limit int) ([]incidents.Number, error) {
	var parts []string
	for _, w := range asked {
		parts = append(parts, split(w)...)
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
	err = db.view(ctx, func(r rows) error {
		var endings [][]key
		for _, p := range parts {
			e := r.endings(p)
			if len(e) > fewEndings {
				return nil
			}
			endings = append(endings, e)
		}
		ok = true
		for n := incidents.Number(math.MaxUint64); len(list) < limit; {
			if n = r.lastWithAll(endings, n); n == 0 {
				return nil
			}
			list = append(list, n)
		}
		return nil
	})
	return list, ok, err
}

// endings are the words that begin with w, as their keys begin; at most one more
// than are worth it.
func (r rows) endings(w string) (list []key) {
	c := r.cursor(words)
	for k, _ := c.Seek([]byte(w)); k != nil && bytes.HasPrefix(k, []byte(w)) && len(list) <= fewEndings; {
		word := bytes.Clone(k[:len(k)-16]) // with the zero behind it
		list = append(list, word)
		k, _ = c.Seek(append(word[:len(word)-1:len(word)-1], 1)) // no letter is a one
	}
	return list
}

// lastWithAll is the last incident before one that has a word of each of the
// lists; 0: there is none. Each list in turn says how far back it has one, until
// all have said the same.
func (r rows) lastWithAll(endings [][]key, before incidents.Number) incidents.Number {
	for i, agree := 0, 0; ; i = (i + 1) % len(endings) {
		n := r.lastWith(endings[i], before)
		if n == 0 {
			return 0
		}
		if n+1 != before {
			agree = 0
		}
		if agree++; agree == len(endings) {
			return n
		}
		before = n + 1
	}
}

// lastWith is the last incident before one that has any of these words; 0: there
// is none.
func (r rows) lastWith(list []key, before incidents.Number) (last incidents.Number) {
	c := r.cursor(words)
	for _, word := range list {
		k, _ := c.Seek(word[:len(word):len(word)].event(before, 0))
		if k == nil {
			k, _ = c.Last()
		} else {
			k, _ = c.Prev()
		}
		if bytes.HasPrefix(k, word) {
			n, _ := takeNumber(k[len(word):])
			last = max(last, n)
		}
	}
	return last
}
