package bolt

import (
	"fmt"
	"strings"
	"testing"

	bbolt "go.etcd.io/bbolt"

	"fireboss/incidents"
)

// draft is a text of an incident's timeline with so many sections, all of them
// long but one.
func draft(seq uint64, short string) incidents.Document {
	doc := incidents.Document{Template: "full", Title: "checkout is down", Seq: seq, Sections: []incidents.Section{{Slot: "summary", Title: "Summary", Text: short, Author: incidents.ByRecord}}}
	for i := range 5 {
		slot := fmt.Sprint("part", i)
		doc.Sections = append(doc.Sections, incidents.Section{Slot: slot, Title: slot, Text: strings.Repeat("what happened then ", 500), Author: incidents.ByRecord})
	}
	return doc
}

// TestAuditOfPostmortems takes rows of a postmortem away, and expects to be told.
func TestAuditOfPostmortems(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*tampering)
		says   string
	}{
		"nothing":                   {func(*tampering) {}, ""},
		"a version is gone":         {func(x *tampering) { x.remove(postmortems, documentKey(3, 1)) }, "version 1 of the postmortem of INC-3 is missing"},
		"it is not JSON":            {func(x *tampering) { x.put(postmortems, documentKey(3, 2), []byte("{")) }, "version 2 of the postmortem of INC-3 is missing"},
		"it does not say where":     {func(x *tampering) { x.flip(postmortems, documentKey(3, 2), `"stands"`) }, "version 2 of the postmortem of INC-3 is missing"},
		"it is another's":           {func(x *tampering) { x.put(postmortems, documentKey(3, 2), x.get(postmortems, documentKey(3, 1))) }, "version 2 of the postmortem of INC-3 is missing"},
		"a section is gone":         {func(x *tampering) { x.remove(sections, sectionKey(3, 1, "part1")) }, "version 1 of the postmortem of INC-3 is missing"},
		"a section is not JSON":     {func(x *tampering) { x.put(sections, sectionKey(3, 2, "summary"), []byte("{")) }, "version 2 of the postmortem of INC-3 is missing"},
		"a version behind its last": {func(x *tampering) { x.put(postmortems, documentKey(3, 3), []byte("{}")) }, "the postmortem of INC-3 has a version behind its last, 2"},
		"one where there is none":   {func(x *tampering) { x.put(postmortems, documentKey(4, 1), []byte("{}")) }, "the postmortem of INC-4 has a version behind its last, 0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := sealedStore(t)
			apply(t, db, 3, incidents.DraftPostmortem{Document: draft(5, "It began.")})
			apply(t, db, 3, incidents.EditPostmortem{Base: 1, Slot: "summary", Text: "A disk was full."})
			check(t, db)
			must(t, db.bolt.Update(func(tx *bbolt.Tx) error {
				c.change(&tampering{t, rows{tx, db.path, nil}})
				return nil
			}))
			a, err := db.Audit(t.Context())
			if err != nil || (c.says == "") != (a.Wrong == "") || !strings.Contains(a.Wrong, c.says) {
				t.Errorf("the audit says %q, %v; want %q", a.Wrong, err, c.says)
			}
			if _, err := db.Postmortem(t.Context(), 3, 0); err != nil && name == "nothing" {
				t.Error(err)
			}
		})
	}
}

// TestAVersionCostsWhatItChanges: a section that stays is not written again.
func TestAVersionCostsWhatItChanges(t *testing.T) {
	db := sealedStore(t)
	apply(t, db, 3, incidents.DraftPostmortem{Document: draft(5, "It began.")})
	size := func() (sum int) {
		must(t, db.view(t.Context(), func(r rows) error {
			for _, b := range []bucket{postmortems, sections} {
				r.prefix(b, nil, func(_, v []byte) bool {
					sum += len(v)
					return true
				})
			}
			return nil
		}))
		return sum
	}
	first := size()
	for v := 1; v <= 20; v++ {
		apply(t, db, 3, incidents.EditPostmortem{Base: v, Slot: "summary", Text: fmt.Sprint("so it was, ", v)})
	}
	if each := (size() - first) / 20; each > 1000 {
		t.Errorf("a version that changes one line of %d bytes takes %d", first, each)
	}
	check(t, db)
}
