package web

import (
	"context"
	"errors"
	"net/http"

	"fireboss/commands"
	"fireboss/incidents/store"
)

// linkData is the page of a link for one use.
type linkData struct {
	Name  string // whom it signs in
	Token string
	Still string // who is signed in in this browser now
}

// linkPage shows whom a link signs in, and a button. It uses nothing up: what looks
// at links on their way (previews, scanners of mail) presses no buttons.
func (s *Site) linkPage(w http.ResponseWriter, r *http.Request) {
	l, err := s.link(r)
	if err != nil {
		s.render(w, r, s.linkTrouble(r, l, err))
		return
	}
	d := linkData{Name: l.Person.Name, Token: s.visit(w, r)}
	if v := visitorOf(r); v != nil {
		d.Still = v.Name
	}
	s.render(w, r, page{Status: http.StatusOK, Template: "sign-in-link", Title: "Sign in", Data: d})
}

// link is the one that the address names, while it serves.
func (s *Site) link(r *http.Request) (store.SignInLink, error) {
	if err := s.tried(r); err != nil {
		return store.SignInLink{}, err
	}
	l, err := s.store.SignInLink(r.Context(), store.SecretID(r.PathValue("key")))
	if err == nil && !l.Serves(s.now()) {
		err = store.ErrNotFound
	}
	return l, err
}

// useLink signs in whom the link was given to.
func (s *Site) useLink(w http.ResponseWriter, r *http.Request) {
	if err := s.visited(w, r); err != nil {
		s.render(w, r, s.trouble(r, err))
		return
	}
	l, err := s.link(r)
	if err == nil {
		err = s.stillMember(r.Context(), l)
	}
	secret, sess := s.newSession(r, arrival{person: l.Person, by: store.ByLink})
	if err == nil {
		err = s.store.UseSignInLink(r.Context(), l.ID, s.now(), sess)
	}
	if err != nil {
		s.render(w, r, s.linkTrouble(r, l, err))
		return
	}
	s.signedIn(w, r, secret, sess, "/")
}

// stillMember refuses whoever has left, or has become a guest, since the link was
// given. Where the workspace cannot be asked they are what they were minutes ago.
func (s *Site) stillMember(ctx context.Context, l store.SignInLink) error {
	if s.people == nil {
		return nil
	}
	look, cancel := context.WithTimeout(ctx, lookUpIn)
	defer cancel()
	a, err := s.people.Actor(look, l.Person.ID)
	if errors.Is(err, commands.ErrUnknown) || err == nil && a.Standing.Outside {
		return store.ErrNotFound
	}
	return nil
}

// linkTrouble is why a link does not sign in. Whom it has signed in already, in this
// very browser, goes on: they pressed twice.
func (s *Site) linkTrouble(r *http.Request, l store.SignInLink, err error) page {
	if !errors.Is(err, store.ErrNotFound) {
		return s.trouble(r, err)
	}
	if v := visitorOf(r); v != nil && !l.Used.IsZero() && v.session.Person.ID == l.Person.ID {
		return page{goTo: "/"}
	}
	return page{Status: http.StatusGone, Template: "message", Title: "Not any more", Data: message{
		Heading: "This link does not sign anybody in", Text: "It was used, a newer one was asked for, or ten minutes have passed.",
		Hint: "For a new one, type in Slack: /incident dashboard",
	}}
}
