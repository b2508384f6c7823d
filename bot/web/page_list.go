package web

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"fireboss/incidents"
)

// listParams are the parameters of the list of incidents, its exports too.
var listParams = []string{"q", "status", "severity", "type", "service", "from", "to", "drills", "sort", "limit", "before", "after", "skip"}

// pageSizes are how many incidents one page can show; the first is what it does.
var pageSizes = []string{"50", "200", "1000"}

// listData is the list of incidents.
type listData struct {
	Choices  []choice // what can be filtered by choosing
	Search   string
	From, To string
	Rows     []row
	Filtered bool   // not all are asked for
	MoreUsed bool   // one of the filters is that are seldom used
	Cut      string // how far was looked: to an incident or a severity; empty: at all
	Further  string // the address from there on; empty: the order does not allow it
	Next     string // the address of the next page; empty: there is none
	First    string // that of the first, where this is not it
	CSV      string
	JSON     string
	Count    string
}

// choice is one field of the filter.
type choice struct {
	Name, Label string
	Options     []option
	Value       string
	Free        bool // it is written, and the options are suggestions
	More        bool // it is seldom used
}

// option is one of a choice's.
type option struct{ Value, Label string }

func (s *Site) incidentsPage(r *http.Request) (page, error) {
	q := readQuery(r.URL.RawQuery, listParams...)
	l := q.listing(s.rules())
	if q.err != nil {
		return page{}, q.err
	}
	l.Who = s.viewer(r)
	found, err := s.list(r.Context(), l)
	if err != nil {
		return page{}, err
	}
	now := s.now()
	d := listData{
		Choices: s.choices(q), Search: q.text("q"), From: q.text("from"), To: q.text("to"), Filtered: l.filtered(),
		CSV: address("/incidents.csv", q.values), JSON: address("/incidents.json", q.values), Count: shownWords(len(found.List), found.More),
	}
	if d.Rows, err = s.rows(r.Context(), found.List, now); err != nil {
		return page{}, err
	}
	d.MoreUsed = slices.ContainsFunc(d.Choices, func(c choice) bool { return c.More && q.given(c.Name) })
	d.turns(q, l, found)
	return page{Status: http.StatusOK, Template: "list", Title: "Incidents", Here: "incidents", Now: now, Data: d}, nil
}

func shownWords(n int, more bool) string {
	if more {
		return "the first " + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// turns are the ways to other pages of the same list.
func (d *listData) turns(q *query, l listing, found listed) {
	to := func(name, value string) string {
		v := maps.Clone(q.values)
		v.Del("before")
		v.Del("after")
		v.Del("skip")
		if name != "" {
			v.Set(name, value)
		}
		return address("/incidents", v)
	}
	turn := "before"
	if l.Sort == sortOldest {
		turn = "after"
	}
	if l.Start != 0 || l.Skip != 0 {
		d.First = to("", "")
	}
	switch {
	case found.More && l.numbered():
		d.Next = to(turn, found.List[len(found.List)-1].Number.String())
	case found.More:
		d.Next = to("skip", strconv.Itoa(l.Skip+l.Limit))
	}
	if found.Cut == 0 {
		return
	}
	d.Cut = found.Cut.String()
	if l.Sort == sortSeverity && l.inOrder() {
		d.Cut = found.Reached.String()
	}
	if l.numbered() {
		d.Further = to(turn, d.Cut)
	}
}

// address is a path with those parameters that say something.
func address(path string, v url.Values) string {
	v = maps.Clone(v)
	maps.DeleteFunc(v, func(_ string, list []string) bool { return len(list) == 0 || list[0] == "" })
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// filtered reports whether something is left out on purpose.
func (l listing) filtered() bool {
	return len(l.Words) > 0 || l.Status != "" || l.Severity != nil || l.Type != "" || l.Service != "" || !l.From.IsZero() || !l.To.IsZero() || l.Drills != ""
}

// listing reads what is to be listed.
func (q *query) listing(rules incidents.Rules) listing {
	l := listing{
		Words: q.words(), Status: q.listStatus(), Severity: q.severity(), Type: incidents.Tidy(q.text("type")), Service: rules.ServiceName(q.text("service")),
		From: q.day("from"), To: q.day("to"), Drills: q.oneOf("drills", drillsNone, drillsOnly), Sort: q.oneOf("sort", sortOldest, sortSeverity, sortLongest),
		Limit: 50,
	}
	if !l.To.IsZero() {
		l.To = l.To.AddDate(0, 0, 1) // the day itself is meant too
	}
	if q.given("limit") {
		l.Limit = q.limit()
	}
	turn, other := "before", "after"
	if l.Sort == sortOldest {
		turn, other = other, turn
	}
	if l.Start = q.number(turn); q.given(other) {
		q.wrong("%s does not go with this order. Begin at the first page.", other)
	}
	if l.Skip = q.skip(); l.Skip > 0 && l.numbered() {
		q.wrong("skip does not go with this order. Begin at the first page.")
	}
	return l
}

// skip is how many the pages before had.
func (q *query) skip() int {
	if !q.given("skip") {
		return 0
	}
	n, err := strconv.Atoi(q.text("skip"))
	if err != nil || n < 0 || n > maxExamined {
		q.wrong("skip is %q; it must be how many the pages before had.", shorten(q.text("skip"), 40))
	}
	return n
}

// oneOf is a parameter that must be one of these words, or not be there.
func (q *query) oneOf(name string, words ...string) string {
	if !q.given(name) || slices.Contains(words, q.text(name)) {
		return q.text(name)
	}
	q.wrong("%s is %q; it must be one of %s.", name, shorten(q.text(name), 40), enumerated(words))
	return ""
}

func (q *query) listStatus() string {
	if s := q.text("status"); s == statusOpen || s == statusEnded {
		return s
	}
	return string(q.status())
}

// day is a parameter that is a date; the day begins in UTC.
func (q *query) day(name string) time.Time {
	if !q.given(name) {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, q.text(name))
	if err != nil {
		q.wrong("%s is %q; it must be a day, such as 2026-11-20.", name, shorten(q.text(name), 40))
	}
	return t
}

// number is a parameter that is an incident, where another page ended.
func (q *query) number(name string) incidents.Number {
	if !q.given(name) {
		return 0
	}
	n, err := incidents.ParseNumber(q.text(name))
	if err != nil {
		q.wrong("%s is %q; it must be an incident, such as INC-12.", name, shorten(q.text(name), 40))
	}
	return n
}

// choices are what the list can be filtered by, as it is now.
func (s *Site) choices(q *query) []choice {
	rules := s.rules()
	status := []option{{"", "Any"}, {statusOpen, "Open"}, {statusEnded, "Ended"}}
	for _, one := range incidents.Statuses {
		status = append(status, option{string(one), string(one)})
	}
	severity := []option{{"", "Any"}}
	for _, one := range incidents.Severities {
		label := one.String()
		if word := severityWord(one, rules.Meaning(one)); word != "" {
			label += ", " + word
		}
		severity = append(severity, option{one.String(), label})
	}
	sizes := make([]option, 0, len(pageSizes))
	for _, one := range pageSizes {
		sizes = append(sizes, option{one, one})
	}
	list := []choice{
		{Name: "status", Label: "Status", Options: status},
		{Name: "severity", Label: "Severity", Options: severity},
		{Name: "type", Label: "Type", Options: s.typesKnown(rules), Free: true, More: true},
		{Name: "service", Label: "Service", Options: plainOptions(slices.Sorted(maps.Keys(rules.Services))), Free: true, More: true},
		{Name: "drills", Label: "Drills", Options: []option{{"", "With drills"}, {drillsNone, "Without drills"}, {drillsOnly, "Only drills"}}, More: true},
		{Name: "sort", Label: "Order", Options: []option{{"", "Newest first"}, {sortOldest, "Oldest first"}, {sortSeverity, "Most severe first"}, {sortLongest, "Longest first"}}, More: true},
		{Name: "limit", Label: "On a page", Options: sizes, More: true},
	}
	for i := range list {
		list[i].Value = q.text(list[i].Name)
		if list[i].Name == "severity" && list[i].Value != "" {
			list[i].Value = q.severity().String()
		}
		if list[i].Name == "limit" {
			list[i].Value = cmp.Or(list[i].Value, pageSizes[0])
		}
	}
	return list
}

// typesKnown are the types of the policy.
func (s *Site) typesKnown(rules incidents.Rules) []option {
	names := []string{incidents.DefaultType}
	for _, t := range rules.Types {
		names = append(names, t.Name)
	}
	names = append(names, rules.PrivateTypes...)
	slices.Sort(names)
	return plainOptions(slices.Compact(names))
}

func plainOptions(names []string) []option {
	var list []option
	for _, name := range names {
		list = append(list, option{name, name})
	}
	return list
}

// visibleTo keeps the incidents of which somebody may know.
func visibleTo(a incidents.Actor) func(incidents.Incident) bool {
	return func(in incidents.Incident) bool { return in.VisibleTo(a) }
}
