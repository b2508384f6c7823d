package web

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// fileRows are the files of an incident, for its page.
func (s *Site) fileRows(ctx context.Context, n incidents.Number) ([]fileRow, error) {
	list, err := s.store.FilesOf(ctx, n)
	if err != nil {
		return nil, err
	}
	var out []fileRow
	for _, f := range list {
		row := fileRow{Name: f.Name, Size: size(f.Size), Seq: f.Seq}
		switch f.State {
		case store.FileKept:
			row.Link = fmt.Sprintf("%s/files/%d/%s", incidentPath(n), f.Seq, f.ID)
		case store.FileFailed:
			row.State = "could not be kept"
		default:
			row.State = "being fetched"
		}
		out = append(out, row)
	}
	return out, nil
}

// size is a number of bytes for people.
func size(n int64) string {
	const kb, mb = 1 << 10, 1 << 20
	switch {
	case n >= mb:
		return strconv.FormatFloat(float64(n)/mb, 'f', 1, 64) + " MB"
	case n >= kb:
		return strconv.FormatInt(n/kb, 10) + " kB"
	}
	return strconv.FormatInt(n, 10) + " B"
}

// filePage hands a file out to a browser.
func (s *Site) filePage(w http.ResponseWriter, r *http.Request) {
	in, err := s.incident(r.Context(), r.PathValue("id"), s.viewer(r))
	if err == nil {
		err = s.sendFileOf(w, r, in)
	}
	if err != nil {
		s.render(w, r, s.trouble(r, err))
	}
}
