package bolt

import (
	"context"
	"encoding/binary"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// dueIncident is the kind of a deadline that belongs to an incident.
const dueIncident = 'i'

func dueKey(n incidents.Number, d incidents.Deadline) key {
	k := append(key{}.moment(d.Due), dueIncident).number(n).name(d.Rule)
	return binary.BigEndian.AppendUint32(k, uint32(d.Occurrence))
}

// dueRow is the rest of a deadline. It is not JSON because a hundred that are
// due must be found in microseconds.
func dueRow(d incidents.Deadline) []byte {
	return key{}.moment(d.AtRisk).raw(d.For)
}

func takeDue(k, row []byte) (d store.Due) {
	d.Deadline.Due, k = takeMoment(k)
	d.Incident, k = takeNumber(k[1:])
	d.Deadline.Rule, k = takeName(k)
	d.Deadline.Occurrence = int(binary.BigEndian.Uint32(k))
	d.Deadline.AtRisk, row = takeMoment(row)
	d.Deadline.For = string(row)
	return d
}

// Due lists deadlines that are due; see [store.Store].
func (db *DB) Due(ctx context.Context, now time.Time, limit int) (list []store.Due, err error) {
	err = db.view(ctx, func(r rows) error {
		c := r.cursor(due)
		for k, v := c.First(); k != nil && (limit <= 0 || len(list) < limit); k, v = c.Next() {
			d := takeDue(k, v)
			if d.Deadline.Due.After(now) {
				break
			}
			list = append(list, d)
		}
		return nil
	})
	return list, err
}

// NextDue is when the earliest deadline is due; see [store.Store].
func (db *DB) NextDue(ctx context.Context) (at time.Time, err error) {
	err = db.view(ctx, func(r rows) error {
		if k, _ := r.cursor(due).First(); k != nil {
			at, _ = takeMoment(k)
		}
		return nil
	})
	return at, err
}
