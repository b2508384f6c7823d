package web

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// callback is where the provider sends people back.
func (s *Site) callback(w http.ResponseWriter, r *http.Request) {
	if s.provider == nil {
		s.render(w, r, lostPage(r))
		return
	}
	a, ok := readAttempt(s.given(r, attemptKey))
	s.setCookie(w, attemptKey, "", 0) // one answer to one question
	who, err := s.answered(r, a, ok)
	var in arrival
	if err == nil {
		ask, cancel := context.WithTimeout(r.Context(), providerIn)
		defer cancel()
		in, err = s.arrive(ask, who)
	}
	secret, sess := s.newSession(r, in)
	if err == nil {
		err = s.store.PutSession(r.Context(), sess)
	}
	if err != nil {
		s.render(w, r, s.signInTrouble(r, err, a.Next))
		return
	}
	s.signedIn(w, r, secret, sess, a.Next)
}

// errStale is an answer of the provider to a question that this browser did not ask,
// or too long ago.
var errStale = errors.New("not asked by this browser")

// denied is what a provider answers who did not sign somebody in.
type denied struct{ code string }

func (d denied) Error() string { return "the provider answered " + d.code }

var errorCode = regexp.MustCompile(`^[a-z_]{1,60}$`)

// answered is who the provider says it is, in answer to what this browser asked.
func (s *Site) answered(r *http.Request, a attempt, ok bool) (identity, error) {
	if err := s.tried(r); err != nil {
		return identity{}, err
	}
	q := r.URL.Query()
	age := s.now().Sub(a.At)
	if !ok || age < -time.Minute || age > attemptLasts || subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(a.State)) != 1 {
		return identity{}, errStale
	}
	if iss := q.Get("iss"); iss != "" && iss != s.provider.Issuer { // RFC 9207: mixed up with another provider
		return identity{}, errStale
	}
	if code := q.Get("error"); code != "" {
		if !errorCode.MatchString(code) {
			code = "an error"
		}
		return identity{}, denied{code}
	}
	return s.provider.claim(r.Context(), a, q.Get("code"))
}

// arrive decides who somebody is here, and whether they may come in.
func (s *Site) arrive(ctx context.Context, who identity) (arrival, error) {
	role, err := s.provider.admit(who)
	if err != nil {
		return arrival{}, err
	}
	in := arrival{by: store.ByProvider, role: role, person: incidents.Person{ID: who.actorID(), Name: who.Name}}
	linked, err := s.linked(ctx, who)
	if err != nil || linked == "" {
		return in, err
	}
	a, err := s.people.Actor(ctx, linked)
	if errors.Is(err, commands.ErrUnknown) {
		return arrival{}, errNoMember
	}
	in.person, in.outside = a.Person(), a.Standing.Outside
	return in, err
}

// linked is the id of who it is in the workspace; empty: nobody. Where that cannot
// be found out nobody comes in: somebody who is a guest there would be a member here.
func (s *Site) linked(ctx context.Context, who identity) (string, error) {
	switch {
	case s.people == nil:
		return "", nil
	case who.Team != "" && who.User != "":
		if strings.ContainsAny(who.Team+who.User, "/|: ") {
			return "", errNoMember
		}
		return "slack:" + who.Team + "/" + who.User, nil
	case !s.provider.LinkByEmail || who.Email == "":
		return "", nil
	}
	p, err := s.people.ByEmail(ctx, who.Email)
	if errors.Is(err, commands.ErrUnknown) {
		return "", nil
	}
	return p.ID, err
}

// signInTrouble is why somebody was not signed in, with the way to try again.
func (s *Site) signInTrouble(r *http.Request, err error, next string) page {
	p := page{Status: http.StatusForbidden, Template: "message", Title: "Not signed in"}
	m := message{Heading: "You were not signed in", Again: startPath + "?" + url.Values{"next": {local(next)}}.Encode(), Hint: "In Slack, /incident dashboard gives you a link that signs you in without it."}
	var no denied
	var slow *Problem
	switch {
	case errors.As(err, &slow), errors.Is(err, context.Canceled) && r.Context().Err() != nil:
		return s.trouble(r, err)
	case errors.Is(err, errStale):
		p.Status = http.StatusBadRequest
		m.Text = "This browser did not ask for what came back from " + s.provider.Name + ", or more than ten minutes ago."
	case errors.As(err, &no):
		m.Text = s.provider.Name + " did not sign you in (" + no.code + ")."
	case errors.Is(err, errNoMFA), errors.Is(err, errNoGroup), errors.Is(err, errNoDomain), errors.Is(err, errNoMember):
		m.Text, m.Hint = err.Error(), ""
	case errors.Is(err, errProvider):
		ref := reference()
		s.log.Warn().Str("error", shorten(err.Error(), maxLogged)).Str("reference", ref).Str("issuer", s.provider.Issuer).Msg("a sign-in was refused")
		m.Text = "What came from " + s.provider.Name + " does not hold. Whoever runs Fireboss finds why under " + ref + " in the log."
	default:
		ref := reference()
		s.log.Error().Str("error", shorten(err.Error(), maxLogged)).Str("reference", ref).Str("issuer", s.provider.Issuer).Msg("a sign-in failed")
		p.Status = http.StatusServiceUnavailable
		m.Text = "Something that is needed to sign you in does not answer. Try again in a minute; whoever runs Fireboss finds it under " + ref + " in the log."
	}
	p.Data = m
	return p
}

// providerDown is the page while the provider does not answer.
func (s *Site) providerDown() page {
	return page{Status: http.StatusServiceUnavailable, Template: "message", Title: "Not now", Data: message{
		Heading: s.provider.Name + " does not answer", Text: "People sign in there, and at the moment it cannot be reached. Try again in a minute.", Again: "/sign-in",
		Hint: "In Slack, /incident dashboard gives you a link that signs you in without it.",
	}}
}
