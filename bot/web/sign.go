package web

import "net/http"

// SignIn is the OpenID Connect provider where people sign in.
type SignIn struct {
	Issuer, ClientID, ClientSecret string
}

// mustSignIn reports whether pages are for those alone who are signed in.
func (s *Site) mustSignIn() bool { return s.signIn != nil }

// maySignIn reports whether there is a way to sign in from this browser.
func (s *Site) maySignIn(r *http.Request) bool {
	return s.signIn != nil || len(s.demo) > 0 && s.shut(r) == ""
}
