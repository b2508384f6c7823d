package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"fireboss/incidents"
)

// postmortemsShown is how many postmortems one page shows.
const postmortemsShown = 100

// postmortemsData are the postmortems of all incidents.
type postmortemsData struct {
	Tabs    []tab
	Rows    []postmortemRow
	Overdue int
	Cut     string // the last incident that was looked at; empty: all were
	Further string
	Next    string
	First   string
}

// postmortemRow is one postmortem.
type postmortemRow struct {
	incidents.Incident
	SeverityWord string
	State        string
	Owner        string
	Waiting      string // whose approval it waits for
	When         string
	WhenAt       time.Time
	Due          *due
}

func (s *Site) postmortemsPage(r *http.Request) (page, error) {
	q := readQuery(r.URL.RawQuery, "state", "before", "skip")
	state := q.oneOf("state", string(incidents.Drafted), string(incidents.InReview), string(incidents.Approved), string(incidents.Published))
	l := listing{Postmortem: state, Sort: sortPostmortem, Limit: postmortemsShown, Start: q.number("before"), Skip: q.skip(), Who: s.viewer(r)}
	if q.err != nil {
		return page{}, q.err
	}
	found, err := s.list(r.Context(), l)
	if err != nil {
		return page{}, err
	}
	now, d := s.now(), postmortemsData{}
	for _, in := range found.List {
		row := s.postmortemRow(in, now)
		if row.Due != nil && row.Due.State == "late" {
			d.Overdue++
		}
		d.Rows = append(d.Rows, row)
	}
	for _, one := range []struct{ state, label string }{{"", "All"}, {"draft", "Drafts"}, {"in_review", "In review"}, {"approved", "Approved"}, {"published", "Published"}} {
		d.Tabs = append(d.Tabs, tab{ID: "state-" + one.state, Label: one.label, Address: address("/postmortems", map[string][]string{"state": {one.state}}), Current: one.state == state})
	}
	d.turns(q, l, found)
	return page{Status: http.StatusOK, Template: "postmortems", Title: "Postmortems", Here: "postmortems", Now: now, Data: d}, nil
}

// turns are the ways to other pages.
func (d *postmortemsData) turns(q *query, l listing, found listed) {
	to := func(pairs ...string) string {
		v := map[string][]string{"state": {q.text("state")}}
		for i := 0; i+1 < len(pairs); i += 2 {
			v[pairs[i]] = []string{pairs[i+1]}
		}
		return address("/postmortems", v)
	}
	if l.Skip > 0 || l.Start > 0 {
		d.First = to()
	}
	if found.More {
		d.Next = to("before", q.text("before"), "skip", strconv.Itoa(l.Skip+l.Limit))
		return
	}
	if found.Cut != 0 {
		d.Cut, d.Further = found.Cut.String(), to("before", found.Cut.String())
	}
}

// postmortemRow says in words how far a postmortem is.
func (s *Site) postmortemRow(in incidents.Incident, now time.Time) postmortemRow {
	p := in.Postmortem
	row := postmortemRow{Incident: in, SeverityWord: severityWord(in.Severity, s.rules().Meaning(in.Severity)), State: stateWords[p.State]}
	if p.Owner != nil {
		row.Owner = p.Owner.Name
	}
	if p.State == incidents.InReview {
		var names []string
		for _, w := range p.Waiting() {
			names = append(names, w.Name)
		}
		row.Waiting = strings.Join(names, ", ")
	}
	switch row.WhenAt = overAt(in); {
	case p.State == incidents.Published:
		row.WhenAt = p.Published
		row.When = "published " + since(p.Published, now)
	case in.Status.Ended():
		row.When = "over " + since(row.WhenAt, now)
	default:
		row.When = "open"
	}
	if at := s.rules().PostmortemDue(in); !at.IsZero() {
		one := dueOf(incidents.Deadline{Rule: "postmortem", Due: at}, now)
		row.Due = &one
	}
	return row
}

// overdueFirst orders postmortems: what is late, the longest first, then all others as
// they are.
func (s *Site) overdueFirst(list []incidents.Incident) {
	now, rules := s.now(), s.rules()
	late := func(in incidents.Incident) time.Time {
		if at := rules.PostmortemDue(in); !at.IsZero() && !at.After(now) {
			return at
		}
		return time.Time{}
	}
	slices.SortStableFunc(list, func(a, b incidents.Incident) int {
		one, other := late(a), late(b)
		switch {
		case one.IsZero() && other.IsZero():
			return 0
		case one.IsZero():
			return 1
		case other.IsZero():
			return -1
		}
		return one.Compare(other)
	})
}
