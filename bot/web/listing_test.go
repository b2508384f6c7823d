package web

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
	"fireboss/incidents/store/bolt"
)

var rowNumber = regexp.MustCompile(`<h3><a href="/incidents/(INC-\d+)"`)

// rowsOf are the numbers on a page, in order.
func rowsOf(g got) string {
	var list []string
	for _, m := range rowNumber.FindAllStringSubmatch(g.body, -1) {
		list = append(list, strings.TrimPrefix(m[1], "INC-"))
	}
	return strings.Join(list, " ")
}

func TestListPage(t *testing.T) {
	h := newHouse(t)
	h.page("/incidents").shows(t, "There is none yet")
	h.furnish()
	g := h.page("/incidents")
	if g.StatusCode != 200 || g.Header.Get("Content-Type") != "text/html; charset=utf-8" || g.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", g.StatusCode, g.Header)
	}
	g.shows(t, "SEV1", "critical", "SEV ?", "not judged yet", "nobody commands", "commander <bdi>ops</bdi>",
		"false positive", ">drill<", ">reopened<", "checkout, cards", "overdue", "Search", `action="/incidents"`, `href="/incidents.csv"`)
	g.hides(t, "leaked", "INC-4", "ZgotmplZ", "Clear")
	h.page("/incidents?q=checkout").shows(t, `value="checkout"`, "Clear", `href="/incidents.json?q=checkout"`)
	h.page("/incidents?q=leaked").shows(t, "No incident says “leaked”")
	h.page("/incidents?type=odd").shows(t, "No incident is like that")
	h.page("/incidents?severity=1").shows(t, `<option value="sev1" selected>`)
}

// year is a store with incidents that were opened a day after another.
func year(t *testing.T, n int) *house {
	t.Helper()
	at := noon
	h := newHouse(t)
	db, err := bolt.Open(t.TempDir()+"/year.db", bolt.Options{Rules: testRules, Now: func() time.Time { return at }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	h.store.Store = db
	alice := incidents.Actor{Kind: incidents.User, ID: "slack:T/U1", Name: "alice"}
	apply := func(id string, n incidents.Number, do incidents.Act) {
		if _, err := db.Apply(context.Background(), incidents.Command{ID: id, Actor: alice, At: at, Incident: n, Do: do}); err != nil {
			t.Fatal(err)
		}
	}
	for i := 1; i <= n; i++ {
		at = noon.AddDate(0, 0, i)
		o := incidents.Open{Title: fmt.Sprint("number ", i), Severity: incidents.Severity(1 + i%5), Drill: i%7 == 0, Type: "incident", Services: []string{"search"}}
		if i%4 == 0 {
			o.Services, o.Type = []string{"checkout"}, "odd"
		}
		apply(fmt.Sprint("o", i), 0, o)
		if i%3 != 0 {
			at = at.Add(time.Duration(i) * time.Minute)
			apply(fmt.Sprint("r", i), incidents.Number(i), incidents.Resolve{})
		}
	}
	return h
}

func TestFiltersAndOrdersOfTheList(t *testing.T) {
	h := year(t, 12) // opened on 21 November 2026 and the eleven days after it
	for query, want := range map[string]string{
		"":                                 "12 11 10 9 8 7 6 5 4 3 2 1",
		"sort=oldest":                      "1 2 3 4 5 6 7 8 9 10 11 12",
		"status=open":                      "12 9 6 3",
		"status=ended":                     "11 10 8 7 5 4 2 1",
		"status=resolved":                  "11 10 8 7 5 4 2 1",
		"status=investigating":             "12 9 6 3",
		"status=open&sort=oldest":          "3 6 9 12",
		"severity=sev1":                    "10 5",
		"severity=1&status=open":           "",
		"type=ODD":                         "12 8 4",
		"service=Checkout&status=ended":    "8 4",
		"drills=only":                      "7",
		"drills=without&status=ended":      "11 10 8 5 4 2 1",
		"from=2026-11-24":                  "12 11 10 9 8 7 6 5 4",
		"to=2026-11-24":                    "4 3 2 1",
		"from=2026-11-23&to=2026-11-25":    "5 4 3",
		"from=2026-11-23&sort=oldest":      "3 4 5 6 7 8 9 10 11 12",
		"to=2026-11-23&sort=oldest":        "1 2 3",
		"from=2027-01-01":                  "",
		"to=2020-01-01":                    "",
		"sort=severity&status=ended":       "10 5 11 1 7 2 8 4",
		"sort=longest&to=2026-11-25":       "5 4 2 1 3",
		"q=number&type=odd":                "12 8 4",
		"q=number&sort=oldest&type=odd":    "4 8 12",
		"q=inc-7":                          "7",
		"q=nowhere":                        "",
		"before=INC-3":                     "2 1",
		"after=INC-10&sort=oldest":         "11 12",
		"status=open&before=INC-9":         "6 3",
		"sort=severity&skip=10":            "9 4",
		"status=&severity=&from=&to=&q=":   "12 11 10 9 8 7 6 5 4 3 2 1",
		"status=closed":                    "",
		"q=number&before=INC-3&limit=1000": "2 1",
	} {
		g := h.page("/incidents?" + query)
		if got := rowsOf(g); g.StatusCode != 200 || got != want {
			t.Errorf("%s: %d, %q, want %q", query, g.StatusCode, got, want)
		}
	}
	for _, bad := range []string{"status=bogus", "severity=9", "drills=some", "sort=best", "from=yesterday", "to=2026-13-01", "limit=0", "limit=1001", "before=x", "after=INC-1",
		"before=INC-1&sort=oldest", "skip=1", "skip=-1&sort=severity", "skip=99999&sort=severity", "show=open", "q=%21"} {
		if g := h.page("/incidents?" + bad); g.StatusCode != 400 {
			t.Errorf("%s: %d", bad, g.StatusCode)
		}
	}
}

// A list is turned to its end, whatever its order: every incident stands once on it.
func TestListPageTurns(t *testing.T) {
	h := year(t, 23)
	next := regexp.MustCompile(`href="([^"]+)" rel="next"`)
	for query, pages := range map[string]int{"limit=5": 5, "limit=5&sort=oldest": 5, "limit=5&sort=severity": 5, "limit=5&sort=longest": 5, "q=number&limit=5": 5, "status=ended&limit=5": 4, "status=open&limit=3": 3, "limit=23": 1} {
		path, seen, turned := "/incidents?"+query, map[string]bool{}, 0
		for path != "" && turned < 20 {
			g := h.page(path)
			if first := strings.Contains(g.body, "Back to the first page"); first != (turned > 0) {
				t.Errorf("%s, page %d: a way back is %v", query, turned, first)
			}
			for _, n := range strings.Fields(rowsOf(g)) {
				if seen[n] {
					t.Errorf("%s: INC-%s stands there twice", query, n)
				}
				seen[n] = true
			}
			turned++
			path = ""
			if m := next.FindStringSubmatch(g.body); m != nil {
				path = strings.ReplaceAll(m[1], "&amp;", "&")
			}
		}
		if turned != pages {
			t.Errorf("%s: %d pages, want %d", query, turned, pages)
		}
	}
}

// crowded is a store that answers with many incidents it need not hold, and counts
// how many it is asked for.
type crowded struct {
	store.Store
	n      int
	hidden bool // all but the first are private
	looked int
}

func (c *crowded) one(n incidents.Number) incidents.Incident {
	in := incidents.Incident{Number: n, Title: "one of many", Type: "incident", Severity: 3, Status: incidents.Closed, DeclaredAt: noon.Add(time.Duration(n) * time.Hour), Private: c.hidden && n > 1}
	if n == 1 {
		in.Type = "odd"
	}
	return in
}

func (c *crowded) Incident(_ context.Context, n incidents.Number) (incidents.Incident, error) {
	if n < 1 || int(n) > c.n {
		return incidents.Incident{}, store.ErrNotFound
	}
	c.looked++
	return c.one(n), nil
}

func (c *crowded) Incidents(_ context.Context, q store.Query) (list []incidents.Incident, err error) {
	if q.Open {
		return nil, nil
	}
	n, step := incidents.Number(c.n), -1
	switch {
	case q.Oldest:
		n, step = q.After+1, 1
	case q.Before != 0:
		n = q.Before - 1
	}
	for ; n > 0 && int(n) <= c.n && (q.Limit == 0 || len(list) < q.Limit); n += incidents.Number(step) {
		if in := c.one(n); q.Matches(in) { // the rest it does not look at
			c.looked++
			list = append(list, in)
		}
	}
	return list, nil
}

// However many incidents there are, a page looks at no more than it must, and never
// at more than so many; where it stops, it says so, and how to go on.
func TestAListIsBounded(t *testing.T) {
	h := newHouse(t)
	c := &crowded{Store: h.store.Store, n: 3*maxExamined + 500}
	h.store.Store = c
	for query, most := range map[string]int{"": 200, "status=open": 0, "sort=oldest": 200, "status=ended": 200, "from=2027-03-01&to=2027-03-02": 260, "type=odd": 1, "type=odd&severity=sev3&status=closed": 1, "severity=sev1": 0, "drills=only": 0, "sort=severity": 200, "sort=longest": maxExamined + 200} {
		c.looked = 0
		g := h.page("/incidents?" + query)
		if g.StatusCode != 200 || c.looked > most {
			t.Errorf("%q: %d, %d were looked at, want at most %d", query, g.StatusCode, c.looked, most)
		}
	}
	c.hidden = true
	path := "/incidents"
	for turn := range 4 {
		g := h.page(path)
		last := turn == 3
		if strings.Contains(g.body, "got as far as") == last || (rowsOf(g) == "1") != last {
			t.Errorf("turn %d: rows %q", turn, rowsOf(g))
		}
		if m := regexp.MustCompile(`<a href="([^"]+)">Look further`).FindStringSubmatch(g.body); m != nil {
			path = strings.ReplaceAll(m[1], "&amp;", "&")
		} else if !last {
			t.Fatalf("turn %d does not say how to go on", turn)
		}
	}
	h.page("/incidents?sort=longest").shows(t, "Choose the days")
	h.page("/incidents?sort=severity").shows(t, "got as far as sev3. Choose the days")
}

// eased is a store in which an incident becomes less severe after the first list was read.
type eased struct {
	store.Store
	h    *house
	asks int
}

func (e *eased) Incidents(ctx context.Context, q store.Query) ([]incidents.Incident, error) {
	list, err := e.Store.Incidents(ctx, q)
	if e.asks++; e.asks == 1 {
		e.h.acts("alice", 1, incidents.ChangeSeverity{To: 4})
	}
	return list, err
}

// One that becomes less severe while the page is made stands on it once.
func TestAListBySeverityHasEachOnce(t *testing.T) {
	h := newHouse(t)
	h.declare("alice", incidents.Open{Title: "checkout is down", Severity: 1})
	h.store.Store = &eased{Store: h.store.Store, h: h}
	if g := h.page("/incidents?sort=severity"); rowsOf(g) != "1" {
		t.Errorf("the rows are %q", rowsOf(g))
	}
}
