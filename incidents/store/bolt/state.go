package bolt

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"fireboss/incidents"
)

// putState plans an incident's row with everything that is found by it.
func (p *plan) putState(was, in incidents.Incident) {
	k := key{}.number(in.Number)
	row, err := json.Marshal(in)
	if err != nil && p.err == nil {
		p.err = fmt.Errorf("this cannot be stored: %w", err)
	}
	p.put(states, k, row)
	p.putFigures(in, row)
	if was.Version == 0 {
		p.put(meta, metaNumber, k)
		p.put(days, dayKey(in), none)
	}
	switch open := in.Status.Open(); {
	case open && (was.Version == 0 || !was.Status.Open()):
		p.put(openings, k, none)
	case !open && was.Status.Open():
		p.remove(openings, k)
	}
	p.putTraits(was, in)
	for _, d := range was.Deadlines {
		if !slices.Contains(in.Deadlines, d) {
			p.remove(due, dueKey(in.Number, d))
		}
	}
	for _, d := range in.Deadlines {
		if !slices.Contains(was.Deadlines, d) {
			p.put(due, dueKey(in.Number, d), dueRow(d))
		}
	}
}

func dayKey(in incidents.Incident) key {
	return key{}.raw(in.DeclaredAt.UTC().Format(time.DateOnly)).number(in.Number)
}
