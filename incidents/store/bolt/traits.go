package bolt

import (
	"bytes"
	"slices"
	"strings"

	bbolt "go.etcd.io/bbolt"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// A trait is what a list may choose an incident by, as "severity=sev1" or
// "word=checkout": so a list of a few among thousands reads those few. It goes with
// the state, not with the events, and says nothing that the state does not.

// maxTrait is the length to which the value of a trait is cut, in bytes: what is
// found is looked at once more.
const maxTrait = 200

// trait is how the keys of a trait begin.
func trait(name, value string) key {
	value = store.Folded(value)
	value = value[:min(len(value), maxTrait)]
	return key(name + "=" + strings.ReplaceAll(value, "\x00", " ") + "\x00")
}

// traitsOf are the traits of an incident as it stands, each once.
func traitsOf(in incidents.Incident) []key {
	list := []key{trait("severity", in.Severity.String()), trait("status", string(in.Status))}
	if in.Type != "" {
		list = append(list, trait("type", in.Type))
	}
	if in.Drill {
		list = append(list, trait("drill", "yes"))
	}
	for _, s := range in.Services {
		list = append(list, trait("service", s))
	}
	for _, w := range in.Words() {
		list = append(list, trait("word", w))
	}
	slices.SortFunc(list, func(a, b key) int { return bytes.Compare(a, b) })
	return slices.CompactFunc(list, func(a, b key) bool { return bytes.Equal(a, b) })
}

// asked are the traits that a query wants, for each of its conditions those of which
// one is enough; none where it does not choose by any.
func (r rows) asked(q store.Query) (list [][]key) {
	one := func(name, value string) { list = append(list, []key{trait(name, value)}) }
	if q.Severity != nil {
		one("severity", q.Severity.String())
	}
	if q.Status != "" {
		one("status", string(q.Status))
	}
	if q.Type != "" {
		one("type", q.Type)
	}
	if q.Service != "" {
		one("service", q.Service)
	}
	if q.Drill {
		one("drill", "yes")
	}
	for _, w := range q.Words {
		t := trait("word", w)
		if begin := r.endings(traits, t[:len(t)-1]); len(begin) <= fewEndings { // else it chooses little
			list = append(list, begin)
		}
	}
	if q.Open && len(list) > 0 {
		var open []key
		for _, s := range incidents.Statuses {
			if s.Open() {
				open = append(open, trait("status", string(s)))
			}
		}
		list = append(list, open)
	}
	return list
}

// putTraits plans the traits of an incident that are new, and the end of those that
// it had.
func (p *plan) putTraits(was, in incidents.Incident) {
	var had []key
	if was.Version > 0 {
		if was.Title == in.Title && was.Type == in.Type && was.Severity == in.Severity && was.Status == in.Status && slices.Equal(was.Services, in.Services) {
			return // as after most changes; a drill stays one
		}
		had = traitsOf(was)
	}
	has := traitsOf(in)
	without := func(list []key, k key) bool {
		return !slices.ContainsFunc(list, func(o key) bool { return bytes.Equal(o, k) })
	}
	for _, k := range had {
		if without(has, k) {
			p.remove(traits, k.number(in.Number))
		}
	}
	for _, k := range has {
		if without(had, k) {
			p.put(traits, k.number(in.Number), none)
		}
	}
}

// addTraits finds all incidents by their traits.
func addTraits(tx *bbolt.Tx) error {
	if err := addBuckets(tx); err != nil {
		return err
	}
	r := rows{tx: tx}
	for n := incidents.Number(1); n <= r.lastNumber(); n++ {
		in, ok, err := r.incident(n)
		if err != nil || !ok {
			return r.unreadable(n.String(), err)
		}
		for _, k := range traitsOf(in) {
			if err := tx.Bucket(traits.name).Put(k.number(n), none); err != nil {
				return err
			}
		}
	}
	return nil
}
