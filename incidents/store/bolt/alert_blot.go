package bolt

import (
	"bytes"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
)

// redactAlerts plans that what goes out of an incident's record goes out of its alerts too: where all of its texts go, out
// of those that are attached to it; where an event goes that tells of one, out of that. gone are the events as they were.
func (p *plan) redactAlerts(in incidents.Incident, change incidents.Change, gone []incidents.Event) error {
	var list []alerts.Number
	if change.Blank {
		of := key{}.number(in.Number)
		p.prefix(alertsOf, of, func(k, _ []byte) bool {
			n, _ := takeUint(bytes.TrimPrefix(k, of))
			list = append(list, alerts.Number(n))
			return true
		})
	} else {
		for _, e := range gone {
			if n, err := alerts.ParseNumber(e.AlertID()); err == nil {
				list = append(list, n)
			}
		}
	}
	done := map[alerts.Number]bool{}
	for _, n := range list {
		a, there, err := p.alert(n)
		if err != nil {
			return err
		}
		held, err := p.heldElsewhere(a, in.Number)
		if err != nil {
			return err
		}
		if there && !a.Blotted && !held && !done[n] {
			done[n] = true
			p.putJSON(alertRows, key{}.uint(uint64(n)), nil, a.Blot())
			if err := p.tell(a); err != nil {
				return err
			}
		}
	}
	return nil
}

// heldElsewhere says whether another incident has an alert now, of which nothing may be removed.
func (p *plan) heldElsewhere(a alerts.Alert, n incidents.Number) (bool, error) {
	if a.Incident == 0 || a.Incident == n {
		return false, nil
	}
	other, _, err := p.incident(a.Incident)
	return other.Hold.On(), err
}
