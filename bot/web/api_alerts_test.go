package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
)

// alertRules are those that come with it.
func alertRules() alerts.Policy {
	p := alerts.Policy{Rules: []alerts.Rule{
		{Name: "same service", When: "open.same_service", Do: alerts.Attach},
		{Name: "critical", When: `alert.severity == "critical"`, Do: alerts.Declare, Shadow: true},
		{Name: "the rest", When: "true", Do: alerts.Notify},
	}}
	if err := p.Compile(); err != nil {
		panic(err)
	}
	return p
}

// hears has a signal heard.
func (h *house) hears(source string, s alerts.Signal, at time.Time) alerts.Alert {
	h.t.Helper()
	heard := alerts.Heard{Source: source, Signal: s.Clean(at), At: at}
	a, _, err := h.store.HearAlert(h.t.Context(), heard, func(f alerts.Facts) alerts.Change { return alertRules().Hear(heard, f) })
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

// attaches attaches an alert by hand.
func (h *house) attaches(who string, a alerts.Number, n incidents.Number, at time.Time) alerts.Alert {
	h.t.Helper()
	out, _, err := h.store.ChangeAlert(h.t.Context(), a, func(f alerts.Facts) (alerts.Change, error) {
		return f.Known.AttachTo(n, incidents.Actor{Kind: incidents.User, ID: person(who).ID, Name: who, Admin: true}, fmt.Sprint("attach ", a, n, at), at), nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return out
}

// alarmed has four alerts heard, of the incidents of furnish: AL-1 would have opened one, AL-2 is over, AL-3 belongs to
// INC-2 by the rules and AL-4 to INC-4, which is private, by hand.
func (h *house) alarmed() {
	h.t.Helper()
	at := h.clock().UTC().Truncate(time.Millisecond)
	h.hears("falco", alerts.Signal{Fingerprint: "shell", Status: alerts.Firing, Severity: alerts.Critical, Title: "a shell in a container", Description: "sh -i\nby root", URL: "https://falco.example.com/1", Labels: map[string]string{"host": "web-1"}, StartedAt: at.Add(-time.Minute)}, at)
	h.hears("prometheus", alerts.Signal{Fingerprint: "disk", Group: "disks", Status: alerts.Firing, Severity: alerts.Low, Title: "the disk fills"}, at)
	h.hears("prometheus", alerts.Signal{Fingerprint: "disk", Group: "disks", Status: alerts.Resolved}, at.Add(time.Second))
	h.hears("prometheus", alerts.Signal{Fingerprint: "latency", Group: "web", Status: alerts.Firing, Severity: alerts.High, Title: "login is slow", Service: "login"}, at)
	h.hears("falco", alerts.Signal{Fingerprint: "keys", Status: alerts.Firing, Severity: alerts.High, Title: "somebody read the keys"}, at)
	h.attaches("alice", 3, 1, at)
	h.attaches("alice", 4, 4, at)
}

func (h *house) alertsOf(s Scope, query string) AlertList {
	h.t.Helper()
	g := h.call(s, "GET", "/api/v1/alerts"+query, "")
	g.wants(h.t, 200, "")
	return decode[AlertList](h.t, g)
}

// told is an alert in a line.
func (a Alert) told() string {
	in := "-"
	if a.Incident != nil {
		in = *a.Incident
	}
	return strings.Join([]string{a.ID, a.Status, in, a.Decision.Action}, " ")
}

func (l AlertList) told() string {
	var list []string
	for _, a := range l.Alerts {
		list = append(list, a.told())
	}
	return strings.Join(list, ", ")
}

func TestAlertsAreListed(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	h.alarmed()
	const all = "AL-4 firing INC-4 attach, AL-3 firing INC-1 attach, AL-2 resolved - notify, AL-1 firing - notify"
	for query, want := range map[string]string{
		"": all, "?source=falco": "AL-4 firing INC-4 attach, AL-1 firing - notify", "?status=resolved": "AL-2 resolved - notify", "?incident=INC-1": "AL-3 firing INC-1 attach",
		"?source=falco&incident=INC-1": "", "?cursor=AL-3": "AL-2 resolved - notify, AL-1 firing - notify", "?source=nobody": "",
	} {
		if got := h.alertsOf(Admin, query).told(); got != want {
			t.Errorf("%s:\n got  %s\n want %s", query, got, want)
		}
	}
	var pages []string
	for cursor := ""; ; {
		l := h.alertsOf(Admin, "?limit=1"+cursor)
		pages = append(pages, l.told())
		if l.NextCursor == "" {
			break
		}
		cursor = "&cursor=" + l.NextCursor
	}
	if got := strings.Join(pages, ", "); got != all {
		t.Errorf("page by page: %s", got)
	}
	first := h.alertsOf(Read, "?cursor=AL-2").Alerts[0]
	if first.Title != "a shell in a container" || first.Description != "sh -i\nby root" || first.URL == "" || first.Labels["host"] != "web-1" || first.StartedAt == nil || first.EndedAt != nil || first.Count != 1 {
		t.Errorf("%+v", first)
	}
	if d := first.Decision; d.Rule != "the rest" || len(d.Shadow) != 1 || d.Shadow[0].Rule != "critical" || d.Shadow[0].Action != "declare" {
		t.Errorf("%+v", d)
	}
	for query, code := range map[string]string{"?status=over": "invalid", "?cursor=INC-1": "invalid", "?limit=0": "invalid", "?incident=x": "not_found", "?incident=INC-99": "not_found"} {
		g := h.call(Admin, "GET", "/api/v1/alerts"+query, "")
		g.wants(t, map[string]int{"invalid": 400, "not_found": 404}[code], code)
	}
}

// TestAlertsTellNothingOfPrivateIncidents: neither that there is one, nor by a filter.
func TestAlertsTellNothingOfPrivateIncidents(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	h.alarmed()
	h.hears("falco", alerts.Signal{Fingerprint: "keys", Status: alerts.Resolved}, h.clock().Add(time.Second))
	g := h.call(Read, "GET", "/api/v1/alerts", "")
	if strings.Contains(g.body, "INC-4") || strings.Contains(g.body, "leaked keys") {
		t.Errorf("it tells of INC-4: %s", g.body)
	}
	a := h.alertsOf(Read, "").Alerts[0]
	if a.told() != "AL-4 resolved - notify" || a.Decision.Reason != "People are notified." || a.Decision.Rule != "" || a.DecidedBy != "" {
		t.Errorf("%+v", a)
	}
	h.call(Read, "GET", "/api/v1/alerts?incident=INC-4", "").wants(t, 404, "not_found")
	there, never := h.call(Read, "GET", "/api/v1/alerts?incident=INC-4", "").body, h.call(Read, "GET", "/api/v1/alerts?incident=INC-9", "").body
	if strings.ReplaceAll(there, "INC-4", "INC-9") != never {
		t.Errorf("a private incident is told from none:\n%s\n%s", there, never)
	}
	if got := h.alertsOf(Admin, "").Alerts[0]; got.told() != "AL-4 resolved INC-4 attach" || got.DecidedBy != "alice" {
		t.Errorf("an admin reads %+v", got)
	}
}

// TestAnAlertSurvivesJSON: what the command line asks a running bot for is what a store has.
func TestAnAlertSurvivesJSON(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	h.alarmed()
	for _, j := range h.alertsOf(Admin, "").Alerts {
		a, err := j.Alert()
		if err != nil {
			t.Fatal(err)
		}
		stored, err := h.store.Alert(t.Context(), a.Number)
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(AlertJSON(a))
		want, err2 := json.Marshal(AlertJSON(stored))
		if !bytes.Equal(got, want) || errors.Join(err, err2) != nil {
			t.Errorf("\n got  %s\n want %s", got, want)
		}
	}
	if _, err := (Alert{ID: "INC-1"}).Alert(); err == nil {
		t.Error("INC-1 was taken for an alert")
	}
}
