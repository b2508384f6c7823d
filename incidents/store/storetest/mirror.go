package storetest

import (
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

var _ = holds(
	promise{"what is open is behind a new mirror", newMirror},
	promise{"every change puts its incident behind", behind},
	promise{"a mirror that comes forward goes to the end of the queue", fair},
	promise{"records and places are kept", recordsKept},
	promise{"what is posted outside stands for its event", linked},
)

func (w *world) behind(mirror string, want ...incidents.Number) {
	w.Helper()
	list, err := w.Store.BehindMirror(w.ctx, mirror)
	w.ok(err)
	if len(list) == 0 && len(want) == 0 {
		return
	}
	same(w, "behind "+mirror, list, want)
}

func (w *world) record(mirror string, n incidents.Number) store.Record {
	w.Helper()
	r, err := w.Store.Record(w.ctx, mirror, n)
	w.ok(err)
	return r
}

// sync stores that a mirror has all of an incident as it stands.
func (w *world) sync(mirror string, n incidents.Number) {
	w.Helper()
	in, r := w.incident(n), w.record(mirror, n)
	r.SyncedVersion, r.CursorSeq = in.Version, in.Seq
	w.ok(w.Store.PutRecord(w.ctx, r))
}

func newMirror(w *world) {
	first, ended, third := w.open("one"), w.open("two"), w.open("three")
	w.apply(ended, incidents.Resolve{})
	w.behind("slack")
	w.ok(w.Store.AddMirror(w.ctx, "slack"))
	w.behind("slack", first, third)
	w.sync("slack", first)
	w.again()
	w.ok(w.Store.AddMirror(w.ctx, "slack"))
	w.behind("slack", third)
	w.ok(w.Store.AddMirror(w.ctx, "slack two"))
	w.behind("slack two", first, third)
	w.ok(w.Store.AddMirror(w.ctx, "sl"))
	w.sync("sl", first)
	w.behind("slack", third)
	w.apply(ended, incidents.AddNote{Text: "it matters after all"})
	w.behind("slack", third, ended)
	w.behind("sl", third, ended)
}

func behind(w *world) {
	w.ok(w.Store.AddMirror(w.ctx, "slack"))
	n := w.open("one")
	opened := w.now()
	w.behind("slack", n)
	w.later(time.Second)
	other := w.open("two")
	w.later(time.Second)
	w.apply(n, incidents.ChangeSeverity{To: 2})
	w.behind("slack", n, other) // by the oldest change
	if r := w.record("slack", n); !r.BehindSince.Equal(opened) || r.SyncedVersion != 0 {
		w.Errorf("behind since %s, want %s", r.BehindSince, opened)
	}
	w.sync("slack", n)
	w.behind("slack", other)
	if r := w.record("slack", n); !r.BehindSince.IsZero() {
		w.Errorf("not behind, since %s", r.BehindSince)
	}
	w.sync("slack", other)
	w.later(time.Second)
	w.say(n, "1", "a message alone")
	w.behind("slack", n)
	said := w.now()
	w.again()
	w.later(time.Second)
	if r := w.record("slack", n); !r.BehindSince.Equal(said) {
		w.Errorf("behind since %s, want %s", r.BehindSince, said)
	}
	r := w.record("slack", n)
	r.CursorSeq = w.incident(n).Seq
	w.ok(w.Store.PutRecord(w.ctx, r))
	w.behind("slack")
	r.SyncedVersion-- // the mirror found that it has lost something
	w.ok(w.Store.PutRecord(w.ctx, r))
	w.behind("slack", n)
}

func fair(w *world) {
	w.ok(w.Store.AddMirror(w.ctx, "slack"))
	n, other := w.open("one"), w.open("two")
	was := w.record("slack", n)
	w.later(time.Second)
	failed := was
	failed.Attempts, failed.NextTry, failed.LastError = 1, w.now().Add(time.Minute), "ratelimited"
	w.ok(w.Store.PutRecord(w.ctx, failed))
	w.behind("slack", n, other)
	if r := w.record("slack", n); !r.BehindSince.Equal(was.BehindSince) || r.LastError != "ratelimited" {
		w.Errorf("after a failure behind since %s, want %s", r.BehindSince, was.BehindSince)
	}
	synced := was
	synced.SyncedVersion, synced.CursorSeq = w.incident(n).Version, w.incident(n).Seq
	w.say(n, "1", "while it was being synced")
	w.ok(w.Store.PutRecord(w.ctx, synced))
	w.behind("slack", other, n)
	w.again()
	w.open("three")
	w.behind("slack", other, n, 3)
}

func recordsKept(w *world) {
	w.ok(w.Store.AddMirror(w.ctx, "slack"))
	n, other := w.open("one"), w.open("two")
	same(w, "the record nobody wrote", w.record("pagerduty", n), store.Record{Mirror: "pagerduty", Incident: n})
	in := w.incident(n)
	r := store.Record{
		Mirror: "slack", Incident: n, SyncedVersion: in.Version, CursorSeq: in.Seq, Place: "C1", PlaceName: "inc-1-one",
		IDs: map[string]string{"card": "1700000000.000100"}, Attempts: 2, NextTry: noon.Add(time.Hour), LastError: "is_archived",
	}
	w.ok(w.Store.PutRecord(w.ctx, r))
	w.again()
	same(w, "the record", w.record("slack", n), r)
	r.Place = "C2"
	w.ok(w.Store.PutRecord(w.ctx, r))
	for place, want := range map[string]incidents.Number{"C1": n, "C2": n} {
		at, err := w.Store.AtPlace(w.ctx, "slack", place)
		if err != nil || at != want {
			w.Errorf("at %s is %s, %v", place, at, err)
		}
	}
	_, err := w.Store.AtPlace(w.ctx, "discord", "C1")
	w.missing(err)
	_, err = w.Store.AtPlace(w.ctx, "slack", "")
	w.missing(err)
	_, err = w.Store.AtPlace(w.ctx, "slack", "C")
	w.missing(err)
	r.Incident = other + 1
	w.missing(w.Store.PutRecord(w.ctx, r))
	w.audit()
}

func linked(w *world) {
	n, other := w.open("one"), w.open("two")
	e := w.events(n)[0]
	card := incidents.OutsideID{Mirror: "slack", ID: "C1/9"}
	r := w.record("slack", n)
	w.ok(w.Store.PutRecord(w.ctx, r, store.Link{Outside: card, Seq: e.Seq}))
	w.ok(w.Store.PutRecord(w.ctx, w.record("slack", other), store.Link{Outside: card, Seq: 1}))
	w.again()
	list, err := w.Store.Behind(w.ctx, card)
	w.ok(err)
	same(w, "behind the card", list, []incidents.Event{e, w.events(other)[0]})
	for _, id := range []incidents.OutsideID{{Mirror: "slack", ID: "C1/"}, {Mirror: "slac", ID: "kC1/9"}, {Mirror: "discord", ID: "C1/9"}} {
		if list, err := w.Store.Behind(w.ctx, id); err != nil || len(list) != 0 {
			w.Errorf("behind %v: %v, %v", id, list, err)
		}
	}
	r.Place = "C9"
	w.missing(w.Store.PutRecord(w.ctx, r, store.Link{Outside: card, Seq: 999}))
	_, err = w.Store.AtPlace(w.ctx, "slack", "C9")
	w.missing(err) // what failed has stored nothing
}
