package bolt

import (
	"bytes"
	"encoding/binary"
	"maps"
	"slices"

	"fireboss/incidents"
)

// A row of load is one incident's on one day: for each person the id and the name,
// each behind its length, and a bit for each quarter of an hour; see
// [incidents.Load]. A message of somebody who has written within the same quarter
// changes nothing, so that a busy channel writes few of these.

func loadKey(n incidents.Number, day int) key {
	return binary.BigEndian.AppendUint32(key{}.number(n), uint32(day))
}

func loadDay(k []byte) int { return int(binary.BigEndian.Uint32(k[8:])) }

func loadRow(l incidents.Load) []byte {
	var b []byte
	for _, a := range l.Acts {
		b = appendText(appendText(b, a.Who.ID), a.Who.Name)
		b = append(b, a.Quarters[:]...)
	}
	return b
}

func (r *figureReader) load(day int, row []byte) incidents.Load {
	r.rest = row
	n := 0
	for ; len(r.rest) > 0; n++ {
		r.skip(2)
	}
	l := incidents.Load{Day: day, Acts: r.acts.take(n)}
	r.rest = row
	for i := range l.Acts {
		a := &l.Acts[i]
		a.Who = r.person()
		r.rest = r.rest[copy(a.Quarters[:], r.rest):]
	}
	return l
}

// skip goes over what one person has in a row: so many texts, and the quarters.
func (r *figureReader) skip(words int) {
	for range words {
		v, n := binary.Uvarint(r.rest)
		r.rest = r.rest[n+int(v):]
	}
	r.rest = r.rest[len(incidents.Quarters{}):]
}

// putLoad plans what people did by these events of one incident.
func (p *plan) putLoad(n incidents.Number, list []incidents.Event) {
	var days loads
	for _, e := range list {
		day, i, ok := e.Act()
		if !ok {
			continue
		}
		if days[day] == nil {
			row := p.get(load, loadKey(n, day))
			if counted(row, e.Actor.ID, i) {
				continue // as nearly always
			}
			l := newFigureReader().load(day, row)
			if days == nil {
				days = loads{}
			}
			days[day] = &l
		}
		days[day].Add(e.Actor.Person(), i)
	}
	for day, l := range days {
		p.put(load, loadKey(n, day), loadRow(*l))
	}
}

// counted reports whether a row has it already that somebody did something.
func counted(row []byte, id string, i int) bool {
	r := figureReader{rest: row}
	for len(r.rest) > 0 {
		v, n := binary.Uvarint(r.rest)
		who := r.rest[n : n+int(v)]
		r.skip(2)
		if string(who) == id {
			at := len(row) - len(r.rest) - len(incidents.Quarters{})
			q := incidents.Quarters(row[at:])
			return q.Has(i)
		}
	}
	return false
}

// loads is an incident's load by day, counted from its events.
type loads map[int]*incidents.Load

func (l loads) count(e incidents.Event) {
	day, i, ok := e.Act()
	if !ok {
		return
	}
	if l[day] == nil {
		l[day] = &incidents.Load{Day: day}
	}
	l[day].Add(e.Actor.Person(), i)
}

// countLoad counts the load of an incident from all its events.
func (r rows) countLoad(n incidents.Number) (loads, error) {
	days := loads{}
	for after := uint64(0); ; {
		list, err := r.eventsAfter(n, after, page)
		if err != nil || len(list) == 0 {
			return days, err
		}
		for _, e := range list {
			days.count(e)
			after = e.Seq
		}
	}
}

// holds reports whether the rows of an incident's load are these, and no others.
func (r rows) holds(n incidents.Number, want loads) bool {
	days := slices.Sorted(maps.Keys(want))
	same := true
	r.prefix(load, key{}.number(n), func(k, v []byte) bool {
		if len(days) == 0 || !bytes.Equal(k, loadKey(n, days[0])) || !bytes.Equal(v, loadRow(*want[days[0]])) {
			same = false
			return false
		}
		days = days[1:]
		return true
	})
	return same && len(days) == 0
}
