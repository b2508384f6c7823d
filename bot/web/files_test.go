package web

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fireboss/incidents"
	"fireboss/incidents/store"
	"fireboss/incidents/store/bolt"
)

// shareFiles makes INC-1, with a file that is kept and one that is not yet, and
// INC-2, private, with another.
func shareFiles(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	db, err := bolt.Open(t.TempDir()+"/files.db", bolt.Options{Rules: func() incidents.Rules {
		r := testRules()
		r.Record.Files = 100
		return r
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	h.store.Store = db
	h.open(Admin, `{"title":"checkout is down"}`)
	h.open(Admin, `{"title":"passwords were seen","private":true}`)
	for n := incidents.Number(1); n <= 2; n++ {
		act := incidents.RecordMessage{ID: incidents.OutsideID{Mirror: "slack", ID: fmt.Sprint("C1/", n)}, Text: "look", Files: []incidents.File{
			{ID: "F1", Name: `a "b".html`, Type: "text/html", Size: 9, From: "https://files.example.com/F1"}, {ID: "F2", Name: "b", Size: 9, From: "https://files.example.com/F2"},
		}}
		if _, err := db.Apply(t.Context(), incidents.Command{ID: fmt.Sprint("message ", n), Actor: incidents.Fireboss, Incident: n, Do: act}); err != nil {
			t.Fatal(err)
		}
	}
	list, err := db.WantedFiles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		if f.ID != "F1" {
			continue
		}
		for i, piece := range []string{"<b>all ", "of it"} {
			if err := db.PutPiece(t.Context(), f, i, []byte(piece)); err != nil {
				t.Fatal(err)
			}
		}
		f.State, f.Pieces = store.FileKept, 2
		if err := db.PutFile(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

// Who may see an incident gets its files, as bytes and never as a page.
func TestFiles(t *testing.T) {
	h := shareFiles(t)
	got := decode[FileList](t, h.call(Read, "GET", "/api/v1/incidents/INC-1/files", ""))
	want := []File{{"F1", 2, `a "b".html`, "text/html", 9, "kept"}, {"F2", 2, "b", "", 9, "wanted"}}
	if !slices.Equal(got.Files, want) {
		t.Errorf("%+v", got)
	}
	g := h.call(Read, "GET", "/api/v1/incidents/INC-1/files/2/F1", "")
	g.wants(t, 200, "")
	if g.body != "<b>all of it" || g.Header.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(g.Header.Get("Content-Disposition"), "attachment; filename=") || g.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%q with %v", g.body, g.Header)
	}
	if g := h.call(Read, "HEAD", "/api/v1/incidents/INC-1/files/2/F1", ""); g.StatusCode != 200 || g.body != "" {
		t.Errorf("HEAD: %d %q", g.StatusCode, g.body)
	}
	for _, path := range []string{"INC-1/files/2/F2", "INC-1/files/1/F1", "INC-1/files/x/F1", "INC-1/files/2/F3", "INC-9/files/2/F1", "INC-2/files/2/F1", "INC-2/files"} {
		h.call(Read, "GET", "/api/v1/incidents/"+path, "").wants(t, 404, "not_found")
	}
	h.call(Nobody, "GET", "/api/v1/incidents/INC-1/files/2/F1", "").wants(t, 401, "unauthorized")
	h.call(Admin, "GET", "/api/v1/incidents/INC-2/files/2/F1", "").wants(t, 200, "")
}
