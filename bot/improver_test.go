package bot

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/store"
	"fireboss/incidents/store/bolt"
	"fireboss/integrations/openai/openaitest"
)

// withDraft runs a test in which an incident has ended and is drafted, and a model is
// wanted to write the draft anew.
func withDraft(t *testing.T, answer func(openaitest.Question) openaitest.Answer, test func(t *testing.T, m *model, db *bolt.DB, o *outbox)) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "f.db")
	withModel(t, "", answer, func(t *testing.T, m *model) {
		policy := incidents.Rules{Model: true}
		db, err := bolt.Open(path, bolt.Options{Rules: func() incidents.Rules { return policy }})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		desk := &commands.Desk{Store: db, Rules: func() incidents.Rules { return policy }}
		alice := incidents.Actor{Kind: incidents.User, ID: "slack:T1/UA", Name: "alice"}
		for i, act := range []incidents.Act{
			incidents.Open{Title: "checkout is down", Severity: 2, Services: []string{"checkout"}},
			incidents.Acknowledge{},
			incidents.AssignRole{Role: "commander", To: alice.Person()},
			incidents.ChangeStatus{To: incidents.Identified, Why: "the disk of the queue is full"},
			incidents.MakeDecision{Text: "We empty the queue."},
			incidents.Resolve{Text: "the queue is empty"},
		} {
			elapse(time.Minute)
			n := incidents.Number(1)
			if i == 0 {
				n = 0
			}
			if _, err := db.Apply(t.Context(), incidents.Command{ID: string(rune('a' + i)), Actor: alice, At: time.Now(), Incident: n, Do: act}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := desk.Draft(t.Context(), incidents.Command{ID: "draft", Actor: incidents.Fireboss, At: time.Now(), Incident: 1}); err != nil {
			t.Fatal(err)
		}
		test(t, m, db, newImprover(db, desk, m.modelAuthor, zerolog.Nop()))
	})
}

func wanted(t *testing.T, db *bolt.DB) (list []store.Message) {
	t.Helper()
	rows, err := db.Outgoing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range rows {
		if m.Kind == incidents.ModelWanted {
			list = append(list, m)
		}
	}
	return list
}

func TestAModelWritesADraftAnewOnce(t *testing.T) {
	withDraft(t, nil, func(t *testing.T, m *model, db *bolt.DB, o *outbox) {
		if len(wanted(t, db)) != 1 {
			t.Fatalf("wanted: %+v", wanted(t, db))
		}
		o.once(t.Context(), time.Now())
		o.once(t.Context(), time.Now())
		doc, err := db.Postmortem(t.Context(), 1, 0)
		if err != nil || doc.Version != 2 || section(t, doc, "summary").Author != incidents.ByModel || section(t, doc, "timeline").Author != incidents.ByRecord {
			t.Fatalf("%+v %v", doc, err)
		}
		if len(wanted(t, db)) != 0 {
			t.Errorf("it is wanted once more: %+v", wanted(t, db))
		}
		events, err := db.Events(t.Context(), 1, 0, 0)
		if last := events[len(events)-1]; err != nil || last.Kind != incidents.PostmortemDrafted || !strings.Contains(last.Text, "written anew by a model") {
			t.Errorf("%+v %v", last, err)
		}
	})
}

// What somebody wrote while the model did stays as they wrote it.
func TestAModelWritesOverNobody(t *testing.T) {
	var edit func()
	answer := func(q openaitest.Question) openaitest.Answer {
		if edit != nil {
			edit()
			edit = nil
		}
		return openaitest.Well(q)
	}
	withDraft(t, answer, func(t *testing.T, m *model, db *bolt.DB, o *outbox) {
		edit = func() {
			_, err := db.Apply(t.Context(), incidents.Command{ID: "edit", Actor: incidents.Actor{Kind: incidents.User, ID: "slack:T1/UB", Name: "bob"}, At: time.Now(), Incident: 1,
				Do: incidents.EditPostmortem{Base: 1, Slot: "summary", Text: "Nobody could pay."}})
			if err != nil {
				t.Error(err)
			}
		}
		o.once(t.Context(), time.Now())
		doc, err := db.Postmortem(t.Context(), 1, 0)
		if err != nil || doc.Version != 3 || section(t, doc, "summary").Text != "Nobody could pay." || section(t, doc, "narrative").Author != incidents.ByModel {
			t.Fatalf("%+v %v", doc, err)
		}
	})
}

// What is redacted while the model writes does not come back by it.
func TestAModelBringsNothingBack(t *testing.T) {
	times := 0
	var redact func()
	answer := func(q openaitest.Question) openaitest.Answer {
		if times++; times == 1 {
			redact()
		}
		return openaitest.Well(q)
	}
	withDraft(t, answer, func(t *testing.T, m *model, db *bolt.DB, o *outbox) {
		events, err := db.Events(t.Context(), 1, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		var seq uint64
		for _, e := range events {
			if e.Kind == incidents.DecisionMade {
				seq = e.Seq
			}
		}
		redact = func() {
			if _, err := db.Apply(t.Context(), incidents.Command{ID: "redact", Actor: incidents.Actor{Kind: incidents.User, ID: "slack:T1/UA", Name: "alice"}, At: time.Now(), Incident: 1, Do: incidents.Redact{Seq: seq}}); err != nil {
				t.Error(err)
			}
		}
		o.once(t.Context(), time.Now())
		if len(wanted(t, db)) != 1 {
			t.Fatalf("it is not tried again: %+v", wanted(t, db))
		}
		elapse(10 * time.Minute)
		o.once(t.Context(), time.Now())
		for v := 1; v <= 2; v++ {
			doc, err := db.Postmortem(t.Context(), 1, v)
			if err != nil {
				t.Fatal(err)
			}
			holds(t, doc, "we empty the queue")
		}
		if len(wanted(t, db)) != 0 {
			t.Errorf("it is still wanted: %+v", wanted(t, db))
		}
	})
}
