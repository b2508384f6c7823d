package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"fireboss/incidents"
)

// actData is what somebody can do on the page of an incident, and what they were
// answered.
type actData struct {
	May     bool   // somebody is signed in
	Action  string // where its forms are sent
	Leave   string // where one is without the form that is open
	Said    *said
	Ask     *ask     // the form that is open
	Buttons []button // the desk's control panel
	Not     []string // what they cannot do, and why
	Further []furtherGroup
}

// furtherGroup are things that are done less often.
type furtherGroup struct {
	Heading string
	Buttons []button
}

// Acts are what can be done on a page; nothing where it is none for that.
func (p page) Acts() actData {
	switch d := p.Data.(type) {
	case incidentData:
		return d.Act
	case postmortemData:
		return d.Act
	case actData:
		return d
	case message:
		return actData{Action: d.Action}
	}
	return actData{}
}

// panel is what somebody who is signed in can do: what the desk would show them in
// the incident's channel. ask is the form to open.
func (s *Site) panel(r *http.Request, in incidents.Incident, ask string, before *said) actData {
	who, d := s.viewer(r), actData{May: true, Action: incidentPath(in.Number), Leave: incidentPath(in.Number), Said: before}
	here := onPage(in.Number)
	reply := s.say(r.Context(), who, in.Number, deed{Redraw: true})
	for _, c := range reply.Choices {
		d.Buttons = append(d.Buttons, s.button(c, here))
	}
	for _, l := range reply.Lines {
		if strings.HasPrefix(l.Text, "Not for you") {
			d.Not = append(d.Not, l.Text)
		}
	}
	for _, group := range further {
		g := furtherGroup{Heading: group.Heading}
		for _, c := range group.Buttons {
			verb, _, _ := strings.Cut(c.Command, " ")
			if incidents.Allowed(verb, in) == nil && !slices.ContainsFunc(d.Buttons, func(b button) bool { return b.Say == c.Command }) {
				g.Buttons = append(g.Buttons, s.button(c, here))
			}
		}
		if len(g.Buttons) > 0 {
			d.Further = append(d.Further, g)
		}
	}
	if ask != "" {
		d.Said = s.drawSaid(s.say(r.Context(), who, in.Number, deed{Say: ask, Values: map[string][]string{}, Redraw: true}), "", here)
		if d.Said.Ask != nil {
			d.Said.Text = "" // the form speaks for itself
		}
	}
	if d.Said != nil {
		d.Ask = d.Said.Ask
	}
	return d
}

// incidentAct does what a form of an incident's page says.
func (s *Site) incidentAct(r *http.Request) (page, error) {
	d, err := readDeed(r)
	if err != nil {
		return page{}, err
	}
	n, err := incidents.ParseNumber(r.PathValue("id"))
	if err != nil {
		return page{}, problemf(notFound, "%q is not an incident; write it like INC-12.", shorten(r.PathValue("id"), 40))
	}
	who := s.viewer(r)
	in, err := s.incident(r.Context(), n.String(), who)
	if _, hidden := incidents.AsRefusal(err); hidden {
		return s.fromOutside(r, n, d), nil
	}
	if err != nil {
		return page{}, err
	}
	reply := s.say(r.Context(), who, n, d)
	answer := s.drawSaid(reply, d.id(who.ID), onPage(n))
	if d.Redraw && answer.Ask != nil {
		answer.Text = ""
	}
	if r.Header.Get("HX-Request") == "" && !d.Redraw {
		if reply.Secret { // it is kept nowhere
			return page{Status: http.StatusOK, Template: "message", Title: n.String(), Data: message{Heading: n.String(), Text: reply.Text}}, nil
		}
		s.answers.keep(answer)
		return page{goTo: incidentPath(n) + "?said=" + url.QueryEscape(answer.ID) + "#act"}, nil
	}
	if now, err := s.incident(r.Context(), n.String(), who); err == nil {
		in = now
	} else if _, left := incidents.AsRefusal(err); left {
		return page{goTo: "/"}, nil // they have just left what only its own may see
	}
	p := s.incidentFrame(in)
	p.Data = incidentData{Incident: in, Act: s.panel(r, in, "", answer)}
	p.Trigger = "changed"
	if answer.Refused {
		p.Status = http.StatusUnprocessableEntity
	}
	if d.Redraw {
		p.Trigger = ""
	}
	return p, nil
}

// fromOutside answers somebody about an incident that is not open to them, or is none:
// as they would be answered anywhere.
func (s *Site) fromOutside(r *http.Request, n incidents.Number, d deed) page {
	reply := s.say(r.Context(), s.viewer(r), 0, d)
	p := page{Status: http.StatusOK, Template: "message", Title: n.String(), Data: message{Heading: n.String(), Text: reply.Text}}
	if reply.Refused == incidents.CodeNotFound {
		p.Status = http.StatusNotFound
	}
	return p
}

// newPage is the form in which an incident is declared.
func (s *Site) newPage(r *http.Request) (page, error) {
	if q := readQuery(r.URL.RawQuery); q.err != nil {
		return page{}, q.err
	}
	if visitorOf(r) == nil {
		return page{goTo: "/sign-in?next=%2Fincidents%2Fnew"}, nil
	}
	return s.declare(r, deed{Say: "open", Values: map[string][]string{}, Redraw: true}), nil
}

// newAct opens an incident, or shows the form once more.
func (s *Site) newAct(r *http.Request) (page, error) {
	d, err := readDeed(r)
	if err != nil {
		return page{}, err
	}
	return s.declare(r, d), nil
}

func (s *Site) declare(r *http.Request, d deed) page {
	who := s.viewer(r)
	reply := s.say(r.Context(), who, 0, d)
	answer := s.drawSaid(reply, d.id(who.ID), onPage(0))
	if !answer.Refused && reply.Incident != nil && !d.Redraw {
		s.answers.keep(answer)
		return page{goTo: incidentPath(reply.Incident.Number) + "?said=" + url.QueryEscape(answer.ID) + "#act"}
	}
	p := page{Status: http.StatusOK, Template: "new", Title: "Open an incident", Here: "new", Parts: []string{"act"}, Data: actData{May: true, Action: incidentPath(0), Leave: "/", Said: answer, Ask: answer.Ask}}
	if d.Redraw && answer.Ask != nil {
		answer.Text = ""
	}
	if answer.Refused {
		p.Status = http.StatusUnprocessableEntity
	}
	return p
}

// doable adds to each open task what is mostly done with it.
func (d *incidentData) doable() {
	for list, rows := range map[incidents.List][]taskRow{incidents.Tasks: d.Tasks, incidents.Followups: d.Followups} {
		if incidents.Allowed(string(list), d.Incident) != nil {
			continue
		}
		for i, t := range rows {
			if t.State != incidents.TaskOpen {
				continue
			}
			word, label := "done", "Done"
			if t.Assignee == nil {
				word, label = "take", "Take it"
			}
			say := string(list) + " " + word + " " + strconv.Itoa(t.Number)
			rows[i].Does = &button{Label: label, Say: say, ID: "do-" + string(list) + "-" + strconv.Itoa(t.Number)}
		}
	}
}
