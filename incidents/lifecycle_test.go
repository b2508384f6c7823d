package incidents

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// everyAct is one act of each type, which changes something in an incident
// that [ready] has prepared.
func everyAct() []Act {
	id := OutsideID{"slack", "C1/1.1"}
	return []Act{
		Open{Title: "search is slow"}, Acknowledge{}, ChangeSeverity{To: 4, Why: "better"}, ChangeStatus{To: Identified, Why: "disk"}, ChangeStatus{To: Resolved}, ChangeStatus{To: Closed}, ChangeStatus{To: Canceled},
		Resolve{Text: "over"}, Close{}, Cancel{}, Reopen{Why: "back"}, Rename{Title: "other"}, ChangeType{Type: "network"}, SetField{Name: "region", Value: "eu"},
		ChangeService{Name: "mail"}, SetImpact{At: noon.Add(-time.Hour)}, SetTime{Name: "detected", At: noon.Add(-time.Hour)},
		PostUpdate{Text: "so far", Next: time.Hour}, SetSummary{Text: "cards"}, AddNote{Text: "n"}, MakeDecision{Text: "d"}, AddLink{URL: "https://example.com"},
		AttachAlert{Alert: Alert{ID: "AL-1", Source: "prometheus", Title: "down", Severity: "high"}}, DetachAlert{Alert: Alert{ID: "AL-1"}}, RefireAlert{Alert: Alert{ID: "AL-1"}}, EndAlert{Alert: Alert{ID: "AL-1"}},
		Follow{}, Unfollow{}, Join{}, Leave{}, Arrived{Who: carol}, Departed{Who: bob}, Invite{People: []Person{carol}}, AskAccess{},
		GrantAccess{Who: carol}, DenyAccess{Who: carol}, MakePrivate{Why: "keys"}, MakePublic{Why: "over"}, SetTLP{Level: "red"},
		AssignRole{Role: "scribe", To: carol}, HandOff{To: carol, Text: "t"}, AcceptHandoff{}, DeclineHandoff{Why: "busy"},
		Merge{Into: 7, Why: "the same"}, absorb{From: 7, People: []Person{carol}}, release{From: 6},
		AddTask{List: Tasks, Text: "t"}, AssignTask{List: Tasks, Number: 1, To: carol}, MoveTask{List: Tasks, Number: 1, To: TaskFinished},
		AddTask{List: Followups, Text: "t"}, AssignTask{List: Followups, Number: 1, To: carol}, MoveTask{List: Followups, Number: 1, To: TaskGone},
		Remind{OnCall: []Person{carol}}, Recount{}, Snooze{For: time.Hour, Rule: "update"},
		Wake{Who: "checkout"}, PageOutcome{Key: "x", State: PageAccepted}, PageLate{Key: "x"}, PageAnswered{Key: "x", State: PageOver},
		StartClock{Name: "gdpr"}, MarkClock{Name: "dora", Moment: "classified"}, SubmitStage{Name: "dora", Stage: "initial"}, StopClock{Name: "dora", Why: "no bank"},
		RecordMessage{ID: id, Text: "m", At: noon}, RecordEdit{ID: OutsideID{"slack", "C1/0.1"}, Text: "m2", At: noon.Add(time.Hour)}, RecordDeletion{ID: OutsideID{"slack", "C1/0.1"}, At: noon},
		MarkMessage{ID: OutsideID{"slack", "C1/0.1"}}, UnmarkMessage{ID: OutsideID{"slack", "C1/0.2"}}, TaskFrom{List: Tasks, ID: id, Text: "m", At: noon}, TaskFrom{List: Followups, ID: id, Text: "m", At: noon},
		DraftPostmortem{Base: 1, Document: draft("later", 99)}, EditPostmortem{Base: 1, Slot: "summary", Text: "t"}, OwnPostmortem{To: carol},
		ReviewPostmortem{By: carol}, ApprovePostmortem{}, PublishPostmortem{},
		SetHold{On: true}, Redact{Seq: 8}, Expire{},
	}
}

// ready is an incident with something of everything.
func ready(t *testing.T) *history {
	h := begin(t, Open{Severity: 1, Services: []string{"checkout"}, Started: noon.Add(-30 * time.Minute)})
	h.does(bob, Join{})
	h.does(bob, AddTask{List: Tasks, Text: "look", Assignee: bob, Due: noon.Add(time.Hour)})
	h.does(bob, AddTask{List: Followups, Text: "learn"})
	h.does(bob, SetField{Name: "cause", Value: "disk"})
	h.does(bob, AddLink{URL: "https://example.com/1"})
	h.does(carol, AssignRole{Role: "comms", To: carol})
	h.does(carol, RecordMessage{ID: OutsideID{"slack", "C1/0.1"}, Text: "hello", At: noon})
	h.does(carol, RecordMessage{ID: OutsideID{"slack", "C1/0.2"}, Text: "marked", At: noon})
	h.does(carol, MarkMessage{ID: OutsideID{"slack", "C1/0.2"}})
	h.does(alice, AssignRole{Role: CommanderRole, To: alice})
	h.does(alice, HandOff{To: bob})
	h.rules.Retention.Messages = 1
	h.does(alice, StartClock{Name: "dora"})
	h.does(alice, DraftPostmortem{Document: draft("early", 1)})
	h.does(alice, ReviewPostmortem{By: bob})
	return h
}

func TestEveryActIsTested(t *testing.T) {
	have := map[string]bool{}
	for _, a := range everyAct() {
		have[reflect.TypeOf(a).Name()] = true
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || fn.Name.Name != "decide" {
				continue
			}
			found++
			if name := fn.Recv.List[0].Type.(*ast.Ident).Name; !have[name] {
				t.Errorf("everyAct has no %s", name)
			}
		}
	}
	if found != len(have) {
		t.Errorf("%d acts in the package, %d here", found, len(have))
	}
}

func TestEveryActInEveryStatus(t *testing.T) {
	for _, status := range Statuses {
		for _, act := range everyAct() {
			if _, opening := act.(Open); opening {
				continue
			}
			h := ready(t).into(status)
			allowed := false
			for _, row := range Lifecycle {
				if row.Verb == act.Verb() {
					allowed = row.In.In(status)
				}
			}
			_, err := h.try(bob.Actor(), act)
			refusal, refused := AsRefusal(err)
			if err != nil && !refused {
				t.Errorf("%s, %T: %v", status, act, err)
			}
			byStatus := refused && (strings.Contains(refusal.Text, "so you cannot") || strings.Contains(refusal.Text, "there is nothing to"))
			if byStatus == allowed {
				t.Errorf("%s, %T (%s): allowed is %v, and yet: %v", status, act, act.Verb(), allowed, err)
			}
		}
	}
}

func TestTheWayOutOfARefusal(t *testing.T) {
	h := begin(t, Open{}).into(Closed)
	h.refuses(bob, Acknowledge{}, CodeRefused, "INC-1 is closed, so you cannot acknowledge. Open it again first: /incident reopen WHY")
}

func TestLifecycleMarkdown(t *testing.T) {
	golden(t, "lifecycle.golden", LifecycleMarkdown())
}

func TestAnActWithoutARowIsAMistakeOfOurs(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("nobody noticed")
		}
	}()
	_ = allowed("juggle", Incident{})
}

// golden compares with a file of testdata, which changes on purpose only.
func golden(t *testing.T, name, got string) {
	t.Helper()
	want, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s:\n got\n%s\n want\n%s", name, got, want)
	}
}
