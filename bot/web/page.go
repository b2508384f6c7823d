package web

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"time"

	"fireboss/incidents"
)

// page is what a page shows; how it looks is its template's business.
type page struct {
	Status   int
	Template string // the file below templates, without .html
	Title    string
	Here     string // the entry of the navigation that this page is
	Now      time.Time
	Data     any
	You      *visitor // who looks; nil: nobody is signed in
	Path     string   // where they are, to come back to
	SignIn   bool     // they could sign in
	// Parts are the elements that a script may fetch alone, by id: each is the
	// template of that name, which the page includes.
	Parts []string
	Live  string // the stream that tells of its changes; empty: none does
	Self  string // its own address
	Part  bool   // only a part of it is asked for
	// Charts says that it has tables that are drawn too.
	Charts bool
	// Trigger is an event that the page is to see after a part was put into it.
	Trigger string
	goTo    string // another address instead of a page
	wait    int    // seconds until it is worth trying again; 0: nobody knows
}

// view makes a page of a request. An error becomes a page in words.
type view func(r *http.Request) (page, error)

//go:embed templates
var templateFiles embed.FS

// templates are the pages by name: each is the frame, the parts and its own file.
var templates = loadTemplates("now", "list", "incident", "new", "postmortem", "postmortems", "insights", "followups", "alerts", "noise", "message", "sign-in", "sign-in-link", "sessions", "tokens")

func loadTemplates(names ...string) map[string]*template.Template {
	frame := template.Must(template.New("frame").Funcs(vocabulary).ParseFS(templateFiles, "templates/frame.html", "templates/parts.html", "templates/you.html", "templates/ask.html"))
	all := map[string]*template.Template{}
	for _, name := range names {
		all[name] = template.Must(template.Must(frame.Clone()).ParseFS(templateFiles, "templates/"+name+".html"))
	}
	return all
}

// page lets a browser in and shows it a page.
func (s *Site) page(v view) http.Handler {
	return s.only(methods{http.MethodGet: s.looking(v)})
}

// inside lets a browser in to something that is no page.
func (s *Site) inside(do http.HandlerFunc) http.Handler {
	return s.only(methods{http.MethodGet: s.gate(do)})
}

// render writes a page, whole or not at all.
func (s *Site) render(w http.ResponseWriter, r *http.Request, p page) {
	if r.Context().Err() != nil {
		return // nobody is there any more
	}
	if p.goTo != "" && r.Header.Get("HX-Request") == "true" { // all of the page goes there, not a part
		w.Header().Set("HX-Redirect", p.goTo)
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if p.goTo != "" {
		http.Redirect(w, r, p.goTo, http.StatusSeeOther)
		return
	}
	if p.Now.IsZero() {
		p.Now = s.now()
	}
	p.You, p.Path, p.SignIn, p.Self = visitorOf(r), local(r.URL.RequestURI()), s.maySignIn(r), r.URL.RequestURI()
	names := []string{"frame"}
	if asked := r.Header.Get("HX-Target"); r.Header.Get("HX-Request") == "true" && slices.Contains(p.Parts, asked) {
		names, p.Part = []string{asked, "asof"}, true
	}
	var b bytes.Buffer
	for _, name := range names {
		if err := templates[p.Template].ExecuteTemplate(&b, name, p); err != nil {
			panic(err) // a template that does not fit its data; recovered gives the reference
		}
	}
	if p.Part && p.Trigger != "" {
		w.Header().Set("HX-Trigger", p.Trigger)
	}
	w.Header().Add("Vary", "HX-Request, HX-Target")
	retryAfter(w.Header(), p.wait)
	send(w, p.Status, "text/html; charset=utf-8", b.Bytes())
}

// message is a page that says one thing.
type message struct {
	Heading string
	Text    string
	Hint    string
	Again   string // where to try again; empty: there is nothing to try
	// Choice is what can be said about it by who is signed in, sent to Action; nil:
	// nothing.
	Choice *button
	Action string
}

// trouble is an error as a page.
func (s *Site) trouble(r *http.Request, err error) page {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return page{}
	}
	p := s.problem(err)
	switch p.Status {
	case http.StatusInternalServerError:
		return brokenPage(p.Reference)
	case http.StatusNotFound:
		return lost(p.Detail, err)
	}
	return page{Status: p.Status, Template: "message", Title: p.Title, wait: p.wait, Data: message{Heading: p.Title, Text: p.Detail, Hint: "All incidents are in the list."}}
}

// lost is the page of what is not there. Of an incident that is private nothing else
// is said than of one that never was; who is signed in can ask about either.
func lost(text string, err error) page {
	m := message{Heading: "Nothing to see here", Text: text, Hint: "Private incidents are shown to those who are in them."}
	if r, ok := incidents.AsRefusal(err); ok && r.Incident != 0 {
		m.Action = incidentPath(r.Incident)
		m.Choice = &button{Label: "Ask for access", Say: "access " + r.Incident.String(), ID: "do-access"}
	}
	return page{Status: http.StatusNotFound, Template: "message", Title: "Not found", Data: m}
}

func lostPage(r *http.Request) page {
	return page{Status: http.StatusNotFound, Template: "message", Title: "Not found", Data: message{
		Heading: "Nothing to see here", Text: "There is no page at " + shorten(r.URL.Path, 100) + ".",
		Hint: "Perhaps the address was cut on its way to you. An incident is found at /incidents/INC-12.",
	}}
}

func brokenPage(ref string) page {
	return page{Status: http.StatusInternalServerError, Template: "message", Title: "Something failed", Data: message{
		Heading: "Something failed here",
		Text:    "It is not your fault, and nothing was changed. Reload the page in a moment.",
		Hint:    "If it fails again, tell whoever runs Fireboss to look for " + ref + " in the log.",
	}}
}

func shutPage(why string) page {
	return page{Status: http.StatusForbidden, Template: "message", Title: "Not from here", Data: message{
		Heading: "These pages do not open from here", Text: why,
		Hint: "In Slack, /incident dashboard gives you a link that signs you in. Whoever runs Fireboss can have people sign in here (sign_in in the configuration), or tunnel to the machine: ssh -L 8080:127.0.0.1:8080 HOST, then open http://localhost:8080.",
	}}
}

func (s *Site) noPage(r *http.Request) (page, error) { return lostPage(r), nil }
