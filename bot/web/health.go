package web

import "net/http"

// healthz says that the process answers.
func (s *Site) healthz(w http.ResponseWriter, _ *http.Request) {
	send(w, http.StatusOK, "text/plain; charset=utf-8", []byte("ok"))
}

// readyz says whether work can be taken, or in words what is missing.
func (s *Site) readyz(w http.ResponseWriter, r *http.Request) {
	if err := s.ready(r.Context()); err != nil {
		send(w, http.StatusServiceUnavailable, "text/plain; charset=utf-8", []byte(err.Error()))
		return
	}
	send(w, http.StatusOK, "text/plain; charset=utf-8", []byte("ready"))
}
