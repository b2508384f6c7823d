package storetest

import (
	"slices"
	"strings"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

var _ = holds(
	promise{"every version of a postmortem is kept", postmortemVersions},
	promise{"an act on a postmortem is decided on its text", postmortemTexts},
	promise{"what is redacted goes out of every version of a postmortem", postmortemRedacted},
	promise{"what is kept no longer is in no version of a postmortem", postmortemEmptied},
)

// draft is what an author makes of an incident.
func draft(seq uint64, summary, impact string) incidents.Document {
	return incidents.Document{Template: "full", Title: "checkout is down", Seq: seq, Sections: []incidents.Section{
		{Slot: "summary", Title: "Summary", Text: summary, Author: incidents.ByRecord, Note: "by the record", Removed: []string{"Nobody noticed."}},
		{Slot: "impact", Title: "Impact", Text: impact, Author: incidents.ByRecord},
	}}
}

// texts are all versions of a postmortem, whole.
func (w *world) texts(n incidents.Number) (list []incidents.Document) {
	w.Helper()
	for v := 1; v <= w.incident(n).Postmortem.Version; v++ {
		doc, err := w.Store.Postmortem(w.ctx, n, v)
		w.ok(err)
		list = append(list, doc)
	}
	return list
}

func postmortemVersions(w *world) {
	before, n, behind := w.open("search is slow"), w.open("checkout is down"), w.open("mail is late")
	for _, other := range []incidents.Number{before, n, behind, 99} {
		_, err := w.Store.Postmortem(w.ctx, other, 0)
		w.missing(err)
		if list, err := w.Store.PostmortemVersions(w.ctx, other); err != nil || len(list) != 0 {
			w.Errorf("%s has the versions %v, %v", other, list, err)
		}
	}
	first, third := draft(1, "It began. [T1]", "Nobody knows."), draft(4, "It ended. [T4]", "Half an hour.")
	third.Sections = append(third.Sections, incidents.Section{Slot: "cause", Title: "Cause", Text: "A disk.\n\nIt was full.", Author: incidents.ByModel})
	w.apply(n, incidents.DraftPostmortem{Document: first})
	w.later(time.Hour)
	w.apply(n, incidents.EditPostmortem{Base: 1, Slot: "impact", Text: "All of Europe."})
	w.apply(n, incidents.DraftPostmortem{Base: 2, Document: third})
	w.apply(behind, incidents.DraftPostmortem{Document: first})
	w.again()
	for want, q := range map[string]store.Query{
		"INC-3 INC-2": {Postmortem: true}, "INC-2": {Postmortem: true, Before: behind}, "INC-3": {Postmortem: true, Limit: 1}, "": {Postmortem: true, Before: n}, "INC-3 INC-2 INC-1": {},
	} {
		var got []string
		list, err := w.Store.Incidents(w.ctx, q)
		w.ok(err)
		for _, in := range list {
			got = append(got, in.Number.String())
		}
		same(w, "those with a postmortem", strings.Join(got, " "), want)
	}
	first.Incident, first.Version, first.At, first.By = n, 1, noon, alice
	second := first
	second.Version, second.At, second.Sections = 2, w.now(), slices.Clone(first.Sections)
	second.Sections[1] = incidents.Section{Slot: "impact", Title: "Impact", Text: "All of Europe.", Author: incidents.ByPerson, Editor: alice.Person()}
	third.Incident, third.Version, third.At, third.By, third.Sections[1] = n, 3, w.now(), alice, second.Sections[1]
	same(w, "the versions", w.texts(n), []incidents.Document{first, second, third})
	newest, err := w.Store.Postmortem(w.ctx, n, 0)
	w.ok(err)
	same(w, "the newest", newest, third)
	heads, err := w.Store.PostmortemVersions(w.ctx, n)
	w.ok(err)
	for i, want := range []incidents.Document{first, second, third} {
		want.Sections = slices.Clone(want.Sections)
		for j := range want.Sections {
			want.Sections[j].Text, want.Sections[j].Note, want.Sections[j].Removed = "", "", nil
		}
		same(w, "the heads", heads[i], want)
	}
	for _, v := range []int{-1, 4} {
		_, err = w.Store.Postmortem(w.ctx, n, v)
		w.missing(err)
	}
	w.audit()
}

func postmortemTexts(w *world) {
	n := w.open("checkout is down")
	apply := func(act incidents.Act) error {
		_, err := w.Store.Apply(w.ctx, w.command(n, act))
		return err
	}
	w.refused(apply(incidents.EditPostmortem{Base: 1, Slot: "summary", Text: "x"}))
	w.apply(n, incidents.DraftPostmortem{Document: draft(1, "It began.", "Nobody knows.")})
	w.refused(apply(incidents.DraftPostmortem{Document: draft(1, "It began.", "Nobody knows.")}))
	w.apply(n, incidents.EditPostmortem{Base: 1, Slot: "impact", Text: "Europe"})
	w.apply(n, incidents.EditPostmortem{Base: 1, Slot: "summary", Text: "A disk"}) // which nobody has changed since
	w.refused(apply(incidents.EditPostmortem{Base: 1, Slot: "impact", Text: "Asia"}))
	w.again()
	w.apply(n, incidents.EditPostmortem{Base: 2, Slot: "impact", Text: "Asia"})
	again := w.command(n, incidents.EditPostmortem{Base: 4, Slot: "impact", Text: "Africa"})
	for range 2 {
		_, err := w.Store.Apply(w.ctx, again)
		w.ok(err)
	}
	same(w, "how many there are", len(w.texts(n)), 5)
}

func postmortemRedacted(w *world) {
	n := w.open("checkout is down")
	note := w.apply(n, incidents.AddNote{Text: "the password is swordfish"}).Events[0].Seq
	said := w.say(n, "1", "the key is under the mat").Events[0].Seq
	doc := draft(said, "Somebody wrote: the password is swordfish. [T2] And then: the key is under the mat. [T3]", "It was checkout.")
	doc.Sections[0].Removed = []string{"the password is swordfish"}
	w.apply(n, incidents.DraftPostmortem{Document: doc})
	seen := w.incident(n).Seq
	w.apply(n, incidents.EditPostmortem{Base: 1, Slot: "impact", Text: "I say: the password is swordfish\nand the lock is 1-2-3-4-5"})
	edit := w.incident(n).Seq
	w.apply(n, incidents.EditPostmortem{Base: 2, Slot: "impact", Text: "I say: the password is swordfish\nand the lock is 1-2-3-4-5\nso it was"})
	says := func(words string) bool {
		return slices.ContainsFunc(w.texts(n), func(doc incidents.Document) bool {
			return slices.ContainsFunc(doc.Sections, func(s incidents.Section) bool {
				return strings.Contains(s.Text+s.Note+strings.Join(s.Removed, " "), words)
			})
		})
	}
	for i, c := range []struct {
		act   incidents.Act
		words string
	}{
		{incidents.Redact{Seq: note}, "swordfish"},
		{incidents.RecordDeletion{ID: message("1"), At: w.now()}, "under the mat"},
		{incidents.Redact{Seq: edit}, "1-2-3-4-5"},
	} {
		if !says(c.words) {
			w.Errorf("%d: nothing said %q before", i, c.words)
		}
		w.apply(n, c.act)
		w.again()
		if says(c.words) {
			w.Errorf("%q is still in %+v", c.words, w.texts(n))
		}
	}
	if !says("so it was") || !says("It was checkout.") {
		w.Errorf("more is gone than should be: %+v", w.texts(n))
	}
	_, err := w.Store.Apply(w.ctx, w.command(n, incidents.EditPostmortem{Base: 3, Seen: seen, Slot: "impact", Text: "swordfish"}))
	w.refused(err)
	w.audit()
}

func postmortemEmptied(w *world) {
	n, other := w.open("checkout is down"), w.open("search is slow")
	for _, n := range []incidents.Number{n, other} {
		w.apply(n, incidents.DraftPostmortem{Document: draft(1, "It began with secrets.", "Nobody knows.")})
		w.apply(n, incidents.EditPostmortem{Base: 1, Slot: "impact", Text: "A person wrote secrets."})
	}
	w.mu.Lock()
	w.rules.Retention.Incidents = time.Hour
	w.mu.Unlock()
	w.apply(n, incidents.Close{})
	w.later(2 * time.Hour)
	w.apply(n, incidents.Expire{})
	w.again()
	for _, doc := range w.texts(n) {
		if doc.Title != incidents.RemovedText {
			w.Errorf("version %d is still called %q", doc.Version, doc.Title)
		}
		for _, s := range doc.Sections {
			if s.Text != incidents.RemovedText || s.Note != "" || len(s.Removed) > 0 {
				w.Errorf("version %d still says %+v", doc.Version, s)
			}
		}
	}
	if doc := w.texts(other)[1]; doc.Sections[1].Text != "A person wrote secrets." {
		w.Errorf("the other incident's says %+v", doc)
	}
	w.audit()
}
