package slacksim

import (
	"io"
	"net/http"
)

// pageHandler serves the page on which a person uses the workspace.
func pageHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		io.WriteString(w, "This is a Slack workspace. Its control API is below /sim/.\n")
	})
}
