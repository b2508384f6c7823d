package bolt

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"fireboss/incidents"
)

// lastSeal is the last seal; the zero one where there is none.
func (r rows) lastSeal() (s incidents.Seal, err error) {
	if k, row := r.cursor(seals).Last(); k != nil {
		if err := json.Unmarshal(row, &s); err != nil {
			return s, r.unreadable("the last seal", err)
		}
	}
	return s, nil
}

// seal plans a seal over what changed since the last one, with heads that this
// very plan changes; false where nothing has changed.
func (p *plan) seal(now time.Time, changing ...incidents.Head) (incidents.Seal, bool, error) {
	list := slices.Clone(changing)
	p.prefix(dirty, nil, func(k, _ []byte) bool {
		n, _ := takeNumber(k)
		p.removeFound(dirty, k)
		if !slices.ContainsFunc(changing, func(h incidents.Head) bool { return h.Incident == n }) {
			seq, hash := takeHead(p.get(heads, k))
			list = append(list, incidents.Head{Incident: n, Seq: seq, Hash: hash})
		}
		return true
	})
	if len(list) == 0 {
		return incidents.Seal{}, false, nil
	}
	slices.SortFunc(list, func(a, b incidents.Head) int { return int(a.Incident) - int(b.Incident) })
	last, err := p.lastSeal()
	if err != nil {
		return incidents.Seal{}, false, err
	}
	s := incidents.Seal{At: now.UTC(), Heads: list}.Chain(last.Seq+1, last.Hash)
	p.putJSON(seals, key{}.uint(s.Seq), nil, s)
	return s, true, nil
}

// sealed is the answer of Seal.
type sealed struct {
	seal incidents.Seal
	any  bool
}

// Seal seals what changed; see [store.Store].
func (db *DB) Seal(ctx context.Context, now time.Time) (incidents.Seal, bool, error) {
	s, err := writing(ctx, db, func(p *plan) (s sealed, err error) {
		s.seal, s.any, err = p.seal(now)
		return s, err
	})
	return s.seal, s.any, err
}
