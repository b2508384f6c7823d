package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// eventsShown is how many events one page of a timeline has.
const eventsShown = 500

// incidentData is one incident with its timeline.
type incidentData struct {
	incidents.Incident
	SeverityWord string
	Meaning      string
	Since        string
	Channel      string
	Slack        slackState
	Roles        []held
	Due          []due
	Services     []service
	Moments      []named
	Figures      []named
	Fields       []named
	Tasks        []taskRow
	Followups    []taskRow
	UpdateSince  string
	Count        string // of its events
	Days         []day
	Earlier      string // addresses of the pages of the timeline around this one
	Later        string
}

// slackState says in words how far Slack shows the incident as it is.
type slackState struct {
	Text   string
	Error  string
	Behind bool
}

// held is a role and who has it.
type held struct {
	Title, Name string
	Lacking     bool // nobody has it, and somebody should
}

// named is a value with its name.
type named struct {
	Name, Value string
	At          time.Time // zero: none
}

// service is an affected service and where to look.
type service struct {
	Name, Owner, Runbook string
	Dashboards           []string
}

// taskRow is a task in a list.
type taskRow struct {
	incidents.Task
	When string // when it is due
	Late bool
}

// day is what was written down within one day, UTC.
type day struct {
	Name   string
	Events []entry
}

// entry is one event of the timeline.
type entry struct {
	incidents.Event
	Clock string // when it happened; with the date where that is another day
	Word  string // what sort of event it is
	Class string // key, talk or plain: how much it stands out
	Later string // "written down 2 h later"; empty where it was written down at once
}

func (s *Site) incidentPage(r *http.Request) (page, error) {
	q := readQuery(r.URL.RawQuery, "after")
	after := q.after()
	in, err := s.incident(r.Context(), r.PathValue("id"), s.viewer(r))
	if err != nil {
		return page{}, err
	}
	if q.err != nil {
		return page{}, q.err
	}
	now := s.now()
	d := s.facts(in, now)
	rec, err := s.store.Record(r.Context(), Mirror, in.Number)
	if err != nil {
		return page{}, err
	}
	d.Channel, d.Slack = rec.PlaceName, slackWords(in, rec, now)
	if !q.given("after") && in.Seq > eventsShown {
		after = in.Seq - eventsShown // the newest
	}
	if err := s.timeline(r.Context(), &d, after); err != nil {
		return page{}, err
	}
	return page{Status: http.StatusOK, Template: "incident", Title: practice(in) + in.Number.String() + " " + in.Title, Here: "incident", Now: now, Data: d}, nil
}

// practice marks the title of a drill's page, which is what a tab shows.
func practice(in incidents.Incident) string {
	if in.Drill {
		return "PRACTICE "
	}
	return ""
}

// facts are what the page says beside the timeline.
func (s *Site) facts(in incidents.Incident, now time.Time) incidentData {
	rules := s.rules()
	d := incidentData{
		Incident: in, SeverityWord: severityWord(in.Severity, rules.Meaning(in.Severity)), Meaning: rules.Meaning(in.Severity),
		Since: since(in.Times.Declared, now), Moments: moments(in.Times), Figures: figures(in.Times), Count: plural(int(in.Seq), "event"),
		Tasks: taskRows(in.Tasks, now), Followups: taskRows(in.Followups, now),
	}
	for _, role := range rules.RoleList() {
		who := in.Roles[role.Name]
		d.Roles = append(d.Roles, held{role.Title, who.Name, who.ID == "" && role.Name == incidents.CommanderRole && in.Status.Open()})
	}
	for _, line := range in.Shown() {
		d.Due = append(d.Due, dueOf(line, now))
	}
	slices.SortStableFunc(d.Due, func(a, b due) int { return a.At.Compare(b.At) })
	for _, name := range in.Services {
		known := rules.Services[name]
		d.Services = append(d.Services, service{Name: name, Owner: known.Owner, Runbook: known.Runbook, Dashboards: known.Dashboards})
	}
	for name, value := range in.Fields {
		d.Fields = append(d.Fields, named{Name: name, Value: value})
	}
	slices.SortFunc(d.Fields, func(a, b named) int { return cmp.Compare(a.Name, b.Name) })
	if !in.Update.At.IsZero() {
		d.UpdateSince = since(in.Update.At, now)
	}
	return d
}

func moments(t incidents.Times) []named {
	var out []named
	for _, name := range incidents.TimeNames {
		if at := *t.Named(name); !at.IsZero() {
			out = append(out, named{Name: timeWords[name], At: at})
		}
	}
	return out
}

var timeWords = map[string]string{
	"impact_started": "Impact started", "impact_ended": "Impact ended", "detected": "Detected", "declared": "Declared",
	"acknowledged": "Acknowledged", "identified": "Identified", "mitigated": "Mitigated", "resolved": "Resolved", "closed": "Closed",
}

func figures(t incidents.Times) []named {
	d := t.Durations()
	var out []named
	add := func(name string, v *time.Duration) {
		if v != nil {
			out = append(out, named{Name: name, Value: span(*v)})
		}
	}
	add("To detect", d.Detect)
	add("To acknowledge", d.Acknowledge)
	add("To mitigate", d.Mitigate)
	add("To resolve", d.Resolve)
	return out
}

func taskRows(list []incidents.Task, now time.Time) []taskRow {
	var out []taskRow
	for _, t := range list {
		r := taskRow{Task: t}
		if !t.Due.IsZero() && t.State == incidents.TaskOpen {
			r.When, r.Late = "due in "+span(t.Due.Sub(now)), !t.Due.After(now)
			if r.Late {
				r.When = span(now.Sub(t.Due)) + " overdue"
			}
		}
		out = append(out, r)
	}
	return out
}

// slackWords say how far Slack shows the incident as it is.
func slackWords(in incidents.Incident, rec store.Record, now time.Time) slackState {
	st := slackState{Behind: rec.SyncedVersion < in.Version || rec.CursorSeq < in.Seq, Error: rec.LastError}
	switch {
	case !st.Behind:
		st.Text = "Slack shows it as it is here."
	case rec.LastError != "" && rec.NextTry.After(now):
		st.Text = fmt.Sprintf("Slack is behind since %s; the next try is in %s.", short(cmp.Or(rec.BehindSince, now), now), span(rec.NextTry.Sub(now)))
	case rec.Place == "":
		st.Text = "There is no Slack channel yet."
	default:
		st.Text = "Slack is being brought up to date."
	}
	return st
}

// timeline fills a page of events, by day.
func (s *Site) timeline(ctx context.Context, d *incidentData, after uint64) error {
	list, err := s.store.Events(ctx, d.Number, after, eventsShown)
	if err != nil {
		return err
	}
	list = d.Known(list)
	base := "/incidents/" + d.Number.String()
	if after > 0 {
		d.Earlier = fmt.Sprintf("%s?after=%d#timeline", base, after-min(after, eventsShown))
	}
	if n := len(list); n > 0 && list[n-1].Seq < d.Seq {
		d.Later = fmt.Sprintf("%s?after=%d#timeline", base, list[n-1].Seq)
	}
	for _, e := range list {
		name := dayName(e.RecordedAt) // the order of the timeline; a note can be about an earlier day
		if n := len(d.Days); n == 0 || d.Days[n-1].Name != name {
			d.Days = append(d.Days, day{Name: name})
		}
		last := &d.Days[len(d.Days)-1]
		last.Events = append(last.Events, entryOf(e))
	}
	return nil
}
