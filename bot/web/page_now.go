package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// How many incidents the page of what is open shows.
const (
	nowShown   = 200
	latelyOver = 5
	recent     = 7 * 24 * time.Hour
)

// nowData is what is open.
type nowData struct {
	Open   []row
	Drills []row
	Cut    bool // there are more than are shown
	Over   []row
	Says   string // all of it in a sentence
	Alarm  string // what of it cannot wait; empty: nothing
}

// nowPage shows what is open, the worst first, and what was over lately.
func (s *Site) nowPage(r *http.Request) (page, error) {
	if q := readQuery(r.URL.RawQuery); q.err != nil {
		return page{}, q.err
	}
	now, who := s.now(), s.viewer(r)
	visible := visibleTo(who)
	open, err := s.store.Incidents(r.Context(), store.Query{Open: true, Limit: maxExamined, Where: visible})
	if err != nil {
		return page{}, err
	}
	d := nowData{Cut: len(open) > nowShown}
	slices.SortStableFunc(open, func(a, b incidents.Incident) int { return cmp.Compare(a.Severity.Rank(), b.Severity.Rank()) })
	open = open[:min(len(open), nowShown)]
	rows, err := s.rows(r.Context(), open, now)
	if err != nil {
		return page{}, err
	}
	for _, one := range rows {
		one.Mine = one.CommandedBy(who)
		if one.Drill {
			d.Drills = append(d.Drills, one)
		} else {
			d.Open = append(d.Open, one)
		}
	}
	d.Says, d.Alarm = nowWords(d, rows)
	if d.Over, err = s.lately(r.Context(), visible, now); err != nil {
		return page{}, err
	}
	return page{Status: http.StatusOK, Template: "now", Title: "Now", Here: "now", Now: now, Data: d, Parts: []string{"live"}, Live: "/live"}, nil
}

// CommandedBy reports whether somebody leads.
func (r row) CommandedBy(a incidents.Actor) bool {
	p, led := r.Incident.Commander()
	return led && a.ID != "" && p.ID == a.ID
}

// nowWords say how it stands, and what of it is late.
func nowWords(d nowData, rows []row) (says, alarm string) {
	switch n := len(d.Open); {
	case d.Cut:
		says = "More than " + plural(nowShown, "incident") + " are open."
	case n == 1:
		says = "1 incident is open."
	case n > 1:
		says = plural(n, "incident") + " are open."
	default:
		says = "Nothing is burning."
	}
	late := 0
	for _, one := range rows {
		if one.Due != nil && one.Due.State == "late" {
			late++
		}
	}
	switch late {
	case 0:
	case 1:
		alarm = "1 deadline is overdue."
	default:
		alarm = plural(late, "deadline") + " are overdue."
	}
	return says, alarm
}

// lately are the newest that are over, of the last days. Where none of the few
// that it looks at is, there are none.
func (s *Site) lately(ctx context.Context, visible func(incidents.Incident) bool, now time.Time) ([]row, error) {
	list, err := s.store.Incidents(ctx, store.Query{Limit: examined})
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(in incidents.Incident) bool {
		return !visible(in) || !in.Status.Ended() || now.Sub(overAt(in)) > recent
	})
	slices.SortStableFunc(list, func(a, b incidents.Incident) int { return overAt(b).Compare(overAt(a)) })
	return s.rows(ctx, list[:min(len(list), latelyOver)], now)
}

// examined is how many of the newest incidents are looked at for those that are
// over lately.
const examined = 60

// overAt is when an incident ended, as far as it is known.
func overAt(in incidents.Incident) time.Time {
	for _, t := range []time.Time{in.Times.Resolved, in.Times.Closed} {
		if !t.IsZero() {
			return t
		}
	}
	return in.Times.Declared
}
