package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fireboss/incidents"
	"fireboss/incidents/store/bolt"
)

func TestAudit(t *testing.T) {
	h := newHouse(t)
	h.open(Write, down)
	g := h.call(Admin, "GET", "/api/v1/audit", "")
	g.wants(t, 200, "")
	a := decode[AuditAnswer](t, g)
	if !a.OK || a.Events != 1 || a.Says != "verified 1 events" || len(a.Heads) != 1 || !strings.HasPrefix(a.Heads[0], "INC-1:1:") {
		t.Errorf("audit %s", g.body)
	}
	h.call(Admin, "GET", "/api/v1/audit?x=1", "").wants(t, 400, "invalid")
}

func TestBackupCanBeOpened(t *testing.T) {
	h := newHouse(t)
	h.open(Write, down)
	g := h.call(Admin, "GET", "/api/v1/backup", "")
	g.wants(t, 200, "")
	if cd := g.Header.Get("Content-Disposition"); !strings.HasPrefix(cd, `attachment; filename="fireboss-2`) {
		t.Errorf("Content-Disposition %q", cd)
	}
	file := filepath.Join(t.TempDir(), "copy.db")
	if err := os.WriteFile(file, []byte(g.body), 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := bolt.Open(file, bolt.Options{Rules: testRules})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if in, err := db.Incident(t.Context(), 1); err != nil || in.Title != "checkout is down" {
		t.Errorf("the copy has %+v, %v", in, err)
	}
	h.call(Admin, "HEAD", "/api/v1/backup", "").wants(t, 200, "")
}

func TestABackupThatBreaksOff(t *testing.T) {
	h := newHouse(t)
	h.store.backup = errDisk
	g := h.call(Admin, "GET", "/api/v1/backup", "")
	g.wants(t, 500, "internal")
	if g.Header.Get("Content-Disposition") != "" {
		t.Error("a problem to be saved as a backup")
	}
	h.store.halfBackup = true
	srv := httptest.NewServer(h.site)
	defer srv.Close()
	req, err := http.NewRequestWithContext(t.Context(), "GET", srv.URL+"/api/v1/backup", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+secrets[Admin])
	resp, err := srv.Client().Do(req)
	if err != nil {
		return // cut before the headers came: not taken for whole either
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); err == nil {
		t.Errorf("half a backup was taken for whole: %q", body)
	}
}

func TestAnAnswerThatHasBegunIsCut(t *testing.T) {
	h := newHouse(t, func(o *Options) {
		o.Metrics = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "up")
			panic("in the middle")
		})
	})
	srv := httptest.NewServer(h.site)
	defer srv.Close()
	resp, err := srv.Client().Get(srv.URL + "/metrics")
	if err == nil {
		defer resp.Body.Close()
		if body, err := io.ReadAll(resp.Body); err == nil {
			t.Errorf("a broken answer was taken for whole: %q", body)
		}
	}
	if !strings.Contains(h.log.String(), "in the middle") {
		t.Errorf("logged %s", h.log)
	}
}

func TestHealth(t *testing.T) {
	var missing error
	h := newHouse(t, func(o *Options) {
		o.Ready = func(context.Context) error { return missing }
		o.Metrics = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("up 1\n")) })
	})
	outside := func(path string) got {
		r := request("GET", path, "")
		r.RemoteAddr, r.Host = "192.0.2.7:1234", "fires.example.com"
		return h.send(r)
	}
	if g := outside("/healthz"); g.StatusCode != 200 || g.body != "ok\n" {
		t.Errorf("healthz %d %q", g.StatusCode, g.body)
	}
	if g := outside("/readyz"); g.StatusCode != 200 || g.body != "ready\n" {
		t.Errorf("readyz %d %q", g.StatusCode, g.body)
	}
	missing = errors.New("the socket to Slack is not connected")
	if g := outside("/readyz"); g.StatusCode != 503 || g.body != "the socket to Slack is not connected\n" {
		t.Errorf("readyz %d %q", g.StatusCode, g.body)
	}
	if g := outside("/metrics"); g.StatusCode != 200 || g.body != "up 1\n" {
		t.Errorf("metrics %d %q", g.StatusCode, g.body)
	}
	h.call(Nobody, "POST", "/healthz", "").wants(t, 405, "method_not_allowed")
	if g := newHouse(t).call(Nobody, "GET", "/readyz", ""); g.StatusCode != 200 {
		t.Errorf("readyz of a store alone: %d %s", g.StatusCode, g.body)
	}
	if g := newHouse(t).call(Nobody, "GET", "/metrics", ""); g.StatusCode != 404 {
		t.Errorf("metrics without any: %d", g.StatusCode)
	}
}

func TestPanicsAreAnsweredAndLogged(t *testing.T) {
	h := newHouse(t, func(o *Options) { o.Rules = func() incidents.Rules { panic("no rules") } })
	h.open(Write, down)
	g := h.call(Nobody, "GET", "/incidents/INC-1", "")
	if g.StatusCode != 500 || !strings.Contains(g.body, "Something failed here") {
		t.Errorf("%d %s", g.StatusCode, g.body)
	}
	h.site.store = nil
	g = h.call(Admin, "GET", "/api/v1/incidents", "")
	g.wants(t, 500, "internal")
	if ref := decode[Problem](t, g).Reference; ref == "" || !strings.Contains(h.log.String(), ref) || !strings.Contains(h.log.String(), "no rules") {
		t.Errorf("reference %q, logged %s", ref, h.log)
	}
}
