package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"fireboss/incidents"
)

// How many incidents a list shows.
const (
	openShown  = 500
	endedShown = 50
)

// listData is the list of incidents.
type listData struct {
	Show    string // all or open
	Search  string
	Open    []row
	OpenCut bool // there are more than are shown
	Ended   []row
	Older   string // the address of the next page of ended ones; empty: none
	Newest  string // the address of the first page, where this is not it
}

// row is one incident of a list.
type row struct {
	incidents.Incident
	SeverityWord string
	Commander    string
	Since        string
	SinceAt      time.Time
	Due          *due // what is due next
	Behind       bool // Slack does not show it as it is
}

func (s *Site) incidentsPage(r *http.Request) (page, error) {
	q := readQuery(r.URL.RawQuery, "show", "q", "before")
	before, now := q.before(), s.now()
	d := listData{Show: cmp.Or(q.text("show"), "all"), Search: q.text("q")}
	if d.Show != "all" && d.Show != "open" {
		q.wrong("show is %q; it must be open or all.", shorten(d.Show, 40))
	}
	w := q.words()
	if q.err != nil {
		return page{}, q.err
	}
	visible := visibleTo(s.viewer(r))
	if before == 0 {
		open, more, err := s.find(r.Context(), filter{Words: w, Open: true, Limit: openShown, Where: visible})
		if err != nil {
			return page{}, err
		}
		slices.SortStableFunc(open, func(a, b incidents.Incident) int { return cmp.Compare(a.Severity.Rank(), b.Severity.Rank()) })
		if d.Open, err = s.rows(r.Context(), open, now); err != nil {
			return page{}, err
		}
		d.OpenCut = more
	} else {
		d.Newest = d.address(0)
	}
	if d.Show == "all" {
		if err := s.ended(r.Context(), &d, filter{Words: w, Before: before, Limit: endedShown, Where: func(in incidents.Incident) bool { return visible(in) && in.Status.Ended() }}, now); err != nil {
			return page{}, err
		}
	}
	return page{Status: http.StatusOK, Template: "list", Title: "Incidents", Here: "incidents", Now: now, Data: d}, nil
}

// ended fills a page of incidents that are over.
func (s *Site) ended(ctx context.Context, d *listData, f filter, now time.Time) error {
	over, more, err := s.find(ctx, f)
	if err != nil {
		return err
	}
	if more {
		d.Older = d.address(over[len(over)-1].Number)
	}
	d.Ended, err = s.rows(ctx, over, now)
	return err
}

// visibleTo keeps the incidents of which somebody may know.
func visibleTo(a incidents.Actor) func(incidents.Incident) bool {
	return func(in incidents.Incident) bool { return in.VisibleTo(a) }
}

// address is this list from another place on.
func (d listData) address(before incidents.Number) string {
	v := url.Values{}
	if d.Search != "" {
		v.Set("q", d.Search)
	}
	if before != 0 {
		v.Set("before", before.String())
	}
	if len(v) == 0 {
		return "/incidents"
	}
	return "/incidents?" + v.Encode()
}

// before is where the page before ended.
func (q *query) before() incidents.Number {
	if !q.given("before") {
		return 0
	}
	n, err := incidents.ParseNumber(q.text("before"))
	if err != nil {
		q.wrong("before is %q; it must be an incident, such as INC-12.", shorten(q.text("before"), 40))
	}
	return n
}

func (s *Site) rows(ctx context.Context, list []incidents.Incident, now time.Time) ([]row, error) {
	var out []row
	for _, in := range list {
		r := row{Incident: in, SeverityWord: severityWord(in.Severity, s.rules().Meaning(in.Severity))}
		if p, ok := in.Commander(); ok {
			r.Commander = p.Name
		}
		r.SinceAt = in.Times.Declared
		r.Since = "declared " + since(r.SinceAt, now)
		if took := in.Times.Durations().Resolve; in.Status.Ended() && took != nil {
			r.SinceAt = in.Times.Resolved
			r.Since = "took " + span(*took) + ", over " + since(r.SinceAt, now)
		}
		if next, ok := in.Next(); ok {
			d := dueOf(next, now)
			r.Due = &d
		}
		rec, err := s.store.Record(ctx, Mirror, in.Number)
		if err != nil {
			return nil, err
		}
		r.Behind = rec.LastError != ""
		out = append(out, r)
	}
	return out, nil
}
