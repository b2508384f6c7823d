package web

import (
	"fmt"
	"net/http"
	"time"
)

// AuditAnswer is what a check of all chains found.
type AuditAnswer struct {
	OK     bool   `json:"ok"`
	Says   string `json:"says"` // what audit verify prints
	Events int    `json:"events"`
	Seals  int    `json:"seals"`
	// Heads are the last events of all incidents: INC-12:41:HASH.
	Heads []string `json:"heads"`
}

func (s *Site) getAudit(w http.ResponseWriter, c call) error {
	a, err := s.store.Audit(c.Context())
	if err != nil {
		return err
	}
	out := AuditAnswer{OK: a.Wrong == "", Says: a.Wrong, Events: a.Events, Seals: a.Seals, Heads: []string{}}
	if out.OK {
		out.Says = fmt.Sprintf("verified %d events", a.Events)
	}
	for _, h := range a.Heads {
		out.Heads = append(out.Heads, h.String())
	}
	return reply(w, out)
}

// getBackup streams a copy of the store. A copy that breaks off ends the
// connection in the middle, so that nobody takes it for whole.
func (s *Site) getBackup(w http.ResponseWriter, c call) error {
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", `attachment; filename="fireboss-`+s.now().UTC().Format("20060102-150405")+`.db"`)
	if c.Method == http.MethodHead {
		return nil
	}
	// The server's limit for an answer is meant for small ones; where there is none, there is none to lift.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Time{})
	out := &counted{ResponseWriter: w}
	if err := s.store.Backup(c.Context(), out); err != nil {
		if out.n == 0 {
			w.Header().Del("Content-Disposition")
			return err
		}
		s.log.Error().Err(err).Msg("a backup broke off")
		panic(http.ErrAbortHandler)
	}
	return nil
}

// counted knows whether anything was written.
type counted struct {
	http.ResponseWriter
	n int64
}

func (c *counted) Write(b []byte) (int, error) {
	n, err := c.ResponseWriter.Write(b)
	c.n += int64(n)
	return n, err
}
