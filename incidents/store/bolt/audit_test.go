package bolt

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	bbolt "go.etcd.io/bbolt"

	"fireboss/incidents"
)

// TestAudit changes a store by hand, as somebody might who wants something
// never to have happened, and expects to be told.
func TestAudit(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*tampering)
		says   string
	}{
		"nothing":                         {func(*tampering) {}, ""},
		"a text":                          {func(x *tampering) { x.edit(2, 3, func(e *incidents.Event) { e.Text = "all was well" }) }, "the text of INC-2:3"},
		"a moment":                        {func(x *tampering) { x.edit(2, 3, func(e *incidents.Event) { e.At = e.At.Add(1e9) }) }, "INC-2:3"},
		"who it was":                      {func(x *tampering) { x.edit(2, 3, func(e *incidents.Event) { e.Actor.Name = "Mallory" }) }, "INC-2:3"},
		"its data":                        {func(x *tampering) { x.edit(2, 3, func(e *incidents.Event) { e.Data = []byte(`{"was":"well"}`) }) }, "the data of INC-2:3"},
		"an event and its hash":           {func(x *tampering) { x.forge(2, 3, "all was well") }, "INC-2:4 does not follow"},
		"an event is gone":                {func(x *tampering) { x.remove(events, key{}.event(2, 3)) }, "INC-2:3 is missing"},
		"the last event is gone":          {func(x *tampering) { x.remove(events, key{}.event(2, 4)) }, "INC-2 should end with"},
		"the last event was written anew": {func(x *tampering) { x.forge(3, 5, "all was well") }, "INC-3 should end with"},
		"the tail was cut and the head moved": {func(x *tampering) {
			x.remove(events, key{}.event(2, 4))
			x.head(2, 3)
		}, "seal 1 holds INC-2:4"},
		"the tail was written anew": {func(x *tampering) {
			x.forge(2, 4, "all was well")
			x.head(2, 4)
		}, "seal 1 holds INC-2:4"},
		"what is not sealed is not waiting for it": {func(x *tampering) {
			x.remove(dirty, key{}.number(3))
		}, "neither in a seal nor waiting"},
		"an incident is gone": {func(x *tampering) {
			for seq := uint64(1); seq <= 4; seq++ {
				x.remove(events, key{}.event(2, seq))
			}
			x.remove(states, key{}.number(2))
			x.remove(heads, key{}.number(2))
		}, "INC-2 is missing"},
		"the state is gone": {func(x *tampering) { x.remove(states, key{}.number(2)) }, "INC-2 is missing"},
		"the last incident is gone with its number": {func(x *tampering) {
			for seq := uint64(1); seq <= 4; seq++ {
				x.remove(events, key{}.event(4, seq))
			}
			x.remove(states, key{}.number(4))
			x.remove(heads, key{}.number(4))
			x.remove(dirty, key{}.number(4))
			x.remove(openings, key{}.number(4))
			x.put(meta, metaNumber, key{}.number(3))
		}, "seal 1 holds INC-4:4"},
		"what is no incident among them": {func(x *tampering) { x.put(states, make([]byte, 5), []byte("{}")) }, "among the incidents before"},
		"and behind the last":            {func(x *tampering) { x.put(states, append(key{}.number(4), 'x'), []byte("{}")) }, "among the incidents before INC-5"},
		"and before the first":           {func(x *tampering) { x.put(heads, key{}.number(0), []byte("{}")) }, "among the heads before INC-1"},
		"an open one that never was":     {func(x *tampering) { x.put(openings, []byte("short"), nil) }, "is listed as an open incident"},
		"a number that was never given":  {func(x *tampering) { x.put(meta, metaNumber, key{}.number(3)) }, "INC-4 is there"},
		"a seal is gone":                 {func(x *tampering) { x.remove(seals, key{}.uint(1)) }, "seal 1"},
		"the last seal is gone":          {func(x *tampering) { x.remove(seals, key{}.uint(2)) }, "neither in a seal nor waiting"},
		"a seal was changed": {func(x *tampering) {
			x.seal(1, func(s *incidents.Seal) { s.Heads = s.Heads[1:] })
		}, "seal 1 was changed"},
		"a seal was written anew": {func(x *tampering) {
			x.seal(1, func(s *incidents.Seal) {
				s.Heads = s.Heads[1:]
				*s = s.Chain(1, "")
			})
		}, "seal 2 does not follow"},
		"a state":                  {func(x *tampering) { x.flip(states, key{}.number(2), "checkout") }, "the state of INC-2 is not the one"},
		"figures":                  {func(x *tampering) { x.flip(figures, key{}.number(2), "incident") }, "the figures of INC-2"},
		"what finds an open one":   {func(x *tampering) { x.remove(openings, key{}.number(2)) }, "INC-2 is investigating, and is found as if it were not"},
		"what finds it by a trait": {func(x *tampering) { x.remove(traits, trait("word", "checkout").number(2)) }, `INC-2 has the trait "word=checkout", and is not found by it`},
		"what finds it by its day": {func(x *tampering) { x.remove(days, dayKey(x.state(2))) }, "INC-2 is not found by the day"},
		"a deadline is gone":       {func(x *tampering) { x.remove(due, dueKey(2, x.state(2).Deadlines[0])) }, "of INC-2 is missing or was changed"},
		"a deadline's row": {func(x *tampering) {
			d := x.state(2).Deadlines[0]
			x.put(due, dueKey(2, d), append(dueRow(d), 'x'))
		}, "of INC-2 is missing or was changed"},
		"no figures":               {func(x *tampering) { x.remove(figures, key{}.number(2)) }, "the figures of INC-2 are missing"},
		"figures that are cut":     {func(x *tampering) { x.put(figures, key{}.number(2), make([]byte, 31)) }, "the figures of INC-2 are missing"},
		"load":                     {func(x *tampering) { x.flip(load, x.loadOf(2), "Alice") }, "the load of INC-2"},
		"no load":                  {func(x *tampering) { x.remove(load, x.loadOf(2)) }, "the load of INC-2"},
		"load of another day":      {func(x *tampering) { x.put(load, loadKey(2, 3), loadRow(incidents.Load{})) }, "the load of INC-2"},
		"load of a day too much":   {func(x *tampering) { x.put(load, loadKey(2, 2_000_000), loadRow(incidents.Load{})) }, "the load of INC-2"},
		"a row that is not JSON":   {func(x *tampering) { x.put(events, key{}.event(2, 3), []byte("{")) }, "INC-2:3 cannot be read"},
		"a state that is not JSON": {func(x *tampering) { x.put(states, key{}.number(2), []byte("{")) }, "INC-2 is missing or cannot be read"},
		"a seal that is not JSON":  {func(x *tampering) { x.put(seals, key{}.uint(2), []byte("{")) }, "seal 2 cannot be read"},
		"an event behind its last": {func(x *tampering) { x.copyEvent(2, 4, 5) }, "INC-2:5 is missing; INC-2:4 stands in its place"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := sealedStore(t)
			must(t, db.bolt.Update(func(tx *bbolt.Tx) error {
				c.change(&tampering{t, rows{tx, db.path, nil}})
				return nil
			}))
			a, err := db.Audit(t.Context())
			if err != nil || (c.says == "") != (a.Wrong == "") || !strings.Contains(a.Wrong, c.says) {
				t.Errorf("the audit says %q, %v; want %q", a.Wrong, err, c.says)
			}
		})
	}
}

// sealedStore has four incidents of four events each, all in the first seal;
// the first and the third said more since, and only the first is sealed again.
func sealedStore(t *testing.T) *DB {
	t.Helper()
	path := t.TempDir() + "/fireboss.db"
	db, err := Open(path, Options{Rules: func() incidents.Rules { return incidents.Rules{Clock: incidents.DefaultClock()} }})
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	note := func(n incidents.Number) { apply(t, db, n, incidents.AddNote{Text: "look"}) }
	for n := incidents.Number(1); n <= 4; n++ {
		apply(t, db, 0, incidents.Open{Title: "checkout is down"})
		note(n)
		note(n)
		note(n)
	}
	_, _, err = db.Seal(t.Context(), db.options.Now())
	must(t, err)
	note(1)
	_, _, err = db.Seal(t.Context(), db.options.Now())
	must(t, err)
	note(3)
	return db
}

// tampering changes rows behind the store's back.
type tampering struct {
	t *testing.T
	rows
}

func (x *tampering) put(b bucket, k, v []byte) { must(x.t, x.tx.Bucket(b.name).Put(k, v)) }

func (x *tampering) remove(b bucket, k []byte) { must(x.t, x.tx.Bucket(b.name).Delete(k)) }

// flip changes one bit of a row, within this text.
func (x *tampering) flip(b bucket, k []byte, in string) {
	row := bytes.Clone(x.get(b, k))
	at := bytes.Index(row, []byte(in))
	if at < 0 {
		x.t.Fatalf("there is no %q in %s", in, row)
	}
	row[at] ^= 1
	x.put(b, k, row)
}

func (x *tampering) state(n incidents.Number) incidents.Incident {
	in, ok, err := x.incident(n)
	if !ok || err != nil {
		x.t.Fatalf("%s is not there: %v", n, err)
	}
	return in
}

// loadOf is the key of an incident's first day of load.
func (x *tampering) loadOf(n incidents.Number) []byte {
	k, _ := x.cursor(load).Seek(key{}.number(n))
	return bytes.Clone(k)
}

func (x *tampering) read(n incidents.Number, seq uint64) incidents.Event {
	e, ok, err := x.event(n, seq)
	if !ok || err != nil {
		x.t.Fatalf("%s:%d is not there: %v", n, seq, err)
	}
	return e
}

func (x *tampering) write(k key, e any) {
	row, err := json.Marshal(e)
	must(x.t, err)
	switch e.(type) {
	case incidents.Event:
		x.put(events, k, row)
	case incidents.Seal:
		x.put(seals, k, row)
	}
}

func (x *tampering) edit(n incidents.Number, seq uint64, change func(*incidents.Event)) {
	e := x.read(n, seq)
	change(&e)
	x.write(key{}.event(n, seq), e)
}

// forge gives an event another text and all hashes that belong to it.
func (x *tampering) forge(n incidents.Number, seq uint64, text string) {
	x.edit(n, seq, func(e *incidents.Event) {
		e.Text = text
		*e = e.Chain(seq, e.PrevHash, append(e.TextSalt, e.DataSalt...))
	})
}

// head says that an incident ends with this event.
func (x *tampering) head(n incidents.Number, seq uint64) {
	e := x.read(n, seq)
	x.put(heads, key{}.number(n), headRow(incidents.Incident{Number: n, Seq: seq, Head: e.Hash}))
}

func (x *tampering) copyEvent(n incidents.Number, from, to uint64) {
	x.write(key{}.event(n, to), x.read(n, from))
}

func (x *tampering) seal(seq uint64, change func(*incidents.Seal)) {
	var s incidents.Seal
	must(x.t, json.Unmarshal(x.get(seals, key{}.uint(seq)), &s))
	change(&s)
	x.write(key{}.uint(seq), s)
}
