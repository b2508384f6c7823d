package web

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/insights"
	"fireboss/incidents/store"
)

// insightsParams are the parameters of the insights, on the page and of the API.
var insightsParams = []string{"period", "from", "to", "drills"}

// insightsOptions reads of which incidents the figures are to be.
func (s *Site) insightsOptions(q *query) insights.Options {
	o := insights.Options{Calendar: s.rules().Clock.Office, Now: s.now(), People: s.loadByPerson}
	o.Drills = q.oneOf("drills", drillsOnly) == drillsOnly
	from, to := q.day("from"), q.day("to")
	switch {
	case !from.IsZero() || !to.IsZero():
		if q.given("period") {
			q.wrong("period does not go with from and to. Send one or the other.")
		}
		if !from.IsZero() && to.Before(from) && !to.IsZero() {
			q.wrong("to is %q, before from. The first day comes first.", q.text("to"))
		}
		o.Period = insights.Between(from, to, o.Calendar)
	case q.given("period"):
		o.Period, _ = insights.Named(q.oneOf("period", insights.Names...), o.Calendar, o.Now)
	default:
		o.Period, _ = insights.Named(insights.TwelveWeeks, o.Calendar, o.Now)
	}
	return o
}

// insights are the figures of what somebody may see.
func (s *Site) insights(ctx context.Context, o insights.Options, who incidents.Actor) (insights.Insights, error) {
	list, err := s.store.Figures(ctx, store.FiguresQuery{Where: func(f incidents.Figures) bool { return o.Chooses(f) && f.VisibleTo(who) }, Load: true})
	if err != nil {
		return insights.Insights{}, err
	}
	if !o.Drills { // drills have no alerts
		heard, _, err := s.alertsSince(ctx, o.Period.From, who)
		if err != nil {
			return insights.Insights{}, err
		}
		for _, a := range heard {
			if o.Period.Holds(a.ReceivedAt) {
				o.Alerts = append(o.Alerts, insights.Alert{Source: a.Source, Title: a.Title, Incident: a.Incident != 0})
			}
		}
	}
	return insights.Of(list, o), nil
}

// insightsData is what the page of the insights shows.
type insightsData struct {
	insights.Insights
	Periods  []tab
	From, To string // of the form
	Drills   bool
	Other    string // the address of the same for drills, or for incidents where these are drills
	Whole    string // which incidents, in words
	Zone     string
	Cards    []card
	Groups   []groupTable
	Weeks    spanTable
	Kept     []ruleRow
	Heat     heat
	ByPerson bool
}

var periodLabels = map[string]string{insights.FourWeeks: "4 weeks", insights.TwelveWeeks: "12 weeks", insights.Year: "A year", insights.Always: "All"}

func (s *Site) insightsPage(r *http.Request) (page, error) {
	q := readQuery(r.URL.RawQuery, insightsParams...)
	o := s.insightsOptions(q)
	if q.err != nil {
		return page{}, q.err
	}
	in, err := s.insights(r.Context(), o, s.viewer(r))
	if err != nil {
		return page{}, err
	}
	d := insightsData{
		Insights: in, From: q.text("from"), To: q.text("to"), Drills: o.Drills, Zone: in.Load.Zone.String(), ByPerson: o.People,
		Whole: wholeWords(in, o), Cards: cardsOf(in.All, o), Weeks: spansTable(in, o.Now), Kept: ruleRows(in.Rules), Heat: heatOf(in.Load),
	}
	d.Periods, d.Other = insightsTabs(q.values, o)
	d.Groups = []groupTable{
		{"severity", "By severity", "Severity", "", s.groupRows(in.Severities, "severity", o)}, {"type", "By type", "Type", "", s.groupRows(in.Types, "type", o)},
		{"service", "By service", "Service", "An incident with several services counts with each of them.", s.groupRows(in.Services, "service", o)},
	}
	return page{Status: http.StatusOK, Template: "insights", Title: "Insights", Here: "insights", Now: o.Now, Charts: true, Data: d}, nil
}

// insightsTabs are the periods, and the same one for drills.
func insightsTabs(asked url.Values, o insights.Options) (periods []tab, other string) {
	to := func(period, drills string) string {
		v := url.Values{"drills": {drills}}
		switch period {
		case insights.TwelveWeeks: // what is shown anyway
		case insights.Custom:
			v["from"], v["to"] = asked["from"], asked["to"]
		default:
			v.Set("period", period)
		}
		return address("/insights", v)
	}
	here, there := "", drillsOnly
	if o.Drills {
		here, there = there, here
	}
	for _, name := range insights.Names {
		periods = append(periods, tab{Label: periodLabels[name], Address: to(name, here), Current: o.Period.Name == name})
	}
	return periods, to(o.Period.Name, there)
}

// wholeWords say of which incidents the figures are.
func wholeWords(in insights.Insights, o insights.Options) string {
	noun, zone := "incident", o.Now.In(in.Load.Zone).Location()
	if o.Drills {
		noun = "drill"
	}
	said := plural(in.All.Count, noun)
	day := func(t time.Time) string { return t.In(zone).Format("Monday 2 January 2006") }
	switch {
	case in.Period.Name == insights.Always:
		return said + " in all"
	case o.Period.From.IsZero():
		return said + " that began up to " + day(o.Period.To.Add(-1))
	case o.Period.To.IsZero():
		return said + " that began since " + day(o.Period.From)
	}
	return said + " that began from " + day(o.Period.From) + " to " + day(o.Period.To.Add(-1))
}
