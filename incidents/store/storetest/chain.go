package storetest

import (
	"slices"
	"strings"
	"time"

	"fireboss/incidents"
)

var _ = holds(
	promise{"events are a chain", chained},
	promise{"salts are random", salted},
	promise{"a redaction takes the text and leaves the chain", redacted},
	promise{"what a message was stays redacted", redactedForGood},
	promise{"closing seals", closing},
	promise{"a seal holds what changed since the last one", sealing},
	promise{"the audit counts", audited},
)

func chained(w *world) {
	n, other := w.open("checkout is down"), w.open("search is slow")
	for i := range 5 {
		w.say(n, string(rune('a'+i)), "message")
		w.say(other, string(rune('p'+i)), "message")
		w.apply(n, incidents.AssignRole{Role: incidents.CommanderRole, To: []incidents.Person{alice.Person(), bob.Person()}[i%2]})
	}
	for _, n := range []incidents.Number{n, other} {
		prev := ""
		for i, e := range w.events(n) {
			if err := e.Verify(n, uint64(i+1), prev); err != nil {
				w.Error(err)
			}
			prev = e.Hash
		}
		if in := w.incident(n); in.Head != prev || in.Seq != uint64(len(w.events(n))) {
			w.Errorf("%s ends with %d:%s, its last event is %d:%s", n, in.Seq, in.Head, len(w.events(n)), prev)
		}
	}
}

func salted(w *world) {
	n := w.open("checkout is down")
	seen := map[string]bool{}
	for range 10 {
		w.apply(n, incidents.AddNote{Text: "the same"})
	}
	c := w.command(n, incidents.Acknowledge{})
	c.Actor = bob
	out, err := w.Store.Apply(w.ctx, c)
	if err != nil || len(out.Events) < 2 {
		w.Fatalf("bob comes and acknowledges: %v, %v", out.Events, err)
	}
	for _, e := range w.events(n) {
		for _, salt := range [][]byte{e.TextSalt, e.DataSalt} {
			if len(salt) != incidents.SaltSize || seen[string(salt)] {
				w.Fatalf("%s has the salt %x, which is too short or not its own", e.ID(), salt)
			}
			seen[string(salt)] = true
		}
	}
}

func redacted(w *world) {
	n := w.open("checkout is down")
	before := w.say(n, "1", "the password is hunter2").Events[0]
	w.apply(n, incidents.RecordEdit{ID: message("1"), Text: "the password is swordfish", At: w.now()})
	w.say(n, "2", "which password?")
	w.apply(n, incidents.RecordDeletion{ID: message("1"), At: w.now()})
	w.again()

	for _, e := range w.events(n) {
		whole := e.Text + string(e.Data)
		if strings.Contains(whole, "hunter2") || strings.Contains(whole, "swordfish") {
			w.Errorf("%s still says %q", e.ID(), whole)
		}
		if gone := e.Seq == before.Seq || e.Seq == before.Seq+1; gone != e.Redacted || gone != (e.TextSalt == nil) || gone != (e.DataSalt == nil) {
			w.Errorf("%s: Redacted is %v, its salts are %x and %x", e.ID(), e.Redacted, e.TextSalt, e.DataSalt)
		}
		if e.Seq == before.Seq && (e.Hash != before.Hash || e.Kind != before.Kind || e.Actor != before.Actor) {
			w.Errorf("%s is not the event it was: %+v", e.ID(), e)
		}
	}
	for word, want := range map[string]int{"hunter2": 0, "swordfish": 0, "password": 1, "which": 1} {
		found, err := w.Store.Search(w.ctx, []string{word}, 0)
		if err != nil || len(found) != want {
			w.Errorf("search for %q finds %v, %v", word, found, err)
		}
	}
	w.audit()
}

func redactedForGood(w *world) {
	n := w.open("checkout is down")
	w.apply(n, incidents.RecordDeletion{ID: message("early"), At: w.now()})
	w.say(n, "early", "taken back before it arrived")
	w.say(n, "1", "oops")
	w.apply(n, incidents.RecordDeletion{ID: message("1"), At: w.now()})
	w.apply(n, incidents.RecordDeletion{ID: message("1"), At: w.now()})
	w.apply(n, incidents.RecordEdit{ID: message("1"), Text: "oops again", At: w.now()})
	w.say(n, "1", "oops")
	for _, e := range w.events(n) {
		if strings.Contains(e.Text, "oops") || strings.Contains(e.Text, "arrived") {
			w.Errorf("%s says %q", e.ID(), e.Text)
		}
	}
	w.audit()
}

func closing(w *world) {
	n, other := w.open("checkout is down"), w.open("search is slow")
	w.apply(n, incidents.Resolve{})
	if a := w.audit(); a.Seals != 0 {
		w.Errorf("%d seals before anything was closed", a.Seals)
	}
	w.apply(n, incidents.Close{})
	w.apply(n, incidents.Close{}) // is closed already
	if a := w.audit(); a.Seals != 1 {
		w.Errorf("closing wrote %d seals", a.Seals)
	}
	s, written, err := w.Store.Seal(w.ctx, w.now())
	if err != nil || written {
		w.Errorf("nothing has changed since, and yet it was sealed: %+v, %v", s, err)
	}
	w.say(n, "1", "thanks all")
	s, written, err = w.Store.Seal(w.ctx, w.now())
	if err != nil || !written || len(s.Heads) != 1 || s.Heads[0].Incident != n || s.Seq != 2 {
		w.Errorf("a message after closing: %+v, %v, %v", s, written, err)
	}
	w.apply(other, incidents.Close{})
	w.apply(other, incidents.Reopen{Why: "it is back"})
	w.apply(other, incidents.Close{})
	if a := w.audit(); a.Seals != 4 {
		w.Errorf("%d seals, want 4", a.Seals)
	}
}

func sealing(w *world) {
	first, second, third := w.open("one"), w.open("two"), w.open("three")
	s1, written, err := w.Store.Seal(w.ctx, w.now())
	if err != nil || !written {
		w.Fatalf("the first seal: %v, %v", written, err)
	}
	want := []incidents.Head{w.head(first), w.head(second), w.head(third)}
	same(w, "the first seal's heads", s1.Heads, want)
	w.again()
	w.later(time.Hour)
	w.say(third, "1", "hello")
	w.say(first, "2", "hello")
	s2, _, err := w.Store.Seal(w.ctx, w.now())
	w.ok(err)
	same(w, "the second seal's heads", s2.Heads, []incidents.Head{w.head(first), w.head(third)})
	if err := s2.Verify(2, s1.Hash); err != nil || !s2.At.Equal(w.now()) {
		w.Errorf("the second seal, of %s: %v", s2.At, err)
	}
	w.audit()
}

func (w *world) head(n incidents.Number) incidents.Head {
	in := w.incident(n)
	return incidents.Head{Incident: n, Seq: in.Seq, Hash: in.Head}
}

func audited(w *world) {
	if a := w.audit(); a.Events != 0 || a.Seals != 0 || len(a.Heads) != 0 {
		w.Errorf("an empty store: %+v", a)
	}
	events := 0
	for range 3 {
		n := w.open("checkout is down")
		w.apply(n, incidents.AddNote{Text: "look"})
		events += len(w.events(n))
	}
	w.apply(2, incidents.Close{})
	events += 2
	a := w.audit()
	same(w, "the heads", a.Heads, []incidents.Head{w.head(1), w.head(2), w.head(3)})
	if a.Events != events || a.Seals != 1 || !slices.IsSortedFunc(a.Heads, func(x, y incidents.Head) int { return int(x.Incident) - int(y.Incident) }) {
		w.Errorf("%d events and %d seals, want %d and 1", a.Events, a.Seals, events)
	}
}
