package bolt

import (
	"bytes"
	"slices"
	"strings"
	"unicode"

	bbolt "go.etcd.io/bbolt"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// A trait is what a list may choose an incident by, as "severity=sev1" or
// "word=checkout": so a list of a few among thousands reads those few. It goes with
// the state, not with the events, and says nothing that the state does not.

// trait is how the keys of a trait begin, in whatever case its value is written: where
// [strings.EqualFold] says that two are the same, they are the same trait.
func trait(name, value string) key {
	return key(name + "=" + strings.Map(folded, value) + "\x00")
}

// folded is the smallest of the letters that differ by their case alone.
func folded(r rune) rune {
	least := r
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		least = min(least, other)
	}
	return unicode.ToLower(least)
}

// traitsOf are the traits of an incident as it stands, each once. A change removes those
// that the incident had by this, so what makes others of it needs a migration.
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
		if begin := r.endings(traits, t[:len(t)-1]); len(begin) <= fewEndings { // else all that the other conditions choose are looked at
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

// addTraits finds all incidents by their traits, but those that cannot be read, of which
// no list says anything either, and an audit does.
func addTraits(tx *bbolt.Tx) error {
	if err := addBuckets(tx); err != nil {
		return err
	}
	r := rows{tx: tx}
	for n := incidents.Number(1); n <= r.lastNumber(); n++ {
		in, ok, err := r.incident(n)
		if err != nil || !ok {
			continue
		}
		for _, k := range traitsOf(in) {
			if err := tx.Bucket(traits.name).Put(k.number(n), none); err != nil {
				return err
			}
		}
	}
	return nil
}
