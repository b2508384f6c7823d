package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strings"
)

//go:embed static
var staticFiles embed.FS

// asset is a file of the pages. The hash of its content stands in its name, so
// that a browser may keep it for ever and yet never shows an old one.
type asset struct {
	kind string
	body []byte
}

// assets are all of them by path; assetPaths the paths by plain name.
var assets, assetPaths = loadAssets()

// kinds are the types of the files there are.
var kinds = map[string]string{
	".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".js": "text/javascript; charset=utf-8", ".txt": "text/plain; charset=utf-8",
}

func loadAssets() (map[string]asset, map[string]string) {
	files, paths := map[string]asset{}, map[string]string{}
	entries, err := staticFiles.ReadDir("static")
	if err != nil { // it is part of the binary
		panic(err)
	}
	for _, e := range entries {
		body, err := staticFiles.ReadFile("static/" + e.Name())
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(body)
		ext := path.Ext(e.Name())
		name := "/static/" + strings.TrimSuffix(e.Name(), ext) + "-" + hex.EncodeToString(sum[:6]) + ext
		files[name], paths[e.Name()] = asset{kinds[ext], body}, name
	}
	return files, paths
}

// static is open to everybody: the page that says why pages are shut needs it too.
func (s *Site) static(w http.ResponseWriter, r *http.Request) {
	a, ok := assets[r.URL.Path]
	if !ok {
		s.render(w, r, lostPage(r))
		return
	}
	w.Header().Set("Content-Type", a.kind)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(a.body)
}
