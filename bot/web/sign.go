package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// signInData is the page where people sign in.
type signInData struct {
	Next     string
	Provider string // what the provider is called; empty: there is none
	Start    string // where signing in with it begins
	People   []demoPerson
	Token    string // of the form with these people
	Out      bool   // they have just signed out
}

// mustSignIn reports whether pages are for those alone who are signed in.
func (s *Site) mustSignIn() bool { return s.provider != nil }

// maySignIn reports whether there is a way to sign in from this browser.
func (s *Site) maySignIn(r *http.Request) bool {
	return s.provider != nil || len(s.demo) > 0 && s.shut(r) == ""
}

// everybody lets everybody in, and says who it is where somebody is signed in.
func (s *Site) everybody(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		v, err := s.recognise(r)
		if err != nil {
			s.render(w, r, s.trouble(r, err))
			return
		}
		next(w, s.greet(w, r, v))
	})
}

// greet notes who makes a request; v is nil where it is nobody.
func (s *Site) greet(w http.ResponseWriter, r *http.Request, v *visitor) *http.Request {
	if v == nil {
		return r
	}
	w.Header().Set("Cache-Control", "private, no-store")
	w.Header().Set("Vary", "Cookie")
	return r.WithContext(context.WithValue(r.Context(), visiting{}, v))
}

// signInPage shows the ways there are to sign in.
func (s *Site) signInPage(w http.ResponseWriter, r *http.Request) {
	d := signInData{Next: local(r.URL.Query().Get("next")), Out: r.URL.Query().Has("out")}
	if s.provider != nil {
		d.Provider, d.Start = s.provider.Name, startPath+"?"+url.Values{"next": {d.Next}}.Encode()
	}
	if len(s.demo) > 0 && s.shut(r) == "" {
		d.People, d.Token = s.demoPeople(r.Context()), s.visit(w, r)
	}
	s.render(w, r, page{Status: http.StatusOK, Template: "sign-in", Title: "Sign in", Data: d})
}

// visitKey is the cookie of a browser in which nobody is signed in yet, so that
// its forms can be told from forged ones too.
const (
	visitKey  = "fireboss-visit"
	visitLast = time.Hour
)

// visit is what the forms of a browser carry, whether or not somebody is signed in
// there yet.
func (s *Site) visit(w http.ResponseWriter, r *http.Request) string {
	if v := visitorOf(r); v != nil {
		return v.csrf
	}
	secret := s.given(r, visitKey)
	if secret == "" {
		secret, _ = store.NewSecret("")
	}
	s.setCookie(w, visitKey, secret, visitLast)
	return formToken(secret)
}

// visited checks such a form.
func (s *Site) visited(w http.ResponseWriter, r *http.Request) error {
	if err := s.tried(r); err != nil {
		return err
	}
	if err := form(w, r); err != nil {
		return err
	}
	if v := visitorOf(r); v != nil && s.genuine(r, v.csrf) == nil {
		return nil
	}
	secret := s.given(r, visitKey) // also of a page that is older than the sign-in
	if secret == "" {
		return forged()
	}
	return s.genuine(r, formToken(secret))
}

// arrival is somebody who signs in.
type arrival struct {
	person  incidents.Person
	by      store.SignedInBy
	role    Role
	outside bool
}

// session is what is kept of an arrival, and what the browser has to present.
func (s *Site) newSession(r *http.Request, a arrival) (secret string, sess store.Session) {
	now := s.now()
	secret, id := store.NewSecret("")
	return secret, store.Session{
		ID: id, Person: a.person, By: a.by, Role: string(a.role), Outside: a.outside, Browser: browserWords(r.UserAgent()),
		Created: now, Seen: now, Expires: s.sessions.until(now, now),
	}
}

// signedIn gives a browser its new session, which is kept already, and ends the one
// that it had: what was known before somebody signed in opens nothing afterwards.
func (s *Site) signedIn(w http.ResponseWriter, r *http.Request, secret string, sess store.Session, next string) {
	if old := s.given(r, sessionKey); old != "" {
		s.endSession(r.Context(), store.SecretID(old))
	}
	s.setCookie(w, sessionKey, secret, s.sessions.Max)
	s.log.Info().Str("person", sess.Person.ID).Str("by", string(sess.By)).Msg("somebody signed in")
	http.Redirect(w, r, local(next), http.StatusSeeOther)
}

// endSession ends one session. Where that fails, nobody can mend it here, and it
// expires.
func (s *Site) endSession(ctx context.Context, id string) {
	if _, err := s.store.EndSessions(ctx, s.now(), func(o store.Session) bool { return o.ID == id }); err != nil {
		s.log.Error().Err(err).Msg("a session could not be ended")
	}
}

// signOut ends this browser's session.
func (s *Site) signOut(w http.ResponseWriter, r *http.Request) {
	v := visitorOf(r)
	_, err := s.store.EndSessions(r.Context(), s.now(), func(o store.Session) bool { return o.ID == v.session.ID })
	if err != nil {
		s.render(w, r, s.trouble(r, err))
		return
	}
	s.setCookie(w, sessionKey, "", 0)
	s.log.Info().Str("person", v.ID).Msg("somebody signed out")
	http.Redirect(w, r, "/sign-in?out", http.StatusSeeOther)
}

// demoPerson is one as whom one can sign in with a click.
type demoPerson struct {
	Name string
	What string // an admin or a guest; empty: a member
}

// demoPeople are all of them who are there.
func (s *Site) demoPeople(ctx context.Context) []demoPerson {
	look, cancel := context.WithTimeout(ctx, lookUpIn)
	defer cancel()
	var list []demoPerson
	for _, name := range s.demo {
		a, err := s.demoActor(look, name)
		if err != nil {
			continue
		}
		p := demoPerson{Name: name}
		switch {
		case a.Standing.Outside:
			p.What = "guest"
		case s.rules().Administers(a.Standing):
			p.What = "admin"
		}
		list = append(list, p)
	}
	return list
}

// demoActor is one of the demo's people, as they act.
func (s *Site) demoActor(ctx context.Context, name string) (incidents.Actor, error) {
	if !slices.Contains(s.demo, name) {
		return incidents.Actor{}, commands.ErrUnknown
	}
	p, err := s.people.Person(ctx, name)
	if err != nil {
		return incidents.Actor{}, err
	}
	return s.people.Actor(ctx, p.ID)
}

// demoSignIn signs in as one of the demo's people, in a browser on this machine.
func (s *Site) demoSignIn(w http.ResponseWriter, r *http.Request) {
	if len(s.demo) == 0 {
		s.render(w, r, lostPage(r))
		return
	}
	if why := s.shut(r); why != "" {
		s.render(w, r, shutPage(why))
		return
	}
	err := s.visited(w, r)
	name := r.PostForm.Get("name")
	var a incidents.Actor
	if err == nil {
		a, err = s.demoActor(r.Context(), name)
	}
	if errors.Is(err, commands.ErrUnknown) {
		err = invalidf("Nobody is called %q in this demo.", shorten(name, 40))
	}
	secret, sess := s.newSession(r, arrival{person: a.Person(), by: store.ByDemo, outside: a.Standing.Outside})
	if err == nil {
		err = s.store.PutSession(r.Context(), sess)
	}
	if err != nil {
		s.render(w, r, s.trouble(r, err))
		return
	}
	s.signedIn(w, r, secret, sess, r.PostForm.Get("next"))
}

// browserWords are what a browser calls itself, in the words of people.
func browserWords(agent string) string {
	pick := func(list [][2]string) string {
		for _, c := range list {
			if strings.Contains(agent, c[0]) {
				return c[1]
			}
		}
		return ""
	}
	name := pick([][2]string{{"Edg/", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}, {"curl/", "curl"}})
	system := pick([][2]string{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}})
	switch {
	case name == "":
		return "a browser"
	case system == "":
		return name
	}
	return name + " on " + system
}

// signInRoutes are those of signing in and out, and of what there is to look after.
func (s *Site) signInRoutes(mux *http.ServeMux) {
	mux.Handle("/sign-in", s.only(methods{http.MethodGet: s.everybody(s.signInPage)}))
	mux.Handle(startPath, s.only(methods{http.MethodGet: s.everybody(s.start)}))
	mux.Handle(CallbackPath, s.only(methods{http.MethodGet: s.everybody(s.callback)}))
	mux.Handle("/sign-in/demo", s.only(methods{http.MethodPost: s.everybody(s.demoSignIn)}))
	mux.Handle(commands.SignInPath+"{key}", s.only(methods{http.MethodGet: s.everybody(s.linkPage), http.MethodPost: s.everybody(s.useLink)}))
	mux.Handle("/sign-out", s.only(methods{http.MethodPost: s.taking(s.signOut)}))
	mux.Handle("/sessions", s.lookAndAct(s.sessionsPage, s.endSessions))
	mux.Handle("/tokens", s.lookAndAct(s.tokensPage, s.changeTokens))
}
