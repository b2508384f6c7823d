package bolt

import (
	"encoding/binary"
	"time"

	"fireboss/incidents"
)

// A row of figures is: the hash of the state, flags, and the fields in the order of
// [appendFigures]. Numbers are varints, a text stands behind its length, a list
// behind its count; a moment is the milliseconds between it and the epoch plus one,
// and 0 where it is not known. Thousands of these are read at once, and a page must
// not wait for it: in JSON they are three times as long and take ten times as long to
// read.

// Flags of a row of figures.
const (
	flagDrill = 1 << iota
	flagPrivate
	flagBackfilled
)

func flags(f incidents.Figures) (b byte) {
	for flag, is := range map[byte]bool{flagDrill: f.Drill, flagPrivate: f.Private, flagBackfilled: f.Backfilled} {
		if is {
			b |= flag
		}
	}
	return b
}

func appendFigures(b []byte, f incidents.Figures) []byte {
	b = append(b, flags(f))
	b = appendInt(b, int(f.Severity))
	b = appendInt(b, f.Reopened)
	for _, s := range []string{string(f.Status), string(f.EndedAs), f.Type, f.Declarer} {
		b = appendText(b, s)
	}
	for _, name := range incidents.TimeNames {
		b = appendMoment(b, *f.Times.Named(name))
	}
	b = appendTexts(b, f.Services)
	b = appendTexts(b, f.People)
	b = appendInt(b, len(f.Tallies))
	for _, t := range f.Tallies {
		b = appendText(b, t.Rule)
		for _, n := range []int{t.Kept, t.PutOff, t.Missed, t.Sent, t.Late} {
			b = appendInt(b, n)
		}
	}
	b = appendInt(b, len(f.Followups))
	for _, u := range f.Followups {
		b = appendInt(b, u.Number)
		for _, s := range []string{string(u.State), string(u.Priority), u.Owner.ID, u.Owner.Name} {
			b = appendText(b, s)
		}
		b = appendMoment(appendMoment(b, u.Due), u.Ended)
	}
	return b
}

func appendInt(b []byte, n int) []byte { return binary.AppendVarint(b, int64(n)) }

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendTexts(b []byte, list []string) []byte {
	b = appendInt(b, len(list))
	for _, s := range list {
		b = appendText(b, s)
	}
	return b
}

func appendMoment(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return binary.AppendVarint(b, 0)
	}
	ms := t.UnixMilli()
	if ms >= 0 {
		ms++ // so that 0 is free
	}
	return binary.AppendVarint(b, ms)
}

// texts keeps each text once, however many rows have it.
type texts map[string]string

func (t texts) of(b []byte) string {
	s, known := t[string(b)]
	if !known {
		s = string(b)
		t[s] = s
	}
	return s
}

// figureReader reads rows. One that is too short makes it panic, which whoever reads
// the file takes for damage.
type figureReader struct {
	texts  texts
	people map[string]incidents.Person // by id, as they were last called
	rest   []byte
	// What lists are cut from, so that not every row needs memory of its own.
	words     arena[string]
	tallies   arena[incidents.RuleTally]
	followups arena[incidents.FollowupFigure]
	acts      arena[incidents.Acts]
}

func newFigureReader() *figureReader {
	return &figureReader{texts: texts{}, people: map[string]incidents.Person{}}
}

// arena is memory that lists are cut from, more at a time the more are wanted.
type arena[T any] struct {
	free []T
	size int
}

// take cuts a list off; nil where it is empty.
func (a *arena[T]) take(n int) []T {
	if n == 0 {
		return nil
	}
	if n > len(a.free) {
		a.size = min(2*a.size+n, 1024)
		a.free = make([]T, max(n, a.size))
	}
	list := a.free[:n:n]
	a.free = a.free[n:]
	return list
}

// stateHash is the hash of the state that a row of figures was made with.
func stateHash(row []byte) []byte { return row[:hashSize] }

const hashSize = 32

func (r *figureReader) figures(n incidents.Number, row []byte) incidents.Figures {
	r.rest = row[hashSize:]
	is := r.rest[0]
	r.rest = r.rest[1:]
	f := incidents.Figures{
		Number: n, Drill: is&flagDrill != 0, Private: is&flagPrivate != 0, Backfilled: is&flagBackfilled != 0,
		Severity: incidents.Severity(r.int()), Reopened: r.int(),
		Status: incidents.Status(r.text()), EndedAs: incidents.EndedAs(r.text()), Type: r.text(), Declarer: r.text(),
	}
	t := &f.Times
	for _, at := range []*time.Time{&t.ImpactStarted, &t.ImpactEnded, &t.Detected, &t.Declared, &t.Acknowledged, &t.Identified, &t.Mitigated, &t.Resolved, &t.Closed} {
		*at = r.moment()
	}
	f.Services, f.People = r.list(), r.list()
	f.Tallies = r.tallies.take(r.count())
	for i := range f.Tallies {
		t := &f.Tallies[i]
		t.Rule = r.text()
		t.Kept, t.PutOff, t.Missed, t.Sent, t.Late = r.int(), r.int(), r.int(), r.int(), r.int()
	}
	f.Followups = r.followups.take(r.count())
	for i := range f.Followups {
		f.Followups[i] = incidents.FollowupFigure{
			Number: r.int(), State: incidents.TaskState(r.text()), Priority: incidents.Priority(r.text()),
			Owner: r.person(), Due: r.moment(), Ended: r.moment(),
		}
	}
	return f
}

func (r *figureReader) int() int {
	v, n := binary.Varint(r.rest)
	if n <= 0 {
		panic("a number in a row of figures is cut")
	}
	r.rest = r.rest[n:]
	return int(v)
}

// count is how many there are of what follows, each of which takes a byte at least.
func (r *figureReader) count() int {
	n := r.int()
	if n < 0 || n > len(r.rest) {
		panic("a list in a row of figures is cut")
	}
	return n
}

func (r *figureReader) text() string { return r.texts.of(r.bytes()) }

// bytes are those of a text, within the row.
func (r *figureReader) bytes() []byte {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 || v > uint64(len(r.rest)-n) {
		panic("a text in a row of figures is cut")
	}
	end := n + int(v)
	b := r.rest[n:end]
	r.rest = r.rest[end:]
	return b
}

// person is somebody's id and name. Most are read again and again.
func (r *figureReader) person() incidents.Person {
	id, name := r.bytes(), r.bytes()
	if p, known := r.people[string(id)]; known && p.Name == string(name) {
		return p
	}
	p := incidents.Person{ID: r.texts.of(id), Name: r.texts.of(name)}
	r.people[p.ID] = p
	return p
}

func (r *figureReader) list() []string {
	list := r.words.take(r.count())
	for i := range list {
		list[i] = r.text()
	}
	return list
}

func (r *figureReader) moment() time.Time {
	ms := int64(r.int())
	switch {
	case ms == 0:
		return time.Time{}
	case ms > 0:
		ms--
	}
	return time.UnixMilli(ms).UTC()
}
