package slack

import (
	"testing"
	"time"

	"fireboss/bot/slacksim"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

func TestArchiveAt(t *testing.T) {
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	closed := incidents.Incident{Number: 1, Status: incidents.Closed, Times: incidents.Times{Closed: at}, DeclaredAt: at.Add(-time.Hour)}
	for _, c := range []struct {
		name  string
		in    incidents.Incident
		place string
		ids   map[string]string
		after time.Duration
		want  time.Time
	}{
		{"closed", closed, "C1", nil, time.Hour, at.Add(time.Hour)},
		{"never", closed, "C1", nil, 0, time.Time{}},
		{"open", incidents.Incident{Number: 1, Status: incidents.Triage}, "C1", nil, time.Hour, time.Time{}},
		{"no channel", closed, "", nil, time.Hour, time.Time{}},
		{"a channel that was made later", closed, "C1", map[string]string{idMade: "2026-11-20T12:30:00Z"}, time.Hour, at.Add(90 * time.Minute)},
		{"a channel that was made before", closed, "C1", map[string]string{idMade: "2026-11-20T11:30:00Z"}, time.Hour, at.Add(time.Hour)},
		{"it may be already", closed, "C1", map[string]string{idArchive: archiving{archives, at.Add(time.Hour)}.String()}, time.Hour, at.Add(time.Hour)},
		{"it is already", closed, "C1", map[string]string{idArchive: archiving{archived, at.Add(time.Hour)}.String()}, time.Hour, time.Time{}},
		{"opened by hand since", closed, "C1", map[string]string{idArchive: archiving{reopened, at.Add(time.Hour)}.String()}, time.Hour, time.Time{}},
		{"opened by hand when it had ended before", closed, "C1", map[string]string{idArchive: archiving{reopened, at.Add(-time.Hour)}.String()}, time.Hour, at.Add(time.Hour)},
	} {
		got, ok := ArchiveAt(c.in, store.Record{Place: c.place, IDs: c.ids}, c.after)
		if !got.Equal(c.want) || ok == c.want.IsZero() {
			t.Errorf("%s: %v, %v, want %v", c.name, got, ok, c.want)
		}
	}
}

// closing is an incident that was closed long enough ago to be archived.
func (w *world) closing(m *Mirror) incidents.Incident {
	w.Helper()
	in := w.busy()
	w.says(in.Number, "close", incidents.Close{})
	w.rest(m, in.Number)
	m.ArchiveAfter = time.Hour
	elapse(2 * time.Hour)
	in, err := w.db.Incident(w.Context(), in.Number)
	if err != nil {
		w.Fatal(err)
	}
	return in
}

// A pass that began before an incident was opened again does not archive its channel.
func TestWhatIsTakenUpDuringAPassIsNotArchived(t *testing.T) {
	for name, taken := range map[string]bool{"nothing happens": false, "it is opened again": true} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				m := w.dashboard()
				in := w.closing(m)
				rec, err := w.db.Record(w.Context(), Door, in.Number)
				if err != nil {
					w.Fatal(err)
				}
				if taken {
					w.says(in.Number, "reopen", incidents.Reopen{Why: "it is back"})
				}
				save := func(r store.Record, links ...store.Link) error { return w.db.PutRecord(w.Context(), r, links...) }
				if _, _, err := m.Sync(w.Context(), in, rec, nil, save); err != nil {
					w.Fatal(err)
				}
				if got := w.channel(rec.Place).IsArchived; got == taken {
					w.Errorf("archived is %v", got)
				}
			})
		})
	}
}

// A call that was under way when we ended may be carried out after the incident
// was opened again: it was us all the same.
func TestAnArchivingThatIsCarriedOutLate(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		m := w.dashboard()
		in := w.closing(m)
		rec, err := w.db.Record(w.Context(), Door, in.Number)
		if err != nil {
			w.Fatal(err)
		}
		old := rec.Place
		rec.IDs[idArchive] = archiving{archives, time.Now()}.String()
		if err := w.db.PutRecord(w.Context(), rec); err != nil {
			w.Fatal(err)
		}
		w.says(in.Number, "reopen", incidents.Reopen{Why: "it is back"})
		m = w.again(rec) // and a start lies between
		if rec = w.sync(m, in.Number); rec.Place != old {
			w.Fatalf("it goes on in %q", rec.Place)
		}
		if err := w.client.api.ArchiveConversationContext(w.Context(), old); err != nil {
			w.Fatal(err)
		}
		m.Poke(in.Number)
		if rec = w.rest(m, in.Number); rec.Place == old || w.channel(rec.Place).IsArchived {
			w.Errorf("it goes on in %q", rec.Place)
		}
		// Where that call never came, what people archive themselves is theirs.
		elapse(time.Minute)
		if rec.IDs[idArchive] != "" {
			w.Errorf("%s", rec.IDs[idArchive])
		}
	})
}

// Whom archiving takes out of a channel stays in the incident, and may see it.
func TestALeaveThatComesOfArchivingIsNone(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		m := w.dashboard()
		in := w.closing(m)
		alice := w.user("alice")
		rec, err := w.db.Record(w.Context(), Door, in.Number)
		if err != nil {
			w.Fatal(err)
		}
		w.do("leave", map[string]any{"user": "@alice", "channel": rec.Place}) // nobody hears of it yet
		rec = w.sync(m, in.Number)
		if !w.channel(rec.Place).IsArchived {
			w.Fatal("it is not archived")
		}
		left := map[string]any{"type": "member_left_channel", "user": alice, "channel": rec.Place, "event_ts": formatTS(time.Now())}
		w.intake.Frame(eventFrame("left", left), func([]byte) error { return nil })
		elapse(10 * time.Second)
		w.intake.Close(w.Context())
		got, err := w.db.Incident(w.Context(), in.Number)
		if err != nil || !got.IsResponder(w.client.actorID(alice)) {
			w.Errorf("those in it are %+v (%v)", got.Responders, err)
		}
	})
}
