package bolt

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// check compares every index of a store with what it should hold by the rows
// that it is made from, so that no row is left behind and none forgotten.
func check(t testing.TB, db *DB) {
	t.Helper()
	err := db.view(context.Background(), func(r rows) error {
		for b, want := range expected(t, r) {
			got := map[string]string{}
			r.prefix(bucketNamed(b), nil, func(k, v []byte) bool {
				got[string(k)] = string(v)
				return true
			})
			for _, k := range slices.Sorted(maps.Keys(want)) {
				if v, ok := got[k]; !ok || v != want[k] {
					t.Errorf("%s[%q] is %q, want %q (there: %v)", b, k, v, want[k], ok)
				}
			}
			for _, k := range slices.Sorted(maps.Keys(got)) {
				if _, ok := want[k]; !ok {
					t.Errorf("%s[%q] should not be there", b, k)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func bucketNamed(name string) bucket { return bucket{[]byte(name)} }

// table is what a bucket should hold.
type table map[string]string

func expected(t testing.TB, r rows) map[string]table {
	want := map[string]table{}
	for _, b := range []bucket{sections, heads, figures, load, openings, days, words, traits, due, inside, queued, unfinished, finished, decided, outgoing} {
		want[string(b.name)] = table{}
	}
	put := func(b bucket, k key, v []byte) { want[string(b.name)][string(k)] = string(v) }
	for n := incidents.Number(1); n <= r.lastNumber(); n++ {
		in, ok, err := r.incident(n)
		if !ok || err != nil {
			t.Fatalf("%s is missing: %v", n, err)
		}
		expectIncident(t, r, in, put)
	}
	expectMirrors(t, r, put)
	expectDeliveries(t, r, put)
	return want
}

func expectIncident(t testing.TB, r rows, in incidents.Incident, put func(bucket, key, []byte)) {
	k := key{}.number(in.Number)
	list, err := r.eventsAfter(in.Number, 0, 1<<30)
	if err != nil || len(list) == 0 {
		t.Fatalf("%s has no events: %v", in.Number, err)
	}
	last := list[len(list)-1]
	put(heads, k, headRow(incidents.Incident{Number: in.Number, Seq: last.Seq, Head: last.Hash}))
	put(figures, k, figuresRow(in, r.get(states, k)))
	worked := loads{}
	put(days, dayKey(in), nil)
	if in.Status.Open() {
		put(openings, k, nil)
	}
	for _, t := range traitsOf(in) {
		put(traits, t.number(in.Number), nil)
	}
	for _, d := range in.Deadlines {
		put(due, dueKey(in.Number, d), dueRow(d))
	}
	for _, e := range list {
		worked.count(e)
		for _, w := range wordsOf(e) {
			put(words, wordKey(w, in.Number, e.Seq), nil)
		}
	}
	for day, l := range worked {
		put(load, loadKey(in.Number, day), loadRow(*l))
	}
	expectSections(t, r, in, put)
}

// expectSections wants each section in its row once, where it was new.
func expectSections(t testing.TB, r rows, in incidents.Incident, put func(bucket, key, []byte)) {
	for v := 1; v <= in.Postmortem.Version; v++ {
		o, err := r.outline(in.Number, v)
		if err != nil || o.Version != v {
			t.Fatalf("version %d of the postmortem of %s is %d: %v", v, in.Number, o.Version, err)
		}
		for i, s := range o.Sections {
			k := sectionKey(in.Number, o.Stands[i], s.Slot)
			put(sections, k, r.get(sections, k))
		}
	}
}

// expectMirrors also checks the rows of behind one by one.
func expectMirrors(t testing.TB, r rows, put func(bucket, key, []byte)) {
	r.prefix(outside, nil, func(k, _ []byte) bool {
		mirror, rest := takeName(k)
		id, rest := takeName(rest)
		put(inside, append(key(bytes.Clone(rest)).name(mirror), key{}.name(id)...), nil)
		return true
	})
	waiting := map[string]bool{}
	r.prefix(behind, nil, func(k, v []byte) bool {
		mirror, rest := takeName(k)
		n, _ := takeNumber(v)
		put(queued, mirrorKey(mirror, n), rest)
		waiting[fmt.Sprint(mirror, n)] = true
		return true
	})
	for _, mirror := range r.mirrors() {
		for n := incidents.Number(1); n <= r.lastNumber(); n++ {
			in, _, _ := r.incident(n)
			rec, known, err := r.mirrorRecord(mirror, n)
			if err != nil {
				t.Fatal(err)
			}
			// What had ended before the mirror came and did not change since is not behind.
			if waits := waiting[fmt.Sprint(mirror, n)]; waits != lags(in, rec) && (waits || known || in.Status.Open()) {
				t.Errorf("%s waits for %s: %v; its record is at %d:%d, it is at %d:%d", n, mirror, waits, rec.SyncedVersion, rec.CursorSeq, in.Version, in.Seq)
			}
		}
	}
}

func expectDeliveries(t testing.TB, r rows, put func(bucket, key, []byte)) {
	r.prefix(inbox, nil, func(k, v []byte) bool {
		d, order, _, err := r.delivery(string(k))
		if err != nil || d.ID != string(k) {
			t.Errorf("delivery %q is %+v, %v", k, d, err)
		}
		if d.Done {
			put(finished, key{}.moment(d.At).raw(d.ID), nil)
		} else {
			put(unfinished, key{}.uint(order), key{}.name(d.ID).raw(string(r.raw(order))))
		}
		return true
	})
	r.prefix(commands, nil, func(k, v []byte) bool {
		var b became
		if err := json.Unmarshal(v, &b); err != nil {
			t.Errorf("command %q: %v", k, err)
		}
		put(decided, key{}.moment(b.At).raw(string(k)), nil)
		return true
	})
	r.prefix(outbox, nil, func(k, v []byte) bool {
		order, row := takeUint(v)
		var m store.Message
		if err := json.Unmarshal(row, &m); err != nil || m.Key != string(k) {
			t.Errorf("message %q is %+v, %v", k, m, err)
		}
		if m.State == store.Intended || m.State == store.Started {
			put(outgoing, key{}.uint(order), k)
		}
		return true
	})
}
