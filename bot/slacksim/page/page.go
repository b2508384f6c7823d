package page

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

//go:embed static
var static embed.FS

// Policy is the page's Content-Security-Policy (https://www.w3.org/TR/CSP3/): its own scripts, styles and
// connections and nothing else; no inline script, no eval, and no text that becomes code (Trusted Types), but for
// the one policy that names the page's own worker.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
	"require-trusted-types-for 'script'; trusted-types workspace"

// Handler serves the page at / with the files it consists of. Anything else is 404, any method but GET and HEAD
// 405. Browsers ask again each time, and are answered 304 while nothing has changed.
func Handler() http.Handler {
	files := load(static)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, ok := files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "This page is only for reading.", http.StatusMethodNotAllowed)
			return
		}
		f.serve(w, r)
	})
}

// file is one of the page's files, as it is served.
type file struct {
	kind, etag string
	body       []byte
}

func (f file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", Policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", f.etag)
	if r.Header.Get("If-None-Match") == f.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", f.kind)
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		w.Write(f.body)
	}
}

// kinds are the media types of the page's files, whatever the machine believes.
var kinds = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
}

// load reads the page's files, by the path each is served at. They are part of the program, so an error here is a
// mistake in it.
func load(from fs.FS) map[string]file {
	files := map[string]file{}
	err := fs.WalkDir(from, "static", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		kind, ok := kinds[path.Ext(name)]
		if !ok {
			return fmt.Errorf("%s is of no kind that is served", name)
		}
		sum := sha256.Sum256(body)
		f := file{kind: kind, etag: `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`, body: body}
		files[strings.TrimPrefix(name, "static")] = f
		if name == "static/index.html" {
			files["/"] = f
		}
		return nil
	})
	if err != nil {
		panic("page: " + err.Error())
	}
	return files
}
