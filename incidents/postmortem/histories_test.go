package postmortem

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fireboss/incidents"
)

// anyAct draws something that somebody may do.
func anyAct(t *rapid.T, p *play) incidents.Act {
	word := rapid.SampledFrom([]string{"", "x", "checkout is slow again", "[T3] # y | z", "alice broke it", "12 of 40 fail.", "Why? Who knows?", "“odd”", "two\n\nlines"})
	somebody := rapid.SampledFrom([]incidents.Person{alice, bob, carol, dave})
	who := rapid.SampledFrom([]incidents.Person{{}, alice, bob, carol})
	when := rapid.Custom(func(t *rapid.T) time.Time {
		return p.now.Add(-time.Duration(rapid.IntRange(0, 3000).Draw(t, "minutes")) * time.Minute)
	})
	id := rapid.SampledFrom([]incidents.OutsideID{{Mirror: "slack", ID: "C1/1"}, {Mirror: "slack", ID: "C1/2"}, {Mirror: "slack", ID: "C1/3"}})
	list := rapid.SampledFrom([]incidents.List{incidents.Tasks, incidents.Followups})
	n := rapid.IntRange(1, 4)
	w := func(label string) string { return word.Draw(t, label) }
	acts := []func() incidents.Act{
		func() incidents.Act { return incidents.Acknowledge{} },
		func() incidents.Act { return incidents.Remind{OnCall: []incidents.Person{carol}} },
		func() incidents.Act {
			return incidents.ChangeSeverity{To: incidents.Severity(rapid.IntRange(0, 5).Draw(t, "severity")), Why: w("why")}
		},
		func() incidents.Act {
			return incidents.ChangeStatus{To: rapid.SampledFrom(incidents.Statuses).Draw(t, "status"), Why: w("why")}
		},
		func() incidents.Act { return incidents.Resolve{Text: w("why")} },
		func() incidents.Act {
			return incidents.Cancel{FalsePositive: rapid.Bool().Draw(t, "false"), Why: w("why")}
		},
		func() incidents.Act { return incidents.Reopen{Why: w("why")} },
		func() incidents.Act { return incidents.Merge{Into: 7, Why: w("why")} },
		func() incidents.Act { return incidents.Rename{Title: w("title")} },
		func() incidents.Act {
			return incidents.ChangeType{Type: rapid.SampledFrom([]string{"security", "x"}).Draw(t, "type")}
		},
		func() incidents.Act {
			return incidents.SetField{Name: rapid.SampledFrom([]string{"root_cause", "region"}).Draw(t, "name"), Value: w("value")}
		},
		func() incidents.Act {
			return incidents.ChangeService{Name: rapid.SampledFrom([]string{"checkout", "search. Two", "[T3]", "x | y"}).Draw(t, "service"), Remove: rapid.Bool().Draw(t, "remove")}
		},
		func() incidents.Act {
			return incidents.SetImpact{End: rapid.Bool().Draw(t, "end"), At: when.Draw(t, "at")}
		},
		func() incidents.Act {
			return incidents.SetTime{Name: rapid.SampledFrom(incidents.TimeNames).Draw(t, "name"), At: when.Draw(t, "at")}
		},
		func() incidents.Act {
			return incidents.PostUpdate{Text: w("text"), Next: time.Duration(rapid.IntRange(0, 60).Draw(t, "next")) * time.Minute}
		},
		func() incidents.Act { return incidents.SetSummary{Text: w("text")} },
		func() incidents.Act { return incidents.AddNote{Text: w("text"), At: when.Draw(t, "at")} },
		func() incidents.Act { return incidents.MakeDecision{Text: w("text")} },
		func() incidents.Act {
			return incidents.AddLink{URL: "https://example.com/" + fmt.Sprint(n.Draw(t, "n")), Name: w("name")}
		},
		func() incidents.Act { return incidents.Join{} },
		func() incidents.Act {
			return incidents.Invite{People: rapid.SliceOfN(somebody, 1, 3).Draw(t, "people")}
		},
		func() incidents.Act { return incidents.MakePrivate{Why: w("why")} },
		func() incidents.Act { return incidents.SetTLP{Level: "red"} },
		func() incidents.Act { return incidents.SetHold{On: rapid.Bool().Draw(t, "on"), Why: w("why")} },
		func() incidents.Act {
			return incidents.AssignRole{Role: rapid.SampledFrom([]string{"commander", "comms", "scribe"}).Draw(t, "role"), To: who.Draw(t, "to")}
		},
		func() incidents.Act { return incidents.HandOff{To: somebody.Draw(t, "to"), Text: w("text")} },
		func() incidents.Act { return incidents.AcceptHandoff{} },
		func() incidents.Act { return incidents.DeclineHandoff{Why: w("why")} },
		func() incidents.Act {
			return incidents.AddTask{List: list.Draw(t, "list"), Text: w("text"), Assignee: who.Draw(t, "to")}
		},
		func() incidents.Act {
			return incidents.AssignTask{List: list.Draw(t, "list"), Number: n.Draw(t, "n"), To: somebody.Draw(t, "to")}
		},
		func() incidents.Act {
			return incidents.MoveTask{List: list.Draw(t, "list"), Number: n.Draw(t, "n"), To: rapid.SampledFrom([]incidents.TaskState{incidents.TaskOpen, incidents.TaskFinished, incidents.TaskGone}).Draw(t, "to"), Why: w("why")}
		},
		func() incidents.Act {
			return incidents.RecordMessage{ID: id.Draw(t, "id"), Text: w("text"), At: p.now, Files: []incidents.File{{ID: "F", Name: w("file")}}}
		},
		func() incidents.Act { return incidents.RecordEdit{ID: id.Draw(t, "id"), Text: w("text"), At: p.now} },
		func() incidents.Act { return incidents.RecordDeletion{ID: id.Draw(t, "id"), At: p.now} },
		func() incidents.Act { return incidents.MarkMessage{ID: id.Draw(t, "id")} },
		func() incidents.Act { return incidents.UnmarkMessage{ID: id.Draw(t, "id")} },
		func() incidents.Act {
			return incidents.TaskFrom{List: list.Draw(t, "list"), ID: id.Draw(t, "id"), Text: w("text"), At: when.Draw(t, "at")}
		},
		func() incidents.Act {
			return incidents.StartClock{Name: rapid.SampledFrom([]string{"gdpr", "dora"}).Draw(t, "clock"), At: when.Draw(t, "at")}
		},
		func() incidents.Act { return incidents.MarkClock{Name: "dora", Moment: "classified"} },
		func() incidents.Act { return incidents.SubmitStage{Name: "gdpr", Stage: "notification"} },
		func() incidents.Act {
			return incidents.StopClock{Name: rapid.SampledFrom([]string{"gdpr", "dora"}).Draw(t, "clock"), Why: w("why")}
		},
		func() incidents.Act { return incidents.Redact{Seq: uint64(rapid.IntRange(1, 20).Draw(t, "seq"))} },
		func() incidents.Act { return incidents.Expire{} },
	}
	return rapid.SampledFrom(acts).Draw(t, "act")()
}

// anyPlay draws a history.
func anyPlay(t *testing.T, rt *rapid.T) *play {
	p := begin(t, 1)
	p.rules.Retention = rapid.SampledFrom([]incidents.Retention{{}, {Messages: 20 * time.Minute}, {Messages: time.Hour, Incidents: 30 * time.Minute}}).Draw(rt, "retention")
	p.rules.Record.KeepDeleted = rapid.Bool().Draw(rt, "keep")
	var over, started time.Time
	if rapid.IntRange(0, 7).Draw(rt, "over") == 0 {
		started, over = ten.Add(-2*time.Hour), ten.Add(-time.Hour)
	}
	open := incidents.Open{
		Title: "checkout is down", Started: started, Resolved: over, Drill: rapid.Bool().Draw(rt, "drill"), Severity: incidents.Severity(rapid.IntRange(0, 5).Draw(rt, "severity")),
		Type: rapid.SampledFrom([]string{"", "security", "data"}).Draw(rt, "type"), Services: rapid.SampledFrom([][]string{nil, {"checkout"}, {"checkout", "payments"}}).Draw(rt, "services"),
	}
	p.acts(rapid.SampledFrom([]incidents.Actor{alice.Actor(), watcher}).Draw(rt, "declarer"), open)
	for range rapid.IntRange(0, 60).Draw(rt, "length") {
		p.later(time.Duration(rapid.IntRange(0, 90).Draw(rt, "later")) * time.Minute)
		who := rapid.SampledFrom([]incidents.Actor{alice.Actor(), bob.Actor(), carol.Actor(), dave.Actor(), incidents.Fireboss, watcher}).Draw(rt, "who")
		_ = p.try(who, anyAct(rt, p)) // what is refused has not happened
	}
	return p
}

// TestEveryStatementStandsOnEvents: over random histories, each statement of every
// draft cites events, all of which exist; nothing that was removed is repeated; and
// the document has the shape of its template.
func TestEveryStatementStandsOnEvents(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := anyPlay(t, rt)
		r := p.record()
		r.Names = rapid.Bool().Draw(rt, "names")
		for _, tmpl := range Builtin() {
			doc := Draft(tmpl, r)
			for _, s := range doc.Sections {
				for _, x := range Sentences(s.Text) {
					if len(x.Cites) == 0 && !aboutTheDocument(s, x) {
						rt.Fatalf("%s says without an event: %q", s.Slot, x.Text)
					}
					for _, seq := range x.Cites {
						if seq == 0 || seq > uint64(len(p.events)) {
							rt.Fatalf("%s cites T%d: %q", s.Slot, seq, x.Text)
						}
					}
				}
				if strings.Contains(s.Text, "%!") || strings.Contains(s.Text, "0001-01-01") || strings.Contains(s.Text, "  ") && !strings.Contains(s.Text, "|  |") {
					rt.Fatalf("%s is badly made: %q", s.Slot, s.Text)
				}
			}
			checkShapeOf(rt, tmpl, r, doc)
			if again := Draft(tmpl, r); !reflect.DeepEqual(again, doc) {
				rt.Fatal("the same record is told in two ways")
			}
			if kept := Redraft(doc, doc); !reflect.DeepEqual(kept, doc) {
				rt.Fatal("a redraft of the same is another one")
			}
		}
		slot := rapid.SampledFrom(Slots()).Draw(rt, "slot")
		for _, f := range Facts(slot, r) {
			if f.Text == "" || f.At.IsZero() || f.Seq > uint64(len(p.events)) {
				rt.Fatalf("%s: %+v", slot, f)
			}
		}
		if Catchup(r) == "" || Update(r) == "" || len(Cites(Update(r))) > 0 {
			rt.Fatalf("%q %q", Catchup(r), Update(r))
		}
	})
}

// aboutTheDocument are the statements that are not about the incident: rows of
// tables that say what is not known, and questions.
func aboutTheDocument(s incidents.Section, x Sentence) bool {
	switch s.Slot {
	case "figures":
		return strings.Contains(x.Text, "| unknown |")
	case "open_questions":
		return true // "To the commander: When?" is two sentences, and the last one cites
	}
	return false
}

func checkShapeOf(t *rapid.T, tmpl Template, r Record, doc incidents.Document) {
	var titles []string
	for line := range strings.Lines(Markdown(doc, Links{})) {
		if strings.HasPrefix(line, "## ") {
			titles = append(titles, strings.TrimSpace(line[3:]))
		}
	}
	var want []string
	for _, s := range tmpl.sections[1:] {
		want = append(want, s.title)
	}
	if strings.Join(titles, "|") != strings.Join(want, "|") {
		t.Fatalf("headings %q, want %q", titles, want)
	}
	if doc.Incident != r.Incident.Number || doc.Seq != uint64(len(r.Events)) {
		t.Fatalf("%+v", doc)
	}
	if _, err := json.Marshal(doc); err != nil {
		t.Fatal(err)
	}
}

// TestNoNamesInTheNarrative: where roles stand for names, no name is told outside of
// the header, the timeline and the table of follow-ups.
func TestNoNamesInTheNarrative(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := anyPlay(t, rt)
		for _, s := range Draft(Builtin()[FullTemplate], p.record()).Sections {
			if s.Slot == "header" || s.Slot == "timeline" || s.Slot == "followups" || s.Slot == "material" {
				continue
			}
			for _, name := range []string{"alice", "bob", "carol", "Dave", "Miller"} {
				if strings.Contains(s.Text, name) && !strings.Contains(s.Text, "“"+name) {
					rt.Fatalf("%s names %s: %s", s.Slot, name, s.Text)
				}
			}
		}
		if u := Update(p.record()); strings.Contains(u, "alice") {
			rt.Fatalf("the update names somebody: %s", u)
		}
	})
}
