package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

var _ = holds(
	promise{"numbers are given once and without gaps", numbers},
	promise{"a refusal changes nothing", refusal},
	promise{"a decision that panics spoils nobody else's", panics},
	promise{"a command that is said again has its first outcome", repeated},
	promise{"a command that changed nothing is known too", repeatedNothing},
	promise{"the same command many times at once happens once", repeatedAtOnce},
	promise{"the same change many times at once happens once", concurrent},
	promise{"a message is an event and no new state", appended},
	promise{"what is stored is what was answered", stored},
	promise{"a change that cannot be stored changes nothing", unstorable},
	promise{"commits are told", told},
	promise{"what follows for another incident is written with it, or nothing is", follows},
	promise{"a caller that gives up is let go", givesUp},
)

// bomb is an act whose decision panics.
type bomb struct{ incidents.Act }

func (bomb) Verb() string { return "note" }

func numbers(w *world) {
	first := w.open("the first")
	const people, each = 8, 12
	var mu sync.Mutex
	given := map[incidents.Number]bool{first: true}
	var all sync.WaitGroup
	for range people {
		all.Go(func() {
			for i := range each {
				switch i % 4 {
				case 1:
					_, err := w.Store.Apply(w.ctx, w.command(0, incidents.Open{}))
					if _, ok := incidents.AsRefusal(err); !ok {
						w.Errorf("an incident without a title: %v", err)
					}
				case 2:
					if _, err := w.Store.Apply(w.ctx, w.command(first, bomb{})); err == nil {
						w.Error("a decision that panics gave no error")
					}
				default:
					out, err := w.Store.Apply(w.ctx, w.command(0, incidents.Open{Title: "more"}))
					if err != nil {
						w.Errorf("Open: %v", err)
						continue
					}
					mu.Lock()
					if given[out.Incident.Number] {
						w.Errorf("%s was given twice", out.Incident.Number)
					}
					given[out.Incident.Number] = true
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	want := 1 + people*each/2
	for n := incidents.Number(1); n <= incidents.Number(want); n++ {
		if !given[n] {
			w.Errorf("%s was never given", n)
		}
	}
	w.again()
	if n := w.open("after a restart"); n != incidents.Number(want+1) {
		w.Errorf("the next number is %s, want INC-%d", n, want+1)
	}
	w.audit()
}

func refusal(w *world) {
	n := w.open("checkout is down")
	before, said := w.incident(n), w.events(n)
	c := w.command(n, incidents.Reopen{Why: "it is open"})
	_, err := w.Store.Apply(w.ctx, c)
	w.refused(err)
	_, err = w.Store.Apply(w.ctx, w.command(n+1, incidents.Acknowledge{}))
	w.refused(err)
	same(w, "the incident", w.incident(n), before)
	same(w, "its events", w.events(n), said)
	if next := w.open("another"); next != n+1 {
		w.Errorf("after a refusal the next number is %s", next)
	}
	// What was refused was not done, so the same command may be done later.
	w.apply(n, incidents.Resolve{})
	out, err := w.Store.Apply(w.ctx, c)
	w.ok(err)
	if out.Repeated || out.Incident.Status != incidents.Investigating {
		w.Errorf("the command that had been refused: %+v", out)
	}
}

func panics(w *world) {
	n := w.open("checkout is down")
	before := w.incident(n)
	var all sync.WaitGroup
	const each = 20
	for range each {
		all.Go(func() {
			_, err := w.Store.Apply(w.ctx, w.command(n, bomb{}))
			if p := (*store.PanicError)(nil); !errors.As(err, &p) || p.Value == nil || len(p.Stack) == 0 {
				w.Errorf("a decision that panics: %v", err)
			}
		})
		all.Go(func() {
			if _, err := w.Store.Apply(w.ctx, w.command(n, incidents.AddNote{Text: "still here"})); err != nil {
				w.Errorf("beside a decision that panics: %v", err)
			}
		})
	}
	all.Wait()
	if in := w.incident(n); in.Seq != before.Seq+each {
		w.Errorf("the incident has %d events, want %d", in.Seq, before.Seq+each)
	}
	w.audit()
}

func repeated(w *world) {
	n := w.open("checkout is down")
	c := w.command(n, incidents.ChangeSeverity{To: 3})
	first, err := w.Store.Apply(w.ctx, c)
	w.ok(err)
	w.apply(n, incidents.ChangeSeverity{To: 2})
	for range 2 {
		again, err := w.Store.Apply(w.ctx, c)
		w.ok(err)
		if !again.Repeated || first.Repeated {
			w.Fatalf("Repeated is %v the second time and %v the first", again.Repeated, first.Repeated)
		}
		same(w, "the events of then", again.Events, first.Events)
		if in := w.incident(n); in.Severity != 2 || in.Seq != first.Incident.Seq+1 {
			w.Fatalf("the repeated command changed the incident: %+v", in)
		}
		w.again()
	}
	opening := w.command(0, incidents.Open{Title: "once"})
	one, err := w.Store.Apply(w.ctx, opening)
	w.ok(err)
	two, err := w.Store.Apply(w.ctx, opening)
	w.ok(err)
	if one.Incident.Number != two.Incident.Number {
		w.Errorf("one command opened %s and %s", one.Incident.Number, two.Incident.Number)
	}
	w.audit()
}

func repeatedNothing(w *world) {
	n := w.open("checkout is down")
	c := w.command(n, incidents.ChangeSeverity{To: 1})
	out, err := w.Store.Apply(w.ctx, c)
	w.ok(err)
	if len(out.Events) != 0 {
		w.Fatalf("the same severity caused %v", out.Events)
	}
	w.apply(n, incidents.ChangeSeverity{To: 2})
	out, err = w.Store.Apply(w.ctx, c)
	w.ok(err)
	if in := w.incident(n); !out.Repeated || len(out.Events) != 0 || in.Severity != 2 {
		w.Errorf("said again it changed the severity to %s", in.Severity)
	}
}

func repeatedAtOnce(w *world) {
	c := w.command(0, incidents.Open{Title: "once"})
	var all sync.WaitGroup
	var mu sync.Mutex
	fresh := 0
	for range 20 {
		all.Go(func() {
			out, err := w.Store.Apply(w.ctx, c)
			if err != nil || out.Incident.Number != 1 || len(out.Events) == 0 {
				w.Errorf("got %+v, %v", out, err)
			}
			mu.Lock()
			defer mu.Unlock()
			if !out.Repeated {
				fresh++
			}
		})
	}
	all.Wait()
	if fresh != 1 {
		w.Errorf("%d of the same command were the first", fresh)
	}
	if _, err := w.Store.Incident(w.ctx, 2); !errors.Is(err, store.ErrNotFound) {
		w.Errorf("a second incident: %v", err)
	}
}

func concurrent(w *world) {
	n := w.open("checkout is down")
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := w.Store.Apply(w.ctx, w.command(n, incidents.Acknowledge{})); err != nil {
				w.Errorf("Acknowledge: %v", err)
			}
		})
	}
	all.Wait()
	acks := 0
	for _, e := range w.events(n) {
		if e.Kind == incidents.Acknowledged {
			acks++
		}
	}
	if acks != 1 {
		w.Errorf("acknowledged %d times", acks)
	}
}

func appended(w *world) {
	n := w.open("checkout is down")
	before := w.incident(n)
	w.later(time.Second)
	out := w.say(n, "1", "I see errors")
	w.say(n, "1", "I see errors")
	after := w.incident(n)
	if len(out.Events) != 1 || after.Seq != before.Seq+1 || after.Head != out.Events[0].Hash {
		w.Errorf("one message, said twice: %d events, seq from %d to %d", len(out.Events), before.Seq, after.Seq)
	}
	if after.Version != before.Version {
		w.Errorf("a message changed the version from %d to %d", before.Version, after.Version)
	}
	after.Seq, after.Head = before.Seq, before.Head
	same(w, "the state", after, before)

	reply := w.apply(n, incidents.RecordMessage{ID: message("2"), Thread: message("1"), Text: "me too", At: w.now()})
	if got := reply.Events[0].Field("thread_seq"); got != fmt.Sprint(out.Events[0].Seq) {
		w.Errorf("the reply belongs to seq %q, want %d", got, out.Events[0].Seq)
	}
	behind, err := w.Store.Behind(w.ctx, message("1"))
	w.ok(err)
	same(w, "what stands behind the message", behind, out.Events)
	other := w.open("another")
	if out := w.say(other, "1", "the same id elsewhere"); len(out.Events) != 1 {
		w.Error("what another incident knows of a message was a fact for this one")
	}
	none, err := w.Store.Behind(w.ctx, message("nobody knows"))
	if err != nil || len(none) != 0 {
		w.Errorf("behind an unknown message: %v, %v", none, err)
	}
}

// nasty are texts that a careless store changes.
var nasty = []string{
	"plain", "<!here> & <b>bold</b>", "line\u2028separator", "emoji 🔥", "עברית", "a\xffb \xc3", "nul \x00 byte", `"quoted" \ back`,
}

func stored(w *world) {
	n := w.open("checkout is down")
	for i, text := range nasty {
		c := w.command(n, incidents.AddNote{Text: text})
		c.ID, c.Actor.ID, c.Actor.Name, c.Origin = fmt.Sprint(text, i), "slack:"+text, "Zoë "+text, text
		_, err := w.Store.Apply(w.ctx, c)
		w.ok(err)
		c.ID, c.Incident, c.Do = w.id(), w.open("another"), incidents.Acknowledge{} // the name becomes text
		_, err = w.Store.Apply(w.ctx, c)
		w.ok(err)
		w.say(n, text, text)
		w.apply(n, incidents.SetField{Name: "region", Value: text})
	}
	zone := time.FixedZone("somewhere", 5*3600)
	w.apply(n, incidents.SetTime{Name: "detected", At: noon.Add(-time.Hour).In(zone)})
	out := w.apply(n, incidents.AddTask{List: incidents.Tasks, Text: "look", Due: noon.Add(time.Hour).In(zone)})
	w.sameIncident("the incident", w.incident(n), out.Incident)
	said := w.events(n)
	same(w, "the last event", said[len(said)-1], out.Events[0])
	w.again()
	w.sameIncident("the incident after a restart", w.incident(n), out.Incident)
	same(w, "the events after a restart", w.events(n), said)
	w.audit()
}

func unstorable(w *world) {
	n := w.open("checkout is down")
	before := w.incident(n)
	c := w.command(n, incidents.SetTime{Name: "detected", At: time.Date(-5000, 1, 1, 0, 0, 0, 0, time.UTC)})
	if _, err := w.Store.Apply(w.ctx, c); err == nil {
		w.Fatal("a time that has no year was stored")
	}
	same(w, "the incident", w.incident(n), before)
	w.apply(n, incidents.AddNote{Text: "still here"})
	w.audit()
}

func told(w *world) {
	n := w.open("checkout is down")
	w.say(n, "1", "hello")
	_, _ = w.Store.Apply(w.ctx, w.command(n, incidents.Reopen{Why: "refused"}))
	w.apply(n, incidents.ChangeSeverity{To: 1}) // no change
	_, _, err := w.Store.Receive(w.ctx, store.Delivery{ID: "slack/1", Door: "slack", At: w.now()})
	w.ok(err)
	same(w, "what was told", w.committed, [][]incidents.Number{{n}, {n}})
}

func follows(w *world) {
	into := w.open("checkout is down")
	from := w.open("payments are slow")
	w.apply(from, incidents.Invite{People: []incidents.Person{bob.Person()}})
	before, said := w.incident(into), w.events(into)
	w.apply(into, incidents.Resolve{})
	_, err := w.Store.Apply(w.ctx, w.command(from, incidents.Merge{Into: into}))
	w.refused(err)
	_, err = w.Store.Apply(w.ctx, w.command(from, incidents.Merge{Into: from + 1}))
	w.refused(err)
	w.apply(into, incidents.Reopen{Why: "they are one"})
	if in := w.incident(from); in.Status.Ended() || len(in.Merged) > 0 {
		w.Errorf("after refusals it is %+v", in)
	}
	w.committed = nil
	c := w.command(from, incidents.Merge{Into: into})
	for range 3 { // the second time, and the third after a restart, it is known
		out, err := w.Store.Apply(w.ctx, c)
		w.ok(err)
		if out.Incident.Number != from || out.Incident.MergedInto != into || len(out.Events) != 1 {
			w.Fatalf("merged: %+v, %+v", out.Incident, out.Events)
		}
		w.again()
	}
	after, more := w.incident(into), w.events(into)[len(said)+2:]
	if len(more) != 2 || more[0].Kind != incidents.Merged || more[1].Kind != incidents.ResponderJoined || after.Version != before.Version+3 || !after.IsResponder(bob.ID) {
		w.Errorf("the other one is %+v, with %+v", after, more)
	}
	toOurselves := func(m store.Message) bool { return m.Kind == incidents.DraftWanted }
	if list := slices.DeleteFunc(w.unsent(), toOurselves); len(list) != 1 || list[0].Kind != incidents.MergedHere || list[0].To.ID != bob.ID || list[0].Incident != into || list[0].Seq != more[0].Seq {
		w.Errorf("bob is told %+v", list)
	}
	same(w, "what was told", w.committed, [][]incidents.Number{{into, from}})
	w.audit()
}

func givesUp(w *world) {
	ctx, cancel := context.WithCancel(w.ctx)
	cancel()
	if _, err := w.Store.Apply(ctx, w.command(0, incidents.Open{Title: "too late"})); !errors.Is(err, context.Canceled) {
		w.Errorf("Apply: %v", err)
	}
	if _, err := w.Store.Incidents(ctx, store.Query{}); !errors.Is(err, context.Canceled) {
		w.Errorf("Incidents: %v", err)
	}
	if _, err := w.Store.Audit(ctx); !errors.Is(err, context.Canceled) {
		w.Errorf("Audit: %v", err)
	}
	if n := w.open("in time"); n != 1 {
		w.Errorf("what was given up before it began took a number: the next is %s", n)
	}
	// While one is being decided another waits, and gives up.
	deciding, decided := make(chan struct{}), make(chan struct{})
	first := w.hold(deciding, decided)
	<-deciding
	ctx, cancel = context.WithCancel(w.ctx)
	watched := &watchedContext{Context: ctx, asked: make(chan struct{})}
	second := make(chan error, 1)
	go func() {
		_, err := w.Store.Apply(watched, w.command(1, incidents.AddNote{Text: "never mind"}))
		second <- err
	}()
	w.soon("the store asks when it is to give up", watched.asked)
	cancel()
	select {
	case err := <-second:
		if !errors.Is(err, context.Canceled) {
			w.Errorf("one that gave up while it waited: %v", err)
		}
	case <-time.After(patience):
		w.Error("one that gave up is not let go")
	}
	close(decided)
	w.ok(<-first)
}

// watchedContext tells when somebody first asks when it ends.
type watchedContext struct {
	context.Context
	once  sync.Once
	asked chan struct{}
}

func (c *watchedContext) Done() <-chan struct{} {
	c.once.Do(func() { close(c.asked) })
	return c.Context.Done()
}

// hold has a decision made that begins with closing deciding and waits for
// decided.
func (w *world) hold(deciding, decided chan struct{}) <-chan error {
	err := make(chan error, 1)
	go func() {
		_, e := w.Store.Apply(w.ctx, w.command(1, slow{incidents.AddNote{Text: "slow"}, sync.OnceFunc(func() {
			close(deciding)
			<-decided
		})}))
		err <- e
	}()
	return err
}

// slow is an act that waits once while it is being decided.
type slow struct {
	incidents.Act
	wait func()
}

func (s slow) Verb() string {
	s.wait()
	return s.Act.Verb()
}
