package web

import (
	"net/http"
	"net/url"
)

// gate lets a browser in: one in which somebody is signed in and, unless people
// have to sign in, one on this machine. It says who it is; see [Site.viewer].
func (s *Site) gate(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, ok := s.enterPages(w, r)
		if !ok {
			return
		}
		next(w, r)
	})
}

// enterPages answers whoever is not let in.
func (s *Site) enterPages(w http.ResponseWriter, r *http.Request) (*http.Request, bool) {
	w.Header().Set("Cache-Control", "no-store")
	v, err := s.recognise(r)
	switch {
	case err != nil:
		s.render(w, r, s.trouble(r, err))
	case v != nil:
		return s.greet(w, r, v), true
	case s.mustSignIn():
		s.signInFirst(w, r)
	default:
		why := s.shut(r)
		if why == "" {
			return r, true
		}
		s.render(w, r, shutPage(why))
	}
	return r, false
}

// act lets somebody who is signed in do something from a page of ours. What do
// answers is shown; most will send them on to another page.
func (s *Site) act(do view) http.Handler {
	return s.only(methods{http.MethodPost: s.doing(do)})
}

// lookAndAct is a page that sends its form to itself.
func (s *Site) lookAndAct(look, do view) http.Handler {
	return s.only(methods{http.MethodGet: s.looking(look), http.MethodPost: s.doing(do)})
}

// looking shows a page.
func (s *Site) looking(v view) http.Handler {
	return s.gate(func(w http.ResponseWriter, r *http.Request) { s.show(w, r, v) })
}

// doing takes a form, and shows what do answers.
func (s *Site) doing(do view) http.Handler {
	return s.taking(func(w http.ResponseWriter, r *http.Request) { s.show(w, r, do) })
}

// taking takes a form of somebody who is signed in.
func (s *Site) taking(next http.HandlerFunc) http.Handler {
	return s.gate(func(w http.ResponseWriter, r *http.Request) {
		v := visitorOf(r)
		if v == nil {
			s.signInFirst(w, r)
			return
		}
		err := form(w, r)
		if err == nil {
			err = s.genuine(r, v.csrf)
		}
		if err != nil {
			s.render(w, r, s.trouble(r, err))
			return
		}
		next(w, r)
	})
}

func (s *Site) show(w http.ResponseWriter, r *http.Request, v view) {
	p, err := v(r)
	if err != nil {
		p = s.trouble(r, err)
	}
	s.render(w, r, p)
}

// signInFirst sends somebody to the sign-in, and back to where they were.
func (s *Site) signInFirst(w http.ResponseWriter, r *http.Request) {
	back := "/"
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		back = r.URL.RequestURI()
	} else if from, err := url.Parse(r.Referer()); err == nil && from.Host == r.Host {
		back = from.RequestURI()
	}
	to := "/sign-in"
	if back = local(back); back != "/" {
		to += "?" + url.Values{"next": {back}}.Encode()
	}
	w.Header().Set("Cache-Control", "no-store")
	if r.Header.Get("Hx-Request") != "" { // a part of a page asked: all of the page goes
		w.Header().Set("Hx-Redirect", to)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}
