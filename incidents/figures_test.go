package incidents

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestFiguresOfAnIncident(t *testing.T) {
	h := begin(t, Open{Severity: 1, Services: []string{"checkout", "search"}, Drill: true})
	h.later(time.Minute).does(bob, AssignRole{Role: CommanderRole, To: bob})
	h.does(bob, HandOff{To: carol})
	h.does(bob, AddTask{List: Followups, Text: "one", Assignee: carol, Due: noon.AddDate(0, 0, 2)})
	h.does(bob, AddTask{List: Followups, Text: "two", Priority: HighPriority})
	h.later(time.Minute).does(bob, MoveTask{List: Followups, Number: 1, To: TaskFinished})
	h.does(bob, SetTime{Name: "impact_started", At: noon.Add(-time.Hour).In(time.FixedZone("", 3600))})
	got := FiguresOf(h.in)
	want := Figures{
		Number: 1, Severity: 1, Status: Investigating, Type: DefaultType, Services: []string{"checkout", "search"}, Drill: true,
		Times:   Times{ImpactStarted: noon.Add(-time.Hour), Detected: noon, Declared: noon, Acknowledged: noon.Add(time.Minute)},
		Tallies: []RuleTally{{ruleAcknowledge, Tally{Kept: 1}}, {ruleCommander, Tally{Kept: 1}}},
		Followups: []FollowupFigure{
			{Number: 1, State: TaskFinished, Priority: NormalPriority, Owner: carol, Due: noon.AddDate(0, 0, 2), Ended: noon.Add(2 * time.Minute)},
			{Number: 2, State: TaskOpen, Priority: HighPriority, Due: noon.Add(time.Minute).AddDate(0, 0, 7)},
		},
		Declarer: alice.ID, People: []string{alice.ID, bob.ID, carol.ID},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("\n got  %+v\n want %+v", got, want)
	}
	got.Services[0], got.Followups[0].Owner = "spoiled", alice
	if h.in.Services[0] != "checkout" || h.in.Followups[0].Assignee.ID != carol.ID {
		t.Error("the figures share memory with their incident")
	}
}

// TestFiguresAreSeenByWhomTheIncidentIs: the row lets nobody in whom the incident does
// not, and nobody out.
func TestFiguresAreSeenByWhomTheIncidentIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfN(rapid.SampledFrom([]Person{alice, bob, carol, {ID: "token:ops", Name: "ops"}, {}}), 0, 3)
		in := Incident{Number: 1, Private: rapid.Bool().Draw(t, "private"), Responders: some.Draw(t, "responders"), Roles: map[string]Person{}}
		for i, p := range some.Draw(t, "roles") {
			in.Roles[fmt.Sprint(i)] = p
		}
		if declarer := some.Draw(t, "declarer"); len(declarer) > 0 {
			in.DeclaredBy = declarer[0]
		}
		if to := some.Draw(t, "offered"); len(to) > 0 {
			in.Handoff = &Handoff{To: to[0]}
		}
		f := FiguresOf(in)
		for _, a := range append(slices.Clone(anybody), Actor{Kind: User}, Actor{Kind: Integration, ID: carol.ID}) {
			if f.VisibleTo(a) != in.VisibleTo(a) {
				t.Fatalf("%+v sees the figures: %v, and the incident: %v\n%+v", a, f.VisibleTo(a), in.VisibleTo(a), in)
			}
		}
	})
}

func TestWhenAnIncidentBegan(t *testing.T) {
	open := Incident{Times: Times{ImpactStarted: noon.Add(-time.Hour), Detected: noon.Add(-time.Minute), Declared: noon}}
	past := Incident{Backfilled: true, Times: Times{Declared: noon, Mitigated: noon.Add(-50 * time.Hour), Resolved: noon.Add(-48 * time.Hour)}}
	started := past
	started.Times.ImpactStarted = noon.Add(-60 * time.Hour)
	for want, in := range map[time.Time]Incident{noon: open, noon.Add(-50 * time.Hour): past, noon.Add(-60 * time.Hour): started} {
		if got := FiguresOf(in).Began(); !got.Equal(want) {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestFollowupsAreLateByTheDay(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	c := Calendar{Zone: berlin}
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	due := at("2026-10-25 12:00") // on the day on which clocks go back
	for _, x := range []struct {
		f               FollowupFigure
		overdue, inTime bool
	}{
		{FollowupFigure{State: TaskOpen, Due: at("2026-10-24 23:59")}, true, false},
		{FollowupFigure{State: TaskOpen, Due: at("2026-10-25 00:00")}, false, false},
		{FollowupFigure{State: TaskOpen}, false, false},
		{FollowupFigure{State: TaskGone, Due: at("2026-10-24 23:59"), Ended: at("2026-10-24 10:00")}, false, false},
		{FollowupFigure{State: TaskFinished, Due: due, Ended: at("2026-10-25 23:59")}, false, true},
		{FollowupFigure{State: TaskFinished, Due: due, Ended: at("2026-10-26 00:00")}, false, false},
		{FollowupFigure{State: TaskFinished, Due: due}, false, false},
		{FollowupFigure{State: TaskFinished, Ended: due}, false, false},
	} {
		if got := x.f.Overdue(c, at("2026-10-25 18:00")); got != x.overdue {
			t.Errorf("%+v is overdue: %v", x.f, got)
		}
		if got := x.f.InTime(c); got != x.inTime {
			t.Errorf("%+v was done in time: %v", x.f, got)
		}
	}
}

func TestWhoDidSomethingWhen(t *testing.T) {
	at := time.Date(2026, 11, 20, 23, 59, 59, 0, time.UTC)
	later := at.Add(time.Hour)
	for _, c := range []struct {
		e      Event
		day, i int
		ok     bool
	}{
		{Event{Kind: NoteAdded, Actor: alice.Actor(), At: at, RecordedAt: later}, 20778, 3, true},
		{Event{Kind: MessagePosted, Actor: alice.Actor(), At: at, RecordedAt: later}, 20777, 95, true},
		{Event{Kind: ResponderJoined, Actor: alice.Actor(), At: at, RecordedAt: later}, 20777, 95, true},
		{Event{Kind: MessageMarked, Actor: alice.Actor(), At: at, RecordedAt: later}, 20778, 3, true},
		{Event{Kind: Acknowledged, Actor: alice.Actor(), RecordedAt: time.Unix(0, 0)}, 0, 0, true},
		{Event{Kind: ReminderSent, Actor: Fireboss, RecordedAt: at}, 0, 0, false},
		{Event{Kind: Acknowledged, Actor: Actor{Kind: Integration, ID: "token:ops"}, RecordedAt: at}, 0, 0, false},
		{Event{Kind: MessagePosted, Actor: Actor{Kind: User}, At: at}, 0, 0, false},
		{Event{Kind: MessagePosted, Actor: alice.Actor(), At: time.Time{}}, 0, 0, false},
	} {
		if day, i, ok := c.e.Act(); day != c.day || i != c.i || ok != c.ok {
			t.Errorf("%s by %s: day %d, quarter %d, %v", c.e.Kind, c.e.Actor.ID, day, i, ok)
		}
	}
}

func TestLoadCountsAPersonOnceAQuarter(t *testing.T) {
	l := Load{Day: 20777}
	var added []string
	for _, x := range []struct {
		who Person
		i   int
	}{{alice, 95}, {alice, 95}, {bob, 95}, {alice, 0}, {alice, 0}, {Person{ID: alice.ID, Name: "Alice of today"}, 8}} {
		added = append(added, fmt.Sprint(l.Add(x.who, x.i)))
	}
	if got := strings.Join(added, " "); got != "true false true true false true" {
		t.Error(got)
	}
	if len(l.Acts) != 2 || l.Acts[0].Who != alice || l.Acts[1].Who != bob {
		t.Errorf("%+v", l)
	}
	var set []string
	for i := range 96 {
		if l.Acts[0].Quarters.Has(i) {
			set = append(set, l.At(i).Format("2006-01-02 15:04"))
		}
	}
	if got := strings.Join(set, ", "); got != "2026-11-20 00:00, 2026-11-20 02:00, 2026-11-20 23:45" {
		t.Error(got)
	}
}
