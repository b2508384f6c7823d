package bolt

import (
	"bytes"
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

// dueReader reads deadlines. There are few different names among them, so each
// is made a string once.
type dueReader struct{ names map[string]string }

func (r dueReader) name(b []byte) string {
	name, known := r.names[string(b)]
	if !known {
		name = string(b)
		r.names[name] = name
	}
	return name
}

func (r dueReader) take(k, row []byte) (d store.Due) {
	d.Deadline.Due, k = takeMoment(k)
	d.Incident, k = takeNumber(k[1:])
	n := binary.BigEndian.Uint32(k)
	d.Deadline.Rule, k = r.name(k[4:4+n]), k[4+n:]
	d.Deadline.Occurrence = int(binary.BigEndian.Uint32(k))
	d.Deadline.AtRisk, row = takeMoment(row)
	d.Deadline.For = r.name(row)
	return d
}

// Due lists deadlines that are due; see [store.Store].
func (db *DB) Due(ctx context.Context, now time.Time, limit int) (list []store.Due, err error) {
	err = db.view(ctx, func(r rows) error {
		c, end := r.cursor(due), key{}.moment(now)
		reader := dueReader{map[string]string{}}
		for k, v := c.First(); k != nil && (limit <= 0 || len(list) < limit); k, v = c.Next() {
			if bytes.Compare(k[:momentSize], end) > 0 {
				break
			}
			if list == nil {
				list = make([]store.Due, 0, 128)
			}
			list = append(list, reader.take(k, v))
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
