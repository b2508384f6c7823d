package web

import (
	_ "embed"
	"net/http"
)

// openapi describes the API; a test holds it to the routes and to real answers.
//
//go:embed openapi.json
var openapi []byte

// getOpenAPI needs no token: the description holds nothing of anybody.
func (s *Site) getOpenAPI(w http.ResponseWriter, _ call) error {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(openapi)
	return nil
}
