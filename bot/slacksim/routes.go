package slacksim

import (
	"net/http"
	"strings"

	"fireboss/bot/slacksim/page"
)

// routes lists every door of the workspace.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.serveAPI)
	mux.HandleFunc("/link/", s.serveSocket)
	mux.HandleFunc("POST /upload/v1/{ticket}", s.serveUpload)
	mux.HandleFunc("GET /files-pri/{id}/{name}", s.serveFile)
	mux.HandleFunc("GET /sim/files/{id}", s.serveFileOnPage)
	mux.HandleFunc("POST /commands/{team}/{id}/{secret}", s.serveResponseURL)
	mux.HandleFunc("POST /actions/{team}/{id}/{secret}", s.serveResponseURL)
	s.routeControl(mux)
	mux.Handle("/", page.Handler())
	return mux
}

// schemeAndHost is the address a request came to.
func schemeAndHost(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https") {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// learnBase takes the address by which a Web API call came as ours, unless one was set.
func (s *Server) learnBase(r *http.Request) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.world.baseFixed {
		s.world.base = schemeAndHost(r)
	}
	return s.world.base
}

// ownBase is our address as the app knows it, or else as this request does.
func (s *Server) ownBase(r *http.Request) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.world.base == "" {
		return schemeAndHost(r)
	}
	return s.world.base
}
