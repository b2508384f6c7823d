package storetest

import (
	"fmt"
	"math/rand/v2"
	"time"

	"fireboss/incidents"
)

var _ = holds(
	promise{"whatever is done, it is as a simple store would have it (1)", func(w *world) { walk(w, 1) }},
	promise{"whatever is done, it is as a simple store would have it (2)", func(w *world) { walk(w, 2) }},
	promise{"whatever is done, it is as a simple store would have it (3)", func(w *world) { walk(w, 3) }},
)

// vocabulary is what people in a walk say. None of it is in the texts that the
// rules write, nor begins a word there.
var vocabulary = []string{"oxygen", "zebra", "zebras", "quartz", "jukebox", "xylophone"}

// walk does things at random, to the store and to the model, and compares.
func walk(w *world, seed uint64) {
	random := rand.New(rand.NewPCG(seed, seed))
	m := newModel(w)
	var said []incidents.Command
	for step := range 300 {
		switch random.IntN(20) {
		case 0:
			w.again()
		case 1:
			mirror := []string{"slack", "discord"}[random.IntN(2)]
			m.addMirror(mirror)
			w.ok(w.Store.AddMirror(w.ctx, mirror))
		case 2, 3, 4:
			syncSome(w, m, random)
		case 5:
			_, written, err := w.Store.Seal(w.ctx, w.now())
			if err != nil || written != (len(m.changed) > 0) {
				w.Fatalf("step %d: a seal was written: %v, %v", step, written, err)
			}
			clear(m.changed)
		default:
			c := w.command(incidents.Number(1+random.IntN(len(m.incidents)+1)), someAct(w, random))
			if len(said) > 0 && random.IntN(8) == 0 {
				c = said[random.IntN(len(said))]
			}
			said = append(said, c)
			m.both(step, c)
		}
		w.later(time.Duration(random.IntN(3)) * 17 * time.Second)
		if step%30 == 29 {
			m.compare()
		}
	}
}

// both applies a command to the store and to the model.
func (m *model) both(step int, c incidents.Command) {
	w := m.w
	w.Helper()
	_, repeated := m.decided[c.ID]
	n, caused, want := m.apply(c)
	out, err := w.Store.Apply(w.ctx, c)
	switch {
	case (err == nil) != (want == nil) || err != nil && err.Error() != want.Error():
		w.Fatalf("step %d, %T: %v, want %v", step, c.Do, err, want)
	case err != nil:
		return
	case out.Incident.Number != n || out.Repeated != repeated || !repeated && len(out.Events) != caused:
		w.Fatalf("step %d, %T of %s: %+v, want %d events", step, c.Do, n, out, caused)
	}
	expected := m.incidents[n-1]
	expected.Head = out.Incident.Head
	w.sameIncident(fmt.Sprintf("step %d, %T", step, c.Do), out.Incident, expected)
}

// syncSome stores that a mirror has something of an incident: all of it, a
// part, or less than before.
func syncSome(w *world, m *model, random *rand.Rand) {
	for _, mirror := range []string{"slack", "discord"} {
		if m.queues[mirror] == nil || len(m.incidents) == 0 {
			continue
		}
		in := m.incidents[random.IntN(len(m.incidents))]
		r := w.record(mirror, in.Number)
		r.SyncedVersion, r.CursorSeq = in.Version, in.Seq
		if random.IntN(3) == 0 {
			r.SyncedVersion = uint64(random.IntN(int(in.Version) + 1))
			r.CursorSeq = uint64(random.IntN(int(in.Seq) + 1))
		}
		m.putRecord(r)
		w.ok(w.Store.PutRecord(w.ctx, r))
	}
}

func someAct(w *world, random *rand.Rand) incidents.Act {
	text := vocabulary[random.IntN(len(vocabulary))] + " " + vocabulary[random.IntN(len(vocabulary))]
	id := message(fmt.Sprint(random.IntN(8)))
	acts := []func() incidents.Act{
		func() incidents.Act { return incidents.Open{Title: text, Severity: incidents.Severity(random.IntN(6))} },
		func() incidents.Act { return incidents.ChangeSeverity{To: incidents.Severity(random.IntN(6))} },
		func() incidents.Act {
			return incidents.ChangeStatus{To: incidents.Statuses[random.IntN(len(incidents.Statuses))]}
		},
		func() incidents.Act { return incidents.Acknowledge{} },
		func() incidents.Act { return incidents.Reopen{Why: text} },
		func() incidents.Act { return incidents.Close{} },
		func() incidents.Act { return incidents.AssignRole{Role: incidents.CommanderRole, To: bob.Person()} },
		func() incidents.Act { return incidents.HandOff{To: alice.Person()} },
		func() incidents.Act { return incidents.Merge{Into: incidents.Number(1 + random.IntN(8)), Why: text} },
		func() incidents.Act {
			return incidents.PostUpdate{Text: text, Next: time.Duration(random.IntN(3)) * time.Hour}
		},
		func() incidents.Act { return incidents.AddNote{Text: text} },
		func() incidents.Act { return incidents.AddTask{List: incidents.Tasks, Text: text} },
		func() incidents.Act { return incidents.RecordMessage{ID: id, Text: text, At: w.now()} },
		func() incidents.Act {
			return incidents.RecordMessage{ID: id, Thread: message("1"), Text: text, At: w.now()}
		},
		func() incidents.Act { return incidents.RecordEdit{ID: id, Text: text, At: w.now()} },
		func() incidents.Act { return incidents.RecordDeletion{ID: id, At: w.now()} },
		func() incidents.Act { return incidents.MarkMessage{ID: id} },
		func() incidents.Act { return incidents.UnmarkMessage{ID: id} },
		func() incidents.Act { return incidents.TaskFrom{List: incidents.Followups, ID: id, Text: text} },
		func() incidents.Act { return incidents.Redact{Seq: uint64(random.IntN(20))} },
		func() incidents.Act { return incidents.SetHold{On: random.IntN(4) == 0} },
		func() incidents.Act { return incidents.Expire{After: uint64(random.IntN(10))} },
		func() incidents.Act {
			return incidents.DraftPostmortem{Base: random.IntN(4), Document: draft(uint64(random.IntN(40)), text, "said: "+text)}
		},
		func() incidents.Act {
			return incidents.EditPostmortem{Base: random.IntN(5), Seen: uint64(random.IntN(40)), Slot: []string{"summary", "impact"}[random.IntN(2)], Text: text}
		},
		func() incidents.Act { return incidents.ReviewPostmortem{By: bob.Person(), Drop: random.IntN(2) == 0} },
		func() incidents.Act { return incidents.ApprovePostmortem{} },
	}
	return acts[random.IntN(len(acts))]()
}
