package storetest

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

var _ = holds(
	promise{"a delivery is taken once", received},
	promise{"one delivery many times at once is fresh once", receivedAtOnce},
	promise{"what is not finished is there after a restart, oldest first", unfinished},
	promise{"finishing keeps the answer and drops the bytes", finished},
	promise{"of a delivery that comes once nothing is kept when it is finished", once},
	promise{"attempts are counted", attempted},
	promise{"what is old and finished is forgotten", forgotten},
	promise{"messages to one person wait until they are sent", outgoing},
)

func (w *world) receive(id, raw string) store.Delivery {
	w.Helper()
	d := store.Delivery{ID: id, Door: "slack", Key: "C1", At: w.now(), Raw: []byte(raw)}
	row, fresh, err := w.Store.Receive(w.ctx, d)
	if err != nil || !fresh {
		w.Fatalf("Receive %s: fresh is %v, %v", id, fresh, err)
	}
	same(w, "the delivery", row, d)
	return d
}

// waiting lists what is not finished.
func (w *world) waiting() []store.Delivery {
	w.Helper()
	list, err := w.Store.Unfinished(w.ctx)
	w.ok(err)
	return list
}

func received(w *world) {
	d := w.receive("slack/1", `{"text":"é\u0000"}`+"\x00\xff")
	w.later(time.Minute)
	changed := d
	changed.Raw, changed.At, changed.Done, changed.Result = []byte("other"), w.now(), true, []byte("no")
	row, fresh, err := w.Store.Receive(w.ctx, changed)
	if err != nil || fresh {
		w.Fatalf("the same id again: fresh is %v, %v", fresh, err)
	}
	same(w, "the row of an id that is known", row, d)
	same(w, "what is not finished", w.waiting(), []store.Delivery{d})
	done := store.Delivery{ID: "slack/2", At: w.now(), Done: true, Result: []byte("as if"), Attempts: 9}
	row, fresh, err = w.Store.Receive(w.ctx, done)
	if err != nil || !fresh || row.Done || len(row.Result) != 0 || row.Attempts != 0 || len(w.waiting()) != 2 {
		w.Errorf("a delivery that says it is done: fresh is %v, %+v, %v", fresh, row, err)
	}
	if _, fresh, err := w.Store.Receive(w.ctx, store.Delivery{Door: "slack"}); err == nil || fresh {
		w.Error("a delivery without an id was taken")
	}
	w.receive("slack/"+strings.Repeat("x", 1000), "")
	if _, fresh, err := w.Store.Receive(w.ctx, store.Delivery{ID: strings.Repeat("x", 1<<20)}); err == nil && !fresh {
		w.Error("a delivery with a very long id is neither taken nor refused")
	}
}

func receivedAtOnce(w *world) {
	var all sync.WaitGroup
	var mu sync.Mutex
	times := map[string]int{}
	for i := range 60 {
		all.Go(func() {
			id := fmt.Sprint("slack/", i%3)
			_, fresh, err := w.Store.Receive(w.ctx, store.Delivery{ID: id, At: w.now(), Raw: []byte("x")})
			if err != nil {
				w.Errorf("Receive: %v", err)
			}
			mu.Lock()
			defer mu.Unlock()
			if fresh {
				times[id]++
			}
		})
	}
	all.Wait()
	same(w, "how often each was fresh", times, map[string]int{"slack/0": 1, "slack/1": 1, "slack/2": 1})
}

func unfinished(w *world) {
	var want []store.Delivery
	for _, id := range []string{"z", "a", "m", "b"} {
		want = append(want, w.receive(id, "raw "+id))
		w.later(-time.Minute) // a clock may be set back
	}
	same(w, "what is not finished", w.waiting(), want)
	w.again()
	same(w, "what is not finished after a restart", w.waiting(), want)
	want = append(want, w.receive("c", ""))
	want[4].Raw = nil
	w.ok(w.Store.Finish(w.ctx, "m", nil))
	same(w, "what is left", w.waiting(), append(want[:2:2], want[3:]...))
}

func finished(w *world) {
	d := w.receive("slack/1", "secret")
	w.ok(w.Store.Finish(w.ctx, d.ID, []byte("done\x00")))
	w.ok(w.Store.Finish(w.ctx, d.ID, []byte("done differently")))
	w.again()
	row, fresh, err := w.Store.Receive(w.ctx, d)
	w.ok(err)
	if fresh || !row.Done || !bytes.Equal(row.Result, []byte("done\x00")) || len(row.Raw) != 0 || row.Key != d.Key || !row.At.Equal(d.At) {
		w.Errorf("the row of what is finished: fresh %v, %+v", fresh, row)
	}
	if list := w.waiting(); len(list) != 0 {
		w.Errorf("still waiting: %v", list)
	}
	w.missing(w.Store.Finish(w.ctx, "nobody knows", nil))
}

func once(w *world) {
	d := store.Delivery{ID: "hook/1", Door: "hook", Key: "prometheus", At: w.now(), Raw: []byte("raw\x00\xff"), Once: true}
	if _, fresh, err := w.Store.Receive(w.ctx, d); err != nil || !fresh {
		w.Fatalf("fresh is %v, %v", fresh, err)
	}
	w.again()
	same(w, "what is not finished", w.waiting(), []store.Delivery{d})
	n, err := w.Store.Attempted(w.ctx, d.ID)
	if d.Attempts++; err != nil || n != 1 {
		w.Errorf("the first attempt is counted as %d, %v", n, err)
	}
	row, fresh, err := w.Store.Receive(w.ctx, d)
	if err != nil || fresh {
		w.Errorf("before its end it comes again: fresh is %v, %v", fresh, err)
	}
	same(w, "the row", row, d)
	w.ok(w.Store.Finish(w.ctx, d.ID, nil))
	w.missing(w.Store.Finish(w.ctx, d.ID, nil))
	w.again()
	if n, err := w.Store.Forget(w.ctx, w.now().Add(time.Hour)); err != nil || n != 0 || len(w.waiting()) != 0 {
		w.Errorf("%d rows are left to be forgotten, %v; waiting are %v", n, err, w.waiting())
	}
}

func attempted(w *world) {
	d := w.receive("slack/1", "raw")
	for want := 1; want <= 3; want++ {
		n, err := w.Store.Attempted(w.ctx, d.ID)
		if err != nil || n != want {
			w.Fatalf("attempt %d is counted as %d, %v", want, n, err)
		}
		w.again()
	}
	d.Attempts = 3
	same(w, "what is not finished", w.waiting(), []store.Delivery{d})
	if err := w.Store.AttemptedAll(w.ctx, []string{d.ID, "nobody knows"}); err != nil {
		w.Fatal(err)
	}
	if n, err := w.Store.Attempted(w.ctx, d.ID); err != nil || n != 5 {
		w.Errorf("counted with others, and once more, it was tried %d times (%v)", n, err)
	}
	_, err := w.Store.Attempted(w.ctx, "nobody knows")
	w.missing(err)
}

func forgotten(w *world) {
	n := w.open("checkout is down") // its command is as old as the deliveries
	early := w.command(n, incidents.AddNote{Text: "early"})
	_, err := w.Store.Apply(w.ctx, early)
	w.ok(err)
	w.many(2500, func(i int) {
		id := fmt.Sprint("old/", i)
		if _, _, err := w.Store.Receive(w.ctx, store.Delivery{ID: id, At: w.now()}); err != nil {
			w.Error(err)
		}
		if i%2 == 1 { // the others are never finished
			if err := w.Store.Finish(w.ctx, id, nil); err != nil {
				w.Error(err)
			}
		}
	})
	w.later(time.Hour)
	d := w.receive("young", "")
	w.ok(w.Store.Finish(w.ctx, d.ID, nil))
	late := w.command(n, incidents.AddNote{Text: "late"})
	_, err = w.Store.Apply(w.ctx, late)
	w.ok(err)

	count, err := w.Store.Forget(w.ctx, w.now())
	if err != nil || count != 1252 {
		w.Errorf("forgot %d, %v; want 1250 deliveries and 2 commands", count, err)
	}
	if count, err := w.Store.Forget(w.ctx, w.now()); err != nil || count != 0 {
		w.Errorf("forgot %d more, %v", count, err)
	}
	for id, want := range map[string]bool{"old/0": false, "old/2499": true, "young": false} {
		if _, fresh, err := w.Store.Receive(w.ctx, store.Delivery{ID: id, At: w.now()}); err != nil || fresh != want {
			w.Errorf("%s comes again: fresh is %v, %v", id, fresh, err)
		}
	}
	for _, c := range []incidents.Command{early, late} {
		out, err := w.Store.Apply(w.ctx, c)
		if err != nil || out.Repeated != (c.ID == late.ID) {
			w.Errorf("%s comes again: Repeated is %v, %v", c.ID, out.Repeated, err)
		}
	}
	w.audit()
}

func outgoing(w *world) {
	n := w.open("checkout is down")
	w.apply(n, incidents.AssignRole{Role: incidents.CommanderRole, To: alice.Person()})
	out := w.apply(n, incidents.HandOff{To: bob.Person(), Text: "I must sleep"})
	w.apply(n, incidents.HandOff{To: bob.Person(), Text: "please"})
	list := w.unsent()
	if len(list) == 0 {
		w.Fatal("the offer to hand over wants no message")
	}
	m := list[0]
	e := out.Events[0]
	same(w, "the message", m, store.Message{
		Key: fmt.Sprintf("%s/%s/%s", e.ID(), incidents.HandoffOffer, bob.ID), Kind: incidents.HandoffOffer,
		Incident: n, Seq: e.Seq, To: bob.Person(), State: store.Intended,
	})
	m.State, m.Attempts, m.NextTry, m.Error = store.Started, 1, w.now().Add(time.Minute), "timeout"
	w.ok(w.Store.PutMessage(w.ctx, m))
	w.again()
	list[0] = m
	same(w, "what has to be sent after a restart", w.unsent(), list)
	for _, state := range []store.MessageState{store.Sent, store.Failed, store.Unknown} {
		m.State = state
		w.ok(w.Store.PutMessage(w.ctx, m))
		if left := w.unsent(); len(left) != len(list)-1 {
			w.Errorf("a message that is %s is still to be sent", state)
		}
	}
	told, err := w.Store.Told(w.ctx, n, e.Seq)
	w.ok(err)
	same(w, "what somebody was told of the event", told, []store.Message{m})
	told, err = w.Store.Told(w.ctx, n, 1)
	if err != nil || len(told) > 0 {
		w.Errorf("of the declaration was told %v, %v", told, err)
	}
	m.State = store.Intended
	w.ok(w.Store.PutMessage(w.ctx, m))
	list[0] = m
	same(w, "what is tried again", w.unsent(), list)
	m.Key = "nobody wanted this"
	w.missing(w.Store.PutMessage(w.ctx, m))
}

func (w *world) unsent() []store.Message {
	w.Helper()
	list, err := w.Store.Outgoing(w.ctx)
	w.ok(err)
	return list
}
