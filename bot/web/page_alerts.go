package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
)

// alertsShown is how many alerts one page shows, and alertsListed how many the page of their incident does.
const (
	alertsShown  = 50
	alertsListed = 30
)

// alertsParams are the parameters of the page.
var alertsParams = []string{"source", "status", "severity", "decision", "q", "incident", "before", "said"}

// alertsData are the alerts that came in.
type alertsData struct {
	Choices  []choice
	Search   string
	Incident string // only those of this one; empty: of all
	Filtered bool
	Rows     []alertRow
	Silences []silenceRow
	Count    string
	Cut      bool
	Next     string // the address of the next page; empty: there is none
	First    string // that of the first, where this is not it
	Here     string // this page's own, to come back to
	Said     *said
	Rules    []ruleFigure
	May      bool // say which rules are live
	Beats    []beatRow
	Counted  string // from how many alerts these are counted, in words
}

// alertRow is one alert.
type alertRow struct {
	alerts.Alert
	Since   string
	Quiet   string // that it is silenced, in words; empty: it is not
	SinceAt time.Time
	Rule    string
	Would   []string // what rules in shadow would have done
	Suggest string   // how severe an incident for it may well be, and why; empty: that is decided
	Labels  []named
	Acts    []alertDeed
}

// alertDeed is a button of an alert.
type alertDeed struct{ Label, Do string }

func (s *Site) alertsPage(r *http.Request) (page, error) {
	q := readQuery(r.URL.RawQuery, alertsParams...)
	f, who, now := q.alertFilter(), s.viewer(r), s.now()
	if q.err != nil {
		return page{}, q.err
	}
	d := alertsData{Choices: alertChoices(q), Search: q.text("q"), Said: s.saidBefore(r, who, q.text("said"))}
	if id := q.text("incident"); id != "" {
		in, err := s.incident(r.Context(), id, who)
		if err != nil {
			return page{}, err
		}
		f.Incident, d.Incident = in.Number, in.Number.String()
	}
	found, err := s.findAlerts(r.Context(), f, who)
	if err != nil {
		return page{}, err
	}
	d.fill(q, f, found, now)
	if err := s.suggestions(r.Context(), d.Rows, who, now); err != nil {
		return page{}, err
	}
	if d.Silences, err = s.silences(r.Context(), s.eyes(r.Context(), who), now); err != nil {
		return page{}, err
	}
	if d.Beats, err = s.beatRows(r.Context(), now); err != nil {
		return page{}, err
	}
	if r.Header.Get("HX-Target") != "live" { // figures are counted for a whole page alone
		if err := s.alertFigures(r.Context(), &d, who, now); err != nil {
			return page{}, err
		}
	}
	return page{Status: http.StatusOK, Template: "alerts", Title: "Alerts", Here: "alerts", Now: now, Data: d, Parts: []string{"live"}, Live: "/live?alerts=all"}, nil
}

func (q *query) alertFilter() alertFilter {
	f := alertFilter{
		Source: q.text("source"), Status: q.oneOf("status", alertStatuses...), Severity: q.oneOf("severity", severityWords()...),
		Decision: q.oneOf("decision", decisions...), Before: q.alert("before"), Limit: alertsShown,
		Words: strings.Fields(strings.ToLower(q.text("q"))),
	}
	if len([]rune(q.text("q"))) > maxSearch {
		q.wrong("q is too long, at most %d characters fit. A few words are enough.", maxSearch)
	}
	return f
}

// decisions are the words of the filter of what was decided.
var decisions = []string{string(alerts.Notify), string(alerts.Attach), string(alerts.Declare), string(alerts.Page), string(alerts.Ignore), decidedShadow}

var decisionLabels = map[string]string{
	string(alerts.Notify): "People are notified", string(alerts.Attach): "Attached", string(alerts.Declare): "Declared", string(alerts.Page): "Somebody is paged", string(alerts.Ignore): "Ignored",
	decidedShadow: "A rule in shadow would have acted",
}

func severityWords() (list []string) {
	for _, s := range alerts.Severities {
		list = append(list, string(s))
	}
	return list
}

// alertChoices are what alerts can be filtered by, as it is now.
func alertChoices(q *query) []choice {
	orAny := func(list ...option) []option { return append([]option{{"", "Any"}}, list...) }
	var decided []option
	for _, one := range decisions {
		decided = append(decided, option{one, decisionLabels[one]})
	}
	list := []choice{
		{Name: "source", Label: "Source", Free: true},
		{Name: "status", Label: "Status", Options: orAny(plainOptions(alertStatuses)...)},
		{Name: "severity", Label: "Severity", Options: orAny(plainOptions(severityWords())...)},
		{Name: "decision", Label: "What became of it", Options: orAny(decided...)},
	}
	for i := range list {
		list[i].Value = q.text(list[i].Name)
	}
	return list
}

// fill is what the page lists.
func (d *alertsData) fill(q *query, f alertFilter, found foundAlerts, now time.Time) {
	here := map[string][]string{}
	for _, name := range alertsParams[:6] {
		here[name] = []string{q.text(name)}
	}
	to := func(before string) string {
		here["before"] = []string{before}
		return address("/alerts", here)
	}
	d.Filtered = f.Source+f.Status+f.Severity+f.Decision != "" || len(f.Words) > 0 || f.Incident != 0
	d.Here, d.Cut, d.Count = to(q.text("before")), found.Cut, shownWords(len(found.List), found.Next != 0)
	if f.Before != 0 {
		d.First = to("")
	}
	if found.Next != 0 {
		d.Next = to(found.Next.String())
	}
	d.Rows = alertRows(found.List, now, true)
	seen := map[string]bool{}
	for _, row := range d.Rows {
		seen[row.Source] = true
	}
	d.Choices[0].Options = plainOptions(sortedNames(seen))
}

func sortedNames(set map[string]bool) (list []string) {
	for name := range set {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// alertRows draw alerts; act says that something can be done with them.
func alertRows(list []alerts.Alert, now time.Time, act bool) (rows []alertRow) {
	for _, a := range list {
		row := alertRow{Alert: a, SinceAt: a.ReceivedAt, Since: since(a.ReceivedAt, now), Rule: a.Decision.Rule, Quiet: silencedWords(a, now)}
		if !a.Open() {
			row.Since += ", over after " + span(a.EndedAt.Sub(firstOf(a.StartedAt, a.ReceivedAt)))
		}
		for _, one := range a.Decision.Shadow {
			row.Would = append(row.Would, wouldWords(one))
		}
		for name, value := range a.Labels {
			row.Labels = append(row.Labels, named{Name: name, Value: value})
		}
		slices.SortFunc(row.Labels, func(a, b named) int { return strings.Compare(a.Name, b.Name) })
		if act {
			row.Acts = alertDeeds(a)
		}
		rows = append(rows, row)
	}
	return rows
}

func firstOf(list ...time.Time) time.Time {
	for _, t := range list {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// wouldWords say what a rule in shadow would have done.
func wouldWords(s alerts.Shadow) string {
	word := map[alerts.Action]string{
		alerts.Declare: "would have opened an incident", alerts.Attach: "would have attached it", alerts.Notify: "would have notified people", alerts.Page: "would have paged somebody", alerts.Ignore: "would have ignored it",
	}[s.Action]
	return "“" + s.Rule + "” " + word
}

// alertDeeds are what can be done with an alert.
func alertDeeds(a alerts.Alert) []alertDeed {
	if a.Incident != 0 {
		return []alertDeed{{"Detach", "detach"}}
	}
	list := []alertDeed{{"Open an incident", "declare"}}
	if a.Open() && a.Decision.Action != alerts.Ignore {
		list = append(list, alertDeed{"Ignore", "ignore"})
	}
	return list
}

// incidentAlerts are the newest alerts of an incident, for its page, and how many there are more, if any.
func (s *Site) incidentAlerts(r *http.Request, in incidents.Incident, now time.Time) (rows []alertRow, more bool, err error) {
	found, err := s.findAlerts(r.Context(), alertFilter{Incident: in.Number, Limit: alertsListed}, s.viewer(r))
	return alertRows(found.List, now, false), found.Next != 0, err
}
