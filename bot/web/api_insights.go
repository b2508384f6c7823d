package web

import (
	"net/http"

	"fireboss/incidents"
	"fireboss/incidents/insights"
)

// Insights are the figures of many incidents in JSON. What cannot be said, because
// there is nothing it could be said of, is null.
type Insights struct {
	Period     InsightsPeriod   `json:"period"`
	Drills     bool             `json:"drills"` // of drills alone; else of incidents alone
	Zone       string           `json:"zone"`   // whose clocks weeks, days and hours go by
	Measures   []Measure        `json:"measures"`
	All        InsightsGroup    `json:"all"`
	BySeverity []InsightsGroup  `json:"by_severity"`
	ByType     []InsightsGroup  `json:"by_type"`
	ByService  []InsightsGroup  `json:"by_service"` // one with several counts in each; name is empty where there is none
	Step       string           `json:"step"`       // week, month or year: how long a span is
	Spans      []InsightsSpan   `json:"spans"`
	Clock      []ClockFigure    `json:"clock"`
	Followups  FollowupFigures  `json:"followups"`
	Load       LoadFigures      `json:"load"`
	Noisiest   []NoisiestAlerts `json:"noisiest_alerts"`
}

// InsightsPeriod is from when to when incidents began.
type InsightsPeriod struct {
	Name string `json:"name"` // 4w, 12w, year, all, custom
	From *Time  `json:"from"`
	To   *Time  `json:"to"` // the first moment after it; null: it goes on
}

// Measure says how a duration is made.
type Measure struct {
	Name    string   `json:"name"`
	From    []string `json:"from"` // the first of these timestamps that is known
	To      string   `json:"to"`
	Formula string   `json:"formula"`
}

// InsightsGroup are incidents with something in common.
type InsightsGroup struct {
	Name          string                      `json:"name"`
	Count         int                         `json:"count"`
	Open          int                         `json:"open"`
	Resolved      int                         `json:"resolved"`
	Canceled      int                         `json:"canceled"`
	Merged        int                         `json:"merged"`
	FalsePositive int                         `json:"false_positive"`
	Reopened      int                         `json:"reopened"`
	Backfilled    int                         `json:"backfilled"`
	Durations     map[string]DurationInsights `json:"durations"` // by measure
}

// DurationInsights are how long something took in several incidents.
type DurationInsights struct {
	N           int     `json:"n"` // of so many incidents are the median and the percentile
	Median      *Sample `json:"median"`
	P90         *Sample `json:"p90"`
	Open        int     `json:"open"`                 // open incidents of which it is not known yet
	LongestOpen float64 `json:"longest_open_seconds"` // how long the longest of these runs already
	Unknown     int     `json:"unknown"`
}

// Sample is how long it took in one incident.
type Sample struct {
	Seconds  float64 `json:"seconds"`
	Incident string  `json:"incident"`
	From     Time    `json:"from"`
	To       Time    `json:"to"`
	Basis    string  `json:"basis"` // the timestamp that From is
}

// InsightsSpan is a week, a month or a year.
type InsightsSpan struct {
	From       Time           `json:"from"`
	To         Time           `json:"to"`
	Severities map[string]int `json:"severities"`
	InsightsGroup
}

// ClockFigure is how a rule of the clock was kept.
type ClockFigure struct {
	Rule      string `json:"rule"`
	Incidents int    `json:"incidents"`
	Kept      int    `json:"kept"`
	PutOff    int    `json:"put_off"`
	Missed    int    `json:"missed"`
	Reminders int    `json:"reminders"`
	Late      int    `json:"reminders_late"`
}

// FollowupFigures are how follow-ups stand.
type FollowupFigures struct {
	Count   int `json:"count"`
	InTime  int `json:"done_in_time"`
	Late    int `json:"done_late"`
	Undated int `json:"done_undated"`
	Open    int `json:"open"`
	Overdue int `json:"overdue"`
	Dropped int `json:"dropped"`
}

// LoadFigures are when people were at work.
type LoadFigures struct {
	Hours    float64      `json:"hours"`
	Outside  *float64     `json:"hours_outside_office"` // null where the calendar has no office hours
	People   int          `json:"people"`
	Cells    [7][]float64 `json:"hours_by_weekday_and_hour"` // Monday first
	ByPerson []PersonLoad `json:"by_person,omitempty"`       // absent unless the configuration wants it
}

// PersonLoad is when one person was.
type PersonLoad struct {
	Person  Person   `json:"person"`
	Hours   float64  `json:"hours"`
	Outside *float64 `json:"hours_outside_office"`
}

// NoisiestAlerts is an alert that fired often.
type NoisiestAlerts struct {
	Source    string `json:"source"`
	Title     string `json:"title"`
	Fired     int    `json:"fired"`
	Incidents int    `json:"incidents"`
}

// getInsights tells what the token may see.
func (s *Site) getInsights(w http.ResponseWriter, c call) error {
	o := s.insightsOptions(c.query)
	if c.query.err != nil {
		return c.query.err
	}
	in, err := s.insights(c.Context(), o, c.token.actor())
	if err != nil {
		return err
	}
	return reply(w, insightsJSON(in, o))
}

func insightsJSON(in insights.Insights, o insights.Options) Insights {
	out := Insights{
		Period: InsightsPeriod{in.Period.Name, moment(in.Period.From), moment(in.Period.To)}, Drills: o.Drills, Zone: in.Load.Zone.String(), Step: string(in.Step),
		All: groupJSON(in.All), BySeverity: groupsJSON(in.Severities), ByType: groupsJSON(in.Types), ByService: groupsJSON(in.Services),
		Spans: []InsightsSpan{}, Clock: []ClockFigure{}, Followups: FollowupFigures(in.Followups), Load: loadJSON(in.Load), Noisiest: []NoisiestAlerts{},
	}
	for _, m := range insights.Measures {
		from := []string{m.From}
		if m.Else != "" {
			from = append(from, m.Else)
		}
		out.Measures = append(out.Measures, Measure{m.Name, from, m.To, m.Formula})
	}
	for _, s := range in.Spans {
		span := InsightsSpan{From: Time{s.From}, To: Time{s.To}, Severities: map[string]int{}, InsightsGroup: groupJSON(s.Group)}
		for i, n := range s.Severities {
			span.Severities[incidents.Severities[i].String()] = n
		}
		out.Spans = append(out.Spans, span)
	}
	for _, r := range in.Rules {
		out.Clock = append(out.Clock, ClockFigure{r.Name, r.Incidents, r.Kept, r.PutOff, r.Missed, r.Sent, r.Late})
	}
	for _, n := range in.Noisiest {
		out.Noisiest = append(out.Noisiest, NoisiestAlerts(n))
	}
	return out
}

func groupsJSON(list []insights.Group) []InsightsGroup {
	out := []InsightsGroup{}
	for _, g := range list {
		out = append(out, groupJSON(g))
	}
	return out
}

func groupJSON(g insights.Group) InsightsGroup {
	out := InsightsGroup{
		Name: g.Name, Count: g.Count, Open: g.Open, Resolved: g.Resolved, Canceled: g.Canceled, Merged: g.Merged, FalsePositive: g.FalsePositive,
		Reopened: g.Reopened, Backfilled: g.Backfilled, Durations: map[string]DurationInsights{},
	}
	for i, m := range insights.Measures {
		d := g.Durations[i]
		out.Durations[m.Name] = DurationInsights{d.N, sampleJSON(d.Median), sampleJSON(d.P90), d.Open, *seconds(&d.Longest), d.Unknown}
	}
	return out
}

func sampleJSON(s *insights.Sample) *Sample {
	if s == nil {
		return nil
	}
	return &Sample{*seconds(&s.Took), s.Incident.String(), Time{s.From}, Time{s.To}, s.FromName}
}

func loadJSON(l insights.Load) LoadFigures {
	outside := func(q insights.Quarters) *float64 {
		if !l.Office {
			return nil
		}
		h := q.Hours()
		return &h
	}
	out := LoadFigures{Hours: l.All.Hours(), Outside: outside(l.Outside), People: l.People}
	for day, hours := range l.Cells {
		for _, q := range hours {
			out.Cells[day] = append(out.Cells[day], q.Hours())
		}
	}
	for _, p := range l.Each {
		out.ByPerson = append(out.ByPerson, PersonLoad{Person(p.Who), p.All.Hours(), outside(p.Outside)})
	}
	return out
}
