package web

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/insights"
)

// card is one duration of all incidents, with how it is made.
type card struct {
	insights.Measure
	cell
}

// cell is a duration of several incidents.
type cell struct {
	Median, P90 *sample
	N           int
	Open        int
	Longest     string // how long the longest of these runs already
	Notes       []string
}

// sample is how long it took in one incident.
type sample struct {
	Took     string
	Seconds  float64
	Incident incidents.Number
	From, To string // the two moments in words: "detected 2 Jan, 14:02"
}

func cardsOf(g insights.Group, o insights.Options) []card {
	var list []card
	for i, m := range insights.Measures {
		list = append(list, card{m, cellOf(m, g.Durations[i], o.Now)})
	}
	return list
}

func cellsOf(g insights.Group, now time.Time) []cell {
	var list []cell
	for i, m := range insights.Measures {
		list = append(list, cellOf(m, g.Durations[i], now))
	}
	return list
}

func cellOf(m insights.Measure, d insights.Duration, now time.Time) cell {
	c := cell{Median: sampleOf(m, d.Median, now), P90: sampleOf(m, d.P90, now), N: d.N, Open: d.Open, Longest: span(d.Longest)}
	if d.Else > 0 {
		c.Notes = append(c.Notes, fmt.Sprintf("%d of the %d from %s", d.Else, d.N, strings.ToLower(timeWords[m.Else])))
	}
	if d.Unknown > 0 {
		c.Notes = append(c.Notes, fmt.Sprintf("%d without these times", d.Unknown))
	}
	return c
}

func sampleOf(m insights.Measure, s *insights.Sample, now time.Time) *sample {
	if s == nil {
		return nil
	}
	word := func(name string, at time.Time) string { return strings.ToLower(timeWords[name]) + " " + short(at, now) }
	return &sample{Took: span(s.Took), Seconds: s.Took.Seconds(), Incident: s.Incident, From: word(s.FromName, s.From), To: word(m.To, s.To)}
}

// Both are the two moments of a sample, in words.
func (s sample) Both() string { return s.Incident.String() + ": " + s.From + "; " + s.To + " (UTC)" }

// groupTable are incidents by what they have in common.
type groupTable struct {
	ID, Title, Head string
	Note            string
	Rows            []groupRow
}

// groupRow is a group of incidents.
type groupRow struct {
	Name, Word string
	Link       string // the list of these incidents
	Count      int
	Stand      string // how they stand, where not all are resolved
	Cells      []cell
}

// groupRows are the rows of groups of which the list of incidents has a filter of this
// name.
func (s *Site) groupRows(list []insights.Group, filter string, o insights.Options) []groupRow {
	var rows []groupRow
	for _, g := range list {
		r := groupRow{Name: g.Name, Count: g.Count, Stand: standWords(g), Cells: cellsOf(g, o.Now)}
		if g.Name == "" {
			r.Name = "none"
		} else {
			r.Link = s.listOf(filter, g.Name, o)
		}
		if sev, ok := incidents.ParseSeverity(g.Name); ok && filter == "severity" {
			r.Word = severityWord(sev, s.rules().Meaning(sev))
		}
		rows = append(rows, r)
	}
	return rows
}

// listOf is the address of the list of a group's incidents. Its days are those of UTC.
func (s *Site) listOf(filter, value string, o insights.Options) string {
	v := url.Values{filter: {value}, "drills": {drillsNone}}
	if o.Drills {
		v.Set("drills", drillsOnly)
	}
	if !o.Period.From.IsZero() {
		v.Set("from", o.Period.From.UTC().Format(time.DateOnly))
	}
	if !o.Period.To.IsZero() {
		v.Set("to", o.Period.To.Add(-1).UTC().Format(time.DateOnly))
	}
	return address("/incidents", v)
}

// standWords say how the incidents of a group stand, where not all are resolved.
func standWords(g insights.Group) string {
	var list []string
	for _, one := range []struct {
		n    int
		word string
	}{{g.Open, "open"}, {g.FalsePositive, "false positive"}, {g.Canceled, "canceled"}, {g.Merged, "merged"}, {g.Reopened, "reopened"}, {g.Backfilled, "recorded afterwards"}} {
		if one.n > 0 {
			list = append(list, fmt.Sprintf("%d %s", one.n, one.word))
		}
	}
	return strings.Join(list, ", ")
}

// spanTable are the weeks of a period, or its months or years.
type spanTable struct {
	Head       string
	Severities []incidents.Severity // those that occur
	Rows       []spanRow
}

// spanRow is a week.
type spanRow struct {
	Short, Long string
	Counts      []int // by severity
	Count       int
	Running     bool // it is not over yet
	Cells       []cell
}

func spansTable(in insights.Insights, now time.Time) spanTable {
	t := spanTable{Head: "Week from"}
	layout, long := "2 Jan", "2 Jan 2006"
	switch in.Step {
	case insights.ByMonth:
		t.Head, layout, long = "Month", "Jan 06", "January 2006"
	case insights.ByYear:
		t.Head, layout, long = "Year", "2006", "2006"
	}
	var columns []int
	for i, sev := range incidents.Severities {
		for _, s := range in.Spans {
			if s.Severities[i] > 0 {
				columns, t.Severities = append(columns, i), append(t.Severities, sev)
				break
			}
		}
	}
	for _, s := range in.Spans {
		r := spanRow{Short: s.From.Format(layout), Long: s.From.Format(long), Count: s.Count, Cells: cellsOf(s.Group, now)}
		for _, i := range columns {
			r.Counts = append(r.Counts, s.Severities[i])
		}
		t.Rows = append(t.Rows, r)
	}
	if n := len(t.Rows); n > 0 && in.Period.To.IsZero() {
		t.Rows[n-1].Running = true
	}
	return t
}

// ruleRow is how a rule of the clock was kept.
type ruleRow struct {
	insights.Rule
	Word  string
	Share string // of what was settled, how much was kept
}

func ruleRows(list []insights.Rule) []ruleRow {
	var rows []ruleRow
	for _, r := range list {
		row := ruleRow{Rule: r, Word: r.Name}
		if word, known := ruleWords[r.Name]; known {
			row.Word = word
		}
		if n := r.Settled(); n > 0 {
			row.Share = share(r.Kept, n)
		}
		rows = append(rows, row)
	}
	return rows
}

// share is a part of a whole in words; it says 0 and 100 only of nothing and of all.
func share(part, whole int) string {
	if whole == 0 {
		return ""
	}
	p := (200*part + whole) / (2 * whole)
	if part > 0 {
		p = max(p, 1)
	}
	if part < whole {
		p = min(p, 99)
	}
	return fmt.Sprintf("%d %%", p)
}

// heat is when people were at work, as a table.
type heat struct {
	Hours []int
	Rows  []heatRow
	Steps []heatStep
}

// heatRow is a day of the week.
type heatRow struct {
	Day   string
	Cells []heatCell
	Sum   string
}

// heatCell is an hour of it.
type heatCell struct {
	Hours string // empty: none
	Level int    // 0 to heatLevels
}

// heatStep is a colour and from how many hours on it is.
type heatStep struct {
	Level int
	From  string
}

// heatLevels are how many colours there are but for nothing.
const heatLevels = 5

var weekDays = []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}

func heatOf(l insights.Load) heat {
	var h heat
	most := l.Most()
	for hour := range 24 {
		h.Hours = append(h.Hours, hour)
	}
	for day, hours := range l.Cells {
		row, sum := heatRow{Day: weekDays[day]}, insights.Quarters(0)
		for _, q := range hours {
			c := heatCell{}
			if q > 0 {
				c = heatCell{hoursWord(q), int((q*heatLevels + most - 1) / most)}
			}
			sum += q
			row.Cells = append(row.Cells, c)
		}
		row.Sum = hoursWord(sum)
		h.Rows = append(h.Rows, row)
	}
	for level := range heatLevels {
		from := insights.Quarters(level)*most/heatLevels + 1 // the least that is above the step before
		if from <= most && (level == 0 || hoursWord(from) != h.Steps[len(h.Steps)-1].From) {
			h.Steps = append(h.Steps, heatStep{level + 1, hoursWord(from)})
		}
	}
	return h
}

// hoursWord is a number of hours: exact where it is small.
func hoursWord(q insights.Quarters) string {
	if q >= 40 {
		return fmt.Sprintf("%.0f", q.Hours())
	}
	part := []string{"", "¼", "½", "¾"}[q%4]
	if q < 4 && q > 0 {
		return part
	}
	return fmt.Sprint(int(q/4)) + part
}
