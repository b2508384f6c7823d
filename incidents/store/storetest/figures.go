package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

var _ = holds(
	promise{"figures are those of the incident as it stands", figuresFollow},
	promise{"figures are chosen before their load is read", figuresWhere},
	promise{"load is who did something in which quarter of an hour", loadIsByQuarters},
	promise{"load is of people, by when they did it", loadIsOfPeople},
	promise{"a change that is refused leaves figures and load alone", refusedLeavesFigures},
)

// figures are those for which where holds.
func (w *world) figures(where func(incidents.Figures) bool) []incidents.Figures {
	w.Helper()
	list, err := w.Store.Figures(w.ctx, store.FiguresQuery{Where: where, Load: true})
	w.ok(err)
	return list
}

func figuresFollow(w *world) {
	same(w, "figures of an empty store", w.figures(nil), nil)
	n := w.open("checkout is down")
	follows := func() {
		w.Helper()
		want := incidents.FiguresOf(w.incident(n))
		got := w.figures(nil)[0]
		got.Load = nil
		same(w, "figures", got, want)
	}
	follows()
	for _, act := range []incidents.Act{
		incidents.Acknowledge{}, incidents.AssignRole{Role: incidents.CommanderRole, To: bob.Person()}, incidents.HandOff{To: incidents.Person{ID: "slack:T1/U3", Name: "Carol"}},
		incidents.ChangeService{Name: "checkout"}, incidents.ChangeSeverity{To: 3}, incidents.MakePrivate{},
		incidents.SetImpact{At: noon.Add(-1500 * time.Microsecond)}, incidents.AddNote{Text: "changes nothing of it"},
		incidents.AddTask{List: incidents.Followups, Text: "one", Assignee: bob.Person(), Due: noon.Add(time.Hour)},
		incidents.AddTask{List: incidents.Followups, Text: "two"}, incidents.MoveTask{List: incidents.Followups, Number: 2, To: incidents.TaskFinished},
		incidents.Resolve{}, incidents.Reopen{Why: "again"}, incidents.Cancel{FalsePositive: true},
	} {
		w.later(17 * time.Second)
		w.apply(n, act)
		follows()
	}
	w.again()
	follows()
}

func figuresWhere(w *world) {
	for i := range 1200 { // more than a store reads at once
		w.apply(0, incidents.Open{Title: "x", Severity: incidents.Severity(i % 5)})
	}
	loaded := false
	odd := w.figures(func(f incidents.Figures) bool {
		loaded = loaded || f.Load != nil
		return f.Number%2 == 1
	})
	if loaded {
		w.Error("where was shown a load")
	}
	if len(odd) != 600 {
		w.Fatalf("%d of 1200 have odd numbers", len(odd))
	}
	bare, err := w.Store.Figures(w.ctx, store.FiguresQuery{})
	w.ok(err)
	if len(bare) != 1200 || bare[7].Load != nil || bare[7].Number != 8 {
		w.Errorf("%d figures without their load, the eighth %+v", len(bare), bare[7])
	}
	for i, f := range odd {
		if f.Number != incidents.Number(2*i+1) || len(f.Load) != 1 {
			w.Fatalf("the %d-th is %s with the load of %d days", i, f.Number, len(f.Load))
		}
	}
}

// loadOf writes an incident's load as "day: name hh:mm hh:mm, name …".
func (w *world) loadOf(n incidents.Number) string {
	w.Helper()
	f := w.figures(func(f incidents.Figures) bool { return f.Number == n })[0]
	var days []string
	for _, l := range f.Load {
		var people []string
		for _, a := range l.Acts {
			who := a.Who.Name
			for i := range 96 {
				if a.Quarters.Has(i) {
					who += l.At(i).Format(" 15:04")
				}
			}
			people = append(people, who)
		}
		days = append(days, l.At(0).Format("2006-01-02")+": "+strings.Join(people, ", "))
	}
	return strings.Join(days, "; ")
}

func loadIsByQuarters(w *world) {
	n := w.open("checkout is down") // by Alice, at noon
	other := w.open("and another one")
	for i := range 3 {
		w.say(n, fmt.Sprint(i), "again and again")
	}
	w.later(15*time.Minute - time.Millisecond)
	w.say(n, "3", "just within")
	w.later(time.Millisecond)
	w.say(n, "4", "the next one")
	c := w.command(n, incidents.Acknowledge{})
	c.Actor = bob
	_, err := w.Store.Apply(w.ctx, c)
	w.ok(err)
	w.later(12*time.Hour - 16*time.Minute)
	w.apply(n, incidents.AddNote{Text: "still there"})
	w.later(time.Minute)
	w.apply(n, incidents.AddNote{Text: "still there"})
	const want = "2026-11-20: Alice 12:00 12:15 23:45, Bob 12:15; 2026-11-21: Alice 00:00"
	same(w, "load", w.loadOf(n), want)
	same(w, "load of the other", w.loadOf(other), "2026-11-20: Alice 12:00")
	w.again()
	same(w, "load afterwards", w.loadOf(n), want)
	w.audit()
}

func loadIsOfPeople(w *world) {
	c := w.command(0, incidents.Open{Title: "opened by a program", Severity: 1})
	c.Actor = incidents.Actor{Kind: incidents.Integration, ID: "token:ops", Name: "ops"}
	out, err := w.Store.Apply(w.ctx, c)
	w.ok(err)
	n := out.Incident.Number
	w.later(time.Hour)
	c = w.command(n, incidents.Remind{})
	c.Actor = incidents.Fireboss
	_, err = w.Store.Apply(w.ctx, c)
	w.ok(err)
	same(w, "load of programs", w.loadOf(n), "")
	w.apply(n, incidents.RecordMessage{ID: message("1"), Text: "read later", At: noon.Add(20 * time.Minute)})
	w.apply(n, incidents.AddNote{Text: "written later", At: noon.Add(40 * time.Minute)})
	same(w, "load", w.loadOf(n), "2026-11-20: Alice 12:15 13:00")
}

func refusedLeavesFigures(w *world) {
	n := w.open("checkout is down")
	before := w.figures(nil)
	w.later(time.Hour)
	_, err := w.Store.Apply(w.ctx, w.command(n, incidents.Reopen{Why: "it is open"}))
	w.refused(err)
	w.apply(n, incidents.ChangeSeverity{To: 1}) // as it is
	same(w, "figures", w.figures(nil), before)
}

// compareFigures: what statistics read is what the incidents and their events say.
func (m *model) compareFigures() {
	w := m.w
	w.Helper()
	got := w.figures(nil)
	if len(got) != len(m.incidents) {
		w.Fatalf("figures of %d incidents, want %d", len(got), len(m.incidents))
	}
	for i, f := range got {
		want := incidents.FiguresOf(m.incidents[i])
		for _, e := range m.events[want.Number] {
			day, quarter, ok := e.Act()
			if !ok {
				continue
			}
			at := slices.IndexFunc(want.Load, func(l incidents.Load) bool { return l.Day == day })
			if at < 0 {
				at = len(want.Load)
				want.Load = append(want.Load, incidents.Load{Day: day})
			}
			want.Load[at].Add(e.Actor.Person(), quarter)
		}
		slices.SortFunc(want.Load, func(a, b incidents.Load) int { return cmp.Compare(a.Day, b.Day) })
		same(w, "figures of "+want.Number.String(), f, want)
	}
}
