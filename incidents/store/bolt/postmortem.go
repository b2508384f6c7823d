package bolt

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	"fireboss/incidents"
	"fireboss/incidents/postmortem"
	"fireboss/incidents/store"
)

// outline is a row in postmortems: a version of a text, whose sections have their
// names and authors only. Stands says of each section in which version it was new:
// its own row, in sections, is found by that. So a version costs what it changes.
type outline struct {
	incidents.Document

	Stands []int `json:"stands"`
}

func documentKey(n incidents.Number, version int) key { return key{}.number(n).uint(uint64(version)) }

func sectionKey(n incidents.Number, version int, slot string) key {
	return documentKey(n, version).raw(slot)
}

// bare is a section without what stands in its own row.
func bare(s incidents.Section) incidents.Section {
	s.Text, s.Note, s.Removed = "", "", nil
	return s
}

// putDocument plans a new version of a postmortem's text; nil is none.
func (p *plan) putDocument(doc *incidents.Document) error {
	if doc == nil {
		return nil
	}
	was, err := p.outline(doc.Incident, doc.Version-1)
	if err != nil {
		return err
	}
	row := outline{Document: *doc}
	row.Sections = nil
	for _, s := range doc.Sections {
		stands, err := p.standing(was, s)
		if err != nil {
			return err
		}
		if stands == 0 {
			stands = doc.Version
			p.putJSON(sections, sectionKey(doc.Incident, stands, s.Slot), nil, s)
		}
		row.Sections, row.Stands = append(row.Sections, bare(s)), append(row.Stands, stands)
	}
	p.putJSON(postmortems, documentKey(doc.Incident, doc.Version), nil, row)
	return nil
}

// standing is the version in which a section stands already as it is to be; 0: none.
func (r rows) standing(in outline, s incidents.Section) (int, error) {
	for i, have := range in.Sections {
		if have.Slot != s.Slot {
			continue
		}
		stored, err := r.section(in.Incident, in.Stands[i], s.Slot)
		if err == nil && reflect.DeepEqual(stored, s) {
			return in.Stands[i], nil
		}
		return 0, err
	}
	return 0, nil
}

// outline reads a version's row; the zero one where there is none.
func (r rows) outline(n incidents.Number, version int) (o outline, err error) {
	if row := r.get(postmortems, documentKey(n, version)); row != nil {
		return r.takeOutline(n, row)
	}
	return o, nil
}

func (r rows) takeOutline(n incidents.Number, row []byte) (o outline, err error) {
	if err = json.Unmarshal(row, &o); err == nil && len(o.Stands) != len(o.Sections) {
		err = fmt.Errorf("it has %d sections, which stand in %d places", len(o.Sections), len(o.Stands))
	}
	if err != nil {
		return o, r.unreadable("the postmortem of "+n.String(), err)
	}
	return o, nil
}

func (r rows) section(n incidents.Number, version int, slot string) (s incidents.Section, err error) {
	row := r.get(sections, sectionKey(n, version, slot))
	if err := json.Unmarshal(row, &s); err != nil {
		return s, r.unreadable(fmt.Sprintf("the section %s of the postmortem of %s", slot, n), err)
	}
	return s, nil
}

// document reads a version whole; false where there is none.
func (r rows) document(n incidents.Number, version int) (incidents.Document, bool, error) {
	return r.takeDocument(n, r.get(postmortems, documentKey(n, version)))
}

// newestDocument reads the newest version whole; false where there is none.
func (r rows) newestDocument(n incidents.Number) (incidents.Document, bool, error) {
	k := seekBefore(r.cursor(postmortems), key{}.number(n+1))
	if !bytes.HasPrefix(k, key{}.number(n)) {
		return incidents.Document{}, false, nil
	}
	return r.takeDocument(n, r.get(postmortems, k))
}

func (r rows) takeDocument(n incidents.Number, row []byte) (doc incidents.Document, ok bool, err error) {
	if row == nil {
		return doc, false, nil
	}
	o, err := r.takeOutline(n, row)
	if err != nil {
		return doc, false, err
	}
	for i, s := range o.Sections {
		if o.Sections[i], err = r.section(n, o.Stands[i], s.Slot); err != nil {
			return doc, false, err
		}
	}
	return o.Document, true, nil
}

// recallTexts looks up the texts that an act wants to know.
func (p *plan) recallTexts(n incidents.Number, act incidents.Act, facts *incidents.Facts) error {
	base, wanted := incidents.Reads(act)
	if !wanted {
		return nil
	}
	doc, ok, err := p.newestDocument(n)
	if err != nil || !ok {
		return err
	}
	facts.Document = &doc
	was, ok, err := p.document(n, base)
	if ok {
		facts.Base = &was
	}
	return err
}

// redactDocuments plans that what goes out of an incident's record goes out of
// every version of its postmortem; gone are the events as they were.
func (p *plan) redactDocuments(in incidents.Incident, change incidents.Change, gone []incidents.Event) error {
	n := in.Number
	if in.Postmortem.Version == 0 || len(gone) == 0 {
		return nil
	}
	out := change.Gone(gone)
	for _, e := range gone {
		version, slot, edited := e.Edited()
		if !edited {
			continue
		}
		was, _, err := p.document(n, version-1)
		if err != nil {
			return err
		}
		is, _, err := p.document(n, version)
		if err != nil {
			return err
		}
		out.Texts = append(out.Texts, is.Added(was, slot)...)
	}
	var failed error
	p.prefix(postmortems, key{}.number(n), func(k, row []byte) bool {
		var o outline
		if o, failed = p.takeOutline(n, row); failed != nil {
			return false
		}
		failed = p.redactVersion(o, out)
		return failed == nil
	})
	return failed
}

// redactVersion plans a version's row, and those of the sections that are new in
// it, without what has to go.
func (p *plan) redactVersion(o outline, out incidents.Gone) error {
	doc := o.Document
	doc.Sections = nil
	for i, s := range o.Sections {
		if o.Stands[i] != o.Version {
			continue
		}
		stored, err := p.section(o.Incident, o.Version, s.Slot)
		if err != nil {
			return err
		}
		doc.Sections = append(doc.Sections, stored)
	}
	left := doc.Emptied()
	if !out.All {
		left = postmortem.Without(doc, out.Seqs, out.Texts)
	}
	for i, s := range left.Sections {
		if !reflect.DeepEqual(s, doc.Sections[i]) {
			p.putJSON(sections, sectionKey(o.Incident, o.Version, s.Slot), nil, s)
		}
	}
	if left.Title != o.Title {
		o.Title = left.Title
		p.putJSON(postmortems, documentKey(o.Incident, o.Version), nil, o)
	}
	return nil
}

// Postmortem is one version of a postmortem's text; see [store.Postmortems].
func (db *DB) Postmortem(ctx context.Context, n incidents.Number, version int) (doc incidents.Document, err error) {
	err = db.view(ctx, func(r rows) error {
		var ok bool
		if doc, ok, err = r.document(n, version); version == 0 {
			doc, ok, err = r.newestDocument(n)
		}
		if err == nil && !ok {
			return store.ErrNotFound
		}
		return err
	})
	return doc, err
}

// PostmortemVersions lists the versions; see [store.Postmortems].
func (db *DB) PostmortemVersions(ctx context.Context, n incidents.Number) (list []incidents.Document, err error) {
	err = db.view(ctx, func(r rows) (failed error) {
		r.prefix(postmortems, key{}.number(n), func(_, row []byte) bool {
			var o outline
			if o, failed = r.takeOutline(n, row); failed == nil {
				list = append(list, o.Document)
			}
			return failed == nil
		})
		return failed
	})
	return list, err
}
