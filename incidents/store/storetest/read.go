package storetest

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

var _ = holds(
	promise{"what is not there is not found", absent},
	promise{"lists are newest first and by condition", queries},
	promise{"events are read in pages", paged},
	promise{"words are found", searched},
	promise{"deadlines follow the state", deadlines},
	promise{"all is there after a restart", restarted},
)

func absent(w *world) {
	_, err := w.Store.Incident(w.ctx, 1)
	w.missing(err)
	list, err := w.Store.Incidents(w.ctx, store.Query{})
	if err != nil || len(list) != 0 {
		w.Errorf("Incidents of an empty store: %v, %v", list, err)
	}
	said, err := w.Store.Events(w.ctx, 1, 0, 0)
	if err != nil || len(said) != 0 {
		w.Errorf("Events of no incident: %v, %v", said, err)
	}
	at, err := w.Store.NextDue(w.ctx)
	if err != nil || !at.IsZero() {
		w.Errorf("NextDue of an empty store: %v, %v", at, err)
	}
	w.ok(w.Store.Writable(w.ctx))
}

// mixed opens so many incidents, INC-1 first: of three severities, every tenth of a type
// with services, half of them over; some are changed afterwards.
func (w *world) mixed(all int) {
	w.Helper()
	for i := range all {
		o := incidents.Open{Title: fmt.Sprintf("Number %d x%da x%db", i, i, i), Severity: incidents.Severity(i%3 + 1), Drill: i == 6}
		if i%10 == 4 {
			o.Type, o.Services = "Odd", []string{"Checkout", "mail (EU)"}
		}
		n := w.apply(0, o).Incident.Number
		if n%2 == 0 {
			w.apply(n, incidents.Resolve{})
		}
		if n%4 == 0 {
			w.apply(n, incidents.Close{})
		}
	}
	w.apply(4, incidents.Reopen{Why: "it is back"})
	w.apply(15, incidents.Rename{Title: "Checkouts are SLOW"})
	w.apply(15, incidents.ChangeService{Name: "Checkout", Remove: true})
	w.apply(25, incidents.ChangeSeverity{To: 5})
	w.apply(35, incidents.ChangeType{Type: "outage"})
}

func queries(w *world) {
	const all = 60
	w.mixed(all)
	odd := func(n incidents.Number) bool { return n%10 == 5 && n != 35 }
	least := incidents.Severity(5)
	second := incidents.Severity(2)
	for name, c := range map[string]struct {
		query store.Query
		want  func(incidents.Number) bool
	}{
		"all":               {store.Query{}, func(incidents.Number) bool { return true }},
		"open":              {store.Query{Open: true}, func(n incidents.Number) bool { return n%2 == 1 || n == 4 }},
		"resolved":          {store.Query{Status: incidents.Resolved}, func(n incidents.Number) bool { return n%2 == 0 && n%4 != 0 }},
		"open and resolved": {store.Query{Open: true, Status: incidents.Resolved}, func(incidents.Number) bool { return false }},
		"sev2":              {store.Query{Severity: &second}, func(n incidents.Number) bool { return (n-1)%3 == 1 && n != 25 }},
		"sev5":              {store.Query{Severity: &least}, func(n incidents.Number) bool { return n == 25 }},
		"a type":            {store.Query{Type: "ODD"}, odd},
		"another type":      {store.Query{Type: "outage"}, func(n incidents.Number) bool { return n == 35 }},
		"half a type":       {store.Query{Type: "outa"}, func(incidents.Number) bool { return false }},
		"a service":         {store.Query{Service: "checkout"}, func(n incidents.Number) bool { return n%10 == 5 && n != 15 }},
		"half a service":    {store.Query{Service: "mail"}, func(incidents.Number) bool { return false }},
		"another service":   {store.Query{Service: "MAIL (eu)"}, func(n incidents.Number) bool { return n%10 == 5 }},
		"drills":            {store.Query{Drill: true}, func(n incidents.Number) bool { return n == 7 }},
		"a word":            {store.Query{Words: []string{"slow"}}, func(n incidents.Number) bool { return n == 15 }},
		"a word's end":      {store.Query{Words: []string{"low"}}, func(incidents.Number) bool { return false }},
		"a word's begin":    {store.Query{Words: []string{"check"}}, func(n incidents.Number) bool { return n%10 == 5 }},
		"of a type":         {store.Query{Words: []string{"od"}}, odd},
		"the title before":  {store.Query{Words: []string{"number", "14"}}, func(incidents.Number) bool { return false }},
		"two words":         {store.Query{Words: []string{"num", "2"}}, func(n incidents.Number) bool { return n == 3 || n > 20 && n <= 30 && n != 15 }},
		"all words":         {store.Query{Words: []string{"n"}}, func(n incidents.Number) bool { return n != 15 }},
		"many words":        {store.Query{Words: []string{"x"}}, func(n incidents.Number) bool { return n != 15 }},
		"all at once": {
			store.Query{Words: []string{"eu", "checkout"}, Type: "odd", Service: "checkout", Severity: &second, Status: incidents.Investigating, Before: 50, Limit: 1},
			func(n incidents.Number) bool { return n == 5 },
		},
		"after":             {store.Query{Oldest: true, After: 57}, func(n incidents.Number) bool { return n > 57 }},
		"after all":         {store.Query{Oldest: true, After: all}, func(incidents.Number) bool { return false }},
		"the oldest":        {store.Query{Oldest: true, Limit: 3}, func(n incidents.Number) bool { return n <= 3 }},
		"the oldest open":   {store.Query{Oldest: true, Open: true, Limit: 3, After: 1}, func(n incidents.Number) bool { return n == 3 || n == 4 || n == 5 }},
		"the oldest of two": {store.Query{Oldest: true, Type: "odd", Severity: &second}, func(n incidents.Number) bool { return n == 5 }},
		"after the last":    {store.Query{Oldest: true, After: math.MaxUint64}, func(incidents.Number) bool { return false }},
		"between":           {store.Query{After: 20, Before: 30}, func(n incidents.Number) bool { return n > 20 && n < 30 }},
		"between, upwards":  {store.Query{After: 20, Before: 30, Oldest: true}, func(n incidents.Number) bool { return n > 20 && n < 30 }},
		"few at a time":     {store.Query{Type: "odd", Limit: 2, Before: 55}, func(n incidents.Number) bool { return n == 45 || n == 25 }},
		"before":            {store.Query{Before: 31}, func(n incidents.Number) bool { return n < 31 }},
		"before all":        {store.Query{Before: 1}, func(incidents.Number) bool { return false }},
		"before none":       {store.Query{Before: all + 100}, func(incidents.Number) bool { return true }},
		"open before":       {store.Query{Open: true, Before: 5}, func(n incidents.Number) bool { return n < 5 && n != 2 }},
		"limit":             {store.Query{Limit: 7}, func(n incidents.Number) bool { return n > all-7 }},
		"where and limit":   {store.Query{Limit: 2, Where: func(in incidents.Incident) bool { return in.Number%20 == 0 }}, func(n incidents.Number) bool { return n == 60 || n == 40 }},
	} {
		list, err := w.Store.Incidents(w.ctx, c.query)
		w.ok(err)
		var got, want []incidents.Number
		for _, in := range list {
			got = append(got, in.Number)
			if in.Seq == 0 || in.Head == "" {
				w.Errorf("%s: %s without its head", name, in.Number)
			}
		}
		for n := incidents.Number(all); n > 0; n-- {
			if c.want(n) {
				want = append(want, n)
			}
		}
		if c.query.Oldest {
			slices.Reverse(want)
		}
		same(w, name, got, want)
	}
	w.pages(all)
}

// pages asks for lists whose ends fall on every place of every page.
func (w *world) pages(all incidents.Number) {
	w.Helper()
	for each := incidents.Number(1); each < 14; each++ {
		for limit := 1; limit < 20; limit++ {
			list, err := w.Store.Incidents(w.ctx, store.Query{Limit: limit, Where: func(in incidents.Incident) bool { return in.Number%each == 0 }})
			w.ok(err)
			want := all - all%each
			for _, in := range list {
				if in.Number != want {
					w.Fatalf("at most %d of every %dth: got %s, want %s", limit, each, in.Number, want)
				}
				want -= each
			}
			if len(list) != min(limit, int(all/each)) {
				w.Fatalf("at most %d of every %dth: got %d", limit, each, len(list))
			}
		}
	}
}

func paged(w *world) {
	n := w.open("checkout is down")
	next := w.open("another")
	const said = 1234
	w.many(said, func(i int) {
		if _, err := w.Store.Apply(w.ctx, w.command(n, incidents.RecordMessage{ID: message(fmt.Sprint(i)), Text: "message"})); err != nil {
			w.Error(err)
		}
	})
	whole := w.events(n)
	if len(whole) != int(w.incident(n).Seq) {
		w.Fatalf("%d events, the last seq is %d", len(whole), w.incident(n).Seq)
	}
	for i, e := range whole {
		if e.Seq != uint64(i+1) || e.Incident != n {
			w.Fatalf("%s is event %d", e.ID(), i+1)
		}
	}
	for _, c := range []struct {
		after               uint64
		limit, first, count int
	}{
		{0, 1, 1, 1}, {0, 700, 1, 700}, {3, 2, 4, 2}, {uint64(len(whole) - 1), 10, len(whole), 1},
		{uint64(len(whole)), 0, 0, 0}, {1 << 40, 5, 0, 0}, {^uint64(0), 0, 0, 0}, {10, 0, 11, len(whole) - 10},
	} {
		list, err := w.Store.Events(w.ctx, n, c.after, c.limit)
		w.ok(err)
		if len(list) != c.count || c.count > 0 && list[0].Seq != uint64(c.first) {
			w.Errorf("after %d at most %d: %d events", c.after, c.limit, len(list))
		}
	}
	if list := w.events(next); len(list) != int(w.incident(next).Seq) {
		w.Errorf("the next incident has %d events", len(list))
	}
}

func searched(w *world) {
	one := w.apply(0, incidents.Open{Title: "Checkout is down", Summary: "Karten werden abgelehnt", Services: []string{"payments-api"}}).Incident.Number
	two := w.open("Search is slow")
	w.say(two, "1", "CHECK the Größe of ÉLASTIC nodes, node-17 and नमस्ते, really really")
	var many strings.Builder
	for i := range 100 {
		fmt.Fprintf(&many, "host%d ", i)
	}
	w.say(two, "2", many.String())
	three := w.open("checkmate in 3 moves")
	for asked, want := range map[string][]incidents.Number{
		"checkout": {one}, "CHECKOUT": {one}, "check": {three, two, one}, "heck": nil, "down checkout": {one}, "down slow": nil,
		"is down": {one}, "größe": {two}, "élas": {two}, "17": {two}, "node-17": {two}, "नमस्ते": {two}, "checkout,slow": nil,
		"abgelehnt": {one}, "payments": {one}, "really": {two}, "host": {two}, "host check": {two}, "host9": {two}, "host moves": nil, "nowhere": nil, "": nil, "?!": nil,
	} {
		for _, limit := range []int{0, 100} {
			got, err := w.Store.Search(w.ctx, []string{asked}, limit)
			w.ok(err)
			if len(got) != len(want) || len(want) > 0 && !slices.Equal(got, want) {
				w.Errorf("search for %q, at most %d, finds %v, want %v", asked, limit, got, want)
			}
		}
	}
	got, err := w.Store.Search(w.ctx, []string{"check"}, 2)
	w.ok(err)
	same(w, "at most two", got, []incidents.Number{three, two})
	got, err = w.Store.Search(w.ctx, []string{"check", "slow"}, 0)
	w.ok(err)
	same(w, "two words", got, []incidents.Number{two})
}

func (w *world) due(at time.Time, limit int) []store.Due {
	w.Helper()
	list, err := w.Store.Due(w.ctx, at, limit)
	w.ok(err)
	return list
}

// indexed is a deadline as [store.Store.Due] answers it; see [store.Due].
func indexed(d incidents.Deadline) incidents.Deadline {
	d.From, d.Snoozed, d.Date, d.Title, d.Why = time.Time{}, false, time.Time{}, "", ""
	return d
}

// deadlines compares what is due with what the incidents say.
func deadlines(w *world) {
	n := w.open("one")
	w.later(time.Minute)
	other := w.apply(0, incidents.Open{Title: "two"}).Incident.Number
	check := func(step string) {
		w.Helper()
		var want []store.Due
		for _, n := range []incidents.Number{n, other} {
			for _, d := range w.incident(n).Deadlines {
				want = append(want, store.Due{Incident: n, Deadline: indexed(d)})
			}
		}
		slices.SortStableFunc(want, func(a, b store.Due) int { return a.Deadline.Due.Compare(b.Deadline.Due) })
		got := w.due(noon.Add(1000*time.Hour), 0)
		if len(got) != len(want) {
			w.Fatalf("%s: due are %v, want %v", step, got, want)
		}
		for _, d := range want {
			if !slices.Contains(got, d) {
				w.Fatalf("%s: %v is not due", step, d)
			}
		}
		if !slices.IsSortedFunc(got, func(a, b store.Due) int { return a.Deadline.Due.Compare(b.Deadline.Due) }) {
			w.Errorf("%s: not in order: %v", step, got)
		}
		next, err := w.Store.NextDue(w.ctx)
		w.ok(err)
		if len(want) == 0 && !next.IsZero() || len(want) > 0 && !next.Equal(want[0].Deadline.Due) {
			w.Errorf("%s: next is %s", step, next)
		}
	}
	check("opened")
	first := w.due(noon.Add(1000*time.Hour), 1)
	if len(first) != 1 {
		w.Fatalf("at most one: %v", first)
	}
	at := first[0].Deadline.Due
	if early := w.due(at.Add(-1), 0); len(early) != 0 {
		w.Errorf("before anything is due: %v", early)
	}
	if exact := w.due(at, 0); len(exact) == 0 {
		w.Error("at the moment it is due it is not due")
	}
	for _, act := range []incidents.Act{
		incidents.Acknowledge{}, incidents.AssignRole{Role: incidents.CommanderRole, To: alice.Person()},
		incidents.ChangeSeverity{To: 2}, incidents.PostUpdate{Text: "we look", Next: time.Hour},
		incidents.AddNote{Text: "no change"}, incidents.Resolve{}, incidents.Reopen{Why: "back"}, incidents.Close{},
	} {
		w.later(time.Second)
		w.apply(n, act)
		check(fmt.Sprintf("%T", act))
	}
	w.again()
	check("restarted")
	w.apply(other, incidents.Close{})
	check("closed")
}

func restarted(w *world) {
	identity := w.Store.Identity()
	if len(identity) < 16 {
		w.Errorf("the store's name is %q", identity)
	}
	n := w.open("checkout is down")
	w.say(n, "1", "hello")
	in, said := w.incident(n), w.events(n)
	for range 3 {
		w.again()
		same(w, "the incident", w.incident(n), in)
		same(w, "its events", w.events(n), said)
		if got := w.Store.Identity(); got != identity {
			w.Errorf("the store's name was %s and is %s", identity, got)
		}
	}
	w.apply(n, incidents.AddNote{Text: "on it goes"})
	w.audit()
}
