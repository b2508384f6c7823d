package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// alertActs are what the page's buttons say of an alert.
var alertActs = []string{"attach", "detach", "ignore", "declare"}

// alertsAct does what a button of the page says, as the desk would.
func (s *Site) alertsAct(r *http.Request) (page, error) {
	d, err := readDeed(r)
	if err != nil {
		return page{}, err
	}
	who, do := s.viewer(r), r.PostForm.Get("do")
	if rule := incidents.Tidy(r.PostForm.Get("rule")); rule != "" {
		return s.ruleAct(r, who, d, do, rule)
	}
	said, in, err := s.alertSaid(r, who, do)
	if err != nil {
		return page{}, err
	}
	d.Say, d.Values, d.Redraw = said, nil, false
	reply := s.say(r.Context(), who, in, d)
	answer := s.drawSaid(reply, d.id(who.ID), onPage(0))
	switch {
	case reply.Form != nil: // the desk wants to know more
		return page{Status: http.StatusOK, Template: "new", Title: "Open an incident", Here: "alerts", Parts: []string{"act"}, Data: actData{May: true, Action: incidentPath(0), Leave: "/alerts", Said: answer, Ask: answer.Ask}}, nil
	case do == "declare" && reply.Incident != nil && !answer.Refused:
		s.answers.keep(answer)
		return page{goTo: incidentPath(reply.Incident.Number) + "?said=" + url.QueryEscape(answer.ID) + "#act"}, nil
	}
	return s.backToAlerts(r, answer), nil
}

// ruleAct makes a rule live, or takes that back, as the desk would.
func (s *Site) ruleAct(r *http.Request, who incidents.Actor, d deed, do, rule string) (page, error) {
	if do != "live" && do != "shadow" {
		return page{}, errLacking
	}
	d.Say, d.Values, d.Redraw = "alert "+do+" "+rule, nil, false
	return s.backToAlerts(r, s.drawSaid(s.say(r.Context(), who, 0, d), d.id(who.ID), onPage(0))), nil
}

// backToAlerts is the page that somebody came from, with the answer on it.
func (s *Site) backToAlerts(r *http.Request, answer *said) page {
	s.answers.keep(answer)
	back, err := url.Parse(local(r.PostForm.Get("back")))
	if err != nil || back.Path != "/alerts" {
		back = &url.URL{Path: "/alerts"}
	}
	v := back.Query()
	v.Set("said", answer.ID)
	return page{goTo: address("/alerts", v)}
}

// endSilence is what the button of a silence says.
const endSilence = "end silence"

// alertSaid is what a button of the page says, and in which incident; 0: in none.
func (s *Site) alertSaid(r *http.Request, who incidents.Actor, do string) (said string, in incidents.Number, err error) {
	if do == endSilence {
		n, err := alerts.ParseSilenceNumber(r.PostForm.Get("silence"))
		if err != nil {
			return "", 0, errLacking
		}
		return "silence end " + n.String(), 0, nil
	}
	n, err := alerts.ParseNumber(r.PostForm.Get("alert"))
	if err != nil || !slices.Contains(alertActs, do) {
		return "", 0, errLacking
	}
	in, err = s.alertPlace(r, who, n, do)
	return "alert " + do + " " + n.String(), in, err
}

// alertPlace is the incident in which something is said of an alert: the one it is to be attached to, or belongs to; 0:
// in none. One that is not open to them is as one that is not there.
func (s *Site) alertPlace(r *http.Request, who incidents.Actor, n alerts.Number, do string) (incidents.Number, error) {
	switch do {
	case "attach":
		in, err := s.incident(r.Context(), r.PostForm.Get("into"), who)
		return in.Number, err
	case "detach":
		a, err := s.store.Alert(r.Context(), n)
		if errors.Is(err, store.ErrNotFound) {
			return 0, problemf(notFound, "%s does not exist any more.", n)
		}
		if err != nil || a.Incident == 0 {
			return 0, err
		}
		in, err := s.store.Incident(r.Context(), a.Incident)
		if err != nil || !in.VisibleTo(who) {
			return 0, err
		}
		return in.Number, nil
	}
	return 0, nil
}
