package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// incidentData is one incident with its timeline.
type incidentData struct {
	incidents.Incident
	Act          actData
	SeverityWord string
	Meaning      string
	Since        string
	Channel      string
	Slack        slackState
	Roles        []held
	Due          []due
	Next         *due
	Commands     string  // who leads; empty: nobody
	Glance       []named // of one that is over: how it went, in a few figures
	OpenTasks    int
	Laws         []law
	Services     []service
	Suspects     []incidents.ServiceChange
	Moments      []named
	Figures      []named
	Fields       []named
	Tasks        []taskRow
	Followups    []taskRow
	Files        []fileRow
	AlertRows    []alertRow // the newest that are attached
	MoreAlerts   bool       // there are more of them
	UpdateSince  string
	TLPMeaning   string
	Picture      picture
	Timeline     timeline
	Chain        string // what a check of its chain says; empty: nobody asked
	Broken       bool   // the chain does not hold
}

// slackState says in words how far Slack shows the incident as it is.
type slackState struct {
	Text   string
	Word   string // the same in a word or two
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

// law is one stage of a regulation that runs, as the card shows it.
type law struct {
	incidents.StageState
	When  string // in 4 h, 3 h overdue
	State string // done, late, pending or waiting: a class of the stylesheet
}

// taskRow is a task in a list.
type taskRow struct {
	incidents.Task
	When string // when it is due
	Late bool
	Does *button // what is mostly done with it; nil: nothing can be
}

// fileRow is a file that was shared in the channel.
type fileRow struct {
	Name, Size, Link string
	Seq              uint64
	State            string // kept, or why it is not there
}

func (s *Site) incidentPage(r *http.Request) (page, error) {
	q := readQuery(r.URL.RawQuery, "show", "after", "before", "at", "ask", "said", "audit")
	w, who := q.window(), s.viewer(r)
	in, err := s.incident(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return page{}, err
	}
	if ask := q.text("ask"); ask != "" && !asked[ask] {
		q.wrong("%q has no form here. Type it in the command line of the page.", shorten(ask, 40))
	}
	q.oneOf("audit", "check")
	if q.err != nil {
		return page{}, q.err
	}
	p := s.incidentFrame(in)
	d := incidentData{Incident: in}
	if visitorOf(r) != nil && r.Header.Get("HX-Target") != "live" {
		d.Act = s.panel(r, in, q.text("ask"), s.saidBefore(r, who, q.text("said")))
	}
	if r.Header.Get("HX-Target") == "act" {
		p.Data = d
		return p, nil
	}
	if err := s.facts(r.Context(), &d, s.now()); err != nil {
		return page{}, err
	}
	if d.AlertRows, d.MoreAlerts, err = s.incidentAlerts(r, in, s.now()); err != nil {
		return page{}, err
	}
	if q.given("audit") {
		if err := s.verify(r.Context(), &d); err != nil {
			return page{}, err
		}
	}
	if visitorOf(r) != nil {
		d.doable()
	}
	if d.Timeline, err = s.timeline(r.Context(), in, w); err != nil {
		return page{}, err
	}
	if d.Picture, err = s.picture(r.Context(), in, s.now()); err != nil {
		return page{}, err
	}
	p.Data = d
	return p, nil
}

// incidentFrame is what the page of an incident has, whatever of it is shown.
func (s *Site) incidentFrame(in incidents.Incident) page {
	return page{
		Status: http.StatusOK, Template: "incident", Title: practice(in) + in.Number.String() + " " + in.Title, Here: "incident", Now: s.now(),
		Parts: []string{"live", "act", "chain"}, Live: "/live?incident=" + in.Number.String(),
	}
}

// practice marks the title of a drill's page, which is what a tab shows.
func practice(in incidents.Incident) string {
	if in.Drill {
		return "PRACTICE "
	}
	return ""
}

// facts are what the page says beside the timeline.
func (s *Site) facts(ctx context.Context, d *incidentData, now time.Time) error {
	in, rules := d.Incident, s.rules()
	d.SeverityWord, d.Meaning = severityWord(in.Severity, rules.Meaning(in.Severity)), rules.Meaning(in.Severity)
	d.Since, d.Moments, d.Figures = since(in.Times.Declared, now), moments(in.Times), figures(in.Times)
	d.Tasks, d.Followups, d.TLPMeaning = taskRows(in.Tasks, now), taskRows(in.Followups, now), incidents.TLPMeaning(in.TLP)
	for _, role := range rules.RoleList() {
		who := in.Roles[role.Name]
		d.Roles = append(d.Roles, held{role.Title, who.Name, who.ID == "" && role.Name == incidents.CommanderRole && in.Status.Open()})
	}
	for _, line := range in.Shown() {
		if !line.Legal() { // those stand with their law
			d.Due = append(d.Due, dueOf(line, now))
		}
	}
	slices.SortStableFunc(d.Due, func(a, b due) int { return a.At.Compare(b.At) })
	if next, ok := in.Next(); ok && in.Status.Open() {
		first := dueOf(next, now)
		d.Next = &first
	}
	d.Laws, d.Glance = laws(rules, in, now), glance(in)
	d.Commands = in.Roles[incidents.CommanderRole].Name
	for _, t := range in.Tasks {
		if t.State == incidents.TaskOpen {
			d.OpenTasks++
		}
	}
	for _, name := range in.Services {
		known := rules.Services[name]
		d.Services = append(d.Services, service{Name: name, Owner: known.Owner, Runbook: known.Runbook, Dashboards: known.Dashboards})
	}
	for name, value := range in.Fields {
		d.Fields = append(d.Fields, named{Name: strings.ReplaceAll(name, "_", " "), Value: value})
	}
	slices.SortFunc(d.Fields, func(a, b named) int { return cmp.Compare(a.Name, b.Name) })
	if !in.Update.At.IsZero() {
		d.UpdateSince = since(in.Update.At, now)
	}
	return s.surroundings(ctx, d, now)
}

// surroundings are what is known of an incident beyond itself.
func (s *Site) surroundings(ctx context.Context, d *incidentData, now time.Time) error {
	rec, err := s.store.Record(ctx, Mirror, d.Number)
	if err != nil {
		return err
	}
	d.Channel, d.Slack = rec.PlaceName, slackWords(d.Incident, rec, now)
	if d.Files, err = s.fileRows(ctx, d.Number); err != nil || len(d.Services) == 0 {
		return err
	}
	from, to := d.Incident.Suspects()
	d.Suspects, err = s.store.ServiceChanges(ctx, from, to, suspectsShown, func(c incidents.ServiceChange) bool { return c.Affects(d.Incident.Services) })
	return err
}

// suspectsShown is how many changes before an incident are shown.
const suspectsShown = 5

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

// glance is what a reader wants to know first of what is over.
func glance(in incidents.Incident) (list []named) {
	if in.Status.Open() {
		return nil
	}
	for _, f := range figures(in.Times) {
		if f.Name != "To detect" {
			list = append(list, f)
		}
	}
	done, all := 0, 0
	for _, t := range in.Followups {
		switch t.State {
		case incidents.TaskFinished:
			done++
			all++
		case incidents.TaskOpen:
			all++
		}
	}
	if all > 0 {
		list = append(list, named{Name: "Follow-ups done", Value: fmt.Sprintf("%d of %d", done, all)})
	}
	if in.Postmortem.State != incidents.NotDrafted {
		list = append(list, named{Name: "Postmortem", Value: stateWords[in.Postmortem.State]})
	}
	return list
}

// laws are the stages of the regulations that run.
func laws(rules incidents.Rules, in incidents.Incident, now time.Time) (list []law) {
	for _, clock := range in.Clocks {
		for _, st := range rules.Stages(clock) {
			one := law{StageState: st, State: "pending"}
			switch {
			case st.Submitted != nil:
				one.State = "done"
			case st.Due.IsZero():
				one.State = "waiting"
			case st.Due.After(now):
				one.When = "in " + span(st.Due.Sub(now))
			default:
				one.State, one.When = "late", span(now.Sub(st.Due))+" overdue"
			}
			list = append(list, one)
		}
	}
	return list
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
	st := slackState{Behind: lags(in, rec), Error: rec.LastError}
	if now.Sub(rec.BehindSince) < patience {
		st.Error = "" // it may well be tried again before anybody has read of it
	}
	switch {
	case !st.Behind:
		st.Text, st.Word = "Slack shows it as it is here.", "up to date"
	case st.Error != "" && rec.NextTry.After(now):
		st.Text = "Slack is behind since " + short(cmp.Or(rec.BehindSince, now), now) + "; the next try is in " + span(rec.NextTry.Sub(now)) + "."
		st.Word = span(now.Sub(cmp.Or(rec.BehindSince, now))) + " behind"
	case rec.Place == "":
		st.Text, st.Word = "There is no Slack channel yet.", "no channel yet"
	default:
		st.Text, st.Word = "Slack is being brought up to date.", "catching up"
	}
	return st
}

// verify recomputes the chain of an incident's events.
func (s *Site) verify(ctx context.Context, d *incidentData) error {
	prev, seq := "", uint64(0)
	for seq < d.Seq {
		list, err := s.store.Events(ctx, d.Number, seq, eventsLooked)
		if err != nil {
			return err
		}
		list = d.Known(list)
		for _, e := range list {
			if err := e.Verify(d.Number, seq+1, prev); err != nil {
				d.Chain, d.Broken = "It does not hold: "+err.Error()+".", true
				return nil //nolint:nilerr // that it does not hold is what was asked
			}
			seq, prev = e.Seq, e.Hash
		}
		if len(list) == 0 {
			break
		}
	}
	if seq != d.Seq || prev != d.Head {
		d.Chain, d.Broken = "It does not hold: the record ends before its last event.", true
		return nil
	}
	d.Chain = "Verified just now: " + plural(int(d.Seq), "event") + ", each chained to the one before it."
	return nil
}
