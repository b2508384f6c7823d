package postmortem

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"fireboss/incidents"
)

// account is a record made ready to be told.
type account struct {
	Record
	list    []*entry // the events, by seq
	told    []*entry // by when it happened, with the impact
	bySeq   map[uint64]*entry
	cast    *cast
	source  map[string][]uint64 // the events on which a fact stands, by its name
	marks   map[string]*entry   // the messages that are key events, by their ids outside
	last    map[string]*entry   // the last text of messages that were edited, by id
	deleted map[string]bool     // messages that their authors took back, by id
	silent  []silence           // in the order in which they happened
}

// entry is an event with what the record makes of it.
type entry struct {
	*incidents.Event
	fields map[string]any
	read   bool
	hidden bool // its text is gone, or its author took it back
	weight weight
	phase  phase
	round  int // how often the incident had been reopened
}

// survey goes through a record once.
func survey(r Record) *account {
	a := &account{Record: r, bySeq: make(map[uint64]*entry, len(r.Events)), marks: map[string]*entry{}, last: map[string]*entry{}, deleted: map[string]bool{}}
	entries := make([]entry, len(r.Events))
	for i := range r.Events {
		e := &entries[i]
		e.Event = &r.Events[i]
		a.list = append(a.list, e)
	}
	slices.SortStableFunc(a.list, func(x, y *entry) int { return cmp.Compare(x.Seq, y.Seq) })
	for _, e := range a.list {
		a.bySeq[e.Seq] = e
		a.follow(e)
	}
	for _, e := range a.list {
		e.hidden = e.Redacted || a.takenBack(e)
		e.weight = a.weigh(e)
	}
	a.source = a.trace()
	a.told = append(a.impact(), a.list...)
	slices.SortStableFunc(a.told, func(x, y *entry) int { return x.At.Compare(y.At) })
	a.cast = newCast(a)
	a.divide()
	a.silent = a.silences()
	return a
}

// The impact began and ended at moments that events tell of which came later: they
// are told as if they were events themselves.
const (
	impactBegan incidents.Kind = "impact_began"
	impactEnded incidents.Kind = "impact_ended"
)

// impact is what is told of the impact, with the events on which it stands.
func (a *account) impact() []*entry {
	var list []*entry
	t := a.Incident.Times
	for _, m := range []struct {
		kind incidents.Kind
		name string
		at   time.Time
	}{{impactBegan, "impact_started", t.ImpactStarted}, {impactEnded, "impact_ended", t.ImpactEnded}} {
		if cites := a.sourceOf(m.name); !m.at.IsZero() && len(cites) > 0 {
			e := &incidents.Event{Incident: a.Incident.Number, Kind: m.kind, At: m.at, RecordedAt: m.at, Seq: cites[0], Actor: incidents.Fireboss}
			list = append(list, &entry{Event: e, read: true, weight: turning})
		}
	}
	return list
}

// follow keeps what became of messages of the channel.
func (a *account) follow(e *entry) {
	switch e.Kind {
	case incidents.MessageMarked:
		a.marks[e.field("id")] = e
	case incidents.MessageUnmarked:
		delete(a.marks, e.field("id"))
	case incidents.MessageEdited:
		a.last[e.field("id")] = e
	case incidents.MessageDeleted:
		a.deleted[e.field("id")] = true
	}
}

// takenBack reports whether an event holds what a message said that its author has
// deleted since, also where the policy keeps its text.
func (a *account) takenBack(e *entry) bool {
	if len(a.deleted) == 0 {
		return false
	}
	switch e.Kind {
	case incidents.MessagePosted, incidents.MessageEdited, incidents.MessageMarked:
		return a.deleted[e.field("id")]
	case incidents.TaskAdded, incidents.FollowupAdded:
		id := e.field("message")
		return id != "" && a.deleted[id]
	}
	return false
}

// field is the text of one field of an event's data, empty where there is none.
func (e *entry) field(name string) string {
	switch v := e.value(name).(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}

// value is one field of an event's data, nil where there is none.
func (e *entry) value(name string) any {
	if !e.read {
		e.read = true
		if len(e.Data) > 2 && json.Unmarshal(e.Data, &e.fields) != nil {
			e.fields = nil
		}
	}
	return e.fields[name]
}

// has reports whether an event's data may have a field, without reading it.
func (e *entry) has(name string) bool { return bytes.Contains(e.Data, []byte(`"`+name+`"`)) }

// seq is a field that names another event; 0 where there is none.
func (e *entry) seq(name string) uint64 {
	f, ok := e.value(name).(float64)
	if !ok || f < 1 {
		return 0
	}
	return uint64(f)
}

// moment is a field that is a time; zero where there is none.
func (e *entry) moment(name string) time.Time {
	t, err := time.Parse(time.RFC3339, e.field(name))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// number is the field in which tasks, follow-ups and the like have theirs.
func (e *entry) number() int {
	f, ok := e.value("number").(float64)
	if !ok {
		return 0
	}
	return int(f)
}

// reopens reports whether an event took up an incident that had ended.
func (e *entry) reopens() bool {
	return e.Kind == incidents.StatusChanged && e.value("reopened") != nil
}

// later reports whether an event was written down well after it had happened.
func (e *entry) later() bool { return e.RecordedAt.Sub(e.At) >= lateWord }

// lateWord is from when on it is said that something was written down later.
const lateWord = 2 * time.Minute

// of is the entries of some kinds, in the order in which they happened.
func (a *account) of(kinds ...incidents.Kind) []*entry {
	var list []*entry
	for _, e := range a.told {
		if slices.Contains(kinds, e.Kind) {
			list = append(list, e)
		}
	}
	return list
}

// seqs are those of some entries.
func seqs(list []*entry) []uint64 {
	out := make([]uint64, len(list))
	for i, e := range list {
		out[i] = e.Seq
	}
	return out
}
