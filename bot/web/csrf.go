package web

import (
	"crypto/subtle"
	"net/http"
	"net/url"
)

// csrfField is the form's field that carries the token; a script sends it as a header.
const (
	csrfField  = "csrf"
	csrfHeader = "X-Csrf-Token"
)

// forged is why a form was not taken.
func forged() error {
	p := problemf(forbidden, "This form was not made by a page of ours for you, or it is too old. Nothing was done. Go back, reload the page and try again.")
	p.Title = "Not done"
	return p
}

// genuine checks that a form was sent by a page of ours, and by this browser: it
// carries the token that only a page of ours shows to this browser, and the browser
// does not say that it came from elsewhere. Each alone would do; a hole in one of
// them is not yet a hole.
func (s *Site) genuine(r *http.Request, token string) error {
	if err := s.sameOrigin.Check(r); err != nil {
		return forged()
	}
	sent := r.Header.Get(csrfHeader)
	if sent == "" {
		sent = r.PostForm.Get(csrfField)
	}
	if token == "" || subtle.ConstantTimeCompare([]byte(sent), []byte(token)) != 1 {
		return forged()
	}
	return nil
}

// newOriginCheck takes what browsers say of where a request came from (the Fetch
// Metadata of the W3C, or else the Origin): this host, or the public address, which
// is another one where a proxy in front rewrites the Host.
func newOriginCheck(public *url.URL) *http.CrossOriginProtection {
	c := http.NewCrossOriginProtection()
	if public.Host != "" {
		_ = c.AddTrustedOrigin(public.Scheme + "://" + public.Host) // one that is none is trusted by nobody
	}
	return c
}

// form reads what a form sent.
func form(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		return invalidf("This form cannot be read, or it is larger than 1 MB. Nothing was done.")
	}
	return nil
}
