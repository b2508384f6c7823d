package web

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"

	"fireboss/incidents"
	"fireboss/incidents/postmortem"
)

// postmortemFile hands the account of an incident out as a file that people keep.
func (s *Site) postmortemFile(kind, ending string, write func(in incidents.Incident, doc incidents.Document) ([]byte, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := readQuery(r.URL.RawQuery, "version")
		version := q.version()
		in, err := s.incident(r.Context(), r.PathValue("id"), s.viewer(r))
		if err == nil {
			err = q.err
		}
		var body []byte
		if err == nil {
			var doc incidents.Document
			if doc, err = s.versionAt(r.Context(), in, version); err == nil {
				body, err = write(in, doc)
			}
		}
		if err != nil {
			s.render(w, r, s.trouble(r, err))
			return
		}
		w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="postmortem-%s.%s"`, in.Number, ending))
		send(w, http.StatusOK, kind, body)
	}
}

// asMarkdown writes it as Markdown, with its citations as links.
func (s *Site) asMarkdown(in incidents.Incident, doc incidents.Document) ([]byte, error) {
	return []byte(postmortem.Markdown(doc, s.citations(in.Number))), nil
}

// fileData is an account as one file that needs no other.
type fileData struct {
	Doc      incidents.Document
	State    string
	Style    template.CSS
	Sections []sectionView
	Removed  []removedView
}

// fileStyle is the stylesheet of the file.
var fileStyle = func() template.CSS {
	body, err := staticFiles.ReadFile("static/postmortem.css")
	if err != nil { // it is part of the binary
		panic(err)
	}
	return template.CSS(body) //nolint:gosec // our own
}()

var fileTemplate = template.Must(template.New("file").Funcs(vocabulary).ParseFS(templateFiles, "templates/file.html"))

// asHTML writes it as one page that stands for itself: with its style, without a
// script, an image or anything from elsewhere.
func (s *Site) asHTML(in incidents.Incident, doc incidents.Document) ([]byte, error) {
	links := s.citations(in.Number)
	d := fileData{Doc: doc, State: stateWords[in.Postmortem.State], Style: fileStyle}
	d.Sections, d.Removed = sections(doc, func(seq uint64) cite {
		if seq > in.Seq {
			return cite{}
		}
		return cite{Address: links.Event(seq)}
	})
	var b bytes.Buffer
	err := fileTemplate.ExecuteTemplate(&b, "file", d)
	return b.Bytes(), err
}
