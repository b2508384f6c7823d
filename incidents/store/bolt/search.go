package bolt

import (
	"bytes"
	"context"
	"slices"

	"fireboss/incidents"
)

// Search finds incidents by words; see [store.Store].
func (db *DB) Search(ctx context.Context, asked []string, limit int) ([]incidents.Number, error) {
	var parts []string
	for _, w := range asked {
		parts = append(parts, split(w)...)
	}
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
