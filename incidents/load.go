package incidents

import (
	"slices"
	"time"
)

// Load is who did something for an incident on one day, in UTC, and in which quarters
// of an hour: a person who wrote forty messages within one was busy no longer than
// one who wrote a single one.
type Load struct {
	Day  int // since 1 January 1970
	Acts []Acts
}

// Acts are when one person did something on a day.
type Acts struct {
	Who      Person // by the name of the first act of that day
	Quarters Quarters
}

// Quarters are those of an hour of a day, from midnight on: bit i%8 of byte i/8 is set
// where something was done in the i-th. All time zones differ from UTC by whole
// quarters of an hour today.
type Quarters [12]byte

// quarter is how long one is.
const quarter = 15 * time.Minute

// Has reports whether something was done in the i-th quarter of an hour.
func (q *Quarters) Has(i int) bool { return q[i/8]&(1<<(i%8)) != 0 }

func (q *Quarters) set(i int) { q[i/8] |= 1 << (i % 8) }

// At is when the i-th quarter of an hour of this day begins.
func (l Load) At(i int) time.Time {
	return time.Unix(int64(l.Day)*86400, 0).UTC().Add(time.Duration(i) * quarter)
}

// Add counts what somebody did in a quarter of an hour of this day; false where it was
// counted already.
func (l *Load) Add(who Person, i int) bool {
	at := slices.IndexFunc(l.Acts, func(a Acts) bool { return a.Who.ID == who.ID })
	if at < 0 {
		at = len(l.Acts)
		l.Acts = append(l.Acts, Acts{Who: who})
	}
	if l.Acts[at].Quarters.Has(i) {
		return false
	}
	l.Acts[at].Quarters.set(i)
	return true
}

// ownTime are the kinds of events that somebody caused when they happened, not when
// they were written down: what was missed while the bot was away is read later.
var ownTime = map[Kind]bool{MessagePosted: true, MessageEdited: true, MessageDeleted: true, ResponderJoined: true, ResponderLeft: true}

// Act says on which day, and in which quarter of an hour of it, a person did something
// by this event; false where it was no person.
func (e Event) Act() (day, i int, ok bool) {
	if e.Actor.Kind != User || e.Actor.ID == "" {
		return 0, 0, false
	}
	at := e.RecordedAt
	if ownTime[e.Kind] {
		at = e.At
	}
	if !sensible(at) {
		return 0, 0, false
	}
	sec := at.Unix()
	return int(sec / 86400), int(sec % 86400 / int64(quarter/time.Second)), true
}
