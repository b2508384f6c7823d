package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// followupsShown is how many follow-ups one page shows.
const followupsShown = 100

// followupsParams are the parameters of the page.
var followupsParams = []string{"show", "owner", "service", "skip", "said"}

// What the page shows; nothing said is what is open.
const (
	showOverdue = "overdue"
	showDone    = "done"
	showDropped = "dropped"
)

// ownerNobody stands for the owner of follow-ups that have none.
const ownerNobody = "nobody"

// followupsData are the follow-ups of all incidents.
type followupsData struct {
	Tabs     []tab
	Rows     []followupRow
	Owners   []followupCount
	Services []followupCount
	Chosen   []tab // the filters that are on, with the address without each
	Count    int
	Overdue  int // of all that are open
	Done     bool
	Next     string // the address of the next page; empty: there is none
	First    string // that of the first, where this is not it
	Here     string // this page's own, to come back to
	Said     *said
}

// followupRow is one follow-up.
type followupRow struct {
	incidents.FollowupFigure
	Text         string
	Incident     incidents.Incident
	SeverityWord string
	When         string
	Late         bool
	Acts         []followupAct // what somebody who is signed in can do
}

// followupAct is a button of a follow-up.
type followupAct struct{ Label, Do string }

// followupCount is how many follow-ups somebody, or a service, has.
type followupCount struct {
	Name, Address string
	Nobody        bool
	Open, Overdue int
}

// listedFollowup is a follow-up with the figures of its incident.
type listedFollowup struct {
	incidents.FollowupFigure
	of      *incidents.Figures
	overdue bool
}

func (l listedFollowup) owner() string { return cmp.Or(l.Owner.ID, ownerNobody) }

func (s *Site) followupsPage(r *http.Request) (page, error) {
	q := readQuery(r.URL.RawQuery, followupsParams...)
	show := q.oneOf("show", showOverdue, showDone, showDropped)
	skip := 0
	if q.given("skip") {
		skip = int(q.uint("skip", "it must be how many the pages before had."))
	}
	if q.err != nil {
		return page{}, q.err
	}
	who := s.viewer(r)
	all, err := s.followups(r.Context(), who)
	if err != nil {
		return page{}, err
	}
	d := followupsData{Done: show == showDone || show == showDropped, Said: s.saidBefore(r, who, q.text("said"))}
	here := url.Values{"show": {show}, "owner": q.values["owner"], "service": q.values["service"]}
	d.Here = address("/followups", here)
	d.count(all, here)
	chosen := slices.DeleteFunc(all, func(l listedFollowup) bool {
		return !l.shown(show) || q.given("owner") && l.owner() != q.text("owner") || q.given("service") && !slices.Contains(l.of.Services, q.text("service"))
	})
	slices.SortStableFunc(chosen, byUrgency(d.Done))
	d.Count = len(chosen)
	d.turns(here, max(0, skip), len(chosen))
	chosen = chosen[min(max(0, skip), len(chosen)):]
	if d.Rows, err = s.followupRows(r.Context(), chosen[:min(len(chosen), followupsShown)], who); err != nil {
		return page{}, err
	}
	return page{Status: http.StatusOK, Template: "followups", Title: "Follow-ups", Here: "followups", Data: d}, nil
}

// followups are those of all incidents that somebody may see.
func (s *Site) followups(ctx context.Context, who incidents.Actor) ([]listedFollowup, error) {
	list, err := s.store.Figures(ctx, store.FiguresQuery{Where: func(f incidents.Figures) bool { return len(f.Followups) > 0 && f.VisibleTo(who) }})
	if err != nil {
		return nil, err
	}
	var all []listedFollowup
	c, now := s.rules().Clock.Office, s.now()
	for i := range list {
		for _, one := range list[i].Followups {
			all = append(all, listedFollowup{one, &list[i], one.Overdue(c, now)})
		}
	}
	return all, nil
}

// shown reports whether a follow-up is one of those that the page shows.
func (l listedFollowup) shown(show string) bool {
	switch show {
	case showOverdue:
		return l.overdue
	case showDone:
		return l.State == incidents.TaskFinished
	case showDropped:
		return l.State == incidents.TaskGone
	}
	return l.State == incidents.TaskOpen
}

// byUrgency puts what is due first before the rest and what has no date behind it; of
// what is over, the newest first.
func byUrgency(over bool) func(a, b listedFollowup) int {
	return func(a, b listedFollowup) int {
		if over {
			return cmp.Or(b.Ended.Compare(a.Ended), cmp.Compare(b.of.Number, a.of.Number))
		}
		dated := func(l listedFollowup) int {
			if l.Due.IsZero() {
				return 1
			}
			return 0
		}
		high := func(l listedFollowup) int {
			if l.Priority == incidents.HighPriority {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(dated(a), dated(b)), a.Due.Compare(b.Due), cmp.Compare(high(a), high(b)), cmp.Compare(a.of.Number, b.of.Number))
	}
}

// followupRows read what the figures do not hold. An incident that went out of sight
// meanwhile is left out.
func (s *Site) followupRows(ctx context.Context, list []listedFollowup, who incidents.Actor) ([]followupRow, error) {
	read := map[incidents.Number]*incidents.Incident{}
	now, rules := s.now(), s.rules()
	var rows []followupRow
	for _, l := range list {
		in, known := read[l.of.Number]
		if !known {
			one, err := s.store.Incident(ctx, l.of.Number)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return nil, err
			}
			in = &one
			read[l.of.Number] = in
		}
		if !in.VisibleTo(who) || len(in.Followups) < l.Number || in.Followups[l.Number-1].State != l.State {
			continue
		}
		row := followupRow{FollowupFigure: l.FollowupFigure, Text: in.Followups[l.Number-1].Text, Incident: *in, SeverityWord: severityWord(in.Severity, rules.Meaning(in.Severity))}
		row.When, row.Late = l.dueWords(rules.Clock.Office, now)
		row.Acts = l.acts(*in)
		rows = append(rows, row)
	}
	return rows, nil
}

// acts are what can be done with a follow-up.
func (l listedFollowup) acts(in incidents.Incident) []followupAct {
	switch {
	case incidents.Allowed(string(incidents.Followups), in) != nil:
		return nil
	case l.State != incidents.TaskOpen:
		return []followupAct{{"Reopen", "reopen"}}
	case l.Owner.ID == "":
		return []followupAct{{"Take it", "take"}, {"Done", "done"}}
	}
	return []followupAct{{"Done", "done"}}
}

// dueWords say by the days of the calendar when a follow-up is due, or when it was
// done.
func (l listedFollowup) dueWords(c incidents.Calendar, now time.Time) (when string, late bool) {
	zone := cmp.Or(c.Zone, time.UTC)
	day := func(t time.Time) time.Time {
		y, m, d := t.In(zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) // days of any zone have 24 hours here
	}
	date := func(t time.Time) string {
		if t.In(zone).Year() == now.In(zone).Year() {
			return t.In(zone).Format("2 Jan")
		}
		return t.In(zone).Format("2 Jan 2006")
	}
	switch {
	case l.State != incidents.TaskOpen && l.Ended.IsZero():
		return "", false
	case l.State != incidents.TaskOpen:
		when = string(l.State) + " " + date(l.Ended)
		if l.State == incidents.TaskFinished && !l.Due.IsZero() && !l.InTime(c) {
			return when + ", was due " + date(l.Due), false
		}
		return when, false
	case l.Due.IsZero():
		return "without a date", false
	}
	days := int(day(l.Due).Sub(day(now)) / (24 * time.Hour))
	switch {
	case days < 0:
		return plural(-days, "day") + " overdue", true
	case days == 0:
		return "due today", false
	case days == 1:
		return "due tomorrow", false
	case days < 14:
		return "due in " + plural(days, "day"), false
	}
	return "due " + date(l.Due), false
}

// count fills the tabs, and how many there are by owner and by service.
func (d *followupsData) count(all []listedFollowup, here url.Values) {
	to := func(name, value string) string {
		v := url.Values{"show": here["show"], "owner": here["owner"], "service": here["service"]}
		v.Set(name, value)
		return address("/followups", v)
	}
	names := map[string]string{ownerNobody: "nobody"}
	owners, services := map[string]*followupCount{}, map[string]*followupCount{}
	add := func(in map[string]*followupCount, key string, l listedFollowup) {
		if in[key] == nil {
			in[key] = &followupCount{}
		}
		if in[key].Open++; l.overdue {
			in[key].Overdue++
		}
	}
	open := 0
	for _, l := range all { // by the number of the incident, so that the newest name stays
		if l.Owner.ID != "" {
			names[l.Owner.ID] = l.Owner.Name
		}
		if l.State != incidents.TaskOpen {
			continue
		}
		if open++; l.overdue {
			d.Overdue++
		}
		add(owners, l.owner(), l)
		for _, name := range l.of.Services {
			add(services, name, l)
		}
	}
	for id, c := range owners {
		c.Name, c.Address, c.Nobody = names[id], to("owner", id), id == ownerNobody
	}
	for name, c := range services {
		c.Name, c.Address = name, to("service", name)
	}
	d.Owners, d.Services = busiest(owners), busiest(services)
	for _, t := range []struct{ show, label string }{{"", "Open " + strconv.Itoa(open)}, {showOverdue, "Overdue " + strconv.Itoa(d.Overdue)}, {showDone, "Done"}, {showDropped, "Dropped"}} {
		d.Tabs = append(d.Tabs, tab{Label: t.label, Address: to("show", t.show), Current: here.Get("show") == t.show})
	}
	if id := here.Get("owner"); id != "" {
		d.Chosen = append(d.Chosen, tab{Label: "of " + cmp.Or(names[id], "somebody else"), Address: to("owner", "")})
	}
	if name := here.Get("service"); name != "" {
		d.Chosen = append(d.Chosen, tab{Label: "of the service " + name, Address: to("service", "")})
	}
}

// busiest puts those first who have most that is overdue.
func busiest(in map[string]*followupCount) []followupCount {
	var list []followupCount
	for _, c := range in {
		list = append(list, *c)
	}
	slices.SortFunc(list, func(a, b followupCount) int {
		return cmp.Or(cmp.Compare(b.Overdue, a.Overdue), cmp.Compare(b.Open, a.Open), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Address, b.Address))
	})
	return list
}

// turns are the ways to other pages of the same list.
func (d *followupsData) turns(here url.Values, skip, n int) {
	if skip > 0 {
		d.First = address("/followups", here)
	}
	if skip+followupsShown < n {
		v := url.Values{"show": here["show"], "owner": here["owner"], "service": here["service"], "skip": {strconv.Itoa(skip + followupsShown)}}
		d.Next = address("/followups", v)
	}
}

// followupDeeds are what the page's buttons say of a follow-up.
var followupDeeds = []string{"done", "take", "reopen"}

// followupsAct does what a button of the page says, as the desk would.
func (s *Site) followupsAct(r *http.Request) (page, error) {
	d, err := readDeed(r)
	if err != nil {
		return page{}, err
	}
	who := s.viewer(r)
	in, err := s.incident(r.Context(), r.PostForm.Get("incident"), who)
	if err != nil {
		return page{}, err
	}
	n, err := strconv.Atoi(r.PostForm.Get("number"))
	do := r.PostForm.Get("do")
	if err != nil || !slices.Contains(followupDeeds, do) {
		return page{}, errLacking
	}
	d.Say, d.Values, d.Redraw = string(incidents.Followups)+" "+do+" "+strconv.Itoa(n), nil, false
	answer := s.drawSaid(s.say(r.Context(), who, in.Number, d), d.id(who.ID), onPage(0))
	s.answers.keep(answer)
	back, err := url.Parse(local(r.PostForm.Get("back")))
	if err != nil || back.Path != "/followups" {
		back = &url.URL{Path: "/followups"}
	}
	v := back.Query()
	v.Set("said", answer.ID)
	return page{goTo: address("/followups", v)}, nil
}
