package web

import (
	"errors"
	"mime"
	"net/http"
	"strconv"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// File is a file that was shared in an incident's channel and is to be kept.
type File struct {
	ID    string `json:"id"`
	Event uint64 `json:"event"` // the seq of the event that tells of it
	Name  string `json:"name"`
	Type  string `json:"type,omitempty"` // its media type, as whoever shared it says
	Size  int64  `json:"size"`           // in bytes
	State string `json:"state"`          // wanted, kept or failed
}

// FileList is all files of an incident whose content is kept or to be kept.
type FileList struct {
	Files []File `json:"files"`
}

func (s *Site) listFiles(w http.ResponseWriter, c call) error {
	in, err := s.incident(c.Context(), c.PathValue("id"), c.token.actor())
	if err != nil {
		return err
	}
	list, err := s.store.FilesOf(c.Context(), in.Number)
	if err != nil {
		return err
	}
	out := FileList{Files: []File{}}
	for _, f := range list {
		out.Files = append(out.Files, File{ID: f.ID, Event: f.Seq, Name: f.Name, Type: f.Type, Size: f.Size, State: string(f.State)})
	}
	return reply(w, out)
}

// getFile hands a file out. Whatever it is, no browser may show it as a page of
// ours. One that is taken back while it is read breaks off.
func (s *Site) getFile(w http.ResponseWriter, c call) error {
	in, err := s.incident(c.Context(), c.PathValue("id"), c.token.actor())
	if err != nil {
		return err
	}
	return s.sendFileOf(w, c.Request, in)
}

// sendFileOf hands out the file of an incident that the path names.
func (s *Site) sendFileOf(w http.ResponseWriter, r *http.Request, in incidents.Incident) error {
	list, err := s.store.FilesOf(r.Context(), in.Number)
	if err != nil {
		return err
	}
	for _, f := range list {
		if f.ID == r.PathValue("file") && strconv.FormatUint(f.Seq, 10) == r.PathValue("event") && f.State == store.FileKept {
			return s.sendFile(w, r, f)
		}
	}
	return problemf(notFound, "%s keeps no such file; see /api/v1/incidents/%s/files.", in.Number, in.Number)
}

func (s *Site) sendFile(w http.ResponseWriter, r *http.Request, f store.File) error {
	first, err := s.store.Piece(r.Context(), f, 0)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	if r.Method == http.MethodHead {
		return nil
	}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Time{}) // as for a backup
	for i := range f.Pieces {
		piece := first
		if i > 0 {
			piece, err = s.store.Piece(r.Context(), f, i)
		}
		if err == nil {
			_, err = w.Write(piece)
		}
		if err != nil {
			if !errors.Is(err, store.ErrNotFound) {
				s.log.Warn().Err(err).Str("file", f.ID).Msg("handing out a file broke off")
			}
			panic(http.ErrAbortHandler)
		}
	}
	return nil
}
